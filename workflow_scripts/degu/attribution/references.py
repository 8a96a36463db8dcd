"""Attribution against references: DeepSHAP by the rescale rule, and integrated gradients.

For one sequence and one reference DeepSHAP replaces a network by a linear one with the same
difference in prediction: each nonlinear layer by its rise over its run. Features are computed once
for a block of sequences and a block of references; only the gradient of the linear network is
computed for every pair of them.
"""

from collections.abc import Callable
from functools import partial
from math import ceil
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras import activations, layers

from degu import models
from degu.attribution.rescale import RULES, convolve, is_narrow, refuse_unless_known
from degu.attribution.substitutions import check, full_precision, gradient, predicted
from degu.job import InputError

_BASES = 1 << 18  # Bases of the pairs in one step: bounds the memory for their features.


class Explanation(NamedTuple):
    """Contributions of bases to a prediction's difference from those of references.

    Attributes
    ----------
    scores : float array, shape (n, length, 4)
        Mean over references of multiplier × (sequence - reference), as shap returns it: a base
        that only references have counts too, in its own channel.
    hypothetical : float array, shape (n, length, 4)
        Contribution that each base would make in this place; for the base that stands there the sum
        of `scores` over channels.
    errors : float array, shape (n, references)
        Sum of a pair's contributions less its difference in prediction.
    """

    scores: np.ndarray
    hypothetical: np.ndarray
    errors: np.ndarray


class _Step(NamedTuple):
    """One call of a layer within a network."""

    layer: keras.Layer
    inputs: tuple
    output: keras.KerasTensor


def explain_by_deepshap(
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
    multipliers = partial(_rescaled, _unfold(model), output)
    return _explain(multipliers, model, codes, references, xla=True)


def integrated_gradients(
    model: keras.Model, codes: np.ndarray, references: np.ndarray, output: int, steps: int
) -> Explanation:
    """Explain one head by gradients on the way from each reference (Sundararajan et al., 2017).

    For any network; where it is smooth errors fall with the square of the number of steps.

    Parameters
    ----------
    model
        From `degu.models`.
    codes, references, output
        As for `explain_by_deepshap`.
    steps
        Midpoints on the way at which gradients are taken.
    """
    check(model, codes, output)
    if steps < 1:
        raise InputError(f"There are {steps} steps of integrated gradients: at least 1 is needed.")
    # Without XLA, which has no recurrent kernels for GPUs.
    multipliers = partial(_integrated, model, output, steps)
    return _explain(multipliers, model, codes, references, xla=False)


@full_precision()
def _explain(
    multipliers: Callable, model: keras.Model, codes: np.ndarray, references: np.ndarray, xla: bool
) -> Explanation:
    """Average over references, a block of sequences by a block of references at a time.

    `multipliers` takes one-hot sequences (n, 1, length, 4) and references (1 or n, references,
    length, 4); it returns multipliers (n, references, length, 4) and each pair's difference in
    prediction (n, references).
    """
    references = reference_sets(references, codes)
    n, number, dtype = len(codes), references.shape[1], model.inputs[0].dtype

    @tf.function(jit_compile=xla, autograph=False)
    def step(codes, references, weights):
        x, r = (models.encode(some, dtype) for some in (codes, references))
        x = x[:, None]
        m, differences = multipliers(x, r)
        errors = tf.reduce_sum(m * (x - r), axis=(2, 3)) - differences
        mean, offset = (tf.einsum("nrlb,r->nlb", some, weights) for some in (m, m * r))
        hypothetical = mean - tf.reduce_sum(offset, axis=-1, keepdims=True)
        return mean * x[:, 0] - offset, hypothetical, errors

    pairs = max(1, _BASES // codes.shape[1])
    columns = _blocks(number, pairs)
    scores, hypothetical = np.zeros((2, *codes.shape, 4), dtype)
    errors = np.empty((n, number), dtype)
    for rows in _blocks(n, pairs // len(columns[0])):
        some = references if len(references) == 1 else references[rows % n]
        real = rows[rows < n]
        for column in columns:
            # References that fill up a block have no weight.
            weights = ((column < number) / number).astype(dtype)
            block = step(codes[rows % n], some[:, column % number], weights)
            part = [array.numpy()[: len(real)] for array in block]
            scores[real] += part[0]
            hypothetical[real] += part[1]
            errors[np.ix_(real, column[column < number])] = part[2][:, column < number]
    return Explanation(scores, hypothetical, errors)


def reference_sets(references: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Make sets of references, shape (1 or n, references, length), for codes (n, length).

    Raises
    ------
    InputError
        For references of another length or number of sets, or none of them.
    """
    n, length = codes.shape
    sets = references[None] if references.ndim == 2 else references
    if sets.ndim != 3 or len(sets) not in (1, n) or sets.shape[1] == 0 or sets.shape[2] != length:
        raise InputError(
            f"The references have shape {references.shape}, but for sequences of shape "
            f"{codes.shape} they must be (references, {length}) or ({n}, references, {length}) "
            "with at least 1 reference."
        )
    return sets


def _blocks(number: int, most: int) -> list[np.ndarray]:
    """Return indices in blocks of one size, so that a step is compiled once.

    The last block may go past `number`.
    """
    blocks = ceil(number / max(1, most))
    size = ceil(number / blocks)
    return [np.arange(at, at + size) for at in range(0, number, size)]


def _integrated(model, output: int, steps: int, x: tf.Tensor, r: tf.Tensor):
    pairs = (x.shape[0], r.shape[1], *x.shape[2:])

    def flat(some):
        return tf.reshape(some, (-1, *x.shape[2:]))

    def add(total, way):
        return total + gradient(model, flat(r + way * (x - r)), output)

    ways = (tf.range(steps, dtype=x.dtype) + 0.5) / steps
    total = tf.foldl(add, ways, flat(tf.zeros(pairs, x.dtype)))
    of_x, of_r = (
        tf.reshape(predicted(model, flat(some), output), some.shape[:2]) for some in (x, r)
    )
    return tf.reshape(total / steps, pairs), of_x - of_r


def _rescaled(steps: list[_Step], output: int, x: tf.Tensor, r: tf.Tensor):
    """Multipliers of all pairs: the gradient of their linear networks."""
    (of_x, x_features), (of_r, r_features) = (_forward(steps, output, some) for some in (x, r))

    def linear(z, training):
        features = iter(zip(x_features, r_features, strict=True))

        def call(layer, *inputs):
            if type(layer) in RULES:
                return RULES[type(layer)](layer, *inputs, *next(features))
            return convolve(layer, *inputs) if is_narrow(layer) else layer(*inputs)

        return _run(steps, z, call)

    # The gradient of a linear network does not depend on where it is taken.
    anywhere = tf.zeros((x.shape[0] * r.shape[1], *x.shape[2:]), x.dtype)
    m = gradient(linear, anywhere, output)
    return tf.reshape(m, (x.shape[0], r.shape[1], *x.shape[2:])), of_x - of_r


def _forward(steps: list[_Step], output: int, x: tf.Tensor):
    """Predictions for x of shape (sets, members, ...), and what each nonlinear layer is given."""
    features = []

    def call(layer, *inputs):
        if type(layer) in RULES:
            features.append(tf.reshape(inputs[0], (*x.shape[:2], *inputs[0].shape[1:])))
        return layer(*inputs)

    def network(x, training):
        return _run(steps, x, call)

    y = predicted(network, tf.reshape(x, (-1, *x.shape[2:])), output)
    return tf.reshape(y, x.shape[:2]), features


def _run(steps: list[_Step], x: tf.Tensor, call: Callable) -> tf.Tensor:
    values = {id(keras.tree.flatten(steps[0].inputs)[0]): x}
    for layer, inputs, output in steps:
        values[id(output)] = call(
            layer, *keras.tree.map_structure(lambda tensor: values[id(tensor)], inputs)
        )
    return values[id(steps[-1].output)]


def _unfold(model: keras.Model) -> list[_Step]:
    """List the calls of a copy of a network in which each activation is a layer of its own."""
    network = keras.Model(model.inputs, model.outputs)
    for layer in network.operations:
        refuse_unless_known(layer, model.name)
    originals, nonlinear, steps = {}, {}, []

    def copy(layer):
        config = layer.get_config()
        if "activation" in config:
            config["activation"] = "linear"
        fresh = type(layer).from_config(config)
        originals[fresh] = layer
        activation = getattr(layer, "activation", activations.linear)
        if activation is not activations.linear:
            # Keras would choose a name that a layer read from a file may have already.
            nonlinear[fresh] = layers.Activation(
                activation, name=f"{layer.name}_nonlinear", dtype=layer.dtype_policy
            )
        return fresh

    def record(layer, *inputs):
        steps.append(_Step(layer, inputs, layer(*inputs)))
        return steps[-1].output

    def call(layer, *inputs, **_training_and_mask):
        result = record(layer, *inputs)
        return record(nonlinear[layer], result) if layer in nonlinear else result

    keras.models.clone_model(network, clone_function=copy, call_function=call)
    for fresh, layer in originals.items():
        fresh.set_weights(layer.get_weights())
    return steps
