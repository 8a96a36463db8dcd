"""Tables of seqlets with the motifs that they match, and of motifs with their seqlets."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from degu.job import log
from degu.maps import Maps
from degu.motifs import matches, seqlets
from degu.motifs.meme import Motifs
from degu.sequences import decode, one_hot

LETTER = ["family", "position", "base", "probability", "score"]
NONE = "none"  # Motif of seqlets that match none.
LABELS = ["output", "kind"]
SEQLET = [*LABELS, "name", "start", "end", "word", "attribution", "p"]
SEQLET += ["motif", "title", "family", "strand", "offset", "p_match", "q"]
MOTIF = [
    *LABELS,
    "family",
    "title",
    "motifs",
    "seqlets",
    "share",
    "sequences",
    "raising",
    "lowering",
]
MOTIF += ["attribution", "q"]


def annotate(
    run: Mapping[str, Maps], motifs: Motifs, level: float, **calling: float
) -> pd.DataFrame:
    """Call the seqlets of all heads of a run, and find the motif that each matches.

    Parameters
    ----------
    run
        Maps by head (`degu.maps.read`), of which the mean over members counts. Sequences that the
        config asks for do not count.
    motifs
        From `degu.motifs.meme`.
    level
        Largest q-value of a match.
    calling
        Settings of `degu.motifs.seqlets.call`.

    Returns
    -------
    table : DataFrame
        A row a seqlet: output and kind (head), name (of the sequence), start and end (from 0, end
        not included), word (its bases), attribution (sum of its contributions), p; motif, its
        title, its family, strand, offset (of the motif's first column from the seqlet's start),
        p_match and q of the best match. Motif, title and family are "none" where q is not below
        the level.
    """
    found = [_annotated(head, maps, motifs, calling) for head, maps in run.items()]
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=SEQLET)
    unmatched = ~(table["q"] < level)
    families = matches.families(table["motif"][~unmatched].value_counts().index, motifs, level)
    table["title"] = table["motif"].map(motifs.titles)
    table["family"] = table["motif"].map(families)
    table.loc[unmatched, ["motif", "title", "family"]] = NONE
    return table[SEQLET]


def _annotated(head: str, maps: Maps, motifs: Motifs, calling: Mapping) -> pd.DataFrame:
    """Rows of one head, without titles and families."""
    codes, contributions = maps.codes[maps.asked :], maps.contributions().mean(axis=0)[maps.asked :]
    called = seqlets.call(contributions, **calling)
    places = list(zip(called["row"], called["start"], called["end"], strict=True))
    queries = [
        weighted(codes[row, start:end], contributions[row, start:end]) for row, start, end in places
    ]
    best = matches.match(queries, motifs)
    log.info("%s: %d seqlets of %d sequences", head, len(called), len(codes))
    return called.assign(
        output=head,
        kind=maps.kind,
        name=maps.names[maps.asked :][called["row"].to_numpy(int)],
        word=[decode(codes[None, row, start:end])[0] for row, start, end in places],
        p_match=best.p,
        **{key: getattr(best, key) for key in ("motif", "strand", "offset", "q")},
    )


def weighted(codes: np.ndarray, contributions: np.ndarray) -> np.ndarray:
    """Mix each base of a word with equal shares of all four, by how little it contributes.

    A word has bases around its core that a motif need not share. The weight of a base is the root
    of its contribution as a share of the largest one, 0 where the sign is not that of the sum.

    Parameters
    ----------
    codes : uint8 array, shape (width,)
    contributions : float array, shape (width,)

    Returns
    -------
    query : float array, shape (width, 4)
        Probabilities of the bases.
    """
    sizes = np.maximum(contributions * np.sign(contributions.sum()), 0)
    weights = np.sqrt(sizes / sizes.max())[:, None]
    return weights * one_hot(codes) + (1 - weights) / 4


def count(table: pd.DataFrame, motifs: Motifs) -> pd.DataFrame:
    """Count the seqlets of each family of motifs.

    Parameters
    ----------
    table
        From `annotate`.
    motifs
        Motifs that its seqlets were held against.

    Returns
    -------
    table : DataFrame
        output, kind, family (the motif of the file that names it, or none), title, motifs (those of
        the family that seqlets match), seqlets, share (of all seqlets of the head), sequences (that
        have one), raising and lowering (seqlets by the sign of their attribution), attribution
        (mean of the seqlets), q (the smallest). Of each head the largest family comes first, and
        none last.
    """
    rows = []
    for (output, kind), of_head in table.groupby(LABELS, sort=False):
        families = of_head["family"].value_counts().index
        for family in sorted(families, key=lambda family: family == NONE):
            part = of_head[of_head["family"] == family]
            title = motifs.titles.get(family, NONE)
            matched = ", ".join(sorted(part["motif"].unique()))
            counts = len(part), len(part) / len(of_head), part["name"].nunique()
            raising = int((part["attribution"] > 0).sum())
            summary = raising, len(part) - raising, part["attribution"].mean(), part["q"].min()
            rows.append((output, kind, family, title, matched, *counts, *summary))
    return pd.DataFrame(rows, columns=MOTIF)


def drawn(counted: pd.DataFrame, motifs: Motifs) -> pd.DataFrame:
    """List the letters of the motifs that name families, as logos show them.

    Parameters
    ----------
    counted
        From `count`.

    Returns
    -------
    table : DataFrame
        family, position (from 0), base, probability and score (bits of information).
    """
    parts = [
        letters(motifs.matrices[family], score=bits(motifs.matrices[family])).assign(family=family)
        for family in counted["family"].unique()
        if family != NONE
    ]
    return pd.concat(parts)[LETTER] if parts else pd.DataFrame(columns=LETTER)


def bits(probabilities: np.ndarray) -> np.ndarray:
    """Information of each base of a motif, over a background of equal shares."""
    logs = np.log2(probabilities, where=probabilities > 0, out=np.zeros_like(probabilities))
    return probabilities * (2 + (probabilities * logs).sum(axis=1, keepdims=True))


def letters(probabilities: np.ndarray, score: np.ndarray) -> pd.DataFrame:
    """Put a motif and the heights of its letters, each of shape (width, 4), into rows."""
    width = len(probabilities)
    return pd.DataFrame(
        {
            "position": np.arange(width).repeat(4),
            "base": list("ACGT") * width,
            "probability": probabilities.ravel(),
            "score": score.ravel(),
        }
    )
