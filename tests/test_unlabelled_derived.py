"""Sequences derived from others: how many bases change and where, breakpoints, indels, places."""

from collections import Counter
from itertools import combinations, pairwise

import numpy as np
import pytest

from degu.genome import Genome
from degu.job import InputError
from degu.sequences import UNKNOWN, decode, encode
from degu.unlabelled import derived
from test_genome import write_fasta


def random_codes(n, length, seed=0):
    return np.random.default_rng(seed).integers(0, 4, (n, length), dtype=np.uint8)


@pytest.mark.parametrize(
    ("rate", "length", "number"), [(0.05, 200, 10), (0.1, 75, 8), (0.05, 7, 1), (1, 30, 30)]
)
def test_so_many_bases_become_others(rate, length, number):
    codes = random_codes(50, length)
    found = derived.substitutions(codes, np.random.default_rng(1), rate)
    assert found.dtype == np.uint8 and found.max() < 4
    assert ((found != codes).sum(axis=1) == number).all()


def test_places_and_bases_of_substitutions_are_as_likely():
    codes = np.full((6000, 10), 2, np.uint8)
    found = derived.substitutions(codes, np.random.default_rng(1), 0.2)
    # 1,200 changes of each position, standard deviation 31; 4,000 of each base, 52.
    assert np.abs((found != 2).sum(axis=0) - 1200).max() < 130
    counts = Counter(found[found != 2].tolist())
    assert counts.keys() == {0, 1, 3}
    assert max(abs(count - 4000) for count in counts.values()) < 220


def test_indels_are_one_stretch_and_move_what_follows():
    """Each is explained by one insertion, or one deletion, of 1 to 20 bases somewhere."""
    codes = random_codes(400, 60)
    found = derived.indels(codes, np.random.default_rng(1))
    explained = []
    for parent, child in zip(codes, found, strict=True):
        fits = [
            (kind, size)
            for size in range(1, 21)
            for start in range(60 - size + 1)
            for kind, of_child, of_parent in [
                ("insertion", slice(start + size, 60), slice(start, 60 - size)),
                ("deletion", slice(start, 60 - size), slice(start + size, 60)),
            ]
            if np.array_equal(child[:start], parent[:start])
            and np.array_equal(child[of_child], parent[of_parent])
        ]
        assert fits
        # At an end of a sequence a short indel can look like a long one.
        explained.append(min(fits, key=lambda fit: fit[1]))
    assert {size for _, size in explained} == set(range(1, 21))
    counts = Counter(kind for kind, _ in explained)
    assert min(counts.values()) > 120


def test_short_sequences_keep_a_base():
    found = derived.indels(np.zeros((100, 2), np.uint8), np.random.default_rng(0))
    assert found.shape == (100, 2)


def test_crossovers_have_two_breakpoints_each_pair_as_likely():
    """Five bases have four places between them, six pairs; both ends are the sequence's own."""
    first, second = np.zeros((6000, 5), np.uint8), np.ones((6000, 5), np.uint8)
    found = Counter(decode(derived.crossovers(first, second, np.random.default_rng(0))))
    expected = {
        "A" * left + "C" * (right - left) + "A" * (5 - right)
        for left, right in combinations(range(1, 5), 2)
    }
    assert found.keys() == expected
    assert max(abs(count - 1000) for count in found.values()) < 130


def test_a_crossover_takes_the_bases_of_the_same_places():
    first, steps = random_codes(50, 30), np.random.default_rng(1).integers(1, 4, (50, 30), np.uint8)
    second = (first + steps) % 4
    found = derived.crossovers(first, second, np.random.default_rng(0))
    of_second = found != first
    assert of_second.any(axis=1).all()
    np.testing.assert_array_equal(found[of_second], second[of_second])


def test_two_breakpoints_need_three_bases():
    with pytest.raises(InputError, match="three bases; these have 2"):
        derived.crossovers(np.zeros((1, 2), np.uint8), np.ones((1, 2), np.uint8), None)


DERIVED = [
    lambda codes, rng: derived.substitutions(codes, rng, 0.1),
    derived.indels,
    derived.shuffles,
    lambda codes, rng: derived.crossovers(codes, codes[::-1], rng),
]


@pytest.mark.parametrize("derive", DERIVED)
def test_padding_stays(derive):
    """Sequences of 12 to 31 bases, on the left, in the middle, or on the right of 40."""
    codes, rng = random_codes(300, 40), np.random.default_rng(1)
    for row in codes:
        size = rng.integers(12, 32)
        start = rng.choice([0, (40 - size) // 2, 40 - size])
        row[:start], row[start + size :] = UNKNOWN, UNKNOWN
    found = derive(codes, rng)
    np.testing.assert_array_equal(found[codes == UNKNOWN], UNKNOWN)
    assert (found != codes).any(axis=1).sum() > 100


def test_shuffles_keep_dinucleotides():
    codes = random_codes(40, 60)
    codes[:, 50:] = UNKNOWN
    found = derived.shuffles(codes, np.random.default_rng(0))
    for child, parent in zip(found, codes, strict=True):
        assert Counter(pairwise(child)) == Counter(pairwise(parent))


@pytest.mark.parametrize("derive", DERIVED)
def test_draws_follow_the_generator_and_leave_their_input(derive):
    codes = random_codes(20, 50)
    before = codes.copy()
    found = derive(codes, np.random.default_rng(3))
    np.testing.assert_array_equal(codes, before)
    np.testing.assert_array_equal(derive(codes, np.random.default_rng(3)), found)
    assert (derive(codes, np.random.default_rng(4)) != found).any()


#             0         1         2         3
CHROMOSOME = "ACGTTGCAAGTCCTAGGATTACAGGCATTCGTTAACC"


@pytest.fixture
def genome(tmp_path):
    with Genome(write_fasta(tmp_path / "made.fa", chr1=CHROMOSOME)) as made:
        yield made


def test_shifts_are_stretches_of_the_genome_beside_a_sequence(genome):
    """Six bases from 10 on: three to either side, all but in place, on the strand of the region."""
    forward = [CHROMOSOME[10 + by : 16 + by] for by in (-3, -2, -1, 1, 2, 3)]
    turned = str.maketrans("ACGT", "TGCA")
    reverse = [letters[::-1].translate(turned) for letters in forward]
    sequences = [CHROMOSOME[10:16], CHROMOSOME[10:16][::-1].translate(turned)]
    codes = encode(sequences * 100)
    regions = np.array(["chr1:10-16(+)", "chr1:10-16(-)"] * 100)
    found, known = derived.shifts(codes, regions, genome, np.random.default_rng(0))
    assert known.all()
    assert set(decode(found[::2])) == set(forward)
    assert set(decode(found[1::2])) == set(reverse)


def test_what_is_not_in_the_genome_at_its_place_is_not_known(genome):
    places = ["", "1:10-16", "chr1:11-17", "chr1:10-15", "chr1:2-8", "chr1:29-35"]
    letters = [CHROMOSOME[10:16]] * 4 + [CHROMOSOME[2:8], CHROMOSOME[29:35]]
    codes = encode(letters)
    found, known = derived.shifts(codes, np.array(places), genome, np.random.default_rng(0))
    assert known.tolist() == [False, True, False, False, False, False]
    np.testing.assert_array_equal(found[~known], codes[~known])


def test_a_chromosome_of_another_genome_is_named(genome):
    with pytest.raises(InputError, match="has no chr7: it has chr1"):
        derived.shifts(encode(["ACG"]), np.array(["chr7:5-8"]), genome, np.random.default_rng(0))
