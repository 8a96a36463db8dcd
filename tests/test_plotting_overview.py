"""Pages on all runs of a config: what stands in which panel."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from degu import plotting
from test_plotting_names import NAMES


@pytest.fixture(autouse=True)
def closed():
    """Leave no figure open."""
    yield
    plt.close("all")


def summary(*runs):
    """Rows of a summary: recipe, fraction, mean."""
    means = pd.DataFrame(runs, columns=["recipe", "fraction", "mean"])
    bounds = {"low": means["mean"] - 0.01, "high": means["mean"] + 0.01}
    return means.assign(
        dataset="lenti", output="activity", ensemble=means["mean"] + 0.1, ceiling=0.9, **bounds
    )


def members(*runs):
    """Rows of single members: recipe, fraction, value."""
    found = pd.DataFrame(runs, columns=["recipe", "fraction", "value"])
    return found.assign(dataset="lenti", output="activity", member="0")


def test_recipes_stand_by_name_at_their_largest_fraction():
    means = summary(("standard", 1.0, 0.5), ("degu", 0.5, 0.6))
    dots = members(("standard", 1.0, 0.51), ("degu", 0.5, 0.62))
    figure, panels = plotting.performance_page(means, dots, NAMES)
    assert list(panels) == ["lentiMPRA K562: activity, at the largest fraction"]
    (axes,) = figure.axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["standard training", "DEGU, 50%"]
    assert axes.get_xlabel() == "Pearson r"
    assert [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == ":"] == [0.9]


def test_recipes_of_several_fractions_have_curves_below():
    means = summary(("standard", 0.5, 0.4), ("standard", 1.0, 0.5), ("degu", 1.0, 0.6))
    dots = members(("standard", 0.5, 0.41), ("standard", 1.0, 0.51), ("degu", 1.0, 0.61))
    figure, panels = plotting.performance_page(means, dots, NAMES)
    title = "lentiMPRA K562: activity"
    assert {key: len(rows) for key, rows in panels.items()} == {
        f"{title}, at the largest fraction": 2,
        f"{title}, by fraction": 2,
    }
    assert set(panels[f"{title}, by fraction"]["recipe"]) == {"standard"}
    above, below = figure.axes
    assert below.get_xlabel() == "training set [%]"
    dots = [dot.get_offsets().tolist() for dot in above.collections if hasattr(dot, "get_sizes")]
    assert [[0.51, 0]] in dots and [[0.41, 0]] not in dots


def test_the_ridge_is_a_line_at_its_fraction_and_a_curve_over_several():
    means = summary(("standard", 0.5, 0.4), ("standard", 1.0, 0.5), ("degu", 1.0, 0.6))
    dots = members(("standard", 1.0, 0.51), ("degu", 1.0, 0.61))
    ridge = pd.DataFrame({"fraction": [1.0, 0.5], "value": [0.45, 0.35]})
    ridge = ridge.assign(dataset="lenti", output="activity")
    figure, panels = plotting.performance_page(means, dots, NAMES, ridge)
    above, below = (
        [line for line in axes.lines if line.get_linestyle() == "-."] for axes in figure.axes
    )
    assert [line.get_xdata()[0] for line in above] == [0.45]
    assert [line.get_xydata().tolist() for line in below] == [[[0.5, 0.35], [1.0, 0.45]]]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "ridge on k-mer counts" in labels
    # In the source data as well.
    assert [panel["ridge"].tolist() for panel in panels.values()] == [[0.45, 0.45], [0.35, 0.45]]
    without, _ = plotting.performance_page(means, dots, NAMES)
    assert "ridge on k-mer counts" not in [t.get_text() for t in without.legends[0].get_texts()]


def test_kinds_of_uncertainty_are_columns_and_activities_lines():
    rows = [("x: a", "total"), ("y: b", "dropout"), ("x: a", "epistemic"), ("x: a", "dropout")]
    table = pd.DataFrame(rows, columns=["row", "kind"])
    _, placed = plotting.kind_grid(table, NAMES)
    assert list(placed) == [
        ("x: a", "dropout"), ("x: a", "epistemic"), ("x: a", "total"), ("y: b", "dropout"),
    ]  # fmt: skip
    for axes in placed.values():
        axes.set_ylabel("coverage")
    plotting.name_lines(placed)
    assert placed["x: a", "dropout"].get_title() == "MC dropout"
    labels = [axes.get_ylabel() for axes in placed.values()]
    assert labels == ["x: a\ncoverage", "", "", "y: b\ncoverage"]


def test_boxes_of_a_card_have_its_quantiles():
    values = pd.Series(
        {
            (split, f"GC quantile {q:g}"): q + place
            for place, split in enumerate(["train", "test"])
            for q in (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)
        }
    ).rename_axis(["split", "metric"])
    axes = plotting.canvas(1, 1)[1][0, 0]
    plotting.quantile_boxes(axes, values, "GC quantile")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["train", "test"]
    heights = [set(line.get_ydata().round(2)) for line in axes.lines if len(line.get_ydata())]
    assert {0.5} in heights and {1.5} in heights
    assert {0.25, 0.75} in heights and {1.05, 1.25} in heights


@pytest.mark.parametrize(("students", "lines"), [(2, 1), (9, 3)])
def test_distributions_stand_beside_few_distances_and_below_many(students, lines):
    recipes = {"standard": "standard"} | {f"s{n}": f"student {n}" for n in range(students)}
    names = NAMES._replace(recipes=recipes, teachers={})
    rows = pd.DataFrame({"recipe": [*recipes], "value": 0.5, "member": "0"})
    errors = pd.concat(rows.assign(shift=shift) for shift in ("none", "large"))
    errors = errors.assign(dataset="lenti", output="activity")
    quantiles = errors[errors["recipe"] != "standard"].assign(probability=0.5)
    figure, panels = plotting.shift_page(errors, quantiles, names, "standard")
    assert len(figure.subfigs) == lines
    assert len(panels) == len(figure.axes) == 1 + students
    first, second = figure.axes[:2]
    assert first.get_title() == "lentiMPRA K562: activity"
    assert first.get_ylabel() == "MSE to ensemble of standard\n[(log2(RNA/DNA))²]"
    assert second.get_title() == "student 0"
    assert second.get_xlabel().replace("\n", " ") == "predicted [log2(RNA/DNA)]"


def test_titles_tell_what_is_kept_and_what_noise_leaves():
    lengths = {("train", "length"): 200.0}
    values = pd.Series(
        lengths | {("test", "replicate_pearson"): 0.8, ("test", "noise_ceiling"): 0.9}
    )
    assert plotting.sequences_title(values, (723, 14026)) == (
        "sequences of 200 bases (kept 723 of 14,026 rows)"
    )
    assert plotting.sequences_title(values, (723, 723)) == "sequences of 200 bases"
    assert plotting.sequences_title(values, None) == "sequences of 200 bases"
    assert plotting.ceiling_title(values) == " (r of replicates 0.80, noise ceiling 0.90)"
    assert plotting.ceiling_title(pd.Series(lengths)) == ""
