"""Tables of agreement with the truth of small runs, all numbers by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from degu import bootstrap, metrics
from degu.heads import Heads
from degu.predictions import Predictions, Split
from degu.tables import performance as tables

ALONE = Heads.of(["y"])
STUDENT = Heads.of(["y"], "aleatoric", "epistemic")


def split(truth, *members):
    """Rows of truth and members are sequences, columns are heads."""
    truth, members = np.array(truth, np.float32), np.array(members, np.float32)
    names = np.array([f"s{row}" for row in range(len(truth))])
    return Split(names, np.arange(len(truth)), truth, members)


@pytest.fixture
def teachers():
    """Two members without uncertainty heads."""
    validation = split([[0], [0], [0]], [[1], [2], [4]], [[3], [6], [-4]])
    test = split([[1], [2], [3]], [[1], [2], [6]], [[3], [4], [2]])
    return Predictions(ALONE, validation, test)


@pytest.fixture
def student():
    """One member with both uncertainty heads, one of them below zero."""
    validation = split([[0, 0, 0], [5, 0, 0], [1, 0, 0]], [[1, 3, 4], [2, 0, 0.5], [1, -7, -7]])
    test = split([[0, 1, 1], [1, 1, 1], [2, 1, 1]], [[0, 3, 4], [9, -5, 2], [2, -1, -1]])
    return Predictions(STUDENT, validation, test)


def values(table, **wanted):
    """Return metric -> value of the rows that agree with what is wanted."""
    for column, value in wanted.items():
        table = table[table[column] == value]
    return dict(zip(table["metric"], table["value"], strict=True))


def test_performance_of_members_and_of_their_mean(teachers):
    table = tables.performance(teachers)
    assert table.columns.tolist() == [
        *("member", "output", "kind", "metric", "value", "low", "high", "ceiling"),
    ]
    assert len(table) == 9
    # By hand: covariances 5/3, -1/3 and 2/3 over three; the mean predicts 2, 3, 4.
    expected = {
        "0": {"pearson": 5 / math.sqrt(28), "spearman": 1, "mse": 9 / 3},
        "1": {"pearson": -0.5, "spearman": -0.5, "mse": (4 + 4 + 1) / 3},
        "ensemble": {"pearson": 1, "spearman": 1, "mse": 1},
    }
    for member, found in expected.items():
        assert values(table, member=member, output="y") == pytest.approx(found)


def test_members_of_a_weighted_ensemble_stand_once_beside_its_mean(teachers):
    """The second member counts twice: the mean predicts 7/3, 10/3, 10/3."""
    test = teachers.test
    weighted = Split(test.names, test.units, test.truth, test.predictions[[0, 1, 1]])
    found = tables.performance(Predictions(ALONE, teachers.validation, weighted))
    known = tables.performance(teachers)
    pd.testing.assert_frame_equal(found[:6].drop(columns=["low", "high"]),
                                  known[:6].drop(columns=["low", "high"]))  # fmt: skip
    assert found["member"].tolist() == known["member"].tolist()
    assert values(found, member="ensemble") == {
        "pearson": pytest.approx(math.sqrt(3) / 2),
        "spearman": pytest.approx(math.sqrt(3) / 2),
        "mse": pytest.approx((16 + 16 + 1) / 27),
    }


def test_performance_has_intervals_over_sequences_and_a_ceiling():
    rng = np.random.default_rng(0)
    truth, noise = rng.normal(size=(300, 2)), rng.normal(size=(3, 300, 2))
    heads = Heads.of(["y"], "aleatoric")
    test = Split(np.arange(300).astype(str), np.arange(300), truth, truth + noise)
    table = tables.performance(Predictions(heads, test, test), {"y": 0.9}, resamples=200, seed=3)
    assert ((table["low"] < table["value"]) & (table["value"] < table["high"])).all()
    predicted = np.stack([*(truth + noise), (truth + noise).mean(axis=0)])
    intervals = bootstrap.intervals(truth, predicted, 200, 3)
    row = table[(table["member"] == "ensemble") & (table["output"] == "y_aleatoric")]
    expected = [intervals[metric][:, 3, 1] for metric in row["metric"]]
    np.testing.assert_array_equal(row[["low", "high"]], expected)
    marked = table[table["ceiling"].notna()]
    assert set(marked["output"]) == {"y"} and set(marked["metric"]) == {"pearson"}
    assert marked["ceiling"].tolist() == [0.9] * 4


def test_performance_of_every_head(student):
    table = tables.performance(student)
    kinds = dict(zip(table["output"], table["kind"], strict=True))
    assert kinds == {"y": "activity", "y_aleatoric": "aleatoric", "y_epistemic": "epistemic"}
    mse = values(table[table["metric"] == "mse"], member="0", output="y_aleatoric")
    assert mse == pytest.approx({"mse": (4 + 36 + 4) / 3})
    assert math.isnan(values(table, member="0", output="y_aleatoric")["pearson"])


def test_a_head_without_truth_is_left_out(student):
    student.test.truth[:, 2] = math.nan
    assert tables.performance(student)["output"].unique().tolist() == STUDENT.names[:2]
    assert tables.scatter(student)["output"].unique().tolist() == STUDENT.names[:2]


def test_profiles_are_compared_at_all_bases_by_their_sums():
    """Rows are a few bases of each window; the sums beside them are of all."""
    rng = np.random.default_rng(0)
    truth, noise = rng.normal(size=(5, 40, 1)), rng.normal(size=(2, 5, 40, 1))
    predicted = np.concatenate([truth + noise, (truth + noise).mean(axis=0, keepdims=True)])
    sums = metrics.moments(np.broadcast_to(truth, predicted.shape), predicted).swapaxes(0, 1)
    few = Split(np.arange(5).astype(str), np.arange(5), truth[:, 0], (truth + noise)[:, :, 0], sums)
    table = tables.performance(Predictions(ALONE, few, few), resamples=100)
    assert set(table["metric"]) == set(metrics.OF_MOMENTS) == {"pearson", "mse"}
    found = table.set_index(["member", "metric"])["value"]
    for member, values in zip(("0", "1", "ensemble"), predicted, strict=True):
        r = np.corrcoef(truth.ravel(), values.ravel())[0, 1]
        assert found[member, "pearson"] == pytest.approx(r)
        assert found[member, "mse"] == pytest.approx(np.mean((truth - values) ** 2))
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()


def test_scatter_shows_the_first_member_and_the_mean(teachers):
    rows = tables.scatter(teachers).values.tolist()
    assert rows == [
        ["0", "y", "activity", "s0", 1, 1],
        ["0", "y", "activity", "s1", 2, 2],
        ["0", "y", "activity", "s2", 3, 6],
        ["ensemble", "y", "activity", "s0", 1, 2],
        ["ensemble", "y", "activity", "s1", 2, 3],
        ["ensemble", "y", "activity", "s2", 3, 4],
    ]


def test_summary_over_members():
    # The numbers of members are in no order that a mean could depend on.
    cells = [
        ("y", "0", 0.6),
        ("y", "ensemble", 0.9),
        ("y", "1", 0.7),
        ("y", "2", 0.8),
    ]
    table = pd.DataFrame(cells, columns=["output", "member", "value"])
    table = table.assign(kind="activity", metric="pearson", ceiling=0.95)
    summary = tables.summary(table)
    assert summary.columns.tolist() == [
        *("output", "kind", "metric", "mean", "low", "high", "ensemble", "ceiling"),
    ]
    half = stats.t.ppf(0.975, 2) * 0.1 / math.sqrt(3)
    assert summary[["output", "kind", "metric"]].values.tolist() == [["y", "activity", "pearson"]]
    expected = [[0.7, 0.7 - half, 0.7 + half, 0.9, 0.95]]
    np.testing.assert_allclose(summary.iloc[:, 3:].astype(float), expected)


def test_the_band_of_two_members_ends_where_their_metric_does():
    """By Student's t it would reach 0.85 beyond means of 0.9, 0.3 and -0.85."""
    half = stats.t.ppf(0.975, 1) * 0.0668
    metrics_of = {"pearson": 0.9, "mse": 0.3, "spearman": -0.85}
    rows = [
        (metric, member, mean + step)
        for metric, mean in metrics_of.items()
        for member, step in [("0", -0.0668), ("1", 0.0668), ("ensemble", 0)]
    ]
    table = pd.DataFrame(rows, columns=["metric", "member", "value"])
    summary = tables.summary(table.assign(output="y", kind="activity", ceiling=math.nan))
    assert summary["metric"].tolist() == list(metrics_of)
    expected = [[0.9 - half, 1], [0, 0.3 + half], [-1, -0.85 + half]]
    np.testing.assert_allclose(summary[["low", "high"]].to_numpy(float), expected)


def test_summary_of_one_member_and_of_several_outputs():
    cells = [
        *(("z", "0", 0.5, math.nan), ("z", "ensemble", 0.4, math.nan)),
        *(("y", "0", 0.25, 0.9), ("y", "ensemble", 0.25, 0.9)),
    ]
    table = pd.DataFrame(cells, columns=["output", "member", "value", "ceiling"])
    summary = tables.summary(table.assign(kind="activity", metric="mse"))
    # Outputs stand as in the table; one member has no band around it.
    assert summary["output"].tolist() == ["z", "y"]
    found = summary[["mean", "low", "high", "ensemble", "ceiling"]].to_numpy()
    np.testing.assert_array_equal(found, [[0.5] * 3 + [0.4, math.nan], [0.25] * 4 + [0.9]])
