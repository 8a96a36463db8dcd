"""Small networks of every architecture, with weights and statistics that fresh ones lack."""

import keras
import numpy as np
from keras import layers

from degu import models

SMALL = {
    "deepstarr": {},
    "residualbind": {"width": 12},
    "bio_cnn": {"channels": 8, "kernel": 3, "pool": 2, "dense": 5},
    "compact_cnn": {"width": 8, "kernel": 3},
    "mprann": {"width": 10},
    "dream_rnn": {"width": 10},
    "cnn_task_base": {"width": 12},
}
SHORTEST = {
    "deepstarr": 16,
    "residualbind": 25,
    "bio_cnn": 1,
    "compact_cnn": 1,
    "mprann": 21,
    "dream_rnn": 1,
    "cnn_task_base": 128,
}


def small(architecture, length, outputs, seed=1):
    keras.utils.set_random_seed(seed)
    return models.build(architecture, length, outputs, **SMALL[architecture])


def trained_like(model, seed=0):
    """Give weights a spread, and batch normalisation statistics, that fresh networks lack."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            shape = layer.gamma.shape
            layer.gamma.assign(rng.uniform(0.5, 1.5, shape))
            layer.beta.assign(rng.normal(0, 0.3, shape))
            layer.moving_mean.assign(rng.normal(0, 0.3, shape))
            layer.moving_variance.assign(rng.uniform(0.2, 2, shape))
        elif isinstance(layer, layers.Conv1D | layers.Dense):
            layer.kernel.assign(2 * layer.kernel)
            if layer.use_bias:
                layer.bias.assign(rng.normal(0, 0.3, layer.bias.shape))
    return model


def made(n, length, bases=4, seed=3):
    """Random codes; five bases have N among them."""
    return np.random.default_rng(seed).integers(0, bases, (n, length), dtype=np.uint8)


def activity(model, codes, output):
    """Predict one head; a profile's mean over length."""
    predicted = models.predictor(model)(codes)[..., output]
    return predicted.reshape(len(codes), -1).mean(axis=1)
