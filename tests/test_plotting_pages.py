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


def test_panels_are_drawn_on_their_axes_with_further_arguments():
    drawn = []
    panels = {"b": "rows of b", "a": "rows of a"}
    plotting.draw_panels(lambda *given: drawn.append(given), {"a": 1, "b": 2, "c": 3}, panels, "x")
    assert drawn == [(2, "rows of b", "x"), (1, "rows of a", "x")]


def test_a_page_without_rows_is_an_error():
    table = pd.DataFrame(columns=["dataset", "recipe"])
    with pytest.raises(InputError, match="nothing to draw"):
        plotting.sections(table, ["dataset"], "recipe", str)
