"""Agreement of predictions, certain or not, and truth."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from degu.job import InputError


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


def mean_interval(values: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
    """Mean over members and its confidence interval by Student's t: (mean, low, high).

    The interval of a single value is the value.
    """
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, mean, mean
    error = stats.sem(values) * stats.t.ppf((1 + level) / 2, len(values) - 1)
    return mean, float(mean - error), float(mean + error)


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


BLOCK = 20
"""Default length of `blocks` in bases.

In worlds with the correlation along the sequence of the saturated loci (F9, LDLR, PKLR, SORT1;
230 positions, 2,000 worlds each, true r .3 and .6), intervals of r at 95 % cover .48 to .72 by
variant, .64 to .79 by position, and at the level of `expanded` .90 to .93 by blocks of 10, .93 to
.94 by blocks of 20, and .94 by blocks of 30, which are up to a tenth wider than by blocks of 20.
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
        For the level of `bootstrap`; 1 for a single unit.
    """
    if number < 2:
        return 1.0
    t = stats.t.ppf((1 + level) / 2, number - 1)
    return float(2 * stats.norm.cdf(np.sqrt(number / (number - 1)) * t) - 1)


# Sequences or windows times resamples that are held at once.
_CELLS = 2**20


def bootstrap(
    truth: np.ndarray,
    predicted: np.ndarray,
    resamples: int,
    seed: int,
    level: float = 0.95,
    units: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Percentile intervals of `METRICS` over measured units drawn with replacement.

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
    rows = np.stack([moments(truth[:, None], member[:, None]) for member in predicted], axis=1)
    intervals = bootstrap_moments(rows, resamples, seed, level, units)
    outputs = zip(truth.T, ~np.isnan(truth.T), np.moveaxis(predicted, -1, 0), strict=True)
    orders = [
        (_rows(known), _order(x[known]), [_order(y[known]) for y in members])
        for x, known, members in outputs
    ]
    drawn = [
        [_rank_correlations(counts[rows], *of_output) for rows, *of_output in orders]
        for counts in _draws(_numbered(units, len(truth)), resamples, seed)
    ]
    intervals["spearman"] = _bounds(np.concatenate(drawn, axis=-1).T, level)
    return {metric: intervals[metric] for metric in METRICS}


def bootstrap_moments(
    moments: np.ndarray,
    resamples: int,
    seed: int,
    level: float = 0.95,
    units: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Percentile intervals of `OF_MOMENTS` over measured units drawn with replacement.

    Neighbouring bases resemble each other, so windows are drawn and not bases (a block
    bootstrap). All members and heads see the same draws.

    Parameters
    ----------
    moments : float64 array, shape (n, members, heads, 6)
        From `moments`, of each sequence or window.
    resamples, seed, level, units
        The same as for `bootstrap`.

    Returns
    -------
    intervals : dict of float arrays, shape (2, members, heads)
        Low and high by metric; NaN where the values of a draw are constant.
    """
    drawn, _ = _drawn_sums(moments, _numbered(units, len(moments)), resamples, seed)
    return {name: _bounds(of(drawn), level) for name, of in OF_MOMENTS.items()}


def bootstrap_means(
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
        The same as for `bootstrap`.

    Returns
    -------
    intervals : float array, shape (2, measures)
        NaN for a measure that is infinite somewhere.
    """
    finite = np.isfinite(values).all(axis=0)
    intervals = np.full((2, values.shape[1]), np.nan)
    units = _numbered(units, len(values))
    drawn, rows = _drawn_sums(values[:, finite], units, resamples, seed)
    intervals[:, finite] = _bounds(drawn / rows[:, None], level)
    return intervals


def _numbered(units: np.ndarray | None, n: int) -> np.ndarray:
    """Give the units of n rows numbers from 0, in the order in which they appear."""
    if units is None:
        return np.arange(n)
    if np.shape(units) != (n,):
        raise InputError(f"There are {n} rows, but labels of units of shape {np.shape(units)}.")
    return pd.factorize(np.asarray(units), use_na_sentinel=False)[0]


def _unit_sums(values: np.ndarray, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum the rows (n, ...) of each numbered unit, (units, ...), and count them, (units,)."""
    sizes = np.bincount(units)
    sorted_values = values[np.argsort(units, kind="stable")]
    return np.add.reduceat(sorted_values, np.cumsum(sizes) - sizes), sizes


def _drawn_sums(
    values: np.ndarray, units: np.ndarray, resamples: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Sum and count the rows (n, ...) of each draw: (resamples, ...) and (resamples,)."""
    sums, sizes = _unit_sums(values.reshape(len(values), -1), units)
    drawn, rows = [], []
    for counts in _draws(np.arange(len(sums)), resamples, seed):
        weights = counts.T.astype(float)
        drawn.append(weights @ sums)
        rows.append(weights @ sizes)
    return np.concatenate(drawn).reshape(resamples, *values.shape[1:]), np.concatenate(rows)


def _draws(units: np.ndarray, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield how often the unit of each of n rows is drawn, some draws at once: float32 (n, draws).

    One row a sequence: gathered and summed rows lie together. Numbers below 2^23 are exact.
    """
    rng, at_once = np.random.default_rng(seed), max(1, _CELLS // len(units))
    number = units.max() + 1
    for start in range(0, resamples, at_once):
        draws = range(start, min(start + at_once, resamples))
        counts = [np.bincount(rng.integers(number, size=number), minlength=number) for _ in draws]
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
