"""Agreement of predictions and truth, against scipy and by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from degu import metrics
from degu.job import InputError

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


def test_rows_whose_truth_is_missing_do_not_count():
    """Each output has rows of its own, in the values as in the draws, which are of all rows."""
    rng = np.random.default_rng(1)
    truth = rng.normal(size=(40, 2)).round(1)
    predicted = (truth + rng.normal(size=(3, 40, 2))).round(1)
    known = np.arange(40) % 3 > 0, np.arange(40) < 35
    measured = np.where(np.transpose(known), truth, np.nan)
    rng = np.random.default_rng(7)
    rows = [rng.integers(40, size=40) for _ in range(50)]
    intervals = metrics.bootstrap(measured, predicted, 50, seed=7, level=0.8)
    for output, its in enumerate(known):
        for name, metric in metrics.METRICS.items():
            for member, one in enumerate(predicted):
                assert metric(measured[:, output], one[:, output]) == metric(
                    truth[its, output], one[its, output]
                )
                values = [metric(truth[r[its[r]], output], one[r[its[r]], output]) for r in rows]
                np.testing.assert_allclose(
                    intervals[name][:, member, output], np.quantile(values, [0.1, 0.9]), rtol=1e-9
                )
        np.testing.assert_allclose(
            metrics.moments(measured, predicted[0])[output],
            metrics.moments(truth[its], predicted[0][its])[output],
            rtol=1e-12,
        )
    assert np.isnan(metrics.pearson(np.full(3, np.nan), np.arange(3.0)))


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


def paired_bootstrap(of, truth, predicted, units, draws):
    """Intervals, at a level of 0.8, of a metric over given draws of units, row by row."""
    values = []
    for drawn in draws:
        rows = np.concatenate([np.flatnonzero(units == unit) for unit in drawn])
        values.append([of(truth[rows, 0], member[rows, 0]) for member in predicted])
    return np.quantile(values, [0.1, 0.9], axis=0)


def test_bootstrap_of_units_is_that_of_drawn_units(monkeypatch):
    """Units of one to four rows, which lie scattered, with ties; each draw by itself."""
    rng = np.random.default_rng(1)
    units = rng.permutation(np.repeat(np.arange(16), 1 + np.arange(16) % 4))
    # Units are drawn by number, in the order in which they appear.
    units = np.unique(units, return_index=True)[1].argsort().argsort()[units]
    truth = rng.normal(3, 1, size=(40, 1)).round(1)
    predicted = (truth + rng.normal(size=(3, 40, 1))).round(1)
    rng = np.random.default_rng(7)
    draws = [rng.integers(16, size=16) for _ in range(50)]
    names = np.array([f"insert {unit}" for unit in units])
    for cells in (metrics._CELLS, 7 * 40):
        monkeypatch.setattr(metrics, "_CELLS", cells)
        intervals = metrics.bootstrap(truth, predicted, 50, seed=7, level=0.8, units=names)
        for name, metric in metrics.METRICS.items():
            expected = paired_bootstrap(metric, truth, predicted, units, draws)
            np.testing.assert_allclose(intervals[name][..., 0], expected, rtol=1e-9)
        means = metrics.bootstrap_means(truth, 50, seed=7, level=0.8, units=names)
        expected = paired_bootstrap(lambda t, _: t.mean(), truth, predicted, units, draws)
        np.testing.assert_allclose(means[:, 0], expected[:, 0], rtol=1e-12)


def test_rows_that_are_units_are_drawn_as_without_units():
    labels = np.random.default_rng(3).permutation(500).astype("S")
    truth, predicted = TRUTH[:, None], PREDICTED[None, :, None].round(1)
    moments = metrics.moments(truth[:, None], predicted[0][:, None])[:, None]
    alone, labelled = (
        [
            *metrics.bootstrap(truth, predicted, 60, 5, units=units).values(),
            *metrics.bootstrap_moments(moments, 60, 5, units=units).values(),
            metrics.bootstrap_means(truth, 60, 5, units=units),
        ]
        for units in (None, labels)
    )
    for found, expected in zip(labelled, alone, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_copy_of_each_row_changes_nothing_if_it_is_drawn_with_the_row():
    truth, predicted = TRUTH[:, None], PREDICTED[None, :, None].round(1)
    twice, units = np.tile(np.arange(500), 2), np.tile(np.arange(500), 2)
    expected = metrics.bootstrap(truth, predicted, 60, 5)
    found = metrics.bootstrap(truth[twice], predicted[:, twice], 60, 5, units=units)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-12)
    np.testing.assert_allclose(
        metrics.bootstrap_means(truth[twice], 60, 5, units=units),
        metrics.bootstrap_means(truth, 60, 5),
        rtol=1e-12,
    )


@pytest.mark.parametrize("units", [np.arange(499), np.zeros((500, 1))])
def test_each_row_has_one_unit(units):
    with pytest.raises(InputError, match=r"There are 500 rows, but labels of units of shape"):
        metrics.bootstrap(TRUTH[:, None], PREDICTED[None, :, None], 10, 0, units=units)


def covered(truth, predicted, r, units=None, level=0.95, seed=0):
    """Whether the interval of r holds the true one, by world: (worlds,) of (n, worlds)."""
    moments = metrics.moments(truth[:, None], predicted[:, None])[:, None]
    low, high = metrics.bootstrap_moments(moments, 400, seed, level, units)["pearson"][:, 0]
    return (low < r) & (r < high)


@pytest.mark.parametrize("alike", [1, 0.95, 0.8])
def test_intervals_of_strands_with_one_measurement_cover_if_drawn_together(alike):
    """2,000 worlds of 1,000 inserts, by the correlation of the predictions of both strands."""
    r, apart, together = 0.66, [], []
    units = np.tile(np.arange(1000), 2)
    shared = (alike - r**2) / (1 - r**2)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        measured, both = rng.normal(size=(2, 1000, 100))
        own = rng.normal(size=(2, 1000, 100))
        noise = np.sqrt(shared) * both + np.sqrt(1 - shared) * own
        predicted = np.concatenate(list(r * measured + np.sqrt(1 - r**2) * noise))
        world = np.concatenate([measured, measured]), predicted, r
        apart.append(covered(*world, seed=seed))
        together.append(covered(*world, units, seed=seed))
    assert 0.935 <= np.mean(together) <= 0.975
    assert np.mean(apart) < 0.92


def test_blocks_by_hand():
    positions = np.array([119, 100, 101, 100, 120, 139, 140])
    assert metrics.blocks(positions).tolist() == [0, 0, 0, 0, 1, 1, 2]
    assert metrics.blocks(positions, 10).tolist() == [1, 0, 0, 0, 2, 3, 4]


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_expanded_intervals_of_a_mean_are_students(level):
    """Of n values, whose bootstrapped means have a variance of (n - 1) / n that of the mean."""
    for number in (5, 12, 1000):
        wide = stats.norm.ppf((1 + metrics.expanded(level, number)) / 2)
        student = stats.t.ppf((1 + level) / 2, number - 1)
        assert wide * math.sqrt((number - 1) / number) == pytest.approx(student, rel=1e-6)
    assert metrics.expanded(level, 1) == 1
    assert metrics.expanded(level, 10**7) == pytest.approx(level, abs=1e-6)


# Intraclass correlation of the three alternatives of a position, and which part of the variance
# of position means the smooth part has: as in the real loci, whose position means correlate by
# .43 to .72 with their neighbours', by .33 to .55 three bases apart, by about 0 ten bases apart.
LOCI = {"F9": (0.45, 0.55), "LDLR": (0.71, 0.78), "PKLR": (0.49, 0.60), "SORT1": (0.67, 0.65)}


def saturated(rng, alternatives, smooth, r, worlds, length=230, site=10):
    """Effects of all single variants, measured and predicted, (2, 3 * length, worlds)."""

    def pair(rows):
        first, second = rng.normal(size=(2, rows, worlds))
        return np.stack([first, r * first + math.sqrt(1 - r**2) * second])

    sums = np.pad(pair(length + site - 1).cumsum(axis=1), ((0, 0), (1, 0), (0, 0)))
    sites = (sums[:, site:] - sums[:, :-site]) / math.sqrt(site)
    variance = smooth * (alternatives + (1 - alternatives) / 3)
    positions = math.sqrt(variance) * sites + math.sqrt(alternatives - variance) * pair(length)
    return np.repeat(positions, 3, axis=1) + math.sqrt(1 - alternatives) * pair(3 * length)


def test_planted_loci_resemble_real_ones():
    rng = np.random.default_rng(0)
    for alternatives, smooth in LOCI.values():
        values, _ = saturated(rng, alternatives, smooth, 0.5, 500)
        assert values.var() == pytest.approx(1, rel=0.05)
        means = values.reshape(230, 3, 500).mean(axis=1)
        for lag, expected in [(1, 0.9 * smooth), (3, 0.7 * smooth), (10, 0)]:
            found = (means[lag:] * means[:-lag]).mean() / means.var()
            assert found == pytest.approx(expected, abs=0.03)


def test_intervals_over_a_locus_cover_by_blocks_and_not_by_variants():
    rng, positions, r = np.random.default_rng(0), np.repeat(np.arange(230), 3), 0.5
    ways = {"variant": (None, 0.95), "position": (positions, 0.95)}
    for length in (10, 20, 30):
        units = metrics.blocks(positions, length)
        ways[length] = units, metrics.expanded(0.95, units.max() + 1)
    for locus in LOCI.values():
        world = *saturated(rng, *locus, r, 400), r
        found = {way: covered(*world, *drawn).mean() for way, drawn in ways.items()}
        assert found["variant"] < found["position"] < 0.83
        assert min(found[10], found[20], found[30]) > found["position"] + 0.08
        assert 0.90 <= found[metrics.BLOCK] <= 0.97


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
