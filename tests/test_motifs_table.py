"""Seqlets of maps with their matches; on the simulated world planted motifs come back."""

import numpy as np
import pandas as pd
import pytest

from degu.maps import Maps
from degu.motifs import matches, table
from degu.sequences import encode
from degu.simulated import world
from motif_files import PLANTED, with_decoys

CALLING = {"threshold": 0.05, "shortest": 6, "longest": 25}


def effects(codes):
    """Scores of all substitutions, of what the planted world does: their mean is 0."""
    n, length = codes.shape
    changed = np.tile(codes, (4, length, 1, 1))
    for base, position in np.ndindex(4, length):
        changed[base, position, :, position] = base
    activity = world.activity(changed.reshape(-1, length))[:, 0].reshape(4, length, n)
    scores = activity.transpose(2, 1, 0)
    return scores - scores.mean(axis=-1, keepdims=True)


@pytest.fixture(scope="module")
def annotated():
    """Annotate maps of two members, whose errors differ, of 120 sequences of 60 bases."""
    rng = np.random.default_rng(0)
    codes = world.background(120, 60, rng)
    world.plant(codes, 40, rng)
    true = effects(codes)
    scores = np.stack([true + rng.normal(scale=0.05, size=true.shape) for _ in range(2)])
    names = np.array([f"s{row}" for row in range(len(codes))])
    maps = Maps("activity", names, codes, 0, scores)
    motifs = with_decoys(100)
    return table.annotate({"activity": maps}, motifs, 0.05, **CALLING), motifs


def test_planted_motifs_come_back(annotated):
    """All that act on the first output alone are found, and few seqlets match another motif."""
    found, motifs = annotated
    matched = found[found["motif"] != table.NONE]
    assert (matched["q"] < 0.05).all()
    assert {"general", "first_cell", "silencer"} <= set(matched["motif"])
    families = matches.families([*PLANTED, *motifs.matrices], motifs, 0.05)
    strange = ~matched["motif"].map(families).isin(PLANTED)
    assert len(matched) >= 0.9 * len(found) and len(found) >= 40
    assert strange.sum() <= 0.05 * len(found)


def test_each_motif_acts_as_it_was_planted(annotated):
    found, motifs = annotated
    counted = table.count(found, motifs).set_index("family")
    assert counted.loc["first_cell", "lowering"] == 0
    assert counted.loc["silencer", "raising"] == 0
    assert counted["seqlets"].sum() == len(found)
    assert counted["share"].sum() == pytest.approx(1)
    assert counted.loc["first_cell", "title"] == "FIRST_CELL"


def test_a_word_is_weighted_by_its_contributions():
    """The root of 0.25 is 0.5: half the base, half even shares; of another sign or N even ones."""
    codes = encode(["ACGN"])[0]
    found = table.weighted(codes, np.array([1.0, 0.25, -0.5, 0.0]))
    expected = [[1, 0, 0, 0], [0.125, 0.625, 0.125, 0.125], [0.25] * 4, [0.25] * 4]
    np.testing.assert_allclose(found, expected)


def test_sequences_that_the_config_asks_for_do_not_count(annotated):
    codes = encode(["ACGTACGTAC"] * 3)
    scores = np.zeros((1, 3, 10, 4), np.float32)
    scores[0, 0, 2:8] = 1
    maps = Maps("activity", np.array(["asked", "b", "c"]), codes, 1, scores)
    found = table.annotate({"activity": maps}, annotated[1], 0.05, **CALLING)
    assert found.empty and list(found) == table.SEQLET
    assert list(table.count(found, annotated[1])) == table.MOTIF


def test_counts_by_hand(annotated):
    """Two seqlets of a family in one sequence, one that matches nothing."""
    labels = {"output": "a", "kind": "activity", "title": "x"}
    rows = pd.DataFrame(
        {
            "name": ["s", "s", "t"],
            "motif": ["left", "right", "none"],
            "family": ["left", "left", "none"],
            "attribution": [2.0, -1.0, 0.5],
            "q": [0.01, 0.02, 0.3],
        }
    ).assign(**labels)
    first, last = table.count(rows, annotated[1]).itertuples(index=False, name=None)
    assert first[2:] == ("left", "LEFT", "left, right", 2, 2 / 3, 1, 1, 1, 0.5, 0.01)
    assert last[2:] == ("none", "none", "none", 1, 1 / 3, 1, 1, 0, 0.5, 0.3)


def test_letters_are_as_high_as_their_information():
    """A certain base has 2 bits, two even ones half a bit each, four even ones none."""
    motif = np.array([[1.0, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4])
    np.testing.assert_allclose(table.bits(motif), [[2, 0, 0, 0], [0.5, 0.5, 0, 0], [0] * 4])
