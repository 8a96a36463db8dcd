"""Losses of classes by hand."""

import numpy as np
import pytest
import tensorflow as tf

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
