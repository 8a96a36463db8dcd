"""Panels by what they draw: places, values, colours, limits; and what figures leave out."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.patches import Rectangle

from degu import plotting

COLOUR = "#0072B2"


@pytest.fixture
def axes():
    """One panel; all figures are closed behind a test."""
    yield plotting.canvas(1, 1)[1][0, 0]
    plt.close("all")


def test_rows_are_those_with_all_labels():
    table = pd.DataFrame({"a": [1, 1, 2, 1], "b": ["x", "y", "x", "x"], "v": range(4)})
    assert plotting.rows(table, a=1, b="x")["v"].tolist() == [0, 3]
    assert plotting.rows(table, a=3).empty
    assert plotting.rows(table).equals(table)


@pytest.mark.parametrize(
    ("total", "offsets"), [(1, [0]), (2, [-0.2, 0.2]), (4, [-0.3, -0.1, 0.1, 0.3])]
)
def test_groups_stand_beside_one_another_around_their_tick(total, offsets):
    found = [plotting.beside(number, total) for number in range(total)]
    assert found == pytest.approx(offsets)
    assert plotting.beside(0, 2, width=0.4) == pytest.approx(-0.1)


def test_members_are_dots_and_ensembles_diamonds(axes):
    at, values = pd.Series([0.0, 0, 1, 1, 0]), pd.Series([0.5, 0.6, 0.7, 0.8, 0.9])
    alone = pd.Series([False, False, False, True, True])
    plotting.members(axes, at, values, alone, COLOUR)
    (dots,), (diamonds,) = axes.collections, axes.lines
    offsets = dots.get_offsets()
    assert offsets[:, 1].tolist() == [0.5, 0.6, 0.7]
    assert (np.abs(offsets[:, 0] - [0, 0, 1]) <= 0.04).all() and len(set(offsets[:, 0])) == 3
    assert to_hex(dots.get_facecolor()[0]).upper() == COLOUR
    assert diamonds.get_xdata().tolist() == [1, 0] and diamonds.get_ydata().tolist() == [0.8, 0.9]
    assert (diamonds.get_marker(), diamonds.get_linestyle()) == ("D", "None")
    assert diamonds.get_color() == COLOUR and diamonds.get_markerfacecolor() == "none"


def test_a_reference_is_a_dotted_line_across(axes):
    plotting.reference(axes, 0.95)
    (line,) = axes.lines
    assert list(line.get_ydata()) == [0.95, 0.95] and list(line.get_xdata()) == [0, 1]
    assert (line.get_linestyle(), line.get_color()) == (":", "grey")


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


@pytest.mark.parametrize(("signed", "limits"), [(True, (-3, 3)), (False, (0, 3))])
def test_a_map_of_bases_is_placed_by_its_positions(axes, signed, limits):
    values = pd.DataFrame([[1.0, np.nan, -3], [0, 2, 1]], ["A", "C"], [101, 102, 103])
    plotting.base_map(axes.figure, axes, values, signed)
    (image,) = axes.images
    shown = np.ma.filled(image.get_array(), np.nan)
    np.testing.assert_array_equal(shown, values)
    assert image.get_clim() == limits
    # Pixels are centred on positions and bases, the first base on top.
    assert list(image.get_extent()) == [100.5, 103.5, 1.5, -0.5]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["A", "C"]
    assert len(axes.figure.axes) == 2  # with the colour bar


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


def test_regions_are_shaded_and_named_as_far_as_they_are_shown(axes):
    regions = {"CRP site": [2, 6], "before": [0, 2], "-10": [8, 30]}
    plotting.shade(axes, regions, pd.Series([3, 4, 5, 9, 10]))
    spans = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert [(span.get_x(), span.get_x() + span.get_width()) for span in spans] == [
        (2.5, 5.5),
        (7.5, 10.5),
    ]
    assert [(text.get_text(), text.get_position()[0]) for text in axes.texts] == [
        ("CRP site", 4),
        ("-10", 9),
    ]


def maps(**scores):
    """Long form of the maps of members."""
    parts = [
        pd.DataFrame({"member": member, "position": range(len(score)), "score": score})
        for member, score in scores.items()
    ]
    return pd.concat(parts)


def test_long_maps_are_cut_where_their_mean_is_largest():
    of_0, of_mean = np.zeros(30), np.zeros(30)
    # Where members cancel counts for nothing; magnitudes of both signs add up.
    of_0[[2, 3]], of_mean[[2, 3]] = 50, -50
    of_0[20], of_mean[23] = 3, -3
    of_0[10] = 4
    table = maps(one=of_0, ensemble=of_mean).assign(name="a")
    shown = plotting.readable(table, ["name"], length=5)
    for member, score in [("one", of_0), ("ensemble", of_mean)]:
        rows = shown[shown["member"] == member]
        assert rows["position"].tolist() == [19, 20, 21, 22, 23]
        assert rows["score"].tolist() == score[19:24].tolist()


def test_each_sequence_is_cut_by_itself_and_a_short_one_stays():
    long, other, short = np.zeros(12), np.zeros(12), np.arange(4.0)
    long[0], other[-1] = 1, 1
    sequences = {"a": long, "b": other, "c": short}
    table = pd.concat(maps(one=score).assign(name=name) for name, score in sequences.items())
    shown = plotting.readable(table, ["name"], length=4)
    assert shown["name"].tolist() == [*"aaaa", *"bbbb", *"cccc"]
    assert shown["position"].tolist() == [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3]
    assert plotting.readable(table, ["name"], length=12).equals(table)


def test_pairs_make_a_symmetric_matrix(axes):
    pairs = [("ism", "tism"), ("ism", "saliency"), ("tism", "saliency")]
    values = pd.Series([0.9, -0.25, 0.5], pd.MultiIndex.from_tuples(pairs))
    plotting.pair_map(axes, values)
    (image,) = axes.images
    np.testing.assert_array_equal(
        image.get_array(), [[1, 0.9, -0.25], [0.9, 1, 0.5], [-0.25, 0.5, 1]]
    )
    assert image.get_clim() == (-1, 1)
    for labels in (axes.get_xticklabels(), axes.get_yticklabels()):
        assert [label.get_text() for label in labels] == ["ism", "tism", "saliency"]
    assert [text.get_text() for text in axes.texts][:3] == ["1.00", "0.90", "-0.25"]


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
