"""Motifs that attribution maps repeat, by modisco-lite, without any motif file."""

from collections.abc import Mapping
from typing import NamedTuple

import modiscolite
import numpy as np
import pandas as pd

from degu.job import log
from degu.maps import Maps
from degu.motifs import matches
from degu.motifs.meme import Motifs
from degu.motifs.table import NONE, letters
from degu.sequences import one_hot

PATTERN = ["output", "kind", "pattern", "sign", "seqlets", "sequences", "consensus"]
PATTERN += ["motif", "title", "strand", "p_match", "q"]
LETTER = ["output", "pattern", "position", "base", "probability", "score"]
# Ends of a pattern are cut that contribute less than this share of its largest position.
_TRIMMED = 0.3


class Pattern(NamedTuple):
    """A motif that maps of a head repeat.

    Attributes
    ----------
    sign
        "raising" or "lowering": what it does to the prediction.
    probabilities : float array, shape (width, 4)
        Shares of the bases.
    contributions : float array, shape (width, 4)
        Mean contributions of the bases.
    rows : int array
        Sequence of each of its seqlets.
    """

    sign: str
    probabilities: np.ndarray
    contributions: np.ndarray
    rows: np.ndarray


def discover(maps: Maps) -> dict[str, Pattern]:
    """Find the motifs of one head, by name, those of most seqlets first.

    Parameters
    ----------
    maps
        Maps of a head, of which the mean over members counts; sequences that the config asks for
        do not.
    """
    hypothetical = maps.scores if maps.hypothetical is None else maps.hypothetical
    found = modiscolite.tfmodisco.TFMoDISco(
        one_hot(maps.codes[maps.asked :]),
        hypothetical.mean(axis=0, dtype=np.float64)[maps.asked :].astype(np.float32),
    )
    patterns = {}
    for sign, of_sign in zip(("raising", "lowering"), found, strict=True):
        for number, pattern in enumerate(of_sign or []):
            rows = np.array([seqlet.example_idx for seqlet in pattern.seqlets])
            kept = _core(pattern.contrib_scores)
            arrays = pattern.sequence[kept], pattern.contrib_scores[kept]
            patterns[f"{sign}{number}"] = Pattern(sign, *arrays, rows)
    return dict(sorted(patterns.items(), key=lambda item: -len(item[1].rows)))


def _core(contributions: np.ndarray) -> slice:
    """Positions from the first to the last that contribute much."""
    sizes = np.abs(contributions).sum(axis=1)
    large = np.flatnonzero(sizes >= _TRIMMED * sizes.max())
    return slice(large[0], large[-1] + 1)


def listed(
    found: Mapping[str, Mapping[str, Pattern]],
    kinds: Mapping[str, str],
    motifs: Motifs,
    level: float,
) -> pd.DataFrame:
    """List the discovered motifs of all heads, and the motif of a file that each matches.

    Parameters
    ----------
    found
        Patterns by head.
    kinds
        Kind of each head.
    motifs
        From `degu.motifs.meme`.
    level
        Largest q-value of a match.

    Returns
    -------
    table : DataFrame
        output, kind, pattern, sign, seqlets, sequences (that have one), consensus; motif, title,
        strand, p_match and q of the best match. Motif and title are "none" where q is not below
        the level.
    """
    parts = []
    for head, patterns in found.items():
        log.info("%s: %d motifs discovered", head, len(patterns))
        best = matches.match([one.probabilities for one in patterns.values()], motifs)
        rows = [
            (
                head,
                kinds[head],
                name,
                one.sign,
                len(one.rows),
                len(np.unique(one.rows)),
                consensus(one),
            )
            for name, one in patterns.items()
        ]
        part = pd.DataFrame(rows, columns=PATTERN[:7]).assign(
            motif=best.motif,
            title=[motifs.titles[name] for name in best.motif],
            strand=best.strand,
            p_match=best.p,
            q=best.q,
        )
        part.loc[~(part["q"] < level), ["motif", "title"]] = NONE
        parts.append(part)
    return pd.concat(parts) if parts else pd.DataFrame(columns=PATTERN)


def consensus(pattern: Pattern) -> str:
    """Most frequent base of each position, small where it has not the half."""
    letters = ["ACGT"[base] for base in pattern.probabilities.argmax(axis=1)]
    sure = pattern.probabilities.max(axis=1) > 0.5
    return "".join(
        letter if is_sure else letter.lower() for letter, is_sure in zip(letters, sure, strict=True)
    )


def drawn(found: Mapping[str, Mapping[str, Pattern]]) -> pd.DataFrame:
    """List the letters of discovered motifs, as logos show them.

    Returns
    -------
    table : DataFrame
        output, pattern, position (from 0), base, probability and score (mean contribution).
    """
    parts = [
        letters(pattern.probabilities, score=pattern.contributions).assign(
            output=head, pattern=name
        )
        for head, patterns in found.items()
        for name, pattern in patterns.items()
    ]
    return pd.concat(parts)[LETTER] if parts else pd.DataFrame(columns=LETTER)
