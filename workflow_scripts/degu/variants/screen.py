"""Substitutions without an effect, told by one gradient for many: they need no prediction."""

from collections.abc import Callable, Sequence

import numpy as np

from degu.sequences import ALPHABET, encode
from degu.variants.placed import Placed, Places

# Windows whose gradients are computed at once.
_WINDOWS = 256


def worth(
    placed: Sequence[Placed],
    explain: Callable[[np.ndarray], np.ndarray],
    places: Places,
    adaptors: tuple[str, str],
    threshold: float,
) -> np.ndarray:
    """Find the variants whose effect to first order (TISM) reaches a threshold.

    One gradient tells all substitutions in the middle half of its window, where predictions see
    each in a window of its own: neighbours cost no more than one.

    Parameters
    ----------
    placed
        Variants with sequences.
    explain
        uint8 codes (n, length) -> effects to first order (activities, n, length, 4).
    places
        Genome and window.
    adaptors
        Letters left and right of windows.
    threshold
        In units of the activity; of several activities one must reach it.

    Returns
    -------
    worth : bool array, shape (n,)
        True for all insertions, deletions and longer substitutions.
    """
    kept = np.ones(len(placed), bool)
    single = [at for at, one in enumerate(placed) if len(one.ref) == len(one.alt) == 1]
    single.sort(key=lambda at: (placed[at].variant.chrom, placed[at].pos))
    windows = _windows([placed[at] for at in single], places)
    for first in range(0, len(windows), _WINDOWS):
        some = windows[first : first + _WINDOWS]
        left, right = adaptors
        texts = [
            left + places.letters(chrom, start, start + places.window) + right
            for chrom, start, _ in some
        ]
        effects = np.abs(explain(encode(texts))).max(axis=0)
        for of_window, (_, start, members) in zip(effects, some, strict=True):
            for at in (single[member] for member in members):
                one = placed[at]
                place = len(left) + one.pos - 1 - start
                kept[at] = of_window[place, ALPHABET.index(one.alt)] >= threshold
    return kept


def _windows(placed: Sequence[Placed], places: Places) -> list[tuple[str, int, list[int]]]:
    """Chromosome and start of windows, and the substitutions in the middle half of each.

    Parameters
    ----------
    placed
        Substitutions by chromosome and position.
    """
    reach, found = max(1, places.window // 2), []
    chrom, first = None, 0
    for number, one in enumerate(placed):
        if one.variant.chrom != chrom or one.pos >= first + reach:
            chrom, first = one.variant.chrom, one.pos
            last = places.length(chrom) - places.window
            start = int(np.clip(first - 1 - places.window // 4, 0, last))
            found.append((chrom, start, []))
        found[-1][2].append(number)
    return found
