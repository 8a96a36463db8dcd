"""Panels on agreement by what they draw: places, values, colours, limits."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection, PolyCollection
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


def test_bands_stand_below_one_another_with_bounds_and_ensembles(axes):
    means = pd.DataFrame(
        {
            "recipe": ["degu", "standard"],
            "mean": [0.6, 0.5],
            "low": [0.5, 0.4],
            "high": [0.8, 0.7],
            "ensemble": [0.65, 0.55],
        }
    )
    members = pd.DataFrame({"recipe": ["degu", "degu"], "value": [0.9, 0.3]})
    looks = plotting.looks(["standard", "degu", "absent"], ["degu"])
    plotting.bands(axes, members, means, looks)
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    found = [(*line.get_xdata(), *line.get_ydata()) for line in diamonds if len(line.get_xdata())]
    assert found == [(0.55, 0), (0.65, 1)]
    dots = [dots for dots in axes.collections if isinstance(dots, PathCollection)]
    assert [dot.get_offsets().tolist() for dot in dots] == [[], [[0.9, 1], [0.3, 1]], []]
    bars = [bar.get_segments() for bar in axes.collections if hasattr(bar, "get_segments")]
    np.testing.assert_allclose(bars[0], [[[0.4, 0], [0.7, 0]]])
    np.testing.assert_allclose(bars[1], [[[0.5, 1], [0.8, 1]]])
    # From above, with a place for a recipe that this output lacks.
    assert axes.get_ylim() == (2.5, -0.5)


@pytest.mark.parametrize(("half", "limits"), [(0.05, (0.433, 0.667)), (5, (-1, 1))])
def test_wide_bands_of_few_members_do_not_squeeze_dots(axes, half, limits):
    means = pd.DataFrame({"recipe": ["standard", "degu"], "mean": [0.5, 0.6], "ensemble": 0.65})
    means = means.assign(low=means["mean"] - half, high=means["mean"] + half)
    members = means.rename(columns={"mean": "value"})
    members.loc[0, "value"] = -0.6 if half > 1 else 0.5
    plotting.bands(axes, members, means, plotting.looks(["standard", "degu"], ["degu"]))
    assert axes.get_xlim() == pytest.approx(limits, abs=0.02)


def test_a_curve_has_its_band_and_a_single_fraction_is_a_line_across(axes):
    means = pd.DataFrame(
        {
            "dataset": "lenti",
            "output": "activity",
            "recipe": ["standard", "standard", "degu", "degu", "one"],
            "fraction": [1.0, 0.5, 0.5, 1.0, 1.0],
            "mean": [0.6, 0.5, 0.6, 0.7, 0.65],
            "low": [0.55, 0.45, 0.55, 0.65, 0.6],
            "high": [0.65, 0.55, 0.65, 0.75, 0.7],
            "ensemble": [0.7, 0.62, 0.9, 0.9, 0.9],
        }
    )
    looks = plotting.looks(["standard", "degu", "one"], ["degu"])
    plotting.curves(axes, means, looks, ["standard"])
    lines = [(line.get_xdata(), line.get_ydata()) for line in axes.lines]
    found = [(list(map(float, x)), list(map(float, y))) for x, y in lines]
    assert found == [
        ([0.5, 1], [0.5, 0.6]),
        ([0.5, 1], [0.62, 0.7]),
        ([0.5, 1], [0.6, 0.7]),
        ([0, 1], [0.65, 0.65]),
        ([1], [0.65]),
    ]
    ensemble = axes.lines[1]
    assert (ensemble.get_color(), ensemble.get_marker()) == ("#009E73", "D")
    bands = [band for band in axes.collections if isinstance(band, PolyCollection)]
    edges = bands[0].get_paths()[0].vertices[:, 1]
    assert (edges.min(), edges.max()) == (0.45, 0.65)
    assert axes.get_xticks().tolist() == [0.5, 1]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["50", "100"]
    assert axes.get_xlabel() == "training set [%]"


@pytest.mark.parametrize(
    ("half", "limits"), [(0.02, (0.474, 0.626)), (5, (0.385, 0.715)), (np.nan, (0.495, 0.605))]
)
def test_wide_bands_of_few_members_do_not_squeeze_curves(axes, half, limits):
    means = pd.DataFrame({"recipe": "standard", "fraction": [0.5, 1.0], "mean": [0.5, 0.6]})
    means = means.assign(low=means["mean"] - half, high=means["mean"] + half, ensemble=0.9)
    plotting.curves(axes, means, plotting.looks(["standard"], []))
    assert axes.get_ylim() == pytest.approx(limits, abs=0.002)


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


def test_members_are_boxes_and_ensembles_diamonds_at_each_tick(axes):
    points = pd.DataFrame(
        {
            "recipe": ["standard", "standard", "standard", "degu"],
            "member": ["0", "1", "ensemble", "ensemble"],
            "shift": ["none", "none", "large", "large"],
            "value": [1.0, 3.0, 2.0, 3.0],
        }
    )
    looks = plotting.looks(["standard", "degu"], ["degu"])
    plotting.by_tick(axes, points, "shift", ["none", "large"], looks)
    diamonds = [line for line in axes.lines if line.get_marker() == "D" and len(line.get_xdata())]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in diamonds] == [
        (pytest.approx(0.8), 2),
        (pytest.approx(1.2), 3),
    ]
    median = [line for line in axes.lines if list(line.get_ydata()) == [2, 2]]
    assert np.mean(median[0].get_xdata()) == pytest.approx(-0.2)
    assert median[0].get_color() == COLOUR
    assert axes.get_xlim() == (-0.5, 1.5)
