"""One style for all figures: sizes, looks of kinds of models, pages of panels, legends, files."""

from collections.abc import Callable, Container, Iterable, Mapping
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
    table: pd.DataFrame, row: str, column: str, width: float = 2.4
) -> tuple[Figure, dict[tuple, Axes]]:
    """Make a panel for each pair of values of two columns that the table holds.

    Returns
    -------
    figure, panels : Figure, dict of (row value, column value) to Axes
        In order of appearance; rows are filled from the left.
    """
    lines = {
        value: list(dict.fromkeys(part[column])) for value, part in table.groupby(row, sort=False)
    }
    if not lines:
        raise InputError(NOTHING)
    figure, axes = canvas(len(lines), max(map(len, lines.values())), width)
    for ax in axes.flat:
        ax.set_axis_off()
    placed = {
        (value, name): axes[i, j]
        for i, (value, names) in enumerate(lines.items())
        for j, name in enumerate(names)
    }
    for ax in placed.values():
        ax.set_axis_on()
    return figure, placed


def lettered(
    letters: Iterable[str], columns: int, height: float = 2.1, width: float = PAGE
) -> tuple[Figure, dict[str, Axes]]:
    """Make a page of panels with their letters, row by row.

    Parameters
    ----------
    letters
        Keys of the panels; one of a single letter is written beside its panel.
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
    placed = {}
    for number, letter in enumerate(letters):
        placed[letter] = figure.add_subplot(places[divmod(number, columns)])
        mark(placed[letter], letter)
    return figure, placed


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


def mark(axes: Axes, letter: str) -> None:
    """Write a panel's letter above its upper left corner, if it has a single one."""
    if len(letter) == 1:
        place = {"xy": (0, 1), "xytext": (-24, 6), "textcoords": "offset points"}
        axes.annotate(letter, xycoords="axes fraction", weight="bold", fontsize=9, **place)


def artist(look: Look) -> dict[str, object]:
    """Properties of a line with markers of a look."""
    filling = look.colour if look.filled else "none"
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
    longest = max((len(handle.get_label()) for handle in handles), default=1)
    columns = max(1, int(figure.get_figwidth() / (0.45 + 0.052 * longest)))
    figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), columns))


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
