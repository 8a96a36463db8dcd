"""One style for all figures: sizes, looks of kinds of models, pages of panels, legends, files."""

import math
import textwrap
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from degu.job import InputError, atomic

# Width of a journal's page, in inches (183 mm).
PAGE = 7.2
NOTHING = "There is nothing to draw: no run of the config has what this figure shows."
GREY = {"color": "grey", "linewidth": 0.6, "linestyle": ":"}
plt.rcParams.update(
    {
        "font.size": 7,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 7,
        "axes.labelsize": 7,
        "xtick.labelsize": 6.5,
        "ytick.labelsize": 6.5,
        "axes.linewidth": 0.6,
        "legend.frameon": False,
        "legend.fontsize": 6.5,
        "pdf.fonttype": 42,
        "figure.constrained_layout.use": True,
        "figure.dpi": 250,
    }
)


class Look(NamedTuple):
    """Colour, marker and line of one kind of model or of uncertainty."""

    colour: str
    marker: str
    line: str = "none"
    filled: bool = True


# Cool colours and round markers are of models that measurements train, warm colours and angular
# markers of students; both by Okabe and Ito, and by Tol, which colour-blind readers tell apart.
# Colours, markers and lines of a group have numbers without a common divisor, so that it takes 35
# recipes until two of a group look the same, and 28 until they do without colour.
SINGLE = {
    "colours": ("#0072B2", "#56B4E9", "#332288", "#7F7F7F", "#000000"),
    "markers": ("o", "^", "v", "p", "h", "<", ">"),
}
DISTILLED = {
    "colours": ("#D55E00", "#E69F00", "#CC79A7", "#882255", "#999933"),
    "markers": ("s", "X", "P", "d", "*", "H", "8"),
}
LINES = ("-", "--", "-.", ":")
ENSEMBLE = Look("#009E73", "D", "--", filled=False)
# Kinds of uncertainty, where colours tell recipes.
MARKERS = {"epistemic": "o", "aleatoric": "s", "total": "^", "dropout": "v"}
MARKERS |= {"ensemble": "D", "ensemble_total": "P"}


def looks(recipes: Iterable[str], students: Container[str]) -> dict[str, Look]:
    """Look of each recipe, by its place among the teachers or among the students of the config."""
    counts, found = {True: 0, False: 0}, {}
    for recipe in recipes:
        student = recipe in students
        group, number = (DISTILLED if student else SINGLE), counts[student]
        parts = (group["colours"], group["markers"], LINES)
        found[recipe] = Look(*(values[number % len(values)] for values in parts))
        counts[student] += 1
    return found


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
    lines: Iterable[Iterable[str]], heights: Iterable[float], width: float = PAGE
) -> tuple[Figure, dict[str, Axes]]:
    """Make a page of lines of panels with their letters; each line is filled by its panels.

    Parameters
    ----------
    lines
        Keys of the panels of each line, as of `lettered`; those without panels are left out.
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
        axes = part.subplots(1, len(line), squeeze=False)[0]
        placed |= dict(zip(line, axes, strict=True))
    letter_all(placed)
    return figure, placed


def letter_all(placed: Mapping[str, Axes]) -> None:
    """Write each letter once, beside the first panel whose key starts with it."""
    first = {}
    for key, axes in placed.items():
        first.setdefault(key.partition(" ")[0], axes)
    for letter, axes in first.items():
        mark(axes, letter)


def mark(axes: Axes, letter: str) -> None:
    """Write a panel's letter above its upper left corner, if it has a single one."""
    if len(letter) == 1:
        place = {"xy": (0, 1), "xytext": (-24, 6), "textcoords": "offset points"}
        axes.annotate(letter, xycoords="axes fraction", weight="bold", fontsize=9, **place)


def titled(axes: Axes, title: str) -> None:
    """Write a title above a panel, in as many lines as its width asks for."""
    axes.set_title(wrapped(title, room(axes)))


def named(axes: Axes, names: list[str]) -> None:
    """Name the ticks 0, 1, … of the horizontal axis, upright where there is room, else slanting."""
    each = room(axes) // len(names)
    if each < max(len(word) for name in names for word in name.split()):
        slant = {"rotation": 25, "ha": "right", "rotation_mode": "anchor"}
        axes.set_xticks(range(len(names)), names, **slant)
    else:
        upright = {"rotation": 0, "ha": "center"}
        axes.set_xticks(range(len(names)), [wrapped(name, each - 3) for name in names], **upright)


def inner(axes: Axes) -> None:
    """Take away the label of the vertical axis unless the panel is the first of its line."""
    if not axes.get_subplotspec().is_first_col():
        axes.set_ylabel("")


def room(axes: Axes) -> int:
    """Count the letters that stand side by side in the width of a panel."""
    place, figure = axes.get_subplotspec(), axes.get_figure(root=True)
    share = len(place.colspan) / place.get_gridspec().ncols
    return int((figure.get_figwidth() * share - 0.35) / 0.05)


def wrapped(text: str, most: int) -> str:
    """Break a text into lines of at most so many letters, after a colon first; words stay whole."""
    head, colon, tail = text.partition(": ")
    if len(text) > most and colon:
        return f"{wrapped(head + ':', most)}\n{wrapped(tail, most)}"
    return textwrap.fill(text, most, break_long_words=False, break_on_hyphens=False)


def artist(look: Look) -> dict[str, object]:
    """Properties of a line with markers of a look; lines do not cross hollow ones."""
    filling = look.colour if look.filled else "white"
    return {"color": look.colour, "marker": look.marker, "linestyle": look.line, "mfc": filling}


def legend(
    figure: Figure, shown: Mapping[str, Look], styles: Mapping[str, str] | None = None
) -> None:
    """Explain looks, and grey markers or lines, once under a figure.

    Parameters
    ----------
    shown
        Looks by title.
    styles
        Markers ("hollow" and "half" are circles) or lines by title, of any colour.
    """
    size = {"markersize": 4, "linewidth": 1}
    handles = [Line2D([], [], **artist(look), **size, label=title) for title, look in shown.items()]
    for title, style in (styles or {}).items():
        line = style in LINES
        marker = "" if line else {"hollow": "o", "half": "o"}.get(style, style)
        filling = {"hollow": "none", "half": "left"}.get(style, "full")
        look = {"linestyle": style if line else "none", "marker": marker, "fillstyle": filling}
        handles.append(Line2D([], [], color="grey", **look, **size, label=title))
    columns = fitting([handle.get_label() for handle in handles], figure.get_figwidth())
    figure.legend(handles=handles, loc="outside lower center", ncols=columns)


def fitting(titles: list[str], width: float) -> int:
    """Count the columns of a legend of titles that a width, in inches, has room for."""
    for columns in range(len(titles), 1, -1):
        # As the legend does: columns are filled one after the other, the first ones with one more.
        parts = np.array_split(titles, columns)
        if sum(0.45 + 0.05 * max(map(len, part)) for part in parts) <= width:
            lines = math.ceil(len(titles) / columns)
            return math.ceil(len(titles) / lines)
    return 1


def save(
    figure: Figure, panels: Mapping[str, pd.DataFrame], pdf: str, png: str, source: str
) -> None:
    """Write a figure in both formats and its source data, and close it.

    Parameters
    ----------
    panels
        Rows that each panel shows, by its letter or title.
    source
        TSV of all of them, after a first column `panel`.
    """
    for path in (pdf, png):
        with atomic(path) as temporary:
            figure.savefig(temporary)
    plt.close(figure)
    labelled = [table.assign(panel=panel) for panel, table in panels.items()]
    shown = pd.concat(labelled, ignore_index=True)
    with atomic(source) as temporary:
        shown[["panel", *shown.columns.drop("panel")]].to_csv(temporary, sep="\t", index=False)
