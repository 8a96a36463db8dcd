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


def test_bootstrap_is_that_of_drawn_rows(monkeypatch):
    """Each draw by itself, with repeated rows and ties, whatever is computed at once."""
    rng = np.random.default_rng(1)
    truth = rng.normal(size=(40, 2)).round(1)
    predicted = (truth + rng.normal(size=(3, 40, 2))).round(1)
    rng = np.random.default_rng(7)
    rows = [rng.integers(40, size=40) for _ in range(50)]
    intervals = metrics.bootstrap(truth, predicted, 50, seed=7, level=0.8)
    assert intervals.keys() == metrics.METRICS.keys()
    for name, metric in metrics.METRICS.items():
        values = [
            [[metric(truth[r, o], member[r, o]) for o in range(2)] for member in predicted]
            for r in rows
        ]
        expected = np.quantile(values, [0.1, 0.9], axis=0)
        np.testing.assert_allclose(intervals[name], expected, rtol=1e-9)
    monkeypatch.setattr(metrics, "_CELLS", 7 * 40)
    again = metrics.bootstrap(truth, predicted, 50, seed=7, level=0.8)
    for name, values in intervals.items():
        np.testing.assert_allclose(again[name], values, rtol=1e-12)


def test_bootstrap_covers_what_was_planted():
    """The truth of r = 0.6 lies inside 95 of 100 intervals, by and large."""
    rng, inside = np.random.default_rng(0), 0
    for draw in range(200):
        truth = rng.normal(size=(150, 1))
        predicted = (0.6 * truth + 0.8 * rng.normal(size=(150, 1)))[None]
        low, high = metrics.bootstrap(truth, predicted, 300, draw)["pearson"][:, 0, 0]
        inside += low < 0.6 < high
    assert 178 <= inside <= 198


def test_bootstrap_of_constants():
    truth = np.random.default_rng(0).normal(size=(30, 1)).astype(np.float32)
    constant = np.full((1, 30, 1), 0.1, np.float32)
    intervals = metrics.bootstrap(truth, constant, 100, 0)
    assert np.isnan(intervals["pearson"]).all() and np.isnan(intervals["spearman"]).all()
    assert np.isfinite(intervals["mse"]).all()


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


def test_bootstrap_of_windows_is_that_of_drawn_windows(monkeypatch):
    """Each draw by itself, from all bases of the windows that it drew."""
    rng = np.random.default_rng(1)
    truth = rng.normal(3, 1, size=(12, 7, 2))
    predicted = truth + rng.normal(size=(3, 12, 7, 2))
    moments = np.stack([metrics.moments(truth, member) for member in predicted], axis=1)
    rng = np.random.default_rng(7)
    rows = [rng.integers(12, size=12) for _ in range(50)]
    intervals = metrics.bootstrap_moments(moments, 50, seed=7, level=0.8)
    for name in ("pearson", "mse"):
        metric = metrics.METRICS[name]
        values = [
            [
                [metric(truth[r, :, o].ravel(), member[r, :, o].ravel()) for o in range(2)]
                for member in predicted
            ]
            for r in rows
        ]
        expected = np.quantile(values, [0.1, 0.9], axis=0)
        np.testing.assert_allclose(intervals[name], expected, rtol=1e-9)
    assert intervals.keys() == {"pearson", "mse"}
    monkeypatch.setattr(metrics, "_CELLS", 7 * 12)
    again = metrics.bootstrap_moments(moments, 50, seed=7, level=0.8)
    for name, values in intervals.items():
        np.testing.assert_allclose(again[name], values, rtol=1e-12)
