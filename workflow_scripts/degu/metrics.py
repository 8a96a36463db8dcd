"""Agreement of predictions, certain or not, and truth."""

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


def mean_interval(values: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
    """Mean over members and its confidence interval by Student's t: (mean, low, high).

    The interval of a single value is the value.
    """
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, mean, mean
    error = stats.sem(values) * stats.t.ppf((1 + level) / 2, len(values) - 1)
    return mean, float(mean - error), float(mean + error)
