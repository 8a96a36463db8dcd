"""Agreement of predicted classes and truth, and what members of an ensemble disagree about.

Classes are numbers from 0; truth is given as one-hot rows, predictions as logits.
"""

from collections.abc import Callable

import numpy as np
from scipy import special, stats


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Softmax over the last axis, float64."""
    return special.softmax(np.float64(logits), axis=-1)


def entropy(probabilities: np.ndarray) -> np.ndarray:
    """Entropy over the last axis, in nats."""
    return special.entr(probabilities).sum(axis=-1)


def mutual_information(logits: np.ndarray) -> np.ndarray:
    """Mutual information of the class and the member: H(mean p) - mean H(p), in nats.

    Parameters
    ----------
    logits : array, shape (members, n, classes)

    Returns
    -------
    information : float64 array, shape (n,)
        0 where all members agree, at most the logarithm of the number of classes.
    """
    p = probabilities(logits)
    return np.maximum(entropy(p.mean(axis=0)) - entropy(p).mean(axis=0), 0)


def confusion(
    truth: np.ndarray, predicted: np.ndarray, classes: int, weights: np.ndarray | None = None
) -> np.ndarray:
    """Count sequences of each class (rows) that are called each class (columns).

    Parameters
    ----------
    truth, predicted : int arrays, shape (n,)
    classes
        Number of classes.
    weights : array, shape (n,), optional
        How often each sequence counts; once by default.

    Returns
    -------
    counts : float64 array, shape (classes, classes)
    """
    cells = truth * classes + predicted
    counts = np.bincount(cells, weights, minlength=classes**2)
    return counts.astype(np.float64).reshape(classes, classes)


def accuracy(counts: np.ndarray) -> float:
    """Share of sequences that are called by their class."""
    return float(np.trace(counts) / counts.sum())


def recalls(counts: np.ndarray) -> np.ndarray:
    """Share of each class that is called so, (classes,); NaN for a class without a sequence."""
    return _ratio(np.diag(counts), counts.sum(axis=1), np.nan)


def f1(counts: np.ndarray) -> np.ndarray:
    """Harmonic mean of precision and recall of each class, (classes,); 0 where both are."""
    return _ratio(2 * np.diag(counts), counts.sum(axis=0) + counts.sum(axis=1), 0.0)


def balanced_accuracy(counts: np.ndarray) -> float:
    """Mean of `recalls` over the classes that have sequences."""
    return float(np.nanmean(recalls(counts)))


def weighted_f1(counts: np.ndarray) -> float:
    """Mean of `f1` over sequences."""
    return float(f1(counts) @ counts.sum(axis=1) / counts.sum())


def mcc(counts: np.ndarray) -> float:
    """Matthews' correlation coefficient of several classes (Gorodkin, 2004); 0 for one class."""
    total, true, called = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    spread = (total**2 - true @ true) * (total**2 - called @ called)
    return float((np.trace(counts) * total - true @ called) / np.sqrt(spread)) if spread else 0.0


OF_COUNTS: dict[str, Callable[[np.ndarray], float]] = {
    "mcc": mcc,
    "balanced_accuracy": balanced_accuracy,
    "weighted_f1": weighted_f1,
    "accuracy": accuracy,
}


def auroc(truth: np.ndarray, scores: np.ndarray) -> float:
    """Area under the receiver operating characteristic: how often a positive scores higher.

    Parameters
    ----------
    truth : bool array, shape (n,)
    scores : array, shape (n,)
        Ties count by half.

    Returns
    -------
    area : float
        NaN if all sequences are of one kind.
    """
    positive = int(truth.sum())
    negative = len(truth) - positive
    if not positive or not negative:
        return float("nan")
    ranks = stats.rankdata(scores)[truth].sum()
    return float((ranks - positive * (positive + 1) / 2) / (positive * negative))


def aupr(truth: np.ndarray, scores: np.ndarray) -> float:
    """Area under the precision-recall curve, as average precision: sum of precision by recall.

    Arguments are those of `auroc`; NaN without a positive.
    """
    if not truth.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(truth[order])
    last = np.append(np.diff(scores[order]) != 0, True)
    found, called = found[last], np.flatnonzero(last) + 1
    gained = np.diff(found, prepend=0) / found[-1]
    return float(gained @ (found / called))


def bootstrap(
    truth: np.ndarray,
    predicted: np.ndarray,
    resamples: int,
    seed: int,
    units: np.ndarray,
    level: float = 0.95,
) -> dict[str, np.ndarray]:
    """Percentile intervals of `OF_COUNTS` over measured units drawn with replacement.

    All members see the same draws.

    Parameters
    ----------
    truth : int array, shape (n,)
        Class of each sequence.
    predicted : int array, shape (members, n)
        Classes that members call.
    resamples, seed, level
        As of `degu.bootstrap.intervals`.
    units : array, shape (n,)
        Labels of measured units; their sequences are drawn together.

    Returns
    -------
    intervals : dict of float arrays, shape (2, members)
        Low and high by metric.
    """
    classes = int(max(truth.max(), predicted.max())) + 1
    names, unit = np.unique(units, return_inverse=True)
    rng, drawn = np.random.default_rng(seed), []
    for _ in range(resamples):
        times = np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))[unit]
        counts = [confusion(truth, member, classes, times) for member in predicted]
        drawn.append([[metric(one) for metric in OF_COUNTS.values()] for one in counts])
    bounds = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return {name: bounds[..., at] for at, name in enumerate(OF_COUNTS)}


def _ratio(above: np.ndarray, below: np.ndarray, otherwise: float) -> np.ndarray:
    return np.divide(above, below, out=np.full(len(below), otherwise), where=below > 0)
