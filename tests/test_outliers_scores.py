"""Scores of foreign sequences by hand and by other packages."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

from degu.outliers import scores

RNG = np.random.default_rng(0)
CLASSES = np.repeat([0, 1, 2], 40)
VECTORS = RNG.normal(size=(120, 4)) @ RNG.normal(size=(4, 4)) + 5 * np.eye(4)[CLASSES]
NEW = RNG.normal(size=(30, 4)) * 3


def test_the_distance_is_that_of_scipy_to_the_nearest_class():
    means = np.stack([VECTORS[number == CLASSES].mean(axis=0) for number in range(3)])
    covariance = np.cov((VECTORS - means[CLASSES]).T, ddof=0)
    covariance += 1e-3 * np.trace(covariance) / 4 * np.eye(4)
    wanted = cdist(NEW, means, "mahalanobis", VI=np.linalg.inv(covariance)).min(axis=1)
    np.testing.assert_allclose(scores.mahalanobis(VECTORS, CLASSES, NEW), wanted, rtol=1e-9)


def test_constant_values_have_a_distance():
    """Units of a network that are dead, as ReLUs may be."""
    dead = np.pad(VECTORS, ((0, 0), (0, 2))), np.pad(NEW, ((0, 0), (0, 2)))
    found = scores.mahalanobis(dead[0], CLASSES, dead[1])
    np.testing.assert_allclose(found, scores.mahalanobis(VECTORS, CLASSES, NEW), rtol=1e-2)


@pytest.mark.parametrize("k", [1, 10])
def test_the_nearest_are_those_of_scikit_learn(k):
    known, new = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (VECTORS, NEW))
    wanted = NearestNeighbors(n_neighbors=k).fit(known).kneighbors(new)[0][:, -1]
    np.testing.assert_allclose(scores.nearest(VECTORS, NEW, k), wanted, rtol=1e-9)
    # The length of a vector tells nothing.
    np.testing.assert_allclose(scores.nearest(VECTORS, NEW * 7, k), wanted, rtol=1e-9)


def test_a_vector_that_is_known_is_at_no_distance():
    np.testing.assert_allclose(scores.nearest(VECTORS, VECTORS[:3], 1), 0, atol=1e-7)


def test_unsure_by_hand():
    np.testing.assert_allclose(scores.unsure(np.log([[0.7, 0.2, 0.1]])), [0.3])
