"""Panels on agreement: curves over the training fraction, boxes, densities, losses."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from degu.plotting.marks import beside, level, roomy, rows
from degu.plotting.names import SHIFT_LOOKS, SHIFTS, Names, of_ensemble, unit_below, with_unit
from degu.plotting.style import ENSEMBLE, GREY, Look, artist, named, room, titled, wrapped

# Least span of an axis of correlations.
SPAN = 0.06
# Most values that are drawn as dots beside their box.
FEW = 50


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
    for number, (recipe, look) in enumerate(looks.items()):
        own = rows(means, recipe=recipe).sort_values("fraction")
        if len(fractions) == 1:
            own = own.assign(fraction=own["fraction"] + beside(number, len(looks), width=0.04))
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
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))
    axes.set_xlim(min(fractions) - 0.05, max(fractions) + 0.05)
    axes.set_xlabel("training set [%]")
    focus(axes, means[["mean", *(["ensemble"] if ensembles else [])]], means)


def focus(
    axes: Axes, values: pd.DataFrame | pd.Series, means: pd.DataFrame, axis: str = "y"
) -> None:
    """Limit an axis so that wide bands, of two or three members, squeeze none of the values."""
    low, high = np.nanmin(values), np.nanmax(values)
    span = max(high - low, SPAN)
    # A lone member has no band.
    bottom = max(np.nanmin([means["low"].min(), low]), low - span)
    top = min(np.nanmax([means["high"].max(), high]), high + span)
    edge = 0.05 * (top - bottom)
    axes.set(**{f"{axis}lim": (bottom - edge, top + edge)})
    roomy(axes, SPAN, low=-1, high=1, axis=axis)


def curve_panel(axes: Axes, means: pd.DataFrame, names: Names) -> None:
    """Draw `curves` of all recipes of one output, and of the ensembles that teach one of them."""
    dataset, output = means.iloc[0][["dataset", "output"]]
    recipes = set(means["recipe"])
    curves(axes, means, names.looks(recipes), names.taught(recipes))
    titled(axes, names.panel(dataset, output))
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
        at = some[alone][column].map(ticks.index).astype(float) + offset
        axes.plot(at, some[alone]["value"], **artist(ENSEMBLE) | {"linestyle": "none"}, ms=3.5)
    axes.set_xlim(-0.5, len(ticks) - 0.5)


def shift_panel(axes: Axes, points: pd.DataFrame, names: Names, oracle: str) -> None:
    """Draw squared distances to the oracle ensemble of one output by shift: boxes over members.

    Parameters
    ----------
    points
        Rows of the table of shifts: columns recipe, member, shift, value.
    oracle
        Recipe of the oracle.
    """
    dataset, output = points.iloc[0][["dataset", "output"]]
    by_tick(axes, points, "shift", list(SHIFTS), names.looks(points["recipe"]))
    ticks = [title.replace(": ", "\n") for title in SHIFTS.values()]
    axes.set_xticks(range(len(SHIFTS)), ticks, fontsize=min(6.5, room(axes) / 7.5))
    titled(axes, names.panel(dataset, output))
    unit = names.unit(dataset, output)
    label = with_unit(names.ensemble(oracle), f"({unit})²" if unit else "")
    axes.set_ylabel(f"MSE to {unit_below(wrapped(label, 24))}")
    axes.set_ylim(0)


def boxes(axes: Axes, groups: Mapping[str, pd.Series], looks: Mapping[str, Look]) -> None:
    """Draw a box a group, named under it."""
    for number, (name, values) in enumerate(groups.items()):
        box(axes, number, values, looks[name], 0.5)
    named(axes, list(groups))
    axes.set_xlim(-0.6, len(groups) - 0.4)


def box(axes: Axes, at: float, values: pd.Series, look: Look, width: float) -> None:
    """Draw a box of quartiles with whiskers to the whole range, and its values if they are few.

    Correlations with predictions that do not vary are not numbers; they are left out.
    """
    values = values.dropna()
    if values.empty:
        return
    line = {"color": look.colour, "linewidth": 0.8}
    parts = {f"{part}props": line for part in ("whisker", "cap", "median")}
    parts["boxprops"] = {
        "edgecolor": look.colour,
        "facecolor": (look.colour, 0.2),
        "linewidth": 0.8,
    }
    shape = {"widths": width, "whis": (0, 100), "showfliers": False, "patch_artist": True}
    axes.boxplot(values, positions=[at], manage_ticks=False, **shape, **parts)
    if len(values) <= FEW:
        around = at + np.random.default_rng(0).uniform(-0.3, 0.3, len(values)) * width
        dots = {"c": look.colour, "marker": look.marker, "linewidths": 0}
        axes.scatter(around, values, s=5, alpha=0.6, **dots)


def bands(
    axes: Axes, members: pd.DataFrame, means: pd.DataFrame, looks: Mapping[str, Look]
) -> None:
    """Draw recipes below one another: members, their mean with its band, the ensemble.

    Wide bands, of two or three members, leave the panel.

    Parameters
    ----------
    members
        Columns recipe, value.
    means
        Columns recipe, mean, low, high, ensemble: a row a recipe.
    looks
        Look of each recipe, from above.
    """
    for place, (recipe, look) in enumerate(looks.items()):
        dots, own = (rows(table, recipe=recipe) for table in (members, means))
        at = np.full(len(dots), place)
        axes.scatter(dots["value"], at, s=7, alpha=0.5, c=look.colour, marker=look.marker)
        errors = [own["mean"] - own["low"], own["high"] - own["mean"]]
        bar = {"fmt": "|", "ms": 6, "capsize": 2, "linewidth": 1, "c": look.colour}
        axes.errorbar(own["mean"], np.full(len(own), place), xerr=errors, **bar)
        axes.plot(own["ensemble"], np.full(len(own), place), **artist(ENSEMBLE), ms=3.5)
    axes.set_yticks(range(len(looks)), list(looks))
    axes.set_ylim(len(looks) - 0.5, -0.5)
    axes.set_xlabel("Pearson r")
    axes.locator_params(axis="x", nbins=4)
    focus(axes, pd.concat([means["mean"], means["ensemble"], members["value"]]), means, "x")


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
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))


def distributions(
    axes: Axes, quantiles: pd.DataFrame, column: str, looks: Mapping[str, Look]
) -> None:
    """Draw cumulative distributions, one for each value of a column.

    Parameters
    ----------
    quantiles
        Columns probability, value, and that column.
    looks
        Look of each value.
    """
    for name, look in looks.items():
        curve = rows(quantiles, **{column: name})
        line = artist(look) | {"marker": "none", "linewidth": 1.2}
        axes.plot(curve["value"], curve["probability"], **line)
    axes.set_ylabel("share of sequences below")
    axes.set_ylim(0, 1.02)


def distribution_panel(axes: Axes, quantiles: pd.DataFrame, names: Names) -> None:
    """Draw `distributions` of the predictions of one output by shift."""
    dataset, output = quantiles.iloc[0][["dataset", "output"]]
    distributions(axes, quantiles, "shift", SHIFT_LOOKS)
    titled(axes, names.panel(dataset, output))
    axes.set_xlabel(names.axis("predicted", dataset, output))


def coloured(axes: Axes, x: pd.Series, y: pd.Series, colour: pd.Series, label: str) -> None:
    """Draw points in the colour of a third measure, the largest ones on top, and its scale."""
    order = np.argsort(colour.to_numpy())
    x, y, colour = (values.to_numpy()[order] for values in (x, y, colour))
    image = axes.scatter(x, y, s=6, c=colour, cmap="viridis", linewidths=0)
    axes.figure.colorbar(image, ax=axes, pad=0.02).set_label(label)
    for across in (axes.axhline, axes.axvline):
        across(0, **GREY, zorder=0)
