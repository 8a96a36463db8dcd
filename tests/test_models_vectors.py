"""Networks of vectors: their layers, and a run from vectors to predictions of classes."""

from dataclasses import replace

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import special

import class_data
import label
import predict
import small_member
import small_run
import train_student
import train_teacher
from degu import class_losses, classification, feed, models, predictions, uncertainty
from degu.heads import Heads
from degu.job import InputError
from degu.models import vectors
from degu.spread import running_logits
from degu.tasks import classes
from degu.training import fit, member
from degu.uncertainty import Draws
from test_tasks_classes import STUDENT, train

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(("depth", "parameters"), [(0, 20 + 12), (2, 20 + 48 + 72 + 18)])
def test_layers_of_the_mlp(depth, parameters):
    model = models.build("mlp", 5, 2, width=8, depth=depth, dropout=0.3)
    # Batch norm of five values; dense layers with biases.
    assert model.count_params() == parameters
    assert model.input_shape == (None, 5) and model.output_shape == (None, 2)
    rates = [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.3] * depth
    np.testing.assert_allclose(models.predictor(model)(VECTORS), model(VECTORS), atol=1e-6)


@pytest.fixture
def epinet():
    keras.utils.set_random_seed(0)
    return models.build("epinet", 5, 3, width=8, depth=1, index=4, hidden=6, prior=0.7)


VECTORS, INDICES = (RNG.normal(size=(9, size)).astype(np.float32) for size in (5, 4))


def by_numpy(model, x, z):
    """Epinet of the same weights: mu(x) + sigma_L(phi(x), z) + 0.7 sigma_P(phi(x), z)."""

    def dense(values, name):
        kernel, bias = (
            weights.astype(np.float64) for weights in model.get_layer(name).get_weights()
        )
        return values @ kernel + bias

    (norm,) = (one for one in model.layers if isinstance(one, keras.layers.BatchNormalization))
    gamma, beta, mean, variance = norm.get_weights()
    trunk = next(one for one in model.layers if isinstance(one, keras.layers.Dense))
    scaled = gamma * (x - mean) / np.sqrt(variance + norm.epsilon) + beta
    features = np.maximum(dense(scaled, trunk.name), 0)
    outputs = dense(features, "heads")
    for part, scale in {"learnable": 1, "fixed": 0.7}.items():
        hidden = np.concatenate([z, features], axis=1)
        for number in (0, 1):
            hidden = np.maximum(dense(hidden, f"{part}{number}"), 0)
        matrices = dense(hidden, f"{part}2").reshape(len(x), 3, 4)
        outputs = outputs + scale * np.einsum("nci,ni->nc", matrices, z)
    return outputs


def test_an_epinet_is_that_of_numpy(epinet):
    rng = np.random.default_rng(1)
    for layer in epinet.layers:
        layer.set_weights([w + rng.uniform(0, 0.1, w.shape) for w in layer.get_weights()])
    # The index starts from nothing.
    (zero,) = epinet.get_layer(vectors.INDEX).input._keras_history.operation.weights
    zero.assign(0 * zero)
    found = vectors.indexed(epinet)([VECTORS, INDICES])
    np.testing.assert_allclose(found, by_numpy(epinet, VECTORS, INDICES), atol=1e-6)


def test_without_an_index_an_epinet_is_its_base(epinet):
    base = keras.Model(epinet.input, epinet.get_layer("heads").output)(VECTORS)
    np.testing.assert_array_equal(vectors.indexed(epinet)([VECTORS, 0 * INDICES]), base)
    np.testing.assert_array_equal(models.predictor(epinet)(VECTORS), base)
    others = vectors.indexed(epinet)([VECTORS, INDICES])
    assert np.abs(others - base).min(axis=1).max() > 0.01


def test_no_gradient_of_the_index_reaches_the_features(epinet):
    """The features learn what they learn of the base alone, for whatever index."""
    model, features = vectors.indexed(epinet), epinet.layers[2].trainable_weights
    assert epinet.layers[2].units == 8
    found = []
    for z in (0 * INDICES, INDICES, 10 * INDICES):
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(model([VECTORS, z]))
        found.append(tape.gradient(total, features))
    assert np.abs(found[0][0]).max() > 0
    for others in found[1:]:
        for one, other in zip(found[0], others, strict=True):
            np.testing.assert_array_equal(one, other)


def test_the_prior_never_trains_and_the_rest_does(epinet, tmp_path):
    before = {layer.name: layer.get_weights() for layer in epinet.layers}
    epinet.compile("adam", "mse")
    targets = RNG.normal(size=(9, 3))
    epinet.fit(VECTORS, targets, epochs=3, verbose=0)
    models.save(epinet, tmp_path / "0.keras", Heads.of(["a", "b", "c"]))
    after = models.load(tmp_path / "0.keras")
    assert not any("fixed" in weight.path for weight in after.trainable_weights)
    for number in range(3):
        for one, other in zip(
            before[f"fixed{number}"], after.get_layer(f"fixed{number}").get_weights(), strict=True
        ):
            np.testing.assert_array_equal(one, other)
        learnt = after.get_layer(f"learnable{number}").get_weights()[0]
        assert np.abs(learnt - before[f"learnable{number}"][0]).max() > 1e-4
    np.testing.assert_array_equal(after(VECTORS), epinet(VECTORS))


def test_passes_draw_the_index_alone(epinet):
    """The spread of one vector, many times over, is that over normal indices, of heavy tails."""
    same, model = VECTORS[:1].repeat(20_000, axis=0), vectors.indexed(epinet)
    passes = uncertainty.mc_dropout(epinet, same, 2, 3)
    np.testing.assert_array_equal(passes, uncertainty.mc_dropout(epinet, same, 2, 3))
    assert (passes[0] != passes[1]).all()
    z = np.random.default_rng(0).normal(size=(20_000, 4)).astype(np.float32)
    wanted = model([same, z]).numpy()
    np.testing.assert_allclose(passes.std(axis=1), [wanted.std(axis=0)] * 2, rtol=0.08)


@pytest.mark.parametrize("network", ["mlp", "epinet"])
def test_a_run_on_vectors(tmp_path, network):
    """Two of six values tell three classes apart; teachers, labels, a student."""
    labels = np.arange(120) % 3
    given = np.random.default_rng(0).normal(size=(120, 6)).astype(np.float16)
    given[:, 0] += 6 * (labels == 0)
    given[:, 1] += 6 * (labels == 1)
    data = class_data.made(tmp_path / "data.h5", vectors=given)
    network = {"name": network, "width": 16, "depth": 1}
    (tmp_path / "teachers").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(member, "start", lambda seed, *_, **__: keras.utils.set_random_seed(seed))
        inputs = {"asked": small_run.NOTHING, "recipe": {}, "architecture": network}
        teachers = train(tmp_path / "teachers", data, 2, train_teacher, **inputs)
        label.main(data.path, teachers, str(tmp_path / "labels.h5"), 1.0, 0)
        inputs = {"labels": str(tmp_path / "labels.h5"), "unlabelled": [], "teachers": []}
        inputs |= {"recipe": STUDENT, "architecture": network}
        (student,) = train(tmp_path, data, 1, train_student, **inputs)
    predict.main(data.path, [student], str(tmp_path / "labels.h5"), str(tmp_path / "p.h5"), None)
    test = predictions.read(tmp_path / "p.h5").test
    assert np.mean(test.predictions[0, :, :3].argmax(axis=1) == labels[90:]) > 0.9
    assert np.corrcoef(test.predictions[0, :, :3].ravel(), test.truth[:, :3].ravel())[0, 1] > 0.6


def test_labels_of_one_epinet_are_those_of_its_indices(tmp_path):
    """In the order in which splits are labelled; a teacher that is always wrong is named."""
    given = RNG.normal(size=(120, 5)).astype(np.float16)
    given[np.arange(120), np.arange(120) % 3] += 4
    data = class_data.made(tmp_path / "data.h5", vectors=given)
    epinet = models.build("epinet", 5, 3, depth=0, index=4, hidden=6, prior=0.1)
    path, labels, draws = str(tmp_path / "0.keras"), tmp_path / "labels.h5", Draws(7, 1)
    for sign in (1, -1):
        epinet.get_layer("heads").set_weights([sign * np.eye(5, 3), np.zeros(3)])
        models.save(epinet, path, Heads.of_classes(class_data.CLASSES))
        if sign == -1:
            with pytest.raises(
                InputError, match=r"0\.keras fell out .* its validation r is -0\.[5-9]"
            ):
                classes.write_labels(labels, [path], data, None, draws=draws)
            continue
        classes.write_labels(labels, [path], data, None, draws=draws)
        each = uncertainty.drawn([path], draws)
        wanted = [running_logits(each(feed.sequences(data, s)[:])) for s in ("validation", "test")]
        with h5py.File(labels) as file:
            for key in ("mean", "std", "information"):
                np.testing.assert_array_equal(file[f"test/{key}"], getattr(wanted[1], key))
                assert len(file[f"train/{key}"]) == 60
        assert (wanted[1].information > 0).all()


@pytest.mark.usefixtures("started")
def test_with_data_the_epistemic_part_falls_and_the_aleatoric_one_does_not():
    """Two normal distributions two deviations apart: the posterior is a sigmoid of 2 x."""

    def mixture(n, seed):
        rng = np.random.default_rng(seed)
        label, x = rng.integers(2, size=n), rng.normal(size=(n, 2)).astype(np.float32)
        x[:, 0] += 2 * label - 1
        return x, np.eye(2, dtype=np.float32)[label]

    validation, x = mixture(500, 0), mixture(2000, 1)[0]
    p = special.expit(2 * np.float64(x[:, :1]))
    noise = classification.entropy(np.hstack([p, 1 - p])).mean()
    settings = replace(small_member.SETTINGS, steps=400, decay=0.3, patience=20, draws=4)
    settings = replace(settings, batchnorm_sample=1000, reverse_complement=False)
    epistemic, aleatoric = [], []
    for n in (20, 2000):
        keras.utils.set_random_seed(1)
        model = models.build("epinet", 2, 2, width=16, depth=1, index=4, hidden=8)
        fit(model, mixture(n, n), validation, class_losses.cross_entropy, settings, 0)
        passes = uncertainty.mc_dropout(model, x, 50, 0)
        epistemic.append(classification.mutual_information(passes).mean())
        aleatoric.append(classification.entropy(classification.probabilities(passes)).mean())
    assert epistemic[1] < epistemic[0] / 2
    assert aleatoric[1] == pytest.approx(noise, abs=0.03) and aleatoric[1] > 0.9 * aleatoric[0]
