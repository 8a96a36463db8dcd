"""Panels on agreement by what they draw: places, values, colours, limits."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba

from degu import plotting
from plotted import NAMES

COLOUR = "#0072B2"


@pytest.fixture
def axes():
    """One panel; all figures are closed behind a test."""
    yield plotting.canvas(1, 1)[1][0, 0]
    plt.close("all")


def test_boxes_reach_over_the_whole_range_and_show_few_values(axes):
    groups = {"standard": pd.Series([1.0, 2, 3, 4, 100]), "degu": pd.Series(np.arange(1000.0))}
    red = plotting.Look("red", "s")
    plotting.boxes(axes, groups, {"degu": red, "standard": plotting.Look(COLOUR, "o")})
    assert [label.get_text() for label in axes.get_xticklabels()] == ["standard", "degu"]
    assert axes.get_xticks().tolist() == [0, 1]
    # Two whiskers, two caps, the median, and no outliers.
    lines = [line for line in axes.lines if line.get_color() == COLOUR]
    ends = [line.get_ydata() for line in lines if len(line.get_ydata())]
    assert len(ends) == 5
    assert (min(map(min, ends)), max(map(max, ends))) == (1, 100)
    box = axes.patches[0].get_path().vertices[:, 1]
    assert (box.min(), box.max()) == (2, 4)
    assert to_rgba(axes.patches[1].get_edgecolor())[:3] == to_rgba("red")[:3]
    # Values of a small group alone.
    (dots,) = axes.collections
    assert sorted(dots.get_offsets()[:, 1].tolist()) == [1, 2, 3, 4, 100]
    assert (np.abs(dots.get_offsets()[:, 0]) <= 0.15).all()


def test_distributions_are_told_apart_by_line_and_colour(axes):
    table = pd.DataFrame(
        {
            "dataset": "starr",
            "output": "Dev",
            "shift": ["none", "none", "large", "large"],
            "probability": [0, 1, 0, 1],
            "value": [-2.0, 2, -1, 1],
        }
    )
    plotting.distribution_panel(axes, table, NAMES)
    drawn = [line for line in axes.lines if len(line.get_xdata())]
    assert [line.get_xdata().tolist() for line in drawn] == [[-2, 2], [-1, 1]]
    assert [line.get_ydata().tolist() for line in drawn] == [[0, 1]] * 2
    looks = plotting.SHIFT_LOOKS.values()
    assert len({look.line for look in looks}) == len({look.colour for look in looks}) == 4
    assert axes.get_xlabel() == "predicted [log2]"


def test_distances_to_the_oracle_are_boxes_by_shift(axes):
    table = pd.DataFrame(
        {
            "dataset": "starr",
            "output": "Dev",
            "recipe": ["standard", "degu", "degu"],
            "member": ["0", "0", "1"],
            "shift": ["none", "large", "large"],
            "value": [0.2, 0.1, 0.3],
        }
    )
    plotting.shift_panel(axes, table, NAMES, oracle="noisy")
    dots = [dots.get_offsets()[:, 1].tolist() for dots in axes.collections]
    assert dots == [[0.2], [0.1, 0.3]]
    places = [round(float(dots.get_offsets()[:, 0].mean())) for dots in axes.collections]
    assert places == [0, 3]
    ticks = [tick.get_text() for tick in axes.get_xticklabels()]
    assert ticks == ["no shift", "small\nmutagenesis", "moderate\nEvoAug", "large\nshuffling"]
    assert axes.get_ylabel() == "MSE to ensemble of with noise\n[(log2)²]"
    assert axes.get_ylim()[0] == 0


def test_bands_stand_at_their_fractions_with_bounds(axes):
    """Two recipes side by side at the fractions 0.5 and 1."""
    means = pd.DataFrame(
        {
            "recipe": ["standard", "degu"] * 2,
            "fraction": [0.5, 0.5, 1.0, 1.0],
            "mean": [0.5, 0.6, 0.7, 0.8],
            "low": [0.4, 0.5, 0.6, 0.7],
            "high": [0.7, 0.8, 0.9, 1.0],
            "ensemble": [0.55, 0.65, 0.75, 0.85],
        }
    )
    members = pd.DataFrame({"recipe": ["degu"], "fraction": [1.0], "value": [0.9]})
    plotting.bands(axes, members, means, {"standard": "#000000", "degu": COLOUR})
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0.5", "1"]
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    assert [line.get_ydata().tolist() for line in diamonds] == [[0.55, 0.75], [0.65, 0.85]]
    np.testing.assert_allclose(diamonds[1].get_xdata(), [0.15, 1.15])
    scattered = [dots for dots in axes.collections if isinstance(dots, PathCollection)]
    (dots,) = [dots for dots in scattered if len(dots.get_offsets()) == 1]
    np.testing.assert_allclose(dots.get_offsets(), [[1.2, 0.9]])
    bars = [bar.get_segments() for bar in axes.collections if hasattr(bar, "get_segments")]
    np.testing.assert_allclose(np.array(bars[0])[:, :, 1], [[0.4, 0.7], [0.6, 0.9]])


def test_losses_are_solid_dashed_and_dotted_and_not_squeezed(axes):
    history = pd.DataFrame(
        {
            "member": [0, 0],
            "epoch": [1, 2],
            "loss": [3.0, 2.0],
            "validation_loss": [4.0, 3.0],
            "validation_loss_moving": [400.0, 5.0],
        }
    )
    plotting.losses(axes, history)
    found = {line.get_linestyle(): line.get_ydata().tolist() for line in axes.lines}
    assert found == {"-": [4, 3], "--": [3, 2], ":": [400, 5]}
    assert axes.get_ylim() == (0, 6)


def test_recipes_stand_side_by_side_at_each_tick(axes):
    points = pd.DataFrame(
        {
            "recipe": ["standard", "standard", "degu"],
            "member": ["0", "ensemble", "ensemble"],
            "shift": ["none", "large", "large"],
            "value": [1.0, 2.0, 3.0],
        }
    )
    plotting.by_tick(axes, points, "shift", ["none", "large"], NAMES.looks(["standard", "degu"]))
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in diamonds] == [
        (pytest.approx(0.8), 2),
        (pytest.approx(1.2), 3),
    ]
