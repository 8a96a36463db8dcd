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
    return layers.Dense(outputs, name="heads")(_features(x, width, depth, dropout))


def epinet(
    x: keras.KerasTensor,
    outputs: int,
    width: int = 128,
    depth: int = 2,
    dropout: float = 0.0,
    index: int = 8,
    hidden: int = 15,
    prior: float = 1.0,
) -> keras.KerasTensor:
    """Build an `mlp`, and a part that tells by a random index how sure it is (Osband et al., 2023).

    The output is base + learnable + prior * fixed, where both parts are index networks of the
    features in front of the base's heads; they send no gradient to the features, and the fixed one
    never trains. The index is drawn from N(0, I) for each row of a minibatch. In inference it is
    zero, where both parts vanish: the base predicts. `indexed` gives the model for any index.

    Parameters
    ----------
    x, outputs, width, depth, dropout
        As of `mlp`.
    index
        Length of the index.
    hidden
        Units of the two dense layers of an index network.
    prior
        Scale of the fixed part, in units of the outputs.
    """
    features = _features(x, width, depth, dropout)
    base = layers.Dense(outputs, name="heads")(features)
    features = keras.ops.stop_gradient(features)
    zero = layers.Dense(index, use_bias=False, kernel_initializer="zeros", trainable=False)(x)
    z = layers.GaussianNoise(1.0, name=INDEX)(zero)
    learnable = _index_network(features, z, outputs, hidden, "learnable")
    fixed = _index_network(features, z, outputs, hidden, "fixed")
    return base + learnable + prior * fixed


# Layer whose output is the index of an epinet.
INDEX = "index"


def indexed(model: keras.Model) -> keras.Model:
    """Return an epinet as a model of vectors and indices, (n, width) and (n, index)."""
    inputs = [model.input, model.get_layer(INDEX).output]
    return keras.Model(inputs, model.output, name=model.name)


def _features(x, width: int, depth: int, dropout: float):
    x = layers.BatchNormalization()(x)
    for _ in range(depth):
        x = layers.Dense(width, activation="relu")(x)
        x = layers.Dropout(dropout)(x)
    return x


def _index_network(features, z, outputs: int, hidden: int, name: str):
    """Dense layers of index and features that give a matrix, which the index is multiplied by."""
    y = layers.Concatenate()([z, features])
    sizes = [hidden, hidden, outputs * z.shape[1]]
    for number, units in enumerate(sizes):
        y = layers.Dense(
            units,
            activation=None if number == len(sizes) - 1 else "relu",
            trainable=name == "learnable",
            name=f"{name}{number}",
        )(y)
    matrix = layers.Reshape((outputs, z.shape[1]))(y)
    return keras.ops.sum(matrix * keras.ops.expand_dims(z, 1), axis=-1)


OF_VECTORS = {"mlp": mlp, "epinet": epinet}
