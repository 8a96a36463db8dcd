"""Effects of variants and their standard deviations, from predictions for both alleles."""

from collections.abc import Mapping

import numpy as np

from degu.heads import Heads

PAIRED = "paired"
# Kinds of uncertainty by which variants are ranked and get intervals, the first that there is.
KINDS = (PAIRED, "total", "epistemic", "aleatoric")


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
