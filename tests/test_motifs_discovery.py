"""Motifs that maps repeat: a planted word comes back, and is matched."""

import numpy as np
import pytest

from degu.job import InputError
from degu.maps import Maps
from degu.motifs import discovery, table
from degu.sequences import encode
from degu.simulated.world import background
from motif_files import with_decoys

WORD = "AGATAAGGGC"


@pytest.fixture(scope="module")
def found():
    """Discover motifs of 150 maps of 120 bases that credit one word and, a hundredth, noise."""
    rng = np.random.default_rng(0)
    codes = background(150, 120, rng)
    scores = rng.normal(scale=0.01, size=(1, *codes.shape, 4)).astype(np.float32)
    word = encode([WORD])[0]
    for row, start in enumerate(rng.integers(30, 80, len(codes))):
        codes[row, start : start + 10] = word
        scores[0, row, np.arange(start, start + 10), word] += 1
    maps = Maps("activity", np.array([f"s{row}" for row in range(150)]), codes, 0, scores)
    return discovery.discover(maps)


def test_the_repeated_word_is_the_one_motif(found):
    ((name, pattern),) = found.items()
    assert name == "raising0" and pattern.sign == "raising"
    assert discovery.consensus(pattern) in (WORD, "GCCCTTATCT")
    np.testing.assert_allclose(np.abs(pattern.contributions).sum(axis=1), 1, atol=0.1)
    assert len(np.unique(pattern.rows)) > 130


def test_it_matches_the_motif_of_the_word(found):
    listed = discovery.listed({"a": found}, {"a": "activity"}, with_decoys(60), 0.05)
    (row,) = listed.to_dict("records")
    assert (row["motif"], row["title"], row["kind"]) == ("first_cell", "FIRST_CELL", "activity")
    assert row["q"] < 0.001 and row["seqlets"] == len(found["raising0"].rows)
    letters = discovery.drawn({"a": found})
    assert len(letters) == 40 and set(letters["pattern"]) == {"raising0"}


def test_heads_without_motifs_have_no_rows():
    listed = discovery.listed({"a": {}}, {"a": "activity"}, with_decoys(60), 0.05)
    assert listed.empty and list(listed) == discovery.PATTERN
    assert list(discovery.drawn({"a": {}})) == discovery.LETTER
    assert table.NONE == "none"


@pytest.mark.parametrize(
    ("length", "problem"),
    [(40, "sequences of 40 bases are too short"), (60, "finds no background in maps")],
)
def test_maps_that_modisco_cannot_work_on_are_refused(length, problem):
    """Windows of 21 bases with 10 on either side; and maps that are 0 but for one value."""
    scores = np.ones((1, 30, length, 4), np.float32)
    codes = background(30, length, np.random.default_rng(0))
    maps = Maps("activity", np.arange(30).astype(str), codes, 0, scores)
    with pytest.raises(InputError, match=problem):
        discovery.discover(maps)
