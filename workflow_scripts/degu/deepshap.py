"""Attribution against references: DeepSHAP by the rescale rule, and integrated gradients.

For one sequence and one reference a network is replaced by a linear one with the same difference
in prediction: each nonlinear layer by its rise over its run. Features of sequences and references
are computed once each; only the gradient of the linear network is computed for every pair.
"""

from collections.abc import Callable
from functools import partial
from math import ceil, prod
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras import activations, layers

from degu.ism import check, gradient, predicted
from degu.job import InputError

_NUMBERS = 1 << 25  # In the widest feature map of the pairs of one step: bounds the memory.
_RUN = 1e-6  # Below it the derivative stands for rise over run.


class Explanation(NamedTuple):
    """What the bases contribute to a prediction's difference from those of references.

    Attributes
    ----------
    scores : float array, shape (n, length, 4)
        Mean over references of multiplier × (sequence - reference), as shap returns it: a base
        that only references have counts too, in its own channel.
    hypothetical : float array, shape (n, length, 4)
        What each base would contribute in this place; for the base that stands there the sum of
        `scores` over channels.
    errors : float array, shape (n, references)
        Sum of a pair's contributions less its difference in prediction.
    """

    scores: np.ndarray
    hypothetical: np.ndarray
    errors: np.ndarray


def deepshap(
    model: keras.Model, codes: np.ndarray, references: np.ndarray, output: int
) -> Explanation:
    """Explain one head by DeepSHAP (paper, Methods, "Attribution analysis").

    Exact for every pair: elementwise nonlinearities rescale, a max pool credits the feature that
    wins its window, softmax has the form of its Jacobian.

    Parameters
    ----------
    model
        From `degu.models`, without recurrent layers.
    codes : uint8 array, shape (n, length)
    references : uint8 array, shape (references, length) or (n, references, length)
        The same for all sequences, or a set for each.
    output
        Index of the head to explain; of a profile its mean over length.

    Raises
    ------
    InputError
        For a layer without a rule, before anything is computed; for an output that does not
        exist; for sequences or references of another shape.
    """
    check(model, codes, output)
    unfolded = _Unfolded(model)
    return _explain(partial(_multiply, unfolded, output), model, codes, references, unfolded.widest)


def integrated_gradients(
    model: keras.Model, codes: np.ndarray, references: np.ndarray, output: int, steps: int
) -> Explanation:
    """Explain one head by gradients on the way from each reference (Sundararajan et al., 2017).

    For any network; errors fall with the square of the number of steps where it is smooth.

    Parameters
    ----------
    model
        From `degu.models`.
    codes, references, output
        As for `deepshap`.
    steps
        Midpoints on the way at which gradients are taken.
    """
    check(model, codes, output)
    if steps < 1:
        raise InputError(f"There are {steps} steps of integrated gradients: at least 1 is needed.")
    widest = max(prod(layer.output.shape[1:]) for layer in model.layers)
    return _explain(partial(_integrate, model, output, steps), model, codes, references, widest)


def _explain(multipliers: Callable, model, codes, references, widest: int) -> Explanation:
    """Average over references, some sequences by some references at a time.

    `multipliers` takes one-hot sequences (n, 1, length, 4) and references (1 or n, references,
    length, 4); it returns multipliers (n, references, length, 4) and each pair's difference in
    prediction (n, references).
    """
    references = _fitting(references, codes)

    @tf.function(jit_compile=True)
    def step(codes, references, weights):
        x, r = (tf.one_hot(some, 4, dtype=model.compute_dtype) for some in (codes, references))
        x = x[:, None]
        m, difference = multipliers(x, r)
        errors = tf.reduce_sum(m * (x - r), axis=(2, 3)) - difference
        mean, offset = (tf.einsum("nrlb,r->nlb", some, weights) for some in (m, m * r))
        hypothetical = mean - tf.reduce_sum(offset, axis=-1, keepdims=True)
        return mean * x[:, 0] - offset, hypothetical, errors

    n, number = len(codes), references.shape[1]
    pairs = max(1, _NUMBERS // widest)
    columns = _shares(number, pairs)
    rows = _shares(n, pairs // len(columns[0]) or 1)
    scores = np.zeros((2, *codes.shape, 4), model.compute_dtype)
    errors = np.empty((n, number), model.compute_dtype)
    for row in rows:
        for column in columns:
            own = row % len(references) if len(references) == 1 else row
    ...
