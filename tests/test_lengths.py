"""Sequences that are too short or too few for what the config asks for."""

import pytest

from degu import lengths
from degu.job import InputError

NEEDS = {"fraction": 0.5, "batch_size": 10, "architecture": "compact_cnn"}
NEEDS |= {"shortest": 1, "kernel": 9}


def check(length=30, training=None, explain=None, regions=None, window=None):
    """Check requests of a data set of 20 training sequences of 30 bases."""
    lengths.check(
        length,
        20,
        trainings={"made/standard/0.5": NEEDS | (training or {})},
        explain=explain or {"wild type": "ACGTN" * (length // 5)},
        regions=regions or {"box": [0, length]},
        windows={"mine": window or [length - 5, 3, 2]},
    )


def test_requests_that_fit():
    check()
    check(length=10, training={"kernel": 10})
    check(window=[30, 3, 2])


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"length": 5}, "Sequences have 5 bases, 10 or more are needed: is it the right column"),
        (
            {"length": 15, "training": {"architecture": "deepstarr", "shortest": 16}},
            "made/standard/0.5: The architecture 'deepstarr' pools .* at least 16 bases, but .* 15",
        ),
        (
            {"training": {"kernel": 500}},
            "made/standard/0.5: The kernel has 500 bases, but sequences have 30",
        ),
        (
            {"training": {"batch_size": 11}},
            "made/standard/0.5: There are 10 training sequences, fewer than one batch of 11",
        ),
        (
            {"explain": {"wild type": "ACGT"}},
            "attribution: The sequence 'wild type' to be explained has 4 bases, but .* have 30",
        ),
        (
            {"regions": {"box": [10, 31]}},
            "attribution: The region 'box' from 10 to 31 ends behind sequences of 30 bases",
        ),
        (
            {"window": [29, 3, 0]},
            "variants mine: Windows of 29 bases with adaptors of 3 and 0 make 32, but .* take 30",
        ),
    ],
)
def test_requests_that_do_not_fit_are_named(request_, message):
    with pytest.raises(InputError, match=message):
        check(**request_)
