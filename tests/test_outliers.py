"""Scores of foreign sequences by hand and by other packages."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

from degu import outliers

RNG = np.random.default_rng(0)
CLASSES = np.repeat([0, 1, 2], 40)
VECTORS = RNG.normal(size=(120, 4)) @ RNG.normal(size=(4, 4)) + 5 * np.eye(4)[CLASSES]
NEW = RNG.normal(size=(30, 4)) * 3


def test_the_distance_is_that_of_scipy_to_the_nearest_class():
    means = np.stack([VECTORS[number == CLASSES].mean(axis=0) for number in range(3)])
    covariance = np.cov((VECTORS - means[CLASSES]).T, ddof=0)
    covariance += 1e-3 * np.trace(covariance) / 4 * np.eye(4)
    wanted = cdist(NEW, means, "mahalanobis", VI=np.linalg.inv(covariance)).min(axis=1)
    np.testing.assert_allclose(outliers.mahalanobis(VECTORS, CLASSES, NEW), wanted, rtol=1e-9)


def test_constant_values_have_a_distance():
    """Units of a network that are dead, as ReLUs may be."""
    dead = np.pad(VECTORS, ((0, 0), (0, 2))), np.pad(NEW, ((0, 0), (0, 2)))
    found = outliers.mahalanobis(dead[0], CLASSES, dead[1])
    np.testing.assert_allclose(found, outliers.mahalanobis(VECTORS, CLASSES, NEW), rtol=1e-2)


@pytest.mark.parametrize("k", [1, 10])
def test_the_nearest_are_those_of_scikit_learn(k):
    known, new = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (VECTORS, NEW))
    wanted = NearestNeighbors(n_neighbors=k).fit(known).kneighbors(new)[0][:, -1]
    np.testing.assert_allclose(outliers.nearest(VECTORS, NEW, k), wanted, rtol=1e-9)
    # The length of a vector tells nothing.
    np.testing.assert_allclose(outliers.nearest(VECTORS, NEW * 7, k), wanted, rtol=1e-9)


def test_a_vector_that_is_known_is_at_no_distance():
    np.testing.assert_allclose(outliers.nearest(VECTORS, VECTORS[:3], 1), 0, atol=1e-7)


def test_unsure_by_hand():
    np.testing.assert_allclose(outliers.unsure(np.log([[0.7, 0.2, 0.1]])), [0.3])


def test_separation_and_its_interval():
    known, foreign = RNG.normal(size=200), RNG.normal(1, 1, size=150)
    area, low, high = outliers.separation(known, foreign, 400, 0)
    truth = np.repeat([0, 1], [200, 150])
    assert area == pytest.approx(roc_auc_score(truth, np.concatenate([known, foreign])))
    # Hanley and McNeil's standard error of an area.
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    error = np.sqrt((area * (1 - area) + 149 * (q1 - area**2) + 199 * (q2 - area**2)) / (200 * 150))
    np.testing.assert_allclose([area - low, high - area], 1.96 * error, rtol=0.2)
    assert outliers.separation(known, known + 100, 10, 0) == (1, 1, 1)
