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


def test_a_row_that_passes_the_page_goes_on_below():
    table = pd.DataFrame({"dataset": "a", "recipe": range(5)})
    table = pd.concat([table, pd.DataFrame({"dataset": ["b"], "recipe": [0]})])
    figure, panels = plotting.grid(table, "dataset", "recipe", width=2.4, height=1.5)
    assert figure.get_size_inches().tolist() == pytest.approx([7.2, 4.5])
    places = [axes.get_subplotspec() for axes in panels.values()]
    assert [(place.rowspan.start, place.colspan.start) for place in places] == [
        *[(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)],
        (2, 0),
    ]


def test_each_line_of_a_page_is_filled_and_has_its_letters_once():
    lines = [["a right", "b"], [], ["c", "c right", "c more"]]
    figure, placed = plotting.lined(lines, [1, 9, 2])
    assert figure.get_size_inches().tolist() == [7.2, 3]
    written = {key: [text.get_text() for text in axes.texts] for key, axes in placed.items()}
    assert written == {"a right": ["a"], "b": ["b"], "c": ["c"], "c right": [], "c more": []}
    assert [axes.get_subplotspec().get_gridspec().ncols for axes in placed.values()] == [
        2,
        2,
        3,
        3,
        3,
    ]
    with pytest.raises(InputError, match="nothing to draw"):
        plotting.lined([[]], [1])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("STARR-seq: Dev", ["STARR-seq: Dev"]),
        ("STARR-seq: developmental promoter", ["STARR-seq:", "developmental", "promoter"]),
        ("heteroscedasticregression", ["heteroscedasticregression"]),
    ],
)
def test_a_text_is_broken_after_its_colon_and_between_words(text, lines):
    assert plotting.wrapped(text, 14).split("\n") == lines


@pytest.mark.parametrize(("names", "slant"), [(["one", "two words"], 0), (["a" * 40, "b"], 25)])
def test_ticks_are_named_upright_where_there_is_room(names, slant):
    _, axes = plotting.canvas(1, 1)
    plotting.named(axes[0, 0], names)
    labels = axes[0, 0].get_xticklabels()
    assert [label.get_text() for label in labels] == names
    assert {label.get_rotation() for label in labels} == {slant}


def test_only_the_first_panel_of_a_line_keeps_its_label():
    _, axes = plotting.canvas(2, 2)
    for ax in axes.flat:
        ax.set_ylabel("loss")
        plotting.inner(ax)
    assert [ax.get_ylabel() for ax in axes.flat] == ["loss", "", "loss", ""]


@pytest.mark.parametrize(("titles", "columns"), [(["aa"] * 6, 6), (["a" * 50] * 6, 2), (["a"], 1)])
def test_a_legend_has_the_columns_that_fit(titles, columns):
    figure, _ = plotting.canvas(1, 3)
    looks = {f"{title}{number}": plotting.ENSEMBLE for number, title in enumerate(titles)}
    plotting.legend(figure, looks)
    assert figure.legends[0]._ncols == columns


def test_a_legend_leaves_no_title_alone_in_its_row():
    """Six titles of which five fit side by side stand in two rows of three."""
    figure, _ = plotting.canvas(1, 3)
    plotting.legend(figure, {"a" * 18 + str(number): plotting.ENSEMBLE for number in range(6)})
    assert figure.legends[0]._ncols == 3


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
    assert shown.get_markerfacecolor() == "white"
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
