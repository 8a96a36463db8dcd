"""Calibration of predicted classes: reliability, proper scores, temperature, conformal sets.

Confidence is the probability of the class that is called.
"""

from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from degu.calibration import conformal_factor
from degu.classification import probabilities

BINS = 10
# Temperatures to choose from; softmax is flat, or a step, beyond them.
_RANGE = (-5.0, 5.0)


class Bins(NamedTuple):
    """Equally wide bins of confidence, each array of shape (bins,); NaN where a bin is empty."""

    number: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray

    @property
    def ece(self) -> float:
        """Expected calibration error: mean over sequences of the gap of their bins."""
        known = self.number > 0
        gaps = np.abs(self.confidence - self.accuracy)[known]
        return float(gaps @ self.number[known] / self.number.sum())

    @property
    def bin_mse(self) -> float:
        """Mean squared gap over the bins that hold sequences."""
        return float(np.nanmean(np.square(self.confidence - self.accuracy)))


def reliability(probabilities: np.ndarray, truth: np.ndarray, bins: int = BINS) -> Bins:
    """Compare confidence and accuracy, bin by bin.

    Parameters
    ----------
    probabilities : array, shape (n, classes)
    truth : int array, shape (n,)
        Class of each sequence.
    bins
        Bins from 0 to 1; a confidence on an edge is of the lower one, as in (0.9, 1].
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    edges = np.arange(1, bins) / bins
    place = np.searchsorted(edges, confidence, side="left")
    number = np.bincount(place, minlength=bins)
    sums = [np.bincount(place, values, minlength=bins) for values in (confidence, right)]
    means = [np.divide(of, number, np.full(bins, np.nan), where=number > 0) for of in sums]
    return Bins(number, *means)


def brier(probabilities: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Brier scores, (n,): squared error summed over classes, from 0 to 2."""
    one_hot = np.eye(probabilities.shape[1])[truth]
    return np.square(probabilities - one_hot).sum(axis=1)


def nll(logits: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Negative log-likelihoods of the true classes, (n,), in nats."""
    return -special.log_softmax(np.float64(logits), axis=1)[np.arange(len(truth)), truth]


def dyadic(n: int, batches: int, seed: int, size: int = 10, anchors: int = 2) -> np.ndarray:
    """Draw batches that hold few sequences several times, whose labels depend on each other.

    Dyadic sampling (Osband et al., 2022): batches of different sequences tell a model that knows
    what it does not know from one that only says so hardly at all.

    Parameters
    ----------
    n
        Number of sequences.
    batches
        Number of batches.
    seed
        Seed of the draws.
    size
        Sequences a batch.
    anchors
        Sequences that a batch is drawn from, with replacement.

    Returns
    -------
    rows : int array, shape (batches, size)
    """
    rng = np.random.default_rng(seed)
    known = rng.integers(n, size=(batches, anchors))
    return np.take_along_axis(known, rng.integers(anchors, size=(batches, size)), axis=1)


def joint_nll(log_likelihoods: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Negative log-likelihoods of all labels of batches together, (batches,), in nats.

    A label weighs the members by which it is likely, so that members that disagree in their own
    ways gain over ones that agree: -log mean_z prod_t p_z(y_t).

    Parameters
    ----------
    log_likelihoods : array, shape (members, n)
        Of the true class of each sequence by each member, or pass.
    rows : int array, shape (batches, size)
        From `dyadic`.
    """
    joint = np.float64(log_likelihoods)[:, rows].sum(axis=-1)
    return np.log(len(joint)) - special.logsumexp(joint, axis=0)


def temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """Find the number that logits are divided by, so that the truth is most likely.

    Guo et al., 2017. Above 1 where a model is too sure.

    Parameters
    ----------
    logits : array, shape (n, classes)
        A calibration set.
    truth : int array, shape (n,)
    """

    def loss(log_temperature: float) -> float:
        return float(nll(logits / np.exp(log_temperature), truth).mean())

    found = optimize.minimize_scalar(loss, bounds=_RANGE, method="bounded", options={"xatol": 1e-8})
    return float(np.exp(found.x))


def threshold(logits: np.ndarray, truth: np.ndarray, level: float, units: np.ndarray) -> float:
    """Largest 1 - p of a class that a conformal set takes in, whatever the model.

    The score 1 - p of the true class of rank ceil((n + 1) * level) on the calibration set, as
    `degu.calibration.conformal_factor` finds it.

    Parameters
    ----------
    logits : array, shape (n, classes)
        A calibration set that is exchangeable with the sequences to be predicted.
    truth : int array, shape (n,)
    level
        Probability that a set holds the true class.
    units : array, shape (n,)
        Measured units, each of which counts once.

    Returns
    -------
    threshold : float
        Infinite, so that sets hold all classes, if there are too few units for the level.
    """
    scores = 1 - probabilities(logits)[np.arange(len(truth)), truth]
    return conformal_factor(scores, np.zeros(len(truth)), np.ones(len(truth)), level, units)


def sets(logits: np.ndarray, threshold: float) -> np.ndarray:
    """Conformal sets of classes, bool (n, classes), for the threshold of `threshold`."""
    return 1 - probabilities(logits) <= threshold
