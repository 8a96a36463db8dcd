"""Bootstrap of agreement: the draws by hand, and coverage of what was planted."""

import math

import numpy as np
import pytest
from scipy import stats

from degu import bootstrap, metrics
from degu.job import InputError

RNG = np.random.default_rng(0)
TRUTH = RNG.normal(3, 1, 500)
PREDICTED = TRUTH + RNG.normal(0, 2, 500)


def test_bootstrap_is_that_of_drawn_rows(monkeypatch):
    """Each draw by itself, with repeated rows and ties, whatever is computed at once."""
    rng = np.random.default_rng(1)
    truth = rng.normal(size=(40, 2)).round(1)
    predicted = (truth + rng.normal(size=(3, 40, 2))).round(1)
    rng = np.random.default_rng(7)
    rows = [rng.integers(40, size=40) for _ in range(50)]
    intervals = bootstrap.intervals(truth, predicted, 50, seed=7, level=0.8)
    assert intervals.keys() == metrics.METRICS.keys()
    for name, metric in metrics.METRICS.items():
        values = [
            [[metric(truth[r, o], member[r, o]) for o in range(2)] for member in predicted]
            for r in rows
        ]
        expected = np.quantile(values, [0.1, 0.9], axis=0)
        np.testing.assert_allclose(intervals[name], expected, rtol=1e-9)
    monkeypatch.setattr(bootstrap, "_CELLS", 7 * 40)
    again = bootstrap.intervals(truth, predicted, 50, seed=7, level=0.8)
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
    intervals = bootstrap.intervals(measured, predicted, 50, seed=7, level=0.8)
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
        low, high = bootstrap.intervals(truth, predicted, 300, draw)["pearson"][:, 0, 0]
        inside += low < 0.6 < high
    assert 178 <= inside <= 198


def test_bootstrap_of_constants():
    truth = np.random.default_rng(0).normal(size=(30, 1)).astype(np.float32)
    constant = np.full((1, 30, 1), 0.1, np.float32)
    intervals = bootstrap.intervals(truth, constant, 100, 0)
    assert np.isnan(intervals["pearson"]).all() and np.isnan(intervals["spearman"]).all()
    assert np.isfinite(intervals["mse"]).all()


def test_bootstrap_of_windows_is_that_of_drawn_windows(monkeypatch):
    """Each draw by itself, from all bases of the windows that it drew."""
    rng = np.random.default_rng(1)
    truth = rng.normal(3, 1, size=(12, 7, 2))
    predicted = truth + rng.normal(size=(3, 12, 7, 2))
    moments = np.stack([metrics.moments(truth, member) for member in predicted], axis=1)
    rng = np.random.default_rng(7)
    rows = [rng.integers(12, size=12) for _ in range(50)]
    intervals = bootstrap.intervals_of_moments(moments, 50, seed=7, level=0.8)
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
    monkeypatch.setattr(bootstrap, "_CELLS", 7 * 12)
    again = bootstrap.intervals_of_moments(moments, 50, seed=7, level=0.8)
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
    for cells in (bootstrap._CELLS, 7 * 40):
        monkeypatch.setattr(bootstrap, "_CELLS", cells)
        intervals = bootstrap.intervals(truth, predicted, 50, seed=7, level=0.8, units=names)
        for name, metric in metrics.METRICS.items():
            expected = paired_bootstrap(metric, truth, predicted, units, draws)
            np.testing.assert_allclose(intervals[name][..., 0], expected, rtol=1e-9)
        means = bootstrap.intervals_of_means(truth, 50, seed=7, level=0.8, units=names)
        expected = paired_bootstrap(lambda t, _: t.mean(), truth, predicted, units, draws)
        np.testing.assert_allclose(means[:, 0], expected[:, 0], rtol=1e-12)


def test_rows_that_are_units_are_drawn_as_without_units():
    labels = np.random.default_rng(3).permutation(500).astype("S")
    truth, predicted = TRUTH[:, None], PREDICTED[None, :, None].round(1)
    moments = metrics.moments(truth[:, None], predicted[0][:, None])[:, None]
    alone, labelled = (
        [
            *bootstrap.intervals(truth, predicted, 60, 5, units=units).values(),
            *bootstrap.intervals_of_moments(moments, 60, 5, units=units).values(),
            bootstrap.intervals_of_means(truth, 60, 5, units=units),
        ]
        for units in (None, labels)
    )
    for found, expected in zip(labelled, alone, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_copy_of_each_row_changes_nothing_if_it_is_drawn_with_the_row():
    truth, predicted = TRUTH[:, None], PREDICTED[None, :, None].round(1)
    twice, units = np.tile(np.arange(500), 2), np.tile(np.arange(500), 2)
    expected = bootstrap.intervals(truth, predicted, 60, 5)
    found = bootstrap.intervals(truth[twice], predicted[:, twice], 60, 5, units=units)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-12)
    np.testing.assert_allclose(
        bootstrap.intervals_of_means(truth[twice], 60, 5, units=units),
        bootstrap.intervals_of_means(truth, 60, 5),
        rtol=1e-12,
    )


@pytest.mark.parametrize("units", [np.arange(499), np.zeros((500, 1))])
def test_each_row_has_one_unit(units):
    with pytest.raises(InputError, match=r"There are 500 rows, but labels of units of shape"):
        bootstrap.intervals(TRUTH[:, None], PREDICTED[None, :, None], 10, 0, units=units)


def covered(truth, predicted, r, units=None, level=0.95, seed=0):
    """Whether the interval of r holds the true one, by world: (worlds,) of (n, worlds)."""
    moments = metrics.moments(truth[:, None], predicted[:, None])[:, None]
    low, high = bootstrap.intervals_of_moments(moments, 400, seed, level, units)["pearson"][:, 0]
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
    assert bootstrap.blocks(positions).tolist() == [0, 0, 0, 0, 1, 1, 2]
    assert bootstrap.blocks(positions, 10).tolist() == [1, 0, 0, 0, 2, 3, 4]


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_expanded_intervals_of_a_mean_are_students(level):
    """Bootstrapped means of n values have a variance of (n - 1) / n that of the mean."""
    for number in (5, 12, 1000):
        wide = stats.norm.ppf((1 + bootstrap.expanded(level, number)) / 2)
        student = stats.t.ppf((1 + level) / 2, number - 1)
        assert wide * math.sqrt((number - 1) / number) == pytest.approx(student, rel=1e-6)
    assert bootstrap.expanded(level, 1) == 1
    assert bootstrap.expanded(level, 10**7) == pytest.approx(level, abs=1e-6)


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
        units = bootstrap.blocks(positions, length)
        ways[length] = units, bootstrap.expanded(0.95, units.max() + 1)
    for locus in LOCI.values():
        world = *saturated(rng, *locus, r, 400), r
        found = {way: covered(*world, *drawn).mean() for way, drawn in ways.items()}
        assert found["variant"] < found["position"] < 0.83
        assert min(found[10], found[20], found[30]) > found["position"] + 0.08
        assert 0.90 <= found[bootstrap.BLOCK] <= 0.97
