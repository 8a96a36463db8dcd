"""Standard deviations, log-variances, and their sum."""

import numpy as np

# Added to a variance before its logarithm, since members can agree to the last bit.
EPSILON = 1e-6


def to_logvar(std: np.ndarray) -> np.ndarray:
    """Logarithm of the variance plus `EPSILON`."""
    return np.log(np.square(std) + std.dtype.type(EPSILON))


def to_std(logvar: np.ndarray) -> np.ndarray:
    """Inverse of `to_logvar`; zero where the log-variance is below that of a zero deviation."""
    return np.sqrt(np.maximum(np.exp(logvar) - logvar.dtype.type(EPSILON), 0))


def total(epistemic: np.ndarray, aleatoric: np.ndarray) -> np.ndarray:
    """Total uncertainty: root of the summed variances (paper, Methods, "Interval coverage")."""
    return np.hypot(epistemic, aleatoric)


def clip(std: np.ndarray, smallest: float) -> tuple[np.ndarray, float]:
    """Raise standard deviations to a smallest one, since linear heads may go below zero.

    Returns
    -------
    std : array
        At least `smallest`.
    share : float
        Of the values that were raised.
    """
    return np.maximum(std, smallest), float(np.mean(std < smallest))
