"""Distances of members' attribution maps to an average map, and to each other."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from degu.job import InputError


def normalise(maps: np.ndarray) -> np.ndarray:
    """Divide the map of each sequence by its largest magnitude.

    Paper, Methods, "Control experiment with normalized attribution scores". A map of zeros stays.

    Parameters
    ----------
    maps : float array, shape (..., length, 4)
    """
    largest = np.abs(maps).max(axis=(-2, -1), keepdims=True)
    return maps / np.where(largest > 0, largest, 1)


class Consistency(NamedTuple):
    """Distances of maps to the ensemble's average and to each other.

    Attributes
    ----------
    rmse : float64 array, shape (members, n)
        Root of the mean squared difference, over positions and bases, to the average map.
    spread : float64 array, shape (n,)
        Root of the variances over members (ddof 1), summed over positions and bases; NaN for one
        member.
    rmse_others : float64 array, shape (members, n)
        The same as rmse, to the average over all other maps: of a teacher to the other teachers,
        of a student to all teachers. NaN for the only teacher.
    """

    rmse: np.ndarray
    spread: np.ndarray
    rmse_others: np.ndarray


def consistency(maps: np.ndarray, average: np.ndarray, among: int = 0) -> Consistency:
    """Compare the maps of members with an average map, and with one another.

    Paper, Methods, "Calculating similarity of attribution scores to ensemble average" and
    "Calculating variability of attribution scores across different initializations"; the control
    is the same for maps from `normalise`.

    Parameters
    ----------
    maps : float array, shape (members, n, length, 4)
    average : float array, shape (n, length, 4)
        Mean over the maps of the teachers, for students as well.
    among
        Number of maps in the average if these maps are among them, as those of teachers are; 0 if
        they are not. A map that is one of M lies nearer to their average, by (M - 1) / M, than to
        the average of the others.

    Raises
    ------
    InputError
        If the average map has another shape than the members' maps.
    """
    if maps.ndim != 4 or average.shape != maps.shape[1:]:
        raise InputError(
            f"The maps have shape {maps.shape} and the average map {average.shape}: they must be "
            "(members, n, length, 4) and (n, length, 4)."
        )
    maps = maps.astype(np.float64)
    rmse = np.sqrt(np.square(maps - average).mean(axis=(2, 3)))
    # Without bias, since there may be fewer students than teachers.
    variances = maps.var(axis=0, ddof=1) if len(maps) > 1 else np.full(maps.shape[1:], np.nan)
    return Consistency(rmse, np.sqrt(variances.sum(axis=(1, 2))), rmse * _distance(among))


def _distance(among: int) -> float:
    """Distance of a map to the average of the others, in distances to the average of all."""
    if among == 1:
        return np.nan
    return among / (among - 1) if among else 1.0


def compare(students: Consistency, teachers: Consistency) -> pd.DataFrame:
    """Test whether students are more consistent than their teachers, by two-sided t-tests.

    Independent for the RMSE of each member, averaged over sequences; paired by sequence for the
    spread (paper, Fig. 4b,c).

    Parameters
    ----------
    students, teachers
        Consistency for the same sequences in one order, each a measured unit of its own.

    Returns
    -------
    table : DataFrame
        metric (rmse, rmse_others, spread), students, teachers (means), n_students, n_teachers
        (members or sequences), t, p. Both of t and p are NaN where there are fewer than two values
        on a side.
    """
    both, rows = (students, teachers), []
    for metric, values in {
        "rmse": [measured.rmse.mean(axis=1) for measured in both],
        "rmse_others": [measured.rmse_others.mean(axis=1) for measured in both],
        "spread": [measured.spread for measured in both],
    }.items():
        means, numbers = [side.mean() for side in values], [len(side) for side in values]
        rows.append([metric, *means, *numbers, *t_test(metric, *values)])
    columns = ["metric", "students", "teachers", "n_students", "n_teachers", "t", "p"]
    return pd.DataFrame(rows, columns=columns)


def t_test(metric: str, students: np.ndarray, teachers: np.ndarray) -> tuple[float, float]:
    """Test one measure by the two-sided t-test of `compare`.

    Parameters
    ----------
    metric
        A spread, whose values are paired by sequence, or an RMSE, whose values are of members.
    students, teachers : float arrays
        Values of both sides.

    Returns
    -------
    t, p
        NaN where there are fewer than two values on a side.
    """
    test = stats.ttest_rel if metric.endswith("spread") else stats.ttest_ind
    few = min(len(students), len(teachers)) < 2
    return (np.nan, np.nan) if few else tuple(test(students, teachers))


def similarity(maps: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Pearson's r of the maps of each sequence by two methods, over positions and bases.

    Of maps whose mean over the bases is 0 at each position, as the files of maps have them, it is
    the cosine of the angle between both maps as well.

    Parameters
    ----------
    maps, others : float arrays, shape (..., length, 4), or (..., length, 1) of contributions
        In the units of the explained head; their scale does not matter.

    Returns
    -------
    r : float64 array, shape (...)
        NaN where a map is constant, like the map of a sequence that nothing depends on.
    """
    x, y = (some.reshape(*some.shape[:-2], -1).astype(np.float64) for some in (maps, others))
    x, y = (some - some.mean(axis=-1, keepdims=True) for some in (x, y))
    length = np.sqrt(np.vecdot(x, x) * np.vecdot(y, y))
    return np.vecdot(x, y) / np.where(length > 0, length, np.nan)


def error_bars(maps: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Attribution with its uncertainty over members, for each base.

    Parameters
    ----------
    maps : float array, shape (members, ...)
        Maps of at least two members.

    Returns
    -------
    mean, std, z : float64 arrays, shape (...)
        std has ddof 1, like the spread of `consistency`; z is mean / std, and 0 where all members
        are 0.

    Raises
    ------
    InputError
        For fewer than two members, whose spread would mean nothing.
    """
    if len(maps) < 2:
        raise InputError("Error bars of an attribution need at least two members; there is one.")
    maps = maps.astype(np.float64)
    mean, std = maps.mean(axis=0), maps.std(axis=0, ddof=1)
    with np.errstate(divide="ignore"):
        z = np.divide(mean, std, out=np.zeros_like(mean), where=(std > 0) | (mean != 0))
    return mean, std, z
