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

from degu.ism import check, gradient, predicted
from degu.job import InputError

_BASES = 1 << 18  # Of the pairs in one step: bounds the memory for their features.
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


class _Step(NamedTuple):
    """One call of a layer within a network."""

    layer: keras.Layer
    inputs: tuple
    output: keras.KerasTensor


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
        As for `deepshap`.
    steps
        Midpoints on the way at which gradients are taken.
    """
    check(model, codes, output)
    if steps < 1:
        raise InputError(f"There are {steps} steps of integrated gradients: at least 1 is needed.")
    # Without XLA, which has no recurrent kernels for GPUs.
    multipliers = partial(_integrated, model, output, steps)
    return _explain(multipliers, model, codes, references, xla=False)


def _explain(
    multipliers: Callable, model: keras.Model, codes: np.ndarray, references: np.ndarray, xla: bool
) -> Explanation:
    """Average over references, a block of sequences by a block of references at a time.

    `multipliers` takes one-hot sequences (n, 1, length, 4) and references (1 or n, references,
    length, 4); it returns multipliers (n, references, length, 4) and each pair's difference in
    prediction (n, references).
    """
    references = _sets(references, codes)
    n, number, dtype = len(codes), references.shape[1], model.inputs[0].dtype

    @tf.function(jit_compile=xla, autograph=False)
    def step(codes, references, weights):
        x, r = (tf.one_hot(some, 4, dtype=dtype) for some in (codes, references))
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
            # What fills up a block of references has no weight.
            weights = ((column < number) / number).astype(dtype)
            block = step(codes[rows % n], some[:, column % number], weights)
            part = [array.numpy()[: len(real)] for array in block]
            scores[real] += part[0]
            hypothetical[real] += part[1]
            errors[np.ix_(real, column[column < number])] = part[2][:, column < number]
    return Explanation(scores, hypothetical, errors)


def _sets(references: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return references as sets (1 or n, references, length)."""
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
            if type(layer) in _RULES:
                return _RULES[type(layer)](layer, *inputs, *next(features))
            return _convolve(layer, *inputs) if _is_narrow(layer) else layer(*inputs)

        return _run(steps, z, call)

    # The gradient of a linear network does not depend on where it is taken.
    anywhere = tf.zeros((x.shape[0] * r.shape[1], *x.shape[2:]), x.dtype)
    m = gradient(linear, anywhere, output)
    return tf.reshape(m, (x.shape[0], r.shape[1], *x.shape[2:])), of_x - of_r


def _forward(steps: list[_Step], output: int, x: tf.Tensor):
    """Predictions for x of shape (sets, members, ...), and what each nonlinear layer is given."""
    features = []

    def call(layer, *inputs):
        if type(layer) in _RULES:
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
        _refuse_unless_known(layer, model.name)
    originals, steps = {}, []

    def copy(layer):
        config = layer.get_config()
        if "activation" in config:
            config["activation"] = "linear"
        fresh = type(layer).from_config(config)
        originals[fresh] = layer
        return fresh

    def record(layer, *inputs):
        steps.append(_Step(layer, inputs, layer(*inputs)))
        return steps[-1].output

    def call(layer, *inputs, **_training_and_mask):
        result = record(layer, *inputs)
        activation = getattr(originals[layer], "activation", activations.linear)
        if activation is not activations.linear:
            result = record(layers.Activation(activation, dtype=layer.dtype_policy), result)
        return result

    keras.models.clone_model(network, clone_function=copy, call_function=call)
    for fresh, layer in originals.items():
        fresh.set_weights(layer.get_weights())
    return steps


def _refuse_unless_known(layer, model: str) -> None:
    activation = getattr(layer, "activation", activations.linear)
    if type(layer) not in _LINEAR | _RULES.keys():
        what = f"layer {layer.name!r} ({type(layer).__name__})"
    elif activation not in _ACTIVATIONS:
        what = f"activation {getattr(activation, '__name__', activation)!r} of layer {layer.name!r}"
    else:
        return
    raise InputError(
        f"DeepSHAP has no rule for the {what} of the model {model!r}: "
        "explain it with integrated_gradients or ism."
    )


def _rescale(layer, z: tf.Tensor, x: tf.Tensor, r: tf.Tensor) -> tf.Tensor:
    """Rise over run of an elementwise layer (Shrikumar et al., 2017, section 3.5.1)."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
    run = x - r
    slope = tf.where(tf.abs(run) < _RUN, tape.gradient(y, x), (y - layer(r)) / run)
    return z * tf.reshape(slope, z.shape)


def _softmax(z: tf.Tensor, x: tf.Tensor, r: tf.Tensor) -> tf.Tensor:
    """Jacobian of softmax with the logarithmic mean of both probabilities in place of one.

    That is the rescale rule for y = exp(x - logsumexp(x)); the slope of logsumexp follows from
    probabilities that sum to 1 on both sides.
    """
    x, r = tf.nn.log_softmax(x), tf.nn.log_softmax(r)
    gap = tf.abs(x - r)
    mean = tf.exp(tf.maximum(x, r)) * tf.where(
        gap < _RUN, tf.ones_like(gap), -tf.math.expm1(-gap) / gap
    )
    mean = tf.reshape(mean, z.shape)
    shift = tf.reduce_sum(mean * z, -1, keepdims=True) / tf.reduce_sum(mean, -1, keepdims=True)
    return mean * (z - shift)


def _activation(layer, z: tf.Tensor, x: tf.Tensor, r: tf.Tensor) -> tf.Tensor:
    if layer.activation is activations.softmax:
        return _softmax(z, x, r)
    return _rescale(layer, z, x, r)


def _max_pool(layer, z: tf.Tensor, x: tf.Tensor, r: tf.Tensor) -> tf.Tensor:
    """Credit a window's rise to where the larger one of both maxima stands.

    The feature there rises by at least as much. Windows may overlap.
    """
    window, low = (*layer.pool_size, *layer.strides, layer.padding), x.dtype.min
    z, x, r = _windows(z, *window, 0), _windows(x, *window, low), _windows(r, *window, low)
    rise = tf.reduce_max(x, -2, keepdims=True) - tf.reduce_max(r, -2, keepdims=True)
    winner = tf.where(rise > 0, _argmax(x), _argmax(r))
    places = tf.range(x.shape[-2], dtype=winner.dtype)[:, None]
    slope = tf.where(winner == places, tf.math.divide_no_nan(rise, x - r), 0)
    return tf.reduce_sum(z * tf.reshape(slope, z.shape), -2)


def _argmax(x: tf.Tensor) -> tf.Tensor:
    return tf.argmax(x, -2, output_type=tf.int32)[..., None, :]


def _is_narrow(layer: keras.Layer) -> bool:
    """Whether windows of a convolution's input hold fewer numbers than its output."""
    return (
        type(layer) is layers.Conv1D
        and (layer.strides, layer.dilation_rate, layer.groups) == ((1,), (1,), 1)
        and layer.padding in ("same", "valid")
        and layer.kernel_size[0] * layer.kernel.shape[1] <= layer.filters
    )


def _convolve(layer: layers.Conv1D, z: tf.Tensor) -> tf.Tensor:
    """Convolve as one matrix product, less the bias: several times faster behind few channels."""
    windows = _windows(z, layer.kernel_size[0], 1, layer.padding, 0)
    return tf.tensordot(windows, layer.kernel, 2)


def _windows(x: tf.Tensor, size: int, stride: int, padding: str, fill: float) -> tf.Tensor:
    """Windows of features (..., length, channels): (..., windows, size, channels)."""
    *_, length, channels = x.shape
    if padding == "same":
        missing = max(0, (ceil(length / stride) - 1) * stride + size - length)
        around = [[0, 0]] * (len(x.shape) - 2) + [[missing // 2, missing - missing // 2], [0, 0]]
        x = tf.pad(x, around, constant_values=fill)
    windows = (x.shape[-2] - size) // stride + 1
    if stride == size:
        return tf.reshape(x[..., : windows * size, :], (*x.shape[:-2], windows, size, channels))
    end = stride * (windows - 1) + 1
    return tf.stack([x[..., at : at + end : stride, :] for at in range(size)], axis=-2)


_LINEAR = {
    layers.Add,
    layers.BatchNormalization,
    layers.Concatenate,
    layers.Conv1D,
    layers.Dense,
    layers.Dropout,
    layers.Flatten,
    layers.GlobalAveragePooling1D,
    layers.InputLayer,
    layers.Reshape,
}
_RULES = {
    layers.Activation: _activation,
    layers.MaxPooling1D: _max_pool,
    layers.ReLU: _rescale,
}
_ACTIVATIONS = {
    activations.elu,
    activations.exponential,
    activations.gelu,
    activations.leaky_relu,
    activations.linear,
    activations.relu,
    activations.sigmoid,
    activations.silu,
    activations.softmax,
    activations.softplus,
    activations.tanh,
}
