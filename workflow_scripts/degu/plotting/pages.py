"""Pages of panels: grids, lettered rows and lines, blocks, sections with headings."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.job import InputError
from degu.plotting.style import NOTHING, PAGE

# Height of the heading of a section, in inches.
HEADING = 0.35


def canvas(
    rows: int, columns: int, width: float = 2.4, height: float = 2.2
) -> tuple[Figure, np.ndarray]:
    """Make a grid of panels: figure, and axes of shape (rows, columns). Sizes in inches a panel."""
    return plt.subplots(rows, columns, figsize=(width * columns, height * rows), squeeze=False)


def grid(
    table: pd.DataFrame, row: str, column: str, width: float = 2.4, height: float = 2.2
) -> tuple[Figure, dict[tuple, Axes]]:
    """Make a panel for each pair of values of two columns that the table holds.

    Parameters
    ----------
    width
        Width of a panel, in inches; rows that pass the width of the page go on below.
    height
        Height of a panel, in inches.

    Returns
    -------
    figure, panels : Figure, dict of (row value, column value) to Axes
        In order of appearance; rows are filled from the left.
    """
    most = max(1, int(PAGE / width))
    lines = [
        [(value, name) for name in names]
        for value, part in table.groupby(row, sort=False)
        for names in broken(dict.fromkeys(part[column]), most)
    ]
    if not lines:
        raise InputError(NOTHING)
    figure, axes = canvas(len(lines), max(map(len, lines)), width, height)
    for ax in axes.flat:
        ax.set_axis_off()
    placed = {key: axes[i, j] for i, line in enumerate(lines) for j, key in enumerate(line)}
    for ax in placed.values():
        ax.set_axis_on()
    return figure, placed


def broken(items: Iterable, most: int) -> list[list]:
    """Break items into lines of at most so many."""
    items = list(items)
    return [items[start : start + most] for start in range(0, len(items), most)]


def lettered(
    letters: Iterable[str], columns: int, height: float = 2.1, width: float = PAGE
) -> tuple[Figure, dict[str, Axes]]:
    """Make a page of panels with their letters, row by row.

    Parameters
    ----------
    letters
        Keys of the panels; those of one letter, as "a" and "a right", share it.
    columns
        Panels a row.
    height
        Height of a row, in inches.
    width
        Width of the page, in inches.

    Raises
    ------
    InputError
        For a page without panels.
    """
    letters = list(letters)
    if not letters:
        raise InputError(NOTHING)
    rows = -(-len(letters) // columns)
    figure = plt.figure(figsize=(width, height * rows))
    places = figure.add_gridspec(rows, columns)
    placed = {
        letter: figure.add_subplot(places[divmod(number, columns)])
        for number, letter in enumerate(letters)
    }
    letter_all(placed)
    return figure, placed


def lined(
    lines: Iterable[Iterable[str] | Iterable[list[str]]],
    heights: Iterable[float],
    width: float = PAGE,
) -> tuple[Figure, dict[str, Axes]]:
    """Make a page of lines of panels with their letters; each line is filled by its panels.

    Parameters
    ----------
    lines
        Keys of the panels of each line, as of `lettered`, or of each row of a line whose panels
        stand exactly below one another; lines without panels are left out.
    heights
        Height of each line, in inches.
    width
        Width of the page, in inches.

    Raises
    ------
    InputError
        For a page without panels.
    """
    filled = [(list(line), height) for line, height in zip(lines, heights, strict=True) if line]
    if not filled:
        raise InputError(NOTHING)
    tall = [height for _, height in filled]
    figure = plt.figure(figsize=(width, sum(tall)))
    parts = figure.subfigures(len(filled), 1, height_ratios=tall, squeeze=False)[:, 0]
    placed = {}
    for part, (line, _) in zip(parts, filled, strict=True):
        placed |= part.subplot_mosaic([line] if isinstance(line[0], str) else line)
    letter_all(placed)
    return figure, placed


def letter_all(placed: Mapping[str, Axes]) -> None:
    """Write each letter once, beside the first panel whose key starts with it."""
    first = {}
    for key, axes in placed.items():
        first.setdefault(key.partition(" ")[0], axes)
    for letter, axes in first.items():
        mark(axes, letter)


class Block(NamedTuple):
    """Panels that one function draws, as wide as the page.

    Attributes
    ----------
    height
        Height in inches.
    letters
        Keys of the panels.
    draw
        Function of a figure, of the panels' rows by key, and of further arguments.
    """

    height: float
    letters: Iterable[str]
    draw: Callable[..., None]


def blocks(
    lines: Iterable[Block], panels: Mapping[str, pd.DataFrame], *arguments: object
) -> Figure:
    """Draw blocks below one another; panels without rows, and blocks without panels, are left out.

    Parameters
    ----------
    lines
        Blocks, from the top.
    panels
        Rows of the panels that have some, by key.
    arguments
        Further arguments of the blocks' functions.

    Raises
    ------
    InputError
        For a page without panels.
    """
    shown = [
        (block, own)
        for block in lines
        if (own := {key: panels[key] for key in block.letters if key in panels})
    ]
    if not shown:
        raise InputError(NOTHING)
    heights = [block.height for block, _ in shown]
    figure = plt.figure(figsize=(PAGE, sum(heights)))
    parts = figure.subfigures(len(shown), height_ratios=heights, squeeze=False)[:, 0]
    for (block, own), part in zip(shown, parts, strict=True):
        block.draw(part, own, *arguments)
    return figure


def remark(sentence: str) -> Figure:
    """Draw a page that says why there is no figure."""
    figure = plt.figure(figsize=(PAGE, 1))
    figure.text(0.02, 0.5, sentence, va="center")
    return figure


def mark(axes: Axes, letter: str) -> None:
    """Write a panel's letter above its upper left corner, if it has a single one."""
    if len(letter) == 1:
        place = {"xy": (0, 1), "xytext": (-24, 6), "textcoords": "offset points"}
        axes.annotate(letter, xycoords="axes fraction", weight="bold", fontsize=9, **place)


def sections(
    table: pd.DataFrame,
    by: list[str],
    column: str,
    heading: Callable[..., str],
    columns: int,
    height: float,
    width: float = PAGE,
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
    width
        Width of the page, in inches.

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
    figure = plt.figure(figsize=(width, sum(heights)))
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
