"""Agreement of predictions, certain or not, and truth."""

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


def crps(y: np.ndarray, mean: np.ndarray, std: np.ndarray) -> float:
    """Mean continuous ranked probability score of Gaussian predictions; smaller is better.

    In units of y (Gneiting and Raftery, 2007, section 4.2). `std` is positive.
    """
    z = np.subtract(y, mean, dtype=np.float64) / std
    return float(
        np.mean(
            std * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
        )
    )


def nll(y: np.ndarray, mean: np.ndarray, std: np.ndarray) -> float:
    """Mean negative log-likelihood of Gaussian predictions in nats; `std` is positive."""
    return float(-np.mean(stats.norm.logpdf(np.float64(y), mean, std)))


METRICS = {"pearson": pearson, "spearman": spearman, "mse": mse}


def moments(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Return sums that `OF_MOMENTS` are made of, and that add up over parts of a data set.

    Parameters
    ----------
    truth, predicted : arrays, shape (..., heads)

    Returns
    -------
    moments : float64 array, shape (heads, 6)
        Number of values, sums of the truth and of the predictions, of their squares in this
        order, and of their products.
    """
    sums = []
    for head in range(truth.shape[-1]):
        x, y = (values[..., head].ravel().astype(np.float64) for values in (truth, predicted))
        sums.append([len(x), x.sum(), y.sum(), x @ x, y @ y, x @ y])
    return np.array(sums)


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


# Sequences times resamples that are held at once.
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
    rng, (n, outputs) = np.random.default_rng(seed), truth.shape
    # Squares of values far from zero would lose their digits.
    centre = truth.mean(axis=0, dtype=np.float64)
    truth, predicted = truth - centre, predicted - centre
    prepared = [_prepared(truth[:, output], predicted[..., output]) for output in range(outputs)]
    at_once, values = max(1, _CELLS // n), []
    for start in range(0, resamples, at_once):
        draws = range(start, min(start + at_once, resamples))
        counts = [np.bincount(rng.integers(n, size=n), minlength=n) for _ in draws]
        # One row a sequence: gathered and summed rows lie together. Numbers below 2^23 are exact.
        counts = np.ascontiguousarray(np.array(counts, np.float32).T)
        values.append([_of_draws(counts, *of_output) for of_output in prepared])
    # (outputs, metrics, draws, members)
    drawn = np.concatenate(values, axis=2)
    bounds = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=2)
    return dict(zip(METRICS, np.moveaxis(bounds, [2, 1], [0, 3]), strict=True))


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


def _prepared(truth: np.ndarray, predicted: np.ndarray) -> tuple:
    """Prepare truth (n,) and predicted (members, n) for `_of_draws`, whatever is drawn."""
    x, y = np.broadcast_arrays(truth[:, None], predicted.T)
    products = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)
    return products, _order(truth), [_order(member) for member in predicted]


def _of_draws(
    counts: np.ndarray, products: np.ndarray, truth: _Order, members: list[_Order]
) -> list[np.ndarray]:
    """Return `METRICS`, each (draws, members)."""
    sums = np.tensordot(counts.astype(np.float64), products, axes=(0, 0))
    ranks, correlations = _ranks(counts, truth), []
    weighted = counts * ranks
    variance = _dot(weighted, ranks)
    for member in members:
        own = _ranks(counts, member)
        both = variance * _dot(counts * own, own)
        correlations.append(_dot(weighted, own) / np.sqrt(np.where(both > 0, both, np.nan)))
    return [pearson_of(sums), np.stack(correlations, axis=-1), mse_of(sums)]


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
