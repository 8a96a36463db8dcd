"""Prediction intervals: how often they cover, how wide they are, and conformal correction."""

import math

import numpy as np
from scipy.stats import norm

from degu.job import InputError

# Nominal levels of a reliability curve.
LEVELS = (*(step / 20 for step in range(1, 20)), 0.99)


def gaussian_factor(level: float) -> float:
    """Half-width of a Gaussian interval in standard deviations: 1.96 at a level of 0.95."""
    check_level(level)
    return float(norm.ppf((1 + level) / 2))


def covers(
    y: np.ndarray, mean: np.ndarray, std: np.ndarray, factor: float | np.ndarray
) -> np.ndarray:
    """Find measurements inside mean +- factor * std (paper, "Interval coverage analysis").

    Parameters
    ----------
    y, mean, std : arrays, shape (n,)
        In units of the activity; std positive. An infinite std covers whatever is measured.
    factor
        `gaussian_factor`, `conformal_factor`, or one a sequence: `mondrian_factors`.

    Returns
    -------
    covered : bool array, shape (n,)
        Its mean is the coverage.
    """
    return _scores(y, mean, std) <= factor


def widths(std: np.ndarray, factor: float | np.ndarray) -> np.ndarray:
    """Full widths of the intervals mean +- factor * std; infinite where one of both is."""
    return 2 * factor * std


def offset(y: np.ndarray, mean: np.ndarray, std: np.ndarray) -> float:
    """Offset that is added to predicted std, so that conformal intervals stay narrow.

    Scores |y - mean| / std of a head that is almost 0 for more than 1 - level of the sequences
    are huge, and so are the intervals of all others; scores |y - mean| / (std + offset) are not
    (normalised conformal scores: Papadopoulos, Gammerman and Vovk, 2008; Johansson et al., 2014).
    The offset is the one with which residuals are most likely under Laplace's law of scale
    c * (std + offset), where c is the best one: 0 for a head that is proportional to the size of
    residuals, large, so that intervals become equally wide, for one that has nothing to do with it.
    A head multiplied by a number has its offset multiplied, and the same intervals.

    Coverage at a level of 0.95 falls by up to .004 when 100 residuals choose both offset and
    factor, by .002 with 300, and by less than .0005 from 1,000 on. The offset with the narrowest
    intervals would cost .012, .006 and .003, and would not vanish for a perfect head.

    Parameters
    ----------
    y, mean, std : arrays, shape (n,)
        The calibration set; std positive. Rows with an infinite std do not count.

    Returns
    -------
    offset : float
        In units of the activity, for `conformal_factor`, `mondrian_factors`, `covers` and `widths`
        of std + offset; 0 for an empty calibration set or one without residuals.
    """
    _check_std(std)
    known = np.isfinite(std)
    residuals, std = np.abs(y - mean)[known], np.float64(std[known])
    if not residuals.any():
        return 0.0

    def loss(added: float) -> float:
        scale = std + added
        return float(np.log(np.mean(residuals / scale)) + np.mean(np.log(scale)))

    # Half of the std may lie at a floor, and few be huge.
    candidates = np.geomspace(np.median(std) / 1000, std.mean() * 1000, 25)
    return float(min([0.0, *candidates], key=loss))


def conformal_factor(
    y: np.ndarray,
    mean: np.ndarray,
    std: np.ndarray,
    level: float,
    units: np.ndarray | None = None,
) -> float:
    """Factor that makes intervals mean +- factor * std cover at a level, whatever the model.

    The score |y - mean| / std of rank ceil((n + 1) * level) on the calibration set. The paper's
    plain quantile ("Conformal prediction") lacks the + 1 and covers too little when n is small.

    Parameters
    ----------
    y, mean, std : arrays, shape (n,)
        A calibration set that is exchangeable with the sequences to be predicted.
    level
        In (0, 1).
    units : int array, shape (n,), optional
        Measured units, which are exchangeable where rows are not: each counts once, shared by its
        rows (hierarchical conformal prediction: Lee, Barber and Willett, 2023). By default each row
        is a unit.

    Returns
    -------
    factor : float
        Infinite if there are too few units for the level (below 19 for 0.95).
    """
    check_level(level)
    scores, weights = _scores(y, mean, std), np.ones(len(y))
    if units is not None:
        _, unit, size = np.unique(units, return_inverse=True, return_counts=True)
        weights = 1 / size[unit]
    order = np.argsort(scores, kind="stable")
    # Sums are rounded first: 100 * 0.55 comes out a hair above 55.
    reached = np.cumsum(weights[order]).round(9)
    rank = np.searchsorted(reached, round((weights.sum() + 1) * level, 9))
    return math.inf if rank == len(scores) else float(scores[order[rank]])


def plain_factor(
    y: np.ndarray,
    mean: np.ndarray,
    std: np.ndarray,
    level: float,
    units: np.ndarray | None = None,
) -> float:
    """Quantile of the scores as the paper prints it, of rows; otherwise as `conformal_factor`."""
    check_level(level)
    scores = _scores(y, mean, std)
    return float(np.quantile(scores, level)) if len(scores) else math.inf


FACTORS = {"finite_sample": conformal_factor, "plain": plain_factor}


def mondrian_factors(
    y: np.ndarray,
    mean: np.ndarray,
    std: np.ndarray,
    new_mean: np.ndarray,
    level: float,
    groups: int = 1,
    quantile: str = "finite_sample",
) -> np.ndarray:
    """Conformal factors by predicted activity: intervals cover in each group by itself.

    Parameters
    ----------
    y, mean, std : arrays, shape (n,)
        The calibration set.
    new_mean : array, shape (m,)
        Predictions of the sequences that get an interval.
    level
        In (0, 1).
    groups
        Bounded by the quantiles of the calibration set's predictions; 1 for one factor for all.
    quantile
        A key of `FACTORS`.

    Returns
    -------
    factors : float array, shape (m,)
    """
    edges = group_edges(mean, groups)
    group, new_group = (groups_of(values, edges) for values in (mean, new_mean))
    members = [group == number for number in range(groups)]
    factors = [FACTORS[quantile](y[rows], mean[rows], std[rows], level) for rows in members]
    return np.array(factors)[new_group]


def group_edges(mean: np.ndarray, groups: int) -> np.ndarray:
    """Predictions that bound groups of equal size, (groups - 1,)."""
    return np.quantile(mean, np.arange(1, groups) / groups)


def groups_of(mean: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Group of each prediction, from 0: int (n,)."""
    return np.searchsorted(edges, mean, side="right")


def _scores(y: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    _check_std(std)
    return np.abs(y - mean) / std


def check_level(level: float) -> None:
    """Raise `InputError` for a nominal level outside (0, 1)."""
    if not 0 < level < 1:
        raise InputError(f"The level is {level}: it must lie in (0, 1).")


def _check_std(std: np.ndarray) -> None:
    if not (std > 0).all():
        raise InputError(
            f"{int(np.sum(~(std > 0)))} of {len(std)} standard deviations are not positive "
            f"(smallest {np.min(std):g}): clip them first."
        )
