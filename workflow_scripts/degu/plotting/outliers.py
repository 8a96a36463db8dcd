"""The page on foreign sequences: how well each score tells them from test sequences."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.plotting.marks import largest, rows
from degu.plotting.names import Names
from degu.plotting.pages import broken, lined
from degu.plotting.style import ENSEMBLE, GREY, Look, artist, legend, titled, wrapped

# Scores that are drawn, from above: name, source, and how a line is called.
SHOWN = {
    ("mutual_information", "members"): "information, ensemble of {}",
    ("mutual_information", "passes"): "information, passes of {}",
    ("mutual_information", "head"): "information, head of {}",
    ("epistemic_variance", "members"): "variance, ensemble of {}",
    ("epistemic_variance", "passes"): "variance, passes of {}",
    ("epistemic_variance", "head"): "variance, head of {}",
    ("max_probability", "prediction"): "largest probability, {}",
    ("mahalanobis", "distance"): "Mahalanobis distance",
    ("nearest", "distance"): "nearest neighbours",
}
# Scores of what models take are the same whatever the recipe, and so are drawn once.
INPUTS = "inputs"
# Groups side by side at most.
MOST = 5
DISTANCE = Look("#000000", "|", "none")


class _Line(NamedTuple):
    """A score of a recipe: its label, its look, and its rows of one data set."""

    label: str
    look: Look
    rows: pd.DataFrame


def outliers_page(table: pd.DataFrame, names: Names) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw the area under the ROC curve by group, a line a score of a recipe, for each data set.

    Parameters
    ----------
    table
        `degu.tables.outliers.areas` of all runs; the largest fraction of each is drawn.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    shown = largest(rows(table, metric="auroc"))
    lines, heights, drawn, panels = [], [], {}, {}
    for dataset, part in shown.groupby("dataset", sort=False):
        found = _lines(part, names)
        for groups in broken(dict.fromkeys(part["group"]), MOST):
            keys = {f"{names.datasets[dataset]}: {group}": group for group in groups}
            for key, group in keys.items():
                drawn[key] = [one._replace(rows=rows(one.rows, group=group)) for one in found]
                panels[key] = pd.concat(one.rows for one in drawn[key])
            lines.append([*keys])
            heights.append(0.9 + 0.15 * len(found))
    figure, placed = lined(lines, heights)
    for key, found in drawn.items():
        _panel(placed[key], found)
        title = key if placed[key].get_subplotspec().is_first_col() else key.split(": ")[-1]
        titled(placed[key], title)
    legend(
        figure,
        {"ensemble": ENSEMBLE, "distance to the training set": DISTANCE}
        | names.marks(shown["recipe"]),
    )
    return figure, panels


def _lines(part: pd.DataFrame, names: Names) -> list[_Line]:
    """Scores of a data set that are drawn, in their order."""
    looks, found = names.looks(part["recipe"]), []
    for (score, source), label in SHOWN.items():
        some = rows(part, score=score, source=source)
        if source == "distance" and (some["member"] == INPUTS).any():
            first = some["recipe"].iloc[0]
            found.append(_Line(label, DISTANCE, rows(some, recipe=first, member=INPUTS)))
            continue
        for recipe, look in looks.items():
            own = rows(some, recipe=recipe)
            if source == "members" and recipe in names.teachers:
                # The ensemble of students is none that a user has.
                continue
            if source == "prediction" and (own["member"] == "ensemble").any():
                own = rows(own, member="ensemble")
            if len(own):
                of = ENSEMBLE if source in ("members",) else look
                title = label.format(names.recipes[recipe])
                title += f", {names.recipes[recipe]}" if source == "distance" else ""
                found.append(_Line(title, of._replace(line="none"), own))
    return found


def _panel(axes: Axes, found: list[_Line]) -> None:
    """Draw means over members with their mean intervals, and members as small dots."""
    for place, one in enumerate(found):
        value, low, high = one.rows[["value", "low", "high"]].mean()
        bar = {"xerr": [[value - low], [high - value]], "ms": 4, "lw": 0.8}
        axes.errorbar([value], [place], **bar, **artist(one.look))
        if len(one.rows) > 1:
            dots = {"color": one.look.colour, "marker": ".", "ms": 2, "linestyle": "none"}
            axes.plot(one.rows["value"], np.full(len(one.rows), place + 0.3), **dots)
    axes.axvline(0.5, **GREY)
    axes.set_xlim(min(0.4, axes.get_xlim()[0]), 1.01)
    first = axes.get_subplotspec().is_first_col()
    labels = [wrapped(one.label, 44) for one in found]
    axes.set_yticks(range(len(found)), labels if first else [])
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.set_xlabel("area under\nROC curve")
