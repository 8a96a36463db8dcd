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
