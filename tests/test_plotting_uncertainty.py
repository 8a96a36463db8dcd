"""Panels on intervals by what they draw."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from degu import plotting

COLOUR = "#0072B2"


@pytest.fixture
def axes():
    """One panel; all figures are closed behind a test."""
    yield plotting.canvas(1, 1)[1][0, 0]
    plt.close("all")


def test_widths_are_hollow_as_predicted_and_filled_as_calibrated(axes):
    points = pd.DataFrame(
        {
            "recipe": ["degu"],
            "kind": ["total"],
            "width": [1.0],
            "conformal_width": [2.0],
            "coverage": [0.7],
            "conformal_coverage": [0.95],
            "pearson": [0.5],
        }
    )
    plotting.widths(axes, points, "coverage", {"degu": COLOUR})
    hollow, filled = axes.collections
    assert (hollow.get_offsets().tolist(), filled.get_offsets().tolist()) == (
        [[1, 0.7]],
        [[2, 0.95]],
    )
    assert len(hollow.get_facecolor()) == 0
    assert to_hex(filled.get_facecolor()[0]).upper() == COLOUR
    plotting.widths(axes, points, "pearson", {"degu": COLOUR})
    assert [dots.get_offsets().tolist() for dots in axes.collections[2:]] == [
        [[1, 0.5]],
        [[2, 0.5]],
    ]


def test_reliability_has_a_curve_a_metric_and_the_diagonal(axes):
    curves = pd.DataFrame(
        {
            "recipe": "degu",
            "kind": "epistemic",
            "metric": ["coverage", "coverage", "conformal_coverage", "conformal_coverage"],
            "level": [0.5, 0.9, 0.5, 0.9],
            "value": [0.2, 0.4, 0.5, 0.9],
        }
    )
    plotting.reliability(axes, curves, {"degu": COLOUR})
    drawn = {line.get_linestyle(): line for line in axes.lines if len(line.get_xdata()) == 2}
    assert drawn["-"].get_ydata().tolist() == [0.2, 0.4]
    assert drawn["--"].get_ydata().tolist() == [0.5, 0.9]
    assert {drawn[style].get_marker() for style in ("-", "--")} == {"o"}
    assert axes.get_xlim() == axes.get_ylim() == (0, 1)
