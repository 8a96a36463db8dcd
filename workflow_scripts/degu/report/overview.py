"""Pictures of pages: students between single members and their ensemble."""

import base64
import io
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu import plotting
from degu.plotting.style import DISTILLED, ENSEMBLE, PAGE, SINGLE, Look, paint
from degu.report.advice import Ensemble
from degu.report.answers import names

ALONE = ENSEMBLE._replace(line="none")
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
    shown = {"single members": LOOKS["member"], "their ensemble": ALONE}
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
    axes.plot(lines["ensemble_r"], lines.index + 0.15, ms=4, **plotting.artist(ALONE))
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


def gains(ensembles: Sequence[Ensemble]) -> Figure:
    """Draw what ensembles and their students gain over the mean member, a line each.

    Those of the largest fraction of each ensemble are shown. Bars are 95 % intervals; they may
    leave the panel.
    """
    most = {}
    for one in ensembles:
        most[one.place] = max(one.own["fraction"], most.get(one.place, 0))
    lines = []
    for one in ensembles:
        if one.own["fraction"] == most[one.place]:
            lines.append((f"{one.place}, ensemble", ALONE, one.own, "gain"))
            lines += [(row["recipe"], LOOKS["student"], row, "reached") for row in one.students]
    figure, axes = plotting.canvas(1, 1, width=PAGE, height=0.6 + 0.2 * len(lines))
    (axes,) = axes.flat
    for height, (_, look, row, name) in enumerate(lines):
        value, low, high = (row[f"{name}{bound}"] for bound in ("", "_low", "_high"))
        bar = {"xerr": [[value - low], [high - value]], "ms": 4, "lw": 0.8}
        axes.errorbar(value, height, **bar, **plotting.artist(look))
    axes.axvline(0, **plotting.GREY)
    axes.set_yticks(range(len(lines)), [label for label, *_ in lines])
    axes.set_ylim(len(lines) - 0.5, -0.5)
    values = [0, *(row[name] for *_, row, name in lines)]
    margin = 0.005 + 0.4 * (np.nanmax(values) - np.nanmin(values))
    axes.set_xlim(np.nanmin(values) - margin, np.nanmax(values) + margin)
    axes.set_xlabel("Pearson r on the test set, minus that of the mean member")
    return figure


def embedded(figure: Figure) -> str:
    """Make a figure a PNG in a data URI."""
    buffer = io.BytesIO()
    paint(figure, buffer)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
