"""Certainty of effects: their intervals, the probability of their sign, and calls."""

from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from degu.calibration import gaussian_factor
from degu.heads import clip
from degu.intervals import Calibration

ABSTAIN = "abstain"


class Certainty(NamedTuple):
    """How sure effects are, arrays of shape (n,).

    Attributes
    ----------
    low, high
        Ends of the interval.
    p_sign
        Probability that the effect has the sign that is predicted.
    call
        "increase" or "decrease" where the interval leaves out zero, else "abstain".
    """

    low: np.ndarray
    high: np.ndarray
    p_sign: np.ndarray
    call: np.ndarray


def of_effects(
    effect: np.ndarray,
    std: np.ndarray,
    level: float,
    smallest_std: float,
    calibrated: Calibration | None = None,
) -> Certainty:
    """Interval, probability of the sign and call of each effect.

    Parameters
    ----------
    effect, std : float arrays, shape (n,)
        Predicted effects and their standard deviations, which are raised to `smallest_std`.
    level
        Nominal level of the interval.
    calibrated
        Calibration of effects at that level; without it the interval is a Gaussian one.
    """
    std, gaussian = clip(std, smallest_std)[0], gaussian_factor(level)
    half = gaussian * std if calibrated is None else calibrated.half_width(effect, std, level)
    low, high = effect - half, effect + half
    call = np.select([low > 0, high < 0], ["increase", "decrease"], ABSTAIN)
    return Certainty(low, high, norm.cdf(gaussian * np.abs(effect) / half), call)
