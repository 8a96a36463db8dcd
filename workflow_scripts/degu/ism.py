"""Effects of all single substitutions: predicted one by one (ISM), or to first order (TISM).

Where a sequence has N, an all-zero column, effects are measured from N: all four bases are
substitutions there, and no score is zero by definition.
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from degu.job import InputError

_BASES = 1 << 16  # Of the sequences in one step: bounds the memory for their features.


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
    scores = np.zeros((*codes.shape, 4), model.compute_dtype)
    substitutions = np.flatnonzero(codes[..., None] != np.arange(4))
    predict, size = _compiled(predicted, model, output, len(substitutions))
    unchanged = np.concatenate([predict(codes[at]) for at in _batches(len(codes), size)])
    for at in _batches(len(substitutions), size):
        row, position, base = np.unravel_index(substitutions[at], scores.shape)
        mutants = codes[row]
        mutants[np.arange(len(row)), position] = base
        scores[row, position, base] = predict(mutants) - unchanged[row]
    return scores


def tism(model: keras.Model, codes: np.ndarray, output: int) -> np.ndarray:
    """Approximate `ism` by one gradient a sequence (TISM paper, equation 5).

    Parameters, shapes and errors are those of `ism`.
    """
    scores = saliency(model, codes, output)
    at_reference = np.take_along_axis(scores, codes[..., None] % 4, axis=-1)
    return scores - np.where(codes[..., None] < 4, at_reference, 0)


def saliency(model: keras.Model, codes: np.ndarray, output: int) -> np.ndarray:
    """Gradient by the one-hot sequence (paper, Methods, "Attribution analysis").

    Parameters, shapes and errors are those of `ism`.
    """
    check(model, codes, output)
    step, size = _compiled(gradient, model, output, len(codes))
    return np.concatenate([step(codes[at]) for at in _batches(len(codes), size)])


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


def _compiled(function: Callable, model: keras.Model, output: int, most: int):
    """Compile a function of codes for batches of one size, up to `most`; return the size too."""
    length = model.input_shape[1]
    size = min(most, max(1, _BASES // length))

    @tf.function(jit_compile=True)
    def compiled(codes):
        return function(model, tf.one_hot(codes, 4, dtype=model.compute_dtype), output)

    def step(codes):
        # A smaller batch would be compiled anew: repeat its rows instead.
        return compiled(np.resize(codes, (size, length))).numpy()[: len(codes)]

    return step, size


def _batches(number: int, size: int) -> list[slice]:
    return [slice(at, at + size) for at in range(0, number, size)]
