"""Saved models: files that hold a network and the names of its heads."""

from collections.abc import Callable
from pathlib import Path

import keras

from degu import heads
from degu.heads import Heads
from degu.job import atomic


def converted(model: keras.Model, convert: Callable) -> keras.Model:
    """Let a model of raw outputs predict what they stand for: activities and deviations.

    Parameters
    ----------
    model
        Model of raw outputs.
    convert
        Conversion of a `degu.losses.Objective`.

    Returns
    -------
    model : keras.Model
        It shares the weights; heads of one kind stand together.
    """
    outputs = convert(model.output)
    joined = outputs[0] if len(outputs) == 1 else keras.ops.concatenate(outputs, axis=-1)
    return keras.Model(model.input, joined, name=model.name)


def inherit(model: keras.Model, teacher: keras.Model, activities: int) -> None:
    """Give a fresh model the weights of a teacher; what its uncertainty heads have is its own.

    Parameters
    ----------
    model, teacher
        The same architecture with the same activities; other heads may differ.
    activities
        Number of activities, which are the first heads of both.
    """
    own, theirs = (network.get_layer("heads") for network in (model, teacher))
    # One input of a dense layer of heads, one a head of profiles.
    inputs = (keras.tree.flatten(layer.input)[:activities] for layer in (own, theirs))
    for to, of in zip(*inputs, strict=True):
        weights = keras.Model(teacher.input, of).get_weights()
        keras.Model(model.input, to).set_weights(weights)
    for to, of in zip(own.weights, theirs.weights, strict=True):
        values = to.numpy()
        values[..., :activities] = of.numpy()[..., :activities]
        to.assign(values)


def save(model: keras.Model, path: str | Path, names: Heads) -> None:
    """Save a model with its heads; the file is there once it is whole.

    Parameters
    ----------
    path
        File that ends in .keras.
    names
        Heads of the model, in the order of its outputs (`degu.heads`).
    """
    with atomic(path) as temporary:
        model.save(temporary)
        heads.store(temporary, names)


def load(path: str | Path) -> keras.Model:
    """Read a saved model for inference or further training."""
    return keras.models.load_model(path, compile=False)
