"""Gradients by other routes, their correction, and what is explained."""

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from degu import attribution, dataset, models
from degu.dataset import Dataset
from degu.job import InputError
from degu.sequences import decode, encode, one_hot

RNG = np.random.default_rng(0)


def test_saliency_of_a_linear_model_is_its_weights():
    inputs = keras.Input((5, 4))
    model = keras.Model(inputs, layers.Dense(3)(layers.Flatten()(inputs)))
    kernel = model.layers[-1].kernel.numpy().reshape(5, 4, 3)
    # More than one batch of them.
    codes = RNG.integers(0, 5, (300, 5), dtype=np.uint8)
    for output in range(3):
        scores = attribution.saliency(model, codes, output)
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
    scores = attribution.saliency(model, codes, output).ravel()
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
        scores = attribution.saliency(model, codes, output)
        np.testing.assert_allclose(
            (scores * direction).sum(axis=(1, 2)), slopes[:, output], rtol=1e-3, atol=1e-4
        )


@pytest.mark.parametrize("output", [-1, 2])
def test_an_output_that_is_not_there_is_named(members, codes, output):
    with pytest.raises(InputError, match=f"no output {output}: allowed are 0 to 1"):
        attribution.saliency(models.load(members[0]), codes, output)


def test_correction_takes_each_positions_mean_away():
    scores = np.array([[[1.0, 2, 3, 6], [0, 0, 0, 0]], [[4, 4, 4, 4], [-1, 1, -2, 2]]])
    before = scores.copy()
    corrected = attribution.correct(scores)
    np.testing.assert_array_equal(scores, before)
    np.testing.assert_array_equal(
        corrected, [[[-2, -1, 0, 3], [0, 0, 0, 0]], [[0, 0, 0, 0], [-1, 1, -2, 2]]]
    )
    random = attribution.correct(RNG.normal(size=(3, 30, 4)))
    np.testing.assert_allclose(random.sum(axis=-1), 0, atol=1e-14)
    np.testing.assert_allclose(attribution.correct(random), random, atol=1e-15)


@pytest.fixture
def data(tmp_path):
    """Test sequences s4 to s9, the second activity is measured largest for the first of them."""
    largest = [0, 1, 0, 1, 3, 7, 5, 7, -1, 4]
    targets = np.stack([largest, np.arange(10)[::-1]], axis=1).astype(np.float32)
    records = dataset.Records(
        np.array([f"s{row}" for row in range(10)]),
        RNG.integers(0, 4, (10, 20), dtype=np.uint8),
        targets,
        ["y", "z"],
        np.array(["train", "train", "validation", "validation", *["test"] * 6]),
    )
    dataset.write(tmp_path / "data.h5", records)
    return Dataset(tmp_path / "data.h5")


def test_the_sequences_measured_largest_are_explained(data):
    names, codes = attribution.chosen({}, data, 3)
    assert names == ["s5", "s7", "s6"]
    np.testing.assert_array_equal(codes, data.codes("test")[[1, 3, 2]])
    assert len(attribution.chosen({}, data, 100)[0]) == 6


def test_sequences_are_explained_by_their_names(data):
    wanted = {"wild type": "ACGTN" * 4, "mutant": "acgta" * 4}
    names, codes = attribution.chosen(wanted, data, 1)
    assert names == ["wild type", "mutant"]
    assert decode(codes) == ["ACGTN" * 4, "ACGTA" * 4]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"wild type": "ACGT"}, r"sequence 'wild type' .* has 4 bases, but those .* have 20"),
        ({"a": "ACGT" * 5, "b": "ACGT"}, r"sequence 'b' has 4 bases, but sequence 'a' has 20"),
        ({"a": "ACGU" * 5}, r"sequence 'a' has 'U' at position 4: allowed are"),
    ],
)
def test_sequences_that_cannot_be_explained_are_named(data, wanted, message):
    with pytest.raises(InputError, match=message):
        attribution.chosen(wanted, data, 1)


def test_maps_of_all_members_and_activities(members, tmp_path):
    codes = encode(["ACGTN" * 4, "GATTA" * 4])
    path = tmp_path / "maps.h5"
    attribution.write_maps(path, members, (["wild type", "β"], codes), ["y", "z"])
    with h5py.File(path) as file:
        assert file["names"].asstr()[:].tolist() == ["wild type", "β"]
        np.testing.assert_array_equal(file["codes"], codes)
        assert set(file["scores"]) == {"y", "z"}
        for output, activity in enumerate(["y", "z"]):
            scores = file["scores"][activity][:]
            assert scores.shape == (3, 2, 20, 4)
            assert scores.dtype == np.float32
            for member, found in zip(members, scores, strict=True):
                gradient = attribution.saliency(models.load(member), codes, output)
                expected = gradient - gradient.mean(axis=2, keepdims=True)
                np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
