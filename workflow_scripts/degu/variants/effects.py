"""Effects of variants and their standard deviations, from predictions for both alleles."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from degu.calibration import gaussian_factor
from degu.heads import Heads, clip
from degu.intervals import Calibration

PAIRED = "paired"
# Kinds of uncertainty by which variants are ranked and get intervals, the first that there is.
KINDS = (PAIRED, "total", "epistemic", "aleatoric")
ABSTAIN = "abstain"


def deviations(
    heads: Heads, ref: np.ndarray, alt: np.ndarray, activity: str
) -> dict[str, np.ndarray]:
    """Return standard deviations of the effect f(alt) - f(ref) by kind.

    With a head for each teacher "paired" is the standard deviation (ddof 0) of their effects. All
    other kinds are roots of the summed variances of both alleles, whose errors have much in common
    and largely cancel: they are too large.

    Parameters
    ----------
    heads
        Heads of the model.
    ref, alt : float arrays, shape (..., heads)
        Predictions for both alleles, deviations as deviations (`degu.heads.Heads.to_std`).
    activity
        Name.

    Returns
    -------
    deviations : dict of float arrays, shape (...)
        paired, epistemic, aleatoric, total, as far as the heads go.
    """
    columns = heads.members(activity)
    found = {PAIRED: (alt - ref)[..., columns].std(axis=-1)} if columns else {}
    of_ref, of_alt = (heads.uncertainties(of, activity) for of in (ref, alt))
    return found | {kind: np.hypot(of_ref[kind], of_alt[kind]) for kind in of_ref}


def preferred(found: Mapping[str, np.ndarray]) -> str | None:
    """Kind of uncertainty that tells how sure an effect is; None where there is none."""
    return next((kind for kind in KINDS if kind in found), None)


def sign_agreement(heads: Heads, ref: np.ndarray, alt: np.ndarray, activity: str) -> np.ndarray:
    """Share of the heads of teachers whose effect has the sign of the mean; NaN without such heads.

    Parameters and shapes are those of `deviations`.
    """
    columns = heads.members(activity)
    if not columns:
        return np.full(ref.shape[:-1], np.nan)
    effects = (alt - ref)[..., columns]
    return (np.sign(effects) == np.sign(effects.mean(axis=-1, keepdims=True))).mean(axis=-1)


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


def certainty(
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
