"""Tables of small runs, all numbers by hand."""

import gzip
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from degu import calibration, interval_tables, metrics, tables
from degu.predictions import Predictions, Split

HALF = 0.6744897501960817  # of a normal distribution lies within so many standard deviations
COLUMNS = ["member", "output", "uncertainty", "metric", "value", "low", "high", "ceiling"]
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
    assert table.columns.tolist() == [
        *("member", "output", "metric", "value", "low", "high", "ceiling"),
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


def test_performance_has_intervals_over_sequences_and_a_ceiling():
    rng = np.random.default_rng(0)
    truth, noise = rng.normal(size=(300, 2)), rng.normal(size=(3, 300, 2))
    heads = ["y", "y_aleatoric"]
    test = Split(np.arange(300).astype(str), truth, truth + noise)
    table = tables.performance(run(heads, test, test), {"y": 0.9}, resamples=200, seed=3)
    assert ((table["low"] < table["value"]) & (table["value"] < table["high"])).all()
    predicted = np.stack([*(truth + noise), (truth + noise).mean(axis=0)])
    intervals = metrics.bootstrap(truth, predicted, 200, 3)
    row = table[(table["member"] == "ensemble") & (table["output"] == "y_aleatoric")]
    expected = [intervals[metric][:, 3, 1] for metric in row["metric"]]
    np.testing.assert_array_equal(row[["low", "high"]], expected)
    marked = table[table["ceiling"].notna()]
    assert set(marked["output"]) == {"y"} and set(marked["metric"]) == {"pearson"}
    assert marked["ceiling"].tolist() == [0.9] * 4


def test_performance_of_every_head(student):
    table = tables.performance(student)
    assert table["output"].unique().tolist() == STUDENT
    mse = values(table[table["metric"] == "mse"], member="0", output="y_aleatoric")
    assert mse == pytest.approx({"mse": (4 + 36 + 4) / 3})
    assert math.isnan(values(table, member="0", output="y_aleatoric")["pearson"])


def test_a_head_without_truth_is_left_out(student):
    student.test.truth[:, 2] = math.nan
    assert tables.performance(student)["output"].unique().tolist() == STUDENT[:2]
    assert tables.scatter(student)["output"].unique().tolist() == STUDENT[:2]
    # Its intervals are around measured activities.
    kinds = interval_tables.coverage(student, level=0.5, smallest_std=0.1)["uncertainty"].unique()
    assert kinds.tolist() == ["epistemic", "aleatoric", "total"]


def test_coverage_of_an_ensemble(teachers):
    table = interval_tables.coverage(teachers, level=0.5, smallest_std=0.1)
    assert table.columns.tolist() == COLUMNS
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
            "infinite": 0,
            "raised": 0,
            "pearson": 1,
        }
        | scores([1, 2, 3], [2, 3, 4], [1, 1, 2], 2)
    )


def scores(y, mean, std, factor):
    """Scores before and after scaling by the conformal over the Gaussian factor."""
    parts = {}
    for prefix, scale in [("", 1), ("conformal_", factor / HALF)]:
        scaled = np.array(std) * scale
        parts[f"{prefix}crps"] = metrics.crps(np.array(y), np.array(mean), scaled).mean()
        parts[f"{prefix}nll"] = metrics.nll(np.array(y), np.array(mean), scaled).mean()
    return parts


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
    table = interval_tables.coverage(student, level=0.5, smallest_std=0.1)
    assert table["uncertainty"].unique().tolist() == ["epistemic", "aleatoric", "total"]
    width = 2 * np.mean(stds)
    assert values(table, member="0", output="y", uncertainty=kind) == pytest.approx(
        {
            "coverage": covered,
            "width": HALF * width,
            "conformal_coverage": conformal,
            "conformal_width": factor * width,
            "conformal_factor": factor,
            "infinite": 0,
            "raised": raised,
            "pearson": np.corrcoef([0, 1, 2], [0, 9, 2])[0, 1],
        }
        | scores([0, 1, 2], [0, 9, 2], stds, factor)
    )


def test_intervals_of_a_table_are_those_of_drawn_sequences():
    """For two members at once, each draw by itself."""
    rng = np.random.default_rng(0)
    truth, noise = rng.normal(size=(30, 2)), rng.normal(size=(2, 30, 1))
    std = rng.uniform(0.5, 1, (2, 30, 1))
    test = split(truth, *np.concatenate([truth[:, :1] + noise, std], axis=-1))
    how = {"ceilings": {"y": 0.9}, "resamples": 40, "seed": 9}
    found = interval_tables.coverage(run(STUDENT[:2], test, test), 0.5, 0.1, **how)
    assert found["ceiling"].fillna(0).tolist() == [0.9 * (m == "pearson") for m in found["metric"]]
    found = found[found["member"] == "1"].set_index("metric")[["low", "high"]]
    rng = np.random.default_rng(9)
    drawn = [rng.integers(30, size=30) for _ in range(40)]
    y, (mean, std) = test.truth[:, 0], test.predictions[1].T
    r = [np.corrcoef(y[rows], mean[rows])[0, 1] for rows in drawn]
    covered = [np.mean(np.abs(y - mean)[rows] <= HALF * std[rows]) for rows in drawn]
    widths = [np.mean(2 * HALF * std[rows]) for rows in drawn]
    for metric, values in {"pearson": r, "coverage": covered, "width": widths}.items():
        expected = np.quantile(values, [0.025, 0.975])
        np.testing.assert_allclose(found.loc[metric], expected, rtol=1e-5)


def test_too_few_validation_sequences_are_said(teachers, caplog):
    table = interval_tables.coverage(teachers, level=0.95, smallest_std=0.1)
    found = values(table, output="y")
    assert found["infinite"] == found["conformal_coverage"] == 1
    assert found["conformal_width"] == found["conformal_factor"] == math.inf
    assert found["conformal_crps"] == found["conformal_nll"] == math.inf
    infinite = table[np.isinf(table["value"])]
    assert len(infinite) == 4 and infinite[["low", "high"]].isna().all(axis=None)
    assert "ensemble y ensemble: 3 validation sequences in 1 groups are too few" in caplog.text
    assert (
        values(interval_tables.coverage(teachers, 0.95, 0.1, "plain"), output="y")["infinite"] == 0
    )


def test_groups_of_predictions_get_intervals_of_their_own(teachers):
    # Validation: predictions 2, 4, 0 with scores 2, 2, 0; the first two are the upper half.
    # Test: predictions 2, 3, 4 lie in the upper half, whose rank 2 of 2 is 2.
    found = values(interval_tables.coverage(teachers, 0.5, 0.1, groups=2), output="y")
    assert (found["conformal_factor"], found["infinite"]) == (2, 0)
    found = values(interval_tables.coverage(teachers, 0.7, 0.1, groups=2), output="y")
    assert found["infinite"] == 1


def test_reliability_of_an_ensemble(teachers):
    table = interval_tables.reliability(teachers, smallest_std=0.1)
    assert table.columns.tolist() == ["member", "output", "uncertainty", "level", "metric", "value"]
    assert table["level"].unique().tolist() == list(calibration.LEVELS)
    # Errors of 1, 1, 1 at deviations of 1, 1, 2: covered from levels of 0.383 and 0.683 on.
    curve = table[table["metric"] == "coverage"].set_index("level")["value"]
    expected = [0 if level < 0.383 else 1 / 3 if level < 0.683 else 1 for level in curve.index]
    assert curve.tolist() == pytest.approx(expected)
    # Scores 0, 2, 2: a factor of 0 up to rank 1 of 3, then 2, then infinity.
    curve = table[table["metric"] == "conformal_coverage"].set_index("level")["value"]
    assert curve.tolist() == [float(level > 0.25) for level in curve.index]


def test_which_uncertainties_there_are(teachers):
    aleatoric = split(np.ones((3, 2)), *np.random.default_rng(0).uniform(1, 2, (2, 3, 2)))
    table = interval_tables.coverage(run(STUDENT[:2], aleatoric, aleatoric), 0.5, 0.1)
    found = table[["member", "uncertainty"]].drop_duplicates().values.tolist()
    assert found == [["0", "aleatoric"], ["1", "aleatoric"], ["ensemble", "ensemble"]]
    alone = [
        Split(part.names, part.truth, part.predictions[:1])
        for part in (teachers.validation, teachers.test)
    ]
    table = interval_tables.coverage(run(["y"], *alone), 0.5, 0.1)
    assert table.empty
    assert table.columns.tolist() == COLUMNS


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
    ).assign(ceiling=0.95)
    summary = tables.summary(table)
    assert summary.columns.tolist() == [
        *("dataset", "recipe", "fraction", "output", "metric"),
        *("mean", "low", "high", "ensemble", "ceiling"),
    ]
    assert summary["recipe"].tolist() == ["degu", "standard"]
    half = stats.t.ppf(0.975, 2) * 0.1 / math.sqrt(3)
    expected = [[0.5, 0.5, 0.5, 0.5], [0.7, 0.7 - half, 0.7 + half, 0.9]]
    np.testing.assert_allclose(summary[["mean", "low", "high", "ensemble"]], expected)
    assert summary["ceiling"].tolist() == [0.95, 0.95]


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
