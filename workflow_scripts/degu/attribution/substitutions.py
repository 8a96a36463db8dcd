"""Effects of all single substitutions: predicted one by one (ISM), or to first order (TISM).

Where a sequence has N, an all-zero column, effects are measured from N: all four bases are
substitutions there, and no score is zero by definition.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf

from degu import models
from degu.job import InputError

_BASES = 1 << 16  # Bases of the sequences in one step: bounds the memory for their features.


@contextmanager
def full_precision() -> Iterator[None]:
    """Keep GPUs from rounding factors to the 10 bits of TF32; small effects would drown in it."""
    before = tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    try:
        yield
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(before)


@full_precision()
def ism(model: keras.Model, codes: np.ndarray, output: int) -> np.ndarray:
    """Predict every single substitution (TISM paper, equation 3).

    Parameters
    ----------
    model
        From `degu.models`.
    codes : uint8 array, shape (n, length)
    output
        Index of the head to explain; of a profile its mean over length.

    Returns
    -------
    scores : float array, shape (n, length, 4)
        Prediction with the base less prediction without it; 0 at the base that stands there.

    Raises
    ------
    InputError
        For an output that does not exist, or sequences of another length than the model's.
    """
    check(model, codes, output)
    scores = np.zeros((*codes.shape, 4), model.inputs[0].dtype)
    substitutions = np.flatnonzero(codes[..., None] != np.arange(4))
    predict, length = _compiled(predicted, model, output), codes.shape[1]
    unchanged = np.concatenate([predict(codes[at]) for at in _batches(len(codes), length)])
    for at in _batches(len(substitutions), length):
        row, position, base = np.unravel_index(substitutions[at], scores.shape)
        mutants = codes[row]
        mutants[np.arange(len(row)), position] = base
        scores[row, position, base] = predict(mutants) - unchanged[row]
    return scores


def tism(model: keras.Model, codes: np.ndarray, output: int) -> np.ndarray:
    """Approximate `ism` by one gradient a sequence (TISM paper, equation 5).

    Parameters, shapes and errors are those of `ism`.
    """
    return _from_reference(saliency(model, codes, output), codes)


def _from_reference(scores: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Subtract the gradient of the base that stands there, and nothing where it is N."""
    at_reference = np.take_along_axis(scores, codes[..., None] % 4, axis=-1)
    return scores - np.where(codes[..., None] < 4, at_reference, 0)


def first_order(model: keras.Model, outputs: Sequence[int]) -> Callable[[np.ndarray], np.ndarray]:
    """Compile `tism` of several heads once, for many calls.

    Returns
    -------
    explain : callable
        uint8 codes (n, length) -> float array (heads, n, length, 4).
    """
    compiled = [_compiled(gradient, model, output) for output in outputs]

    @full_precision()
    def explain(codes: np.ndarray) -> np.ndarray:
        batches = _batches(*codes.shape)
        gradients = (np.concatenate([of(codes[at]) for at in batches]) for of in compiled)
        return np.stack([_from_reference(scores, codes) for scores in gradients])

    return explain


@full_precision()
def saliency(model: keras.Model, codes: np.ndarray, output: int) -> np.ndarray:
    """Gradient by the one-hot sequence (paper, Methods, "Attribution analysis").

    Parameters, shapes and errors are those of `ism`.
    """
    check(model, codes, output)
    differentiate = _compiled(gradient, model, output)
    return np.concatenate([differentiate(codes[at]) for at in _batches(*codes.shape)])


def check(model: keras.Model, codes: np.ndarray, output: int) -> None:
    """Raise an InputError unless a model takes these codes and has this output."""
    heads, length = model.output_shape[-1], model.input_shape[1]
    if not 0 <= output < heads:
        raise InputError(
            f"The model {model.name!r} has no output {output}: allowed are 0 to {heads - 1}."
        )
    if codes.ndim != 2 or len(codes) == 0 or codes.shape[1] != length:
        raise InputError(
            f"The sequences have shape {codes.shape}, but {model.name!r} takes (n, {length}) "
            "with n of at least 1."
        )


def predicted(model: Callable, x: tf.Tensor, output: int) -> tf.Tensor:
    """Predictions of one head for one-hot x, shape (n,); of a profile its mean over length."""
    heads = model(x, training=False)[..., output]
    return tf.reduce_mean(heads, axis=range(1, len(heads.shape)))


def gradient(model: Callable, x: tf.Tensor, output: int) -> tf.Tensor:
    """Gradient of `predicted` by one-hot x, shape (n, length, 4)."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = predicted(model, x, output)
    return tape.gradient(y, x)


# A stream of sequences comes in blocks, of which each asks for the same few functions.
@lru_cache(maxsize=8)
def _compiled(function: Callable, model: keras.Model, output: int) -> Callable:
    """Compile a function of a model, one-hot sequences and an output, for codes of one length."""
    length, dtype = model.input_shape[1], model.inputs[0].dtype

    # Not by XLA: on processors it wins nothing here, and it has no recurrent kernels for GPUs.
    @tf.function(input_signature=[tf.TensorSpec([None, length], tf.uint8)], autograph=False)
    def step(codes):
        return function(model, models.encode(codes, dtype), output)

    return lambda codes: step(codes).numpy()


def _batches(number: int, length: int) -> list[slice]:
    size = max(1, _BASES // length)
    return [slice(at, at + size) for at in range(0, number, size)]
