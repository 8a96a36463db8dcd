"""Losses of features and outputs against hand-computed values, numpy and keras.distillation."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from degu import feature_losses, losses
from degu.feature_losses import eucosine, fitnet, logit

T = tf.constant([[3.0, 4.0], [1.0, 0.0]])
S = tf.constant([[4.0, 3.0], [0.0, 2.0]])


def test_values_worked_out_by_hand():
    # Differences (1, -1) and (-1, 2); cosines 24/25 and 0.
    assert fitnet(T, S).numpy() == pytest.approx([2 / 2, 5 / 2])
    assert eucosine(T, S).numpy() == pytest.approx([2**0.5 / 2 + 1 / 25, 5**0.5 / 2 + 1])
    assert logit(T, S).numpy() == pytest.approx([1.0, 2.5])
    # The mean over two teachers with the outputs (3, 4) and (5, 0) is (4, 2).
    both = tf.constant([[3.0, 4.0, 5.0, 0.0]])
    assert logit(both, S[:1]).numpy() == pytest.approx([0.5])


def test_they_are_the_losses_of_keras_where_these_are_the_same():
    rng = np.random.default_rng(0)
    t, s = tf.constant(rng.normal(size=(2, 7, 5)).astype(np.float32))
    keras_features = keras.distillation.FeatureDistillation(loss="mse")
    assert float(keras_features.compute_loss(t, s)) == pytest.approx(np.mean(fitnet(t, s)))
    keras_logits = keras.distillation.LogitsDistillation(temperature=1.0, loss="mse")
    assert float(keras_logits.compute_loss(t, s)) == pytest.approx(np.mean(logit(t, s)))
    # Keras gives minus the cosine.
    keras_cosine = keras.distillation.FeatureDistillation(loss="cosine_similarity")
    distance = np.linalg.norm((t - s).numpy(), axis=1).mean() / 5
    expected = distance + 1 + float(keras_cosine.compute_loss(t, s))
    assert np.mean(eucosine(t, s)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("loss", [fitnet, eucosine, logit])
def test_an_unknown_teacher_adds_nothing_and_zeros_have_finite_slopes(loss):
    weights = tf.Variable(np.zeros((2, 2), np.float32))
    truth = tf.constant([[np.nan, np.nan], [0.0, 0.0]])
    with tf.GradientTape() as tape:
        value = loss(truth, weights)
    assert value[0] == 0 and np.isfinite(value[1])
    assert np.isfinite(tape.gradient(value, weights)).all()


@pytest.mark.parametrize("loss", [fitnet, eucosine])
def test_features_of_another_width_are_refused(loss):
    with pytest.raises(ValueError, match="must be"):
        loss(tf.ones([2, 2]), tf.ones([2, 3]))


@pytest.mark.parametrize(
    ("combine", "alpha", "expected"), [("sum", 0, 4.0 + 2.5), ("convex", 0.25, 3.0 + 0.625)]
)
def test_task_and_teachers_are_combined_by_equation_5(combine, alpha, expected):
    weights = feature_losses.weights_of(combine, alpha)
    loss = feature_losses.combined(losses.mse, "fitnet", 2, 1, 1, weights)
    # The task misses by 2, and the features as in the second row above.
    truth, predicted = tf.constant([[1.0, 1, 0]]), tf.constant([[3.0, 0, 2]])
    assert loss(truth, predicted).numpy() == pytest.approx([expected])
    # Outputs of teachers are held against the first heads, here (3, 0).
    of_outputs = feature_losses.combined(losses.mse, "logit", 2, 3, 2, (0.0, 1.0))
    truth = tf.constant([[0.0, 0, 0, 1, 2]])
    assert of_outputs(truth, predicted).numpy() == pytest.approx([(4 + 4) / 2])


def test_convex_without_teachers_moves_no_projection():
    weights = feature_losses.weights_of("convex", 0.0)
    loss = feature_losses.combined(losses.mse, "eucosine", 2, 1, 1, weights)
    matrix, features = tf.Variable(np.eye(2, dtype=np.float32)), tf.ones([1, 2])
    with tf.GradientTape() as tape:
        predicted = tf.concat([tf.ones([1, 1]), features @ matrix], axis=-1)
        value = loss(tf.constant([[0.0, 5.0, 7.0]]), predicted)
    assert value.numpy() == [1.0]
    assert (tape.gradient(value, matrix).numpy() == 0).all()
