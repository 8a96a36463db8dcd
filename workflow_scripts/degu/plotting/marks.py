"""Basics of panels: rows of tables, places beside a tick, reference lines, limits of axes."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from degu.plotting.style import GREY, Look


def rows(table: pd.DataFrame, **labels: object) -> pd.DataFrame:
    """Rows of a table that have these labels; a list allows each of its values.

    A table without rows may lack the columns, as that of no run does.
    """
    if table.empty:
        return table
    kept = np.ones(len(table), bool)
    for column, label in labels.items():
        allowed = label if isinstance(label, list) else [label]
        kept &= table[column].isin(allowed).to_numpy()
    return table[kept]


def single(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of single members, without those of their ensembles."""
    return table if table.empty else table[table["member"] != "ensemble"]


def largest(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the largest training fraction of each recipe on each data set."""
    fraction = table.groupby(["dataset", "recipe"])["fraction"].transform("max")
    return table[table["fraction"] == fraction]


def select(
    table: pd.DataFrame, panels: Mapping[str, Mapping[str, object]]
) -> dict[str, pd.DataFrame]:
    """Rows of a table for each panel of a figure of the paper; panels without rows are left out.

    Parameters
    ----------
    table
        Rows of `Names.place`.
    panels
        Labels of the rows by the panel's letter.
    """
    return {
        letter: shown.drop(columns=["role", "place"])
        for letter, labels in panels.items()
        if not (shown := rows(table, **labels)).empty
    }


def beside(number: int, total: int, width: float = 0.8) -> float:
    """Offset of one of several groups that stand side by side around a tick."""
    return (number - (total - 1) / 2) * width / total


def reference(axes: Axes, y: float) -> None:
    """Draw a grey dotted line at a value."""
    axes.axhline(y, **GREY)


def level(axes: Axes, y: float, look: Look) -> None:
    """Draw a value that stands for the whole panel, such as an ensemble's, as a line across it."""
    axes.axhline(y, color=look.colour, linestyle=look.line, linewidth=1)


def roomy(
    axes: Axes, least: float, low: float = -np.inf, high: float = np.inf, axis: str = "y"
) -> None:
    """Widen an axis to a least span, so that no small difference looks large.

    Parameters
    ----------
    least
        Least span, in units of the axis.
    low, high
        Bounds that the axis does not pass.
    axis
        y or x.
    """
    bottom, top = getattr(axes, f"get_{axis}lim")()
    if (lack := least - (top - bottom)) > 0:
        bottom, top = bottom - lack / 2, top + lack / 2
    axes.set(**{f"{axis}lim": (max(low, bottom), min(high, top))})
