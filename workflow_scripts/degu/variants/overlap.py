"""Training sequences that overlap the loci of variants, found by shared k-mers."""

import numpy as np
import pandas as pd

from degu import shards
from degu.feed import Array
from degu.sequences import encode, kmers, reverse_complement


def overlaps(variants: pd.DataFrame, codes: Array) -> pd.DataFrame:
    """Count the training sequences that share a k-mer with a locus, on either strand.

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
    hashes = {
        locus: np.unique(kmers(encode(list(dict.fromkeys(sequences)))))
        for locus, sequences in variants.groupby("locus", sort=False)["ref_sequence"]
    }
    shared = {locus: np.zeros(len(known), bool) for locus, known in hashes.items()}
    sequences = dict.fromkeys(hashes, 0)
    for rows in shards.blocks(*codes.shape):
        block = codes[rows]
        strands = np.stack([kmers(block), kmers(reverse_complement(block))])
        for locus, known in hashes.items():
            place = np.searchsorted(known, strands).clip(max=len(known) - 1)
            hit = known[place] == strands
            shared[locus][place[hit]] = True
            sequences[locus] += int(hit.any(axis=(0, 2)).sum())
    rows = [
        (locus, len(known), int(known.sum()), sequences[locus]) for locus, known in shared.items()
    ]
    return pd.DataFrame(rows, columns=["locus", "kmers", "shared_kmers", "training_sequences"])
