"""Maps of bases, logos, matrices of numbers; what of long maps is left out."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from degu import plotting
from degu.plotting.sequences import exemplary
from plotted import NAMES


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


def test_cells_have_their_numbers_and_names(axes):
    values = pd.DataFrame([[0.9, -0.25], [np.nan, 0.5]], ["DEGU", "EvoAug"], ["one", "other"])
    image = plotting.cells(axes, values)
    np.testing.assert_array_equal(np.ma.filled(image.get_array(), np.nan), values)
    assert image.get_clim() == (-1, 1)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["one", "other"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["DEGU", "EvoAug"]
    assert [text.get_text() for text in axes.texts] == ["0.90", "-0.25", "", "0.50"]


def attributions(recipe, member, score):
    """Rows of the table of attributions of three bases."""
    labels = {"dataset": "starr", "output": "Dev", "name": "s1", "method": "ism"}
    made = pd.DataFrame({"position": range(3), "base": list("ACG"), "score": score, "std": np.nan})
    return made.assign(recipe=recipe, member=member, **labels)


def test_overviews_show_a_teacher_its_ensemble_and_a_student_on_one_scale():
    table = pd.concat(
        attributions(recipe, member, [0.0, size, -size])
        for recipe, member, size in [
            ("noisy", "0", 9),
            ("standard", "0", 1),
            ("standard", "ensemble", 2),
            ("degu", "0", 3),
            ("degu", "ensemble", 4),
        ]
    )
    figure, panels = plotting.logo_page(table, NAMES, {"starr": {"site": [1, 2]}})
    title = "STARR-seq: developmental, in silico mutagenesis [log2], s1"
    assert list(panels) == [
        f"{title}: standard training, one member",
        f"{title}: standard training, mean of the members",
        f"{title}: DEGU, one member",
    ]
    assert [rows["score"].max() for rows in panels.values()] == [1, 2, 3]
    assert {axes.get_ylim() for axes in figure.axes} == {(-3, 3)}
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "", "position, from 0"]
    assert figure.axes[0].get_ylabel() == "score"
    assert figure.axes[0].texts[0].get_text() == "site"


def test_where_nobody_is_taught_the_first_recipe_is_shown():
    table = pd.concat([attributions("noisy", "0", 1.0), attributions("noisy", "ensemble", 2.0)])
    kept = exemplary(table, NAMES)
    assert kept["member"].unique().tolist() == ["0", "ensemble"]


def test_a_teacher_and_a_student_are_compared_on_the_same_bases_of_one_sequence():
    length = 130
    parts = []
    for recipe, name in [("noisy", "s1"), ("standard", "s1"), ("degu", "s1"), ("degu", "s2")]:
        score = np.zeros(length)
        score[-1] = 1 + (recipe == "degu")
        parts.append(
            pd.DataFrame(
                {"position": range(length), "score": score, "recipe": recipe, "name": name}
            )
        )
    found = plotting.compared(pd.concat(parts), NAMES, ["top", "bottom"])
    assert [rows["score"].max() for rows in found.values()] == [1, 2]
    for rows in found.values():
        assert rows["name"].unique().tolist() == ["s1"]
        assert rows["position"].tolist() == list(range(10, 130))
