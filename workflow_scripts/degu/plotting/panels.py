"""Panels of figures: one function for each kind of plot."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from degu.plotting.style import GREY, MARKERS, colours, grid


def rows(table: pd.DataFrame, **labels: object) -> pd.DataFrame:
    """Rows of a table that have these labels."""
    kept = np.ones(len(table), bool)
    for column, label in labels.items():
        kept &= (table[column] == label).to_numpy()
    return table[kept]


def beside(number: int, total: int, width: float = 0.8) -> float:
    """Offset of one of several groups that stand side by side around a tick."""
    return (number - (total - 1) / 2) * width / total


def reference(axes: Axes, y: float) -> None:
    """Draw a grey dotted line at a value."""
    axes.axhline(y, **GREY)


def members(axes: Axes, at: pd.Series, values: pd.Series, alone: pd.Series, colour: str) -> None:
    """Draw values of members as dots, scattered around their place, and ensembles as diamonds.

    Parameters
    ----------
    at, values : Series
    alone : bool Series
        True for values of an ensemble.
    """
    rng = np.random.default_rng(0)
    around = at[~alone] + rng.uniform(-0.04, 0.04, (~alone).sum())
    axes.scatter(around, values[~alone], s=7, alpha=0.5, color=colour)
    axes.plot(at[alone], values[alone], "D", ms=4, mfc="none", c=colour)


def bands(
    axes: Axes, members: pd.DataFrame, means: pd.DataFrame, colours: Mapping[str, str]
) -> None:
    """Draw recipes by training fraction: members, their mean with its band, the ensemble.

    Parameters
    ----------
    members
        Columns recipe, fraction, value.
    means
        Columns recipe, fraction, mean, low, high, ensemble.
    colours
        Colour of each recipe, in the order in which they stand side by side.
    """
    fractions = sorted(means["fraction"].unique())
    for number, (recipe, colour) in enumerate(colours.items()):
        dots, own = (rows(table, recipe=recipe) for table in (members, means))
        offset = beside(number, len(colours))
        at = own["fraction"].map(fractions.index) + offset
        around = dots["fraction"].map(fractions.index) + offset
        axes.scatter(around, dots["value"], s=7, alpha=0.5, c=colour)
        errors = [own["mean"] - own["low"], own["high"] - own["mean"]]
        axes.errorbar(
            at + 0.05, own["mean"], errors, fmt="_", ms=8, c=colour, capsize=2, linewidth=1
        )
        axes.plot(at - 0.05, own["ensemble"], "D", ms=4, mfc="none", c=colour)
    axes.set_xticks(range(len(fractions)), [f"{fraction:g}" for fraction in fractions])
    axes.set_xlim(-0.6, len(fractions) - 0.4)
    axes.set_xlabel("share of the training set")


def losses(axes: Axes, histories: pd.DataFrame) -> None:
    """Draw losses by epoch of each member: validation solid, training dashed, moving dotted."""
    shades = colours(histories["member"])
    for member, history in histories.groupby("member"):
        line = {"color": shades[member], "linewidth": 0.9}
        axes.plot(history["epoch"], history["validation_loss"], **line)
        for column, style in {"loss": "--", "validation_loss_moving": ":"}.items():
            axes.plot(history["epoch"], history[column], linestyle=style, alpha=0.6, **line)
    # Losses with moving averages can be far off; they must not squeeze the others.
    axes.set_ylim(0, 1.5 * histories["validation_loss"].max())
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def widths(axes: Axes, points: pd.DataFrame, measure: str, colours: Mapping[str, str]) -> None:
    """Draw a measure of intervals against their width: hollow as predicted, filled as calibrated.

    Parameters
    ----------
    points
        A row a member and kind of uncertainty: recipe, kind, width, conformal_width, and the
        measure; coverage has a value for both, another measure has one.
    measure
        Column of the measure.
    colours
        Colour of each recipe; kinds have markers.
    """
    for (recipe, kind), some in points.groupby(["recipe", "kind"]):
        marker = {"marker": MARKERS[kind], "s": 14, "linewidths": 0.8}
        for prefix, filling in [("", "none"), ("conformal_", colours[recipe])]:
            value = some[f"{prefix}{measure}" if measure == "coverage" else measure]
            style = marker | {"edgecolors": colours[recipe], "facecolors": filling}
            axes.scatter(some[f"{prefix}width"], value, **style)
    axes.set_xlim(0)
    axes.set_xlabel("mean width of the interval")


def reliability(axes: Axes, curves: pd.DataFrame, colours: Mapping[str, str]) -> None:
    """Draw observed against nominal coverage: as predicted solid, calibrated dashed.

    Parameters
    ----------
    curves
        Columns recipe, kind, metric (coverage or conformal_coverage), level, value.
    colours
        Colour of each recipe; kinds have markers.
    """
    for (recipe, kind, metric), curve in curves.groupby(["recipe", "kind", "metric"]):
        style = {"coverage": "-", "conformal_coverage": "--"}[metric]
        marker = {"marker": MARKERS[kind], "markersize": 3, "markevery": 4, "mfc": "none"}
        line = {"color": colours[recipe], "linewidth": 0.9, "linestyle": style}
        axes.plot(curve["level"], curve["value"], **line, **marker)
    axes.axline((0, 0), (1, 1), **GREY)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="nominal coverage")


def by_tick(
    axes: Axes, points: pd.DataFrame, column: str, ticks: list, colours: Mapping[str, str]
) -> None:
    """Draw members and ensembles of recipes side by side at the ticks of a column.

    Parameters
    ----------
    points
        Columns recipe, member, value, and the column of the ticks.
    column
        Column whose values are the ticks.
    ticks
        Values of it, in their order.
    colours
        Colour of each recipe, in the order in which they stand side by side.
    """
    for number, (recipe, colour) in enumerate(colours.items()):
        some = rows(points, recipe=recipe)
        at = some[column].map(ticks.index) + beside(number, len(colours))
        members(axes, at, some["value"], some["member"].astype(str) == "ensemble", colour)


def boxes(axes: Axes, groups: Mapping[str, pd.Series], colours: Mapping[str, str]) -> None:
    """Draw a box a group with whiskers to the whole range, up to 200 values, and their mean."""
    rng = np.random.default_rng(0)
    for number, (name, values) in enumerate(groups.items()):
        colour = colours[name]
        parts = ("boxprops", "whiskerprops", "capprops", "medianprops")
        lines = {key: {"color": colour} for key in parts}
        axes.boxplot(values, positions=[number], widths=0.6, whis=(0, 100), **lines)
        few = values if len(values) <= 200 else values.sample(200, random_state=0)
        around = number + rng.uniform(-0.2, 0.2, len(few))
        axes.scatter(around, few, s=4, alpha=0.4, color=colour, linewidths=0)
        axes.plot(number, values.mean(), "D", ms=4, mfc="none", c=colour)
    axes.set_xticks(range(len(groups)), list(groups), rotation=20)


def base_map(figure: Figure, ax: Axes, values: pd.DataFrame, signed: bool) -> None:
    """Draw a matrix of base by position, around zero if signed, else from zero on."""
    limit = values.abs().max(axis=None)
    image = ax.imshow(
        values,
        aspect="auto",
        interpolation="none",
        cmap="RdBu_r" if signed else "viridis",
        vmin=-limit if signed else 0,
        vmax=limit,
        extent=(values.columns[0] - 0.5, values.columns[-1] + 0.5, len(values) - 0.5, -0.5),
    )
    ax.set_yticks(range(len(values)), values.index)
    ax.ticklabel_format(axis="x", style="plain", useOffset=False)
    ax.locator_params(axis="x", nbins=4)
    figure.colorbar(image, ax=ax, pad=0.01)


def pair_map(ax: Axes, correlations: pd.Series) -> None:
    """Draw correlations of pairs as a symmetric matrix with its numbers.

    Parameters
    ----------
    correlations : Series
        In [-1, 1], indexed by both names of a pair, of which each stands there once.
    """
    names = list(dict.fromkeys([*correlations.index.get_level_values(0), *correlations.index[-1]]))
    matrix = pd.DataFrame(np.eye(len(names)), names, names)
    for (one, other), value in correlations.items():
        matrix.loc[one, other] = matrix.loc[other, one] = value
    ax.imshow(matrix, cmap="RdBu_r", vmin=-1, vmax=1)
    for (row, column), value in np.ndenumerate(matrix):
        colour = "white" if abs(value) > 0.6 else "black"
        ax.text(column, row, f"{value:.2f}", ha="center", va="center", c=colour, fontsize=6)
    ax.set_xticks(range(len(names)), names, rotation=30, ha="right")
    ax.set_yticks(range(len(names)), names)


def _pearson_of(performance: str) -> Callable[[pd.Series], float]:
    """Look up Pearson's r of a row of the table of predictions."""
    keys = ["dataset", "recipe", "fraction", "member", "output"]
    table = pd.read_table(performance, dtype={"member": str}).query("metric == 'pearson'")
    values = table.set_index(keys)["value"].to_dict()
    return lambda row: values[tuple(row[key] for key in keys)]


def readable(table: pd.DataFrame, keys: list[str], length: int = 250) -> pd.DataFrame:
    """Keep, of longer sequences, as many bases where attribution is largest.

    Parameters
    ----------
    table
        Maps in long form, with a position and a score.
    keys
        Labels of a sequence: maps that share them are cut alike, around the largest sum of
        magnitudes of their mean.
    """

    def cut(maps: pd.DataFrame) -> pd.DataFrame:
        size = maps.groupby("position")["score"].mean().abs().to_numpy()
        start = 0
        if len(size) > length:
            start = int(np.argmax(np.convolve(size, np.ones(length), mode="valid")))
        return maps[maps["position"].between(start, start + length - 1)]

    return pd.concat(cut(maps) for _, maps in table.groupby(keys, sort=False))


def shade(ax: Axes, regions: Mapping[str, list[int]], positions: pd.Series) -> None:
    """Shade and name regions, [start, end) by name, as far as positions are shown."""
    first, last = positions.min(), positions.max()
    for region, (start, end) in regions.items():
        start, end = max(start, first), min(end, last + 1)
        if start < end:
            ax.axvspan(start - 0.5, end - 0.5, color="gold", alpha=0.25, linewidth=0)
            middle, above = (start + end - 1) / 2, ax.get_xaxis_transform()
            ax.text(middle, 1.0, region, ha="center", va="bottom", transform=above, fontsize=6)


def against_truth(
    points: pd.DataFrame, column: str, performance: str, truth: str, predicted: str
) -> Figure:
    """Draw predictions against the truth, one row a data set and output, with Pearson's r.

    Parameters
    ----------
    points
        Rows of the table of predictions.
    column
        Column whose values make the panels of a row.
    performance
        Table of performance.
    truth, predicted
        Labels of the axes.
    """
    points = points.assign(row=points["dataset"] + ": " + points["output"])
    r = _pearson_of(performance)
    figure, placed = grid(points, "row", column)
    for (row, name), axes in placed.items():
        panel = rows(points, row=row, **{column: name})
        density(axes, panel["truth"], panel["predicted"])
        axes.set_title(f"{row}\n{name}, r = {r(panel.iloc[0]):.3f}")
        axes.set_xlabel(truth)
    next(iter(placed.values())).set_ylabel(predicted)
    return figure


def density(axes: Axes, x: pd.Series, y: pd.Series) -> None:
    """Hexagonal density of points with their diagonal."""
    axes.hexbin(x, y, gridsize=50, bins="log", mincnt=1, cmap="viridis", linewidths=0.1)
    low, high = min(np.min(x), np.min(y)), max(np.max(x), np.max(y))
    axes.axline((low, low), (high, high), **GREY)
