"""Agreement of predictions, certain or not, and truth."""

import numpy as np
from scipy import stats


def measured(truth: np.ndarray, predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Leave out rows whose truth is missing, NaN, as all metrics below do."""
    known = ~np.isnan(truth)
    return (truth, predicted) if known.all() else (truth[known], predicted[known])


def pearson(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Pearson's r; NaN if either is constant."""
    truth, predicted = measured(truth, predicted)
    if len(truth) < 2 or np.ptp(truth) == 0 or np.ptp(predicted) == 0:
        return float("nan")
    return float(stats.pearsonr(truth, predicted).statistic)


def spearman(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Spearman's rank correlation; NaN if either is constant."""
    return pearson(*map(stats.rankdata, measured(truth, predicted)))


def mse(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Mean squared error."""
    truth, predicted = measured(truth, predicted)
    return float(np.mean(np.square(np.subtract(predicted, truth, dtype=np.float64))))


def crps(y: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """Continuous ranked probability scores of Gaussian predictions, (n,); smaller is better.

    In units of y (Gneiting and Raftery, 2007, section 4.2). `std` is positive; the score of an
    infinite one is infinite.
    """
    z = np.subtract(y, mean, dtype=np.float64) / std
    return std * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))


def nll(y: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """Negative log-likelihoods of Gaussian predictions in nats, (n,).

    `std` is positive; the score of an infinite one is infinite.
    """
    return -stats.norm.logpdf(np.float64(y), mean, std)


def r2(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Coefficient of determination: the share of the variance of the truth that is predicted."""
    return 1 - mse(truth, predicted) / float(np.var(truth, dtype=np.float64))


METRICS = {"pearson": pearson, "spearman": spearman, "mse": mse}


def moments(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Return sums that `OF_MOMENTS` are made of, and that add up over windows.

    Parameters
    ----------
    truth, predicted : arrays, shape (..., length, heads)
        Values whose truth is NaN do not count.

    Returns
    -------
    moments : float64 array, shape (..., heads, 6)
        Number of values, sums of the truth and of the predictions, of their squares in this
        order, and of their products.
    """
    sums = []
    for head in range(truth.shape[-1]):
        x, y = (values[..., head].astype(np.float64) for values in (truth, predicted))
        known = ~np.isnan(x)
        if not known.all():
            x, y = (np.where(known, values, 0) for values in (x, y))
        products = [np.vecdot(*pair) for pair in [(x, x), (y, y), (x, y)]]
        number = known.sum(axis=-1)
        sums.append(np.stack([number, x.sum(axis=-1), y.sum(axis=-1), *products], axis=-1))
    return np.stack(sums, axis=-2)


def pearson_of(moments: np.ndarray) -> np.ndarray:
    """Pearson's r, shape (...), from sums of shape (..., 6); NaN if either is constant."""
    n, x, y, xx, yy, xy = np.moveaxis(moments, -1, 0)
    variances = [n * squares - summed**2 for summed, squares in [(x, xx), (y, yy)]]
    # The variance of a constant is rounding alone.
    known = [
        np.where(v > 1e-12 * n * s, v, np.nan) for v, s in zip(variances, (xx, yy), strict=True)
    ]
    return (n * xy - x * y) / np.sqrt(known[0] * known[1])


def mse_of(moments: np.ndarray) -> np.ndarray:
    """Mean squared error, shape (...), from sums of shape (..., 6)."""
    n, _, _, xx, yy, xy = np.moveaxis(moments, -1, 0)
    return (xx + yy - 2 * xy) / n


OF_MOMENTS = {"pearson": pearson_of, "mse": mse_of}


UNLIMITED = (-np.inf, np.inf)
# Least and largest value of measures.
LIMITS = {
    "pearson": (-1, 1),
    "spearman": (-1, 1),
    "mse": (0, np.inf),
    "coverage": (0, 1),
    "conformal_coverage": (0, 1),
}


def mean_interval(
    values: np.ndarray, level: float = 0.95, limits: tuple[float, float] = UNLIMITED
) -> tuple[float, float, float]:
    """Mean over members and its confidence interval by Student's t: (mean, low, high).

    The interval of a single value is the value.

    Parameters
    ----------
    values : array, shape (members,)
    level
        Probability that the interval is to cover with.
    limits
        Least and largest value that a mean can have (`LIMITS`), beyond which no interval goes: two
        members that differ have a wide one.
    """
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, mean, mean
    error = stats.sem(values) * stats.t.ppf((1 + level) / 2, len(values) - 1)
    # A value beyond its limit by rounding keeps its interval around it.
    low, high = min(limits[0], mean), max(limits[1], mean)
    return mean, float(max(mean - error, low)), float(min(mean + error, high))


def holm(p: np.ndarray) -> np.ndarray:
    """Adjust p-values for how many there are, so that a false finding among them stays rare.

    Step-down procedure (Holm, 1979, Scandinavian Journal of Statistics 6): the smallest of m is
    multiplied by m, the next by m - 1, and so on; none falls below the one before it.

    Parameters
    ----------
    p : array, any shape
        NaN for a test that could not be made; it does not count.

    Returns
    -------
    adjusted : float64 array, shape of p
        At most 1; NaN where p is.
    """
    p = np.asarray(p, np.float64)
    # NaN are sorted last.
    order = np.argsort(p, axis=None)
    number = np.count_nonzero(~np.isnan(p))
    steps = p.ravel()[order] * np.maximum(number - np.arange(p.size), 1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted.reshape(p.shape)
