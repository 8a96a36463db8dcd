"""Maps of bases, logos, pairs of methods; what of long maps is left out."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from degu import plotting


@pytest.fixture
def axes():
    """One panel; all figures are closed behind a test."""
    yield plotting.canvas(1, 1)[1][0, 0]
    plt.close("all")


@pytest.mark.parametrize(("signed", "limits"), [(True, (-3, 3)), (False, (-3, 2))])
def test_maps_of_bases_are_placed_by_position_in_one_scale(signed, limits):
    figure, axes = plotting.canvas(1, 2)
    one = pd.DataFrame([[1.0, np.nan, -3], [0, 2, 1]], ["A", "C"], [101, 102, 103])
    other = pd.DataFrame([[0.0, 1]], ["G"], [7, 8])
    plotting.base_maps(axes[0], [one, other], signed, "effect [log2]")
    images = [ax.images[0] for ax in axes[0]]
    shown = np.ma.filled(images[0].get_array(), np.nan)
    np.testing.assert_array_equal(shown, one)
    # 1 % of the values, of which there are seven, lie beyond each end; by magnitude if signed.
    low, high = np.nanquantile([1, -3, 0, 2, 1, 0, 1], [0.01, 0.99])
    expected = (low, -low) if signed else (low, high)
    assert {image.get_clim() for image in images} == {expected}
    assert expected == pytest.approx(limits, abs=0.2)
    # Pixels are centred on positions and bases, the first base on top.
    assert list(images[0].get_extent()) == [100.5, 103.5, 1.5, -0.5]
    assert list(images[1].get_extent()) == [6.5, 8.5, 0.5, -0.5]
    assert [label.get_text() for label in axes[0, 0].get_yticklabels()] == ["A", "C"]
    assert to_hex(axes[0, 0].get_facecolor()) == to_hex(plotting.MISSING.colour)
    (bar,) = [ax for ax in figure.axes if ax not in axes]
    assert bar.get_ylabel() == "effect [log2]"
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
