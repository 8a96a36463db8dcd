"""The page on students of other models: agreement by task, and ranks of the losses."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.plotting.marks import rows
from degu.plotting.names import Names
from degu.plotting.pages import lined
from degu.plotting.style import ENSEMBLE, GREY, artist, legend, titled

METRICS = {"r2": "R² on the test set", "mcc": "Matthews correlation on the test set"}
RANKS = "percentile rank within a task"


def guided_page(
    table: pd.DataFrame, variants: pd.DataFrame, tests: pd.DataFrame, names: Names
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw each task as a panel, recipes from above, teachers below; then ranks by loss.

    Parameters
    ----------
    table, variants, tests
        Tables of `degu.tables.guided`; of each data set the largest fraction is drawn as a task.
    names
        Names and looks.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    whole = table["fraction"] == table.groupby("dataset")["fraction"].transform("max")
    panels = {
        names.panel(dataset, output) if output != "all" else names.datasets[dataset]: part
        for (dataset, output), part in table[whole].groupby(["dataset", "output"], sort=False)
    }
    lines = [[title] for title in panels]
    heights = [0.9 + 0.2 * part["model"].nunique() for part in panels.values()]
    figure, placed = lined([*lines, [RANKS]], [*heights, 1.0 + 0.3 * variants["loss"].nunique()])
    for title, part in panels.items():
        _task(placed[title], part, names)
        titled(placed[title], title)
    _ranks(placed[RANKS], variants, tests)
    marks = {"a member": ".", "a teacher, with 95 % interval": "D"}
    legend(figure, {"ensemble, with 95 % interval": ENSEMBLE}, marks)
    return figure, panels | {RANKS: variants}


def _task(axes: Axes, part: pd.DataFrame, names: Names) -> None:
    """Draw members, ensembles and teachers, a line each, from above in the order of the table."""
    looks = names.looks(part.loc[part["kind"] != "teacher", "model"])
    labels = list(dict.fromkeys(zip(part["model"], part["kind"] == "teacher", strict=True)))
    for place, (model, teaches) in enumerate(labels):
        own = rows(part, model=model)
        for row in own[(own["kind"] == "teacher") == teaches].to_dict("records"):
            if row["kind"] == "member":
                look = artist(looks[model]) | {"linestyle": "none"}
                axes.plot([row["value"]], [place], **look, ms=4)
                continue
            colour, marker = ("black", "D") if teaches else (ENSEMBLE.colour, "|")
            errors = [[row["value"] - row["low"]], [row["high"] - row["value"]]]
            style = {"c": colour, "marker": marker, "ms": 4, "capsize": 2, "linewidth": 1}
            axes.errorbar([row["value"]], [place], xerr=errors, **style)
    told = [f"teacher {m}" if teaches else names.recipes.get(m, m) for m, teaches in labels]
    axes.set_yticks(range(len(labels)), told)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlabel(METRICS[part["metric"].iloc[0]])


def _ranks(axes: Axes, variants: pd.DataFrame, tests: pd.DataFrame) -> None:
    """Draw the ranks of each loss, their median, and the tests between losses."""
    losses = list(dict.fromkeys(variants["loss"]))
    for place, loss in enumerate(losses):
        own = rows(variants, loss=loss)["rank"]
        axes.plot(own, np.full(len(own), place), ".", c="black", ms=5, alpha=0.6)
        axes.plot([own.median()], [place], "|", c="black", ms=12)
    told = [
        f"{row.one}, {row.other}: p = {row.p:.2g}"
        for row in rows(tests, choice="loss").itertuples()
    ]
    axes.axvline(50, **GREY)
    axes.set_yticks(range(len(losses)), losses)
    axes.set_ylim(len(losses) - 0.5, -0.5)
    axes.set_xlim(0, 104)
    axes.set_xlabel("\n".join([RANKS, *told]))
