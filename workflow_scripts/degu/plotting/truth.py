"""Panels of predictions against the truth, as densities of points."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from degu.plotting.marks import rows
from degu.plotting.names import Names, unit_below
from degu.plotting.pages import sections
from degu.plotting.style import GREY, PAGE, wrapped

# Labels of the axes of truth and prediction, by the kind of a head.
TRUTHS = {
    "activity": ("measured", "predicted"),
    "aleatoric": ("spread of replicates", "aleatoric head"),
    "epistemic": ("spread of teachers", "epistemic head"),
}
# Largest square panel, with its labels, and the bar of counts beside a line of panels, in inches.
PANEL, BAR = 2.0, 0.8
# Labels of a row of the table of performance.
RUN_OUTPUT = ["dataset", "recipe", "fraction", "member", "output"]


def density(axes: Axes, x: pd.Series, y: pd.Series) -> PolyCollection:
    """Draw how many points lie in hexagons, and their diagonal."""
    low, high = min(np.min(x), np.min(y)), max(np.max(x), np.max(y))
    rim = 0.03 * (high - low)
    low, high = low - rim, high + rim
    shape = {"gridsize": 40, "mincnt": 1, "linewidths": 0.1, "extent": (low, high) * 2}
    image = axes.hexbin(x, y, cmap="viridis", **shape)
    axes.axline((low, low), (high, high), **GREY | {"color": "black"})
    axes.set(xlim=(low, high), ylim=(low, high))
    axes.set_aspect("equal")
    axes.locator_params(nbins=4, steps=[1, 2, 5, 10])
    return image


def truth_panels(
    placed: Mapping[object, Axes],
    panels: Mapping[object, pd.DataFrame],
    titles: Mapping[object, str],
    performance: pd.DataFrame,
) -> None:
    """Draw predictions against the truth with Pearson's r, all panels on one scale of counts.

    Parameters
    ----------
    placed, panels, titles
        Axes of each panel, its rows of the table of predictions (one head of a member), its title.
    performance
        Table of performance, which has r: that of profiles is of more bases than are kept.
    """
    images = {}
    for key, axes in placed.items():
        points = panels[key]
        one = points.iloc[0]
        (r,) = rows(performance, metric="pearson", **one[RUN_OUTPUT])["value"]
        images[axes] = density(axes, points["truth"], points["predicted"])
        axes.set_title(f"{titles[key]}\nr = {r:.3f}")
    one_scale(images)


def one_scale(images: Mapping[Axes, PolyCollection]) -> None:
    """Give densities one logarithmic scale of counts, with its bar beside their panels."""
    norm = LogNorm(1, max(2, *(image.get_array().max() for image in images.values())))
    for image in images.values():
        image.set_norm(norm)
    axes = list(images)
    style = {"pad": 0.01, "aspect": 25, "ticks": LogLocator(subs=(1, 2, 5)), "format": "{x:g}"}
    bar = axes[0].figure.colorbar(images[axes[0]], ax=axes, **style)
    bar.minorticks_off()
    bar.set_label("points in a hexagon")


def truth_labels(one: pd.Series, names: Names) -> tuple[str, str]:
    """Labels of the axes of truth and prediction for a row of the table of predictions."""
    truth, predicted = TRUTHS[one["kind"]]
    told = one.get("against")
    truth = told if told == "mean of teachers" else truth
    return tuple(names.axis(label, one["dataset"], one["output"]) for label in (truth, predicted))


def against_truth(
    points: pd.DataFrame, names: Names, performance: pd.DataFrame
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw a section an output with a panel a recipe (`truth_panels`).

    Panels are square, so that a page of few is narrower than others.

    Returns
    -------
    figure, panels : Figure, dict of title to DataFrame
        Rows of each panel.
    """
    by = ["dataset", "output"]
    columns = min(6, points.groupby(by)["recipe"].nunique().max())
    side = min(PANEL, (PAGE - BAR) / columns)
    size = {"width": max(PAGE / 2, columns * side + BAR), "height": side + 0.75}
    figure, placed = sections(points, by, "recipe", names.panel, columns, **size)
    panels = {}
    for (dataset, output), shown in points.groupby(by, sort=False):
        own = dict(list(shown.groupby("recipe", sort=False)))
        axes = {recipe: placed[dataset, output, recipe] for recipe in own}
        titles = {recipe: wrapped(names.recipes[recipe], 16) for recipe in own}
        truth_panels(axes, own, titles, performance)
        # The first panel of the last line speaks for all.
        at = [ax for ax in axes.values() if ax.get_subplotspec().is_first_col()][-1]
        x, y = map(unit_below, truth_labels(shown.iloc[0], names))
        at.set(xlabel=x, ylabel=y)
        title = names.panel(dataset, output)
        panels |= {f"{title}, {names.recipes[recipe]}": some for recipe, some in own.items()}
    return figure, panels
