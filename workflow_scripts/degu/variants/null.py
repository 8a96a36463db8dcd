"""Effects of random substitutions in the elements of variants: what an effect is compared with."""

from collections.abc import Iterable, Sequence

import numpy as np

from degu.sequences import encode
from degu.variants.placed import Places
from degu.variants.vcf import SCORED, Variant

_BASES = "ACGT"
# Random substitutions that a group of like elements must have, and the most groups a property has.
_SMALLEST, _MOST = 50, 4


def draw(variants: Iterable[Variant], number: int, places: Places, seed: int) -> list[Variant]:
    """Draw random substitutions in the windows of some variants, which are drawn as well.

    Each lies in the window of a variant, at any place in it, and is scored in the middle of a
    window of its own, as variants are. Memory is that of `number` variants.

    Parameters
    ----------
    variants
        All of a file, so that its shards draw the same.
    number
        Number of variants that are drawn, and of substitutions; fewer where their windows leave
        the genome, or hold N.
    places
        Genome and window.
    seed
        Seed of the draws.
    """
    rng = np.random.default_rng(seed)
    kept: list[Variant] = []
    known = (one for one in variants if one.status == SCORED)
    for seen, one in enumerate(known):
        # Each variant is as likely to stay (Vitter's reservoir).
        at = seen if seen < number else int(rng.integers(seen + 1))
        if at < number:
            kept[at : at + 1] = [one]
    found = (_substitution(one, places, rng) for one in kept)
    return [one for one in found if one is not None]


def _substitution(one: Variant, places: Places, rng: np.random.Generator) -> Variant | None:
    """Draw a random substitution in the window of a variant; None where there is none."""
    index = (places.window - 1) // 2
    pos = one.pos - index + int(rng.integers(places.window))
    other = int(rng.integers(3))
    length = places.length(one.chrom)
    if length is None or not 0 < pos <= length:
        return None
    ref = places.letters(one.chrom, pos - 1, pos)
    if ref not in _BASES:
        return None
    return Variant(one.chrom, pos, ".", ref, _BASES.replace(ref, "")[other])


class Null:
    """Sizes of random effects, by the GC content and the predicted activity of their elements.

    Elements are grouped by quantiles of GC content, and those of a group by quantiles of activity.

    Parameters
    ----------
    texts
        Windows of the reference.
    activity, effect : float arrays, shape (n,)
        Predicted activity of them, and effects of the substitutions.
    """

    def __init__(self, texts: Sequence[str], activity: np.ndarray, effect: np.ndarray):
        groups = int(np.clip(np.sqrt(len(texts) / _SMALLEST), 1, _MOST))
        shares = np.arange(1, groups) / groups
        gc = gc_content(texts)
        self._gc = np.quantile(gc, shares)
        of_gc = np.searchsorted(self._gc, gc, side="right")
        # Ties of GC content can leave a group empty: it takes all elements.
        rows = [np.flatnonzero(of_gc == group) for group in range(groups)]
        rows = [some if len(some) else np.arange(len(texts)) for some in rows]
        self._activity = [np.quantile(activity[some], shares) for some in rows]
        self._sizes = []
        for some, edges in zip(rows, self._activity, strict=True):
            group = np.searchsorted(edges, activity[some], side="right")
            sizes = np.abs(effect[some])
            of_group = [sizes[group == one] for one in range(groups)]
            self._sizes.append([np.sort(one if len(one) else sizes) for one in of_group])

    def percentile(
        self, texts: Sequence[str], activity: np.ndarray, effect: np.ndarray
    ) -> np.ndarray:
        """Share of the random effects of like elements that are smaller, in percent (n,).

        Ties count half.
        """
        of_gc = np.searchsorted(self._gc, gc_content(texts), side="right")
        found = np.empty(len(texts))
        for at, (group, value, size) in enumerate(
            zip(of_gc, activity, np.abs(effect), strict=True)
        ):
            place = int(np.searchsorted(self._activity[group], value, side="right"))
            sizes = self._sizes[group][place]
            below, upto = (
                np.searchsorted(sizes, size, "left"),
                np.searchsorted(sizes, size, "right"),
            )
            found[at] = 50 * (below + upto) / len(sizes)
        return found


def gc_content(texts: Sequence[str]) -> np.ndarray:
    """Share of G and C among the letters of sequences of one length (n,)."""
    codes = encode(texts)
    return ((codes == 1) | (codes == 2)).mean(axis=1)
