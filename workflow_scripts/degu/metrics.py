"""Agreement of predictions, certain or not, and truth."""

from collections.abc import Iterator

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
    (n, outputs), values = truth.shape, []
    for draws in _draws(n, resamples, seed):
        # One row a sequence: gathered and summed rows lie together.
        counts = np.ascontiguousarray(draws.T)
        values.append([_of_draws(counts, truth[:, o], predicted[..., o]) for o in range(outputs)])
    # (outputs, members, metrics, draws)
    bounds = _bounds(np.concatenate(values, axis=-1), level, axis=-1)
    return dict(zip(METRICS, np.moveaxis(bounds, [3, 1], [0, 3]), strict=True))


def bootstrap_moments(
    moments: np.ndarray, resamples: int, seed: int, level: float = 0.95
) -> dict[str, np.ndarray]:
    """Percentile intervals of `OF_MOMENTS` over windows drawn with replacement.

    Neighbouring bases resemble each other, so windows are drawn and not bases (a block
    bootstrap). All members and heads see the same draws.

    Parameters
    ----------
    moments : float64 array, shape (windows, members, heads, 6)
        From `moments`, of each window.
    resamples, seed, level
        As of `bootstrap`.

    Returns
    -------
    intervals : dict of float arrays, shape (2, members, heads)
        Low and high by metric; NaN where the values of a draw are constant.
    """
    of_windows = moments.reshape(len(moments), -1)
    sums = [draws @ of_windows for draws in _draws(len(moments), resamples, seed)]
    drawn = np.concatenate(sums).reshape(resamples, *moments.shape[1:])
    return {name: _bounds(of(drawn), level, axis=0) for name, of in OF_MOMENTS.items()}


def _draws(n: int, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield how often each of n is drawn, some draws at once: float (draws, n)."""
    rng, at_once = np.random.default_rng(seed), max(1, _CELLS // n)
    for start in range(0, resamples, at_once):
        draws = range(start, min(start + at_once, resamples))
        yield np.array([np.bincount(rng.integers(n, size=n), minlength=n) for _ in draws], float)


def _bounds(drawn: np.ndarray, level: float, axis: int) -> np.ndarray:
    """Low and high percentile of what was drawn, on a new first axis."""
    return np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=axis)


def _of_draws(counts: np.ndarray, truth: np.ndarray, predicted: np.ndarray) -> list[list]:
    """Return `METRICS` of each member in each draw; `counts` is (n, draws)."""
    truth, predicted = truth.astype(np.float64), predicted.astype(np.float64)
    ranks = _ranks(counts, truth)
    return [
        [
            _correlation(counts, truth - truth.mean(), member - member.mean()),
            _correlation(counts, ranks, _ranks(counts, member)),
            _average(counts, np.square(member - truth)),
        ]
        for member in predicted
    ]


def _average(counts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Average in each draw; values (n,), or (n, draws) where they differ between draws."""
    summed = values @ counts if values.ndim == 1 else np.einsum("nd,nd->d", counts, values)
    return summed / len(counts)


def _correlation(counts: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    mean_x, mean_y = _average(counts, x), _average(counts, y)
    covariance = _average(counts, x * y) - mean_x * mean_y
    variances = (_average(counts, x * x) - mean_x**2, _average(counts, y * y) - mean_y**2)
    # What is left of the variance of a constant is rounding.
    known = [
        np.where(v > 1e-12 * np.max(z * z), v, np.nan)
        for v, z in zip(variances, (x, y), strict=True)
    ]
    return covariance / np.sqrt(known[0] * known[1])


def _ranks(counts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Ranks in each draw, ties averaged, around 0: (n, draws)."""
    order = np.argsort(values, kind="stable")
    first = np.concatenate([[True], np.diff(values[order]) != 0])
    drawn = np.add.reduceat(counts[order], np.flatnonzero(first), axis=0)
    ranks = drawn.cumsum(axis=0) - drawn / 2 - len(counts) / 2
    tie = np.empty(len(values), np.intp)
    tie[order] = np.cumsum(first) - 1
    return ranks[tie]
