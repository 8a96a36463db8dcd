"""Scores of how foreign sequences are to a model, larger where more, and how well they tell.

Of the probabilities of members there are `degu.classification.mutual_information` and `unsure`; of
vectors the distances to those of the training set.
"""

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.spatial import KDTree

from degu.classification import auroc, probabilities

# Share of the mean variance that is added to all, so that vectors with constants have an inverse.
_SHRINKAGE = 1e-3


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
    tree = KDTree(_of_length_one(vectors))
    return tree.query(_of_length_one(new), [k])[0][:, 0]


def _of_length_one(vectors: np.ndarray) -> np.ndarray:
    vectors = np.float64(vectors)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def separation(
    known: np.ndarray, foreign: np.ndarray, resamples: int, seed: int, level: float = 0.95
) -> tuple[float, float, float]:
    """Area under the ROC curve by which a score tells foreign sequences from known ones.

    Parameters
    ----------
    known, foreign : arrays, shape (n,) and (m,)
        Scores of test sequences, one a measured unit.
    resamples, seed, level
        Settings of the bootstrap, which draws both sides.

    Returns
    -------
    area, low, high : float
    """
    rng = np.random.default_rng(seed)
    drawn = [
        _area(*(rng.choice(side, len(side)) for side in (known, foreign))) for _ in range(resamples)
    ]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return _area(known, foreign), float(low), float(high)


def _area(known: np.ndarray, foreign: np.ndarray) -> float:
    truth = np.repeat([False, True], [len(known), len(foreign)])
    return auroc(truth, np.concatenate([known, foreign]))
