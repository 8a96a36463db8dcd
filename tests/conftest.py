"""Models that several tests share, built once."""

import keras
import numpy as np
import pytest

from degu import models

LENGTH = 20


def tiny(outputs, seed):
    """Build a small network whose batch-norm statistics are those of no fresh one."""
    keras.utils.set_random_seed(seed)
    model = models.build("compact_cnn", LENGTH, outputs, width=8, kernel=3)
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
    """Three saved models with two heads."""
    folder = tmp_path_factory.mktemp("members")
    paths = [folder / f"{member}.keras" for member in range(3)]
    for member, path in enumerate(paths):
        tiny(2, member).save(path)
    return paths
