"""Natural sequences as files have them, windows by hand, and overlaps against sets of letters."""

import gzip

import numpy as np
import pytest

from degu.job import InputError
from degu.sequences import K, decode, encode, reverse_complement
from degu.unlabelled import natural
from test_genome import write_fasta

FASTA = ">a\nACG\nT\n>b chr1\nggnT\n>a\nTTTT\n"
TABLE = "# made\nname\tsequence\nx\tACGT\ny\tggnT\nz\tTTTT\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [("n.fa", FASTA), ("n.tsv", TABLE), ("n.csv", TABLE.replace("\t", ",")), ("n.txt", TABLE)],
)
@pytest.mark.parametrize("packed", [False, True])
def test_sequences_of_a_file(tmp_path, name, text, packed):
    path = tmp_path / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert decode(natural.read(path)) == ["ACGT", "GGNT", "TTTT"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (">a\nACGT\n>b\nACG\n", r"n\.fa: sequence 'b' has 3 bases, but sequence 'a' has 4"),
        (">a\nACRT\n", r"n\.fa: sequence 'a' has 'R' at position 3"),
        ("seq\nACGT\n", r"n\.fa has no column 'sequence': it has seq"),
        ("sequence\nACGT\nACA\n", r"n\.fa: sequence 3 has 3 bases, but sequence 2 has 4"),
        ("", r"n\.fa is empty"),
    ],
)
def test_files_that_hold_no_sequences_are_named(tmp_path, text, message):
    (tmp_path / "n.fa").write_text(text)
    with pytest.raises(InputError, match=message):
        natural.read(tmp_path / "n.fa")


#             0         1         2
CHROMOSOME = "ACGTTGCAAGTCCTAGGATTACAGGCATT"


def test_windows_lie_side_by_side_around_the_middle_of_their_region(tmp_path):
    """Regions of one window, of less, of two and a bit, of the other strand, past both ends."""
    genome = write_fasta(tmp_path / "made.fa", chr1=CHROMOSOME)
    lines = ["chr1\t8\t12", "1\t8\t11\tx", "chr1\t3\t12", "chr1\t8\t12\tx\t0\t-"]
    lines += ["chr1\t0\t1", "chr1\t26\t29"]
    (tmp_path / "made.bed").write_text("\n".join(lines))
    codes, outside = natural.windows(tmp_path / "made.bed", genome, 4)
    places = [8, 7, 3, 7, 8, 25]
    expected = encode([CHROMOSOME[at : at + 4] for at in places])
    expected[4] = reverse_complement(expected[4])
    assert decode(codes) == decode(expected)
    assert outside == 1


def test_a_bed_without_a_window_is_named(tmp_path):
    genome = write_fasta(tmp_path / "made.fa", chr1=CHROMOSOME)
    (tmp_path / "made.bed").write_text("chr1\t0\t1\n")
    with pytest.raises(InputError, match=r"made\.bed has no region with a window of 4 bases"):
        natural.windows(tmp_path / "made.bed", genome, 4)


def test_inserts_are_put_between_adaptors_and_whole_sequences_stay():
    like = encode(["AAACGTCC"])[0]
    assert decode(natural.fit(encode(["TGT", "CCC"]), like, slice(3, 6), "n.fa")) == [
        "AAATGTCC",
        "AAACCCCC",
    ]
    assert decode(natural.fit(encode(["TGTTGTTG"]), like, slice(3, 6), "n.fa")) == ["TGTTGTTG"]
    message = r"n\.fa: sequences have 4 bases, those of the data set 8, or 3 between the ends"
    with pytest.raises(InputError, match=message):
        natural.fit(encode(["TGTA"]), like, slice(3, 6), "n.fa")
    with pytest.raises(InputError, match=r"have 4 bases, those of the data set 8\."):
        natural.fit(encode(["TGTA"]), like, slice(0, 8), "n.fa")


def of_letters(codes, k):
    return {row[at : at + k] for row in decode(codes) for at in range(codes.shape[1] - k + 1)}


@pytest.mark.parametrize("length", [80, K, 25])
def test_overlaps_equal_those_of_sets_of_letters(length):
    """Random pieces of held-out sequences, of either strand, are planted; some are too short."""
    rng = np.random.default_rng(length)
    held = rng.integers(0, 4, (30, length), dtype=np.uint8)
    codes = rng.integers(0, 4, (300, length), dtype=np.uint8)
    for row in codes[:200]:
        source = held[rng.integers(30)]
        source = reverse_complement(source) if rng.random() < 0.5 else source
        size = rng.integers(max(1, min(K, length) - 3), length + 1)
        start, at = rng.integers(0, length - size + 1, 2)
        row[at : at + size] = source[start : start + size]
    k = min(K, length)
    known = of_letters(held, k)
    expected = [
        bool(known & (of_letters(row[None], k) | of_letters(reverse_complement(row[None]), k)))
        for row in codes
    ]
    found = natural.overlapping(codes, np.unique(natural.stretches(held)))
    assert found.tolist() == expected
    assert 20 < sum(expected) < 200


def test_nothing_overlaps_nothing():
    codes = encode(["ACGT"])
    assert natural.overlapping(codes, np.zeros(0, np.uint64)).tolist() == [False]
