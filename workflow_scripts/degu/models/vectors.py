"""Networks of vectors (n, width), such as embeddings, that end in heads as those of sequences."""

import keras
from keras import layers


def mlp(
    x: keras.KerasTensor, outputs: int, width: int = 128, depth: int = 2, dropout: float = 0.2
) -> keras.KerasTensor:
    """Dense layers on standardised vectors.

    Parameters
    ----------
    x : tensor, shape (n, width of the vectors)
    outputs
        Heads.
    width
        Units of each dense layer.
    depth
        Number of dense layers in front of the heads.
    dropout
        Rate behind each of them.
    """
    x = layers.BatchNormalization()(x)
    for _ in range(depth):
        x = layers.Dense(width, activation="relu")(x)
        x = layers.Dropout(dropout)(x)
    return layers.Dense(outputs, name="heads")(x)


OF_VECTORS = {"mlp": mlp}
