"""ISM against one prediction a mutant, gradients by other routes, TISM by its identities."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from degu import models
from degu.attribution import correct, deepshap, integrated_gradients, references, substitutions
from degu.attribution.substitutions import ism, saliency, tism
from degu.job import InputError
from degu.sequences import encode, one_hot
from small_networks import activity, made, small, trained_like

RNG = np.random.default_rng(0)


def one_by_one(model, codes, output):
    """Predict every mutant, and the sequence itself, by a call of its own."""
    predict = models.predictor(model)
    scores = np.zeros((*codes.shape, 4))
    for row, position, base in np.ndindex(scores.shape):
        mutant = codes[[row]]
        mutant[0, position] = base
        change = predict(mutant) - predict(codes[[row]])
        scores[row, position, base] = change[0, output]
    return scores


def gradients(model, codes, output):
    """Central differences of a float64 model by its one-hot input."""
    x, step = one_hot(codes).astype(np.float64), 1e-5
    result = np.empty(x.shape)
    for place in np.ndindex(x.shape[1:]):
        up, down = x.copy(), x.copy()
        up[:, *place] += step
        down[:, *place] -= step
        change = model(up, training=False) - model(down, training=False)
        result[:, *place] = change[:, output] / (2 * step)
    return result


@pytest.fixture
def smooth(float64):
    keras.utils.set_random_seed(3)
    sequence = keras.Input((7, 4))
    x = layers.Flatten()(layers.Conv1D(5, 3, activation="gelu")(sequence))
    return keras.Model(sequence, layers.Dense(2)(layers.Dense(6, "tanh")(x)))


@pytest.fixture
def affine(float64):
    keras.utils.set_random_seed(4)
    sequence = keras.Input((7, 4))
    x = layers.AveragePooling1D(2)(layers.Conv1D(5, 3)(sequence))
    return keras.Model(sequence, layers.Dense(2)(layers.Flatten()(x)))


@pytest.mark.parametrize(
    ("architecture", "length"), [("residualbind", 25), ("mprann", 21), ("dream_rnn", 7)]
)
def test_ism_predicts_every_mutant(float64, architecture, length):
    model = trained_like(small(architecture, length, 2))
    codes = made(2, length, bases=5)
    scores, expected = ism(model, codes, 1), one_by_one(model, codes, 1)
    assert np.abs(expected).max() > 1e-4
    np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-12)
    assert not scores[one_hot(codes) == 1].any()
    assert scores[codes == 4].all()  # all four substitute N


def test_ism_of_a_profile_is_that_of_its_mean():
    model = trained_like(small("cnn_task_base", 128, 2))
    codes = made(1, 128)
    mutants = codes.repeat(4, axis=0)
    mutants[:, 50] = range(4)
    expected = activity(model, mutants, 1) - activity(model, codes, 1)
    scores = ism(model, codes, 1)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores[0, 50], expected, atol=1e-4 * np.abs(expected).max())


def test_batches_change_nothing(smooth, monkeypatch):
    codes = made(5, 7, bases=5)
    whole = [scores(smooth, codes, 0) for scores in (ism, tism)]
    monkeypatch.setattr(substitutions, "_BASES", 4 * 7)  # the last batch is never full
    for scores, expected in zip((ism, tism), whole, strict=True):
        np.testing.assert_allclose(scores(smooth, codes, 0), expected, rtol=0, atol=1e-14)


def test_saliency_is_the_gradient(smooth):
    codes = made(3, 7, bases=5)
    np.testing.assert_allclose(
        saliency(smooth, codes, 1), gradients(smooth, codes, 1), rtol=0, atol=1e-9
    )


def test_tism_by_hand():
    inputs = keras.Input((2, 4))
    last = layers.Dense(1)
    model = keras.Model(inputs, last(layers.Flatten()(inputs)))
    last.set_weights([np.array([[1], [2], [4], [8], [16], [32], [64], [128]]), np.zeros(1)])
    # From G: the gradient less 4; from N: the gradient.
    np.testing.assert_array_equal(
        tism(model, encode(["GN"]), 0)[0], [[-3, -2, 0, 4], [16, 32, 64, 128]]
    )


def test_tism_identities(smooth):
    codes = made(4, 7)
    g, t = saliency(smooth, codes, 0), tism(smooth, codes, 0)
    here = one_hot(codes) == 1
    at_reference = g[here].reshape(codes.shape)
    mean_alternative = np.where(here, 0, g).sum(axis=-1) / 3

    def same(a, b):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)

    assert np.abs(g).max() > 0.01
    assert not t[here].any()
    same(-t.sum(axis=-1) / 3, at_reference - mean_alternative)  # equation 6
    corrected = correct(g)[here].reshape(codes.shape)
    same(corrected, 3 / 4 * (at_reference - mean_alternative))  # equation 7
    same(correct(t), correct(g))  # Supplementary notes
    effects = ism(smooth, codes, 0)
    centred = correct(effects)[here].reshape(codes.shape)
    same(centred, -effects.sum(axis=-1) / 4)


def test_tism_is_exact_for_affine_networks(affine):
    codes = made(4, 7, bases=5)
    effects = ism(affine, codes, 1)
    assert np.abs(effects).max() > 0.01
    np.testing.assert_allclose(tism(affine, codes, 1), effects, rtol=0, atol=1e-12)


@pytest.mark.parametrize("scores", [ism, tism, saliency])
@pytest.mark.parametrize(
    ("codes", "output", "message"),
    [
        (made(2, 7), 2, "no output 2: allowed are 0 to 1"),
        (made(2, 7), -1, "no output -1"),
        (made(2, 8), 0, r"shape \(2, 8\), but .* takes \(n, 7\)"),
        (made(1, 7)[0], 0, r"shape \(7,\)"),
        (made(0, 7), 0, "at least 1"),
    ],
)
def test_wrong_arguments(smooth, scores, codes, output, message):
    with pytest.raises(InputError, match=message):
        scores(smooth, codes, output)


@pytest.mark.parametrize(
    "explain",
    [
        *(ism, tism, saliency),
        lambda *arguments: deepshap(*arguments[:2], arguments[1], 0),
        lambda *arguments: integrated_gradients(*arguments[:2], arguments[1], 0, steps=1),
    ],
)
def test_no_tf32_while_explaining(explain, smooth, monkeypatch):
    enabled, seen = tf.config.experimental.tensor_float_32_execution_enabled, []
    predicted = substitutions.predicted

    def watched(*arguments):
        seen.append(enabled())
        return predicted(*arguments)

    for module in (substitutions, references):
        monkeypatch.setattr(module, "predicted", watched)
    assert enabled()
    explain(smooth, made(1, 7), 0)
    assert enabled()
    assert seen and not any(seen)


def test_saliency_of_a_linear_model_is_its_weights():
    inputs = keras.Input((5, 4))
    model = keras.Model(inputs, layers.Dense(3)(layers.Flatten()(inputs)))
    kernel = model.layers[-1].kernel.numpy().reshape(5, 4, 3)
    # More than one batch of them.
    codes = RNG.integers(0, 5, (300, 5), dtype=np.uint8)
    for output in range(3):
        scores = saliency(model, codes, output)
        assert scores.shape == (300, 5, 4)
        np.testing.assert_array_equal(scores, np.broadcast_to(kernel[..., output], scores.shape))


def in_precision(dtype):
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)


@pytest.fixture(scope="module")
def deepstarr():
    """Return a network of other statistics than fresh ones, and its copy in double precision."""
    keras.utils.set_random_seed(0)
    model = models.build("deepstarr", 40, 2)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.moving_mean.assign(RNG.normal(0, 0.1, layer.moving_mean.shape))
            layer.moving_variance.assign(RNG.uniform(0.1, 1, layer.moving_variance.shape))
    try:
        in_precision("float64")
        double = models.build("deepstarr", 40, 2)
    finally:
        in_precision("float32")
    double.set_weights(model.get_weights())
    return model, double


@pytest.mark.parametrize("output", [0, 1])
def test_saliency_of_deepstarr_agrees_with_central_differences(deepstarr, output):
    model, double = deepstarr
    codes, step = RNG.integers(0, 5, (1, 40), dtype=np.uint8), 1e-6
    scores = saliency(model, codes, output).ravel()
    x = one_hot(codes).astype(np.float64)
    places = RNG.permutation(scores.size)[:60]
    moved = step * np.eye(scores.size)[places].reshape(60, 40, 4)
    up, down = (double(x + sign * moved, training=False).numpy() for sign in (1, -1))
    assert up.dtype == np.float64
    expected = (up - down)[:, output] / (2 * step)
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(scores[places], expected, rtol=1e-3, atol=1e-5)


def test_saliency_agrees_with_forward_differentiation(members, codes):
    model = models.load(members[0])
    direction = RNG.normal(size=(*codes.shape, 4)).astype(np.float32)
    x = tf.constant(one_hot(codes))
    with tf.autodiff.ForwardAccumulator(x, tf.constant(direction)) as forward:
        predicted = model(x, training=False)
    slopes = forward.jvp(predicted).numpy()
    for output in range(2):
        scores = saliency(model, codes, output)
        np.testing.assert_allclose(
            (scores * direction).sum(axis=(1, 2)), slopes[:, output], rtol=1e-3, atol=1e-4
        )


@pytest.mark.parametrize("output", [-1, 2])
def test_an_output_that_is_not_there_is_named(members, codes, output):
    with pytest.raises(InputError, match=f"no output {output}: allowed are 0 to 1"):
        saliency(models.load(members[0]), codes, output)


def test_first_order_effects_of_several_heads_are_those_of_tism():
    model, codes = trained_like(small("compact_cnn", 20, 3)), made(7, 20, bases=5)
    explain = substitutions.first_order(model, [2, 0])
    for _ in range(2):
        for found, output in zip(explain(codes), (2, 0), strict=True):
            np.testing.assert_allclose(found, tism(model, codes, output), rtol=1e-5, atol=1e-6)
