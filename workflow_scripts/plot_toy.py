"""Draw one-dimensional functions of an ensemble and of its students."""

import pandas as pd

from degu import plotting
from degu.job import log_to

LINES = {
    "member": {"color": "#009E73", "linewidth": 0.6, "alpha": 0.7},
    "function": {"color": "grey", "linewidth": 0.8, "linestyle": ":"},
    "ensemble": {"color": "black", "linewidth": 1.4},
    "student": {"color": "#E69F00", "linewidth": 1.4, "linestyle": "--"},
    "student_outside": {"color": "#D55E00", "linewidth": 1.4, "linestyle": "-."},
}
POINTS = {
    "measured": {"color": "#CC3311", "marker": "o", "s": 9},
    "labelled": {"color": "#CC3311", "marker": "+", "s": 12, "linewidth": 0.5, "alpha": 0.5},
}
NAMES = {
    "member": "members",
    "ensemble": "mean of the ensemble",
    "student": "student of labels at measured points",
    "student_outside": "student of labels outside as well",
    "measured": "measured",
    "labelled": "labelled by the ensemble",
}


def main(table: str, pdf: str, png: str) -> None:
    """One panel: curves of members, their mean and two students; measured and labelled points."""
    table = pd.read_table(table)
    figure, axes = plotting.canvas(1, 1, width=4.5, height=3.2)
    ax = axes[0, 0]
    for role, style in POINTS.items():
        points = plotting.rows(table, role=role)
        ax.scatter(points["x"], points["y"], **style, label=NAMES[role])
    for role, style in LINES.items():
        for member, curve in plotting.rows(table, role=role).groupby("member"):
            label = NAMES.get(role, role) if member == 0 else None
            ax.plot(curve["x"], curve["y"], **style, label=label)
    ax.set(xlabel="x", ylabel="f(x)")
    figure.legend(loc="outside lower center", ncols=2)
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input.table, snakemake.output.pdf, snakemake.output.png)
