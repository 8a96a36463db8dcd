"""Calibration of classes by hand, conformal sets by crepes, and temperatures that are known."""

import math

import numpy as np
import pytest
from crepes import ConformalClassifier
from crepes.extras import hinge
from sklearn.metrics import brier_score_loss, log_loss

from degu import reliability
from degu.classification import probabilities

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(400, 4)) * 2
# Classes that are drawn from the probabilities themselves.
TRUTH = np.array([RNG.choice(4, p=p) for p in probabilities(LOGITS)])


def test_bins_by_hand():
    p = np.array([[0.95, 0.05], [0.85, 0.15], [0.9, 0.1], [0.45, 0.55]])
    bins = reliability.reliability(p, np.array([0, 1, 0, 0]))
    # .85 and .9 share the bin (.8, .9].
    np.testing.assert_array_equal(bins.number, [0, 0, 0, 0, 0, 1, 0, 0, 2, 1])
    np.testing.assert_allclose(bins.confidence[[5, 8, 9]], [0.55, 0.875, 0.95])
    np.testing.assert_allclose(bins.accuracy[[5, 8, 9]], [0, 0.5, 1])
    assert np.isnan(bins.accuracy[0])
    assert bins.ece == pytest.approx((0.55 + 2 * 0.375 + 0.05) / 4)
    assert bins.bin_mse == pytest.approx((0.55**2 + 0.375**2 + 0.05**2) / 3)


def test_scores_are_those_of_scikit_learn():
    p = probabilities(LOGITS)
    assert reliability.nll(LOGITS, TRUTH).mean() == pytest.approx(log_loss(TRUTH, p))
    assert reliability.brier(p, TRUTH).mean() == pytest.approx(brier_score_loss(TRUTH, p))
    # A certain prediction that is wrong.
    np.testing.assert_allclose(reliability.brier(np.array([[1.0, 0.0]]), np.array([1])), [2])


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_a_factor(factor):
    own = reliability.temperature(LOGITS, TRUTH)
    assert own == pytest.approx(1, abs=0.15)
    assert reliability.temperature(LOGITS * factor, TRUTH) == pytest.approx(own * factor, rel=1e-5)


def test_no_other_temperature_is_more_likely():
    found = reliability.temperature(LOGITS * 3, TRUTH)
    losses = [
        reliability.nll(LOGITS * 3 / t, TRUTH).mean() for t in found * np.array([1, 0.99, 1.01])
    ]
    assert losses[0] == min(losses)


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_sets_are_those_of_crepes(level):
    known, new = LOGITS[:150], LOGITS[150:]
    scores = hinge(probabilities(known), np.arange(4), TRUTH[:150])
    peer = ConformalClassifier().fit(scores)
    wanted = peer.predict_set(hinge(probabilities(new)), confidence=level, smoothing=False)
    bound = reliability.threshold(known, TRUTH[:150], level, np.arange(150))
    np.testing.assert_array_equal(reliability.sets(new, bound), wanted.astype(bool))


def test_the_rank_is_exact():
    """The largest of 19 scores is of rank ceil(20 * .95); none of 18 is."""
    logits = np.stack([np.linspace(-2, 2, 19), np.zeros(19)], axis=1)
    truth = np.zeros(19, int)
    bound = reliability.threshold(logits, truth, 0.95, np.arange(19))
    assert bound == 1 - probabilities(logits[0])[0]
    few = reliability.threshold(logits[1:], truth[1:], 0.95, np.arange(18))
    assert math.isinf(few) and reliability.sets(logits, few).all()


def test_rows_of_a_unit_count_once():
    twice = np.arange(150).repeat(2)
    alone = reliability.threshold(LOGITS[:150], TRUTH[:150], 0.9, np.arange(150))
    assert reliability.threshold(LOGITS[twice], TRUTH[twice], 0.9, twice) == alone


def test_joint_likelihood_by_hand():
    """One member gives the labels 1/2 and 1/4, the other 1/8 and 1/2.

    The first label three times: (1/8 + 1/512) / 2; and once beside two of the second: (1/32 +
    1/32) / 2.
    """
    members = np.log([[1 / 2, 1 / 4], [1 / 8, 1 / 2]])
    found = reliability.joint_nll(members, np.array([[0, 0, 0], [0, 1, 1]]))
    wanted = [(1 / 8 + 1 / 512) / 2, (1 / 32 + 1 / 32) / 2]
    np.testing.assert_allclose(found, -np.log(wanted))
    # A single pair, without repeats.
    (pair,) = reliability.joint_nll(members, np.array([[0, 1]]))
    assert pair == pytest.approx(-np.log((1 / 8 + 1 / 16) / 2))


def test_dyadic_batches_hold_two_sequences():
    rows = reliability.dyadic(1000, 400, 0)
    assert rows.shape == (400, 10)
    different = np.array([len(set(row)) for row in rows])
    assert different.max() == 2
    # Ten draws of two are of one with probability 2 / 2^10.
    assert (different == 2).mean() > 0.98
    assert len(np.unique(rows)) > 400
