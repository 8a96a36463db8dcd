"""Panels on intervals: coverage and accuracy against width, reliability, shifts."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.plotting.agreement import SPAN, curve_panel
from degu.plotting.marks import beside, reference, roomy, rows, select
from degu.plotting.names import Names
from degu.plotting.pages import lined
from degu.plotting.style import GREY, Look, artist, legend, titled

# Fillings of marks: intervals as predicted, calibrated, and calibrated on the same shift.
FILLINGS = {"": "none", "conformal_": "full", "mondrian_": "left"}
# Kinds of uncertainty that stand in one panel: what training leaves open; noise, or both.
SIDES = {
    "epistemic": ["dropout", "ensemble", "epistemic"],
    "total": ["ensemble_total", "aleatoric", "total"],
}
TITLES = {"epistemic": "epistemic uncertainty", "total": "aleatoric and total uncertainty"}
LABELS = {"coverage": "coverage", "pearson": "Pearson r, activity"}


def sides(key: str, **labels: object) -> dict[str, dict[str, object]]:
    """Labels of two panels, of epistemic and of other uncertainties, whose keys start alike."""
    return {f"{key} {side}": {"kind": kinds, **labels} for side, kinds in SIDES.items()}


def measures(table: pd.DataFrame, kinds: Mapping[str, list[str]] | None = None) -> pd.DataFrame:
    """Measures of intervals that are to cover the activity: a row a member, a column a measure.

    Rows stand in the order of the table.

    Parameters
    ----------
    table
        Rows of the tables of intervals, and further labels.
    kinds
        Kinds of uncertainty of each recipe that is kept; by default all.
    """
    if kinds is not None:
        table = pd.concat(rows(table, recipe=one, kind=some) for one, some in kinds.items())
    table = rows(table, covers=["measurement", "mean of teachers"])
    table = table.drop(columns=["low", "high", "ceiling"], errors="ignore")
    if table.empty:
        return table
    labels = [*table.columns.drop(["metric", "value"])]
    wide = table.pivot(index=labels, columns="metric", values="value").reset_index()
    return table[labels].drop_duplicates().merge(wide, on=labels)


def method_panel(
    axes: Axes, points: pd.DataFrame, measure: str, names: Names, level: float, prefix: str = ""
) -> None:
    """Draw coverage, or accuracy, against the width of intervals: a mark a member of each method.

    Parameters
    ----------
    points
        Rows of `measures`, of one activity and one of the `SIDES`.
    measure
        coverage or pearson.
    level
        Nominal level.
    prefix
        "conformal_" for calibrated intervals.
    """
    dataset, output, kind = points.iloc[0][["dataset", "output", "kind"]]
    side = next(side for side, kinds in SIDES.items() if kind in kinds)
    y = measure if measure == "pearson" else prefix + measure
    methods(axes, names.with_look(points), f"{prefix}width", y, names.methods(points))
    titled(axes, f"{names.datasets[dataset]}: {TITLES[side]}")
    width = "mean width of calibrated intervals" if prefix else "mean interval width"
    axes.set_xlabel(names.axis(width, dataset, output))
    axes.set_ylabel(LABELS[measure])
    if measure == "coverage":
        reference(axes, level)
        roomy(axes, 0.25, high=1.02)
    else:
        roomy(axes, SPAN, high=1)


def methods(
    axes: Axes,
    points: pd.DataFrame,
    x: str,
    y: str,
    looks: Mapping[str, Look],
) -> None:
    """Draw one measure of intervals against another: a mark a member, lone ones on top.

    Parameters
    ----------
    points
        Rows of members, with the name of their look in the column `look`.
    x, y
        Columns of the measures; infinite ones are not drawn.
    looks
        Look of each name.
    """
    for name, some in sorted(points.groupby("look"), key=lambda group: -len(group[1])):
        axes.plot(some[x], some[y], **artist(looks[name]), ms=4, mew=0.8)
    # From zero on, unless that would squeeze all marks into a half.
    widths = points.loc[np.isfinite(points[x]), x]
    if widths.min() < widths.max() / 2:
        axes.set_xlim(0, 1.05 * widths.max())


def coverages(axes: Axes, points: pd.DataFrame, looks: Mapping[str, Look], level: float) -> None:
    """Draw coverage against mean width of each recipe: as predicted hollow, calibrated filled.

    Parameters
    ----------
    points
        Columns recipe, width, coverage, conformal_width, conformal_coverage: a row a recipe.
    looks
        Look of each recipe.
    level
        Nominal level.
    """
    for recipe, look in looks.items():
        own = rows(points, recipe=recipe)
        style = artist(look) | {"linestyle": "none", "ms": 4, "mew": 0.8}
        axes.plot(own["width"], own["coverage"], **style | {"mfc": "none"})
        axes.plot(own["conformal_width"], own["conformal_coverage"], **style)
    reference(axes, level)
    axes.set_ylim(0, 1.04)
    axes.set_ylabel("coverage")
    widths = points[["width", "conformal_width"]].to_numpy()
    widths = widths[np.isfinite(widths) & (widths > 0)]
    if widths.size and widths.max() > 20 * widths.min():
        axes.set_xscale("log")
    elif widths.size:
        axes.set_xlim(0, 1.1 * widths.max())


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
            at = some["shift"].map(shifts.index).astype(float) + beside(number, len(looks))
            axes.plot(at, some["value"], **style, fillstyle=filling)
    axes.set_xticks(range(len(shifts)), shifts)
    axes.set_xlim(-0.5, len(shifts) - 0.5)
    for place in range(1, len(shifts)):
        axes.axvline(place - 0.5, **GREY)


def method_page(
    agreement: pd.DataFrame,
    points: pd.DataFrame,
    curves: Mapping[str, Mapping[str, object]],
    role: str,
    names: Names,
    level: float,
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw agreement of uncertainties by training fraction; below, methods by width of intervals.

    Parameters
    ----------
    agreement
        Rows of summaries of performance, by `Names.place`.
    points
        Rows of `measures` of such rows.
    curves
        Labels of the panels on agreement, by letter.
    role
        Part in the paper of the data set whose intervals are shown.
    level
        Nominal level.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    lined_up = select(rows(agreement, metric="pearson"), curves)
    shown = {"c": "coverage", "d": "pearson"}
    below = [select(points, sides(letter, role=role)) for letter in shown]
    figure, placed = lined([lined_up, *below], [1.9, 2.1, 2.1])
    marks = {key: panel for line in below for key, panel in line.items()}
    for key, axes in placed.items():
        if key in marks:
            method_panel(axes, marks[key], shown[key[0]], names, level)
        else:
            curve_panel(axes, lined_up[key], names)
    looks = method_looks(marks.values(), names) | names.explain(lined_up.values())
    legend(figure, looks, nominal(level) if marks else {})
    return figure, lined_up | marks


def method_looks(points: Iterable[pd.DataFrame], names: Names) -> dict[str, Look]:
    """Return the looks of the methods of all panels, by title."""
    return {title: look for panel in points for title, look in names.methods(panel).items()}


def nominal(level: float) -> dict[str, str]:
    """Return the style of the line at the nominal level, for a legend."""
    return {f"nominal level, {level:.0%}": ":"}
