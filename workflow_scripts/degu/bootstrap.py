"""Bootstrap of agreement measures: intervals over measured units drawn with replacement."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from degu import metrics
from degu.job import InputError

BLOCK = 20
"""Default length of `blocks` in bases.

In worlds with the correlation along the sequence of the saturated loci (F9, LDLR, PKLR, SORT1;
230 positions, 2,000 worlds each, true r .3 and .6), intervals of r at 95 % cover .48 to .70 by
variant, .64 to .78 by position, and at the level of `expanded` .90 to .92 by blocks of 10, .92 to
.94 by blocks of 20, and .93 to .94 by blocks of 30, which are 6 to 8 % wider than by blocks of 20.
"""


def blocks(positions: np.ndarray, length: int = BLOCK) -> np.ndarray:
    """Label the variants of one locus by block of neighbouring positions, as units to draw.

    Effects at neighbouring positions resemble each other, measured and predicted ones alike
    (block bootstrap: Kuensch, 1989, Annals of Statistics 17).

    Parameters
    ----------
    positions : int array, shape (n,)
        In bases.
    length
        Bases of a block.

    Returns
    -------
    units : int array, shape (n,)
        From 0, which begins at the smallest position.
    """
    positions = np.asarray(positions)
    return (positions - positions.min()) // length


def expanded(level: float, number: int) -> float:
    """Level of a percentile interval over few units at which it covers with probability `level`.

    Percentile intervals are the narrower the fewer units there are: they lack Student's t, and
    their variance divides by the number of units instead of one less (expanded percentile
    interval: Hesterberg, 2015, The American Statistician 69).

    Parameters
    ----------
    level
        In (0, 1).
    number
        Number of units.

    Returns
    -------
    level : float
        For the level of `intervals`; 1 for a single unit.
    """
    if number < 2:
        return 1.0
    t = stats.t.ppf((1 + level) / 2, number - 1)
    return float(2 * stats.norm.cdf(np.sqrt(number / (number - 1)) * t) - 1)


# Sequences or windows times resamples that are held at once.
_CELLS = 2**20


def intervals(
    truth: np.ndarray,
    predicted: np.ndarray,
    resamples: int,
    seed: int,
    level: float = 0.95,
    units: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Percentile intervals of `metrics.METRICS` over measured units drawn with replacement.

    All members and outputs see the same draws; ranks are those within a draw.

    Parameters
    ----------
    truth : array, shape (n, outputs)
        Rows do not count for outputs that are NaN in them.
    predicted : array, shape (members, n, outputs)
    resamples
        Number of draws.
    seed
        The same seed gives the same draws.
    level
        Probability that an interval is to cover with.
    units : array, shape (n,), optional
        Labels of the units. Rows of one label, like the two strands of an insert that was measured
        once, are drawn together: drawn apart, they would pass for twice as much evidence (Davison
        and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8). By default each
        row is a unit.

    Returns
    -------
    intervals : dict of float arrays, shape (2, members, outputs)
        Low and high by metric; NaN where the values of a draw are constant.

    Raises
    ------
    InputError
        If there is not one label a row.
    """
    # Squares of values far from zero would lose their digits.
    centre = np.nanmedian(truth, axis=0).astype(np.float64)
    truth, predicted = truth - centre, predicted - centre
    pairs = [metrics.moments(truth[:, None], member[:, None]) for member in predicted]
    bounds = intervals_of_moments(np.stack(pairs, axis=1), resamples, seed, level, units)
    outputs = zip(truth.T, ~np.isnan(truth.T), np.moveaxis(predicted, -1, 0), strict=True)
    orders = [
        (_rows(known), _order(x[known]), [_order(y[known]) for y in members])
        for x, known, members in outputs
    ]
    drawn = [
        [_rank_correlations(counts[rows], *of_output) for rows, *of_output in orders]
        for counts in draws(numbered(units, len(truth)), resamples, seed)
    ]
    bounds["spearman"] = _bounds(np.concatenate(drawn, axis=-1).T, level)
    return {metric: bounds[metric] for metric in metrics.METRICS}


def intervals_of_moments(
    moments: np.ndarray,
    resamples: int,
    seed: int,
    level: float = 0.95,
    units: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Percentile intervals of `metrics.OF_MOMENTS` over measured units drawn with replacement.

    Neighbouring bases resemble each other, so windows are drawn and not bases (a block
    bootstrap). All members and heads see the same draws.

    Parameters
    ----------
    moments : float64 array, shape (n, members, heads, 6)
        From `metrics.moments`, of each sequence or window.
    resamples, seed, level, units
        The same as for `intervals`.

    Returns
    -------
    intervals : dict of float arrays, shape (2, members, heads)
        Low and high by metric; NaN where the values of a draw are constant.
    """
    drawn = drawn_moments(moments, resamples, seed, units)
    return {name: _bounds(of(drawn), level) for name, of in metrics.OF_MOMENTS.items()}


def drawn_moments(
    moments: np.ndarray, resamples: int, seed: int, units: np.ndarray | None = None
) -> np.ndarray:
    """Sum moments over measured units drawn with replacement.

    All members and heads see the same draws, so that their differences are paired.

    Parameters
    ----------
    moments : float64 array, shape (n, ..., 6)
        From `metrics.moments`, of each sequence or window.
    resamples, seed, units
        The same as for `intervals`.

    Returns
    -------
    sums : float64 array, shape (resamples, ..., 6)
        One sum a draw, for the functions of `metrics.OF_MOMENTS`.
    """
    return _drawn_sums(moments, numbered(units, len(moments)), resamples, seed)[0]


def intervals_of_means(
    values: np.ndarray,
    resamples: int,
    seed: int,
    level: float = 0.95,
    units: np.ndarray | None = None,
) -> np.ndarray:
    """Percentile intervals of means over measured units drawn with replacement.

    Parameters
    ----------
    values : array, shape (n, measures)
    resamples, seed, level, units
        The same as for `intervals`.

    Returns
    -------
    intervals : float array, shape (2, measures)
        NaN for a measure that is infinite somewhere.
    """
    finite = np.isfinite(values).all(axis=0)
    intervals = np.full((2, values.shape[1]), np.nan)
    units = numbered(units, len(values))
    drawn, rows = _drawn_sums(values[:, finite], units, resamples, seed)
    intervals[:, finite] = _bounds(drawn / rows[:, None], level)
    return intervals


def numbered(units: np.ndarray | None, n: int) -> np.ndarray:
    """Give the units of n rows numbers from 0, in the order in which they appear."""
    if units is None:
        return np.arange(n)
    if np.shape(units) != (n,):
        raise InputError(f"There are {n} rows, but labels of units of shape {np.shape(units)}.")
    return pd.factorize(np.asarray(units), use_na_sentinel=False)[0]


def _drawn_sums(
    values: np.ndarray, units: np.ndarray, resamples: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Sum and count the rows (n, ...) of each draw: (resamples, ...) and (resamples,)."""
    sizes = np.bincount(units)
    rows = values.reshape(len(values), -1)[np.argsort(units, kind="stable")]
    sums = np.add.reduceat(rows, np.cumsum(sizes) - sizes)
    drawn, number = [], []
    for counts in draws(np.arange(len(sums)), resamples, seed):
        weights = counts.T.astype(float)
        drawn.append(weights @ sums)
        number.append(weights @ sizes)
    return np.concatenate(drawn).reshape(resamples, *values.shape[1:]), np.concatenate(number)


def draws(units: np.ndarray, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield how often the unit of each of n rows is drawn, some draws at once: float32 (n, draws).

    Units are numbers from 0, as of `numbered`. One row a sequence: gathered and summed rows lie
    together. Numbers below 2^23 are exact.
    """
    rng, at_once = np.random.default_rng(seed), max(1, _CELLS // len(units))
    number = units.max() + 1
    for start in range(0, resamples, at_once):
        some = range(start, min(start + at_once, resamples))
        counts = [np.bincount(rng.integers(number, size=number), minlength=number) for _ in some]
        drawn = np.ascontiguousarray(np.array(counts, np.float32).T)
        # Units of one row are numbered like the rows.
        yield drawn if number == len(units) else drawn[units]


def _bounds(drawn: np.ndarray, level: float) -> np.ndarray:
    """Low and high percentile of what was drawn, in place of the first axis."""
    return np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)


def _rows(known: np.ndarray) -> slice | np.ndarray:
    """Index of some rows; all of them are not copied."""
    return slice(None) if known.all() else np.flatnonzero(known)


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
    below = drawn.cumsum(axis=0)
    # Draws of units that differ in size differ in their number of rows, which comes last.
    ranks = below - drawn / 2 - below[-1] / 2
    return ranks[order.value]


def _dot(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Sum products over rows in double precision."""
    return np.einsum("nd,nd->d", x, y, dtype=np.float64)
