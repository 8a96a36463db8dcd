"""Pages of sections with headings, and panels of a page that one function draws."""

from collections.abc import Callable, Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.job import InputError
from degu.plotting.style import NOTHING, PAGE, broken

# Height of the heading of a section, in inches.
HEADING = 0.35


def sections(
    table: pd.DataFrame,
    by: list[str],
    column: str,
    heading: Callable[..., str],
    columns: int = 6,
    height: float = 1.6,
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
    lines = [len(broken(values, columns)) for values in keys.values()]
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


def draw_panels(
    draw: Callable[..., None],
    placed: Mapping[str, Axes],
    panels: Mapping[str, pd.DataFrame],
    *arguments: object,
) -> None:
    """Draw each of some panels of a page by one function.

    Parameters
    ----------
    draw
        Function of axes, of the panel's rows, and of the further arguments.
    placed
        Axes of all panels of the page, by key.
    panels
        Rows of the panels that are drawn.
    arguments
        Further arguments of the function.
    """
    for key, shown in panels.items():
        draw(placed[key], shown, *arguments)
