"""The page on recipes: what one model of each reaches, and at which cost."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.plotting.agreement import SPAN
from degu.plotting.marks import largest, roomy, rows
from degu.plotting.names import Names
from degu.plotting.pages import lined
from degu.plotting.style import ENSEMBLE, GREY, Look, artist, legend, titled

# Measures beside the gain in r, with their axes.
BESIDE = {
    "following": "r with the ensemble",
    "epistemic_r": "r of the epistemic head",
    "thousands": "thousand steps a model",
}


def recipes_page(table: pd.DataFrame, names: Names) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw each activity as a line of panels, recipes from above, against the teachers of most.

    Parameters
    ----------
    table
        `degu.tables.recipes.compare` of all data sets and fractions; the largest fraction is drawn.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    lines, panels, heights = [], {}, []
    shown = largest(table).assign(thousands=table["steps"] / 1000)
    for (dataset, output), part in shown.groupby(["dataset", "output"], sort=False):
        held = rows(part, against=_teacher(part, names))
        ordered = pd.concat(rows(held, recipe=one) for one in names.looks(held["recipe"]))
        title = names.panel(dataset, output)
        keys = {title: ordered}
        keys |= {
            f"{title}, {column}": ordered for column in BESIDE if ordered[column].notna().any()
        }
        panels |= keys
        lines.append([*keys])
        heights.append(0.9 + 0.16 * len(ordered))
    figure, placed = lined(lines, heights)
    for key, panel in panels.items():
        looks = names.looks(panel["recipe"])
        column = key.rpartition(", ")[2]
        if column in BESIDE:
            _dots(placed[key], panel, column, looks)
        else:
            _gains(placed[key], panel, names, looks)
            titled(placed[key], key)
    bars = {"ensemble, with 95 % interval": ENSEMBLE}
    legend(figure, bars, {"a model, with 95 % interval of the difference": "o"})
    return figure, panels


def _teacher(part: pd.DataFrame, names: Names) -> str:
    """Recipe that teaches most of the recipes of a data set."""
    taught = [names.teachers[one] for one in part["recipe"].unique() if one in names.teachers]
    known = [one for one in taught if one in set(part["against"])]
    return max(dict.fromkeys(known or part["against"]), key=known.count)


def _gains(axes: Axes, panel: pd.DataFrame, names: Names, looks: Mapping[str, Look]) -> None:
    """Draw r minus that of the mean member, with intervals; a band is the ensemble's."""
    first = panel.iloc[0]
    axes.axvspan(first["gain_low"], first["gain_high"], color=ENSEMBLE.colour, alpha=0.15, lw=0)
    axes.axvline(first["gain"], color=ENSEMBLE.colour, linestyle=ENSEMBLE.line, linewidth=1)
    axes.axvline(0, **GREY)
    for place, row in enumerate(panel.to_dict("records")):
        look, value = looks[row["recipe"]], row["to_member"]
        errors = [[value - row["to_member_low"]], [row["to_member_high"] - value]]
        line = {"c": look.colour, "marker": look.marker, "ms": 4, "capsize": 2, "linewidth": 1}
        axes.errorbar([value], [place], xerr=errors, **line)
    axes.set_yticks(range(len(panel)), [names.recipes[one] for one in panel["recipe"]])
    axes.set_ylim(len(panel) - 0.5, -0.5)
    member = names.recipes[first["against"]]
    axes.set_xlabel(f"r minus that of one model\nof {member}")
    axes.locator_params(axis="x", nbins=4)


def _dots(axes: Axes, panel: pd.DataFrame, column: str, looks: Mapping[str, Look]) -> None:
    """Draw one measure of each recipe."""
    for place, row in enumerate(panel.to_dict("records")):
        look = artist(looks[row["recipe"]]) | {"linestyle": "none"}
        axes.plot([row[column]], [place], **look, ms=4)
    axes.set_yticks(range(len(panel)), [])
    axes.set_ylim(len(panel) - 0.5, -0.5)
    axes.set_xlabel(BESIDE[column])
    axes.locator_params(axis="x", nbins=4)
    if column == "thousands":
        axes.set_xlim(0, 1.1 * np.nanmax(panel[column]))
    else:
        roomy(axes, SPAN, low=-1, high=1, axis="x")
