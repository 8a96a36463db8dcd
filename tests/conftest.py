"""Models that several tests share, built once, and the precision and start of TensorFlow."""

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import small_member
from degu import models
from degu.heads import Heads
from degu.training import member

LENGTH = 20
# Heads of the models of `members`.
HEADS = Heads.of(["y"], "aleatoric")


# Files that take longest start first: no worker is left with one of them at the end.
LONGEST = [
    "test_reruns",
    "test_newcomers",
    "test_dag",
    "test_ensembles_page",
    "test_evoaug_library",
]


def pytest_collection_modifyitems(items):
    """Sort tests by their files, the longest first; `make test` hands them out in this order."""
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(LONGEST)))


def tiny(outputs, seed=0):
    """Build a small network whose batch-norm statistics are not those of a fresh one."""
    keras.utils.set_random_seed(seed)
    model = models.build("compact_cnn", LENGTH, outputs, width=32, kernel=3)
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.moving_mean.assign(rng.normal(0, 0.1, layer.moving_mean.shape))
            layer.moving_variance.assign(rng.uniform(0.05, 0.2, layer.moving_variance.shape))
    return model


def save_members(folder, heads, number=3):
    """Save models with two heads that agree by and large; return their paths."""
    paths = [str(folder / f"{number}.keras") for number in range(number)]
    model, rng = tiny(2), np.random.default_rng(0)
    for path in paths:
        for weight in model.trainable_weights:
            weight.assign(weight + rng.normal(0, 0.01, weight.shape))
        models.save(model, path, heads)
    return paths


@pytest.fixture(scope="session")
def codes():
    """Seven sequences of 20 bases, N among them."""
    return np.random.default_rng(0).integers(0, 5, (7, LENGTH), dtype=np.uint8)


@pytest.fixture(scope="session")
def members(tmp_path_factory):
    """Three saved models of an activity and its aleatoric head."""
    return save_members(tmp_path_factory.mktemp("run"), HEADS)


@pytest.fixture(scope="session")
def members_of_two(tmp_path_factory):
    """Save the same models with heads of two activities."""
    return save_members(tmp_path_factory.mktemp("run_of_two"), Heads.of(["y", "z"]))


@pytest.fixture
def float64():
    """Networks in double precision."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


@pytest.fixture(scope="module")
def started():
    """Trainings that leave the threads alone: TensorFlow has started in this process already."""
    tf.config.experimental.enable_op_determinism()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(member, "start", lambda seed, *_, **__: keras.utils.set_random_seed(seed))
        yield


@pytest.fixture(scope="module")
def undisturbed(started, tmp_path_factory):
    """Weights and history of a member that was trained without interruption."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return small_member.train(folder, "0"), pd.read_table(folder / "0.tsv")
