"""Panels on intervals by what they draw."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from degu import plotting
from test_plotting_names import NAMES

LOOKS = plotting.looks(["standard", "degu"], ["degu"])


@pytest.fixture
def axes():
    """One panel; all figures are closed behind a test."""
    yield plotting.canvas(1, 1)[1][0, 0]
    plt.close("all")


def drawn(axes):
    """Marker, colour, fill and points of each line that has points."""
    return [
        (line.get_marker(), line.get_color(), line.get_markerfacecolor(), *line.get_xydata()[0])
        for line in axes.lines
        if len(line.get_xydata()) and line.get_linestyle() == "None"
    ]


def intervals():
    """Three methods with one or two members, in long form."""
    rows = [
        ("degu", "0", "epistemic", "measurement", {"coverage": 0.5, "width": 1.0, "pearson": 0.8}),
        ("degu", "1", "epistemic", "measurement", {"coverage": 0.6, "width": 2.0, "pearson": 0.7}),
        ("degu", "0", "epistemic", "replicate", {"coverage": 0.1, "width": 9.0, "pearson": 0.1}),
        ("degu", "0", "total", "measurement", {"coverage": 0.9, "width": 4.0, "pearson": 0.8}),
        ("standard", "ensemble", "ensemble", "measurement", {"coverage": 0.4, "width": 0.5}),
    ]
    return pd.DataFrame(
        [
            ("lenti", recipe, 1.0, member, "activity", kind, covers, metric, value)
            for recipe, member, kind, covers, values in rows
            for metric, value in values.items()
        ],
        columns=["dataset", "recipe", "fraction", "member", "output", "kind", "covers", "metric",
                 "value"],
    )  # fmt: skip


def test_measures_are_of_the_measurement_and_of_the_kinds_of_each_recipe():
    kinds = {"degu": ["epistemic"], "standard": ["ensemble"], "absent": ["total"]}
    wide = plotting.measures(intervals(), kinds)
    assert wide[["recipe", "member", "coverage", "width"]].to_numpy().tolist() == [
        ["degu", "0", 0.5, 1.0],
        ["degu", "1", 0.6, 2.0],
        ["standard", "ensemble", 0.4, 0.5],
    ]
    assert len(plotting.measures(intervals())) == 4
    turned = plotting.measures(intervals()[::-1])
    assert turned["recipe"].tolist() == ["standard", "degu", "degu", "degu"]
    assert plotting.measures(pd.DataFrame(columns=["dataset"]), kinds).empty


def test_methods_have_the_look_of_their_recipe_and_lone_marks_lie_on_top(axes):
    kinds = {"degu": ["epistemic"], "standard": ["ensemble"]}
    points = plotting.measures(intervals(), kinds)
    plotting.method_panel(axes, points, "coverage", NAMES, 0.95)
    marks = [line for line in axes.lines if line.get_linestyle() == "None"]
    assert [line.get_xydata().tolist() for line in marks] == [[[1, 0.5], [2, 0.6]], [[0.5, 0.4]]]
    assert [line.get_marker() for line in marks] == ["s", "D"]
    assert [line.get_ydata()[0] for line in axes.lines if line not in marks] == [0.95]
    assert axes.get_title().replace("\n", " ") == "lentiMPRA K562: epistemic uncertainty"
    assert axes.get_xlabel() == "mean interval width [log2(RNA/DNA)]"
    assert axes.get_xlim() == (0, 2.1)


def test_accuracy_has_no_level_and_calibrated_intervals_their_widths(axes):
    points = plotting.measures(intervals(), {"degu": ["total"]}).assign(conformal_width=3.0)
    plotting.method_panel(axes, points, "pearson", NAMES, 0.95, "conformal_")
    (mark,) = axes.lines
    assert mark.get_xydata().tolist() == [[3, 0.8]]
    assert mark.get_markerfacecolor() == "white"
    assert axes.get_ylabel() == "Pearson r, activity"
    assert axes.get_title().endswith("aleatoric and total uncertainty")


def test_both_sides_of_a_measure_have_panels():
    found = plotting.sides("c", role="k562")
    assert list(found) == ["c epistemic", "c total"]
    assert found["c total"] == {"kind": ["ensemble_total", "aleatoric", "total"], "role": "k562"}


@pytest.mark.parametrize(("widest", "scale"), [(19, "linear"), (21, "log")])
def test_coverage_is_hollow_as_predicted_and_filled_as_calibrated(axes, widest, scale):
    points = pd.DataFrame(
        {
            "recipe": ["degu"],
            "width": [1.0],
            "conformal_width": [float(widest)],
            "coverage": [0.7],
            "conformal_coverage": [0.95],
        }
    )
    plotting.coverages(axes, points, {"degu": LOOKS["degu"]}, 0.9)
    colour = LOOKS["degu"].colour
    assert drawn(axes) == [("s", colour, "none", 1, 0.7), ("s", colour, colour, widest, 0.95)]
    assert axes.get_xscale() == scale
    assert axes.get_ylim() == (0, 1.04)


def test_reliability_has_a_curve_a_metric_and_the_diagonal(axes):
    curves = pd.DataFrame(
        {
            "recipe": "standard",
            "metric": ["coverage", "coverage", "conformal_coverage", "conformal_coverage"],
            "level": [0.5, 0.9, 0.5, 0.9],
            "value": [0.2, 0.4, 0.5, 0.9],
        }
    )
    plotting.reliability(axes, curves, LOOKS)
    found = {line.get_linestyle(): line for line in axes.lines if len(line.get_xdata()) == 2}
    assert found["-"].get_ydata().tolist() == [0.2, 0.4]
    assert found["--"].get_ydata().tolist() == [0.5, 0.9]
    assert {found[style].get_marker() for style in ("-", "--")} == {"o"}
    assert axes.get_xlim() == axes.get_ylim() == (0, 1)


def test_recipes_stand_beside_one_another_under_each_shift(axes):
    rows = [
        ("standard", "coverage", "none", 0.1),
        ("degu", "coverage", "large", 0.2),
        ("degu", "mondrian_coverage", "large", 0.3),
        ("degu", "conformal_width", "large", 9),
    ]
    means = pd.DataFrame(rows, columns=["recipe", "metric", "shift", "value"])
    plotting.by_shift(axes, means, "coverage", ["none", "large"], LOOKS)
    found = [
        (line.get_fillstyle(), *line.get_xydata()[0])
        for line in axes.lines
        if line.get_linestyle() == "None" and len(line.get_xydata())
    ]
    assert found == [
        ("none", pytest.approx(-0.2), 0.1),
        ("none", pytest.approx(1.2), 0.2),
        ("left", pytest.approx(1.2), 0.3),
    ]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["none", "large"]
