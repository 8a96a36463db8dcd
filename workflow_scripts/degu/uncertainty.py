"""Predictive uncertainty of one model by passes: Monte Carlo dropout, or the index of an epinet."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import NamedTuple

import keras
import numpy as np

from degu import heads, job, models
from degu.job import InputError, log
from degu.spread import running, running_logits


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


class Draws(NamedTuple):
    """Passes of each teacher that labels are the mean and the spread of, and their seed."""

    passes: int
    seed: int

    @classmethod
    def named(cls, teachers: str, *names: object) -> "Draws | None":
        """Draws by the name of labels: 1x100 is 100 passes of one teacher; 10 has none.

        Parameters
        ----------
        teachers
            Name of labels.
        names
            Names that the seed follows from.
        """
        _, _, passes = teachers.partition("x")
        return cls(int(passes), job.seed(*names, "passes")) if passes else None


def drawn(
    paths: Sequence[str], draws: Draws, strands: str = "forward"
) -> Callable[[np.ndarray], Iterator[np.ndarray]]:
    """Compile passes of saved models, as `degu.ensemble.members` does predictions.

    Returns
    -------
    predict : callable
        Codes -> an array (n, heads) a pass, all passes of a model before those of the next. The
        same calls in the same order give the same passes.
    """
    samplers = [
        sampler(models.load(path), job.seed(draws.seed, number), strands)
        for number, path in enumerate(paths)
    ]

    def each(codes: np.ndarray) -> Iterator[np.ndarray]:
        for path, predict in zip(paths, samplers, strict=True):
            log.info("%d passes of %d sequences through %s", draws.passes, len(codes), path)
            for _ in range(draws.passes):
                yield predict(codes)

    return each


def sampled(
    path: str, codes: np.ndarray, passes: int, seed: int, strands: str
) -> dict[str, np.ndarray]:
    """Mean and standard deviation over the passes of `mc_dropout` of a saved model.

    Memory does not grow with their number.

    Returns
    -------
    arrays : dict
        "mean" and "std", float32 (n, outputs). For a model of classes, of its logits (n, classes):
        "mean" are those of the mean probabilities, and "information" (n, 1) is the mutual
        information of class and pass, in nats (`degu.spread.OfLogits`).

    Raises
    ------
    InputError
        For fewer than two passes, or a model without dropout.
    """
    log.info("%d passes of %d sequences through %s", passes, len(codes), path)
    predict, classes = sampler(models.load(path), seed, strands), heads.read(path).columns("class")
    if not classes:
        mean, std = running(predict(codes) for _ in range(passes))
        return {"mean": mean, "std": std}
    found = running_logits(predict(codes)[:, classes] for _ in range(passes))
    return {"mean": found.marginal, "std": found.std, "information": found.information}
