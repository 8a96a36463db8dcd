"""Motifs that maps repeat: a planted word comes back, and is matched."""

import os

import numpy as np
import pytest

from degu.job import InputError
from degu.maps import Maps
from degu.motifs import discovery, table
from degu.sequences import encode
from degu.simulated.world import background
from motif_files import PLANTED, with_decoys

WORD = "AGATAAGGGC"


@pytest.fixture(scope="module")
def made():
    """Make maps of 150 sequences of 120 bases that credit one word and, a hundredth, noise."""
    rng = np.random.default_rng(0)
    codes = background(150, 120, rng)
    scores = rng.normal(scale=0.01, size=(1, *codes.shape, 4)).astype(np.float32)
    word = encode([WORD])[0]
    for row, start in enumerate(rng.integers(30, 80, len(codes))):
        codes[row, start : start + 10] = word
        scores[0, row, np.arange(start, start + 10), word] += 1
    return Maps("activity", np.array([f"s{row}" for row in range(150)]), codes, 0, scores)


@pytest.fixture(scope="module")
def found(made):
    return discovery.discover(made)


# The package is compiled where it was not yet, which takes minutes.
COMPILED = pytest.mark.skipif(
    "DEGU_DISCOVERY" not in os.environ, reason="`make discovery-test` runs modisco-lite"
)


@COMPILED
def test_the_repeated_word_is_the_one_motif(found):
    ((name, pattern),) = found.items()
    assert name == "raising0" and pattern.sign == "raising"
    assert discovery.consensus(pattern) in (WORD, "GCCCTTATCT")
    np.testing.assert_allclose(np.abs(pattern.contributions).sum(axis=1), 1, atol=0.1)
    assert len(np.unique(pattern.rows)) > 130


def test_a_motif_is_listed_with_its_match():
    """Two of its three seqlets lie in one sequence; a position without a majority is small."""
    motif = PLANTED["first_cell"]
    unsure = np.array([[0.4, 0.2, 0.2, 0.2]])
    pattern = discovery.Pattern("raising", np.vstack([motif, unsure]), motif, np.array([4, 4, 7]))
    listed = discovery.listed({"a": {"p": pattern}}, {"a": "activity"}, with_decoys(60), 0.05)
    (row,) = listed.to_dict("records")
    assert (row["motif"], row["title"], row["strand"]) == ("first_cell", "FIRST_CELL", "+")
    assert (row["kind"], row["sign"], row["pattern"]) == ("activity", "raising", "p")
    assert (row["seqlets"], row["sequences"]) == (3, 2)
    assert row["consensus"] == "AGATAAGaGCa" and row["q"] < 0.001


def test_letters_of_motifs():
    pattern = discovery.Pattern("raising", np.full((2, 4), 0.25), np.ones((2, 4)), np.array([0]))
    letters = discovery.drawn({"a": {"p": pattern}})
    assert list(letters["position"]) == [0] * 4 + [1] * 4
    assert "".join(letters["base"]) == "ACGTACGT"
    assert set(letters["score"]) == {1} and set(letters["probability"]) == {0.25}


def test_heads_without_motifs_have_no_rows():
    listed = discovery.listed({"a": {}}, {"a": "activity"}, with_decoys(60), 0.05)
    assert listed.empty and list(listed) == discovery.PATTERN
    assert list(discovery.drawn({"a": {}})) == discovery.LETTER
    assert table.NONE == "none"


def test_sequences_shorter_than_its_windows_are_refused():
    codes = background(3, 40, np.random.default_rng(0))
    maps = Maps("activity", np.arange(3).astype(str), codes, 0, np.ones((1, 3, 40, 4)))
    with pytest.raises(InputError, match="sequences of 40 bases are too short"):
        discovery.discover(maps)
