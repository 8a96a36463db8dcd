"""The panel of one-dimensional functions of an ensemble and of its students."""

import pandas as pd
from matplotlib.axes import Axes

from degu.plotting.marks import rows

POINTS = {
    "measured": {"color": "black", "marker": "o", "s": 10},
    "labelled": {"color": "#666666", "marker": "+", "s": 12, "linewidth": 0.5},
}
LINES = {
    "member": {"color": "#56B4E9", "linewidth": 0.6},
    "function": {"color": "black", "linewidth": 1, "linestyle": ":"},
    "ensemble": {"color": "#009E73", "linewidth": 1.6},
    "student": {"color": "#E69F00", "linewidth": 1.6, "linestyle": "--"},
    "student_outside": {"color": "#882255", "linewidth": 1.6, "linestyle": "-."},
}
TITLES = {
    "function": "function",
    "measured": "measured",
    "member": "members of the ensemble",
    "ensemble": "mean of the ensemble",
    "labelled": "labelled by the ensemble",
    "student": "student of labels at measured points",
    "student_outside": "student of labels outside as well",
}


def toy_panel(axes: Axes, table: pd.DataFrame) -> None:
    """Draw curves and points by their role, explained on the right.

    Parameters
    ----------
    table
        Columns role, member, x, y (`degu.toy.simulate`).
    """
    handles = {}
    for role, style in LINES.items():
        for _, curve in rows(table, role=role).groupby("member"):
            (handles[role],) = axes.plot(curve["x"], curve["y"], **style)
    for role, style in POINTS.items():
        points = rows(table, role=role)
        handles[role] = axes.scatter(points["x"], points["y"], zorder=3, **style)
    axes.set(xlabel="x", ylabel="f(x)")
    shown = {title: handles[role] for role, title in TITLES.items() if role in handles}
    place = {"loc": "center left", "bbox_to_anchor": (1, 0.5)}
    axes.legend(shown.values(), shown.keys(), **place)
