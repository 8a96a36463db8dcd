"""Predictive uncertainty of one model by Monte Carlo dropout."""

from collections.abc import Callable
from itertools import count

import keras
import numpy as np

from degu import models
from degu.ensemble import summarise
from degu.job import InputError, log


def mc_dropout(
    model: keras.Model, codes: np.ndarray, passes: int, seed: int, strands: str = "forward"
) -> np.ndarray:
    """Predict in many passes with dropout on and batch norm as in inference.

    Monte Carlo dropout (Gal and Ghahramani, 2016; paper, Methods, "MC Dropout"): mean and standard
    deviation over the passes are prediction and epistemic uncertainty. The model stays as it is.
    Of an epinet (`degu.models.vectors`) the index is drawn instead, and dropout is off.

    Parameters
    ----------
    model : keras.Model
        Functional, with dropout layers, or an epinet.
    codes : uint8 array, shape (n, length)
        Or vectors, float32 (n, width).
    passes
        At least 1; the paper has 100.
    seed
        The same seed gives the same masks.
    strands
        Strands that each pass predicts from (`degu.models.on_strands`), each by a mask of its own.

    Returns
    -------
    predictions : float32 array, shape (passes, n, outputs)

    Raises
    ------
    InputError
        For no pass, or a model without dropout.
    """
    if passes < 1:
        raise InputError(f"passes is {passes}: at least 1 is needed.")
    predict = sampler(model, seed, strands)
    return np.stack([predict(codes) for _ in range(passes)])


def sampler(
    model: keras.Model, seed: int, strands: str = "forward"
) -> Callable[[np.ndarray], np.ndarray]:
    """Compile passes of `mc_dropout`: each call of what is returned is another one.

    Parameters
    ----------
    model, seed, strands
        As of `mc_dropout`.

    Raises
    ------
    InputError
        For a model without dropout.
    """
    kinds = (keras.layers.GaussianNoise, keras.layers.Dropout)
    found = [kind for kind in kinds if any(isinstance(layer, kind) for layer in model.layers)]
    if not found:
        raise InputError(f"{model.name!r} has no dropout layer: all passes would be the same.")
    kind, seeds = found[0], count(seed)

    class Active(kind):
        def call(self, inputs, training=False):
            return super().call(inputs, training=True)

    def activate(layer):
        if not isinstance(layer, kind):
            return layer
        return Active.from_config(layer.get_config() | {"seed": next(seeds)})

    # Not `training=True`: batch norm would use and change the statistics of the batch.
    active = keras.models.clone_model(model, input_tensors=model.input, clone_function=activate)
    return models.on_strands(models.predictor(active), strands)


def sampled(
    path: str, codes: np.ndarray, passes: int, seed: int, strands: str
) -> dict[str, np.ndarray]:
    """Mean and standard deviation over the passes of `mc_dropout` of a saved model.

    Returns
    -------
    arrays : dict
        "mean" and "std", float32 (n, outputs).
    """
    log.info("%d passes of %d sequences through %s", passes, len(codes), path)
    mean, std = summarise(mc_dropout(models.load(path), codes, passes, seed, strands))
    return {"mean": mean, "std": std}
