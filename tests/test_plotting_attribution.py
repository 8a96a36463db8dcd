"""Panels on attribution maps: what is compared with what, p and its test, axes."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from degu import consistency, plotting
from degu.plotting import attribution
from plotted import NAMES

LABELS = {"dataset": "starr", "fraction": 1.0, "output": "Dev", "kind": "activity"}
LABELS |= {"method": "deepshap"}


@pytest.fixture
def axes():
    """One panel; all figures are closed behind a test."""
    yield plotting.canvas(1, 1)[1][0, 0]
    plt.close("all")


def table(metric, **values):
    """Rows of the table of consistency: values by name of a sequence, or by member."""
    column = "name" if metric.endswith("spread") else "member"
    parts = [
        pd.DataFrame({"recipe": recipe, column: list(own), "value": list(own.values())})
        for recipe, own in values.items()
    ]
    return pd.concat(parts).assign(metric=metric, **LABELS)


def test_spreads_are_joined_by_name_students_on_the_vertical_axis(axes):
    standard = {"s1": 1.0, "s2": 2.0, "s3": 4.0, "alone": 9.0}
    degu = {"s3": 3.0, "s1": 0.5, "s2": 2.5}
    plotting.maps_panel(axes, table("spread", standard=standard, degu=degu), NAMES)
    (dots,) = axes.collections
    assert sorted(dots.get_offsets().tolist()) == [[1, 0.5], [2, 2.5], [4, 3]]
    assert axes.get_xlabel() == "standard training\nspread [log2]"
    assert axes.get_ylabel() == "DEGU\nspread [log2]"
    assert axes.get_xlim() == axes.get_ylim() == (0, 4.4)
    (diagonal,) = axes.lines
    assert (diagonal.get_xy1(), diagonal.get_xy2()) == ((0, 0), (1, 1))
    (text,) = axes.texts
    p = stats.ttest_rel([0.5, 2.5, 3], [1, 2, 4]).pvalue
    lines = [f"$p = {p:.2g}$", "(paired t-test)", "67% of sequences", "below the diagonal"]
    assert text.get_text().split("\n") == lines
    assert axes.get_title() == "STARR-seq\ndevelopmental\nDeepSHAP"


def test_a_text_stands_where_fewer_points_lie(axes):
    few, many = {"s1": 1.0, "s2": 2.0}, {"s1": 2.0, "s2": 3.5}
    plotting.maps_panel(axes, table("spread", standard=few, degu=many), NAMES)
    assert axes.texts[0].get_position() == (0.97, 0.03)


def test_a_sequence_that_stands_twice_is_refused():
    rows = table("spread", standard={"s1": 1.0}, degu={"s1": 2.0})
    with pytest.raises(ValueError, match=r"duplicate|overlap|unique"):
        attribution.joined(pd.concat([rows, rows]), "standard", "degu")


def test_distances_are_boxes_with_p_over_a_bracket(axes):
    standard, degu = {"0": 0.0035, "1": 0.0036, "2": 0.0034}, {"0": 0.003, "1": 0.0031}
    plotting.maps_panel(axes, table("rmse", standard=standard, degu=degu), NAMES)
    ticks = [tick.get_text().replace("\n", " ") for tick in axes.get_xticklabels()]
    assert ticks == ["standard training", "DEGU"]
    bracket = next(line for line in axes.lines if line.get_color() == "black")
    assert list(bracket.get_xdata()) == [0, 0, 1, 1]
    assert min(bracket.get_ydata()) > 0.0036
    (text,) = axes.texts
    p = stats.ttest_ind([0.003, 0.0031], [0.0035, 0.0036, 0.0034]).pvalue
    assert text.get_text() == f"{plotting.p_value(p)}\n(independent t-test)"
    assert axes.get_ylabel() == "RMSE to the ensemble\n[$10^{-3}$ log2]"
    axes.set_yticks([0.003, 0.00325, 0.0035])
    axes.figure.draw_without_rendering()
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["3.00", "3.25", "3.50"]
    assert not axes.yaxis.offsetText.get_visible()


def test_one_member_has_no_p_and_normalised_maps_no_unit(axes):
    rows = table("normalised_rmse", standard={"0": 0.2, "1": 0.3}, degu={"0": 0.1})
    plotting.maps_panel(axes, rows, NAMES)
    assert not axes.texts
    assert axes.get_ylabel() == "RMSE to the ensemble"
    assert axes.get_title().endswith("DeepSHAP, normalised")


def test_p_is_that_of_the_table_of_tests(axes):
    """From maps, as the table has it, and from rows of the table of consistency."""
    rng = np.random.default_rng(0)
    students, teachers = (
        consistency.Consistency(rng.random((n, 30)), rng.random(30), rng.random((n, 30)))
        for n in (4, 6)
    )
    known = consistency.compare(students, teachers).set_index("metric")["p"]
    sides = {"standard": teachers, "degu": students}
    rmse = {name: dict(enumerate(of.rmse.mean(axis=1))) for name, of in sides.items()}
    spread = {name: dict(enumerate(of.spread)) for name, of in sides.items()}
    for metric, values in {"rmse": rmse, "spread": spread}.items():
        text = attribution.tested(
            metric, *(pd.Series(values[name]) for name in ("degu", "standard"))
        )
        assert text.split("\n")[0] == plotting.p_value(known[metric])


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0312, "$p = 0.031$"),
        (0.001, "$p = 0.001$"),
        (3.14e-7, r"$p = 3.1 \times 10^{-7}$"),
        (9.96e-4, r"$p = 1.0 \times 10^{-3}$"),
        (0.0, "$p < 10^{-300}$"),
    ],
)
def test_p_has_two_digits(p, text):
    assert plotting.p_value(p) == text


def test_an_overview_has_p_above_students_alone():
    rows = [
        table(metric, standard={"0": 1.0, "1": 2.0}, degu={"0": 0.5, "1": 1.5})
        for metric in ("rmse", "spread", "rmse_others")
    ]
    tests = pd.DataFrame({"recipe": "degu", "metric": ["rmse", "spread"], "p": [1e-9, np.nan]})
    figure, panels = plotting.consistency_page(pd.concat(rows), tests.assign(**LABELS), NAMES)
    assert list(panels) == [
        "STARR-seq: developmental, DeepSHAP, RMSE to the ensemble",
        "STARR-seq: developmental, DeepSHAP, spread",
    ]
    rmse, spread = figure.axes
    assert [(text.get_text(), text.get_position()[0]) for text in rmse.texts] == [("1e-09", 1)]
    assert not spread.texts
    assert rmse.get_ylabel() == "RMSE to the ensemble\n[log2]"
    plt.close(figure)


def test_methods_agree_by_recipe_and_pair():
    rows = [
        (recipe, method, other, value)
        for recipe, shift in {"degu": 0.1, "standard": 0}.items()
        for method, other, values in [("ism", "saliency", (0.2, 0.4)), ("ism", "tism", (0.8, 0.8))]
        for value in np.add(values, shift)
    ]
    rows = pd.DataFrame(rows, columns=["recipe", "method", "other", "value"])
    rows = pd.concat(
        rows.assign(dataset="starr", output="Dev", metric=metric)
        for metric in ("pearson", "pearson_contributions")
    )
    figure, panels = plotting.agreement_page(rows, NAMES)
    assert list(panels) == [f"STARR-seq: developmental, {of}" for of in ("maps", "contributions")]
    maps, contributions, bar = figure.axes
    np.testing.assert_allclose(maps.images[0].get_array(), [[0.3, 0.8], [0.4, 0.9]])
    names = [label.get_text() for label in maps.get_yticklabels()]
    assert names == ["standard training", "DEGU"]
    assert maps.get_xticklabels()[0].get_text() == "in silico mutagenesis,\nsaliency"
    assert [axes.get_title() for axes in (maps, contributions)] == ["maps", "contributions"]
    assert bar.get_ylabel() == "Pearson r"
    plt.close(figure)
