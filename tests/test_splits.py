"""Groups that must stay together, and planted leaks."""

import numpy as np
import pytest

from degu.assays import leakage
from degu.job import InputError
from degu.sequences import encode

INSERTS = encode(["AACCG", "CGGTT", "AACCG", "GATTA", "TAATC", "NNNNN"])
NAMES = np.array(["a", "b", "c", "d", "e", "f"])


def test_equal_and_opposite_inserts_share_a_label():
    np.testing.assert_array_equal(leakage.same_insert(INSERTS), [0, 0, 0, 1, 1, 2])


def test_labels_agree_with_strings_compared_one_by_one():
    rng = np.random.default_rng(0)
    sequences = ["".join(row) for row in rng.choice([*"ACGTN"], (300, 3))]
    opposite = [s[::-1].translate(str.maketrans("ACGT", "TGCA")) for s in sequences]
    labels = leakage.same_insert(encode(sequences))
    for i, sequence in enumerate(sequences):
        same = [sequence in pair for pair in zip(sequences, opposite, strict=True)]
        np.testing.assert_array_equal(labels == labels[i], same)


def test_groups_join_through_other_rows_in_any_order():
    elements = np.array(["z", "y", "y", "x", "w"])
    labels = np.array([7, 7, 3, 3, 9])
    np.testing.assert_array_equal(leakage.merge(elements, labels), ["x", "x", "x", "x", "w"])
    order = [4, 2, 0, 3, 1]
    groups = leakage.merge(elements[order], labels[order])
    np.testing.assert_array_equal(groups, ["w", "x", "x", "x", "x"])


def test_planted_leaks_are_found():
    splits = np.array(["train", "test", "validation", "test", "test", "train"])
    elements = np.array(["a", "b", "c", "d", "f", "f"])
    found = leakage.leaks(NAMES, INSERTS, splits, elements)
    assert found.values.tolist() == [
        ["element", "f", "train", "e", "test"],
        ["reverse complement", "b", "test", "a", "train"],
        ["sequence", "c", "validation", "a", "train"],
    ]
    with pytest.raises(InputError, match=r"3 sequences .* 'f' \(train\) and 'e' \(test\) share"):
        leakage.refuse(NAMES, INSERTS, splits, elements)


def test_nothing_leaks_where_groups_stay_together():
    splits = np.array(["train", "train", "train", "test", "test", "validation"])
    assert leakage.leaks(NAMES, INSERTS, splits).empty
    leakage.refuse(NAMES, INSERTS, splits, NAMES)
