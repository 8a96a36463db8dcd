"""Pages on classes: agreement of recipes, confusion, reliability of probabilities."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.plotting.agreement import SPAN
from degu.plotting.marks import largest, roomy, rows, single
from degu.plotting.names import Names
from degu.plotting.pages import grid, lined
from degu.plotting.style import ENSEMBLE, GREY, artist, legend, titled

# Measures of all classes together, and their axes.
MEASURES = {
    "mcc": "Matthews' correlation",
    "balanced_accuracy": "balanced accuracy",
    "auroc": "area under ROC curve",
}
# Most classes whose numbers are written into a confusion matrix.
WRITTEN = 13


def classes_page(table: pd.DataFrame, names: Names) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw each data set as a line of measures: members and ensembles of recipes from above.

    Parameters
    ----------
    table
        `degu.tables.classes.agreement` of all runs; the largest fraction of each is drawn.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    shown = largest(rows(table, output="all", metric=[*MEASURES]))
    lines, heights, panels = [], [], {}
    for dataset, part in shown.groupby("dataset", sort=False):
        keys = {
            f"{names.datasets[dataset]}, {title}": rows(part, metric=metric)
            for metric, title in MEASURES.items()
        }
        panels |= keys
        lines.append([*keys])
        heights.append(0.9 + 0.18 * part["recipe"].nunique())
    figure, placed = lined(lines, heights)
    for key, panel in panels.items():
        _agreement(placed[key], panel, names)
    legend(figure, {"ensemble, with 95 % interval": ENSEMBLE}, {"member": "o"})
    return figure, panels


def _agreement(axes: Axes, panel: pd.DataFrame, names: Names) -> None:
    """Draw one measure of the recipes of a data set."""
    looks = names.looks(panel["recipe"])
    for place, (recipe, look) in enumerate(looks.items()):
        own = rows(panel, recipe=recipe)
        members, together = single(own)["value"], rows(own, member="ensemble").iloc[0]
        dots = artist(look) | {"linestyle": "none"}
        axes.plot(members, np.full(len(members), place), **dots, ms=3, alpha=0.6)
        errors = [[together["value"] - together["low"]], [together["high"] - together["value"]]]
        errors = None if np.isnan(errors).any() else errors
        bar = artist(ENSEMBLE) | {"linestyle": "none"}
        axes.errorbar([together["value"]], [place + 0.25], xerr=errors, **bar, ms=4, lw=0.8)
    first = axes.get_subplotspec().is_first_col()
    axes.set_yticks(range(len(looks)), [names.recipes[one] for one in looks] if first else [])
    axes.set_ylim(len(looks) - 0.4, -0.6)
    axes.set_xlabel(MEASURES[panel["metric"].iloc[0]])
    axes.locator_params(axis="x", nbins=4)
    roomy(axes, SPAN, low=-1, high=1, axis="x")
    if first:
        titled(axes, names.datasets[panel["dataset"].iloc[0]])


def confusion_page(table: pd.DataFrame, names: Names) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw what the sequences of each class are called by each ensemble, as shares of the class.

    Parameters
    ----------
    table
        `degu.tables.classes.confusion` of all runs; the largest fraction of each is drawn.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    shown = largest(table)
    classes = shown.groupby("dataset")["truth"].nunique().max()
    figure, placed = grid(shown, "dataset", "recipe", *(2 * [max(2.4, 0.9 + 0.2 * classes)]))
    panels = {}
    for (dataset, recipe), axes in placed.items():
        title = f"{names.datasets[dataset]}: {names.recipes[recipe]}"
        panels[title] = rows(shown, dataset=dataset, recipe=recipe)
        _confusion(axes, panels[title], names.targets[dataset])
        titled(axes, title)
    return figure, panels


def _confusion(axes: Axes, panel: pd.DataFrame, targets: dict[str, list[str]]) -> None:
    order = list(panel["truth"].unique())
    counts = panel.pivot(index="truth", columns="predicted", values="number").loc[order, order]
    shares = (counts.T / counts.sum(axis=1)).T.to_numpy()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    titles = [targets[name][0] for name in order]
    for at, share in np.ndenumerate(shares) if len(order) <= WRITTEN else ():
        if share >= 0.005:
            colour = "white" if share > 0.6 else "black"
            where = {"ha": "center", "va": "center", "fontsize": 5}
            axes.text(*at[::-1], f"{100 * share:.0f}", color=colour, **where)
    axes.set_xticks(range(len(order)), titles, rotation=90)
    axes.set_yticks(range(len(order)), titles)
    axes.set(xlabel="called", ylabel="class")


def class_reliability_page(
    table: pd.DataFrame, names: Names
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw accuracy by confidence of ensembles: as predicted, and at one temperature.

    Parameters
    ----------
    table
        `degu.tables.classes.calibration`, its reliability, of all runs; the largest fraction of
        each is drawn.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    shown = rows(largest(table), member="ensemble")
    figure, placed = grid(shown.assign(all=""), "all", "dataset", width=2.4, height=2.4)
    panels = {}
    for (_, dataset), axes in placed.items():
        title = names.datasets[dataset]
        panels[title] = rows(shown, dataset=dataset).dropna(subset=["confidence"])
        looks = names.looks(panels[title]["recipe"])
        for (recipe, scaled), curve in panels[title].groupby(["recipe", "scaled"], sort=False):
            line = artist(looks[recipe]) | {"linestyle": "--" if scaled else "-"}
            size = {"ms": 3 if scaled else 4, "lw": 0.8, "alpha": 0.6 if scaled else 1}
            axes.plot(curve["confidence"], curve["accuracy"], **line, **size)
        axes.axline((0, 0), (1, 1), **GREY)
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="confidence", ylabel="accuracy")
        titled(axes, title)
    styles = {"as predicted": "-", "at one temperature": "--"}
    legend(figure, names.marks(shown["recipe"]), styles)
    return figure, panels
