"""Networks as published, layer by layer and parameter by parameter, and what holds for each."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import yaml

from degu import models
from degu.job import InputError
from degu.training import batchnorm
from small_networks import SHORTEST, small
from workflow import ROOT


def made_codes(n, length):
    return np.random.default_rng(0).integers(0, 5, (n, length), dtype=np.uint8)


def layers_of(model, kind):
    return [layer for layer in model.layers if isinstance(layer, kind)]


def dense(inputs, units):
    return inputs * units + units


def convolution(kernel, inputs, filters):
    return dense(kernel * inputs, filters) + 4 * filters  # with batch normalisation


def deepstarr_parameters(length, outputs):
    blocks = [(7, 4, 256), (3, 256, 60), (5, 60, 60), (3, 60, 120)]
    hidden = [(1, length // 16 * 120, 256), (1, 256, 256)]
    return sum(convolution(*block) for block in blocks + hidden) + dense(256, outputs)


def residualbind_parameters(outputs, width=196, wide=256):
    dilated = 6 * (3 * width * width + 4 * width)  # without bias
    behind = convolution(7, width, wide) + 2 * convolution(1, wide, wide)
    return convolution(19, 4, width) + dilated + behind + dense(wide, outputs)


def compact_cnn_parameters(outputs):
    blocks = convolution(9, 4, 128) + convolution(9, 128, 64) + convolution(9, 64, 32)
    return blocks + 2 * dense(32, 32) + dense(32, outputs)


@pytest.mark.parametrize(
    ("architecture", "options", "length", "outputs", "counted"),
    [
        ("deepstarr", {}, 249, 2, 624_738),
        ("deepstarr", {}, 249, 2, deepstarr_parameters(249, 2)),
        ("deepstarr", {}, 249, 4, deepstarr_parameters(249, 4)),
        ("deepstarr", {}, 75, 1, deepstarr_parameters(75, 1)),
        ("residualbind", {}, 230, 3, residualbind_parameters(3)),
        ("residualbind", {"width": 98}, 230, 1, residualbind_parameters(1, 98, 128)),
        ("compact_cnn", {}, 249, 2, compact_cnn_parameters(2)),
    ],
)
def test_parameters_of_convolutional_networks_as_counted_by_hand(
    architecture, options, length, outputs, counted
):
    model = models.build(architecture, length, outputs, **options)
    assert model.input_shape == (None, length, 4)
    assert model.output_shape == (None, outputs)
    assert model.count_params() == counted


def kinds(model):
    """Return the layers of a model in a few letters each."""
    letters = {"Conv1D": "C", "BatchNormalization": "B", "MaxPooling1D": "P", "Dense": "D"}
    letters |= {"Dropout": "o", "Flatten": "F", "GlobalAveragePooling1D": "G", "Add": "+"}
    letters |= {"InputLayer": ""}
    return "".join(
        layer.activation.__name__[0]
        if (kind := type(layer).__name__) == "Activation"
        # An activation within a layer follows its letter.
        else letters[kind] + getattr(layer, "activation", keras.activations.linear).__name__[:1]
        for layer in model.layers
    ).replace("l", "")


def settings(model, kind, name):
    return [getattr(layer, name) for layer in model.layers if type(layer).__name__ == kind]


def test_layers_of_deepstarr():
    model = models.build("deepstarr", 249, 2)
    rates = [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.4, 0.4]
    assert kinds(model) == "CBrP" * 4 + "F" + "DBro" * 2 + "D"
    assert settings(model, "Conv1D", "kernel_size") == [(7,), (3,), (5,), (3,)]
    assert settings(model, "Conv1D", "filters") == [256, 60, 60, 120]
    assert settings(model, "Conv1D", "padding") == ["same"] * 4
    assert settings(model, "MaxPooling1D", "pool_size") == [(2,)] * 4
    assert settings(model, "Dropout", "rate") == [0.4, 0.4]


def test_layers_of_residualbind():
    model = models.build("residualbind", 230, 3)
    assert kinds(model) == "CBso" + "CB" + "roCB" * 5 + "+soP" + "CBsoP" + "DBso" + "GDBso" + "D"
    assert settings(model, "Conv1D", "filters") == [196] * 7 + [256]
    assert settings(model, "Conv1D", "kernel_size") == [(19,), *[(3,)] * 6, (7,)]
    assert settings(model, "Conv1D", "dilation_rate") == [
        *((1,), (1,), (1,), (2,), (4,), (8,), (16,), (1,)),
    ]
    assert settings(model, "Dropout", "rate") == [0.2, *[0.1] * 5, 0.2, 0.2, 0.5, 0.5]
    assert settings(model, "MaxPooling1D", "pool_size") == [(5,), (5,)]
    assert settings(model, "Dense", "units") == [256, 256, 3]
    # The block's sum is of what goes in and what comes out of it.
    (add,) = (layer for layer in model.layers if type(layer).__name__ == "Add")
    sources = {type(tensor._keras_history.operation).__name__ for tensor in add.input}
    assert sources == {"Dropout", "BatchNormalization"}


def test_layers_of_the_baseline_of_bio_distiller():
    model = models.build("bio_cnn", 50, 1, channels=16, kernel=6, pool=3, dense=32)
    assert kinds(model) == "CBrPo" * 3 + "G" + "DrDr" + "D"
    assert settings(model, "Conv1D", "filters") == [16, 8, 4]
    assert settings(model, "Conv1D", "kernel_size") == [(6,)] * 3
    assert settings(model, "MaxPooling1D", "pool_size") == [(3,)] * 3
    assert settings(model, "MaxPooling1D", "strides") == [(2,)] * 3
    assert settings(model, "Dense", "units") == [32, 32, 1]
    model = models.build("bio_cnn", 50, 1, kernel=6)
    assert settings(model, "MaxPooling1D", "pool_size") == [(6,)] * 3


def test_layers_of_the_compact_cnn():
    model = models.build("compact_cnn", 249, 2, dropout=0.3)
    assert kinds(model) == "CBrPo" * 3 + "G" + "DrDr" + "D"
    assert settings(model, "Conv1D", "filters") == [128, 64, 32]
    assert settings(model, "Conv1D", "kernel_size") == [(9,)] * 3
    assert settings(model, "MaxPooling1D", "pool_size") == [(9,)] * 3
    assert settings(model, "MaxPooling1D", "strides") == [(2,)] * 3
    assert settings(model, "Dropout", "rate") == [0.3] * 3


def test_an_unknown_architecture_is_named():
    with pytest.raises(InputError, match="no architecture 'resnet': allowed are deepstarr, resid"):
        models.build("resnet", 249, 2)


FRESH = {"gamma": 1, "beta": 0, "moving_mean": 0, "moving_variance": 1, "bias": 0}


@pytest.mark.parametrize("architecture", ["deepstarr", "residualbind"])
def test_fresh_weights_differ_by_seed_in_every_kernel_alone(architecture):
    builds = []
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        options = {"width": 8} if architecture == "residualbind" else {}
        builds.append(models.build(architecture, 50, 2, **options).weights)
    kernels = 0
    for one, two in zip(*builds, strict=True):
        if one.name == "kernel":
            kernels += 1
            assert (one.numpy() != two.numpy()).any(), one.path
        elif "seed_generator" not in one.path:
            assert (one.numpy() == FRESH[one.name]).all(), one.path
            assert (two.numpy() == FRESH[two.name]).all(), two.path
    assert kernels == {"deepstarr": 7, "residualbind": 11}[architecture]


def mprann_parameters(outputs):
    return (
        convolution(7, 4, 250)
        + convolution(8, 250, 250)
        + convolution(3, 250, 250)
        + convolution(2, 250, 100)
        + dense(105 * 100, 300)  # (230 - 6 - 7) // 2 - 2 - 1 = 105 positions
        + dense(300, 200)
        + dense(200, outputs)
    )


def dream_rnn_parameters(outputs):
    lstm = 4 * dense(320 + 320, 320)  # four gates, of input and state
    return (
        convolution(9, 4, 160)
        + convolution(15, 4, 160)
        + 2 * lstm
        + convolution(9, 640, 160)
        + convolution(15, 640, 160)
        + dense(320, 256)
        + dense(256, outputs)
    )


def cnn_task_base_parameters(tasks):
    return (
        convolution(19, 4, 192)
        + convolution(7, 192, 256)
        + convolution(7, 256, 512)
        + convolution(16, 512, 256)  # the bottleneck: 2048 / (8 x 4 x 4) = 16 positions at once
        + convolution(1, 256, 2048 * 8)  # back to every base, batch normalisation included
        + convolution(7, 8, 256)
        + tasks * (convolution(7, 256, 64) + dense(64, 1))
    )


@pytest.mark.parametrize(
    ("architecture", "length", "outputs", "formula", "parameters"),
    [
        ("mprann", 230, 1, mprann_parameters, 3_959_451),
        ("mprann", 230, 3, mprann_parameters, 3_959_853),
        ("dream_rnn", 230, 2, dream_rnn_parameters, 4_199_810),
        ("dream_rnn", 249, 4, dream_rnn_parameters, 4_200_324),
        ("cnn_task_base", 2048, 2, cnn_task_base_parameters, 7_901_378),
        ("cnn_task_base", 2048, 3, cnn_task_base_parameters, 8_016_451),
    ],
)
def test_parameters_as_counted_by_hand(architecture, length, outputs, formula, parameters):
    assert formula(outputs) == parameters
    assert models.build(architecture, length, outputs).count_params() == parameters


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_every_length_down_to_the_shortest(architecture):
    shortest = SHORTEST[architecture]
    for length in (shortest, shortest + 7):
        profile = (length,) if architecture == "cnn_task_base" else ()
        predicted = models.predictor(small(architecture, length, 3))(made_codes(4, length))
        assert predicted.shape == (4, *profile, 3)
        assert predicted.dtype == np.float32
        assert np.isfinite(predicted).all()
    if shortest > 1:
        with pytest.raises(
            InputError, match=f"{architecture!r} leaves nothing of .* {shortest - 1} bases"
        ):
            small(architecture, shortest - 1, 3)


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_one_task_and_one_head_are_enough(architecture):
    length = SHORTEST[architecture] + 1
    profile = (length,) if architecture == "cnn_task_base" else ()
    assert small(architecture, length, 1).output_shape == (None, *profile, 1)


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_the_seed_alone_decides_the_weights(architecture):
    length = SHORTEST[architecture] + 5
    first, again, other = (
        small(architecture, length, 2, seed).trainable_variables for seed in (1, 1, 2)
    )
    for one, two, three in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())
        if one.name.startswith(("kernel", "recurrent_kernel")):
            assert not np.isclose(one.numpy(), three.numpy()).all(), one.path


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_batchnorm_statistics_can_be_recomputed(architecture):
    length = SHORTEST[architecture] + 5
    codes = made_codes(32, length)
    model = small(architecture, length, 2)
    batchnorm.recomputation(model, codes)()
    norms = layers_of(model, keras.layers.BatchNormalization)
    assert all((layer.moving_variance.numpy() != 1).any() for layer in norms)
    first = keras.Model(model.input, norms[0].input)(tf.one_hot(codes, 4)).numpy()
    np.testing.assert_allclose(norms[0].moving_mean, first.mean(axis=(0, 1)), atol=1e-5)
    np.testing.assert_allclose(norms[0].moving_variance, first.var(axis=(0, 1)), rtol=1e-4)


def test_a_profile_is_the_softplus_of_its_own_head():
    model = small("cnn_task_base", 130, 2)
    codes = made_codes(5, 130)
    before = models.predictor(model)(codes)
    assert (before > 0).all()
    assert before.std(axis=1).min() > 0
    last = [layer for layer in layers_of(model, keras.layers.Dense) if layer.units == 1]
    assert len(last) == 2
    last[1].set_weights([np.zeros((4, 1)), np.array([-1.5])])
    after = models.predictor(model)(codes)
    np.testing.assert_array_equal(after[..., 0], before[..., 0])
    np.testing.assert_allclose(after[..., 1], np.log1p(np.exp(-1.5)), rtol=1e-6)


def test_a_profile_sees_the_whole_sequence_through_its_bottleneck():
    model = small("cnn_task_base", 256, 1)
    codes = made_codes(1, 256)
    changed = codes.copy()
    changed[0, :20] = (codes[0, :20] + 1) % 4
    difference = np.abs(np.diff(models.predictor(model)(np.vstack([codes, changed])), axis=0))
    assert difference[0, -20:].max() > 0


def test_mprann_normalises_over_filters_and_does_not_pad():
    model = small("mprann", 60, 1)
    convolutions = layers_of(model, keras.layers.Conv1D)
    outputs = keras.Model(model.input, [layer.output for layer in convolutions])(
        tf.one_hot(made_codes(3, 60), 4)
    )
    assert [tuple(x.shape) for x in outputs] == [(3, 54, 10), (3, 47, 10), (3, 21, 10), (3, 20, 4)]
    assert outputs[0].numpy().min() == 0
    for x in outputs[1:]:
        np.testing.assert_allclose(x.numpy().sum(axis=-1), 1, rtol=1e-5)


def test_dream_rnn_reads_in_both_directions():
    model = small("dream_rnn", 60, 1)
    [lstm] = layers_of(model, keras.layers.Bidirectional)
    states = keras.Model(model.input, lstm.output)
    codes = np.zeros((1, 60), np.uint8)
    first = states(tf.one_hot(codes, 4)).numpy()
    codes[0, 40] = 3
    second = states(tf.one_hot(codes, 4)).numpy()
    forwards, backwards = np.abs(first - second).reshape(60, 2, 10).max(axis=2).T
    # The wider kernel reaches seven bases to either side.
    assert (forwards[:33] == 0).all()
    assert (forwards[33:] > 0).all()
    assert (backwards[:48] > 0).all()
    assert (backwards[48:] == 0).all()


def test_the_schema_has_the_shortest_sequence_of_each_network():
    """The config is refused before any training by these numbers."""
    schema = yaml.safe_load((ROOT / "rules/config.schema.yaml").read_text())
    known = schema["$defs"]["architectures"]
    assert {name: known[name].get("shortest", 1) for name in models.ARCHITECTURES} == SHORTEST
