"""Colours that mean the same in all figures, grids of panels, legends, and files."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from degu import plotting
from degu.job import InputError


@pytest.fixture(autouse=True)
def closed():
    """Leave no figure open."""
    yield
    plt.close("all")


def test_a_name_has_its_colour_by_its_place():
    names = ["standard", "degu", "standard", "evoaug"]
    expected = dict(zip(["standard", "degu", "evoaug"], plotting.COLOURS, strict=False))
    assert plotting.colours(names) == expected
    many = plotting.colours(range(len(plotting.COLOURS) + 2))
    assert many[len(plotting.COLOURS) + 1] == plotting.COLOURS[1]
    assert len(set(plotting.COLOURS)) == len(plotting.COLOURS)


def test_a_figure_shows_the_colours_and_markers_that_it_needs():
    looks = plotting.colours(["standard", "degu", "evoaug"])
    found = plotting.shown(looks, pd.Series(["evoaug", "standard", "evoaug"]))
    assert list(found.items()) == [(name, looks[name]) for name in ("standard", "evoaug")]
    assert list(plotting.markers(["total", "epistemic"])) == ["epistemic", "total"]


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
    assert figure.get_size_inches().tolist() == [6.0, 4.8]
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


def test_a_legend_explains_colours_markers_and_lines():
    figure, _ = plotting.canvas(1, 3)
    styles = {
        "member": "o", "ensemble": "D", "hollow one": "hollow", "half one": "half",
        "as predicted": "-", "ceiling": ":",
    }  # fmt: skip
    plotting.legend(figure, {"standard": "#0072B2", "degu": "#D55E00"}, styles)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["standard", "degu", *styles]
    handles = dict(zip(["standard", "degu", *styles], legend.legend_handles, strict=True))
    assert to_hex(handles["degu"].get_facecolor()).upper() == "#D55E00"
    looks = {
        name: (line.get_marker(), line.get_linestyle(), line.get_fillstyle())
        for name, line in handles.items()
        if name in styles
    }
    assert looks == {
        "member": ("o", "None", "full"),
        "ensemble": ("D", "None", "none"),
        "hollow one": ("o", "None", "none"),
        "half one": ("o", "None", "left"),
        "as predicted": ("", "-", "full"),
        "ceiling": ("", ":", "full"),
    }


def test_a_figure_is_saved_in_both_formats_and_closed(tmp_path):
    figure, _ = plotting.canvas(1, 1)
    paths = tmp_path / "new/f.pdf", tmp_path / "new/f.png"
    plotting.save(figure, *map(str, paths))
    assert paths[0].read_bytes().startswith(b"%PDF-")
    assert paths[1].read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in paths[0].parent.iterdir()) == ["f.pdf", "f.png"]
    assert plt.get_fignums() == []
