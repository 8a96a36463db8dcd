"""Comparison of students with members and ensemble, from hand-made tables."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from degu.tables.summary import COLUMNS, RUN, Teachers, compare, unmeasured

TAUGHT = {"taught": Teachers("single", 3)}


def performance(students, members=(0.59, 0.60, 0.61), ensemble=0.8, fraction=1.0):
    """Pearson's r of one activity y, and of its epistemic head, beside rows that do not count."""
    rows = [("single", "activity", str(n), r) for n, r in enumerate(members)]
    rows += [("single", "activity", "ensemble", ensemble)]
    rows += [("taught", "activity", str(n), r) for n, r in enumerate(students)]
    rows += [("taught", "activity", "ensemble", 0.99)]
    rows += [("taught", "epistemic", str(n), 0.4 + 0.2 * n) for n, _ in enumerate(students)]
    table = pd.DataFrame(rows, columns=["recipe", "kind", "member", "value"])
    table["output"] = "y" + table["kind"].map({"activity": "", "epistemic": "_epistemic"})
    table = table.assign(dataset="d", fraction=fraction, metric="pearson")
    return pd.concat([table, table.assign(metric="mse", value=7.0)])


def test_means_gap_and_difference_by_hand():
    (row,) = compare({"performance": performance([0.70, 0.72])}, TAUGHT).itertuples()
    assert (row.dataset, row.recipe, row.fraction, row.output) == ("d", "taught", 1.0, "y")
    assert (row.teacher, row.teachers, row.member_number, row.student_number) == ("single", 3, 3, 2)
    found = row.member_r, row.student_r, row.ensemble_r, row.difference, row.gap_closed
    np.testing.assert_allclose(found, [0.60, 0.71, 0.80, 0.11, 0.11 / 0.20])
    # Standard error of the mean of three is 0.01 / sqrt(3).
    half = stats.t.ppf(0.975, 2) * 0.01 / np.sqrt(3)
    np.testing.assert_allclose([row.member_low, row.member_high], [0.60 - half, 0.60 + half])
    # Welch: variances of both means, and degrees of freedom after Satterthwaite.
    of_members, of_students = 0.01**2 / 3, 0.0002 / 2
    variance = of_members + of_students
    freedom = variance**2 / (of_members**2 / 2 + of_students**2 / 1)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(variance)
    np.testing.assert_allclose(
        [row.difference_low, row.difference_high], [0.11 - half, 0.11 + half]
    )
    assert row.epistemic_r == pytest.approx(0.5)
    assert np.isnan(row.aleatoric_r)


def test_students_that_are_worse_close_a_negative_share():
    (row,) = compare({"performance": performance([0.50, 0.51])}, TAUGHT).itertuples()
    assert row.gap_closed == pytest.approx(-0.095 / 0.2)
    assert row.difference_high < 0


def test_an_ensemble_within_the_interval_of_its_members_has_no_gap():
    (row,) = compare({"performance": performance([0.70, 0.72], ensemble=0.61)}, TAUGHT).itertuples()
    assert np.isnan(row.gap_closed)


def test_one_student_has_no_interval():
    (row,) = compare({"performance": performance([0.7])}, TAUGHT).itertuples()
    assert row.difference == pytest.approx(0.1)
    assert np.isnan([row.student_low, row.difference_low, row.difference_high]).all()
    assert np.isfinite(row.member_low)


def test_a_mean_is_undefined_if_one_model_predicts_a_constant():
    """The other models alone would stand for fewer members than are said to be compared."""
    table = performance([np.nan, 0.7])
    table.loc[(table["kind"] == "epistemic") & (table["member"] == "0"), "value"] = np.nan
    variants = labelled(
        [("single", "0", 0.2), ("single", "1", 0.4), ("taught", "0", np.nan), ("taught", "1", 0.9)],
        ["recipe", "member", "value"],
        output="y",
        metric="pearson",
        certainty="own",
        share=1.0,
    )
    (row,) = compare({"performance": table, "variants": variants}, TAUGHT).itertuples()
    assert row.student_number == 2 and row.member_variant_r == pytest.approx(0.3)
    found = row.student_r, row.difference, row.difference_low, row.epistemic_r
    assert np.isnan([*found, row.student_variant_r]).all()


def test_an_ensemble_of_fewer_teachers_is_that_of_its_size():
    sizes = pd.DataFrame(
        {
            "recipe": "single",
            "size": [2, 3],
            "output": "y",
            "metric": "pearson",
            "value": [0.7, 0.9],
        }
    ).assign(dataset="d", fraction=1.0)
    tables = {"performance": performance([0.70, 0.72]), "ensemble_sizes": sizes}
    assert compare(tables, {"taught": Teachers("single", 2)})["ensemble_r"].item() == 0.7
    # A size that nobody measured: the mean of all.
    assert compare(tables, {"taught": Teachers("single", 5)})["ensemble_r"].item() == 0.8


def labelled(rows, columns, **labels):
    return pd.DataFrame(rows, columns=columns).assign(dataset="d", fraction=1.0, **labels)


def test_further_tables_by_hand():
    """The first kind of interval, shifts without none, the worst p of methods, all variants."""
    intervals = labelled(
        [
            (kind, member, metric, value + 0.02 * int(member))
            for kind, start in {"epistemic": 0.1, "total": 0.6}.items()
            for member in "01"
            for metric, value in {"coverage": start, "conformal_coverage": 0.94}.items()
        ],
        ["kind", "member", "metric", "value"],
        recipe="taught",
        output="y",
        covers="measurement",
    )
    shift = labelled(
        [
            (recipe, *row)
            for recipe, start in {"single": 4.0, "taught": 2.0}.items()
            for row in [
                ("none", "0", 99.0),
                ("small", "0", start),
                ("large", "1", start + 1),
                ("large", "ensemble", 99.0),
            ]
        ],
        ["recipe", "shift", "member", "value"],
        output="y",
        metric="mse",
    )
    maps = labelled(
        [
            ("a", "rmse_others", 1, 2, 0.01),
            ("b", "rmse_others", 3, 2, 0.2),
            ("a", "rmse", 9, 9, 0.9),
        ],
        ["method", "metric", "students", "teachers", "p_holm"],
        recipe="taught",
        output="y",
    )
    variants = labelled(
        [
            (recipe, *row)
            for recipe, r in {"single": 0.1, "taught": 0.3}.items()
            for row in [("L1", 1.0, r), ("L2", 1.0, r + 1), ("L1", 0.5, 9.0)]
        ],
        ["recipe", "locus", "share", "value"],
        member="0",
        output="y",
        metric="pearson",
        certainty="own",
    )
    tables = {"performance": performance([0.7, 0.8]), "intervals": intervals, "shift": shift}
    tables |= {"attribution_tests": maps, "variants": variants}
    (row,) = compare(tables, TAUGHT).itertuples()
    assert row.interval == "total"
    np.testing.assert_allclose([row.coverage, row.conformal_coverage], [0.61, 0.95])
    np.testing.assert_allclose([row.member_shift_mse, row.student_shift_mse], [4.5, 2.5])
    assert (row.student_map_rmse, row.member_map_rmse, row.map_p_holm) == (2, 2, 0.2)
    np.testing.assert_allclose([row.member_variant_r, row.student_variant_r], [0.6, 0.8])


def test_students_of_what_was_not_measured_follow_their_teachers():
    table = performance([0.7, 0.8])
    table["against"] = np.where(table["recipe"] == "taught", "mean of teachers", "measurement")
    ((*place, value),) = unmeasured({"performance": table}).to_numpy().tolist()
    assert value == pytest.approx(0.75)
    assert place == table.loc[table["recipe"] == "taught", [*RUN, "output"]].iloc[0].tolist()


def test_without_students_there_are_columns_alone():
    table = compare({"performance": performance([0.7])}, {})
    assert table.empty
    assert list(table.columns) == COLUMNS
