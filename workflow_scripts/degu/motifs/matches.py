"""Motifs that words match, by Tomtom of memelite."""

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from memelite import tomtom
from scipy.stats import false_discovery_control

from degu.job import log
from degu.motifs.meme import Motifs

_AT_ONCE = 1000  # Queries of one call, which bounds the memory for their p-values.
# Targets from which on p-values hardly depend on the choice of targets, by the manual of MEME.
_ENOUGH = 50


class Matches(NamedTuple):
    """Best match of each query, as arrays of one length.

    Attributes
    ----------
    motif : array of str
        Name of the motif with the smallest p-value.
    p : float array
        Its p-value.
    q : float array
        False discovery rate of the queries that match as well as this one or better.
    strand : array of str
        "+", or "-" where the reverse complement of the motif matches.
    offset : int array
        Position of the motif's first column, of the strand that matches, in the query.
    """

    motif: np.ndarray
    p: np.ndarray
    q: np.ndarray
    strand: np.ndarray
    offset: np.ndarray


def match(queries: Sequence[np.ndarray], motifs: Motifs) -> Matches:
    """Find the motif that each query matches best.

    p-values of Tomtom (Gupta 2007) become one of the query, that any motif matches it, by the
    procedure of Simes, and q-values over all queries by that of Benjamini and Hochberg.

    Parameters
    ----------
    queries : sequence of float arrays, shape (width, 4)
        One-hot words, or probabilities.
    motifs
        From `degu.motifs.meme`.
    """
    names = np.array(list(motifs.matrices))
    if len(names) < _ENOUGH:
        log.info(
            "%d motifs are few: p-values of Tomtom, which holds queries against the positions of "
            "all of them, depend on which ones the file has; %d would do",
            *(len(names), _ENOUGH),
        )
    if not len(queries):
        nothing = np.empty(0)
        return Matches(names[:0], nothing, nothing, names[:0], nothing.astype(int))
    targets = list(motifs.matrices.values())
    best, of_queries = [], []
    for start in range(0, len(queries), _AT_ONCE):
        p, _, offsets, _, strands = _tomtom(
            queries[start:][:_AT_ONCE], targets, motifs.both_strands
        )
        at = np.arange(len(p)), p.argmin(axis=1)
        best.append((at[1], p[at], offsets[at], strands[at]))
        of_queries.append(simes(p))
    number, p, offsets, strands = map(np.concatenate, zip(*best, strict=True))
    q = false_discovery_control(np.concatenate(of_queries))
    return Matches(names[number], p, q, np.where(strands == 0, "+", "-"), -offsets.astype(int))


def families(names: Sequence[str], motifs: Motifs, level: float) -> dict[str, str]:
    """Put motifs that resemble each other into families, each named by its first motif.

    Parameters
    ----------
    names
        Motifs of the file, the most important one first: each that no family has yet starts one,
        of all others that it matches.
    motifs
        Motifs of the file.
    level
        Largest q-value of a motif that matches another one, among all of the file.
    """
    found = {}
    targets = list(motifs.matrices.values())
    for name in names:
        if name not in found:
            p = _tomtom([motifs.matrices[name]], targets, motifs.both_strands)[0, 0]
            near = np.array(list(motifs.matrices))[false_discovery_control(p) < level]
            found |= {one: name for one in (name, *near) if one not in found}
    return {name: found[name] for name in names}


def simes(p: np.ndarray) -> np.ndarray:
    """Combine the p-values of each row into one that any of them is small.

    Parameters
    ----------
    p : float array, shape (n, tests)

    Returns
    -------
    combined : float array, shape (n,)
    """
    ranks = np.arange(1, p.shape[1] + 1)
    return np.minimum((np.sort(p, axis=1) * p.shape[1] / ranks).min(axis=1), 1)


def _tomtom(queries: Sequence, targets: Sequence, both_strands: bool) -> np.ndarray:
    """p-values, scores, offsets, overlaps and strands, each (queries, targets)."""
    # Another type or layout would be compiled anew, which takes a minute.
    queries, targets = (
        [np.ascontiguousarray(np.transpose(one), np.float64) for one in some]
        for some in (queries, targets)
    )
    with warnings.catch_warnings():
        # The log has said it of the whole file.
        warnings.filterwarnings("ignore", message="tomtom was given", category=UserWarning)
        return tomtom(queries, targets, reverse_complement=both_strands)
