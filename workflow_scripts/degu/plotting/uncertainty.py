"""Panels on intervals: coverage and accuracy against width, reliability, shifts."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from degu.plotting.marks import beside, rows
from degu.plotting.style import GREY, Look

# Fillings of marks: intervals as predicted, calibrated, and calibrated on the same shift.
FILLINGS = {"": "none", "conformal_": "full", "mondrian_": "left"}


def methods(
    axes: Axes,
    points: pd.DataFrame,
    x: str,
    y: str,
    looks: Mapping[str, Look],
    filled: bool = True,
) -> None:
    """Draw one measure of intervals against another: a mark a member.

    Parameters
    ----------
    points
        Rows of members, with the name of their look in the column `look`.
    x, y
        Columns of the measures.
    looks
        Look of each name.
    filled
        Whether marks are filled.
    """
    for name, look in looks.items():
        some = rows(points, look=name)
        face = look.colour if filled else "none"
        marker = {"marker": look.marker, "s": 14, "linewidths": 0.8, "edgecolors": look.colour}
        axes.scatter(some[x], some[y], facecolors=face, **marker)
    axes.set_xlim(0)


def reliability(axes: Axes, curves: pd.DataFrame, looks: Mapping[str, Look]) -> None:
    """Draw observed against nominal coverage: as predicted solid, calibrated dashed.

    Parameters
    ----------
    curves
        Columns recipe, metric (coverage or conformal_coverage), level, value.
    looks
        Look of each recipe.
    """
    for (recipe, metric), curve in curves.groupby(["recipe", "metric"], sort=False):
        look = looks[recipe]
        marker = {"marker": look.marker, "markersize": 3, "markevery": 4, "mfc": "none"}
        style = {"coverage": "-", "conformal_coverage": "--"}[metric]
        line = {"color": look.colour, "linewidth": 0.9, "linestyle": style}
        axes.plot(curve["level"], curve["value"], **line, **marker)
    axes.axline((0, 0), (1, 1), **GREY)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="nominal coverage", ylabel="observed coverage")


def by_shift(
    axes: Axes, means: pd.DataFrame, measure: str, shifts: list[str], looks: Mapping[str, Look]
) -> None:
    """Draw a measure of intervals by shift, recipes side by side: means over members.

    Parameters
    ----------
    means
        Columns recipe, metric, shift, value; the metric is the measure with a prefix that tells
        how the intervals are calibrated.
    measure
        coverage or width.
    shifts
        Names of the shifts, in their order.
    looks
        Look of each recipe.
    """
    for number, (recipe, look) in enumerate(looks.items()):
        style = {"c": look.colour, "marker": look.marker, "ms": 4, "linestyle": "none"}
        for prefix, filling in FILLINGS.items():
            some = rows(means, recipe=recipe, metric=prefix + measure)
            at = some["shift"].map(shifts.index) + beside(number, len(looks))
            axes.plot(at, some["value"], **style, fillstyle=filling)
    axes.set_xticks(range(len(shifts)), shifts)
