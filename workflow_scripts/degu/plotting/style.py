"""One style for all figures: sizes, colours, grids of panels, legends, files."""

from collections.abc import Iterable, Mapping

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from degu.job import InputError, atomic

# Okabe and Ito's colours, which colour-blind readers can tell apart, then darker ones of Tol's.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999"]
COLOURS += ["#000000", "#882255", "#332288", "#999933", "#661100", "#117733", "#AA4499"]
# Markers of kinds of uncertainty.
MARKERS = {"epistemic": "o", "aleatoric": "s", "total": "^", "dropout": "v", "ensemble": "D"}
GREY = {"color": "grey", "linewidth": 0.6, "linestyle": ":"}
plt.rcParams.update(
    {
        "font.size": 8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 9,
        "legend.frameon": False,
        "legend.fontsize": 7,
        "pdf.fonttype": 42,
        "figure.constrained_layout.use": True,
    }
)


def colours(names: Iterable) -> dict[str, str]:
    """One colour a name, in order of appearance.

    Every figure is handed the recipes of all runs in the config's order, so that a kind of model
    has one colour in all figures.
    """
    names = list(dict.fromkeys(names))
    return {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}


def shown(looks: Mapping[str, str], names: Iterable) -> dict[str, str]:
    """Colours of the names that a figure shows, in the order of `colours`."""
    names = set(names)
    return {name: colour for name, colour in looks.items() if name in names}


def markers(kinds: Iterable) -> dict[str, str]:
    """Markers of the kinds of uncertainty that a figure shows, in the order of `MARKERS`."""
    return shown(MARKERS, kinds)


def canvas(
    rows: int, columns: int, width: float = 2.6, height: float = 2.4
) -> tuple[Figure, np.ndarray]:
    """Make a grid of panels: figure, and axes of shape (rows, columns). Sizes in inches a panel."""
    return plt.subplots(
        rows, columns, figsize=(width * columns, height * rows), squeeze=False, dpi=200
    )


def grid(
    table: pd.DataFrame, row: str, column: str, width: float = 2.6
) -> tuple[Figure, dict[tuple, Axes]]:
    """Make a panel for each pair of values of two columns that the table holds.

    Returns
    -------
    figure, panels : Figure, dict of (row value, column value) to Axes
        In order of appearance; rows are filled from the left.
    """
    rows = {
        value: list(dict.fromkeys(part[column])) for value, part in table.groupby(row, sort=False)
    }
    if not rows:
        raise InputError(
            "There is nothing to draw: no run of the config has what this figure shows."
        )
    figure, axes = canvas(len(rows), max(map(len, rows.values())), width)
    for ax in axes.flat:
        ax.set_axis_off()
    placed = {
        (value, name): axes[i, j]
        for i, (value, names) in enumerate(rows.items())
        for j, name in enumerate(names)
    }
    for ax in placed.values():
        ax.set_axis_on()
    return figure, placed


def legend(figure: Figure, colours: Mapping[str, str], styles: Mapping[str, str]) -> None:
    """Explain colours, markers ("hollow" and "half" are circles) and lines under a figure."""
    handles = [Patch(color=colour, label=name) for name, colour in colours.items()]
    for name, style in styles.items():
        line = style in ("-", "--", ":")
        handles.append(
            Line2D(
                [],
                [],
                color="grey",
                label=name,
                linestyle=style if line else "none",
                marker="" if line else {"hollow": "o", "half": "o"}.get(style, style),
                fillstyle={"hollow": "none", "D": "none", "half": "left"}.get(style, "full"),
                markersize=5,
            )
        )
    columns = max(1, int(figure.get_figwidth() / 1.4))
    figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), columns))


def save(figure: Figure, pdf: str, png: str) -> None:
    """Write a figure in both formats and close it."""
    for path in (pdf, png):
        with atomic(path) as temporary:
            figure.savefig(temporary)
    plt.close(figure)
