"""Agreement of predictions and truth, against scipy and by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from degu import metrics

RNG = np.random.default_rng(0)
TRUTH = RNG.normal(3, 1, 500)
PREDICTED = TRUTH + RNG.normal(0, 2, 500)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_correlations_are_those_of_scipy(dtype):
    truth, predicted = TRUTH.astype(dtype), PREDICTED.round(1).astype(dtype)
    exact = truth.astype(np.float64), predicted.astype(np.float64)
    pearson = metrics.pearson(truth, predicted)
    assert isinstance(pearson, float)
    assert pearson == pytest.approx(np.corrcoef(*exact)[0, 1], abs=1e-6)
    assert metrics.spearman(truth, predicted) == pytest.approx(stats.spearmanr(*exact)[0], abs=1e-9)


def test_values_by_hand():
    truth = np.array([1, 2, 3, 4])
    assert metrics.pearson(truth, 2 * truth - 7) == pytest.approx(1)
    assert metrics.pearson(truth, -truth) == pytest.approx(-1)
    # Ranks 1 2 3 4 and 1 3 2 4: one minus 6 * 2 / (4 * 15).
    assert metrics.spearman(truth, np.array([0, 50, 9, 1000])) == pytest.approx(0.8)
    assert metrics.mse(truth, np.array([1, 0, 3, 1])) == (4 + 9) / 4


def test_mse_is_summed_in_double_precision():
    truth = np.zeros(100_000, np.float32)
    predicted = np.full(100_000, 0.1, np.float32)
    assert metrics.mse(truth, predicted) == pytest.approx(float(np.float32(0.1)) ** 2, rel=1e-12)


@pytest.mark.parametrize("metric", [metrics.pearson, metrics.spearman])
def test_constants_have_no_correlation(metric):
    varied, constant = np.arange(4.0), np.full(4, 0.1)
    for pair in [(varied, constant), (constant, varied), (constant, constant)]:
        assert math.isnan(metric(*pair))


@pytest.mark.parametrize(("y", "mean", "std"), [(0, 0, 1), (1.3, -0.4, 0.7), (-5, 2, 3)])
def test_crps_is_its_integral(y, mean, std):
    grid = np.linspace(mean - 30 * std, mean + 30 * std, 600_001)
    gap = stats.norm.cdf(grid, mean, std) - (grid >= y)
    expected = np.trapezoid(gap**2, grid)
    found = metrics.crps(np.array([y]), np.array([mean]), np.array([std]))
    assert found == pytest.approx(expected, abs=2e-4)


def test_scores_by_hand():
    zero, one = np.zeros(1), np.ones(1)
    assert metrics.crps(zero, zero, one) == pytest.approx((math.sqrt(2) - 1) / math.sqrt(math.pi))
    assert metrics.nll(zero, zero, one) == pytest.approx(math.log(2 * math.pi) / 2)
    two = np.array([0.0, 3.0]), np.array([0.0, 1.0]), np.array([1.0, 2.0])
    # Squared errors of 0 and 1 deviations.
    expected = (math.log(2 * math.pi) + (0 + 2 * math.log(2) + 1) / 2) / 2
    assert metrics.nll(*two).mean() == pytest.approx(expected)
    assert metrics.crps(*two).mean() == pytest.approx(
        (metrics.crps(zero, zero, one) + 2 * metrics.crps(one, zero, one)).item() / 2
    )


def test_all_metrics_have_a_name():
    values = {name: metric(TRUTH, PREDICTED) for name, metric in metrics.METRICS.items()}
    assert values == {
        "pearson": metrics.pearson(TRUTH, PREDICTED),
        "spearman": metrics.spearman(TRUTH, PREDICTED),
        "mse": metrics.mse(TRUTH, PREDICTED),
    }


@pytest.mark.parametrize("level", [0.95, 0.8])
@pytest.mark.parametrize("n", [2, 3, 10])
def test_interval_of_the_mean_is_students(n, level):
    values = RNG.normal(0.7, 0.1, n)
    mean, low, high = metrics.mean_interval(values, level)
    error = values.std(ddof=1) / math.sqrt(n)
    expected = stats.t.interval(level, n - 1, loc=values.mean(), scale=error)
    assert mean == pytest.approx(values.mean(), rel=1e-12)
    assert (low, high) == pytest.approx(expected, rel=1e-12)


def test_interval_of_a_single_value_and_of_equal_ones():
    assert metrics.mean_interval(np.array([0.5])) == (0.5, 0.5, 0.5)
    assert metrics.mean_interval(np.array([0.5, 0.5, 0.5])) == (0.5, 0.5, 0.5)


def test_intervals_end_where_a_measure_does():
    wide = np.array([0.9, 0.98])
    mean, low, high = metrics.mean_interval(wide)
    assert high > 1.4
    assert metrics.mean_interval(wide, limits=metrics.LIMITS["pearson"]) == (mean, low, 1)
    assert metrics.mean_interval(-wide, limits=metrics.LIMITS["pearson"]) == (-mean, -1, -low)
    assert metrics.mean_interval(wide, limits=metrics.LIMITS["mse"]) == (mean, low, high)
    assert metrics.mean_interval(wide - 0.8, limits=metrics.LIMITS["mse"])[1] == 0
    # Members beyond the limit by rounding, and one that has no r.
    beyond = np.array([1 + 2**-52, 1 + 2**-52])
    assert metrics.mean_interval(beyond, limits=(-1, 1)) == (beyond[0],) * 3
    assert np.isnan(metrics.mean_interval(np.array([np.nan, 0.5]), limits=(-1, 1))).all()


def test_moments_by_hand():
    truth, predicted = (
        np.array([[[1.0], [2.0]], [[4.0], [0.0]]]),
        np.array([[[2], [2]], [[3], [5]]]),
    )
    of_windows = [[[2, 3, 4, 5, 8, 6]], [[2, 4, 8, 16, 34, 12]]]
    np.testing.assert_array_equal(metrics.moments(truth, predicted), of_windows)


def test_sums_over_windows_give_the_measures_of_the_whole():
    """Half precision and a mean far from zero, as of coverage."""
    rng = np.random.default_rng(0)
    truth = (30 + rng.normal(size=(40, 50, 2))).astype(np.float16)
    predicted = (truth + rng.normal(size=truth.shape)).astype(np.float32)
    sums = metrics.moments(truth, predicted).sum(axis=0)
    for head in range(2):
        x, y = truth[..., head].ravel().astype(float), predicted[..., head].ravel().astype(float)
        r = stats.pearsonr(x, y).statistic
        assert metrics.pearson_of(sums)[head] == pytest.approx(r, rel=1e-9)
        assert metrics.mse_of(sums)[head] == pytest.approx(np.mean((x - y) ** 2), rel=1e-9)


def test_r_of_a_constant_is_undefined():
    values = np.random.default_rng(0).normal(size=(100, 1))
    assert np.isnan(metrics.pearson_of(metrics.moments(values, np.full((100, 1), 0.1)))).all()


def test_holm_by_hand():
    # Times 4, 3, 2, 1: .04, .06, .06, .05, the last of which may not fall below the one before.
    p = np.array([0.02, 0.01, 0.05, 0.03])
    np.testing.assert_allclose(metrics.holm(p), [0.06, 0.04, 0.06, 0.06], rtol=1e-12)
    # A test that could not be made leaves two of three.
    np.testing.assert_allclose(metrics.holm([[0.7, np.nan, 0.04]]), [[0.7, np.nan, 0.08]])
    np.testing.assert_array_equal(metrics.holm(np.array([0.5, 0.6, 0.9])), [1, 1, 1])
    assert np.isnan(metrics.holm(np.full(2, np.nan))).all() and metrics.holm([]).shape == (0,)


def test_scores_of_an_infinite_deviation_are_infinite():
    y, std = np.array([3.0, 3.0]), np.array([np.inf, 1])
    for dtype in (np.float32, np.float64):
        for score in (metrics.crps, metrics.nll):
            found = score(y.astype(dtype), np.zeros(2, dtype), std.astype(dtype))
            assert found[0] == np.inf and np.isfinite(found[1])


def test_r2_is_the_share_of_the_variance_that_is_predicted():
    truth = np.array([1.0, 2.0, 3.0, 4.0])
    # The variance is 5/4, the mean squared error 1/2.
    assert metrics.r2(truth, np.array([1.0, 3.0, 2.0, 4.0])) == pytest.approx(1 - 0.5 / 1.25)
    assert metrics.r2(truth, np.full(4, 2.5)) == 0
