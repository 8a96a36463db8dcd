"""The panel of one-dimensional functions of an ensemble and of its students."""

import pandas as pd
from matplotlib.axes import Axes

from degu.plotting.marks import rows

POINTS = {
    "measured": {"color": "black", "marker": "o", "s": 10},
    "labelled": {"color": "#444444", "marker": "+", "s": 16, "linewidth": 0.7},
}
LINES = {
    "member": {"color": "#56B4E9", "linewidth": 0.6},
    "function": {"color": "black", "linewidth": 1, "linestyle": ":"},
    "ensemble": {"color": "#009E73", "linewidth": 1.6},
    "student": {"color": "#E69F00", "linewidth": 1.6, "linestyle": "--"},
    "student_outside": {"color": "#882255", "linewidth": 1.6, "linestyle": "-."},
}
# Most points of a role.
MOST = 40
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
        points = thinned(rows(table, role=role))
        handles[role] = axes.scatter(points["x"], points["y"], zorder=3, **style)
    axes.set(xlabel="x", ylabel="f(x)")
    shown = {title: handles[role] for role, title in TITLES.items() if role in handles}
    place = {"loc": "center left", "bbox_to_anchor": (1, 0.5)}
    axes.legend(shown.values(), shown.keys(), **place)


def thinned(points: pd.DataFrame) -> pd.DataFrame:
    """Take every so many points, by x, so that at most `MOST` do not hide the curves."""
    return points.sort_values("x").iloc[:: -(-len(points) // MOST) or 1]
