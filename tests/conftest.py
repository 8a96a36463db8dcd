"""Models that several tests share, built once."""

import keras
import numpy as np
import pytest

from degu import models

LENGTH = 20


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


@pytest.fixture(scope="session")
def codes():
    """Seven sequences of 20 bases, N among them."""
    return np.random.default_rng(0).integers(0, 5, (7, LENGTH), dtype=np.uint8)


@pytest.fixture(scope="session")
def members(tmp_path_factory):
    """Three saved models with two heads that agree by and large."""
    folder = tmp_path_factory.mktemp("run")
    paths = [str(folder / f"{member}.keras") for member in range(3)]
    model, rng = tiny(2), np.random.default_rng(0)
    for path in paths:
        for weight in model.trainable_weights:
            weight.assign(weight + rng.normal(0, 0.01, weight.shape))
        model.save(path)
    return paths
