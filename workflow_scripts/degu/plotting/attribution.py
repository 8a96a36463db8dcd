"""Panels on attribution maps: distance to the ensemble's map, and spread between members."""

import math
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from degu.consistency import t_test
from degu.plotting.agreement import boxes
from degu.plotting.marks import rows
from degu.plotting.names import EXPLAINERS, Names, with_unit
from degu.plotting.style import GREY, Look, titled

SMALL = {"fontsize": 6, "linespacing": 1.1}


def maps_panel(axes: Axes, shown: pd.DataFrame, names: Names) -> None:
    """Draw one measure of maps: `distances` of members to the ensemble's map, or `spreads`.

    Parameters
    ----------
    shown
        Rows of the table of consistency of one output, method and metric, from `Names.paired`.
    """
    dataset, output, method, metric = shown.iloc[0][["dataset", "output", "method", "metric"]]
    draw = spreads if metric.endswith("spread") else distances
    normalised = metric.startswith("normalised")
    draw(axes, shown, names, "" if normalised else names.unit(dataset, output))
    maps = f"{EXPLAINERS[method]}, normalised" if normalised else EXPLAINERS[method]
    titled(axes, "\n".join([names.datasets[dataset], names.head(dataset, output), maps]))


def distances(axes: Axes, shown: pd.DataFrame, names: Names, unit: str) -> None:
    """Draw distances of members as boxes, with p of the independent t-test of each pair.

    Parameters
    ----------
    shown
        Columns recipe, metric, value.
    unit
        Unit of the axis.
    """
    looks = names.looks(shown["recipe"])
    groups = {names.recipes[recipe]: rows(shown, recipe=recipe)["value"] for recipe in looks}
    boxes(axes, groups, names.legend(looks))
    places = {recipe: number for number, recipe in enumerate(looks)}
    for teacher, student in names.pairs(looks):
        sides = (rows(shown, recipe=recipe)["value"] for recipe in (student, teacher))
        text = tested(shown["metric"].iloc[0], *sides)
        bracket(axes, places[teacher], places[student], text)
    axes.set_ylabel(with_unit("RMSE to the ensemble\n", power_of_ten(axes, unit)))


def power_of_ten(axes: Axes, unit: str) -> str:
    """Take a small power of ten out of the vertical axis and into its unit."""
    power = math.floor(math.log10(axes.dataLim.ymax))
    if power > -2:
        return unit
    axes.yaxis.set_major_formatter(lambda value, _: f"{value / 10.0**power:.3g}")
    return f"$10^{{{power}}}$ {unit}".strip()


def spreads(axes: Axes, shown: pd.DataFrame, names: Names, unit: str) -> None:
    """Draw the spread of each sequence, students' against teachers', with p of the paired t-test.

    Parameters
    ----------
    shown
        Columns recipe, metric, name, value.
    unit
        Unit of the axes.
    """
    pairs, texts, shares = names.pairs(shown["recipe"]), [], []
    looks = names.looks(shown["recipe"])
    for teacher, student in pairs:
        both = joined(shown, teacher, student)
        paired(axes, both["teacher"], both["student"], looks[student])
        shares.append((both["student"] < both["teacher"]).mean())
        p = tested(shown["metric"].iloc[0], both["student"], both["teacher"])
        texts.append(f"{p}\n{shares[-1]:.0%} of sequences\nbelow the diagonal")
    for side, number in ((axes.set_xlabel, 0), (axes.set_ylabel, 1)):
        titles = dict.fromkeys(names.recipes[pair[number]] for pair in pairs)
        side(f"{fill(' / '.join(titles), 20)}\n{with_unit('spread', unit)}")
    # Beside the diagonal where fewer points lie.
    at, place = (0.03, 0.97), {"ha": "left", "va": "top"}
    if np.mean(shares) < 0.5:
        at, place = (0.97, 0.03), {"ha": "right", "va": "bottom"}
    box = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 1}
    axes.text(*at, "\n".join(texts), transform=axes.transAxes, bbox=box, **place, **SMALL)


def joined(shown: pd.DataFrame, teacher: str, student: str) -> pd.DataFrame:
    """Values of two recipes by the sequence's name: columns teacher and student."""
    recipes = {"teacher": teacher, "student": student}
    sides = {
        side: rows(shown, recipe=recipe).set_index("name")["value"]
        for side, recipe in recipes.items()
    }
    return pd.concat(sides, axis=1, join="inner", verify_integrity=True)


def tested(metric: str, students: pd.Series, teachers: pd.Series) -> str:
    """Write p of a measure's t-test (`degu.consistency.t_test`) and the test; "" for no p."""
    _, p = t_test(metric, students.to_numpy(), teachers.to_numpy())
    test = "paired" if metric.endswith("spread") else "independent"
    return "" if np.isnan(p) else f"{p_value(p)}\n({test} t-test)"


def p_value(p: float) -> str:
    """Write p with two digits, small ones with a power of ten."""
    if p == 0:
        return "$p < 10^{-300}$"
    if p >= 0.001:
        return f"$p = {p:.2g}$"
    digits, power = f"{p:.1e}".split("e")
    return rf"$p = {digits} \times 10^{{{int(power)}}}$"


def bracket(axes: Axes, left: float, right: float, text: str) -> None:
    """Write a text over two places, joined by a bracket, above all that is drawn."""
    if not text:
        return
    low, high = axes.get_ylim()
    height = high - low
    corners = [high, high + 0.03 * height, high + 0.03 * height, high]
    axes.plot([left, left, right, right], corners, color="black", linewidth=0.6)
    axes.text((left + right) / 2, high + 0.04 * height, text, ha="center", va="bottom", **SMALL)
    axes.set_ylim(low, high + 0.3 * height)


def paired(axes: Axes, x: pd.Series, y: pd.Series, look: Look) -> None:
    """Draw two measures of the same sequences against each other, with their diagonal."""
    dots = {"c": look.colour, "marker": look.marker, "linewidths": 0, "rasterized": True}
    axes.scatter(x, y, s=4, alpha=0.4, **dots)
    top = 1.1 * max(axes.dataLim.xmax, axes.dataLim.ymax)
    axes.axline((0, 0), (1, 1), **GREY)
    axes.set(xlim=(0, top), ylim=(0, top))
    axes.locator_params(nbins=4)
