"""Densities of predictions against the truth: counts, scales, correlations, labels."""

import itertools

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from degu import plotting
from plotted import NAMES

LABELS = {"dataset": "starr", "fraction": 1.0, "member": "0", "output": "Dev"}


@pytest.fixture(autouse=True)
def closed():
    """Leave no figure open."""
    yield
    plt.close("all")


def points(recipe="degu", number=1, **labels):
    """Rows of the table of predictions: as many points at the origin as said, and one elsewhere."""
    values = [0.0] * number + [4.0]
    made = pd.DataFrame({"truth": values, "predicted": values, "kind": "activity"})
    return made.assign(recipe=recipe, **LABELS | labels)


def performance():
    """Rows of the table of performance of two recipes, and others that must not be taken."""
    rows = [
        LABELS | {"recipe": recipe, "member": member, "metric": metric, "value": value}
        for recipe, of in {"standard": 0.25, "degu": 0.5}.items()
        for member, metric, value in [("0", "pearson", of), ("1", "pearson", 9), ("0", "mse", 9)]
    ]
    return pd.DataFrame(rows)


def test_density_counts_points_and_has_their_diagonal():
    axes = plotting.canvas(1, 1)[1][0, 0]
    image = plotting.density(axes, pd.Series([0.0, 0, 0, 4]), pd.Series([1.0, 1, 1, -2]))
    assert sorted(image.get_array().tolist()) == [1, 3]
    # From the least to the largest of both, with a rim of 3 % on both axes.
    assert axes.get_xlim() == axes.get_ylim() == pytest.approx((-2.18, 4.18))
    (diagonal,) = axes.lines
    assert diagonal.get_xy1() == pytest.approx((-2.18, -2.18))
    assert diagonal.get_xy2() == pytest.approx((4.18, 4.18))


def test_panels_share_one_scale_and_have_their_own_r():
    figure, placed = plotting.lettered("ab", columns=2)
    panels = {"a": points("degu", 7), "b": points("standard", 30)}
    titles = {"a": "one", "b": "two"}
    plotting.truth_panels(placed, panels, titles, performance())
    images = [axes.collections[0] for axes in placed.values()]
    assert [image.get_clim() for image in images] == [(1, 30)] * 2
    assert [axes.get_title() for axes in placed.values()] == ["one\nr = 0.500", "two\nr = 0.250"]
    (bar,) = [axes for axes in figure.axes if axes not in placed.values()]
    assert bar.get_ylabel() == "points in a hexagon"


@pytest.mark.parametrize(
    ("kind", "output", "labels"),
    [
        ("activity", "Dev", ("measured [log2]", "predicted [log2]")),
        ("epistemic", "Dev_epistemic", ("spread of teachers [log2]", "epistemic head [log2]")),
        ("aleatoric", "Hk_aleatoric", ("spread of replicates", "aleatoric head")),
    ],
)
def test_axes_are_labelled_by_the_kind_of_the_head(kind, output, labels):
    one = pd.Series({"dataset": "starr", "output": output, "kind": kind})
    assert plotting.truth_labels(one, NAMES) == labels


def test_an_overview_has_a_panel_a_recipe():
    table = pd.concat([points("standard"), points("degu", 3)])
    figure, panels = plotting.against_truth(table, NAMES, performance())
    assert list(panels) == [
        "STARR-seq: developmental, standard training",
        "STARR-seq: developmental, DEGU",
    ]
    standard, degu, _ = figure.axes
    assert standard.get_title() == "standard\ntraining\nr = 0.250"
    assert degu.get_title() == "DEGU\nr = 0.500"
    # The first panel is labelled for all.
    assert (standard.get_xlabel(), degu.get_xlabel()) == ("measured\n[log2]", "")


@pytest.mark.parametrize("recipes", [["degu"], ["standard", "degu"], ["standard", "noisy", "degu"]])
def test_few_square_panels_stand_close_together(recipes):
    """A page as wide as the journal's would leave gaps wider than two panels between them."""
    table = pd.concat([points(recipe) for recipe in recipes])
    rs = performance().replace({"recipe": {"standard": "noisy"}})
    figure, _ = plotting.against_truth(
        table, NAMES, pd.concat([performance(), rs]).drop_duplicates()
    )
    figure.canvas.draw()
    *panels, bar = [axes.get_position().transformed(figure.transFigure) for axes in figure.axes]
    assert min(box.width for box in panels) > 1.2 * figure.dpi
    for one, other in itertools.pairwise([*panels, bar]):
        assert 0 < other.x0 - one.x1 < 0.4 * one.width
