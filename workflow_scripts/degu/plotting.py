"""One style for all figures: sizes, colours, panels."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from degu.job import InputError, atomic

# Okabe and Ito's colours, which colour-blind readers can tell apart, then darker ones of Tol's.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999"]
COLOURS += ["#000000", "#882255", "#332288", "#999933", "#661100", "#117733", "#AA4499"]
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


def colours(names) -> dict[str, str]:
    """One colour a name, in order of appearance."""
    names = list(dict.fromkeys(names))
    return {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}


def panels(rows: int, columns: int, width: float = 2.6, height: float = 2.4):
    """Make a grid of panels: figure, and axes of shape (rows, columns). Sizes in inches a panel."""
    return plt.subplots(
        rows, columns, figsize=(width * columns, height * rows), squeeze=False, dpi=200
    )


def grid(table: pd.DataFrame, row: str, column: str, width: float = 2.6):
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
    figure, axes = panels(len(rows), max(map(len, rows.values())), width)
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


def legend(figure, colours: dict[str, str], styles: dict[str, str]) -> None:
    """Explain colours, and markers or line styles ("hollow" is an empty circle), under a figure."""
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
                marker="" if line else {"hollow": "o"}.get(style, style),
                markerfacecolor="none" if style in ("hollow", "D") else "grey",
                markersize=5,
            )
        )
    columns = max(1, int(figure.get_figwidth() / 1.4))
    figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), columns))


def members(axes, at, values, alone, colour: str) -> None:
    """Draw values of members as dots, scattered around their place, and ensembles as diamonds.

    Parameters
    ----------
    at, values : Series
    alone : bool Series
        Which of them are of an ensemble.
    """
    rng = np.random.default_rng(0)
    around = at[~alone] + rng.uniform(-0.04, 0.04, (~alone).sum())
    axes.scatter(around, values[~alone], s=7, alpha=0.5, color=colour)
    axes.plot(at[alone], values[alone], "D", ms=4, mfc="none", c=colour)


def boxes(axes, groups: dict[str, pd.Series], colours: dict[str, str]) -> None:
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


def base_map(figure, ax, values: pd.DataFrame, signed: bool) -> None:
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


def _pearson_of(performance: str):
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
        Of a sequence: maps that share them are cut alike, around the largest sum of magnitudes of
        their mean.
    """

    def cut(maps: pd.DataFrame) -> pd.DataFrame:
        size = maps.groupby("position")["score"].mean().abs().to_numpy()
        start = 0
        if len(size) > length:
            start = int(np.argmax(np.convolve(size, np.ones(length), mode="valid")))
        return maps[maps["position"].between(start, start + length - 1)]

    return pd.concat(cut(maps) for _, maps in table.groupby(keys, sort=False))


def shade(ax, regions: dict[str, list[int]], positions: pd.Series) -> None:
    """Shade and name regions, [start, end) by name, as far as positions are shown."""
    first, last = positions.min(), positions.max()
    for region, (start, end) in regions.items():
        start, end = max(start, first), min(end, last + 1)
        if start < end:
            ax.axvspan(start - 0.5, end - 0.5, color="gold", alpha=0.25, linewidth=0)
            middle, above = (start + end - 1) / 2, ax.get_xaxis_transform()
            ax.text(middle, 1.0, region, ha="center", va="bottom", transform=above, fontsize=6)


def against_truth(points: pd.DataFrame, column: str, performance: str, truth: str, predicted: str):
    """Draw predictions against the truth, one row a data set and output, with Pearson's r.

    Parameters
    ----------
    points
        Rows of the table of predictions.
    column
        Whose values make the panels of a row.
    performance
        The table of it.
    truth, predicted
        Labels of the axes.
    """
    points = points.assign(row=points["dataset"] + ": " + points["output"])
    r = _pearson_of(performance)
    figure, placed = grid(points, "row", column)
    for (row, name), axes in placed.items():
        shown = points[(points["row"] == row) & (points[column] == name)]
        _density(axes, shown["truth"], shown["predicted"])
        axes.set_title(f"{row}\n{name}, r = {r(shown.iloc[0]):.3f}")
        axes.set_xlabel(truth)
    next(iter(placed.values())).set_ylabel(predicted)
    return figure


def _density(axes, x, y) -> None:
    """Hexagonal density of points with their diagonal."""
    axes.hexbin(x, y, gridsize=50, bins="log", mincnt=1, cmap="viridis", linewidths=0.1)
    low, high = min(np.min(x), np.min(y)), max(np.max(x), np.max(y))
    axes.axline((low, low), (high, high), color="grey", linewidth=0.6, linestyle=":")


def save(figure, pdf: str, png: str) -> None:
    """Write a figure in both formats and close it."""
    for path in (pdf, png):
        with atomic(path) as temporary:
            figure.savefig(temporary)
    plt.close(figure)
