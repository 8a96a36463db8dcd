"""Colours that mean the same in all figures, grids of panels, legends, and files."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from degu import plotting
from degu.job import InputError


@pytest.fixture(autouse=True)
def closed():
    """Leave no figure open."""
    yield
    plt.close("all")


RECIPES = [f"recipe {number}" for number in range(30)]


@pytest.mark.parametrize("students", [[], RECIPES])
def test_recipes_of_one_group_look_different_with_and_without_colour(students):
    found = plotting.looks(RECIPES, students)
    assert len(set(found.values())) == len({look[:2] for look in found.values()}) == 30
    assert len({(look.marker, look.line) for look in list(found.values())[:28]}) == 28


def test_teachers_students_and_ensembles_share_neither_colour_nor_marker():
    found = plotting.looks(RECIPES, RECIPES[15:])
    groups = [list(found.values())[:15], list(found.values())[15:], [plotting.ENSEMBLE]]
    for part in (0, 1):
        values = [{look[part] for look in group} for group in groups]
        assert len(set.union(*values)) == sum(map(len, values))


def test_a_look_is_given_by_the_place_in_its_group():
    assert plotting.looks(["standard", "degu"], ["degu"]) == {
        "standard": plotting.Look("#0072B2", "o", "-"),
        "degu": plotting.Look("#D55E00", "s", "-"),
    }
    assert plotting.looks(["degu", "evoaug", "standard"], ["degu"])["evoaug"].marker == "o"


def test_panels_stand_where_their_rows_and_columns_say():
    rows = [("k562", "y"), ("starrseq", "Dev"), ("starrseq", "Hk"), ("k562", "y")]
    table = pd.DataFrame(rows, columns=["dataset", "output"])
    figure, panels = plotting.grid(table, "dataset", "output", width=3.0)
    assert list(panels) == [("k562", "y"), ("starrseq", "Dev"), ("starrseq", "Hk")]
    places = {
        key: (spec.rowspan.start, spec.colspan.start)
        for key, axes in panels.items()
        for spec in [axes.get_subplotspec()]
    }
    assert places == {
        ("k562", "y"): (0, 0),
        ("starrseq", "Dev"): (1, 0),
        ("starrseq", "Hk"): (1, 1),
    }
    assert figure.get_size_inches().tolist() == [6.0, 4.4]
    # The place beside the only panel of the first row stays empty.
    (empty,) = [axes for axes in figure.axes if axes not in panels.values()]
    assert not empty.axison and all(axes.axison for axes in panels.values())


def test_a_figure_without_rows_is_an_error_and_no_empty_page():
    table = pd.DataFrame(columns=["dataset", "output"])
    with pytest.raises(InputError, match="nothing to draw: no run of the config has what this"):
        plotting.grid(table, "dataset", "output")


def test_a_canvas_has_its_axes_in_two_dimensions():
    figure, axes = plotting.canvas(1, 3, width=2.0, height=1.5)
    assert axes.shape == (1, 3)
    assert figure.get_size_inches().tolist() == [6.0, 1.5]


def test_a_page_has_lettered_panels_row_by_row():
    figure, placed = plotting.lettered(["a", "b", "c", "c right"], columns=2, height=2.0)
    assert figure.get_size_inches().tolist() == [7.2, 4.0]
    written = {key: [text.get_text() for text in axes.texts] for key, axes in placed.items()}
    assert written == {"a": ["a"], "b": ["b"], "c": ["c"], "c right": []}
    places = [axes.get_subplotspec() for axes in placed.values()]
    assert [(place.rowspan.start, place.colspan.start) for place in places] == [
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    ]
    with pytest.raises(InputError, match="nothing to draw"):
        plotting.lettered([], columns=2)


def test_a_legend_explains_looks_markers_and_lines():
    figure, _ = plotting.canvas(1, 3)
    styles = {
        "member": "o", "hollow one": "hollow", "half one": "half",
        "as predicted": "-", "ceiling": ":",
    }  # fmt: skip
    looks = {"standard": plotting.Look("#0072B2", "o", "-"), "ensemble": plotting.ENSEMBLE}
    plotting.legend(figure, looks, styles)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [*looks, *styles]
    handles = dict(zip([*looks, *styles], legend.legend_handles, strict=True))
    found = {
        name: (line.get_marker(), line.get_linestyle(), line.get_fillstyle())
        for name, line in handles.items()
        if name in styles
    }
    assert found == {
        "member": ("o", "None", "full"),
        "hollow one": ("o", "None", "none"),
        "half one": ("o", "None", "left"),
        "as predicted": ("", "-", "full"),
        "ceiling": ("", ":", "full"),
    }
    shown = handles["ensemble"]
    assert (shown.get_color(), shown.get_marker(), shown.get_linestyle()) == ("#009E73", "D", "--")
    assert shown.get_markerfacecolor() == "none"
    assert handles["standard"].get_markerfacecolor() == "#0072B2"


def test_a_figure_is_saved_with_its_source_data_and_closed(tmp_path):
    figure, _ = plotting.canvas(1, 1)
    files = {name: str(tmp_path / f"new/f.{ending}")
             for name, ending in {"pdf": "pdf", "png": "png", "source": "tsv"}.items()}  # fmt: skip
    panels = {"a": pd.DataFrame({"x": [1, 2]}), "b": pd.DataFrame({"x": [3], "y": [0.5]})}
    plotting.save(figure, panels, **files)
    folder = tmp_path / "new"
    assert sorted(path.name for path in folder.iterdir()) == ["f.pdf", "f.png", "f.tsv"]
    assert (folder / "f.pdf").read_bytes().startswith(b"%PDF-")
    assert (folder / "f.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "f.tsv").read_text() == "panel\tx\ty\na\t1\t\na\t2\t\nb\t3\t0.5\n"
    assert plt.get_fignums() == []
