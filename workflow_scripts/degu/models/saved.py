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
    outputs = keras.ops.concatenate(convert(model.output), axis=-1)
    return keras.Model(model.input, outputs, name=model.name)


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
