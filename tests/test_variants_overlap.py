"""Training sequences that overlap loci: planted stretches are counted, shorter ones are not."""

import numpy as np
import pandas as pd

from degu.sequences import K, decode, reverse_complement
from degu.variants.overlap import overlaps


def planted():
    """Draw two loci, and training sequences that share stretches with the first."""
    rng = np.random.default_rng(0)
    loci = rng.integers(0, 4, (2, 120), dtype=np.uint8)
    train = rng.integers(0, 4, (8, 90), dtype=np.uint8)
    train[0, 10 : 10 + K] = loci[0, 5 : 5 + K]
    train[1, 0 : K + 7] = reverse_complement(loci[0, 50 : 50 + K + 7])
    train[2, 20 : 20 + K - 1] = loci[0, 5 : 5 + K - 1]
    # Bases beside a planted stretch are not those of the locus.
    train[0, [9, 10 + K]] = (loci[0, [4, 5 + K]] + 1) % 4
    train[1, K + 7] = (reverse_complement(loci[:1])[0, 120 - 50] + 1) % 4
    train[2, [19, 19 + K]] = (loci[0, [4, 4 + K]] + 1) % 4
    variants = pd.DataFrame({"locus": ["a", "a", "b"], "ref_sequence": decode(loci[[0, 0, 1]])})
    return variants, train


def test_planted_stretches_are_counted_on_both_strands():
    found = overlaps(*planted()).set_index("locus")
    assert found.loc["a"].tolist() == [120 - K + 1, 1 + 8, 2]
    assert found.loc["b"].tolist() == [120 - K + 1, 0, 0]


def test_windows_of_one_locus_count_their_stretches_once():
    variants, train = planted()
    shifted = variants.assign(ref_sequence=variants["ref_sequence"].str[:-1])
    both = pd.concat([variants, shifted.assign(ref_sequence=shifted["ref_sequence"] + "A")])
    found = overlaps(both, train).set_index("locus")
    assert found.loc["a", "training_sequences"] == 2
    assert found.loc["a", "shared_kmers"] == 9
    assert 120 - K + 1 <= found.loc["a", "kmers"] <= 120 - K + 2


def test_sequences_shorter_than_a_stretch_share_nothing():
    variants, train = planted()
    assert overlaps(variants, train[:, : K - 1])["training_sequences"].tolist() == [0, 0]
