"""Sections of a page: headings, lines, places."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from degu import plotting
from degu.job import InputError
from degu.plotting.pages import HEADING


def test_sections_break_into_lines_of_equal_panels():
    rows = [("a", "y", number) for number in range(5)] + [("b", "z", 7)]
    table = pd.DataFrame(rows, columns=["dataset", "output", "recipe"])
    heading = "{}: {}".format
    figure, placed = plotting.sections(
        table, ["dataset", "output"], "recipe", heading, columns=3, height=2.0
    )
    assert list(placed) == rows
    assert figure.get_size_inches().tolist() == pytest.approx([7.2, 6 + 2 * HEADING])
    assert [part.get_suptitle() for part in figure.subfigs] == ["a: y", "b: z"]
    places = [
        (spec.rowspan.start, spec.colspan.start)
        for axes in placed.values()
        for spec in [axes.get_subplotspec()]
    ]
    assert places == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (0, 0)]
    empty = [axes for axes in figure.axes if axes not in placed.values()]
    assert len(empty) == 3 and not any(axes.axison for axes in empty)
    plt.close(figure)
    figure, _ = plotting.sections(
        table, ["dataset", "output"], "recipe", heading, columns=5, height=1.0, width=4.0
    )
    assert figure.get_size_inches().tolist() == pytest.approx([4, 2 + 2 * HEADING])
    plt.close(figure)


def test_panels_are_drawn_on_their_axes_with_further_arguments():
    drawn = []
    panels = {"b": "rows of b", "a": "rows of a"}
    plotting.draw_panels(lambda *given: drawn.append(given), {"a": 1, "b": 2, "c": 3}, panels, "x")
    assert drawn == [(2, "rows of b", "x"), (1, "rows of a", "x")]


def test_a_page_without_rows_is_an_error():
    table = pd.DataFrame(columns=["dataset", "recipe"])
    with pytest.raises(InputError, match="nothing to draw"):
        plotting.sections(table, ["dataset"], "recipe", str, columns=3, height=2.0)


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


def test_rows_of_a_line_stand_exactly_below_one_another():
    """However long the labels of their ticks are."""
    figure, placed = plotting.lined([[["a top"], ["a bottom"]], [], ["b", "c"]], [2, 1, 1])
    placed["a top"].set_ylim(0, 1e-5)
    placed["a bottom"].set_ylabel("score")
    figure.draw_without_rendering()
    top, bottom, *_ = (axes.get_window_extent() for axes in placed.values())
    assert (top.x0, top.x1) == pytest.approx((bottom.x0, bottom.x1))
    assert top.y0 > bottom.y1
    assert [[text.get_text() for text in axes.texts] for axes in placed.values()] == [
        ["a"],
        [],
        ["b"],
        ["c"],
    ]


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


def test_blocks_stand_below_one_another_as_far_as_their_panels_have_rows():
    drawn = []

    def draw(figure, panels, title):
        drawn.append((figure, panels, title))

    lines = [
        plotting.Block(2, "ab", draw),
        plotting.Block(1, "c", draw),
        plotting.Block(3, "d", draw),
    ]
    figure = plotting.blocks(lines, {"b": "rows of b", "d": "rows of d"}, "title")
    assert [call[1:] for call in drawn] == [
        ({"b": "rows of b"}, "title"),
        ({"d": "rows of d"}, "title"),
    ]
    assert figure.get_size_inches().tolist() == [plotting.PAGE, 5]
    heights = [part.bbox.height for part, _, _ in drawn]
    assert heights[0] / heights[1] == pytest.approx(2 / 3)
    assert drawn[0][0].bbox.y0 > drawn[1][0].bbox.y0
    with pytest.raises(InputError, match="nothing to draw"):
        plotting.blocks(lines, {}, "title")
