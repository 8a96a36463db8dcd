"""Tables of small runs, all numbers by hand."""

import gzip
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from degu import tables
from degu.predictions import Predictions, Split

HALF = 0.6744897501960817  # of a normal distribution lies within so many standard deviations
STUDENT = ["y", "y_aleatoric", "y_epistemic"]


def split(truth, *members):
    """Rows of truth and members are sequences, columns are heads."""
    truth, members = np.array(truth, np.float32), np.array(members, np.float32)
    return Split(np.array([f"s{row}" for row in range(len(truth))]), truth, members)


def run(heads, validation, test):
    return Predictions(heads, ["y"], validation, test)


@pytest.fixture
def teachers():
    """Two members without uncertainty heads."""
    validation = split([[0], [0], [0]], [[1], [2], [4]], [[3], [6], [-4]])
    test = split([[1], [2], [3]], [[1], [2], [6]], [[3], [4], [2]])
    return run(["y"], validation, test)


@pytest.fixture
def student():
    """One member with both uncertainty heads, one of them below zero."""
    validation = split([[0, 0, 0], [5, 0, 0], [1, 0, 0]], [[1, 3, 4], [2, 0, 0.5], [1, -7, -7]])
    test = split([[0, 1, 1], [1, 1, 1], [2, 1, 1]], [[0, 3, 4], [9, -5, 2], [2, -1, -1]])
    return run(STUDENT, validation, test)


def values(table, **wanted):
    """Return metric -> value of the rows that agree with what is wanted."""
    for column, value in wanted.items():
        table = table[table[column] == value]
    return dict(zip(table["metric"], table["value"], strict=True))


def test_performance_of_members_and_of_their_mean(teachers):
    table = tables.performance(teachers)
    assert table.columns.tolist() == ["member", "output", "metric", "value"]
    assert len(table) == 9
    # By hand: covariances 5/3, -1/3 and 2/3 over three; the mean predicts 2, 3, 4.
    expected = {
        "0": {"pearson": 5 / math.sqrt(28), "spearman": 1, "mse": 9 / 3},
        "1": {"pearson": -0.5, "spearman": -0.5, "mse": (4 + 4 + 1) / 3},
        "ensemble": {"pearson": 1, "spearman": 1, "mse": 1},
    }
    for member, metrics in expected.items():
        assert values(table, member=member, output="y") == pytest.approx(metrics)


def test_performance_of_every_head(student):
    table = tables.performance(student)
    assert table["output"].unique().tolist() == STUDENT
    mse = values(table[table["metric"] == "mse"], member="0", output="y_aleatoric")
    assert mse == pytest.approx({"mse": (4 + 36 + 4) / 3})
    assert math.isnan(values(table, member="0", output="y_aleatoric")["pearson"])


def test_coverage_of_an_ensemble(teachers):
    table = tables.coverage(teachers, level=0.5, smallest_std=0.1)
    assert table.columns.tolist() == ["member", "output", "uncertainty", "metric", "value"]
    assert set(table["member"]) == {"ensemble"}
    assert set(table["uncertainty"]) == {"ensemble"}
    # Validation: means 2, 4, 0 and spreads 1, 2, 4, hence scores 2, 2, 0, of which rank 2 of 3.
    # Test: means 2, 3, 4, spreads 1, 1, 2; errors of 1 each.
    assert values(table, output="y") == pytest.approx(
        {
            "coverage": 1 / 3,
            "width": 2 * HALF * 4 / 3,
            "conformal_coverage": 1,
            "conformal_width": 2 * 2 * 4 / 3,
            "conformal_factor": 2,
            "raised": 0,
        }
    )


@pytest.mark.parametrize(
    ("kind", "factor", "stds", "covered", "conformal", "raised"),
    [
        # Validation scores: 1/3, 3/0.1, 0/0.1, of which rank 2 of 3.
        ("aleatoric", 1 / 3, [3, 0.1, 0.1], 2 / 3, 2 / 3, 2 / 3),
        # 1/4, 3/0.5, 0/0.1.
        ("epistemic", 1 / 4, [4, 2, 0.1], 2 / 3, 2 / 3, 1 / 3),
        # Below zero counts as zero: 1/5, 3/0.5, 0/0.1.
        ("total", 1 / 5, [5, 2, 0.1], 2 / 3, 2 / 3, 1 / 3),
    ],
)
def test_coverage_of_a_student(student, kind, factor, stds, covered, conformal, raised):
    table = tables.coverage(student, level=0.5, smallest_std=0.1)
    assert table["uncertainty"].unique().tolist() == ["epistemic", "aleatoric", "total"]
    width = 2 * np.mean(stds)
    assert values(table, member="0", output="y", uncertainty=kind) == pytest.approx(
        {
            "coverage": covered,
            "width": HALF * width,
            "conformal_coverage": conformal,
            "conformal_width": factor * width,
            "conformal_factor": factor,
            "raised": raised,
        }
    )


def test_which_uncertainties_there_are(teachers):
    aleatoric = split(np.ones((3, 2)), *np.random.default_rng(0).uniform(1, 2, (2, 3, 2)))
    table = tables.coverage(run(STUDENT[:2], aleatoric, aleatoric), 0.5, 0.1)
    found = table[["member", "uncertainty"]].drop_duplicates().values.tolist()
    assert found == [["0", "aleatoric"], ["1", "aleatoric"], ["ensemble", "ensemble"]]
    alone = [
        Split(part.names, part.truth, part.predictions[:1])
        for part in (teachers.validation, teachers.test)
    ]
    table = tables.coverage(run(["y"], *alone), 0.5, 0.1)
    assert table.empty
    assert table.columns.tolist() == ["member", "output", "uncertainty", "metric", "value"]


def test_scatter_shows_the_first_member_and_the_mean(teachers):
    rows = tables.scatter(teachers).values.tolist()
    assert rows == [
        ["0", "y", "s0", 1, 1],
        ["0", "y", "s1", 2, 2],
        ["0", "y", "s2", 3, 6],
        ["ensemble", "y", "s0", 1, 2],
        ["ensemble", "y", "s1", 2, 3],
        ["ensemble", "y", "s2", 3, 4],
    ]


def test_summary_over_members():
    keys = {"dataset": "lac", "fraction": "1.0", "output": "y", "metric": "pearson"}
    # The numbers of members are in no order that a mean could depend on.
    cells = [
        ("degu", "0", 0.5),
        ("standard", "0", 0.6),
        ("standard", "ensemble", 0.9),
        ("standard", "1", 0.7),
        ("standard", "2", 0.8),
        ("degu", "ensemble", 0.5),
    ]
    table = pd.DataFrame(
        [keys | dict(zip(("recipe", "member", "value"), c, strict=True)) for c in cells]
    )
    summary = tables.summary(table)
    assert summary.columns.tolist() == [
        *("dataset", "recipe", "fraction", "output", "metric", "mean", "low", "high", "ensemble"),
    ]
    assert summary["recipe"].tolist() == ["degu", "standard"]
    half = stats.t.ppf(0.975, 2) * 0.1 / math.sqrt(3)
    expected = [[0.5, 0.5, 0.5, 0.5], [0.7, 0.7 - half, 0.7 + half, 0.9]]
    np.testing.assert_allclose(summary[["mean", "low", "high", "ensemble"]], expected)


def test_tables_of_runs_are_joined_under_their_names():
    runs = ["lac/standard/0.25", "lac/degu/1.0"]
    table = tables.of_runs(runs, ["a", "bb"], lambda file: pd.DataFrame({"value": [len(file), 0]}))
    assert table.columns.tolist() == ["dataset", "recipe", "fraction", "value"]
    assert table.values.tolist() == [
        *(["lac", "standard", "0.25", 1], ["lac", "standard", "0.25", 0]),
        *(["lac", "degu", "1.0", 2], ["lac", "degu", "1.0", 0]),
    ]
    with pytest.raises(ValueError, match="shorter"):
        tables.of_runs(runs, ["a"], lambda file: pd.DataFrame({"value": [1]}))


def test_tables_are_written_whole_and_packed_by_their_name(tmp_path):
    table = pd.DataFrame({"member": ["0", "ensemble"], "value": [0.5, math.nan]}, index=[7, 7])
    for name, unpack in [("t.tsv", bytes), ("t.tsv.gz", gzip.decompress)]:
        tables.write(table, tmp_path / name)
        content = unpack((tmp_path / name).read_bytes()).decode()
        assert content == "member\tvalue\n0\t0.5\nensemble\t\n"
    assert len(list(tmp_path.iterdir())) == 2
