"""Scores of small networks for foreign sequences, by hand from their predictions."""

import keras
import numpy as np
import pytest

from class_data import CLASSES, LENGTH, made
from degu import classification, models
from degu.heads import Heads
from degu.outliers import predicted, scored, scores
from degu.outliers.groups import Group
from degu.outliers.predicted import Sampling

N, FOREIGN = 8, 5


def network(outputs, seed, dropout=0.0):
    keras.utils.set_random_seed(seed)
    sequence = keras.Input((LENGTH, 4))
    x = keras.layers.Dense(6, activation="relu")(keras.layers.Flatten()(sequence))
    x = keras.layers.Dropout(dropout)(x)
    return keras.Model(sequence, keras.layers.Dense(outputs, name="heads")(x))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return made(tmp_path_factory.mktemp("data") / "data.h5")


@pytest.fixture(scope="module")
def groups():
    codes = np.random.default_rng(0).integers(0, 4, (N + FOREIGN, LENGTH), dtype=np.uint8)
    foreign = Group(codes[N:], np.arange(FOREIGN))
    return {"test": Group(codes[:N], np.arange(N)), "foreign": foreign}


def run(folder, data, groups, heads, sampling=None, dropout=0.0):
    """Two members, and their scores for the foreign group by score, source and member."""
    paths, networks = [], [network(len(heads), seed, dropout) for seed in (0, 1)]
    for number, one in enumerate(networks):
        paths.append(folder / f"{number}.keras")
        models.save(one, paths[-1], heads)
    predicted.write(folder / "run.h5", paths, data, groups, sampling)
    found = scored.read(folder / "run.h5")
    known = zip(found.scores, found.values["foreign"], strict=True)
    return networks, {score[:3]: (score, values) for score, values in known}


def test_scores_of_classes(tmp_path, data, groups):
    networks, found = run(
        tmp_path, data, groups, Heads.of_classes(CLASSES), Sampling(4, 9), dropout=0.5
    )
    codes = groups["foreign"].inputs
    logits = np.stack([models.predictor(one)(codes) for one in networks])
    wanted = {
        ("max_probability", "prediction", "1"): scores.unsure(logits[1]),
        ("max_probability", "prediction", "ensemble"): scores.unsure(logits.mean(axis=0)),
        ("mutual_information", "members", "ensemble"): classification.mutual_information(logits),
    }
    for place, values in wanted.items():
        np.testing.assert_allclose(found[place][1], values, atol=1e-6)
    assert found["mutual_information", "members", "ensemble"][0].passes == 2
    assert found["mutual_information", "passes", "0"][0].passes == 4
    assert found["mutual_information", "passes", "0"][1].min() > 0
    features = keras.Model(networks[1].input, networks[1].get_layer("heads").input)
    known, new = (models.predictor(features)(of) for of in (data.codes("train"), codes))
    classes = data.targets("train").argmax(axis=1)
    for name, of in {
        "mahalanobis": scores.mahalanobis(known, classes, new),
        "nearest": scores.nearest(known, new),
    }.items():
        np.testing.assert_allclose(found[name, "distance", "1"][1], of, rtol=1e-4)
    assert all(score.seconds > 0 for score, _ in found.values())
    # Three of both members, two of the ensemble, three of passes and distances.
    assert len(found) == 2 * 2 + 2 + 1 + 2 + 4


def test_scores_of_activities_and_of_students(tmp_path, data, groups):
    heads = Heads.of(["a", "b"], "epistemic")
    networks, found = run(tmp_path, data, groups, heads)
    outputs = np.stack([models.predictor(one)(groups["foreign"].inputs) for one in networks])
    np.testing.assert_allclose(
        found["epistemic_variance", "members", "ensemble"][1],
        outputs[..., :2].var(axis=0).mean(axis=1),
        rtol=1e-5,
    )
    # A head below zero says that it is sure.
    taught = np.square(np.maximum(outputs[0, :, 2:], 0)).mean(axis=1)
    np.testing.assert_allclose(found["epistemic_variance", "head", "0"][1], taught, rtol=1e-5)
    assert not [place for place in found if place[0] in ("entropy", "max_probability")]


def test_the_head_of_students_of_classes_is_their_information(tmp_path, data, groups):
    heads = Heads.of_classes(CLASSES).with_epistemic()
    networks, found = run(tmp_path, data, groups, heads)
    outputs = models.predictor(networks[1])(groups["foreign"].inputs)
    np.testing.assert_allclose(
        found["mutual_information", "head", "1"][1], outputs[:, -1], rtol=1e-5
    )


def test_vectors_themselves_are_measured(tmp_path, groups):
    vectors = np.random.default_rng(0).normal(size=(120, 3)).astype(np.float16)
    data = made(tmp_path / "vectors.h5", vectors=vectors)
    keras.utils.set_random_seed(0)
    inputs = keras.Input((3,))
    one = keras.Model(inputs, keras.layers.Dense(3, name="heads")(inputs))
    models.save(one, tmp_path / "0.keras", Heads.of_classes(CLASSES))
    new = np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32)
    asked = {"test": Group(new, np.arange(4)), "foreign": Group(new + 1, np.arange(4))}
    predicted.write(tmp_path / "run.h5", [tmp_path / "0.keras"], data, asked)
    found = scored.read(tmp_path / "run.h5")
    place = [score[:3] for score in found.scores].index(("nearest", "distance", "inputs"))
    known = np.float32(vectors[:60])
    np.testing.assert_allclose(found.values["foreign"][place], scores.nearest(known, new + 1), 1e-5)
    assert found.scores[place].passes == 0
