"""Estimates by kind of uncertainty, and the factors of their intervals as a file."""

import json
import math

import numpy as np
import pytest

import calibrate as script
from degu import calibration, intervals, predictions
from degu.heads import Heads
from degu.intervals import Estimate
from degu.job import InputError
from degu.predictions import Predictions, Split

LEVELS = (0.1, 0.35, 0.5, 0.95, 0.9999999)


def split(truth, *members):
    """Rows of truth and members are sequences, columns are heads."""
    truth, members = np.array(truth, np.float32), np.array(members, np.float32)
    return Split(np.array([f"s{row}" for row in range(len(truth))]), truth, members)


def estimate(n=60, **labels):
    rng = np.random.default_rng(0)
    truth, mean, std = rng.normal(size=n), rng.normal(size=n), rng.gamma(2, size=n)
    labels = {"member": "0", "output": "y", "kind": "total"} | labels
    return Estimate(**labels, truth=truth, mean=mean, std=std)


def named(found):
    return [(one.member, one.output, one.kind) for one in found]


@pytest.mark.parametrize(
    ("heads", "members", "expected"),
    [
        # The spread of an ensemble, of each activity.
        (Heads.of(["y", "z"]), 2, [("ensemble", "y", "ensemble"), ("ensemble", "z", "ensemble")]),
        (
            Heads.of(["y"], "aleatoric"),
            2,
            [("0", "y", "aleatoric"), ("1", "y", "aleatoric"), ("ensemble", "y", "ensemble")],
        ),
        # Students tell the spread themselves.
        (Heads.of(["y"], "epistemic"), 2, [("0", "y", "epistemic"), ("1", "y", "epistemic")]),
        (
            Heads.of(["y"], "aleatoric", "epistemic"),
            1,
            [("0", "y", "epistemic"), ("0", "y", "aleatoric"), ("0", "y", "total")],
        ),
        # One model has no spread.
        (Heads.of(["y"]), 1, []),
    ],
)
def test_kinds_of_uncertainty_follow_from_heads_and_members(heads, members, expected):
    part = split(np.ones((3, len(heads))), *np.ones((members, 3, len(heads))))
    assert named(intervals.estimates(Predictions(heads, part, part), "test")) == expected


def test_estimates_of_an_ensemble_and_of_its_members_by_hand():
    heads = Heads.of(["y"], "aleatoric")
    validation = split([[7, 1], [8, 1]], [[1, 2], [2, -3]], [[3, 4], [6, 5]])
    run = Predictions(heads, validation, split([[0, 0]], [[0, 0]], [[0, 0]]))
    first, second, ensemble = intervals.estimates(run, "validation")
    for found, mean, std in [
        (first, [1, 2], [2, 0]),  # below zero counts as zero
        (second, [3, 6], [4, 5]),
        (ensemble, [2, 4], [1, 2]),  # deviations of 1 and 3, of 2 and 6: ddof 0
    ]:
        assert found.truth.tolist() == [7, 8]
        assert found.mean.tolist() == mean
        assert found.std.tolist() == std


def test_small_deviations_are_raised_and_said():
    found, raised = estimate()._replace(std=np.array([0.1, 0.2, 3])).clipped(0.2)
    assert found.std.tolist() == [0.2, 0.2, 3]
    assert raised.tolist() == [True, False, False]
    assert named([found]) == [("0", "y", "total")]


def test_passes_with_dropout_come_last_under_their_own_kind(tmp_path):
    alone, spread = Heads.of(["y"]), Heads.of(["y"], "epistemic")
    part, passes = split([[1]], [[2]], [[4]]), split([[1, 0]], [[2, 0.5]], [[4, 0.25]])
    predictions.write(tmp_path / "run.h5", Predictions(alone, part, part))
    predictions.write(tmp_path / "dropout.h5", Predictions(spread, passes, passes))
    both = [tmp_path / "run.h5", tmp_path / "dropout.h5"]
    found = intervals.read_estimates(*both, "test")
    ensemble = ("ensemble", "y", "ensemble")
    assert named(found) == [ensemble, ("0", "y", "dropout"), ("1", "y", "dropout")]
    assert [one.std.tolist() for one in found[1:]] == [[0.5], [0.25]]
    assert named(intervals.read_estimates(both[0], None, "test")) == [ensemble]


@pytest.mark.parametrize("quantile", ["finite_sample", "plain"])
@pytest.mark.parametrize("groups", [1, 2, 5])
def test_factors_by_level_and_group_are_those_of_mondrian_calibration(quantile, groups):
    """For new sequences, whose predictions also lie outside those of the calibration set."""
    known, new = estimate(), np.linspace(-5, 5, 200)
    made = intervals.calibrate(known, LEVELS, 0.5, quantile, groups)
    assert (made.member, made.output, made.kind, made.shift) == ("0", "y", "total", None)
    assert made.number == 60 and len(made.edges) == groups - 1
    std = np.maximum(known.std, 0.5)
    for level in LEVELS:
        assert len(made.factors[level]) == groups
        expected = calibration.mondrian_factors(
            known.truth, known.mean, std, new, level, groups, quantile
        )
        np.testing.assert_array_equal(made.factor(new, level), expected)
        assert len(set(expected)) <= groups


def test_one_group_has_the_conformal_factor():
    known = estimate()
    made = intervals.calibrate(known, [0.9], 1e-9)
    expected = calibration.conformal_factor(known.truth, known.mean, known.std, 0.9)
    assert made.factors == {0.9: [expected]} and made.edges == []


def test_calibrations_come_back_as_they_were_written(tmp_path):
    made = [
        intervals.calibrate(estimate(), LEVELS, 0.01, groups=3),
        intervals.calibrate(estimate(12, kind="epistemic"), LEVELS, 0.01, shift="large"),
    ]
    path = tmp_path / "new" / "run.json"
    intervals.write(path, made)
    assert intervals.read(path) == {
        ("0", "y", "total", None): made[0],
        ("0", "y", "epistemic", "large"): made[1],
    }


def test_an_infinite_factor_is_null(tmp_path, caplog):
    """Twelve sequences end at a level of 12 / 13; the file stays plain JSON."""
    made = intervals.calibrate(estimate(12), (0.9, 0.95), 0.01)
    assert math.isfinite(made.factors[0.9][0]) and made.factors[0.95] == [math.inf]
    message = "0 y total: 12 sequences in 1 groups are too few to calibrate intervals of a level"
    assert f"{message} from 0.95 on" in caplog.text
    intervals.write(tmp_path / "run.json", [made])

    def refuse(constant):
        raise AssertionError(constant)

    (row,) = json.loads((tmp_path / "run.json").read_text(), parse_constant=refuse)
    assert row["factors"] == {"0.9": made.factors[0.9], "0.95": [None]}
    assert intervals.read(tmp_path / "run.json")["0", "y", "total", None] == made


def test_a_missing_calibration_is_named_beside_the_known_ones():
    made = {("0", "y", "epistemic", None): intervals.calibrate(estimate(), [0.5], 0.01)}
    found = intervals.find(made, estimate(kind="epistemic"))
    assert found is made["0", "y", "epistemic", None]
    for labels, shift, message in [
        ({"kind": "aleatoric"}, None, "0 y aleatoric None: known are 0 y epistemic None"),
        ({"kind": "epistemic", "member": "1"}, None, "no calibration of 1 y epistemic None"),
        ({"kind": "epistemic"}, "large", "no calibration of 0 y epistemic large"),
    ]:
        with pytest.raises(InputError, match=message):
            intervals.find(made, estimate(**labels), shift)


def test_a_run_is_calibrated_at_its_own_level_and_those_of_reliability(tmp_path):
    """The script uses the validation set alone."""
    rng = np.random.default_rng(0)
    validation = split(rng.normal(size=(50, 1)), *rng.normal(size=(3, 50, 1)))
    test = split(np.full((2, 1), np.nan), *np.zeros((3, 2, 1)))
    predictions.write(tmp_path / "run.h5", Predictions(Heads.of(["y"]), validation, test))
    how = {"smallest_std": 0.01, "quantile": "plain", "groups": 2}
    script.main(tmp_path / "run.h5", None, tmp_path / "run.json", level=0.123, **how)
    ((key, made),) = intervals.read(tmp_path / "run.json").items()
    assert key == ("ensemble", "y", "ensemble", None)
    assert sorted(made.factors) == sorted([0.123, *calibration.LEVELS])
    (known,) = intervals.estimates(predictions.read(tmp_path / "run.h5"), "validation")
    assert made == intervals.calibrate(known, made.factors, **how)
