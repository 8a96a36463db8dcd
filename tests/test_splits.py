"""Splits: their words and sizes, groups that must stay together, fractions, planted leaks."""

import numpy as np
import pytest

from degu import splits as splitting
from degu.job import InputError
from degu.sequences import encode, fit
from degu.splits import SPLITS

INSERTS = encode(["AACCG", "CGGTT", "AACCG", "GATTA", "TAATC", "NNNNN"])
NAMES = np.array(["a", "b", "c", "d", "e", "f"])


def test_equal_and_opposite_inserts_share_a_label():
    np.testing.assert_array_equal(splitting.same_insert(INSERTS), [0, 0, 0, 1, 1, 2])


def test_labels_agree_with_strings_compared_one_by_one():
    rng = np.random.default_rng(0)
    sequences = ["".join(row) for row in rng.choice([*"ACGTN"], (300, 3))]
    opposite = [s[::-1].translate(str.maketrans("ACGT", "TGCA")) for s in sequences]
    labels = splitting.same_insert(encode(sequences))
    for i, sequence in enumerate(sequences):
        same = [sequence in pair for pair in zip(sequences, opposite, strict=True)]
        np.testing.assert_array_equal(labels == labels[i], same)


def test_groups_join_through_other_rows_in_any_order():
    elements = np.array(["z", "y", "y", "x", "w"])
    labels = np.array([7, 7, 3, 3, 9])
    np.testing.assert_array_equal(
        splitting.merge_groups(elements, labels), ["x", "x", "x", "x", "w"]
    )
    order = [4, 2, 0, 3, 1]
    groups = splitting.merge_groups(elements[order], labels[order])
    np.testing.assert_array_equal(groups, ["w", "x", "x", "x", "x"])


def test_planted_leaks_are_found():
    splits = np.array(["train", "test", "validation", "test", "test", "train"])
    elements = np.array(["a", "b", "c", "d", "f", "f"])
    found = splitting.leaks(NAMES, INSERTS, splits, elements)
    assert found.values.tolist() == [
        ["element", "f", "train", "e", "test"],
        ["reverse complement", "b", "test", "a", "train"],
        ["sequence", "c", "validation", "a", "train"],
    ]
    with pytest.raises(InputError, match=r"3 sequences .* 'f' \(train\) and 'e' \(test\) share"):
        splitting.refuse_leaks(NAMES, INSERTS, splits, elements)


def test_nothing_leaks_where_groups_stay_together():
    splits = np.array(["train", "train", "train", "test", "test", "validation"])
    assert splitting.leaks(NAMES, INSERTS, splits).empty
    splitting.refuse_leaks(NAMES, INSERTS, splits, NAMES)


def test_splits_are_known_by_many_words():
    words = np.array(["Train", "training", "VAL", "valid", "Validation", "dev", "Test", "testing"])
    train, validation, test = ["train"] * 2, ["validation"] * 4, ["test"] * 2
    parsed = splitting.parse_splits(words, "t.tsv, column 'set'")
    assert parsed.tolist() == [*train, *validation, *test]
    with pytest.raises(InputError, match=r"t\.tsv, column 'set' holds 'holdout': .*train, .*test"):
        splitting.parse_splits(np.array(["train", "holdout"]), "t.tsv, column 'set'")


@pytest.mark.parametrize(
    ("labels", "sizes"),
    [(1000, [800, 100, 100]), (10, [8, 1, 1]), (13, [10, 1, 2]), (7, [6, 1, 0])],
)
def test_split_sizes(labels, sizes):
    splits = splitting.split_by_group(np.arange(labels), 5)
    assert [(splits == split).sum() for split in SPLITS] == sizes


def test_split_keeps_groups_and_does_not_see_the_order_of_rows():
    rng = np.random.default_rng(1)
    groups = rng.choice([f"g{label}" for label in range(50)], 500)
    splits = splitting.split_by_group(groups, 0)
    by_group = {group: set(splits[groups == group]) for group in groups}
    assert {len(found) for found in by_group.values()} == {1}
    assert sum(found == {"validation"} for found in by_group.values()) == 5
    order = rng.permutation(500)
    np.testing.assert_array_equal(splitting.split_by_group(groups[order], 0), splits[order])
    assert (splitting.split_by_group(groups, 1) != splits).any()
    splitting.check_groups(groups, splits)


def test_a_group_in_two_splits_is_named():
    groups = np.array(["a", "b", "a", "c"])
    splits = np.array(["train", "train", "test", "validation"])
    message = "Group 'a' has rows in the splits 'train' and 'test': a group must lie in one split"
    with pytest.raises(InputError, match=message):
        splitting.check_groups(groups, splits)


def test_fractions_are_nested_sorted_and_of_their_size():
    fractions = {0.1: 101, 0.25: 252, 0.5: 504, 0.75: 755, 1.0: 1007}
    larger = range(1007)
    for fraction, rows in sorted(fractions.items(), reverse=True):
        subset = splitting.subset(1007, fraction, 3)
        assert len(subset) == rows
        np.testing.assert_array_equal(subset, sorted(set(subset.tolist())))
        assert set(subset.tolist()) <= set(larger)
        np.testing.assert_array_equal(subset, splitting.subset(1007, fraction, 3))
        larger = subset.tolist()
    np.testing.assert_array_equal(splitting.subset(1007, 1, 3), np.arange(1007))
    assert (splitting.subset(1007, 0.1, 4) != splitting.subset(1007, 0.1, 3)).any()


@pytest.mark.parametrize("fraction", [0, -0.1, 1.001, float("nan")])
def test_a_fraction_lies_between_0_and_1(fraction):
    with pytest.raises(InputError, match=rf"fraction is {fraction}: it must lie in \(0, 1\]"):
        splitting.subset(100, fraction, 0)


def test_a_fraction_leaves_something():
    with pytest.raises(InputError, match=r"fraction of 0\.001 leaves none of 100 training"):
        splitting.subset(100, 0.001, 0)


@pytest.mark.parametrize(
    ("units", "share", "number"),
    [
        # The default is half of a small set, and nothing of a tiny or a large one.
        *((199, None, 0), (200, None, 100), (999, None, 500), (1000, None, 0)),
        *((300, 0.0, 0), (300, 0.1, 30), (5, 0.5, 2), (5000, 0.3, 1500)),
    ],
)
def test_units_are_held_out_for_calibration_whole(units, share, number):
    rows = np.random.default_rng(0).permutation(np.tile(np.arange(units), 2))
    held_out = splitting.hold_out(rows, share, 1)
    if number == 0:
        assert held_out is None
        return
    assert held_out.sum() == 2 * number
    assert len(set(rows[held_out])) == number and not set(rows[held_out]) & set(rows[~held_out])
    np.testing.assert_array_equal(splitting.hold_out(rows, share, 1), held_out)
    assert (splitting.hold_out(rows, share, 2) != held_out).any()


@pytest.mark.parametrize(("share", "number"), [(0.1, 0), (0.95, 3)])
def test_at_least_one_unit_calibrates_and_one_chooses_epochs(share, number):
    message = f"A holdout of {share} takes {number} of 3 units .* at least one must calibrate"
    with pytest.raises(InputError, match=message):
        splitting.hold_out(np.array([0, 1, 2, 2]), share, 0)


@pytest.mark.parametrize("side", ["both", "left", "right"])
@pytest.mark.parametrize("adaptors", [("", ""), ("GGATC", "TTGA")])
def test_padded_sequences_are_told_apart_as_before_they_were_padded(side, adaptors):
    """Equal inserts and opposite strands share a label, whatever the padding does to them."""
    rng = np.random.default_rng(0)
    inserts = ["".join(rng.choice([*"ACGT"], n)) for n in rng.integers(4, 9, 300)]
    opposite = [s[::-1].translate(str.maketrans("ACGT", "TGCA")) for s in inserts]
    left, right = adaptors
    whole = [left + insert + right for insert in [*inserts, *opposite]]
    codes = splitting.without_adaptors(encode(fit(whole, {"pad": side})))
    labels = splitting.same_insert(codes)
    keys = [min(pair) for pair in zip(inserts, opposite, strict=True)] * 2
    for label, key in zip(labels, keys, strict=True):
        np.testing.assert_array_equal(labels == label, [other == key for other in keys])


def test_alleles_share_a_group():
    names = np.array(["ref", "alt", "both", "near", "longer", "lower", "far"])
    # The first differs from the second in the second quarter, from the third in two.
    sequences = ["AAACCCGGGTTT", "AAAACCGGGTTT", "AAAACCGGATTT", "AAACCAGGGTTA"]
    sequences += ["AAACCCGGGTTTT", "aaaCCCGGGTtt", "CCCCCCGGGTTT"]
    groups = splitting.alleles(names, sequences)
    # "both" differs from "alt" in one quarter, and joins the others through it.
    assert groups.tolist() == ["alt", "alt", "alt", "near", "longer", "alt", "alt"]
    two = ["AAACCCGGGTTT", "CAACCCGGGTTA"]
    assert splitting.alleles(names[:2], two).tolist() == ["ref", "alt"]


def test_sequences_must_have_the_adaptors_that_are_named():
    codes = encode(["GGAACCT", "GGTTTCT", "GGNACCT"])
    splitting.check_adaptors(codes, "gg", "CT")
    splitting.check_adaptors(codes, "", "T")
    splitting.check_adaptors(codes, "G", "")
    splitting.check_adaptors(codes, "", "")
    message = "2 of 3 .* the adaptors GGT and T at their ends: number 1 has GGA and T"
    with pytest.raises(InputError, match=message):
        splitting.check_adaptors(codes, "GGT", "T")
    with pytest.raises(InputError, match=r"3 of 3 .* number 1 has G and CCT"):
        splitting.check_adaptors(codes, "G", "CTT")
    padded = encode(fit(["GGACT", "GGAACT"], {"pad": "left"}))
    with pytest.raises(InputError, match=r"1 of 2 .* number 1 has NG and CT"):
        splitting.check_adaptors(padded, "GG", "CT")
    with pytest.raises(InputError, match=r"Adaptors of 4 and 3 bases leave nothing of .* of 7"):
        splitting.check_adaptors(codes, "ACGT", "ACG")


def test_words_of_a_table_stand_for_splits():
    words = {"train": ["Pool", "a"], "test": ["b"]}
    found = splitting.parse_splits(np.array(["pool", "A", "B", "val"]), "t", words)
    assert found.tolist() == ["train", "train", "test", "validation"]
    message = r"t holds 'c': allowed are train, .*, pool, a, b \(`splits` .* \{train: \[c\]\}\)"
    with pytest.raises(InputError, match=message):
        splitting.parse_splits(np.array(["c"]), "t", words)
