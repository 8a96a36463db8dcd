"""Gains of ensembles, and how much of them students reach, on hand-made predictions."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from degu.heads import Heads
from degu.predictions import Predictions, Split
from degu.tables import distillation

ALONE, STUDENT = Heads.of(["y"]), Heads.of(["y"], "epistemic")


def split(truth, *members):
    """One activity: truth (n,), predictions of each member (n,)."""
    names = np.array([f"s{row}" for row in range(len(truth))])
    arrays = np.array(truth, np.float64)[:, None], np.array(members, np.float64)[..., None]
    return Split(names, np.arange(len(truth)), *arrays)


def row(*arguments, **options):
    (found,) = distillation.measure(*arguments, **options).itertuples()
    return found


def with_spread(part):
    """Add an epistemic head in front of which the activity stands."""
    members = np.concatenate([part.predictions, 0 * part.predictions], axis=-1)
    truth = np.concatenate([part.truth, 0 * part.truth], axis=-1)
    return Split(part.names, part.units, truth, members)


@pytest.fixture
def by_hand():
    """Members that are right about halves of the sequences; their mean is right about all.

    The truth is -1, -1, 1, 1, 0, 0. Errors of the members are opposite: 2, 0, 0, -2, 0, 0 and back.
    """
    truth = np.array([-1, -1, 1, 1, 0, 0.0])
    error = np.array([1, -1, 1, -1, 0, 0.0])
    test = split(truth, truth + error, truth - error)
    validation = split([1, 2, 3], [3, 2, 1], [1, 2, 4])
    return Predictions(ALONE, validation, test)


def test_numbers_by_hand(by_hand):
    """Truth and error have a variance of 4 / 6 each, and nothing to do with each other."""
    found = row(by_hand, 2, ceilings={"y": 0.9}, resamples=100)
    r = 1 / np.sqrt(2)
    assert (found.output, found.teachers, found.students, found.ceiling) == ("y", 2, 0, 0.9)
    assert found.agreement == pytest.approx(0)
    assert np.isnan(found.limit_r)
    assert (found.member_r, found.ensemble_r) == (pytest.approx(r), pytest.approx(1))
    assert found.gain == pytest.approx(1 - r)
    # On the validation set the second one alone is right.
    assert (found.best_member, found.best_r) == (1, pytest.approx(r))
    assert np.isnan([found.student_r, found.reached, found.to_ensemble, found.share]).all()


def test_a_member_of_a_weighted_ensemble_agrees_with_others_alone(by_hand):
    """The first one counts three times: the mean's error is half of a member's."""
    alone = row(by_hand, 2, resamples=100)
    parts = (Split(part.names, part.units, part.truth, part.predictions[[0, 0, 0, 1]])
             for part in (by_hand.validation, by_hand.test))  # fmt: skip
    found = row(Predictions(ALONE, *parts), 4, resamples=100)
    assert found.agreement == pytest.approx(0) and np.isnan(found.limit_r)
    assert found.member_r == pytest.approx(alone.member_r)
    assert found.ensemble_r == pytest.approx(2 / np.sqrt(5))
    assert (found.teachers, found.best_member) == (4, 3)
    assert found.best_r == pytest.approx(alone.best_r)


def test_an_endless_ensemble_by_hand():
    """Members share truth + common; r of their mean tends to that of the common part."""
    basis = np.linalg.qr(np.random.default_rng(0).normal(size=(60, 6)) - 0.0)[0].T
    basis = np.linalg.qr((basis - basis.mean(axis=1, keepdims=True)).T)[0].T
    truth, common, *own = basis
    test = split(truth, *(truth + common + one for one in own[:3]))
    found = row(Predictions(ALONE, test, test), 3, resamples=100)
    assert found.member_r == pytest.approx(1 / np.sqrt(3))
    assert found.agreement == pytest.approx(2 / 3)
    assert found.limit_r == pytest.approx(1 / np.sqrt(2))
    # Own parts of three members leave a third of a variance: between member and limit.
    assert found.ensemble_r == pytest.approx(1 / np.sqrt(2 + 1 / 3))


def test_the_limit_is_what_very_many_members_reach_also_if_they_differ_in_quality():
    """Ten of 3,000 members that share an error, and have noise of their own, of unequal size."""
    rng = np.random.default_rng(0)
    truth, shared = rng.normal(size=(2, 3000))
    scale = rng.uniform(0.2, 2, (3000, 1)).astype(np.float32)
    members = truth + shared + scale * rng.standard_normal((3000, 3000), np.float32)
    reached = stats.pearsonr(truth, members.mean(axis=0)).statistic
    test = split(truth, *members[:10])
    found = row(Predictions(ALONE, test, test), 10, resamples=100)
    assert found.limit_r == pytest.approx(reached, abs=0.005)
    assert found.ensemble_r < reached - 0.02


def test_a_limit_above_one_is_none():
    """Two members may follow the truth of a few sequences, and hardly each other."""
    truth = np.array([-1, -1, 1, 1, 0, 0.0])
    error = np.array([1, -1, 1, -1, 0, 0.0])
    test = split(truth, truth + 0.9 * error, truth - 0.9 * error)
    assert np.isnan(row(Predictions(ALONE, test, test), 2, resamples=100).limit_r)


def made(student, n=2000, noise=1.0, seed=0, number=5):
    """Teachers with noise of their own, and students: a share of the ensemble's mean."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=n)
    members = truth + noise * rng.normal(size=(number, n))
    mean = members.mean(axis=0)
    students = [student(members, mean, rng) for _ in range(2)]
    of = {
        "teachers": Predictions(ALONE, split(truth, *members), split(truth, *members)),
        "students": Predictions(STUDENT, *(with_spread(split(truth, *students)) for _ in range(2))),
    }
    return of["teachers"], of["students"]


def test_students_that_are_the_ensemble_reach_all_of_it():
    teachers, students = made(lambda members, mean, rng: mean)
    found = row(teachers, 5, students, resamples=200)
    assert found.students == 2 and found.following == pytest.approx(1)
    assert found.reached == pytest.approx(found.gain)
    for values in ((found.share, found.share_low, found.share_high),):
        assert values == pytest.approx((1, 1, 1))
    assert (found.to_ensemble, found.to_ensemble_low, found.to_ensemble_high) == pytest.approx(
        (0, 0, 0), abs=1e-12
    )
    assert 0 < found.gain_low < found.gain < found.gain_high


def test_students_that_are_a_member_reach_nothing():
    teachers, students = made(lambda members, mean, rng: members[2])
    found = row(teachers, 5, students, resamples=200)
    assert found.reached == pytest.approx(0, abs=0.02)
    assert found.reached_low < 0 < found.reached_high
    assert found.share == pytest.approx(found.reached / found.gain)
    assert found.to_ensemble_high < 0
    assert found.to_ensemble == pytest.approx(found.reached - found.gain)


def test_values_and_paired_draws_are_those_of_plain_code():
    teachers, students = made(
        lambda members, mean, rng: mean + 0.3 * rng.normal(size=len(mean)), 80
    )
    units = np.arange(80) // 2
    teachers.test.units = students.test.units = units
    found = row(teachers, 5, students, resamples=150, seed=4)
    truth = teachers.test.truth[:, 0]
    members, taught = teachers.test.predictions[..., 0], students.test.predictions[..., 0]
    ensemble = members.mean(axis=0)

    def sides(at):
        r = [
            np.mean([stats.pearsonr(truth[at], one[at]).statistic for one in some])
            for some in (
                members,
                [ensemble],
                taught,
                members[found.best_member : found.best_member + 1],
            )
        ]
        return np.array(r)

    rng = np.random.default_rng(4)
    draws = [rng.integers(40, size=40) for _ in range(150)]
    drawn = np.array([sides(np.concatenate([2 * d, 2 * d + 1])) for d in draws])
    one = sides(np.arange(80))
    for name, (side, other) in {
        "gain": (1, 0), "reached": (2, 0), "to_ensemble": (2, 1), "to_best": (2, 3)
    }.items():  # fmt: skip
        assert getattr(found, name) == pytest.approx(one[side] - one[other])
        ends = np.quantile(drawn[:, side] - drawn[:, other], [0.025, 0.975])
        bounds = getattr(found, f"{name}_low"), getattr(found, f"{name}_high")
        assert bounds == pytest.approx(tuple(ends))
    assert found.gain_error == pytest.approx(np.std(drawn[:, 1] - drawn[:, 0], ddof=1))
    shares = np.quantile((drawn[:, 2] - drawn[:, 0]) / (drawn[:, 1] - drawn[:, 0]), [0.025, 0.975])
    assert (found.share_low, found.share_high) == pytest.approx(tuple(shares))


@pytest.mark.parametrize("noise", [1.8, 5])
def test_a_gap_within_three_standard_errors_or_below_zero_has_no_share(noise):
    """One member is right; with so much noise in the other one their mean gains nothing, or loses.

    By r of all, the gap is 1 / sqrt(1 + c^2 / 4) - (1 + 1 / sqrt(1 + c^2)) / 2: .0005, -.23.
    """
    rng = np.random.default_rng(0)
    truth, error = rng.normal(size=(2, 400))
    members = np.stack([truth, truth + noise * error])
    test, taught = split(truth, *members), split(truth, truth + error)
    found = row(*(Predictions(ALONE, test, test), 2), Predictions(ALONE, taught, taught))
    gap = 1 / np.sqrt(1 + noise**2 / 4) - (1 + 1 / np.sqrt(1 + noise**2)) / 2
    assert found.gain == pytest.approx(gap, abs=0.04)
    assert found.gain < 3 * found.gain_error
    assert np.isnan([found.share, found.share_low, found.share_high]).all()
    assert found.reached_low < found.reached < found.reached_high
    assert found.best_member == 0 and found.to_best_high < 0


def test_an_ensemble_of_fewer_teachers_and_one_by_its_labels():
    teachers, students = made(lambda members, mean, rng: mean)
    few = row(teachers, 2, students, resamples=100)
    predicted, truth = teachers.test.predictions[..., 0], teachers.test.truth[:, 0]
    mean = predicted[:2].mean(axis=0)
    assert few.ensemble_r == pytest.approx(stats.pearsonr(truth, mean).statistic)
    assert few.agreement == pytest.approx(stats.pearsonr(*predicted[:2]).statistic)
    labels = (truth + 0.1 * predicted[0])[:, None]
    told = row(teachers, 9, students, labels, resamples=100)
    assert told.teachers == 9
    assert told.ensemble_r == pytest.approx(stats.pearsonr(truth, labels[:, 0]).statistic)


def test_what_was_not_measured_does_not_count():
    teachers, students = made(lambda members, mean, rng: mean, n=200)
    whole = row(teachers, 5, students, resamples=100)
    for run in (teachers, students):
        for part in (run.test, run.validation):
            junk = np.full((run.test.predictions.shape[0], 50, part.truth.shape[1]), 9.0)
            part.predictions = np.concatenate([part.predictions, junk], axis=1)
            part.truth = np.concatenate([part.truth, np.full_like(junk[0], np.nan)])
            part.units = np.arange(250)
    again = row(teachers, 5, students, resamples=100)
    for name, value in whole._asdict().items():
        if name not in ("Index", "output"):
            assert getattr(again, name) == pytest.approx(value, nan_ok=True)


def test_intervals_narrow_with_more_sequences():
    widths = []
    for n in (100, 400, 1600):
        teachers, students = made(lambda members, mean, rng: mean, n=n)
        found = row(teachers, 5, students, resamples=200)
        widths.append(found.gain_high - found.gain_low)
    assert all(large > 1.5 * small for large, small in pairwise(widths))
