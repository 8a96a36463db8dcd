"""Sequences of other lengths than a student takes: what each way makes of them, by hand."""

import re

import pytest

from degu.job import InputError
from degu.students.fitting import Fit, cut

ADAPTORS = ("AC", "G")


@pytest.mark.parametrize(
    ("words", "size", "expected"),
    [
        ((), 10, [(0, 10)]),
        (("centre",), 13, [(1, 11)]),
        (("tile",), 20, [(0, 10), (10, 20)]),
        (("tile",), 23, [(0, 10), (10, 20), (13, 23)]),
        (("pad",), 7, [(-1, 9)]),
        (("centre", "pad"), 13, [(1, 11)]),
        (("centre", "pad"), 8, [(-1, 9)]),
        # Adaptors leave room for 7 bases; who brings 10 has them already.
        (("adaptors",), 7, [(0, 7)]),
        (("adaptors",), 10, [(0, 10)]),
        (("adaptors", "pad"), 4, [(-1, 6)]),
        (("adaptors", "centre"), 9, [(1, 8)]),
        (("adaptors", "tile"), 15, [(0, 7), (7, 14), (8, 15)]),
    ],
)
def test_windows(words, size, expected):
    assert Fit(10, words, ADAPTORS).windows(size) == expected


def test_regions_are_widened():
    assert Fit(10, ("centre",)).windows(7, widen=True) == [(-1, 9)]


@pytest.mark.parametrize(
    ("words", "size", "widen", "said"),
    [
        ((), 12, False, "12 bases, but the student takes 10: .*centre (its middle) or tile (w"),
        (("pad",), 12, False, "centre (its middle) or tile (windows side by side)."),
        (("centre",), 8, False, "is to be done: pad (N around it)"),
        ((), 8, True, "pad (N around it) or centre (with the genome around it) or adaptors (those"),
        (("adaptors",), 8, False, "takes 10, or 7 between adaptors: .*centre (its middle) or tile"),
        (("adaptors",), 5, False, "takes 10, or 7 between adaptors: .* done: pad (N around it)."),
    ],
)
def test_nothing_is_cut_or_padded_in_silence(words, size, widen, said):
    pattern = ".*".join(map(re.escape, said.split(".*")))
    with pytest.raises(InputError, match=pattern):
        Fit(10, words, ADAPTORS).windows(size, widen)


@pytest.mark.parametrize(
    ("words", "adaptors", "said"),
    [
        (("center",), ADAPTORS, "'center' is not known; allowed: centre, tile, pad, adaptors"),
        (("centre", "tile"), ADAPTORS, "centre and tile exclude each other"),
        (("adaptors",), ("", ""), "trained without adaptors"),
    ],
)
def test_ways_that_make_no_sense(words, adaptors, said):
    with pytest.raises(InputError, match=said):
        Fit(10, words, adaptors)


def test_letters_are_cut_padded_and_put_between_adaptors():
    assert cut("ACGT", 1, 3) == "CG"
    assert cut("ACGT", -1, 5) == "NACGTN"
    fit = Fit(10, ("adaptors",), ADAPTORS)
    assert fit.between("TTTTTTT") == "ACTTTTTTTG"
    assert fit.between("T" * 10) == "T" * 10
