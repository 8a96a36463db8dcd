"""Panels on attribution maps: distance to the ensemble's map, and spread between members."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.consistency import t_test
from degu.plotting.agreement import box, boxes
from degu.plotting.marks import rows
from degu.plotting.names import Names, explainer, unit_below, with_unit
from degu.plotting.pages import sections
from degu.plotting.sequences import cells
from degu.plotting.style import GREY, Look, legend, room, wrapped

SMALL = {"fontsize": 6, "linespacing": 1.1}
# Measures of consistency that overviews show, and measures of agreement, with their labels.
MEASURES = {
    "rmse": "RMSE to the ensemble",
    "spread": "spread",
    "normalised_rmse": "RMSE, normalised",
    "normalised_spread": "spread, normalised",
}
COMPARED = {"pearson": "maps", "pearson_contributions": "contributions"}


def maps_panel(axes: Axes, shown: pd.DataFrame, names: Names) -> None:
    """Draw one measure of maps: `distances` of members to the ensemble's map, or `spreads`.

    Parameters
    ----------
    shown
        Rows of the table of consistency of one output, method and metric.
    """
    dataset, output, method, metric = shown.iloc[0][["dataset", "output", "method", "metric"]]
    draw = spreads if metric.endswith("spread") else distances
    normalised = metric.startswith("normalised")
    draw(axes, shown, names, "" if normalised else names.unit(dataset, output))
    maps = f"{explainer(method)}, normalised" if normalised else explainer(method)
    lines = names.datasets[dataset], names.head(dataset, output), maps
    axes.set_title("\n".join(wrapped(line, room(axes, 0.066)) for line in lines))


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
    label = with_unit("RMSE to the ensemble", power_of_ten(axes, unit))
    axes.set_ylabel(unit_below(label))


def power_of_ten(axes: Axes, unit: str) -> str:
    """Take a small power of ten out of the vertical axis and into its unit."""
    power = math.floor(math.log10(axes.dataLim.ymax))
    if power > -2:
        return unit
    axes.ticklabel_format(axis="y", style="sci", scilimits=(power, power), useOffset=False)
    axes.yaxis.offsetText.set_visible(False)
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
        side(f"{wrapped(' / '.join(titles), 20)}\n{with_unit('spread', unit)}")
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


def consistency_page(
    values: pd.DataFrame, tests: pd.DataFrame, names: Names
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw distances and spreads of all recipes, a section a head and method, with their p.

    Parameters
    ----------
    values
        Rows of the table of consistency.
    tests
        Rows of the table of tests, whose p stand above the boxes of students.

    Returns
    -------
    figure, panels : Figure, dict of title to DataFrame
        Rows of each panel.
    """
    by = ["dataset", "output", "method"]
    values = rows(values, metric=list(MEASURES)).dropna(subset="value")
    figure, placed = sections(values, by, "metric", names.explained, columns=4, height=1.7)
    panels = {}
    for key, axes in placed.items():
        labels = dict(zip([*by, "metric"], key, strict=True))
        shown = rows(values, **labels)
        panels[f"{names.explained(*key[:3])}, {MEASURES[key[3]]}"] = shown
        recipe_boxes(axes, shown, rows(tests, **labels), names)
        unit = "" if key[3].startswith("normalised") else names.unit(*key[:2])
        axes.set_ylabel(unit_below(with_unit(MEASURES[key[3]], unit)))
    looks = names.legend(values["recipe"])
    legend(figure, looks, {"numbers above: p against teachers": ""})
    return figure, panels


def recipe_boxes(axes: Axes, shown: pd.DataFrame, tests: pd.DataFrame, names: Names) -> None:
    """Draw a box a recipe, told by its look alone, and p above the boxes of students.

    Parameters
    ----------
    shown
        Columns recipe, value.
    tests
        Columns recipe, p.
    """
    looks = names.looks(shown["recipe"])
    for place, (recipe, look) in enumerate(looks.items()):
        box(axes, place, rows(shown, recipe=recipe)["value"], look, 0.6)
        for p in rows(tests, recipe=recipe)["p"].dropna():
            style = {"rotation": 90, "ha": "center", "va": "bottom", "fontsize": 5}
            axes.text(place, 1.02, f"{p:.0e}", transform=axes.get_xaxis_transform(), **style)
    axes.set_xticks([])
    axes.set_xlim(-0.6, len(looks) - 0.4)


def agreement_page(table: pd.DataFrame, names: Names) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw the agreement of pairs of methods, a section a head: means over members by recipe.

    Parameters
    ----------
    table
        Rows of the table of agreement.

    Returns
    -------
    figure, panels : Figure, dict of title to DataFrame
        Rows of each panel.
    """
    height = 0.7 + 0.13 * table.groupby("dataset")["recipe"].nunique().max()
    by = ["dataset", "output"]
    figure, placed = sections(table, by, "metric", names.panel, columns=2, height=height)
    panels = {}
    for (*head, metric), axes in placed.items():
        shown = rows(table, dataset=head[0], output=head[1], metric=metric)
        panels[f"{names.panel(*head)}, {COMPARED[metric]}"] = shown
        image = cells(axes, by_pair(shown, names))
        axes.set_title(COMPARED[metric])
        if not axes.get_subplotspec().is_first_col():
            axes.set_yticklabels([])
            axes.figure.colorbar(image, ax=axes.figure.axes, pad=0.01).set_label("Pearson r")
    return figure, panels


def by_pair(shown: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Mean agreement over members: a row a recipe, a column a pair of methods, by their titles."""
    means = shown.groupby(["recipe", "method", "other"], sort=False)["value"].mean()
    matrix = means.unstack(["method", "other"]).reindex(list(names.looks(shown["recipe"])))
    matrix.index = [names.recipes[recipe] for recipe in matrix.index]
    matrix.columns = [f"{explainer(one)},\n{explainer(other)}" for one, other in matrix.columns]
    return matrix
