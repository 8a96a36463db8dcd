"""Prediction intervals: how often they cover, how wide they are, and conformal correction."""

import math

import numpy as np
from scipy.stats import norm

from degu.job import InputError


def gaussian_factor(level: float) -> float:
    """Half-width of a Gaussian interval in standard deviations: 1.96 at a level of 0.95."""
    _check_level(level)
    return float(norm.ppf((1 + level) / 2))


def coverage(y: np.ndarray, mean: np.ndarray, std: np.ndarray, factor: float) -> float:
    """Share of measurements inside mean +- factor * std (paper, "Interval coverage analysis").

    Parameters
    ----------
    y, mean, std : arrays, shape (n,)
        In units of the activity; std positive.
    factor
        `gaussian_factor` or `conformal_factor`.
    """
    _check_std(std)
    return float(np.mean(np.abs(y - mean) <= factor * std))


def width(std: np.ndarray, factor: float) -> float:
    """Mean full width of the intervals mean +- factor * std."""
    return float(2 * factor * np.mean(std))


def conformal_factor(y: np.ndarray, mean: np.ndarray, std: np.ndarray, level: float) -> float:
    """Factor that makes intervals mean +- factor * std cover at a level, whatever the model.

    The score |y - mean| / std of rank ceil((n + 1) * level) on the calibration set. The paper's
    plain quantile ("Conformal prediction") lacks the + 1 and covers too little when n is small.

    Parameters
    ----------
    y, mean, std : arrays, shape (n,)
        Of a calibration set that is exchangeable with the sequences to be predicted.
    level
        In (0, 1).

    Returns
    -------
    factor : float
        Infinite if n is too small for the level (below 19 for 0.95).
    """
    _check_level(level)
    _check_std(std)
    scores = np.sort(np.abs(y - mean) / std)
    # The product is rounded first: 100 * 0.55 comes out a hair above 55.
    rank = math.ceil(round((len(scores) + 1) * level, 9))
    return math.inf if rank > len(scores) else float(scores[rank - 1])


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InputError(f"The level is {level}: it must lie in (0, 1).")


def _check_std(std: np.ndarray) -> None:
    if not (std > 0).all():
        raise InputError(
            f"{int(np.sum(~(std > 0)))} of {len(std)} standard deviations are not positive "
            f"(smallest {np.min(std):g}): clip them first."
        )
