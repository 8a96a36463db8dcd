"""Estimates by kind of uncertainty, and the factors of their intervals as a file."""

import json
import math

import numpy as np
import pytest

import calibrate as script
from degu import calibration, dataset, intervals, predictions
from degu.dataset import Dataset
from degu.heads import Heads
from degu.intervals import Estimate
from degu.job import InputError
from degu.predictions import Predictions, Split

LEVELS = (0.1, 0.35, 0.5, 0.95, 0.9999999)


def split(truth, *members):
    """Rows of truth and members are sequences, columns are heads."""
    truth, members = np.array(truth, np.float32), np.array(members, np.float32)
    names = np.array([f"s{row}" for row in range(len(truth))])
    return Split(names, np.arange(len(truth)), truth, members)


def estimate(n=60, **labels):
    rng = np.random.default_rng(0)
    truth, mean, std = rng.normal(size=n), rng.normal(size=n), rng.gamma(2, size=n)
    labels = {"member": "0", "output": "y", "kind": "total"} | labels
    return Estimate(**labels, truth=truth, mean=mean, std=std, units=np.arange(n))


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
            [
                ("0", "y", "aleatoric"),
                ("1", "y", "aleatoric"),
                ("ensemble", "y", "ensemble"),
                ("ensemble", "y", "ensemble_total"),
            ],
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
    first, second, ensemble, total = intervals.estimates(run, "validation")
    for found, mean, std in [
        (first, [1, 2], [2, 0]),  # below zero counts as zero
        (second, [3, 6], [4, 5]),
        (ensemble, [2, 4], [1, 2]),  # deviations of 1 and 3, of 2 and 6: ddof 0
        # Variances between members of 1 and 4, mean aleatoric ones of (4 + 16) / 2 and 25 / 2.
        (total, [2, 4], np.sqrt(np.float32([11, 16.5])).tolist()),
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
    made = intervals.calibrate(known, LEVELS, 0.5, "plain", quantile, groups)
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
    made = intervals.calibrate(known, [0.9], 1e-9, "plain")
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
    """Twelve units end at a level of 12 / 13; the file stays plain JSON."""
    made = intervals.calibrate(estimate(12), (0.95, 0.9), 0.01)
    assert math.isfinite(made.factors[0.9][0]) and made.factors[0.95] == [math.inf]
    message = (
        "0 y total: 12 measured units in 1 groups are too few for intervals of a level of 0.95"
    )
    assert message in caplog.text
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


@pytest.fixture
def made_data(tmp_path):
    """Write a data set of 50 validation sequences, some of them held out for calibration."""

    def make(holdout):
        rng = np.random.default_rng(1)
        codes = rng.integers(0, 4, (54, 20), dtype=np.uint8)
        splits = np.array(["train"] * 2 + ["validation"] * 50 + ["test"] * 2)
        names = np.array([f"s{row}" for row in range(54)])
        targets = rng.normal(size=(54, 1)).astype(np.float32)
        records = dataset.Records(names, codes, targets, ["y"], splits)
        dataset.write(tmp_path / "data.h5", records, holdout)
        return tmp_path / "data.h5"

    return make


@pytest.mark.parametrize("holdout", [0.0, 0.4])
def test_a_run_is_calibrated_at_its_own_level_and_those_of_reliability(
    holdout, made_data, tmp_path
):
    """The script uses the calibration set alone: the validation set, or what is held out of it."""
    rng = np.random.default_rng(0)
    validation = split(rng.normal(size=(50, 1)), *rng.normal(size=(3, 50, 1)))
    test = split(np.full((2, 1), np.nan), *np.zeros((3, 2, 1)))
    how = {"smallest_std": 0.01, "score": "normalised", "quantile": "plain", "groups": 2}
    data = made_data(holdout)
    validation.units = Dataset(data).units("validation")
    predictions.write(tmp_path / "run.h5", Predictions(Heads.of(["y"]), validation, test))
    script.main(tmp_path / "run.h5", None, data, tmp_path / "run.json", level=0.123, **how)
    ((key, made),) = intervals.read(tmp_path / "run.json").items()
    assert key == ("ensemble", "y", "ensemble", None)
    assert sorted(made.factors) == sorted([0.123, *calibration.LEVELS])
    (known,) = intervals.estimates(predictions.read(tmp_path / "run.h5"), "validation")
    units = Dataset(data).calibrating_units()
    assert made.number == made.units == len(units) == (50 if holdout == 0 else 20)
    assert made == intervals.calibrate(known.of_units(units), made.factors, **how)


def test_bases_of_a_window_are_kept_together():
    """Profiles have several rows a measured unit."""
    known = estimate()._replace(units=np.arange(60) // 4)
    kept = known.of_units(np.array([0, 14, 99]))
    assert kept.units.tolist() == [0] * 4 + [14] * 4
    assert kept.truth.tolist() == known.truth[[0, 1, 2, 3, 56, 57, 58, 59]].tolist()


def test_the_offset_is_part_of_a_calibration():
    """Scores are errors over deviation plus offset; the half width has both."""
    rng = np.random.default_rng(0)
    truth, mean = rng.normal(size=500), np.zeros(500)
    std = np.where(np.arange(500) < 100, -0.1, 1.0)
    known = Estimate("0", "y", "total", truth, mean, std, np.arange(500))
    made = intervals.calibrate(known, [0.9], 0.001)
    floor = np.maximum(std, 0.001)
    assert made.raised == 0.2
    assert made.offset == calibration.offset(truth, mean, floor) > 0.1
    (factor,) = made.factors[0.9]
    assert factor == calibration.conformal_factor(truth, mean, floor + made.offset, 0.9)
    np.testing.assert_allclose(
        made.half_width(mean, floor, 0.9), factor * (floor + made.offset), rtol=1e-12
    )
    assert intervals.calibrate(known, [0.9], 0.001, "plain").offset == 0


def test_many_deviations_at_the_floor_are_warned_of_with_numbers(caplog):
    std = np.where(np.arange(60) < 6, -1.0, 1.0)
    intervals.calibrate(estimate()._replace(std=std), [0.95], 0.001)
    assert (
        "10.0 % of the predicted deviations of the calibration set lie below 0.001" in caplog.text
    )
    assert "the 5.0 % that an interval of level 0.95 may miss" in caplog.text
    caplog.clear()
    intervals.calibrate(estimate()._replace(std=std), [0.85], 0.001)
    assert caplog.text == ""


def test_each_measured_unit_counts_once_in_a_calibration():
    """Pairs of equal rows give the factor of single ones, and are counted as such."""
    known = estimate()
    pairs = known.rows(np.arange(60).repeat(2))
    alone = intervals.calibrate(known, LEVELS, 0.01, "plain")
    paired = intervals.calibrate(pairs, LEVELS, 0.01, "plain")
    assert paired.factors == alone.factors
    assert (paired.number, paired.units) == (120, 60)


def test_noise_of_the_mean_of_replicates_is_smaller_by_their_root():
    """Epistemic variance 9, aleatoric 16: of four replicates 16 / 4, in all 13."""
    heads = Heads.of(["y"], "aleatoric", "epistemic")
    part = split([[1, 1, 1]], [[2, 4, 3]])
    found = {one.kind: one for one in intervals.estimates(Predictions(heads, part, part), "test")}
    assert found["epistemic"].replicate_part is None
    four = np.array([4])
    np.testing.assert_allclose(found["aleatoric"].of_mean(four).std, [2], rtol=1e-6)
    np.testing.assert_allclose(found["total"].of_mean(four).std, [np.sqrt(13)], rtol=1e-6)
    np.testing.assert_allclose(found["total"].of_mean(np.array([1])).std, [5], rtol=1e-6)


def test_residual_noise_has_no_part_between_replicates():
    heads = Heads.of(["y"], "aleatoric", noise="residuals")
    part = split([[1, 1]], [[2, 4]])
    (found,) = intervals.estimates(Predictions(heads, part, part), "test")
    assert found.kind == "aleatoric" and found.replicate_part is None
