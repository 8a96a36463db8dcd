"""Panels on agreement by what they draw: places, values, colours, limits."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba

from degu import plotting

COLOUR = "#0072B2"


@pytest.fixture
def axes():
    """One panel; all figures are closed behind a test."""
    yield plotting.canvas(1, 1)[1][0, 0]
    plt.close("all")


def test_boxes_reach_over_the_whole_range_and_show_the_mean(axes):
    groups = {"standard": pd.Series([1.0, 2, 3, 4, 100]), "degu": pd.Series(np.arange(1000.0))}
    plotting.boxes(axes, groups, {"degu": "red", "standard": COLOUR, "evoaug": "green"})
    assert [label.get_text() for label in axes.get_xticklabels()] == ["standard", "degu"]
    assert axes.get_xticks().tolist() == [0, 1]
    means = [line for line in axes.lines if line.get_marker() == "D"]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in means] == [(0, 22), (1, 499.5)]
    assert [line.get_color() for line in means] == [COLOUR, "red"]
    # Seven lines a box: the box, two whiskers, two caps, the median, and no outliers.
    lines = [line for line in axes.lines if line.get_marker() != "D" and len(line.get_xdata())]
    ends = [line.get_ydata() for line in lines if line.get_color() == COLOUR]
    assert (min(map(min, ends)), max(map(max, ends))) == (1, 100)
    # All values of a small group, 200 of a large one.
    dots = axes.collections
    assert sorted(dots[0].get_offsets()[:, 1].tolist()) == [1, 2, 3, 4, 100]
    assert len(dots[1].get_offsets()) == 200
    assert (np.abs(dots[1].get_offsets()[:, 0] - 1) <= 0.2).all()
    assert to_rgba(dots[1].get_facecolor()[0])[:3] == to_rgba("red")[:3]


def test_density_counts_points_and_has_their_diagonal(axes):
    x, y = pd.Series([0.0, 0, 0, 4]), pd.Series([1.0, 1, 1, -2])
    plotting.density(axes, x, y)
    (hexagons,), (diagonal,) = axes.collections, axes.lines
    assert sorted(hexagons.get_array().tolist()) == [1, 3]
    assert diagonal.get_xy1() == (-2, -2) and diagonal.get_xy2() == (4, 4)
    assert diagonal.get_color() == "grey"


def test_predictions_stand_against_the_truth_with_their_own_r(tmp_path):
    labels = {"dataset": "lac", "recipe": "degu", "fraction": 1.0, "member": "0", "output": "y"}
    points = pd.DataFrame({"truth": [0.0, 1, 2], "predicted": [0.0, 1, 3]}).assign(**labels)
    points = pd.concat([points, points.assign(member="ensemble", truth=points["truth"] + 5)])
    points["column"] = "degu, " + points["member"]
    path = tmp_path / "performance.tsv"
    rows = [labels | {"member": m, "metric": "pearson", "value": v}
            for m, v in {"0": 0.25, "ensemble": 0.75}.items()]  # fmt: skip
    rows.append(labels | {"metric": "mse", "value": 9})
    pd.DataFrame(rows).to_csv(path, sep="\t", index=False)
    figure = plotting.against_truth(points, "column", path, "measured", "predicted")
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["lac: y\ndegu, 0, r = 0.250", "lac: y\ndegu, ensemble, r = 0.750"]
    assert [axes.get_xlabel() for axes in figure.axes] == ["measured"] * 2
    assert figure.axes[0].get_ylabel() == "predicted"
    assert [axes.lines[0].get_xy2() for axes in figure.axes] == [(3, 3), (7, 7)]
    plt.close(figure)


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
    plotting.by_tick(
        axes, points, "shift", ["none", "large"], {"standard": "#000000", "degu": COLOUR}
    )
    diamonds = [line for line in axes.lines if len(line.get_xdata())]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in diamonds] == [
        (pytest.approx(0.8), 2),
        (pytest.approx(1.2), 3),
    ]
