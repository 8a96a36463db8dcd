"""Measures of classes by hand and by scikit-learn, and what members disagree about."""

import numpy as np
import pytest
from sklearn import metrics as peer

from degu import classification

RNG = np.random.default_rng(0)
TRUTH = RNG.integers(0, 4, 200)
CALLED = np.where(RNG.random(200) < 0.6, TRUTH, RNG.integers(0, 4, 200))
# Called once, and never true.
CALLED[0] = 4
# Two classes by hand: of three sequences of the first two are called so, of one of the second none.
BY_HAND = np.array([[2.0, 1.0], [1.0, 0.0]])


def test_counts_by_hand():
    counts = classification.confusion(np.array([0, 0, 0, 1]), np.array([0, 1, 0, 0]), 2)
    np.testing.assert_array_equal(counts, BY_HAND)
    twice = classification.confusion(np.array([0, 1]), np.array([0, 0]), 2, np.array([3, 2]))
    np.testing.assert_array_equal(twice, [[3, 0], [2, 0]])


def test_measures_by_hand():
    assert classification.accuracy(BY_HAND) == 0.5
    np.testing.assert_allclose(classification.recalls(BY_HAND), [2 / 3, 0])
    assert classification.balanced_accuracy(BY_HAND) == pytest.approx(1 / 3)
    np.testing.assert_allclose(classification.f1(BY_HAND), [2 / 3, 0])
    assert classification.weighted_f1(BY_HAND) == pytest.approx(0.5)
    # (TP TN - FP FN) / sqrt(...) of the first class.
    assert classification.mcc(BY_HAND) == pytest.approx((2 * 0 - 1 * 1) / np.sqrt(3 * 3 * 1 * 1))


def test_measures_are_those_of_scikit_learn():
    counts = classification.confusion(TRUTH, CALLED, 5)
    np.testing.assert_array_equal(counts, peer.confusion_matrix(TRUTH, CALLED))
    assert classification.mcc(counts) == pytest.approx(peer.matthews_corrcoef(TRUTH, CALLED))
    wanted = peer.f1_score(TRUTH, CALLED, average="weighted", zero_division=0)
    assert classification.weighted_f1(counts) == pytest.approx(wanted)
    assert np.isnan(classification.recalls(counts)[4])
    recalls = peer.recall_score(TRUTH, CALLED, average=None, labels=range(4))
    assert classification.balanced_accuracy(counts) == pytest.approx(recalls.mean())


def test_one_class_throughout_has_no_correlation():
    assert classification.mcc(np.array([[3.0, 0.0], [0.0, 0.0]])) == 0
    assert peer.matthews_corrcoef([0, 0, 0], [0, 0, 0]) == 0


@pytest.mark.parametrize("scores", [RNG.normal(size=300), RNG.integers(0, 5, 300) / 5])
def test_areas_are_those_of_scikit_learn_with_and_without_ties(scores):
    truth = RNG.random(300) < 0.3
    assert classification.auroc(truth, scores) == pytest.approx(peer.roc_auc_score(truth, scores))
    wanted = peer.average_precision_score(truth, scores)
    assert classification.aupr(truth, scores) == pytest.approx(wanted)


def test_areas_by_hand():
    truth, scores = np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1])
    # The positive scores higher in three of four pairs; precision 1 and 2/3 at both gains.
    assert classification.auroc(truth, scores) == 0.75
    assert classification.aupr(truth, scores) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert np.isnan(classification.auroc(np.zeros(3, bool), np.arange(3)))
    assert np.isnan(classification.aupr(np.zeros(3, bool), np.arange(3)))


def test_members_that_agree_share_no_information_and_opposite_ones_all():
    agreeing = np.tile([[2.0, 0.0, -1.0]], (3, 1, 1))
    np.testing.assert_allclose(classification.mutual_information(agreeing), [0], atol=1e-12)
    # Each of two members is certain of another class: one bit, log 2 nats.
    opposite = np.array([[[50.0, -50.0]], [[-50.0, 50.0]]])
    np.testing.assert_allclose(classification.mutual_information(opposite), [np.log(2)])
    assert classification.entropy(np.full(4, 0.25)) == pytest.approx(np.log(4))


def test_intervals_draw_whole_units():
    """Both rows of a unit agree: intervals are those of one row a unit."""
    rows = np.arange(200).repeat(2)
    called = np.stack([CALLED, TRUTH])
    alone = classification.bootstrap(TRUTH, called, 200, 1, np.arange(200))
    twice = classification.bootstrap(TRUTH[rows], called[:, rows], 200, 1, rows)
    for metric, bounds in alone.items():
        np.testing.assert_allclose(twice[metric], bounds)
        # The second member is always right.
        np.testing.assert_allclose(bounds[:, 1], 1)
    low, high = alone["accuracy"][:, 0]
    share = (CALLED == TRUTH).mean()
    error = np.sqrt(share * (1 - share) / 200)
    np.testing.assert_allclose([share - low, high - share], 1.96 * error, rtol=0.3)
