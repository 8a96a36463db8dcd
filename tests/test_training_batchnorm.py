"""Recomputed batch-norm statistics against a forward pass in numpy."""

import keras
import numpy as np
import pytest
from keras import layers

from degu.sequences import one_hot
from degu.training import batchnorm

LENGTH, RATE, EPSILON = 12, 0.5, 1e-3


def chain(steps):
    x = inputs = keras.Input((LENGTH, 4))
    for step in steps:
        x = step(x)
    return keras.Model(inputs, x)


@pytest.fixture
def model():
    """Dropout in front of both batch-norm layers; moving averages are those of the last batch."""
    keras.utils.set_random_seed(0)
    normalise = {"momentum": 0.0, "epsilon": EPSILON}
    model = chain(
        [
            layers.Conv1D(5, 3, activation="relu", name="convolution"),
            layers.Dropout(RATE),
            layers.BatchNormalization(**normalise, name="first"),
            layers.Flatten(),
            layers.Dense(6, name="dense"),
            layers.Dropout(RATE),
            layers.BatchNormalization(**normalise, name="second"),
            layers.Dense(2, name="heads"),
        ]
    )
    rng = np.random.default_rng(0)
    for layer in (model.get_layer("first"), model.get_layer("second")):
        layer.gamma.assign(rng.uniform(0.5, 2, layer.gamma.shape))
        layer.beta.assign(rng.normal(size=layer.beta.shape))
    return model


@pytest.fixture
def codes():
    return np.random.default_rng(1).integers(0, 5, (70, LENGTH), dtype=np.uint8)


def features(model, codes):
    """Return what the two batch-norm layers are given: (n, 10, 5) and (n, 6), in float64."""
    kernel, bias = (w.astype(float) for w in model.get_layer("convolution").get_weights())
    windows = np.lib.stride_tricks.sliding_window_view(one_hot(codes).astype(float), 3, axis=1)
    first = np.maximum(np.einsum("npck,kcf->npf", windows, kernel) + bias, 0)
    gamma, beta, *_ = (w.astype(float) for w in model.get_layer("first").get_weights())
    mean, variance = first.mean(axis=(0, 1)), first.var(axis=(0, 1))
    normal = (first - mean) / np.sqrt(variance + EPSILON) * gamma + beta
    kernel, bias = (w.astype(float) for w in model.get_layer("dense").get_weights())
    return first, normal.reshape(len(codes), -1) @ kernel + bias


def statistics(model):
    return [
        np.stack([layer.moving_mean.numpy(), layer.moving_variance.numpy()])
        for layer in (model.get_layer("first"), model.get_layer("second"))
    ]


def random_states(model):
    dropouts = [layer for layer in model.layers if isinstance(layer, layers.Dropout)]
    return np.stack([layer.seed_generator.state.numpy() for layer in dropouts])


def moments(values):
    axes = tuple(range(values.ndim - 1))
    return np.stack([values.mean(axis=axes), values.var(axis=axes)])


def agree(model, batches):
    """Hold statistics against those of all batches, each normalised by its own on the way."""
    for found, values in zip(
        statistics(model),
        zip(*(features(model, batch) for batch in batches), strict=True),
        strict=True,
    ):
        np.testing.assert_allclose(found, moments(np.concatenate(values)), rtol=1e-5, atol=1e-6)


def test_statistics_are_those_of_the_sample_without_dropout(model, codes):
    batchnorm.recomputation(model, codes)()
    agree(model, [codes])


def test_batches_of_one_size_are_pooled(model, codes, monkeypatch):
    """At most 20 of 70 sequences at once: four batches of 17, and two sequences are left out."""
    monkeypatch.setattr(batchnorm, "_BATCH", 20)
    batchnorm.recomputation(model, codes)()
    agree(model, [codes[:17], codes[17:34], codes[34:51], codes[51:68]])


def test_a_sample_that_goes_into_batches_is_used_as_a_whole(model, codes, monkeypatch):
    monkeypatch.setattr(batchnorm, "_BATCH", 35)
    batchnorm.recomputation(model, codes)()
    agree(model, [codes[:35], codes[35:]])


def test_long_sequences_go_in_smaller_batches(model, codes, monkeypatch):
    monkeypatch.setattr(batchnorm, "_BASES", 10 * LENGTH)
    batchnorm.recomputation(model, codes)()
    agree(model, np.split(codes, 7))


def test_dropout_had_shifted_the_moving_averages(model):
    codes = np.random.default_rng(1).integers(0, 4, (4000, LENGTH), dtype=np.uint8)
    model(one_hot(codes), training=True)
    (_, with_dropout), _ = statistics(model)
    batchnorm.recomputation(model, codes[:512])()
    (mean, variance), _ = statistics(model)
    # Kept values are divided by 1 - rate: mean squares grow by as much, means do not.
    expected = (variance + mean**2) / (1 - RATE) - mean**2
    np.testing.assert_allclose(with_dropout, expected, rtol=0.05)
    assert (with_dropout > 1.2 * variance).all()


def test_nothing_else_changes_and_the_same_sample_gives_the_same(model, codes):
    model(one_hot(codes), training=True)
    trained = [weight.numpy() for weight in model.trainable_weights]
    generators = random_states(model)
    recompute = batchnorm.recomputation(model, codes)
    recompute()
    once = statistics(model)
    recompute()
    for before, after in zip(once, statistics(model), strict=True):
        np.testing.assert_array_equal(before, after)
    for before, weight in zip(trained, model.trainable_weights, strict=True):
        np.testing.assert_array_equal(before, weight.numpy())
    np.testing.assert_array_equal(random_states(model), generators)


def test_weights_of_the_moment_count(model, codes):
    recompute = batchnorm.recomputation(model, codes)
    recompute()
    before = statistics(model)
    kernel = model.get_layer("convolution").kernel
    kernel.assign(2 * kernel)
    recompute()
    agree(model, [codes])
    assert (statistics(model)[0] != before[0]).any()


def test_a_model_without_batchnorm_is_left_alone(codes):
    model = chain([layers.Flatten(), layers.Dense(1)])
    before = model.get_weights()
    batchnorm.recomputation(model, codes)()
    for one, two in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_one_batchnorm_layer_alone(codes):
    model = chain([layers.Conv1D(5, 3, name="convolution"), layers.BatchNormalization()])
    batchnorm.recomputation(model, codes)()
    convolved = keras.Model(model.input, model.get_layer("convolution").output)(one_hot(codes))
    mean, variance = moments(convolved.numpy().astype(float))
    np.testing.assert_allclose(model.layers[-1].moving_mean, mean, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(model.layers[-1].moving_variance, variance, rtol=1e-5, atol=1e-6)
