"""Ensembles of members with the same heads: predictions, their mean, their spread."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, repeat
from pathlib import Path

import numpy as np

from degu import heads, models
from degu.heads import Heads
from degu.job import InputError, log
from degu.metrics import pearson
from degu.spread import check_number, running, summarise

__all__ = [
    "Ensemble",
    "check_correlations",
    "check_members",
    "check_number",
    "members",
    "running",
    "summarise",
    "whole",
]


class Ensemble:
    """Members with the same heads, such as networks trained alike from different seeds.

    Parameters
    ----------
    paths
        Saved models, one a member; they are read one at a time, so memory does not grow with
        their number. One that stands several times in a row counts as many members, and predicts
        once.
    strands
        Strands that they predict from (`degu.models.on_strands`).
    """

    def __init__(self, paths: Sequence[str | Path], strands: str = "forward"):
        self._paths, self._strands = list(paths), strands
        if not self._paths:
            raise InputError("An ensemble needs at least one member.")

    @property
    def heads(self) -> Heads:
        """Heads that all members have (`degu.heads.read_common`)."""
        return heads.read_common(self._paths)

    def predict(self, codes: np.ndarray) -> np.ndarray:
        """Predict with every member.

        Parameters
        ----------
        codes : uint8 array, shape (n, length)

        Returns
        -------
        predictions : float32 array, shape (members, n, outputs)
        """
        predictions = []
        for path, again in groupby(self._paths):
            log.info("%d sequences through %s", len(codes), path)
            predict = models.predictor(models.load(path))
            predictions += [models.on_strands(predict, self._strands)(codes)] * len([*again])
        return np.stack(predictions)


def members(
    paths: list[str], strands: str = "forward"
) -> Callable[[np.ndarray], Iterator[np.ndarray]]:
    """Compile prediction by one member after the other, of profiles for whole windows.

    Parameters
    ----------
    paths
        Saved models. Those of one folder are alike but for their weights, and one network holds
        each in turn. One that stands w times in a row predicts once and counts as w members, so
        that mean and standard deviation over members are the weighted ones: with weights w
        normalised to a sum of one, mean = sum(w x) and variance = sum(w (x - mean)^2).
    strands
        Strands that they predict from (`degu.models.on_strands`).

    Returns
    -------
    predict : callable
        uint8 codes of shape (n, length) -> a float32 array a member, shape (n, heads), or (n,
        length, heads) of profiles.
    """
    networks = {}
    for path in paths:
        folder = Path(path).parent
        if folder not in networks:
            network = models.load(path)
            networks[folder] = network, models.on_strands(models.predictor(network), strands)

    def each(codes: np.ndarray) -> Iterator[np.ndarray]:
        for path, again in groupby(paths):
            log.info("%d sequences through %s", len(codes), path)
            network, predict = networks[Path(path).parent]
            network.load_weights(path)
            yield from repeat(whole(predict, codes, network.input_shape[1]), len([*again]))

    return each


def whole(predict: Callable, codes: np.ndarray, crop: int) -> np.ndarray:
    """Predict windows of up to two crops: the first tells the left half, the last the right one.

    Parameters
    ----------
    predict
        Prediction of crops (`degu.models.predictor`).
    codes : uint8 array, shape (n, window)

    Returns
    -------
    profiles : float32 array, shape (n, window, heads)
    """
    window = codes.shape[1]
    if window == crop:
        return predict(codes)
    left, right = predict(codes[:, :crop]), predict(codes[:, -crop:])
    middle = window // 2
    return np.concatenate([left[:, :middle], right[:, middle - window :]], axis=1)


def check_members(
    predictions: np.ndarray, truth: np.ndarray, names: list[str], units: np.ndarray | None = None
) -> None:
    """Refuse an ensemble with a member that fell out of it, by `check_correlations`.

    Parameters
    ----------
    predictions : array, shape (members, n, activities)
        Predictions for the validation set.
    truth : array, shape (n, activities)
        NaN where an activity was not measured.
    names
        One a member.
    units : array, shape (n,), optional
        Measured units, such as windows of profiles, which count once; by default each row is one.
    """
    units = np.arange(len(truth)) if units is None else units
    r = [
        [pearson(true, predicted) for true, predicted in zip(truth.T, member.T, strict=True)]
        for member in predictions
    ]
    number = np.array([len(np.unique(units[~np.isnan(true)])) for true in truth.T])
    check_correlations(np.array(r), number, names)


def check_correlations(correlations: np.ndarray, n: np.ndarray, names: list[str]) -> None:
    """Refuse an ensemble with a member that is inverted, constant, or far behind.

    Parameters
    ----------
    correlations : array, shape (members, activities)
        Pearson's r on the validation set.
    n : int array, shape (activities,)
        Number of measured units of the validation set in which each was measured; below two
        say nothing.
    names
        One a member.

    Raises
    ------
    InputError
        If a member's r with an activity is not positive or below half of the median over members,
        by more than three standard errors of an r of nothing; or if its predictions are constant.
    """
    told = n > 1
    for r, chance in zip(correlations.T[told], 3 / np.sqrt(n[told]), strict=True):
        usual = float(np.nanmedian(r))
        for name, value in zip(names, r, strict=True):
            if not value > max(0.0, usual / 2) - chance:
                shown = "undefined (constant predictions)" if np.isnan(value) else f"{value:.3f}"
                run = "/".join(Path(name).with_suffix("").parts[-4:])
                raise InputError(
                    f"The member {name} fell out of its ensemble: its validation r is "
                    f"{shown}, the median over members {usual:.3f}. To train it under "
                    f"another seed add '{run}: 1' under reseed in the config and run again; if "
                    "several fall out, raise warmup_steps."
                )
