"""Matches to motifs: strands, offsets, q-values, families."""

import numpy as np
import pytest

from degu.motifs import matches
from degu.sequences import encode, one_hot
from motif_files import of_word, with_decoys


@pytest.fixture(scope="module")
def motifs():
    return with_decoys(60)


def words(*words):
    return [one_hot(encode([word])[0]) for word in words]


def test_words_match_their_motifs_on_either_strand(motifs):
    """AGATAAGGGC is a site of first_cell; its complement stands on the other strand."""
    queries = words("AGATAAGGGC", "GCCCTTATCT", "TTAGATAAGGGC", "GATAAGG")
    found = matches.match(queries, motifs)
    assert list(found.motif) == ["first_cell"] * 4
    assert list(found.strand) == ["+", "-", "+", "+"]
    assert list(found.offset) == [0, 0, 2, -1]
    assert (found.q[:3] < 0.002).all() and found.q[3] < 0.05


def test_a_motif_of_one_strand_matches_that_strand(motifs):
    one_sided = motifs._replace(both_strands=False)
    forward, reverse = matches.match(words("AGATAAGGGC", "GCCCTTATCT"), one_sided).q
    assert forward < 0.001 and reverse > 0.05


def test_chance_words_rarely_match(motifs):
    """Q is a false discovery rate: of 400 words that no motif made at most 5 % match."""
    letters = np.random.default_rng(1).choice(list("ACGT"), (400, 8))
    found = matches.match(words(*map("".join, letters)), motifs)
    assert (found.q < 0.05).mean() <= 0.05


def test_simes_by_hand():
    """Four tests: 4 * 0.02 / 1 against 4 * 0.03 / 2; none below 1 is 1."""
    p = np.array([[0.03, 0.5, 0.02, 0.9], [1, 1, 1, 1]])
    np.testing.assert_allclose(matches.simes(p), [0.06, 1])


def test_families_are_of_motifs_that_resemble_each_other(motifs):
    """A shifted copy joins the family of the motif before it, whichever of both that is."""
    copy = of_word("ATAAGRgca")
    more = motifs._replace(matrices=motifs.matrices | {"copy": copy})
    found = matches.families(["first_cell", "copy", "decoy3"], more, 0.05)
    assert found == {"first_cell": "first_cell", "copy": "first_cell", "decoy3": "decoy3"}
    assert matches.families(["copy", "first_cell"], more, 0.05)["first_cell"] == "copy"


def test_no_queries_match_nothing(motifs):
    assert len(matches.match([], motifs).q) == 0
