"""Panels on agreement: curves over the training fraction, boxes, densities, losses."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from degu.plotting.marks import beside, level, roomy, rows
from degu.plotting.names import Names, of_ensemble
from degu.plotting.style import ENSEMBLE, GREY, LINES, Look, artist, grid

# Least span of an axis of correlations.
SPAN = 0.06


def curves(
    axes: Axes, means: pd.DataFrame, looks: Mapping[str, Look], ensembles: Iterable[str] = ()
) -> None:
    """Draw means over members with their bands, and ensembles, over the training fraction.

    A recipe that is run on one fraction alone, beside others with several, is a line across.

    Parameters
    ----------
    means
        Columns recipe, fraction, mean, low, high, ensemble.
    looks
        Look of each recipe that is drawn.
    ensembles
        Recipes whose ensembles are drawn, too.
    """
    fractions = sorted(means["fraction"].unique())
    for recipe, look in looks.items():
        own = rows(means, recipe=recipe).sort_values("fraction")
        if len(own) == 1 < len(fractions):
            level(axes, own["mean"].iloc[0], look)
        axes.plot(own["fraction"], own["mean"], **artist(look), ms=3.5, linewidth=1)
        if len(own) > 1:
            band = {"color": look.colour, "alpha": 0.2, "linewidth": 0}
            axes.fill_between(own["fraction"], own["low"], own["high"], **band)
        else:
            axes.vlines(own["fraction"], own["low"], own["high"], color=look.colour, linewidth=1)
        if recipe in ensembles:
            style = artist(of_ensemble(look)) | {"ms": 3.5, "linewidth": 1}
            axes.plot(own["fraction"], own["ensemble"], **style)
    axes.set_xticks(fractions)
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_xlim(min(fractions) - 0.05, max(fractions) + 0.05)
    axes.set_xlabel("training set")
    roomy(axes, SPAN, high=1)


def curve_panel(axes: Axes, means: pd.DataFrame, names: Names) -> None:
    """Draw `curves` of all recipes of one output, and of the ensembles that teach one of them."""
    dataset, output = means.iloc[0][["dataset", "output"]]
    recipes = set(means["recipe"])
    curves(axes, means, names.looks(recipes), names.taught(recipes))
    axes.set_title(names.panel(dataset, output))
    axes.set_ylabel("Pearson r")


def by_tick(
    axes: Axes, points: pd.DataFrame, column: str, ticks: list, looks: Mapping[str, Look]
) -> None:
    """Draw members of recipes as boxes side by side at the ticks of a column, ensembles as marks.

    Parameters
    ----------
    points
        Columns recipe, member, value, and the column of the ticks.
    column
        Column whose values are the ticks.
    ticks
        Values of it, in their order.
    looks
        Look of each recipe, in the order in which they stand side by side.
    """
    for number, (recipe, look) in enumerate(looks.items()):
        some = rows(points, recipe=recipe, **{column: ticks})
        alone = some["member"].astype(str) == "ensemble"
        offset, width = beside(number, len(looks)), 0.65 / len(looks)
        for place, tick in enumerate(ticks):
            box(axes, place + offset, rows(some[~alone], **{column: tick})["value"], look, width)
        at = some[alone][column].map(ticks.index) + offset
        axes.plot(at, some[alone]["value"], **artist(ENSEMBLE) | {"linestyle": "none"}, ms=3.5)
    axes.set_xlim(-0.5, len(ticks) - 0.5)


def boxes(axes: Axes, groups: Mapping[str, pd.Series], looks: Mapping[str, Look]) -> None:
    """Draw a box a group, named under it."""
    for number, (name, values) in enumerate(groups.items()):
        box(axes, number, values, looks[name], 0.5)
    rotation = {"rotation": 25, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(range(len(groups)), list(groups), **rotation)
    axes.set_xlim(-0.6, len(groups) - 0.4)


def box(axes: Axes, at: float, values: pd.Series, look: Look, width: float) -> None:
    """Draw a box of quartiles with whiskers to the whole range, and up to 200 of its values.

    Correlations with predictions that do not vary are not numbers; they are left out.
    """
    values = values.dropna()
    if values.empty:
        return
    line = {"color": look.colour, "linewidth": 0.8}
    parts = {f"{part}props": line for part in ("box", "whisker", "cap", "median")}
    axes.boxplot(values, positions=[at], widths=width, whis=(0, 100), showfliers=False, **parts)
    few = values if len(values) <= 200 else values.sample(200, random_state=0)
    around = at + np.random.default_rng(0).uniform(-0.3, 0.3, len(few)) * width
    axes.scatter(around, few, s=5, alpha=0.5, c=look.colour, marker=look.marker, linewidths=0)


def bands(
    axes: Axes, members: pd.DataFrame, means: pd.DataFrame, looks: Mapping[str, Look]
) -> None:
    """Draw recipes side by side: members, their mean with its band, the ensemble.

    Parameters
    ----------
    members
        Columns recipe, fraction, value.
    means
        Columns recipe, fraction, mean, low, high, ensemble.
    looks
        Look of each recipe, in the order in which they stand side by side.
    """
    fractions = sorted(means["fraction"].unique())
    for number, (recipe, look) in enumerate(looks.items()):
        dots, own = (rows(table, recipe=recipe) for table in (members, means))
        offset = beside(number, len(looks))
        at = own["fraction"].map(fractions.index) + offset
        around = dots["fraction"].map(fractions.index) + offset
        axes.scatter(around, dots["value"], s=7, alpha=0.5, c=look.colour, marker=look.marker)
        errors = [own["mean"] - own["low"], own["high"] - own["mean"]]
        bar = {"fmt": "_", "ms": 6, "capsize": 2, "linewidth": 1, "c": look.colour}
        axes.errorbar(at, own["mean"], errors, **bar)
        axes.plot(at, own["ensemble"], **artist(ENSEMBLE) | {"linestyle": "none"}, ms=3.5)
    ticks = [f"{fraction:.0%}" for fraction in fractions]
    axes.set_xticks(range(len(fractions)), ticks)
    axes.set_xlim(-0.6, len(fractions) - 0.4)
    axes.set_xlabel("training set")
    roomy(axes, SPAN, high=1)


def losses(axes: Axes, histories: pd.DataFrame) -> None:
    """Draw losses by epoch of each member: validation solid, training dashed, moving dotted."""
    for number, (_, history) in enumerate(histories.groupby("member")):
        shade = {"color": f"C{number}", "linewidth": 0.8}
        axes.plot(history["epoch"], history["validation_loss"], **shade)
        for column, style in {"loss": "--", "validation_loss_moving": ":"}.items():
            axes.plot(history["epoch"], history[column], linestyle=style, alpha=0.6, **shade)
    # Losses with moving averages can be far off; they must not squeeze the others.
    axes.set_ylim(0, 1.5 * histories["validation_loss"].max())
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def distributions(axes: Axes, quantiles: pd.DataFrame, column: str) -> None:
    """Draw cumulative distributions, one for each value of a column: the later, the paler.

    Parameters
    ----------
    quantiles
        Columns probability, value, and that column.
    """
    groups = list(quantiles.groupby(column, sort=False))
    for number, (name, curve) in enumerate(groups):
        shade = {"c": str(0.75 * number / max(1, len(groups) - 1)), "linewidth": 1}
        axes.plot(curve["value"], curve["probability"], LINES[number % 4], label=name, **shade)
    axes.set_ylabel("share of sequences below")
    axes.set_ylim(0, 1)


def density(axes: Axes, x: pd.Series, y: pd.Series) -> None:
    """Draw the density of points with their diagonal; few points as they are."""
    if len(x) < 500:
        axes.scatter(x, y, s=4, alpha=0.5, c="#0072B2", linewidths=0)
    else:
        image = axes.hexbin(x, y, gridsize=50, bins="log", mincnt=1, cmap="viridis", linewidths=0.1)
        bar = axes.figure.colorbar(image, ax=axes, pad=0.02)
        bar.set_label("sequences")
    low, high = min(np.min(x), np.min(y)), max(np.max(x), np.max(y))
    axes.axline((low, low), (high, high), **GREY)


def paired(axes: Axes, x: pd.Series, y: pd.Series) -> None:
    """Draw two measures of the same sequences against each other, with their diagonal."""
    axes.scatter(x, y, s=3, alpha=0.4, c="#0072B2", linewidths=0, rasterized=True)
    top = 1.05 * max(x.max(), y.max())
    axes.plot([0, top], [0, top], **GREY)
    axes.set(xlim=(0, top), ylim=(0, top))
    axes.set_aspect("equal")


def coloured(axes: Axes, x: pd.Series, y: pd.Series, colour: pd.Series, label: str) -> None:
    """Draw points in the colour of a third measure, the largest ones on top, and its scale."""
    order = np.argsort(colour.to_numpy())
    x, y, colour = (values.to_numpy()[order] for values in (x, y, colour))
    image = axes.scatter(x, y, s=6, c=colour, cmap="viridis", linewidths=0)
    axes.figure.colorbar(image, ax=axes, pad=0.02).set_label(label)
    for across in (axes.axhline, axes.axvline):
        across(0, **GREY, zorder=0)


def pearson_of(performance: str) -> Callable[[pd.Series], float]:
    """Look up Pearson's r of a row of the table of predictions."""
    keys = ["dataset", "recipe", "fraction", "member", "output"]
    table = pd.read_table(performance, dtype={"member": str}).query("metric == 'pearson'")
    values = table.set_index(keys)["value"].to_dict()
    return lambda row: values[tuple(row[key] for key in keys)]


def against_truth(
    points: pd.DataFrame, column: str, performance: str, truth: str, predicted: str
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw predictions against the truth, one row a data set and output, with Pearson's r.

    Parameters
    ----------
    points
        Rows of the table of predictions, and their `row`: a title.
    column
        Column whose values make the panels of a row.
    performance
        Table of performance.
    truth, predicted
        Labels of the axes.

    Returns
    -------
    figure, panels : Figure, dict of title to DataFrame
    """
    r = pearson_of(performance)
    figure, placed = grid(points, "row", column)
    panels = {}
    for (row, name), axes in placed.items():
        panel = rows(points, row=row, **{column: name})
        panels[f"{row}, {name}"] = panel
        density(axes, panel["truth"], panel["predicted"])
        axes.set_title(f"{row}\n{name}\nr = {r(panel.iloc[0]):.3f}")
        axes.set(xlabel=truth, ylabel=predicted)
    return figure, panels
