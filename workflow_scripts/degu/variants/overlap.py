"""Training sequences that overlap the loci of variants, found by shared k-mers."""

import numpy as np
import pandas as pd

from degu.feed import Array, blocks
from degu.sequences import encode, reverse_complement

K = 40
# Odd, so that products of different codes stay different modulo 2 ** 64.
_BASE = np.uint64(0x9E3779B97F4A7C15)


def overlaps(variants: pd.DataFrame, codes: Array) -> pd.DataFrame:
    """Count the training sequences that share `K` bases in a row with a locus, on either strand.

    Effects in loci that a model was trained on are no zero-shot predictions.

    Parameters
    ----------
    variants : DataFrame
        Columns locus and ref_sequence, from `degu.variants.satmut.load` or
        `degu.variants.scored.windows`.
    codes : uint8 array, shape (n, length)
        Training sequences, in memory or on disk.

    Returns
    -------
    table : DataFrame
        locus, kmers (distinct ones of the locus), shared_kmers (those in a training sequence),
        training_sequences (those that share one).
    """
    loci = {
        locus: np.unique(_hashes(encode(list(dict.fromkeys(sequences)))))
        for locus, sequences in variants.groupby("locus", sort=False)["ref_sequence"]
    }
    shared = {locus: np.zeros(len(kmers), bool) for locus, kmers in loci.items()}
    sequences = dict.fromkeys(loci, 0)
    for rows in blocks(codes):
        block = codes[rows]
        strands = np.stack([_hashes(block), _hashes(reverse_complement(block))])
        for locus, kmers in loci.items():
            place = np.searchsorted(kmers, strands).clip(max=len(kmers) - 1)
            hit = kmers[place] == strands
            shared[locus][place[hit]] = True
            sequences[locus] += int(hit.any(axis=(0, 2)).sum())
    rows = [
        (locus, len(known), int(known.sum()), sequences[locus]) for locus, known in shared.items()
    ]
    return pd.DataFrame(rows, columns=["locus", "kmers", "shared_kmers", "training_sequences"])


def _hashes(codes: np.ndarray) -> np.ndarray:
    """Hash every k-mer of sequences (n, length): uint64 (n, length - K + 1)."""
    windows = max(0, codes.shape[1] - K + 1)
    hashed = np.zeros((len(codes), windows), np.uint64)
    for at in range(K):
        hashed = hashed * _BASE + codes[:, at : at + windows] + np.uint64(1)
    return hashed
