"""Squared errors against numpy, and shapes that would broadcast."""

import numpy as np
import pytest
import tensorflow as tf

from degu import losses

RNG = np.random.default_rng(0)
TRUTH, PREDICTED = RNG.normal(size=(2, 5, 3)).astype(np.float32)


def test_mse_is_a_mean_over_heads():
    np.testing.assert_allclose(
        losses.mse(tf.constant(TRUTH), tf.constant(PREDICTED)),
        ((TRUTH - PREDICTED) ** 2).mean(axis=1),
        rtol=1e-6,
    )
    value = losses.mse(tf.constant([[1.0, 2.0], [0.0, 0.0]]), tf.constant([[2.0, 4.0], [0.0, 1.0]]))
    np.testing.assert_array_equal(value, [2.5, 0.5])


@pytest.mark.parametrize("weights", [[1, 1, 1], [1, 0.5, 0], [1, 3, 0.25]])
def test_distillation_is_half_a_weighted_sum_over_heads(weights):
    np.testing.assert_allclose(
        losses.distillation(weights)(tf.constant(TRUTH), tf.constant(PREDICTED)),
        0.5 * ((TRUTH - PREDICTED) ** 2 * weights).sum(axis=1),
        rtol=1e-6,
    )


def test_distillation_by_hand_and_its_gradient():
    truth, predicted = tf.constant([[1.0, 2.0]]), tf.Variable([[3.0, 5.0]])
    with tf.GradientTape() as tape:
        loss = losses.distillation([1, 2])(truth, predicted)
    np.testing.assert_array_equal(loss, [0.5 * (4 + 2 * 9)])
    # The derivative by each head is its weight times its error.
    np.testing.assert_array_equal(tape.gradient(loss, predicted), [[2, 6]])


@pytest.mark.parametrize(
    ("loss", "kinds"),
    [
        (losses.mse, 1),
        (losses.distillation([1.0, 3.0]), 1),
        (losses.gaussian_nll, 2),
        (losses.evidential(0.1), 4),
    ],
)
def test_missing_measurements_add_nothing_and_move_no_weight(loss, kinds):
    """A row of both targets has the loss of a row of the first alone and one of the second."""
    outputs = tf.Variable(RNG.normal(size=(3, 2 * kinds)).astype(np.float32))
    nan = np.nan
    truth = tf.constant([[1.0, -2.0], [1.0, nan], [nan, -2.0]])
    outputs.assign(tf.repeat(outputs[:1], 3, axis=0))
    with tf.GradientTape() as tape:
        values = loss(truth, outputs)
    np.testing.assert_allclose(values[0], values[1] + values[2], rtol=1e-6)
    gradient = tape.gradient(values, outputs).numpy().reshape(3, kinds, 2)
    np.testing.assert_array_equal(gradient[1, :, 1], np.zeros(kinds))
    np.testing.assert_array_equal(gradient[2, :, 0], np.zeros(kinds))
    np.testing.assert_array_equal(gradient[0, :, 0], gradient[1, :, 0])
    np.testing.assert_array_equal(gradient[0, :, 1], gradient[2, :, 1])
    assert (gradient[0] != 0).all()


def test_a_student_learns_from_teachers_where_nothing_is_measured():
    loss = losses.mixed([1.0, 2.0], [0], 0.25)
    truth = tf.constant([[1.0, 2.0, np.nan]])
    value = loss(truth, tf.constant([[3.0, 5.0]]))
    np.testing.assert_array_equal(value, [0.75 * 0.5 * (4 + 2 * 9)])


@pytest.mark.parametrize("loss", [losses.mse, losses.distillation([1.0, 1.0])])
@pytest.mark.parametrize(
    ("truth", "predicted"),
    [
        ((4,), (4, 1)),
        ((4, 1), (4,)),
        ((4,), (4,)),
        ((4, 1), (4, 2)),
        ((4, 2), (4, 1)),
        ((1, 2), (4, 2)),
        ((4, 2), (1, 2)),
        ((4, 1, 2), (4, 2)),
    ],
)
def test_shapes_that_would_broadcast_are_refused(loss, truth, predicted):
    with pytest.raises(ValueError, match=r"Truth has shape \(.*\(n, heads\)"):
        loss(tf.ones(truth), tf.ones(predicted))


@pytest.mark.parametrize("loss", [losses.mse, losses.distillation([1.0, 1.0, 1.0])])
def test_batches_of_unknown_size_pass_and_wrong_heads_do_not(loss):
    compiled = tf.function(loss, input_signature=[tf.TensorSpec([None, 3])] * 2)
    np.testing.assert_array_equal(
        compiled(TRUTH, PREDICTED), loss(*map(tf.constant, (TRUTH, PREDICTED)))
    )
    with pytest.raises(ValueError, match="Truth has shape"):
        tf.function(
            loss, input_signature=[tf.TensorSpec([None, 3]), tf.TensorSpec([None, 1])]
        ).get_concrete_function()


def test_mixed_by_hand():
    """Two heads of which the second was measured; it weighs three."""
    truth, predicted = tf.constant([[1.0, 2.0, 7.0]]), tf.constant([[2.0, 4.0]])
    taught, measured = 0.5 * (1 + 3 * 4), 0.5 * 3 * 9
    for weight in (0, 0.25, 1):
        loss = losses.mixed([1, 3], [1], weight)(truth, predicted)
        np.testing.assert_allclose(loss, [(1 - weight) * taught + weight * measured], rtol=1e-6)
