"""Rules by which DeepSHAP makes each layer linear: rescaling, max pools, softmax.

A rule is given a layer, the input z of the linear layer in its place, shape (pairs, ...), and the
layer's own inputs for sequences x and references r, shape (n, 1, ...) and (1 or n, references,
...); it returns the output of the linear layer for z.
"""

from math import ceil

import keras
import tensorflow as tf
from keras import activations, layers

from degu.job import InputError

_RUN = 1e-6  # Below it the derivative stands for rise over run.


def refuse_unless_known(layer: keras.Layer, model: str) -> None:
    """Raise an InputError for a layer that is neither linear nor has a rule, naming it."""
    activation = getattr(layer, "activation", activations.linear)
    if type(layer) not in _LINEAR | RULES.keys():
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

    This is the rescale rule for y = exp(x - logsumexp(x)); the slope of logsumexp follows from
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


def is_narrow(layer: keras.Layer) -> bool:
    """Whether windows of a convolution's input hold fewer numbers than its output."""
    return (
        type(layer) is layers.Conv1D
        and (layer.strides, layer.dilation_rate, layer.groups) == ((1,), (1,), 1)
        and layer.padding in ("same", "valid")
        and layer.kernel_size[0] * layer.kernel.shape[1] <= layer.filters
    )


def convolve(layer: layers.Conv1D, z: tf.Tensor) -> tf.Tensor:
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
RULES = {
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
