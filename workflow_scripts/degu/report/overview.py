"""The picture of the first page: students between single members and their ensemble."""

import base64
import io

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu import plotting
from degu.plotting.style import DISTILLED, ENSEMBLE, PAGE, SINGLE, Look, paint
from degu.report.answers import names

LOOKS = {"member": Look(SINGLE["colours"][0], "o"), "student": Look(DISTILLED["colours"][0], "s")}


def draw(rows: pd.DataFrame, level: float) -> Figure:
    """Draw Pearson's r and coverage of each comparison at its largest fraction, a line each.

    Parameters
    ----------
    rows
        From `degu.tables.summary.compare`, titled.
    level
        Nominal coverage of intervals.
    """
    largest = rows.groupby(["dataset", "recipe"])["fraction"].transform("max")
    lines = rows[rows["fraction"] == largest].iloc[::-1].reset_index(drop=True)
    figure, axes = plotting.canvas(1, 2, width=PAGE / 2, height=0.8 + 0.24 * len(lines))
    for ax, labels in zip(axes[0], [names(lines), []], strict=True):
        ax.set_yticks(lines.index, labels)
        ax.set_ylim(-0.6, len(lines) - 0.4)
        ax.grid(axis="y", color="0.93")
        ax.set_axisbelow(True)
    _agreement(axes[0, 0], lines)
    _coverage(axes[0, 1], lines, level)
    shown = {"single members": LOOKS["member"], "their ensemble": ENSEMBLE._replace(line="none")}
    shown |= {"students": LOOKS["student"]}
    plotting.legend(figure, shown, {"as predicted": "hollow", "calibrated": "o"})
    return figure


def _agreement(axes: Axes, lines: pd.DataFrame) -> None:
    """Draw means with their intervals; these may leave the panel."""
    for side, offset in {"member": 0.15, "student": -0.15}.items():
        mean = lines[f"{side}_r"]
        errors = [mean - lines[f"{side}_low"], lines[f"{side}_high"] - mean]
        axes.errorbar(
            mean, lines.index + offset, xerr=errors, ms=4, lw=0.8, **plotting.artist(LOOKS[side])
        )
    look = plotting.artist(ENSEMBLE._replace(line="none"))
    axes.plot(lines["ensemble_r"], lines.index + 0.15, ms=4, **look)
    means = lines[["member_r", "student_r", "ensemble_r"]].to_numpy()
    # The r of constant predictions is undefined.
    means = means[np.isfinite(means)]
    if len(means):
        margin = 0.02 + 0.3 * np.ptp(means)
        axes.set_xlim(means.min() - margin, means.max() + margin)
    axes.set_xlabel("Pearson r on the test set")


def _coverage(axes: Axes, lines: pd.DataFrame, level: float) -> None:
    """Draw the students' coverage: hollow as predicted, filled after calibration."""
    look = LOOKS["student"]
    for column, filled in {"coverage": False, "conformal_coverage": True}.items():
        drawn = plotting.artist(look._replace(filled=filled))
        axes.plot(lines[column], lines.index, ms=4, **drawn)
    axes.axvline(level, **plotting.GREY)
    axes.set_xlim(0, 1.03)
    axes.set_xlabel(f"coverage of students'\n{level * 100:g} % intervals")


def embedded(figure: Figure) -> str:
    """Make a figure a PNG in a data URI."""
    buffer = io.BytesIO()
    paint(figure, buffer)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
