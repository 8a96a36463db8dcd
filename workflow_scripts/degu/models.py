"""Architectures as pure functions, and compiled prediction on codes.

Every network takes one-hot sequences, float32 (n, length, 4), and ends in one dense layer that is
linear, so a head for a standard deviation may come out below zero (see `degu.uncertainty`).
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from degu.job import InputError


def build(architecture: str, length: int, outputs: int, **options: float) -> keras.Model:
    """Build a fresh network; seed Keras first to choose its initial weights.

    Parameters
    ----------
    architecture
        A key of `ARCHITECTURES`.
    length
        Bases a sequence.
    outputs
        Number of heads.
    options
        Passed to the architecture's function.

    Raises
    ------
    InputError
        For an unknown architecture, or a length that its pooling cannot take.
    """
    if architecture not in ARCHITECTURES:
        raise InputError(
            f"There is no architecture {architecture!r}: allowed are {', '.join(ARCHITECTURES)}."
        )
    function, shortest = ARCHITECTURES[architecture]
    if length < shortest:
        raise InputError(
            f"The architecture {architecture!r} pools sequences of at least {shortest} bases, "
            f"but these have {length}."
        )
    sequence = keras.Input((length, 4), name="sequence")
    features = function(sequence, **options)
    heads = layers.Dense(outputs, name="heads")(features)
    return keras.Model(sequence, heads, name=architecture)


def deepstarr(x):
    """DeepSTARR: four convolution blocks and two dense layers (de Almeida et al., 2022)."""
    for filters, kernel in [(256, 7), (60, 3), (60, 5), (120, 3)]:
        x = _convolution(x, filters, kernel, "relu")
        x = layers.MaxPooling1D(2)(x)
    x = layers.Flatten()(x)
    for _ in range(2):
        x = _dense(x, 256, "relu", dropout=0.4)
    return x


def residualbind(x, width: int = 196):
    """ResidualBind with a dilated residual block (paper, Methods, "lentiMPRA models").

    Parameters
    ----------
    x : tensor, shape (n, length, 4)
    width
        Filters of the first layer and the residual block; the layers behind have 1.3 times as
        many (256 at the paper's 196).
    """
    wide = round(width * 256 / 196)
    x = _convolution(x, width, 19, "silu")
    x = layers.Dropout(0.2)(x)
    x = layers.Add()([x, _dilated_block(x, width)])
    x = layers.Activation("silu")(x)
    x = layers.Dropout(0.2)(x)
    x = layers.MaxPooling1D(5)(x)
    x = _convolution(x, wide, 7, "silu")
    x = layers.Dropout(0.2)(x)
    x = layers.MaxPooling1D(5)(x)
    x = _dense(x, wide, "silu", dropout=0.5)
    x = layers.GlobalAveragePooling1D()(x)
    return _dense(x, wide, "silu", dropout=0.5)


def compact_cnn(x, width: int = 128, kernel: int = 9, dropout: float = 0.1):
    """Three convolution blocks, global average pooling, two dense layers of equal size.

    The supervised baseline and student of BIO-Distiller (section 3.1): channels halve from block
    to block; max pooling as wide as the kernel with stride 2. It tells motifs apart, not places.

    Parameters
    ----------
    x : tensor, shape (n, length, 4)
    width
        Filters of the first block.
    kernel
        Of convolutions and pools.
    dropout
        Rate behind each pool.
    """
    for block in range(3):
        x = _convolution(x, width >> block, kernel, "relu")
        x = layers.MaxPooling1D(kernel, strides=2, padding="same")(x)
        x = layers.Dropout(dropout)(x)
    x = layers.GlobalAveragePooling1D()(x)
    for _ in range(2):
        x = layers.Dense(width >> 2, activation="relu")(x)
    return x


def _convolution(x, filters: int, kernel: int, activation: str):
    x = layers.Conv1D(filters, kernel, padding="same")(x)
    x = layers.BatchNormalization()(x)
    return layers.Activation(activation)(x)


def _dense(x, units: int, activation: str, dropout: float):
    x = layers.Dense(units)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation(activation)(x)
    return layers.Dropout(dropout)(x)


def _dilated_block(x, filters: int):
    x = layers.Conv1D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    for dilation in (1, 2, 4, 8, 16):
        x = layers.Activation("relu")(x)
        x = layers.Dropout(0.1)(x)
        x = layers.Conv1D(filters, 3, padding="same", dilation_rate=dilation, use_bias=False)(x)
        x = layers.BatchNormalization()(x)
    return x


# Function and the shortest sequence that its pools leave something of.
ARCHITECTURES = {
    "deepstarr": (deepstarr, 16),
    "residualbind": (residualbind, 25),
    "compact_cnn": (compact_cnn, 1),
}


def predictor(model: keras.Model, batch_size: int = 512) -> Callable[[np.ndarray], np.ndarray]:
    """Compile a model for prediction from codes.

    Parameters
    ----------
    model
        Its current weights count at each call.
    batch_size
        Sequences a step; the result does not depend on it.

    Returns
    -------
    predict : callable
        uint8 codes of shape (n, length) -> float32 predictions of shape (n, outputs).
    """
    length = model.input_shape[1]

    @tf.function(input_signature=[tf.TensorSpec([None, length], tf.uint8)])
    def step(codes):
        return model(tf.one_hot(codes, 4), training=False)

    def predict(codes: np.ndarray) -> np.ndarray:
        if codes.ndim != 2 or codes.shape[1] != length:
            raise InputError(
                f"The sequences have shape {codes.shape}, but {model.name!r} takes (n, {length})."
            )
        batches = range(0, len(codes), batch_size)
        return np.concatenate([step(codes[at : at + batch_size]).numpy() for at in batches])

    return predict


def load(path) -> keras.Model:
    """Read a saved model for inference or further training."""
    return keras.models.load_model(path, compile=False)
