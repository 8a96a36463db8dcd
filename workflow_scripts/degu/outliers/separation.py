"""Areas under curves by which a score tells foreign sequences from known ones, and their draws."""

from typing import NamedTuple

import numpy as np

# Weights that are held at once.
_CELLS = 2**22


class Areas(NamedTuple):
    """Area under the ROC curve and average precision, foreign being positive; arrays of draws."""

    auroc: np.ndarray
    aupr: np.ndarray


def draws(units: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Draw measured units with replacement, behind the sequences as they are.

    Parameters
    ----------
    units : array, shape (n,)
        Labels of measured units; their sequences are drawn together.
    resamples
        Number of draws.
    rng
        Generator of the draws.

    Returns
    -------
    weights : float32 array, shape (1 + resamples, n)
        How often each sequence counts: once in the first row.
    """
    names, unit = np.unique(units, return_inverse=True)
    drawn = [
        np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))[unit]
        for _ in range(resamples)
    ]
    return np.array([np.ones(len(unit)), *drawn], np.float32)


def areas(
    known: np.ndarray, foreign: np.ndarray, of_known: np.ndarray, of_foreign: np.ndarray
) -> Areas:
    """Areas under the curves in each draw.

    Parameters
    ----------
    known, foreign : arrays, shape (n,) and (m,)
        Scores of test sequences and of foreign ones; equal ones count by half.
    of_known, of_foreign : arrays, shape (draws, n) and (draws, m)
        From `draws`.

    Returns
    -------
    areas : Areas
        Arrays of shape (draws,).
    """
    scores = np.concatenate([known, foreign])
    order = np.argsort(-scores, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(scores[order]) != 0))
    at_once = max(1, _CELLS // len(scores))
    found = []
    for at in range(0, len(of_known), at_once):
        some = slice(at, at + at_once)
        no, yes = (
            np.add.reduceat(weights[:, order].astype(np.float64), first, axis=1)
            for weights in (
                np.pad(of_known[some], ((0, 0), (0, len(foreign)))),
                np.pad(of_foreign[some], ((0, 0), (len(known), 0))),
            )
        )
        found.append(_areas(yes, no))
    return Areas(*np.concatenate(found, axis=1))


def _areas(yes: np.ndarray, no: np.ndarray) -> np.ndarray:
    """Both areas, (2, draws), of foreign and known counts by score, (draws, scores), falling."""
    found, wrong = yes.cumsum(axis=1), no.cumsum(axis=1)
    all_found, all_wrong = found[:, -1:], wrong[:, -1:]
    auroc = (yes * (all_wrong - wrong + no / 2) / (all_found * all_wrong)).sum(axis=1)
    # Scores above all that were drawn call nothing.
    aupr = (yes / all_found * found / np.maximum(found + wrong, 1)).sum(axis=1)
    return np.stack([auroc, aupr])


def interval(drawn: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
    """Value of the first draw, which is none, and percentile interval of the others."""
    low, high = np.quantile(drawn[1:], [(1 - level) / 2, (1 + level) / 2])
    return float(drawn[0]), float(low), float(high)
