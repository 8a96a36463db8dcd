"""The screen by gradients: which windows tell a substitution, and what is always kept."""

import numpy as np
import pytest

from degu.genome import Genome
from degu.sequences import decode
from degu.variants import screen
from degu.variants.placed import Places
from degu.variants.vcf import Variant
from test_genome import write_fasta

LETTERS = "".join(np.random.default_rng(0).choice([*"ACGT"], 100))


@pytest.fixture
def places(tmp_path):
    with Genome(write_fasta(tmp_path / "hg.fa", chr1=LETTERS, chr2=LETTERS)) as genome:
        yield Places(genome, 12)


def snv(places, pos, chrom="chr1"):
    ref = LETTERS[pos - 1]
    return places.place(Variant(chrom, pos, ".", ref, "ACGT".replace(ref, "")[0]))


def test_an_effect_is_looked_up_at_its_base_in_a_window_around_it(places):
    seen = []

    def explain(codes):
        """Effects that are the base's place from the start of the first window's letters."""
        seen.extend(decode(codes))
        effects = np.zeros((2, *codes.shape, 4))
        for row, text in enumerate(decode(codes)):
            start = LETTERS.index(text[2:-1])
            for at in range(12):
                # Position 30 has an effect by its first other letter, by the second activity.
                if start + at == 29:
                    effects[1, row, 2 + at, "ACGT".index("ACGT".replace(LETTERS[29], "")[0])] = -3
        return effects

    placed = [snv(places, pos) for pos in (45, 30, 31, 28)] + [snv(places, 30, "chr2")]
    deletion = places.place(Variant("chr1", 60, ".", LETTERS[59:62], LETTERS[59]))
    found = screen.worth([*placed, deletion], explain, places, ("GG", "T"), threshold=3)
    assert found.tolist() == [False, True, False, False, True, True]
    # Positions 28 to 31 share a window, which starts a quarter of it before the first.
    assert seen == [f"GG{LETTERS[24:36]}T", f"GG{LETTERS[41:53]}T", f"GG{LETTERS[26:38]}T"]


def test_windows_stay_within_the_chromosome(places):
    placed = [snv(places, pos) for pos in (7, 93)]
    seen = []
    screen.worth(
        placed,
        lambda codes: (seen.extend(decode(codes)), np.zeros((1, *codes.shape, 4)))[1],
        places,
        ("", ""),
        0,
    )
    assert seen == [LETTERS[3:15], LETTERS[88:100]]
