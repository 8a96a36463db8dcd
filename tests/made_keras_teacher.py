"""A Keras model that stands in for a teacher: features are counts of bases, outputs two of them."""

import keras
import numpy as np
from keras import layers


def model(path, length, lambdas=False):
    """Save a model of one-hot sequences; its layer `counts` sums over positions."""
    x = keras.Input((length, 4), name="one_hot")
    y = layers.Lambda(lambda z: z + 0, name="shaky")(x) if lambdas else x
    y = layers.GlobalAveragePooling1D(name="means")(y)
    counts = layers.Dense(4, use_bias=False, name="counts")(y)
    outputs = layers.Dense(2, use_bias=False, name="outputs")(counts)
    made = keras.Model(x, outputs)
    made.get_layer("counts").set_weights([length * np.eye(4)])
    made.get_layer("outputs").set_weights([np.eye(4)[:, :2]])
    made.save(path)
    return path
