"""One style for all figures: sizes, looks of kinds of models, pages of panels, legends, files."""

import io
import math
import textwrap
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from degu.job import atomic

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
# Numbers of colours and markers, and of markers and lines, have no common divisor, so that it takes
# 35 recipes until two of a group look the same, and 28 until they do without colour.
SINGLE = {
    "colours": ("#0072B2", "#56B4E9", "#332288", "#7F7F7F", "#000000"),
    "markers": ("o", "^", "v", "p", "h", "<", ">"),
}
DISTILLED = {
    "colours": (
        *("#D55E00", "#E69F00", "#CC79A7", "#882255"),
        *("#999933", "#661100", "#AA4499", "#C8B560"),
    ),
    "markers": ("s", "X", "P", "d", "*", "H", "8"),
}
LINES = ("-", "--", "-.", ":")
ENSEMBLE = Look("#009E73", "D", "--", filled=False)


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


def titled(axes: Axes, title: str) -> None:
    """Write a title above a panel, in as many lines as its width asks for."""
    axes.set_title(wrapped(title, room(axes)))


def named(axes: Axes, names: list[str]) -> None:
    """Name the ticks 0, 1, … of the horizontal axis, upright where there is room, else slanting."""
    each = room(axes, 0.05) // len(names)
    if each < max(len(word) for name in names for word in name.split()):
        slant = {"rotation": 25, "ha": "right", "rotation_mode": "anchor"}
        axes.set_xticks(range(len(names)), names, **slant)
    else:
        upright = {"rotation": 0, "ha": "center"}
        axes.set_xticks(range(len(names)), [wrapped(name, each - 4) for name in names], **upright)


def inner(axes: Axes) -> None:
    """Take away the label of the vertical axis unless the panel is the first of its line."""
    if not axes.get_subplotspec().is_first_col():
        axes.set_ylabel("")


def room(axes: Axes, letter: float = 0.057) -> int:
    """Count the letters, of a width in inches, that stand side by side above or below a panel."""
    place, figure = axes.get_subplotspec(), axes.get_figure(root=True)
    share = len(place.colspan) / place.get_gridspec().ncols
    return int((figure.get_figwidth() * share - 0.35) / letter)


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
    """Explain looks, and grey markers or lines, once under a figure, which grows by that much.

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
    lines = math.ceil(len(handles) / columns)
    figure.set_figheight(figure.get_figheight() + 0.1 + 0.13 * lines)
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
    with atomic(pdf) as temporary:
        figure.savefig(temporary)
    with atomic(png) as temporary:
        paint(figure, temporary)
    plt.close(figure)
    labelled = [table.assign(panel=panel) for panel, table in panels.items()]
    shown = pd.concat(labelled, ignore_index=True)
    with atomic(source) as temporary:
        shown[["panel", *shown.columns.drop("panel")]].to_csv(temporary, sep="\t", index=False)


def paint(figure: Figure, target: str | Path | BinaryIO) -> None:
    """Write a figure as PNG with a palette of 256 colours, which takes a third of the room."""
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    nearest = {"method": Image.Quantize.MAXCOVERAGE, "kmeans": 1, "dither": Image.Dither.NONE}
    Image.open(picture).convert("RGB").quantize(256, **nearest).save(target, "png")
