"""Batch-norm statistics that fit inference.

Moving averages lag when an epoch has few steps, and those behind a dropout layer describe inputs
that inference never sees; a validation loss computed with them can choose a useless epoch.
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from degu import models

_BATCH = 512
# Bases a batch: bounds the memory for features of long sequences.
_BASES = 512 * 256


def recomputation(model: keras.Model, codes: np.ndarray) -> Callable[[], None]:
    """Compile the replacement of moving averages by the statistics of a sample, dropout off.

    Each batch is normalised by its own statistics on the way, as in training; mean and variance
    of a layer are those over all positions of the sample.

    Parameters
    ----------
    model
        Its batch-norm layers' moving means and variances change at each call, nothing else does.
    codes : uint8 array, shape (n, length)
        A sample of the training sequences; a few are left out so that batches have one size.

    Returns
    -------
    recompute : callable
        Without arguments; uses the model's weights of the moment.
    """
    norms, inputs = _batchnorm_inputs(model)
    if not norms:
        return lambda: None
    probe = keras.Model(model.input, inputs)
    most = min(_BATCH, max(1, _BASES // codes.shape[1]))
    size = len(codes) // -(-len(codes) // most)
    whole = codes[: len(codes) // size * size]
    batches = tf.constant(whole.reshape(-1, size, *codes.shape[1:]))

    @tf.function
    def moments(batch):
        # training=True: batch statistics; its side effect on the moving ones is overwritten.
        # A probe of one layer gives no list.
        found = keras.tree.flatten(probe(models.encode(batch), training=True))
        return [
            tf.nn.moments(tf.cast(x, tf.float32), axes=list(range(x.shape.rank - 1))) for x in found
        ]

    def recompute() -> None:
        measured = [moments(batch) for batch in batches]
        for number, layer in enumerate(norms):
            means = np.stack([batch[number][0] for batch in measured]).astype(np.float64)
            variances = np.stack([batch[number][1] for batch in measured]).astype(np.float64)
            layer.moving_mean.assign(means.mean(axis=0))
            layer.moving_variance.assign(variances.mean(axis=0) + means.var(axis=0))

    return recompute


def _batchnorm_inputs(model: keras.Model) -> tuple[list, list]:
    """Batch-norm layers and what they are given once dropout is left out of the graph."""
    norms, inputs = [], []

    def call(layer, x, *args, **kwargs):
        if isinstance(layer, keras.layers.Dropout):
            return x
        if isinstance(layer, keras.layers.BatchNormalization):
            norms.append(layer)
            inputs.append(x)
        return layer(x, *args, **kwargs)

    keras.models.clone_model(
        model, input_tensors=model.input, clone_function=lambda layer: layer, call_function=call
    )
    return norms, inputs
