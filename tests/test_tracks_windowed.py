"""Windows of a genome against hand-made sequences, tracks and regions."""

import gzip
import os

import numpy as np
import pytest

from degu import tracks
from degu.job import InputError
from degu.sequences import decode
from degu.tracks import windowed
from test_genome import write_fasta
from test_tracks_bigwig import write_bigwig

#          0123456789  10        20        30        tail
GENOME = "ACGTACGTACNNNNACGTACacgtRYACGTGGGGGCCCCCTTT"


def cut(folder, *, chromosomes="a", max_unknown=0.2, max_uncovered=0.5, **options):
    genome = write_fasta(folder / "0.fa", a=GENOME, b=GENOME[:9], chrY=GENOME)
    covered = {"a": [(0, 5, 1), (20, 26, 2), (29, 43, 3)], "chrY": [(0, 43, 1)]}
    sizes = {"a": 43, "b": 9, "chrY": 43}
    mean = write_bigwig(folder / "0.bw", sizes, covered)
    std = write_bigwig(folder / "1.bw", sizes, {name: rows[:1] for name, rows in covered.items()})
    return list(
        tracks.windows(
            genome,
            [mean, mean] if options.pop("one_track", True) else [mean, std],
            10,
            chromosomes=chromosomes,
            max_unknown=max_unknown,
            max_uncovered=max_uncovered,
            **options,
        )
    )


@pytest.mark.parametrize("chunk", [1, 10, 25, 1000])
def test_windows_that_are_kept(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(windowed, "STRETCH", chunk)
    batches = cut(tmp_path)
    assert [name for batch in batches for name in batch.names] == ["a:0-10", "a:20-30", "a:30-40"]
    assert sum(batch.dropped[0] for batch in batches) == 1
    assert sum(batch.dropped[1] for batch in batches) == 0
    codes = np.concatenate([batch.codes for batch in batches])
    assert decode(codes) == ["ACGTACGTAC", "ACGTNNACGT", "GGGGGCCCCC"]
    numbers = np.concatenate([batch.values for batch in batches])
    assert numbers.dtype == np.float32
    expected = [[1] * 5 + [0] * 5, [2] * 6 + [0] * 3 + [3], [3] * 10]
    np.testing.assert_array_equal(numbers, np.stack([expected] * 2, axis=-1))


@pytest.mark.parametrize(
    "options, names, dropped",
    [
        ({"max_unknown": 0.19}, ["a:0-10", "a:30-40"], (2, 0)),
        ({"max_unknown": 1, "max_uncovered": 1}, ["a:0-10", "a:10-20", "a:20-30", "a:30-40"], None),
        ({"max_uncovered": 0.49}, ["a:20-30", "a:30-40"], (1, 1)),
        ({"max_uncovered": 0}, ["a:30-40"], (1, 2)),
        ({"chromosomes": "a|b"}, ["a:0-10", "a:20-30", "a:30-40"], (1, 0)),
        # Where either track leaves a base out it has no coverage: here all after base 5.
        ({"one_track": False}, ["a:0-10"], (1, 2)),
    ],
)
def test_windows_that_are_dropped(tmp_path, options, names, dropped):
    (batch,) = cut(tmp_path, **options)
    assert batch.names == names
    assert batch.dropped == (dropped or (0, 0))


@pytest.mark.parametrize("compressed", [False, True])
def test_excluded_regions_count_as_uncovered(tmp_path, compressed):
    # Window 0 loses only bases without coverage; window 3 loses 6 to two overlapping regions.
    lines = ["# made", "a\t30\t35\tx", "a\t33\t36", "a\t6\t9", "other\t0\t9", ""]
    path = tmp_path / ("0.bed.gz" if compressed else "0.bed")
    with (gzip.open if compressed else open)(path, "wt") as file:
        file.write("\n".join(lines))
    (batch,) = cut(tmp_path, excluded=path)
    assert batch.names == ["a:0-10", "a:20-30"]
    assert batch.dropped == (1, 1)


@pytest.mark.parametrize(
    "text, message",
    [
        ("a\t1\n", r"line 1 is no BED line: 'a\\t1'"),
        ("a\t0\t5\na\tx\t9\n", "line 2 is no BED line"),
        ("a\t0\t44\n", "line 1: a:0-44 does not fit the chromosome of 43 bases"),
        ("a\t5\t4\n", "line 1: a:5-4 does not fit"),
        ("chra\t0\t5\n", "has regions on chra, but the tracks have a, b, chrY"),
    ],
)
def test_excluded_regions_must_fit(tmp_path, text, message):
    (tmp_path / "0.bed").write_text(text)
    with pytest.raises(InputError, match=message):
        cut(tmp_path, excluded=tmp_path / "0.bed")


@pytest.mark.parametrize(
    "chromosomes, message",
    [
        ({"b": GENOME}, r"'a' has no bases in .*2\.fa, but 43 in the tracks"),
        ({"a": GENOME[:-1]}, r"'a' has 42 bases in .*2\.fa, but 43 in the tracks"),
        ({"a": GENOME.replace("R", "X")}, "'a:0-40'.* has 'X' at position 25"),
        ({}, r"2\.fa is not a plain FASTA with its index 2\.fa\.fai"),
    ],
)
def test_the_genome_must_fit(tmp_path, chromosomes, message):
    genome = write_fasta(tmp_path / "2.fa", **chromosomes)
    mean = write_bigwig(tmp_path / "0.bw", {"a": 43}, {"a": [(0, 43, 1)]})
    with pytest.raises(InputError, match=message):
        next(tracks.windows(genome, [mean], 10, chromosomes="a", max_unknown=1, max_uncovered=1))


def test_a_genome_shorter_than_its_index_is_refused(tmp_path):
    cut(tmp_path)
    genome, index = tmp_path / "0.fa", (tmp_path / "0.fa.fai")
    genome.write_bytes(genome.read_bytes()[:30])
    os.utime(genome, (0, 0))
    assert index.stat().st_mtime > 0
    with pytest.raises(InputError, match=r"0\.fa ends inside a:0-40"):
        next(
            tracks.windows(
                genome,
                [tmp_path / "0.bw"],
                10,
                chromosomes="a",
                max_unknown=1,
                max_uncovered=1,
            )
        )
