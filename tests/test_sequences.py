"""Codes and letters, strands, and shuffles."""

from collections import Counter
from itertools import permutations

import numpy as np
import pytest

from degu import sequences
from degu.job import InputError
from degu.sequences import decode, encode


def random_codes(n, length, bases=5, seed=0):
    return np.random.default_rng(seed).integers(0, bases, (n, length), dtype=np.uint8)


def test_letters_become_codes():
    codes = encode(["ACGTN", "nTgca"])
    np.testing.assert_array_equal(codes, [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]])
    assert codes.dtype == np.uint8


def test_rna_is_read_as_dna():
    np.testing.assert_array_equal(encode(["ACGUN", "acguu"]), [[0, 1, 2, 3, 4], [0, 1, 2, 3, 3]])


def test_decode_is_the_inverse_of_encode():
    codes = random_codes(50, 31)
    letters = decode(codes)
    assert {len(sequence) for sequence in letters} == {31}
    np.testing.assert_array_equal(encode(letters), codes)
    assert decode(encode(["acgtN", "NNNNN"])) == ["ACGTN", "NNNNN"]


@pytest.mark.parametrize(
    ("given", "names", "message"),
    [
        ([], None, r"There are no sequences: at least one is needed\."),
        ([""], None, r"sequence 1 is empty: at least one base"),
        (["", "A"], ["x", "y"], r"sequence 'x' is empty"),
        (["ACG", "ACG", "AC"], None, r"sequence 3 has 2 bases, but sequence 1 has 3: .* length"),
        (["ACG", ""], ["x", "y"], r"sequence 'y' has 0 bases, but sequence 'x' has 3"),
        (["ACG", "ACR"], None, r"sequence 2 has 'R' at position 3: allowed are A, C, G, T, U and"),
        (["ACG", "A-G"], ["x", "y"], r"sequence 'y' has '-' at position 2: allowed are A, C,"),
        (["R\u4e00"], None, r"sequence 1 has 'R' at position 1"),
        (["A\u4e00"], None, "sequence 1 has '\u4e00' at position 2"),
        (["A\u00e9"], None, "sequence 1 has '\u00e9' at position 2"),
        (["A C"], None, r"sequence 1 has ' ' at position 2"),
        (["0ACG"], None, r"sequence 1 has '0' at position 1"),
        (["ACGT", "AC GT"], None, r"sequence 2 has ' ' at position 3"),
    ],
)
def test_what_cannot_be_encoded_is_named(given, names, message):
    with pytest.raises(InputError, match=message):
        encode(given, names)


@pytest.mark.parametrize(
    ("length", "fitted"),
    [
        ({"pad": "both"}, ["ACGTA", "NACNN", "NACGN"]),
        ({"pad": "left"}, ["ACGTA", "NNNAC", "NNACG"]),
        ({"pad": "right"}, ["ACGTA", "ACNNN", "ACGNN"]),
        ("centre", ["CG", "AC", "AC"]),
    ],
)
def test_sequences_are_made_equally_long(length, fitted):
    assert sequences.fit(["ACGTA", "AC", "ACG"], length) == fitted
    assert sequences.fit(["AC", "GT"], length) == ["AC", "GT"]


def test_one_hot_of_n_is_zero():
    hot = sequences.one_hot(encode(["ACGTN", "NNNNA"]))
    np.testing.assert_array_equal(hot[0], [*np.eye(4), np.zeros(4)])
    np.testing.assert_array_equal(hot[1], [*np.zeros((4, 4)), [1, 0, 0, 0]])
    assert hot.dtype == np.float32


def test_reverse_complement():
    assert decode(sequences.reverse_complement(encode(["AACGN", "GATTC"]))) == ["NCGTT", "GAATC"]
    codes = random_codes(20, 30)
    np.testing.assert_array_equal(
        sequences.reverse_complement(sequences.reverse_complement(codes)), codes
    )
    np.testing.assert_array_equal(
        sequences.reverse_complement(codes[0]), sequences.reverse_complement(codes)[0]
    )


@pytest.mark.parametrize("k", [1, 3, 40])
def test_kmers_are_equal_where_their_letters_are(k):
    codes = random_codes(60, 45)
    codes[30:, 2:43] = codes[:30, 1:42]
    hashes = sequences.kmers(codes, k)
    assert hashes.shape == (60, 46 - k)
    letters = np.array([[row[at : at + k] for at in range(46 - k)] for row in decode(codes)])
    different, number = np.unique(letters, return_inverse=True)
    assert len(np.unique(hashes)) == len(different)
    assert len(set(zip(hashes.ravel(), number.ravel(), strict=True))) == len(different)
    assert sequences.kmers(codes[:, : k - 1], k).shape == (60, 0)


def test_both_strands_and_padded_sequences_have_one_fingerprint():
    codes = random_codes(200, 9, bases=4)
    prints = sequences.fingerprints(codes)
    np.testing.assert_array_equal(
        sequences.fingerprints(sequences.reverse_complement(codes)), prints
    )
    for left in (0, 2):
        padded = np.pad(codes, ((0, 0), (left, 3 - left)), constant_values=sequences.UNKNOWN)
        np.testing.assert_array_equal(sequences.fingerprints(padded), prints)
    turned = decode(sequences.reverse_complement(codes))
    different = {min(pair) for pair in zip(decode(codes), turned, strict=True)}
    assert len(np.unique(prints)) == len(different)


SHUFFLES = [sequences.shuffle, sequences.dinucleotide_shuffle]


@pytest.mark.parametrize("function", SHUFFLES)
def test_shuffles_follow_their_seed_and_leave_their_input(function):
    codes = random_codes(20, 100)
    before = codes.copy()
    first = function(codes, 1)
    np.testing.assert_array_equal(codes, before)
    np.testing.assert_array_equal(function(codes, 1), first)
    assert first.dtype == np.uint8
    assert (first != codes).any(axis=1).all()
    assert (function(codes, 2) != first).any(axis=1).all()


def test_a_generator_goes_on_where_a_seed_starts_anew():
    codes, rng = random_codes(20, 100), np.random.default_rng(1)
    first, second = (sequences.dinucleotide_shuffle(codes, rng) for _ in range(2))
    np.testing.assert_array_equal(first, sequences.dinucleotide_shuffle(codes, 1))
    assert (first != second).any(axis=1).all()


@pytest.mark.parametrize("function", SHUFFLES)
def test_equal_sequences_are_shuffled_each_by_its_own_draw(function):
    shuffled = function(np.repeat(random_codes(1, 100), 20, axis=0), 0)
    assert len(np.unique(shuffled, axis=0)) == 20


@pytest.mark.parametrize("function", SHUFFLES)
@pytest.mark.parametrize("letters", ["A", "N", "AC", "GG", "TTTTTTTT"])
def test_shuffles_of_short_and_uniform_sequences(function, letters):
    codes = encode([letters])
    assert Counter(decode(function(codes, 0))[0]) == Counter(letters)


def test_shuffle_keeps_the_composition_of_each_sequence():
    codes = np.stack([np.full(50, 0), np.full(50, 1), np.arange(50) % 5]).astype(np.uint8)
    shuffled = sequences.shuffle(codes, 3)
    np.testing.assert_array_equal(shuffled[:2], codes[:2])
    np.testing.assert_array_equal(np.bincount(shuffled[2]), [10] * 5)


def test_shuffle_draws_every_order_alike():
    orders = Counter(decode(sequences.shuffle(encode(["ACG"] * 6000), 0)))
    assert len(orders) == 6
    # 1,000 expected each, standard deviation 29.
    assert max(abs(count - 1000) for count in orders.values()) < 120


def dinucleotides(codes):
    return [Counter(zip(row[:-1].tolist(), row[1:].tolist(), strict=True)) for row in codes]


@pytest.mark.parametrize(("length", "bases"), [(2, 5), (3, 2), (8, 2), (50, 3), (249, 4), (60, 5)])
def test_dinucleotide_shuffle_keeps_dinucleotides_and_ends(length, bases):
    codes = random_codes(100, length, bases)
    shuffled = sequences.dinucleotide_shuffle(codes, 0)
    assert dinucleotides(shuffled) == dinucleotides(codes)
    np.testing.assert_array_equal(shuffled[:, [0, -1]], codes[:, [0, -1]])


@pytest.mark.parametrize("letters", ["ACAGATA", "AACACT", "GANGTNA", "CAACTTAC"])
def test_dinucleotide_shuffle_draws_every_path_alike(letters):
    wanted = dinucleotides(encode([letters]))
    paths = {
        path
        for order in set(permutations(letters[1:-1]))
        if dinucleotides(encode([path := "".join([letters[0], *order, letters[-1]])])) == wanted
    }
    expected = 1000
    shuffled = sequences.dinucleotide_shuffle(encode([letters] * expected * len(paths)), 0)
    drawn = Counter(decode(shuffled))
    assert set(drawn) == paths
    # Standard deviation of each count below 32.
    assert max(abs(count - expected) for count in drawn.values()) < 130
