"""DeepSTARR, ResidualBind and the compact CNN as published, fresh weights, and prediction."""

import keras
import numpy as np
import pytest

from degu import models
from degu.job import InputError
from degu.sequences import one_hot


def dense(inputs, units):
    return inputs * units + units


def convolution(kernel, inputs, filters):
    return dense(kernel * inputs, filters) + 4 * filters  # with batch normalisation


def deepstarr(length, outputs):
    blocks = [(7, 4, 256), (3, 256, 60), (5, 60, 60), (3, 60, 120)]
    hidden = [(1, length // 16 * 120, 256), (1, 256, 256)]
    return sum(convolution(*block) for block in blocks + hidden) + dense(256, outputs)


def residualbind(outputs, width=196, wide=256):
    dilated = 6 * (3 * width * width + 4 * width)  # without bias
    behind = convolution(7, width, wide) + 2 * convolution(1, wide, wide)
    return convolution(19, 4, width) + dilated + behind + dense(wide, outputs)


def compact_cnn(outputs):
    blocks = convolution(9, 4, 128) + convolution(9, 128, 64) + convolution(9, 64, 32)
    return blocks + 2 * dense(32, 32) + dense(32, outputs)


@pytest.mark.parametrize(
    ("architecture", "options", "length", "outputs", "counted"),
    [
        ("deepstarr", {}, 249, 2, 624_738),
        ("deepstarr", {}, 249, 2, deepstarr(249, 2)),
        ("deepstarr", {}, 249, 4, deepstarr(249, 4)),
        ("deepstarr", {}, 75, 1, deepstarr(75, 1)),
        ("residualbind", {}, 230, 3, residualbind(3)),
        ("residualbind", {"width": 98}, 230, 1, residualbind(1, 98, 128)),
        ("compact_cnn", {}, 249, 2, compact_cnn(2)),
    ],
)
def test_parameters_as_counted_by_hand(architecture, options, length, outputs, counted):
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
