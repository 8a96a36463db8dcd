"""Tables of the intervals of small runs, all numbers by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from degu import calibration, metrics, predictions
from degu.heads import Heads
from degu.intervals import calibrate, estimates, read_estimates
from degu.predictions import Predictions, Split
from degu.tables import intervals as tables

HALF = 0.6744897501960817  # of a normal distribution lies within so many standard deviations
COLUMNS = ["member", "output", "kind", "covers", "metric", "value", "low", "high", "ceiling"]
ALONE = Heads.of(["y"])
NOISY = Heads.of(["y"], "aleatoric")
STUDENT = Heads.of(["y"], "aleatoric", "epistemic")


def split(truth, *members):
    """Rows of truth and members are sequences, columns are heads."""
    truth, members = np.array(truth, np.float32), np.array(members, np.float32)
    names = np.array([f"s{row}" for row in range(len(truth))])
    return Split(names, np.arange(len(truth)), truth, members)


def calibrated(run, levels, smallest_std=0.1, **how):
    """Calibrations of a run by what they are of."""
    how = {"score": "plain"} | how
    made = [calibrate(one, levels, smallest_std, **how) for one in estimates(run, "validation")]
    return {(one.member, one.output, one.kind, None): one for one in made}


def measured(run, level, how=None, **options):
    """Table of the intervals of a run, calibrated on its validation set; how says the way."""
    calibrations = calibrated(run, [level], **(how or {}))
    return tables.measure(list(estimates(run, "test")), calibrations, level, 0.1, **options)


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


def test_uncertainties_need_no_truth(student):
    """Intervals are around measured activities, whatever is known of uncertainties."""
    student.test.truth[:, 1:] = math.nan
    kinds = measured(student, 0.5)["kind"].unique()
    assert kinds.tolist() == ["epistemic", "aleatoric", "total"]


def test_coverage_of_an_ensemble(teachers):
    table = measured(teachers, 0.5)
    assert table.columns.tolist() == COLUMNS
    assert set(table["member"]) == {"ensemble"}
    assert set(table["kind"]) == {"ensemble"}
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
            "raised_calibration": 0,
            "offset": 0,
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
    ("kind", "factor", "stds", "covered", "conformal", "raised", "raised_calibration"),
    [
        # Validation scores: 1/3, 3/0.1, 0/0.1, of which rank 2 of 3.
        ("aleatoric", 1 / 3, [3, 0.1, 0.1], 2 / 3, 2 / 3, 2 / 3, 2 / 3),
        # 1/4, 3/0.5, 0/0.1.
        ("epistemic", 1 / 4, [4, 2, 0.1], 2 / 3, 2 / 3, 1 / 3, 1 / 3),
        # Below zero counts as zero: 1/5, 3/0.5, 0/0.1.
        ("total", 1 / 5, [5, 2, 0.1], 2 / 3, 2 / 3, 1 / 3, 1 / 3),
    ],
)
def test_coverage_of_a_student(
    student, kind, factor, stds, covered, conformal, raised, raised_calibration
):
    table = measured(student, 0.5)
    assert table["kind"].unique().tolist() == ["epistemic", "aleatoric", "total"]
    width = 2 * np.mean(stds)
    assert values(table, member="0", output="y", kind=kind) == pytest.approx(
        {
            "coverage": covered,
            "width": HALF * width,
            "conformal_coverage": conformal,
            "conformal_width": factor * width,
            "conformal_factor": factor,
            "infinite": 0,
            "raised": raised,
            "raised_calibration": raised_calibration,
            "offset": 0,
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
    found = measured(Predictions(NOISY, test, test), 0.5, **how)
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
    table = measured(teachers, 0.95)
    found = values(table, output="y")
    assert found["infinite"] == found["conformal_coverage"] == 1
    assert found["conformal_width"] == found["conformal_factor"] == math.inf
    assert found["conformal_crps"] == found["conformal_nll"] == math.inf
    infinite = table[np.isinf(table["value"])]
    assert len(infinite) == 4 and infinite[["low", "high"]].isna().all(axis=None)
    assert "ensemble y ensemble: 3 measured units in 1 groups are too few" in caplog.text
    assert values(measured(teachers, 0.95, {"quantile": "plain"}), output="y")["infinite"] == 0


def test_groups_of_predictions_get_intervals_of_their_own(teachers):
    # Validation: predictions 2, 4, 0 with scores 2, 2, 0; the first two are the upper half.
    # Test: predictions 2, 3, 4 lie in the upper half, whose rank 2 of 2 is 2.
    found = values(measured(teachers, 0.5, {"groups": 2}), output="y")
    assert (found["conformal_factor"], found["infinite"]) == (2, 0)
    found = values(measured(teachers, 0.7, {"groups": 2}), output="y")
    assert found["infinite"] == 1


def test_reliability_of_an_ensemble(teachers):
    calibrations = calibrated(teachers, calibration.LEVELS)
    table = tables.reliability(list(estimates(teachers, "test")), calibrations, 0.1)
    assert table.columns.tolist() == ["member", "output", "kind", "level", "metric", "value"]
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
    table = measured(Predictions(NOISY, aleatoric, aleatoric), 0.5)
    found = table[["member", "kind"]].drop_duplicates().values.tolist()
    assert found == [
        ["0", "aleatoric"],
        ["1", "aleatoric"],
        ["ensemble", "ensemble"],
        ["ensemble", "ensemble_total"],
    ]
    alone = [
        Split(part.names, part.units, part.truth, part.predictions[:1])
        for part in (teachers.validation, teachers.test)
    ]
    table = measured(Predictions(ALONE, *alone), 0.5)
    assert table.empty
    assert table.columns.tolist() == COLUMNS


def test_calibrated_intervals_have_the_offset_of_the_calibration_set(teachers):
    """Deviations 1, 2, 4 of errors 2, 4, 0 on validation; 1, 1, 2 on the test set."""
    calibrations = calibrated(teachers, [0.5], score="normalised")
    (made,) = calibrations.values()
    found = values(measured(teachers, 0.5, {"score": "normalised"}), covers="measurement")
    assert found["offset"] == made.offset
    (factor,) = made.factors[0.5]
    widths = 2 * factor * (np.array([1, 1, 2]) + made.offset)
    assert found["conformal_width"] == pytest.approx(widths.mean())
    assert found["width"] == pytest.approx(2 * HALF * 4 / 3)


def test_intervals_are_held_against_replicates_and_against_their_mean():
    """Aleatoric deviation 2, two replicates: 2 / sqrt(2) for their mean."""
    part = split([[1, 2], [5, 2]], [[0, 2], [0, 2]])
    replicates = {"y": np.array([[0.0, 2.0], [4.0, 6.0]])}
    table = measured(Predictions(NOISY, part, part), 0.5, replicates=replicates)
    half = HALF * 2
    assert values(table, covers="replicate") == pytest.approx(
        # 0 lies inside 0 +- 1.35; 2, 4 and 6 do not: shares of 1/2 and 0.
        {"coverage": 0.25, "width": 2 * half}
    )
    scaled = values(table, covers="mean of replicates")
    assert scaled == pytest.approx({"coverage": 0, "width": 2 * half / math.sqrt(2)}, rel=1e-6)
    # A measurement of 1 lies inside 0 +- 1.35 and outside 0 +- 0.95.
    assert values(table, covers="measurement")["coverage"] == 0.5


def test_a_missing_replicate_does_not_count():
    part = split([[0, 2], [5, 2]], [[0, 2], [0, 2]])
    replicates = {"y": np.array([[0.0, np.nan], [5.0, 5.0]])}
    table = measured(Predictions(NOISY, part, part), 0.5, replicates=replicates)
    assert values(table, covers="replicate")["coverage"] == 0.5
    # The mean of one replicate has the noise of one.
    widths = 2 * HALF * np.array([2, 2 / math.sqrt(2)])
    found = values(table, covers="mean of replicates")
    assert found["width"] == pytest.approx(widths.mean(), rel=1e-6)


def test_intervals_of_an_activity_are_those_of_its_measured_sequences(tmp_path):
    """Two activities measured in other sequences have the tables of one by one."""
    rng = np.random.default_rng(0)
    heads = Heads.of(["y", "z"], "aleatoric")
    truth, noise = rng.normal(size=(40, 4)), rng.normal(size=(2, 40, 4))
    members = np.abs(truth + noise)
    known = {"y": np.arange(40) % 2 == 0, "z": np.arange(40) % 3 > 0}
    masked, replicates = truth.copy(), {}
    for column, (name, its) in enumerate(known.items()):
        masked[~its, column] = masked[~its, 2 + column] = np.nan
        replicates[name] = np.where(its[:, None], truth[:, [column]] + [[-1, 1]], np.nan)
    part = split(masked, *members)
    predictions.write(tmp_path / "run.h5", Predictions(heads, part, part))
    validation, test = (
        read_estimates(tmp_path / "run.h5", None, name) for name in ("validation", "test")
    )
    made = [calibrate(one, [0.5], 0.1) for one in validation]
    calibrations = {(one.member, one.output, one.kind, None): one for one in made}
    table = tables.measure(test, calibrations, 0.5, 0.1, None, replicates, 50, 3)
    for column, (name, its) in enumerate(known.items()):
        alone = split(
            truth[its][:, [column, 2 + column]], *members[:, its][..., [column, 2 + column]]
        )
        expected = measured(
            Predictions(Heads.of([name], "aleatoric"), alone, alone),
            0.5,
            {"score": "normalised"},
            replicates={name: replicates[name][its]},
            resamples=50,
            seed=3,
        )
        found = table[table["output"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(found, expected.reset_index(drop=True))


def test_intervals_of_a_table_draw_measured_units():
    """Pairs of equal rows have the intervals of single rows."""
    rng = np.random.default_rng(0)
    truth, noise = rng.normal(size=(30, 2)), rng.normal(size=(30, 1))
    member = np.concatenate([truth[:, :1] + noise, rng.uniform(0.5, 1, (30, 1))], axis=-1)
    alone = split(truth, member)
    paired = split(truth.repeat(2, axis=0), member.repeat(2, axis=0))
    paired.units = np.arange(30).repeat(2)
    tables_of = [
        measured(Predictions(NOISY, part, part), 0.5, resamples=50, seed=1)
        for part in (alone, paired)
    ]
    one, other = (table[["metric", "value", "low", "high"]] for table in tables_of)
    assert one["metric"].tolist() == other["metric"].tolist()
    np.testing.assert_allclose(
        one.iloc[:, 1:].astype(float), other.iloc[:, 1:].astype(float), rtol=1e-6, atol=1e-9
    )
