"""Rules of DeepSHAP by hand, complete for every layer that has one, and refused where none is."""

import keras
import numpy as np
import pytest
from keras import layers

from degu.attribution.references import explain_by_deepshap, integrated_gradients
from degu.job import InputError
from degu.sequences import encode, one_hot
from small_networks import made, small

ACTIVATIONS = ["elu", "exponential", "gelu", "leaky_relu", "linear", "relu", "sigmoid", "silu"]
ACTIVATIONS += ["softmax", "softplus", "tanh"]


def test_two_layers_by_hand():
    sequence = keras.Input((2, 4))
    hidden = layers.Dense(2, activation="relu")
    last = layers.Dense(1)
    model = keras.Model(sequence, last(hidden(layers.Flatten()(sequence))))
    first, second = [2, 0, -1, 0, 0, 1, 0, 0], [-1, 0, 1, 0, 0, 0, 0, 1]
    hidden.set_weights([np.array([first, second]).T, np.array([0, 0.5])])
    last.set_weights([np.array([[2], [-1]]), np.array([7])])
    # The units see 3 and -0.5 for AC, -1 and 2.5 for GT: their slopes are 3/4 and 2.5/3.
    m = np.array([[3 + 5 / 6, 0, -1.5 - 5 / 6, 0], [0, 1.5, 0, -5 / 6]])

    explained = explain_by_deepshap(model, encode(["AC"]), encode(["GT"]), 0)

    np.testing.assert_allclose(
        explained.scores[0], [[m[0, 0], 0, -m[0, 2], 0], [0, m[1, 1], 0, -m[1, 3]]], rtol=1e-6
    )
    np.testing.assert_allclose(
        explained.hypothetical[0], [m[0] - m[0, 2], m[1] - m[1, 3]], rtol=1e-6
    )
    assert np.abs(explained.errors).max() < 1e-6


@pytest.mark.parametrize(
    ("sequence", "reference", "contributions"),
    [
        ("GGA", "TCA", [10, 100, 0]),  # a tie goes to the first of its window
        ("AGA", "TCA", [0, 110, 0]),  # one base wins both windows
        ("TTT", "GGA", [-30, -300, 0]),  # where the reference wins it loses its base
        ("TGT", "GTT", [-30 + 30, 300, 0]),  # equal maxima: no rise in the first window
    ],
)
def test_overlapping_max_pool_by_hand(sequence, reference, contributions):
    inputs = keras.Input((3, 4))
    values, weights = layers.Conv1D(1, 1, use_bias=False), layers.Dense(1)
    x = layers.MaxPooling1D(2, strides=1)(values(inputs))
    model = keras.Model(inputs, weights(layers.Flatten()(x)))
    values.set_weights([np.array([1, 2, 3, 0]).reshape(1, 4, 1)])  # A C G T
    weights.set_weights([np.array([[10], [100]]), np.zeros(1)])

    explained = explain_by_deepshap(model, encode([sequence]), encode([reference]), 0)

    np.testing.assert_allclose(explained.scores[0].sum(axis=1), contributions, atol=1e-4)


def test_complete_for_all_rules_in_float64(float64):
    keras.utils.set_random_seed(2)
    sequence = keras.Input((12, 4))
    shared = layers.Conv1D(4, 3, padding="same")
    x = shared(layers.ReLU()(shared(sequence)))
    branches = [layers.Conv1D(3, 3, activation=activation)(x) for activation in ACTIVATIONS]
    x = layers.MaxPooling1D(3, strides=2, padding="same")(layers.Concatenate()(branches))
    x = layers.Dense(5, activation="softmax")(layers.Flatten()(x))
    model = keras.Model(sequence, layers.Dense(1)(x))
    codes, references = made(4, 12), made(5, 12, seed=4)
    before, after = (model.predict(one_hot(some), verbose=0) for some in (references, codes))
    keras.config.set_dtype_policy("float32")  # the model keeps its own

    errors = explain_by_deepshap(model, codes, references, 0).errors

    assert errors.dtype == np.float64
    assert np.abs(after - before.T).min() > 1e-4
    assert np.abs(errors).max() < 1e-11


def test_without_difference_the_multipliers_are_the_gradient():
    net = [keras.Input((8, 4)), layers.Conv1D(5, 3, activation="softmax"), layers.Flatten()]
    smooth = keras.Sequential([*net, layers.Dense(3, activation="silu")])
    codes = made(1, 8)

    rescaled = explain_by_deepshap(smooth, codes, codes, 1)
    along = integrated_gradients(smooth, codes, codes, 1, steps=1)

    assert not rescaled.scores.any()
    np.testing.assert_allclose(rescaled.hypothetical, along.hypothetical, atol=1e-7)


def test_an_activation_is_copied_once_for_all_calls_of_its_layer():
    sequence, shared = keras.Input((6, 4)), layers.Conv1D(4, 3, padding="same", activation="tanh")
    flat = layers.Flatten()(shared(shared(sequence)))
    model = keras.Model(sequence, layers.Dense(1)(flat))
    errors = explain_by_deepshap(model, made(3, 6), made(2, 6, seed=4), 0).errors
    assert np.abs(errors).max() < 1e-5


def _of(function):
    sequence = keras.Input((6, 4))
    return keras.Model(sequence, layers.Dense(1)(layers.Flatten()(function(sequence))), name="net")


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (lambda: small("dream_rnn", 6, 1), "'bidirectional.*Bidirectional.*'dream_rnn'"),
        (lambda: _of(layers.LSTM(3, name="memory")), "layer 'memory' .LSTM. .*'net'"),
        (lambda: _of(layers.Lambda(abs, name="odd")), "layer 'odd' .Lambda."),
        (lambda: _of(lambda x: x * x), "layer 'multiply.*Multiply"),
        (lambda: _of(layers.LayerNormalization(name="norm")), "layer 'norm' .LayerNorm"),
        (lambda: _of(layers.Dense(3, "mish", name="fish")), "activation 'mish' of layer 'fish'"),
        (lambda: _of(keras.Sequential([layers.Dense(3)], name="inner")), "layer 'inner'"),
    ],
)
def test_what_has_no_rule_is_refused_by_name(model, named, monkeypatch):
    keras.backend.clear_session()
    net = model()
    monkeypatch.setattr(keras.models, "clone_model", None)  # refused before that
    with pytest.raises(InputError, match=named + ".*integrated_gradients or ism"):
        explain_by_deepshap(net, made(1, 6), made(1, 6), 0)
