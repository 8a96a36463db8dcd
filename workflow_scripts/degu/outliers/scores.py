"""Scores of how foreign sequences are to a model, larger where more.

Of the probabilities of members there are `degu.classification.mutual_information` and `unsure`; of
vectors the distances to those of the training set.
"""

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from degu.classification import probabilities

# Share of the mean variance that is added to all, so that vectors with constants have an inverse.
_SHRINKAGE = 1e-3
# Products of vectors that are held at once.
_CELLS = 2**24


def unsure(logits: np.ndarray) -> np.ndarray:
    """One minus the largest probability, (n,), of logits (n, classes)."""
    return 1 - probabilities(logits).max(axis=-1)


def mahalanobis(vectors: np.ndarray, classes: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Mahalanobis distance to the nearest class (Lee et al., 2018).

    Parameters
    ----------
    vectors : array, shape (n, width)
        The training set.
    classes : int array, shape (n,)
        Class of each of them; all classes share the covariance around their means.
    new : array, shape (m, width)

    Returns
    -------
    distances : float64 array, shape (m,)
    """
    vectors, new = np.float64(vectors), np.float64(new)
    names, of_class = np.unique(classes, return_inverse=True)
    means = np.stack([vectors[of_class == number].mean(axis=0) for number in range(len(names))])
    centred = vectors - means[of_class]
    covariance = centred.T @ centred / len(vectors)
    covariance += np.eye(len(covariance)) * _SHRINKAGE * np.diag(covariance).mean()
    factor, squares = cho_factor(covariance), []
    for mean in means:
        apart = new - mean
        squares.append(np.vecdot(apart, cho_solve(factor, apart.T).T))
    return np.sqrt(np.min(squares, axis=0))


def nearest(vectors: np.ndarray, new: np.ndarray, k: int = 10) -> np.ndarray:
    """Distance to the k-th nearest vector of the training set (Sun et al., 2022).

    Parameters
    ----------
    vectors : array, shape (n, width)
        The training set.
    new : array, shape (m, width)
    k
        At most n.

    Returns
    -------
    distances : float64 array, shape (m,)
        Between vectors of length one.
    """
    vectors, new = _of_length_one(vectors), _of_length_one(new)
    at_once, squares = max(1, _CELLS // len(vectors)), []
    for at in range(0, len(new), at_once):
        # Trees of many dimensions are no faster than all products.
        apart = 2 - 2 * new[at : at + at_once] @ vectors.T
        squares.append(np.partition(apart, k - 1, axis=1)[:, k - 1])
    return np.sqrt(np.maximum(np.concatenate(squares), 0))


def _of_length_one(vectors: np.ndarray) -> np.ndarray:
    vectors = np.float64(vectors)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
