"""Compiled prediction: that of the network, in batches of any size, for codes or floats."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from degu import models
from degu.job import InputError
from degu.models import prediction
from degu.sequences import one_hot
from small_networks import SHORTEST, made, small, trained_like


def test_codes_become_one_hot_and_floats_stay():
    encoded = models.encode(tf.constant([[0, 3, 4]], tf.uint8))
    np.testing.assert_array_equal(encoded, [[[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]])
    assert encoded.dtype == tf.float32
    assert models.encode(tf.constant([[1]], tf.uint8), "float64").dtype == tf.float64
    floats = tf.constant([[0.5, 2.0]])
    np.testing.assert_array_equal(models.encode(floats), [[0.5, 2.0]])


@pytest.mark.parametrize(
    ("shape", "stored", "dtype"),
    [((20, 4), [None, 20], tf.uint8), ((7,), [None, 7], tf.float32)],
)
def test_stored_inputs_of_a_network(shape, stored, dtype):
    inputs = keras.Input(shape)
    found = models.signature(keras.Model(inputs, keras.layers.Flatten()(inputs)))
    assert (found.shape.as_list(), found.dtype) == (stored, dtype)


def test_networks_of_embeddings_predict_floats():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    model.layers[-1].set_weights([np.array([[1.0], [10], [100]]), np.array([0.5])])
    predicted = models.predictor(model, batch_size=2)(np.float32([[1, 2, 3], [0, 0, 1], [0, 1, 0]]))
    np.testing.assert_allclose(predicted, [[321.5], [100.5], [10.5]], rtol=1e-6)


def test_prediction_is_that_of_the_network_in_batches_of_any_size(members, codes):
    model = models.load(members[0])
    expected = model(one_hot(codes), training=False).numpy()
    assert np.ptp(expected, axis=0).min() > 1e-3
    for size in (1, 3, 7, 512):
        predicted = models.predictor(model, size)(codes)
        assert predicted.dtype == np.float32
        np.testing.assert_allclose(predicted, expected, rtol=1e-5, atol=1e-6)


def test_prediction_uses_the_weights_of_the_moment(members, codes):
    model = models.load(members[0])
    predict = models.predictor(model)
    before = predict(codes)
    bias = model.get_layer("heads").bias
    added = np.array([1, -2])
    bias.assign(bias + added)
    np.testing.assert_allclose(predict(codes), before + added, atol=1e-6)


@pytest.mark.parametrize("shape", [(3, 19), (20,), (3, 20, 4)])
def test_prediction_wants_codes_of_its_length(members, shape):
    predict = models.predictor(models.load(members[0]))
    with pytest.raises(InputError, match=r"shape \(.*\), but 'compact_cnn' takes \(n, 20\)"):
        predict(np.zeros(shape, np.uint8))


def reverse_complement(codes):
    return np.array([3, 2, 1, 0, 4], np.uint8)[codes[:, ::-1]]


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_both_strands_are_the_mean_of_two_predictions(architecture):
    """Equal to the last bit for a sequence and its reverse complement; profiles are reversed."""
    length = SHORTEST[architecture] + 5
    codes = made(7, length, bases=5)
    model = trained_like(small(architecture, length, 2))
    single = models.predictor(model)
    both = models.on_strands(single, "both")
    assert models.on_strands(single, "forward") is single
    forward, other = single(codes), single(reverse_complement(codes))
    other = other[:, ::-1] if forward.ndim == 3 else other
    assert np.abs(forward - other).max() > 1e-3
    found, turned = both(codes), both(reverse_complement(codes))
    np.testing.assert_array_equal(found, (forward + other) / 2)
    np.testing.assert_array_equal(found, turned[:, ::-1] if found.ndim == 3 else turned)


def test_both_strands_of_one_hot_sequences_are_those_of_codes(members, codes):
    """N is all zeros on either strand; tensors within a graph and arrays are turned alike."""
    model = models.load(members[0])
    expected = models.on_strands(models.predictor(model), "both")(codes)
    average = models.on_strands(model, "both")
    for predict in (average, tf.function(average)):
        np.testing.assert_allclose(predict(tf.constant(one_hot(codes))), expected, rtol=1e-5)


def test_profiles_do_not_depend_on_the_batch():
    codes = made(7, 130)
    model = small("cnn_task_base", 130, 2)
    whole = models.predictor(model)(codes)
    np.testing.assert_allclose(models.predictor(model, batch_size=3)(codes), whole, atol=1e-6)
    with pytest.raises(InputError, match=r"shape \(7, 129\), but 'cnn_task_base' takes \(n, 130\)"):
        models.predictor(model)(codes[:, 1:])


@pytest.mark.parametrize(
    ("bases", "sizes"), [(24, [3, 3, 1]), (31, [3, 3, 1]), (800, [4, 3]), (7, [1] * 7)]
)
def test_long_sequences_go_in_smaller_steps(monkeypatch, bases, sizes):
    sequence = keras.Input((8, 4))
    size = keras.layers.Lambda(lambda x: 0 * x[:, 0, :1] + tf.cast(tf.shape(x)[0], tf.float32))
    monkeypatch.setattr(prediction, "_BASES", bases)
    predict = models.predictor(keras.Model(sequence, size(sequence)), batch_size=4)
    assert predict(made(7, 8))[:, 0].tolist() == np.repeat(sizes, sizes).tolist()
