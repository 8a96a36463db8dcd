"""MPRAnn, DREAM-RNN and CNN-task-base: what they are made of, and what holds for every network."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from degu import batchnorm, models
from degu.job import InputError

SMALL = {
    "deepstarr": {},
    "residualbind": {"width": 12},
    "compact_cnn": {"width": 8, "kernel": 3},
    "mprann": {"width": 10},
    "dream_rnn": {"width": 10},
    "cnn_task_base": {"width": 12},
}
SHORTEST = {
    "deepstarr": 16,
    "residualbind": 25,
    "compact_cnn": 1,
    "mprann": 21,
    "dream_rnn": 1,
    "cnn_task_base": 128,
}


def small(architecture, length, outputs, seed=1):
    keras.utils.set_random_seed(seed)
    return models.build(architecture, length, outputs, **SMALL[architecture])


def made_codes(n, length):
    return np.random.default_rng(0).integers(0, 5, (n, length), dtype=np.uint8)


def layers_of(model, kind):
    return [layer for layer in model.layers if isinstance(layer, kind)]


def dense(inputs, units):
    return inputs * units + units


def convolution(kernel, inputs, filters):
    return dense(kernel * inputs, filters) + 4 * filters  # with batch normalisation


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
        with pytest.raises(InputError, match=f"{architecture!r} pools .* at least {shortest} "):
            small(architecture, shortest - 1, 3)


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_one_task_and_one_head_are_enough(architecture):
    length = SHORTEST[architecture] + 1
    profile = (length,) if architecture == "cnn_task_base" else ()
    assert small(architecture, length, 1).output_shape == (None, *profile, 1)


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_a_saved_model_predicts_the_same(architecture, tmp_path):
    length = SHORTEST[architecture] + 5
    codes = made_codes(6, length)
    model = small(architecture, length, 2)
    model.save(tmp_path / "0.keras")
    loaded = models.load(tmp_path / "0.keras")
    assert loaded.name == architecture
    np.testing.assert_array_equal(
        models.predictor(loaded)(codes), models.predictor(model)(codes), strict=True
    )


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


def test_profiles_do_not_depend_on_the_batch():
    codes = made_codes(7, 130)
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
    monkeypatch.setattr(models, "_BASES", bases)
    predict = models.predictor(keras.Model(sequence, size(sequence)), batch_size=4)
    assert predict(made_codes(7, 8))[:, 0].tolist() == np.repeat(sizes, sizes).tolist()


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
