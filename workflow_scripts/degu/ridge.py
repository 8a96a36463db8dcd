"""Ridge regression on k-mer counts: what the words of a sequence alone tell of its activity.

A k-mer and its reverse complement are one word. Sums over the training set decide the fit, so that
sequences are counted a block at a time and memory does not grow with their number.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from degu.sequences import UNKNOWN

# Bases of the longest words: 2,772 words of one to six bases.
LONGEST = 6
# Length of words for vectors, such as embeddings, that are fitted as they are.
VECTORS = 0
# Penalties to choose from, in squared counts.
ALPHAS = tuple(10.0 ** np.arange(-1, 7.5, 0.5))
# Sequences that are counted at once.
ROWS = 2048


class Ridge(NamedTuple):
    """A fit of several targets.

    Attributes
    ----------
    longest : int
        Bases of the longest words.
    alphas : float array, shape (targets,)
        Penalty of each target.
    weights : float array, shape (words, targets)
    intercepts : float array, shape (targets,)
    """

    longest: int
    alphas: np.ndarray
    weights: np.ndarray
    intercepts: np.ndarray

    def predict(self, codes: np.ndarray) -> np.ndarray:
        """Predict all targets, float64 (n, targets), from uint8 codes (n, length)."""
        parts = [_described(block, self.longest) @ self.weights for block in _blocks(codes)]
        return np.concatenate(parts) + self.intercepts


class _Sums(NamedTuple):
    """Means of words and targets, and sums of centred products of words with words and targets."""

    words: np.ndarray
    targets: np.ndarray
    squares: np.ndarray
    products: np.ndarray


@cache
def _words(k: int) -> np.ndarray:
    """Find the number of the word, from 0, that each k-mer is: int (4 ** k,)."""
    number = np.arange(4**k)
    opposite = np.zeros_like(number)
    for place in range(k):
        opposite = opposite * 4 + 3 - (number >> 2 * place) % 4
    return np.unique(np.minimum(number, opposite), return_inverse=True)[1]


def counts(codes: np.ndarray, longest: int = LONGEST) -> np.ndarray:
    """Count words of one base up to a longest one; those with an unknown base are none.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
        A block; the counts of a whole data set fill 11 kB a sequence.
    longest
        Bases of the longest words; at most the length of the sequences.

    Returns
    -------
    counts : float32 array, shape (n, words)
        Shorter words first.
    """
    at, known = np.zeros((len(codes), codes.shape[1] + 1), np.int64), True
    found = []
    for k in range(1, longest + 1):
        last = codes[:, k - 1 :]
        at, known = at[:, :-1] * 4 + last, (known if k == 1 else known[:, :-1]) & (last != UNKNOWN)
        words = _words(k)
        size = words.max() + 1
        row = np.broadcast_to(np.arange(len(codes))[:, None], at.shape)[known]
        flat = np.bincount(row * size + words[at[known]], minlength=len(codes) * size)
        found.append(flat.reshape(len(codes), size).astype(np.float32))
    return np.concatenate(found, axis=1)


def fit(
    train: tuple[np.ndarray, np.ndarray],
    validation: tuple[np.ndarray, np.ndarray],
    longest: int = LONGEST,
) -> Ridge:
    """Fit targets, each with the penalty of the smallest squared error on the validation set.

    The intercept is not penalised. One decomposition serves all penalties.

    Parameters
    ----------
    train, validation : pairs of arrays
        Codes, uint8 (n, length), in memory or on disk (`degu.feed`), and targets, float (n,
        targets), finite.
    longest
        As of `counts`; shorter sequences have shorter words. With `VECTORS`, standardised vectors
        (n, width) stand in place of codes.
    """
    longest = min(longest, train[0].shape[1])
    sums = _summed(*train, longest)
    values, vectors = np.linalg.eigh(sums.squares)
    turned = vectors.T @ sums.products
    # Words that never vary have a value of rounding alone.
    shrunk = [turned / (np.maximum(values, 0) + alpha)[:, None] for alpha in ALPHAS]
    weights = vectors @ np.concatenate(shrunk, axis=1)
    number = len(sums.targets)
    alphas = np.repeat(ALPHAS, number)
    tried = Ridge(
        longest, alphas, weights, np.tile(sums.targets, len(ALPHAS)) - sums.words @ weights
    )
    errors = np.square(tried.predict(validation[0]) - np.tile(validation[1], len(ALPHAS)))
    best = errors.mean(axis=0).reshape(len(ALPHAS), number).argmin(axis=0) * number
    best += np.arange(number)
    return Ridge(longest, alphas[best], weights[:, best], tried.intercepts[best])


def _described(block: np.ndarray, longest: int) -> np.ndarray:
    """Return counts of words, or vectors as they are."""
    return block if longest == VECTORS else counts(block, longest)


def _blocks(codes: np.ndarray) -> Iterator[np.ndarray]:
    return (codes[at : at + ROWS] for at in range(0, len(codes), ROWS))


def _summed(codes: np.ndarray, targets: np.ndarray, longest: int) -> _Sums:
    """Add up what a fit needs of the training set, block by block."""
    words, squares, products = 0, 0, 0
    centred = targets - targets.mean(axis=0, dtype=np.float64)
    for block, part in zip(_blocks(codes), _blocks(centred), strict=True):
        counted = _described(block, longest)
        words = words + counted.sum(axis=0, dtype=np.float64)
        squares = squares + counted.T @ counted
        products = products + counted.T @ part
    mean = words / len(codes)
    squares = squares - np.outer(words, mean)
    return _Sums(mean, targets.mean(axis=0, dtype=np.float64), squares, products)
