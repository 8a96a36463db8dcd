"""Verdicts on claims about small tables, intervals by hand."""

import numpy as np
import pandas as pd
import pytest

from degu.tables import verdicts
from degu.tables.comparison import Group, Measured, Study
from degu.tables.verdicts import Bounds, Claim, Effect, Untestable

# Student's t at 97.5 % with 1 and 2 degrees of freedom.
T1, T2 = 12.706205, 4.302653


def group(*values, ensemble=None, recipe="degu", metric="width"):
    """Rows of a metric of members, and of their ensemble with its interval."""
    rows = [(recipe, str(member), value, np.nan, np.nan) for member, value in enumerate(values)]
    rows += [(recipe, "ensemble", *ensemble)] if ensemble else []
    table = pd.DataFrame(rows, columns=["recipe", "member", "value", "low", "high"])
    return table.assign(metric=metric)


def test_models_that_were_trained_apart_differ_by_welchs_interval():
    """Variances 2 and 2 of two values each: standard error sqrt(2), two degrees of freedom."""
    effect = verdicts.difference(group(4, 6), group(1, 3))
    half = T2 * np.sqrt(2)
    assert effect == pytest.approx((3, 3 - half, 3 + half, 2))


def test_the_best_of_others_has_the_smallest_mean():
    effect = verdicts.difference_to_best(group(4, 6), group(8, 9), group(1, 3), group(2, 3))
    assert effect == pytest.approx(verdicts.difference(group(4, 6), group(1, 3)))


def test_the_same_models_are_paired():
    half = T2 / np.sqrt(3)
    effect = verdicts.paired(group(11, 22, 33), group(10, 20, 30))
    assert effect == pytest.approx((2, 2 - half, 2 + half, 3))
    with pytest.raises(Untestable, match="2 and 3 values, which are no pairs"):
        verdicts.paired(group(1, 2), group(1, 2, 3))


def test_an_ensemble_alone_has_the_interval_of_its_table():
    half = T1 * 1.0
    assert verdicts.mean(group(4, 6)) == pytest.approx((5, 5 - half, 5 + half, 2))
    assert verdicts.mean(group(ensemble=(0.9, 0.8, 0.95))) == (0.9, 0.8, 0.95, 1)


def test_the_interval_of_a_mean_ends_where_its_measure_does():
    """By Student's t it would reach from -0.37 to 2.17."""
    half = T1 * 0.1
    effect = verdicts.mean(group(0.8, 1.0, metric="pearson"))
    assert effect == pytest.approx((0.9, 0.9 - half, 1, 2))
    assert verdicts.mean(group(0.8, 1.0, metric="coverage")) == pytest.approx((0.9, 0, 1, 2))


def test_ensembles_differ_if_their_intervals_are_apart():
    effect = verdicts.ensembles(
        group(1, ensemble=(0.7, 0.68, 0.71)), group(1, ensemble=(0.6, 0.55, 0.65))
    )
    assert effect == pytest.approx((0.1, 0.03, 0.16, 1))
    sizes = pd.DataFrame({"size": ["2"], "value": [0.5], "low": [0.4], "high": [0.6]})
    assert verdicts.ensembles(sizes, sizes) == pytest.approx((0, -0.2, 0.2, 1))
    with pytest.raises(Untestable, match="no ensemble was measured"):
        verdicts.ensembles(group(1, 2), sizes)


def test_students_close_a_share_of_the_gap_between_teachers_and_their_ensemble():
    """From 0.5 to 0.7; students at 0.6 and 0.68 go 0.5 and 0.9 of the way."""
    teachers = group(0.4, 0.6, ensemble=(0.7, 0.6, 0.8))
    effect = verdicts.gap_closed(group(0.6, 0.68), teachers)
    assert effect == pytest.approx((0.7, 0.7 - T1 * 0.2, 0.7 + T1 * 0.2, 2))
    with pytest.raises(Untestable, match="the ensemble is no better than its members"):
        verdicts.gap_closed(group(0.6, 0.68), group(0.8, 0.9, ensemble=(0.7, 0.6, 0.8)))


def test_a_gap_widens_by_the_ensemble_and_by_the_students():
    """Ensembles 0.9 and 0.8, students 0.6 and 0.7 in the mean: gaps 0.3 and 0.1."""
    more, few = group(1, ensemble=(0.9, 0, 1)), group(1, ensemble=(0.8, 0, 1))
    effect = verdicts.gap_widened(more, group(0.59, 0.61), few, group(0.69, 0.71))
    half = T2 * np.sqrt(2 * 0.0002 / 2)
    assert effect == pytest.approx((0.2, 0.2 - half, 0.2 + half, 2))


def test_coverages_are_compared_by_their_distances_to_the_level():
    """Too much is as wrong as too little: 0.05 and 0.03 here, 0.25 and 0.15 there."""
    effect = verdicts.miscoverage(0.9)(group(0.95, 0.87), group(0.65, 0.75))
    half = T1 * 0.04
    assert effect == pytest.approx((-0.16, -0.16 - half, -0.16 + half, 2))
    apart = verdicts.miscoverage(0.9)(group(0.95, 0.87), group(0.65, 0.75, recipe="other"))
    assert apart.value == pytest.approx(-0.16)
    assert apart.high - apart.low != pytest.approx(2 * half)


def test_uncertainties_are_ranked_against_the_size_of_effects():
    positions = np.arange(100, 160)
    sizes = np.linspace(1, 2, 60)
    effects = pd.DataFrame({"pos": positions, "value": sizes * np.resize([1, -1], 60)})
    falling = pd.DataFrame({"pos": positions, "value": -np.exp(sizes)})
    assert verdicts.rank_correlation(falling, effects) == pytest.approx((-1, -1, -1, 60))
    with pytest.raises(Untestable, match="one block of variants"):
        verdicts.rank_correlation(falling[:20], effects[:20])


@pytest.mark.parametrize(
    "effect, bounds, verdict",
    [
        ((1, 0.1, 2), Bounds(above=0), ("held", "")),
        ((1, -0.1, 2), Bounds(above=0), ("not held", "undecided")),
        ((-1, -2, -0.1), Bounds(above=0), ("not held", "contradicted")),
        ((0.01, -0.04, 0.04), Bounds(-0.05, 0.05), ("held", "")),
        ((0.01, -0.06, 0.04), Bounds(-0.05, 0.05), ("not held", "undecided")),
        ((0.1, 0.06, 0.2), Bounds(-0.05, 0.05), ("not held", "contradicted")),
        ((1, 0, 2), Bounds(above=0), ("not held", "undecided")),
    ],
)
def test_a_claim_is_held_if_the_whole_interval_lies_where_it_says(effect, bounds, verdict):
    assert bounds.verdict(Effect(*effect, 10)) == verdict


@pytest.fixture
def judged():
    """Verdicts on three outputs of made-up models: better, worse, with one member."""
    rows = [
        ("mine", recipe, "1.0", str(member), output, "pearson", value)
        for recipe, output, values in [
            ("standard", "a", (0.50, 0.51, 0.52)),
            ("degu", "a", (0.60, 0.61, 0.62)),
            ("standard", "b", (0.70, 0.71, 0.72)),
            ("degu", "b", (0.60, 0.61, 0.62)),
        ]
        for member, value in enumerate(values)
    ]
    rows.append(("mine", "lonely", "1.0", "0", "a", "pearson", 0.9))
    columns = ["dataset", "recipe", "fraction", "member", "output", "metric", "value"]
    tables = {"performance": pd.DataFrame(rows, columns=columns)}
    measured = Measured(tables, {"starrseq": Study("mine", ["a", "b"], "standard", "degu")})
    better = [Group("distilled"), Group("standard")]
    claims = [
        Claim("Better.", "1", role, output, verdicts.DIFFERENCE, groups, Bounds(above=0))
        for role, output, groups in [
            ("starrseq", "Dev", better),
            ("starrseq", "Hk", better),
            ("starrseq", "Dev", [Group("lonely"), Group("standard")]),
            ("starrseq", "Dev", [Group("distilled", fraction="0.25"), Group("standard")]),
            ("starrseq", "Dev", [Group("distilled", "mse", "shift small"), Group("standard")]),
            ("atac", "activity", better),
        ]
    ]
    return verdicts.judge(claims, measured)


def test_claims_that_fail_or_lack_runs_are_reported_so(judged):
    assert judged.columns.tolist() == verdicts.COLUMNS
    assert judged["verdict"].tolist() == ["held", "not held", *["not testable"] * 4]
    assert judged["note"].tolist() == [
        "",
        "contradicted",
        "1 values, two are needed",
        "not run: degu 0.25 pearson",
        "not run: degu mse shift small",
        "not run: any recipe on atac pearson",
    ]
    assert judged["output"].tolist() == ["a", "b", "a", "a", "a", "activity"]
    assert judged["dataset"].tolist() == ["mine"] * 5 + [""]
    assert judged["n"].tolist() == [3, 3, 0, 0, 0, 0]
    assert judged["compared"][0] == "degu 1.0 pearson; standard 1.0 pearson"


def test_the_interval_of_a_claim_stands_beside_its_bounds(judged):
    """Standard error sqrt(2 * 0.0001 / 3); 4 degrees of freedom."""
    row, half = judged.iloc[0], 2.776445 * np.sqrt(2 * 0.0001 / 3)
    assert row[["ours", "low", "high"]].tolist() == pytest.approx([0.1, 0.1 - half, 0.1 + half])
    assert (row["above"], row["below"]) == (0, np.inf)


def test_numbers_that_are_not_finite_tell_nothing():
    columns = ["dataset", "recipe", "fraction", "member", "output", "metric", "value"]
    rows = [("mine", "degu", "1.0", str(k), "y", "pearson", v) for k, v in enumerate([1, np.nan])]
    measured = Measured(
        {"performance": pd.DataFrame(rows, columns=columns)},
        {"k562": Study("mine", ["y"], "standard", "degu")},
    )
    claim = Claim(
        "Strong.", "1", "k562", "activity", verdicts.MEAN, [Group("distilled")], Bounds(0)
    )
    (found,) = verdicts.judge([claim], measured).itertuples()
    assert (found.verdict, found.note) == ("not testable", "a value or bound is not finite")
