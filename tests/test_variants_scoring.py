"""Blocks of a table of scores: the order of rows, and columns that all rows have."""

import numpy as np
import pytest

from degu.genome import Genome
from degu.heads import Heads
from degu.variants.placed import Places
from degu.variants.scoring import COLUMNS, Scorer
from degu.variants.vcf import Variant
from test_genome import write_fasta

LETTERS = "ACGTTGCAACGTACGTAGCTAGGATC"


@pytest.fixture
def scorer(tmp_path):
    """Score by the number of A and of C in a window of five bases."""
    with Genome(write_fasta(tmp_path / "hg.fa", chr1=LETTERS)) as genome:
        yield Scorer(
            predict=lambda codes: np.stack(
                [(codes == base).sum(axis=1) for base in (0, 1)], axis=1
            ),
            heads=Heads.of(["a", "c"]),
            places=Places(genome, 5),
        )


def test_blocks_have_a_row_a_variant_and_activity(scorer):
    variants = [
        Variant("chr1", 10, "x", "C", "A"),
        Variant("chr1", 10, "x", "C", "<DEL>", "symbolic"),
        Variant("chr1", 11, "y", "T", "C"),
    ]
    first, second = scorer.tables(variants, block=2)
    assert list(first.columns) == list(second.columns) == list(COLUMNS)
    assert first["output"].tolist() == ["a", "c"] * 2
    # Window AACGT becomes AAAGT.
    assert first["effect"].tolist()[:2] == [1, -1]
    assert first["ref_activity"].tolist()[:2] == [2, 1]
    assert first["effect"].isna().tolist() == [False, False, True, True]
    assert second["status"].tolist() == ["ref_mismatch"] * 2
    assert scorer.counts == {"scored": 1, "symbolic": 1, "ref_mismatch": 1}
    # A model without uncertainties tells effects alone.
    assert first["sigma"].isna().all() and set(first["call"]) == {""}


def test_insertions_tell_where_they_were_moved(scorer):
    (table,) = scorer.tables([Variant("chr1", 5, ".", "T", "TT")])
    assert table["aligned"].tolist() == ["3:G:GT"] * 2
    assert table["pos"].tolist() == [5, 5]
