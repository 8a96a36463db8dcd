"""The page on studies: the best trial so far, and trials against the values that they tried."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from degu.plotting.marks import rows
from degu.plotting.names import Names
from degu.plotting.pages import sections
from degu.plotting.style import Look, artist, legend

STUDY = ["dataset", "study", "fraction"]
# Panels on trials in their order; the others are called by their parameter.
ORDER = "trial"
LOOKS = {
    "complete": Look("#0072B2", "o"),
    "halved": Look("#56B4E9", "o", filled=False),
    "chosen": Look("#D55E00", "*"),
    "best so far": Look("#000000", "", "-"),
}
# Ratio of the largest to the smallest value from which on an axis is logarithmic.
WIDE = 10
# Most values that are ticks, each.
FEW = 6


def tuning_page(table: pd.DataFrame, names: Names) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw each study as a section: its trials in their order, then against each parameter.

    Parameters
    ----------
    table
        `degu.tuning.choice.table` of all studies; failed trials have no loss, and are left out.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    shown = table[table["validation_loss"].notna()]
    first = shown.drop_duplicates([*STUDY, "trial"])
    order = first.assign(parameter=ORDER, value=first["trial"])
    shown = pd.concat([order, shown]).sort_values(STUDY, kind="stable")
    figure, placed = sections(shown, STUDY, "parameter", _heading(names), columns=4, height=1.6)
    panels = {}
    for (*study, parameter), axes in placed.items():
        labels = dict(zip(STUDY, study, strict=True))
        panel = rows(shown, **labels, parameter=parameter)
        if parameter == ORDER:
            panel = panel.assign(best=_best(panel))
            axes.step(panel["trial"], panel["best"], where="post", color="black", linewidth=1)
        _trials(axes, panel, parameter)
        panels[" ".join(map(str, [*study, parameter]))] = panel
    legend(figure, LOOKS)
    return figure, panels


def _heading(names: Names):
    def heading(dataset: str, study: str, fraction: float) -> str:
        share = "" if fraction == 1 else f", {fraction:.0%} of the training set"
        return f"{names.datasets[dataset]}: {study.replace('_', ' ')}{share}"

    return heading


def _best(panel: pd.DataFrame) -> pd.Series:
    """Smallest loss, up to each trial, of those that were trained to their end."""
    complete = panel["validation_loss"].where(panel["state"] == "complete")
    return complete.cummin().ffill()


def _trials(axes: Axes, panel: pd.DataFrame, parameter: str) -> None:
    """Draw the loss of each trial against a value; words stand in the order of the table."""
    values, known = pd.to_numeric(panel["value"], errors="coerce"), []
    if values.isna().any():
        words = panel["value"].fillna("none").astype(str)
        known = sorted(words.unique())
        values = words.map(known.index)
        axes.set_xticks(range(len(known)), known)
    elif parameter != ORDER and values.min() > 0 and values.max() >= WIDE * values.min():
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
    if parameter == ORDER:
        axes.locator_params(axis="x", integer=True)
    elif not known and values.nunique() <= FEW:
        axes.set_xticks(sorted(values.unique()), [f"{one:g}" for one in sorted(values.unique())])
    for name, kept in {
        "halved": panel["state"] == "halved",
        "complete": (panel["state"] == "complete") & ~panel["chosen"],
        "chosen": panel["chosen"],
    }.items():
        look = artist(LOOKS[name]) | {"linestyle": "none", "mew": 0.7}
        size = 8 if name == "chosen" else 3.5
        axes.plot(values[kept], panel["validation_loss"][kept], **look, ms=size)
    low, high = np.nanmin(panel["validation_loss"]), np.nanmax(panel["validation_loss"])
    if low > 0 and high >= WIDE * low:
        axes.set_yscale("log")
    axes.set_xlabel(parameter.rpartition(".")[2].replace("_", " "))
    if parameter == ORDER:
        axes.set_ylabel("validation loss")
