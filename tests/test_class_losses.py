"""Losses of classes by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import integrate, special, stats

from degu import class_losses, losses

LOGITS = np.log([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]]).astype(np.float32)
CLASSES = np.array([[1, 0, 0], [0, 1, 0]], np.float32)


def test_cross_entropy_by_hand():
    found = class_losses.cross_entropy(tf.constant(CLASSES), tf.constant(LOGITS))
    np.testing.assert_allclose(found, [np.log(2), np.log(5)], rtol=1e-6)
    with pytest.raises(ValueError, match=r"both must be \(n, classes\)"):
        class_losses.cross_entropy(tf.constant(CLASSES[:, :2]), tf.constant(LOGITS))


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_student_learns_from_both_sides(share):
    rng = np.random.default_rng(0)
    taught, predicted = rng.normal(size=(2, 2, 7)).astype(np.float32)
    predicted[:, :3] = LOGITS
    weights = [1, 1, 1, 0.5, 0.5, 0.5, 2]
    truth = np.concatenate([taught, CLASSES], axis=1)
    found = class_losses.mixed(weights, 3, share)(tf.constant(truth), tf.constant(predicted))
    distilled = losses.distillation(weights)(tf.constant(taught), tf.constant(predicted))
    wanted = (1 - share) * distilled.numpy() + share * np.log([2, 5])
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_centred_logits_sum_to_zero_and_keep_probabilities():
    (found,) = class_losses.centred(tf.constant(LOGITS))
    np.testing.assert_allclose(found, LOGITS - LOGITS.mean(axis=1, keepdims=True), atol=1e-6)
    np.testing.assert_allclose(found.numpy().sum(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(tf.nn.softmax(found), tf.nn.softmax(LOGITS), rtol=1e-6)


def raw(alpha):
    """Raw outputs of Dirichlet concentrations above 1."""
    return tf.constant(np.log(np.expm1(np.float64(alpha) - 1)), tf.float32)


def test_evidential_loss_by_hand():
    """Concentrations 2, 3 and 5 have means .2, .3 and .5; squares of errors .64 + .09 + .25."""
    found = class_losses.evidential(0.0)(tf.constant(CLASSES[:1]), raw([[2, 3, 5]]))
    variances = (0.2 * 0.8 + 0.3 * 0.7 + 0.5 * 0.5) / 11
    np.testing.assert_allclose(found, [0.98 + variances], rtol=1e-6)


def test_evidential_regulariser_is_the_divergence_from_a_flat_distribution():
    """The true class of two counts as if nothing spoke for it: Beta(1, 4) is left of (3, 4)."""
    truth = np.float32([[1, 0]])
    none, weighed = (
        class_losses.evidential(weight)(tf.constant(truth), raw([[3, 4]])).numpy()[0]
        for weight in (0.0, 0.5)
    )
    left = stats.beta(1, 4)
    divergence, _ = integrate.quad(lambda p: left.pdf(p) * left.logpdf(p), 0, 1)
    assert weighed - none == pytest.approx(0.5 * divergence, rel=1e-5)


def test_evidential_heads_are_closed_forms_of_the_dirichlet_distribution():
    """Entropy of the mean less the expected one, from scipy's digamma; and that of draws."""
    alpha = 1 + np.random.default_rng(0).gamma(0.5, 20, (300, 4))
    inputs = keras.Input((4,))
    model = keras.Model(inputs, class_losses.evidential_heads(inputs))
    logits, information = (values.numpy() for values in model(raw(alpha)))
    mean = alpha / alpha.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(special.softmax(logits, axis=1), mean, rtol=1e-5)
    expected = special.digamma(alpha.sum(axis=1) + 1) - np.sum(
        mean * special.digamma(alpha + 1), axis=1
    )
    wanted = special.entr(mean).sum(axis=1) - expected
    np.testing.assert_allclose(information[:, 0], wanted, rtol=1e-4)
    drawn = stats.dirichlet(alpha[0]).rvs(20_000, random_state=0)
    assert special.entr(drawn).sum(axis=1).mean() == pytest.approx(expected[0], rel=0.01)
