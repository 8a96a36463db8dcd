"""Variants in a genome: alignment, checks and windows by hand."""

import pytest

from degu.genome import Genome
from degu.variants.placed import Places
from degu.variants.vcf import Variant
from test_genome import write_fasta

# Positions 1 to 20 of chr7: a repeat of CA from 6 to 11.
CHROMOSOME = "TTGGTCACACAGGATCCRNT"


@pytest.fixture
def places(tmp_path):
    with Genome(write_fasta(tmp_path / "hg.fa", chr7=CHROMOSOME)) as genome:
        yield Places(genome, 5)


def place(places, pos, ref, alt, chrom="chr7"):
    return places.place(Variant(chrom, pos, ".", ref, alt))


@pytest.mark.parametrize(
    ("given", "aligned"),
    [
        # A deletion and an insertion of one repeat, wherever it is written.
        ((9, "ACA", "A"), (5, "TCA", "T")),
        ((5, "TCA", "T"), (5, "TCA", "T")),
        ((11, "A", "ACA"), (5, "T", "TCA")),
        # Letters that both alleles share are trimmed.
        ((12, "GGA", "GGAA"), (13, "G", "GA")),
        # At the first base there is nothing to the left.
        ((1, "TT", "T"), (1, "TT", "T")),
        # Substitutions stay as they are.
        ((7, "AC", "AG"), (7, "AC", "AG")),
    ],
)
def test_left_alignment(places, given, aligned):
    found = place(places, *given)
    assert (found.pos, found.ref, found.alt) == aligned
    assert (found.variant.pos, found.variant.ref, found.variant.alt) == given


def test_windows_have_the_variant_in_the_middle(places):
    one = place(places, 10, "C", "G", chrom="7")
    assert one.variant.status == "scored"
    assert (one.ref_sequence, one.alt_sequence) == ("CACAG", "CAGAG")
    deletion = place(places, 9, "ACA", "A")
    assert (deletion.ref_sequence, deletion.alt_sequence) == ("GGTCA", "GGTCA")
    assert place(places, 15, "T", "A").ref_sequence == "GATCC"
    # IUPAC letters of the genome are unknown.
    assert place(places, 16, "C", "A").ref_sequence == "ATCCN"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ((10, "G", "C", "chr7"), "ref_mismatch"),
        ((20, "TA", "T", "chr7"), "ref_mismatch"),
        ((0, "T", "A", "chr7"), "ref_mismatch"),
        ((2, "T", "A", "chr7"), "edge"),
        ((20, "T", "A", "chr7"), "edge"),
        ((10, "C", "CGTG", "chr7"), "long"),
        ((10, "C", "G", "chr8"), "no_contig"),
    ],
)
def test_variants_without_sequences_say_why(places, given, status):
    found = place(places, *given)
    assert found.variant.status == status
    assert found.ref_sequence == found.alt_sequence == ""


def test_the_status_of_the_file_stays(places):
    found = places.place(Variant("chr8", 5, ".", "T", "<DEL>", "symbolic"))
    assert found.variant.status == "symbolic"


def test_stretches_change_nothing(places, monkeypatch):
    monkeypatch.setattr("degu.variants.placed._STRETCH", 6)
    letters = [places.letters("chr7", at, at + 3) for at in (0, 4, 9, 1, 16)]
    assert letters == ["TTG", "TCA", "CAG", "TGG", "CNN"]
