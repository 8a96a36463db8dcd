"""Compiled prediction from codes, and the encoding that all compiled functions share."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from degu.job import InputError

# Bases a step of prediction: bounds the memory for features of long sequences.
_BASES = 512 * 256


def encode(inputs: tf.Tensor, dtype: str = "float32") -> tf.Tensor:
    """Turn a batch of stored inputs into what networks take.

    Parameters
    ----------
    inputs : tensor, shape (n, length), or (n, ...)
        Codes (uint8) become one-hot, (n, length, 4), with N all zeros; floats stay as they are.
    dtype
        Type of one-hot entries.
    """
    return tf.one_hot(inputs, 4, dtype=dtype) if inputs.dtype == tf.uint8 else inputs


def signature(model: keras.Model) -> tf.TensorSpec:
    """Shape and type of a batch of a model's stored inputs: codes, or floats."""
    shape = model.input_shape
    if len(shape) == 3 and shape[-1] == 4:
        return tf.TensorSpec([None, shape[1]], tf.uint8)
    return tf.TensorSpec([None, *shape[1:]], tf.float32)


def on_strands(model: keras.Model, strands: str) -> keras.Model:
    """Let a model predict from one strand or from both.

    Parameters
    ----------
    model
        Network of one-hot sequences (n, length, 4).
    strands
        "forward" for the sequence as it is, or "both" for the mean of the predictions for it and
        for its reverse complement, whose profiles are reversed. The mean is that of the outputs.

    Returns
    -------
    model : keras.Model
        It shares the weights.
    """
    if strands == "forward":
        return model
    # The order A C G T puts the complement of each base at the mirrored place.
    reverse = model(keras.ops.flip(model.input, axis=(1, 2)))
    if len(reverse.shape) == 3:
        reverse = keras.ops.flip(reverse, axis=1)
    return keras.Model(model.input, (model.output + reverse) / 2, name=model.name)


def predictor(model: keras.Model, batch_size: int = 512) -> Callable[[np.ndarray], np.ndarray]:
    """Compile a model for prediction from codes.

    Parameters
    ----------
    model
        Its current weights count at each call.
    batch_size
        Sequences a step, fewer where they are long; the result does not depend on it.

    Returns
    -------
    predict : callable
        uint8 codes of shape (n, length) -> float32 predictions of shape (n, outputs),
        or (n, length, outputs) of profiles.
    """
    wanted = signature(model)
    batch_size = min(batch_size, max(1, _BASES // wanted.shape[1]))

    @tf.function(input_signature=[wanted])
    def step(codes):
        return tf.cast(model(encode(codes), training=False), keras.config.floatx())

    def predict(codes: np.ndarray) -> np.ndarray:
        if codes.shape[1:] != tuple(wanted.shape[1:]):
            shape = ", ".join(map(str, wanted.shape[1:]))
            raise InputError(
                f"The sequences have shape {codes.shape}, but {model.name!r} takes (n, {shape})."
            )
        batches = range(0, len(codes), batch_size)
        return np.concatenate([step(codes[at : at + batch_size]).numpy() for at in batches])

    return predict
