"""Recursive seqlets: short spans of a sequence that stand out in its attribution map.

The algorithm is that of tangermeme's `recursive_seqlets` (Schreiber 2025), written anew, with ranks
in place of its histograms. Every span of every allowed length has a p-value: the share of spans of
its length, and of the sign of its sum, whose sums are at least as large. A seqlet is a span that
has a p-value below the threshold with all spans inside it. Longest spans are called first, of equal
ones those with the smallest p-value; seqlets do not overlap.
"""

import numpy as np
import pandas as pd

COLUMNS = ["row", "start", "end", "attribution", "p"]


def call(contributions: np.ndarray, threshold: float, shortest: int, longest: int) -> pd.DataFrame:
    """Call the seqlets of the maps of one head.

    Parameters
    ----------
    contributions : float array, shape (n, length)
        Scores of the bases that stand in each sequence (`degu.maps.Maps.contributions`).
    threshold
        Largest p-value of a seqlet and of all spans inside it.
    shortest, longest
        Bases of a seqlet.

    Returns
    -------
    seqlets : DataFrame
        row (of the sequence), start and end (from 0, end not included), attribution (the sum of its
        contributions) and p (the largest of all spans inside it), in the order of the sequences.
    """
    sums = np.cumsum(np.pad(contributions, ((0, 0), (1, 0))), axis=1, dtype=np.float64)
    longest = min(longest, contributions.shape[1])
    worst = _worst_p_values(sums, shortest, longest)
    found = [
        (row, start, end, sums[row, end] - sums[row, start], p)
        for row in range(len(contributions))
        for start, end, p in _called([of_length[row] for of_length in worst], shortest, threshold)
    ]
    return pd.DataFrame(found, columns=COLUMNS)


def p_values(sums: np.ndarray) -> np.ndarray:
    """Share of spans, of the sign of each one, whose sums are at least as large.

    Parameters
    ----------
    sums : float array
        Sums of all spans of one length.

    Returns
    -------
    p : float32 array
        1 where a sum is 0.
    """
    p = np.ones(sums.shape, np.float32)
    for of_sign in (sums > 0, sums < 0):
        sizes = np.abs(sums[of_sign])
        below = np.searchsorted(np.sort(sizes), sizes, side="left")
        p[of_sign] = 1 - below / max(len(sizes), 1)
    return p


def _worst_p_values(sums: np.ndarray, shortest: int, longest: int) -> list[np.ndarray]:
    """Largest p-value of each span and all spans inside it, an array (n, starts) a length."""
    worst = []
    for length in range(shortest, longest + 1):
        p = p_values(sums[:, length:] - sums[:, :-length])
        if worst:
            # A span holds two that are a base shorter, and with them all others.
            p = np.maximum(p, np.maximum(worst[-1][:, :-1], worst[-1][:, 1:]))
        worst.append(p)
    return worst


def _called(worst: list[np.ndarray], shortest: int, threshold: float) -> list[tuple]:
    """Start, end and p-value of the seqlets of one sequence, from its left."""
    free, found = np.ones(len(worst[0]) + shortest - 1, bool), []
    for length, p in reversed(list(enumerate(worst, shortest))):
        candidates = np.flatnonzero(p < threshold)
        for start in candidates[np.argsort(p[candidates], kind="stable")]:
            if free[start : start + length].all():
                free[start : start + length] = False
                found.append((int(start), int(start) + length, float(p[start])))
    return sorted(found)
