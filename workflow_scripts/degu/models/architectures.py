"""Architectures as pure functions of one-hot sequences (n, length, 4) and a number of heads.

Most end in one dense layer that is linear, so that a head for a standard deviation may come out
below zero; profiles end in softplus.
"""

import keras
from keras import layers

from degu.job import InputError
from degu.models.vectors import OF_VECTORS


def deepstarr(x: keras.KerasTensor, outputs: int, dropout: float = 0.4) -> keras.KerasTensor:
    """DeepSTARR: four convolution blocks and two dense layers (de Almeida et al., 2022).

    Parameters
    ----------
    x : tensor, shape (n, length, 4)
    outputs
        Heads.
    dropout
        Rate behind the dense layers. Labels of teachers carry no noise: a student of them can do
        without.
    """
    for filters, kernel in [(256, 7), (60, 3), (60, 5), (120, 3)]:
        x = _convolution(x, filters, kernel, "relu")
        x = layers.MaxPooling1D(2)(x)
    x = layers.Flatten()(x)
    for _ in range(2):
        x = _dense(x, 256, "relu", dropout=dropout)
    return _heads(x, outputs)


def residualbind(x: keras.KerasTensor, outputs: int, width: int = 196) -> keras.KerasTensor:
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
    x = _dense(x, wide, "silu", dropout=0.5)
    return _heads(x, outputs)


def bio_cnn(
    x: keras.KerasTensor,
    outputs: int,
    channels: int = 64,
    kernel: int = 9,
    pool: int | None = None,
    dropout: float = 0.1,
    dense: int = 64,
) -> keras.KerasTensor:
    """Three convolution blocks, global average pooling, two dense layers of equal size.

    The supervised baseline and student of BIO-Distiller (section 3.1): channels halve from block
    to block, pools have stride 2. It tells motifs apart, not places.

    Parameters
    ----------
    x : tensor, shape (n, length, 4)
    channels
        Filters of the first block (ch_init).
    kernel
        Width of convolutions (ks).
    pool
        Width of pools; None for that of convolutions.
    dropout
        Rate behind each pool (p_drop).
    dense
        Units of each dense layer: the width of the student's features (embedding dimension).
    """
    for block in range(3):
        x = _convolution(x, channels >> block, kernel, "relu")
        x = layers.MaxPooling1D(pool or kernel, strides=2, padding="same")(x)
        x = layers.Dropout(dropout)(x)
    x = layers.GlobalAveragePooling1D()(x)
    for _ in range(2):
        x = layers.Dense(dense, activation="relu")(x)
    return _heads(x, outputs)


def compact_cnn(
    x: keras.KerasTensor, outputs: int, width: int = 128, kernel: int = 9, dropout: float = 0.1
) -> keras.KerasTensor:
    """Build a `bio_cnn` of one width: dense layers have the channels of the last block.

    Parameters
    ----------
    x : tensor, shape (n, length, 4)
    width
        Filters of the first block.
    kernel
        Width of convolutions and pools.
    dropout
        Rate behind each pool.
    """
    return bio_cnn(x, outputs, channels=width, kernel=kernel, dropout=dropout, dense=width >> 2)


def mprann(x: keras.KerasTensor, outputs: int, width: int = 250) -> keras.KerasTensor:
    """MPRAnn, the baseline of the lentiMPRA data (Agarwal et al., 2025).

    Convolutions without padding; the softmax of the last three is over filters.

    Parameters
    ----------
    x : tensor, shape (n, length, 4)
    width
        Filters of the first three convolutions; the layers behind keep their ratio to it.
    """
    x = layers.Conv1D(width, 7, activation="relu")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Conv1D(width, 8, activation="softmax")(x)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Dropout(0.1)(x)
    for filters, kernel in [(width, 3), (width * 2 // 5, 2)]:
        x = layers.Conv1D(filters, kernel, activation="softmax")(x)
        x = layers.BatchNormalization()(x)
    x = layers.Dropout(0.1)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(width * 6 // 5, activation="sigmoid")(x)
    x = layers.Dropout(0.3)(x)
    x = layers.Dense(width * 4 // 5, activation="sigmoid")(x)
    return _heads(x, outputs)


def dream_rnn(x: keras.KerasTensor, outputs: int, width: int = 320) -> keras.KerasTensor:
    """DREAM-RNN: convolutions of two kernels on both sides of a bidirectional LSTM.

    Rafi et al., 2025, with the batch normalisation of the authors of DEGU.

    Parameters
    ----------
    x : tensor, shape (n, length, 4)
    width
        Units of the LSTM in each direction, and filters of each pair of convolutions; the last
        convolution has four fifths as many.
    """
    x = _two_convolutions(x, width // 2)
    x = layers.Bidirectional(layers.LSTM(width, return_sequences=True))(x)
    x = _two_convolutions(x, width // 2)
    x = layers.Dropout(0.5)(x)
    x = layers.Conv1D(width * 4 // 5, 1)(x)
    x = layers.GlobalAveragePooling1D()(x)
    return _heads(x, outputs)


def cnn_task_base(x: keras.KerasTensor, outputs: int, width: int = 192) -> keras.KerasTensor:
    """CNN-task-base: profiles at base resolution, each from a head of its own.

    Toneyan et al., 2022; paper, Methods, "CNN-task-base".

    Parameters
    ----------
    x : tensor, shape (n, length, 4)
    width
        Filters of the first layer; the others keep their ratio to it.

    Returns
    -------
    profiles : tensor, shape (n, length, outputs)
        Positive.
    """
    length, wide, channels = x.shape[1], width * 4 // 3, 8
    for filters, kernel, pool, dropout in [
        (width, 19, 8, 0.1),
        (wide, 7, 4, 0.1),
        (2 * wide, 7, 4, 0.2),
    ]:
        x = _convolution(x, filters, kernel, "relu")
        x = layers.MaxPooling1D(pool)(x)
        x = layers.Dropout(dropout)(x)
    x = layers.Flatten()(x)
    x = _dense(x, wide, "relu", dropout=0.3)
    x = _dense(x, length * channels, "relu", dropout=0.1)
    x = layers.Reshape((length, channels))(x)
    x = _convolution(x, wide, 7, "relu")
    x = layers.Dropout(0.2)(x)
    return layers.Concatenate(name="heads")([_profile(x, width // 3) for _ in range(outputs)])


def _heads(x, outputs: int):
    return layers.Dense(outputs, name="heads")(x)


def _profile(x, filters: int):
    x = _convolution(x, filters, 7, "relu")
    x = layers.Dropout(0.1)(x)
    return layers.Dense(1, activation="softplus")(x)


def _two_convolutions(x, filters: int):
    branches = [_convolution(x, filters, kernel, "relu") for kernel in (9, 15)]
    return layers.Dropout(0.2)(layers.Concatenate()(branches))


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


# Functions; the shortest sequence of each stands in `degu.lengths`.
ARCHITECTURES = {
    "deepstarr": deepstarr,
    "residualbind": residualbind,
    "bio_cnn": bio_cnn,
    "compact_cnn": compact_cnn,
    "mprann": mprann,
    "dream_rnn": dream_rnn,
    "cnn_task_base": cnn_task_base,
}


def build(architecture: str, length: int, outputs: int, **options: float) -> keras.Model:
    """Build a fresh network; seed Keras first to choose its initial weights.

    Parameters
    ----------
    architecture
        A key of `ARCHITECTURES`, or of `degu.models.vectors.OF_VECTORS`.
    length
        Bases a sequence, or width of the vectors.
    outputs
        Number of heads, or of profiles.
    options
        Passed to the architecture's function.

    Returns
    -------
    model : keras.Model
        One-hot (n, length, 4) -> (n, outputs), or (n, length, outputs) for profiles; vectors
        (n, length) -> (n, outputs).

    Raises
    ------
    InputError
        For an unknown architecture, or a length that its pooling cannot take.
    """
    if architecture in OF_VECTORS:
        vector = keras.Input((length,), name="vector")
        heads = OF_VECTORS[architecture](vector, outputs, **options)
        return keras.Model(vector, heads, name=architecture)
    if architecture not in ARCHITECTURES:
        allowed = ", ".join([*ARCHITECTURES, *OF_VECTORS])
        raise InputError(f"There is no architecture {architecture!r}: allowed are {allowed}.")
    sequence = keras.Input((length, 4), name="sequence")
    too_short = f"The architecture {architecture!r} leaves nothing of sequences of {length} bases."
    try:
        heads = ARCHITECTURES[architecture](sequence, outputs, **options)
    except ValueError as error:
        if "negative" not in str(error):
            raise
        raise InputError(too_short) from error
    model = keras.Model(sequence, heads, name=architecture)
    if any(0 in layer.output.shape for layer in model.layers):
        raise InputError(too_short)
    return model
