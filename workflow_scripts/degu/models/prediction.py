"""Compiled prediction from codes, and the encoding that all compiled functions share."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from degu.job import InputError
from degu.sequences import reverse_complement

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


def on_strands(predict: Callable, strands: str) -> Callable:
    """Let a prediction be from one strand, or the mean over both.

    Parameters
    ----------
    predict
        Prediction of a batch of codes (n, length), or of one-hot sequences (n, length, 4).
    strands
        "forward" for sequences as they are, or "both" for the mean of the predictions for them and
        for their reverse complements, whose profiles are reversed.

    Returns
    -------
    predict : callable
        With both strands it says the same, to the last bit, of a batch and of its reverse
        complement, since both are predicted by one computation.
    """
    if strands == "forward":
        return predict

    def average(batch):
        # The order A C G T has the complement of each base at the mirrored place.
        one_hot = len(batch.shape) == 3
        turned = batch[:, ::-1, ::-1] if one_hot else reverse_complement(batch)
        forward, other = predict(batch), predict(turned)
        return (forward + (other[:, ::-1] if len(other.shape) == 3 else other)) / 2

    return average


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
