"""Pages of panels: lines of several widths, sections with headings."""

from collections.abc import Callable, Container, Iterable

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.job import InputError
from degu.plotting.style import NOTHING, PAGE, mark

# Height of the heading of a section, in inches.
HEADING = 0.25


def page(
    panels: Container[str], lines: Iterable[Iterable[str]], heights: Iterable[float]
) -> tuple[Figure, dict[str, Axes]]:
    """Make a page of lines of panels, each line as wide as the page.

    Parameters
    ----------
    panels
        Keys of the panels that there are.
    lines
        Keys in each line. A key starts with the letter of its panel, which is written beside the
        first one that has it. Others than those of `panels` leave no gap.
    heights
        Height of each line, in inches.

    Raises
    ------
    InputError
        For a page without panels.
    """
    lines = [[key for key in line if key in panels] for line in lines]
    kept = [(line, height) for line, height in zip(lines, heights, strict=True) if line]
    if not kept:
        raise InputError(NOTHING)
    heights = [height for _, height in kept]
    figure = plt.figure(figsize=(PAGE, sum(heights)))
    places = figure.add_gridspec(len(kept), 1, height_ratios=heights)
    placed, letters = {}, set()
    for number, (line, _) in enumerate(kept):
        inner = places[number].subgridspec(1, len(line))
        for column, key in enumerate(line):
            placed[key] = figure.add_subplot(inner[column])
            if key[0] not in letters:
                mark(placed[key], key[0])
            letters.add(key[0])
    return figure, placed


def sections(
    table: pd.DataFrame,
    by: list[str],
    column: str,
    heading: Callable[..., str],
    columns: int = 6,
    height: float = 1.5,
) -> tuple[Figure, dict[tuple, Axes]]:
    """Make a section for each group of rows, with a panel for each value of a column that it has.

    Parameters
    ----------
    table
        Rows of all panels.
    by
        Columns that make the groups.
    column
        Column of the panels.
    heading
        Gives the heading of a section from its values of `by`.
    columns
        Most panels a line; more of a section make further lines.
    height
        Height of a line, in inches.

    Returns
    -------
    figure, panels : Figure, dict of (*values of by, value of the column) to Axes
        In order of appearance.

    Raises
    ------
    InputError
        For a table without rows.
    """
    if table.empty:
        raise InputError(NOTHING)
    keys = {group: list(part[column].unique()) for group, part in table.groupby(by, sort=False)}
    columns = min(columns, max(map(len, keys.values())))
    lines = [-(-len(values) // columns) for values in keys.values()]
    heights = [number * height + HEADING for number in lines]
    figure = plt.figure(figsize=(PAGE, sum(heights)))
    parts = figure.subfigures(len(keys), 1, squeeze=False, height_ratios=heights)[:, 0]
    placed = {}
    for part, number, (group, values) in zip(parts, lines, keys.items(), strict=True):
        part.suptitle(heading(*group), x=0.01, ha="left", weight="bold", fontsize=7.5)
        axes = list(part.subplots(number, columns, squeeze=False).flat)
        placed |= {(*group, value): ax for value, ax in zip(values, axes, strict=False)}
        for ax in axes[len(values) :]:
            ax.set_axis_off()
    return figure, placed
