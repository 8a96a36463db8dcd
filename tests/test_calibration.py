"""Intervals by hand, and conformal ranks by brute force, by crepes, and by what they promise."""

import math
from fractions import Fraction

import crepes
import numpy as np
import pytest
from scipy import stats

from degu import calibration
from degu.job import InputError


@pytest.mark.parametrize(
    ("level", "factor"),
    [(0.95, 1.959963984540054), (0.5, 0.6744897501960817), (0.6826894921370859, 1)],
)
def test_gaussian_factor(level, factor):
    assert calibration.gaussian_factor(level) == pytest.approx(factor, rel=1e-12)


def test_coverage_and_width_by_hand():
    mean = np.array([0.0, 1.0, 2.0, 3.0])
    std = np.array([1.0, 2.0, 0.5, 1.5])
    # Half-widths are 2, 4, 1, 3; the second lies on its bound, the third outside.
    y = np.array([1.9, 5.0, 0.5, 5.5])
    assert calibration.covers(y, mean, std, 2).tolist() == [True, True, False, True]
    assert not calibration.covers(y, mean, std, 0.5).any()
    assert calibration.covers(y, mean, std, math.inf).all()
    assert calibration.widths(std, 2).tolist() == [4, 8, 2, 6]
    assert calibration.widths(std, math.inf).tolist() == [math.inf] * 4


def by_brute_force(scores, level):
    """Return the smallest score that at least (n + 1) * level scores do not exceed."""
    enough = (len(scores) + 1) * Fraction(str(level))
    return min((q for q in scores if (scores <= q).sum() >= enough), default=math.inf)


@pytest.mark.parametrize("level", [0.5, 0.55, 0.8, 0.9, 0.95, 0.99])
def test_conformal_factor_has_the_exact_rank(level):
    rng = np.random.default_rng(0)
    for n in range(1, 130):
        y, mean = rng.normal(size=(2, n))
        std = rng.uniform(0.5, 2, n)
        expected = by_brute_force(np.abs(y - mean) / std, level)
        assert calibration.conformal_factor(y, mean, std, level) == expected, n


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_plain_factor_is_the_quantile_of_the_paper(level):
    y, mean = np.random.default_rng(0).normal(size=(2, 25))
    std = np.random.default_rng(1).uniform(0.5, 2, 25)
    scores = np.sort(np.abs(y - mean) / std)
    place = 24 * level
    below = int(place)
    expected = scores[below] + (place - below) * (scores[below + 1] - scores[below])
    assert calibration.plain_factor(y, mean, std, level) == pytest.approx(expected, rel=1e-12)
    assert calibration.plain_factor(y, mean, std, level) <= calibration.conformal_factor(
        y, mean, std, level
    )


@pytest.mark.parametrize("groups", [1, 3])
def test_mondrian_intervals_are_those_of_crepes(groups):
    rng = np.random.default_rng(groups)
    y, mean, std = rng.normal(size=200), rng.normal(size=200), rng.uniform(0.1, 2, 200)
    new_mean, new_std = rng.normal(size=50), rng.uniform(0.1, 2, 50)
    edges = np.quantile(mean, [1 / 3, 2 / 3]) if groups == 3 else []
    oracle = crepes.ConformalRegressor()
    oracle.fit(y - mean, sigmas=std, bins=np.digitize(mean, edges))
    expected = oracle.predict_int(
        new_mean, sigmas=new_std, bins=np.digitize(new_mean, edges), confidence=0.95
    )
    factors = calibration.mondrian_factors(y, mean, std, new_mean, 0.95, groups)
    assert len(np.unique(factors)) == groups
    np.testing.assert_allclose(new_mean - factors * new_std, expected[:, 0], rtol=1e-12)
    np.testing.assert_allclose(new_mean + factors * new_std, expected[:, 1], rtol=1e-12)


def test_a_group_without_calibration_points_has_no_bounds():
    ones = np.ones(30)
    # All predictions are 1, so that the lower half is empty.
    for quantile in calibration.FACTORS:
        factors = calibration.mondrian_factors(
            2 * ones, ones, ones, np.array([0.0, 1.0]), 0.5, 2, quantile
        )
        assert factors.tolist() == [math.inf, 1]


def test_smallest_calibration_set():
    scores = np.arange(1.0, 20)
    zeros, ones = np.zeros(19), np.ones(19)
    assert calibration.conformal_factor(scores, zeros, ones, 0.95) == 19
    assert calibration.conformal_factor(scores[:18], zeros[:18], ones[:18], 0.95) == math.inf
    # The paper's plain quantile would be lower than the largest of 39.
    assert calibration.conformal_factor(np.arange(39.0), np.zeros(39), np.ones(39), 0.95) == 37


@pytest.mark.parametrize("n", [19, 20, 50, 100, 500])
def test_conformal_intervals_are_those_of_crepes(n):
    rng = np.random.default_rng(n)
    y, mean, std = rng.normal(size=n), rng.normal(size=n), rng.uniform(0.1, 2, n)
    oracle = crepes.ConformalRegressor().fit(y - mean, sigmas=std)
    new_mean, new_std = rng.normal(size=30), rng.uniform(0.1, 2, 30)
    expected = oracle.predict_int(new_mean, sigmas=new_std, confidence=0.95)
    factor = calibration.conformal_factor(y, mean, std, 0.95)
    np.testing.assert_allclose(new_mean - factor * new_std, expected[:, 0], rtol=1e-12)
    np.testing.assert_allclose(new_mean + factor * new_std, expected[:, 1], rtol=1e-12)


@pytest.mark.parametrize(("n", "rank"), [(20, 20), (50, 49), (100, 96), (500, 476)])
def test_conformal_intervals_cover_whatever_the_errors_are(n, rank):
    rng, draws, noise = np.random.default_rng(n), 2000, stats.t(3)
    std = rng.uniform(0.1, 2, (draws, n))
    mean = rng.normal(size=(draws, n))
    y = mean + std * rng.standard_t(3, (draws, n))
    factors = [calibration.conformal_factor(*row, 0.95) for row in zip(y, mean, std, strict=True)]
    covered = 2 * noise.cdf(factors) - 1
    # A draw's coverage has a Beta law of mean rank / (n + 1).
    error = math.sqrt(0.05 * 0.95 / n / draws)
    assert covered.mean() >= 0.95 - 3 * error
    assert covered.mean() == pytest.approx(rank / (n + 1), abs=4 * error)
    assert covered.std() == pytest.approx(stats.beta(rank, n + 1 - rank).std(), rel=0.1)


@pytest.mark.parametrize("level", [0, 1, -0.1, 95, float("nan")])
def test_levels_are_shares(level):
    y = np.ones(30)
    for call in (
        lambda: calibration.gaussian_factor(level),
        lambda: calibration.conformal_factor(y, y, y, level),
    ):
        with pytest.raises(InputError, match=rf"level is {level}: it must lie in \(0, 1\)"):
            call()


@pytest.mark.parametrize(
    ("std", "message"),
    [
        ([1, 0, 2], r"1 of 3 standard deviations are not positive \(smallest 0\)"),
        ([1, -0.5, 0], r"2 of 3 standard deviations are not positive \(smallest -0\.5\)"),
        ([1, math.nan, 2], r"1 of 3 standard deviations are not positive"),
    ],
)
def test_deviations_are_positive(std, message):
    y = np.ones(3)
    with pytest.raises(InputError, match=message):
        calibration.covers(y, y, np.array(std), 2)
    with pytest.raises(InputError, match=message):
        calibration.conformal_factor(y, y, np.array(std), 0.5)
    with pytest.raises(InputError, match=message):
        calibration.offset(y, y, np.array(std))


def heads(rng, n, kind):
    """Residuals and standard deviations, of which a share may lie at a floor of .001.

    The head is exact, or says nothing, or is the truth less a bias and with noise, so that the
    given share of it ends up at the floor.
    """
    true = rng.uniform(0.05, 0.175, n)
    residuals = true * rng.normal(size=n)
    if kind == "exact":
        return residuals, true
    if kind == "noise":
        return residuals, rng.permutation(true)
    head = true + rng.normal(0, 0.03, n)
    return residuals, np.maximum(head - np.quantile(head, kind), 0) + 0.001


def covered_widths(test, calibrated, added=0.0):
    """Coverage and mean width of conformal intervals at a level of 0.95 on a test set."""
    (residuals, std), (calibration_residuals, calibration_std) = test, calibrated
    zeros = np.zeros(len(calibration_std))
    factor = calibration.conformal_factor(
        calibration_residuals, zeros, calibration_std + added, 0.95
    )
    inside = calibration.covers(residuals, np.zeros(len(std)), std + added, factor)
    return np.array([inside.mean(), calibration.widths(std + added, factor).mean()])


def with_offset(test, calibrated):
    residuals, std = calibrated
    added = calibration.offset(residuals, np.zeros(len(std)), std)
    return covered_widths(test, calibrated, added)


def constant(side):
    return side[0], np.ones(len(side[0]))


@pytest.mark.parametrize("kind", [0.05, 0.13, 0.25, "noise", "exact"])
def test_offset_keeps_conformal_intervals_narrow(kind):
    """Twenty draws of 20,000 sequences each, for calibration and for the test."""
    ours, plain, flat = [], [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        sides = heads(rng, 20_000, kind), heads(rng, 20_000, kind)
        ours.append(with_offset(*sides))
        plain.append(covered_widths(*sides))
        flat.append(covered_widths(*map(constant, sides)))
    (coverage, width), (_, plain_width), (_, flat_width) = (
        np.mean(found, axis=0) for found in (ours, plain, flat)
    )
    assert coverage == pytest.approx(0.95, abs=0.005)
    if kind == "exact":
        assert width == pytest.approx(plain_width, rel=0.01) and width < 0.93 * flat_width
    elif kind == "noise":
        assert width == pytest.approx(flat_width, rel=0.01) and width < 0.85 * plain_width
    else:
        assert width < flat_width and plain_width > 3 * flat_width


@pytest.mark.parametrize("floor", [0.001, 1e-6])
def test_offset_of_a_head_that_lies_at_its_floor_for_the_most_part(floor):
    rng = np.random.default_rng(0)
    (residuals, std), test = heads(rng, 5000, 0.6), heads(rng, 5000, 0.6)
    sides = (test[0], test[1] - 0.001 + floor), (residuals, std - 0.001 + floor)
    coverage, width = with_offset(*sides)
    assert coverage == pytest.approx(0.95, abs=0.015)
    assert width < 1.05 * covered_widths(*map(constant, sides))[1]


def test_few_residuals_choose_offset_and_factor_at_little_cost():
    """Rank 96 of 101 covers .9505; the choice of the offset may cost .004 of it."""
    rng, coverages = np.random.default_rng(0), []
    for _ in range(1000):
        calibrated, test = (heads(rng, n, 0.13) for n in (100, 500))
        coverages.append(with_offset(test, calibrated)[0])
    error = np.std(coverages) / math.sqrt(1000)
    assert abs(np.mean(coverages) - 96 / 101) < 0.004 + 3 * error


def test_offset_follows_the_unit_and_the_scale_of_a_head():
    residuals, std = heads(np.random.default_rng(0), 2000, 0.13)
    zeros = np.zeros(2000)
    added = calibration.offset(residuals, zeros, std)
    assert added > 0.01
    assert calibration.offset(residuals, zeros, 4 * std) == pytest.approx(4 * added)
    assert calibration.offset(4 * residuals + 1, zeros + 1, std) == pytest.approx(added)
    exact = np.geomspace(0.01, 1, 2000)
    assert calibration.offset(3 * exact, zeros, exact) == 0


def test_offset_without_anything_to_learn_from():
    ones = np.ones(5)
    assert calibration.offset(ones, ones, ones) == 0
    assert calibration.offset(*np.ones((3, 0))) == 0
    assert calibration.offset(2 * ones, ones, np.full(5, np.inf)) == 0


def test_infinite_deviations_cover_and_count_for_nothing():
    residuals, std = heads(np.random.default_rng(0), 2000, 0.13)
    zeros = np.zeros(2002)
    more = np.append(residuals, [0.1, -2]), zeros, np.append(std, [np.inf, np.inf])
    expected = calibration.offset(residuals, zeros[:2000], std)
    assert calibration.offset(*more) == expected
    for factor in (0.0, 2.0, math.inf):
        assert calibration.covers(*more, factor)[-2:].all()
    assert math.isfinite(calibration.conformal_factor(*more, 0.95))
    assert calibration.widths(more[2], 2)[-1] == math.inf
