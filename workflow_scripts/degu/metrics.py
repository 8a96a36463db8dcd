"""Agreement of predictions, certain or not, and truth."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy import stats


def pearson(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Pearson's r; NaN if either is constant."""
    if np.ptp(truth) == 0 or np.ptp(predicted) == 0:
        return float("nan")
    return float(stats.pearsonr(truth, predicted).statistic)


def spearman(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Spearman's rank correlation; NaN if either is constant."""
    return pearson(stats.rankdata(truth), stats.rankdata(predicted))


def mse(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Mean squared error."""
    return float(np.mean(np.square(np.subtract(predicted, truth, dtype=np.float64))))


def crps(y: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """Continuous ranked probability scores of Gaussian predictions, (n,); smaller is better.

    In units of y (Gneiting and Raftery, 2007, section 4.2). `std` is positive.
    """
    z = np.subtract(y, mean, dtype=np.float64) / std
    return std * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))


def nll(y: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """Negative log-likelihoods of Gaussian predictions in nats, (n,); `std` is positive."""
    return -stats.norm.logpdf(np.float64(y), mean, std)


METRICS = {"pearson": pearson, "spearman": spearman, "mse": mse}


def moments(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Return sums that `OF_MOMENTS` are made of, and that add up over windows.

    Parameters
    ----------
    truth, predicted : arrays, shape (..., length, heads)

    Returns
    -------
    moments : float64 array, shape (..., heads, 6)
        Number of values, sums of the truth and of the predictions, of their squares in this
        order, and of their products.
    """
    sums = []
    for head in range(truth.shape[-1]):
        x, y = (values[..., head].astype(np.float64) for values in (truth, predicted))
        products = [np.vecdot(*pair) for pair in [(x, x), (y, y), (x, y)]]
        number = np.full(x.shape[:-1], x.shape[-1])
        sums.append(np.stack([number, x.sum(axis=-1), y.sum(axis=-1), *products], axis=-1))
    return np.stack(sums, axis=-2)


def pearson_of(moments: np.ndarray) -> np.ndarray:
    """Pearson's r, shape (...), from sums of shape (..., 6); NaN if either is constant."""
    n, x, y, xx, yy, xy = np.moveaxis(moments, -1, 0)
    variances = [n * squares - summed**2 for summed, squares in [(x, xx), (y, yy)]]
    # What is left of the variance of a constant is rounding.
    known = [
        np.where(v > 1e-12 * n * s, v, np.nan) for v, s in zip(variances, (xx, yy), strict=True)
    ]
    return (n * xy - x * y) / np.sqrt(known[0] * known[1])


def mse_of(moments: np.ndarray) -> np.ndarray:
    """Mean squared error, shape (...), from sums of shape (..., 6)."""
    n, _, _, xx, yy, xy = np.moveaxis(moments, -1, 0)
    return (xx + yy - 2 * xy) / n


OF_MOMENTS = {"pearson": pearson_of, "mse": mse_of}


def mean_interval(values: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
    """Mean over members and its confidence interval by Student's t: (mean, low, high).

    The interval of a single value is the value.
    """
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, mean, mean
    error = stats.sem(values) * stats.t.ppf((1 + level) / 2, len(values) - 1)
    return mean, float(mean - error), float(mean + error)


# Sequences or windows times resamples that are held at once.
_CELLS = 2**20


def bootstrap(
    truth: np.ndarray, predicted: np.ndarray, resamples: int, seed: int, level: float = 0.95
) -> dict[str, np.ndarray]:
    """Percentile intervals of `METRICS` over sequences drawn with replacement.

    All members and outputs see the same draws; ranks are those within a draw.

    Parameters
    ----------
    truth : array, shape (n, outputs)
    predicted : array, shape (members, n, outputs)
    resamples
        Number of draws.
    seed
        The same seed gives the same draws.
    level
        Of the intervals.

    Returns
    -------
    intervals : dict of float arrays, shape (2, members, outputs)
        Low and high by metric; NaN where the values of a draw are constant.
    """
    # Squares of values far from zero would lose their digits.
    centre = truth.mean(axis=0, dtype=np.float64)
    truth, predicted = truth - centre, predicted - centre
    rows = np.stack([moments(truth[:, None], member[:, None]) for member in predicted], axis=1)
    intervals = bootstrap_moments(rows, resamples, seed, level)
    outputs = zip(truth.T, np.moveaxis(predicted, -1, 0), strict=True)
    orders = [(_order(x), [_order(y) for y in members]) for x, members in outputs]
    drawn = [
        [_rank_correlations(counts, *of_output) for of_output in orders]
        for counts in _draws(len(truth), resamples, seed)
    ]
    intervals["spearman"] = _bounds(np.concatenate(drawn, axis=-1).T, level)
    return {metric: intervals[metric] for metric in METRICS}


def bootstrap_moments(
    moments: np.ndarray, resamples: int, seed: int, level: float = 0.95
) -> dict[str, np.ndarray]:
    """Percentile intervals of `OF_MOMENTS` over sequences or windows drawn with replacement.

    Neighbouring bases resemble each other, so windows are drawn and not bases (a block
    bootstrap). All members and heads see the same draws.

    Parameters
    ----------
    moments : float64 array, shape (n, members, heads, 6)
        From `moments`, of each sequence or window.
    resamples, seed, level
        As of `bootstrap`.

    Returns
    -------
    intervals : dict of float arrays, shape (2, members, heads)
        Low and high by metric; NaN where the values of a draw are constant.
    """
    drawn = _drawn_sums(moments, resamples, seed)
    return {name: _bounds(of(drawn), level) for name, of in OF_MOMENTS.items()}


def bootstrap_means(
    values: np.ndarray, resamples: int, seed: int, level: float = 0.95
) -> np.ndarray:
    """Percentile intervals of means over sequences drawn with replacement.

    Parameters
    ----------
    values : array, shape (n, measures)
    resamples, seed, level
        As of `bootstrap`.

    Returns
    -------
    intervals : float array, shape (2, measures)
        NaN for a measure that is infinite somewhere.
    """
    finite = np.isfinite(values).all(axis=0)
    intervals = np.full((2, values.shape[1]), np.nan)
    drawn = _drawn_sums(values[:, finite], resamples, seed) / len(values)
    intervals[:, finite] = _bounds(drawn, level)
    return intervals


def _drawn_sums(values: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """Sum the rows of each draw: (resamples, ...) of (n, ...)."""
    rows = values.reshape(len(values), -1)
    sums = [counts.T.astype(float) @ rows for counts in _draws(len(rows), resamples, seed)]
    return np.concatenate(sums).reshape(resamples, *values.shape[1:])


def _draws(n: int, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield how often each of n is drawn, some draws at once: float32 (n, draws).

    One row a sequence: gathered and summed rows lie together. Numbers below 2^23 are exact.
    """
    rng, at_once = np.random.default_rng(seed), max(1, _CELLS // n)
    for start in range(0, resamples, at_once):
        draws = range(start, min(start + at_once, resamples))
        counts = [np.bincount(rng.integers(n, size=n), minlength=n) for _ in draws]
        yield np.ascontiguousarray(np.array(counts, np.float32).T)


def _bounds(drawn: np.ndarray, level: float) -> np.ndarray:
    """Low and high percentile of what was drawn, in place of the first axis."""
    return np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)


class _Order(NamedTuple):
    """Rows by value, where a new value begins among them, and of which value each row is."""

    rows: np.ndarray
    first: np.ndarray
    value: np.ndarray


def _order(values: np.ndarray) -> _Order:
    rows = np.argsort(values, kind="stable")
    first = np.concatenate([[True], np.diff(values[rows]) != 0])
    value = np.empty(len(values), np.intp)
    value[rows] = np.cumsum(first) - 1
    return _Order(rows, np.flatnonzero(first), value)


def _rank_correlations(
    counts: np.ndarray, truth: _Order, members: list[_Order]
) -> list[np.ndarray]:
    """Spearman's rank correlation of each member, in each draw (draws,)."""
    ranks, correlations = _ranks(counts, truth), []
    weighted = counts * ranks
    variance = _dot(weighted, ranks)
    for member in members:
        own = _ranks(counts, member)
        both = variance * _dot(counts * own, own)
        correlations.append(_dot(weighted, own) / np.sqrt(np.where(both > 0, both, np.nan)))
    return correlations


def _ranks(counts: np.ndarray, order: _Order) -> np.ndarray:
    """Ranks in each draw, ties averaged, around 0: (n, draws)."""
    drawn = counts[order.rows]
    if len(order.first) < len(drawn):
        drawn = np.add.reduceat(drawn, order.first, axis=0)
    ranks = drawn.cumsum(axis=0) - drawn / 2 - len(counts) / 2
    return ranks[order.value]


def _dot(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Sum products over rows in double precision."""
    return np.einsum("nd,nd->d", x, y, dtype=np.float64)
