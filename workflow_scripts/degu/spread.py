"""Mean over the members of an ensemble, and their spread."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from degu.classification import entropy, probabilities
from degu.job import InputError


def check_number(members: int) -> None:
    """Raise `InputError` for fewer than two members, whose spread would mean nothing."""
    if members < 2:
        raise InputError(f"The spread of an ensemble needs at least two members; it has {members}.")


def once(predictions: np.ndarray) -> np.ndarray:
    """Find members of a weighted ensemble once each: a member of weight w stands w times in a row.

    Statistics that take members for independent ones, such as their agreement, need them once.

    Parameters
    ----------
    predictions : array, shape (members, n, ...)

    Returns
    -------
    rows : int array
        Rows that differ from the row before; all where n is 0.
    """
    if not predictions.size:
        return np.arange(len(predictions))
    differ = [not np.array_equal(*pair, equal_nan=True) for pair in pairwise(predictions)]
    return np.flatnonzero([True, *differ])


def summarise(predictions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over members (ddof 0; paper, eq. 1 and 2).

    With a member of weight w in w rows they are those with normalised weights: mean = sum(w x) and
    variance = sum(w (x - mean)^2), w summing to one.

    Parameters
    ----------
    predictions : array, shape (members, n, outputs)

    Returns
    -------
    mean, std : float32 arrays, shape (n, outputs)

    Raises
    ------
    InputError
        From `check_number`.
    """
    check_number(len(predictions))
    return (
        predictions.mean(axis=0, dtype=np.float64).astype(np.float32),
        predictions.std(axis=0, dtype=np.float64).astype(np.float32),
    )


def running(predictions: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of `summarise`, from one member after the other.

    Memory does not grow with their number (Welford's recurrence).

    Parameters
    ----------
    predictions : iterable of arrays, shape (n, ..., outputs)
        One a member.

    Returns
    -------
    mean, std : float32 arrays of the same shape

    Raises
    ------
    InputError
        From `check_number`.
    """
    count, mean, squares = 0, 0.0, 0.0
    for count, predicted in enumerate(predictions, 1):
        from_last = predicted - np.float64(mean)
        mean = mean + from_last / count
        squares = squares + from_last * (predicted - mean)
    check_number(count)
    return mean.astype(np.float32), np.sqrt(squares / count).astype(np.float32)


class OfLogits(NamedTuple):
    """Summary of the logits of members, float32 (n, classes), and their information (n, 1).

    Attributes
    ----------
    mean, std
        Mean and standard deviation of logits.
    information
        As of `degu.classification.mutual_information`.
    marginal
        Logits, their mean over classes zero, of the mean of the members' probabilities.
    """

    mean: np.ndarray
    std: np.ndarray
    information: np.ndarray
    marginal: np.ndarray


def running_logits(predictions: Iterable[np.ndarray]) -> OfLogits:
    """Mean and spread of logits of one member after the other, and what members disagree about.

    Parameters
    ----------
    predictions : iterable of arrays, shape (n, classes)
        Logits of one member each.

    Raises
    ------
    InputError
        From `check_number`.
    """
    sums = _Sums()
    mean, std = running(sums.added_up(predictions))
    together, unsure = sums.probabilities / sums.count, sums.entropies / sums.count
    information = np.maximum(entropy(together) - unsure, 0)[:, None]
    marginal = np.log(np.maximum(together, np.finfo(np.float64).tiny))
    marginal -= marginal.mean(axis=1, keepdims=True)
    return OfLogits(mean, std, information.astype(np.float32), marginal.astype(np.float32))


class _Sums:
    """Number of members, and sums over them: of probabilities, and of their entropies."""

    def __init__(self) -> None:
        self.count, self.probabilities, self.entropies = 0, 0.0, 0.0

    def added_up(self, predictions: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Pass on the logits of members, and add them up."""
        for logits in predictions:
            p = probabilities(logits)
            self.count += 1
            self.probabilities, self.entropies = self.probabilities + p, self.entropies + entropy(p)
            yield logits
