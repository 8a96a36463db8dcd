"""Mean over the members of an ensemble, and their spread."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

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
