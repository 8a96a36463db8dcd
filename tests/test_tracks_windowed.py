"""Tracks against hand-made intervals, and against numpy on what pyBigWig reads base by base."""

import gzip
import os
from pathlib import Path

import numpy as np
import pyBigWig
import pytest

from degu import tracks
from degu.job import InputError
from degu.sequences import decode
from test_bigwig import read_intervals, read_values, write_bigwig

DATA = Path(os.environ.get("DEGU_DATA", Path(__file__).parents[2] / "shared" / "data"))
HALF = 0.5**0.5


def summarise(folder, replicates, sizes=None, **options):
    """Summarise {chromosome: intervals} of each replicate; paths of mean and SD."""
    paths = [
        write_bigwig(folder / f"{number}.bw", sizes or {"a": 12}, replicate)
        for number, replicate in enumerate(replicates)
    ]
    outputs = folder / "mean.bw", folder / "std.bw"
    tracks.summarise(paths, *outputs, **options)
    return outputs


def rounded(rows):
    return [(start, end, float(np.float32(value))) for start, end, value in rows]


def left_behind(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name[0].isdigit())


@pytest.mark.parametrize("chunk", [1, 3, 5, 12, 1000])
def test_overlaps_gaps_and_a_missing_replicate(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(tracks, "_CHUNK", chunk)
    mean, std = summarise(
        tmp_path, [{"a": [(0, 4, 1), (4, 8, 3)]}, {"a": [(2, 6, 1), (10, 12, 8)]}]
    )
    assert read_intervals(mean, "a") == [
        (0, 2, 0.5),
        (2, 4, 1),
        (4, 6, 2),
        (6, 8, 1.5),
        (10, 12, 4),
    ]
    # The SD of two values is their distance over the root of 2: ddof 1.
    assert read_intervals(std, "a") == rounded(
        [(0, 2, HALF), (2, 4, 0), (4, 6, 2 * HALF), (6, 8, 3 * HALF), (10, 12, 8 * HALF)]
    )


@pytest.mark.parametrize("chunk", [1, 4, 7, 1000])
def test_runs_of_one_value_are_merged_within_a_chromosome(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(tracks, "_CHUNK", chunk)
    first = {"a": [(0, 4, 1), (4, 8, 3), (9, 12, 2)], "b": [(0, 3, 2)]}
    second = {"a": [(0, 4, 3), (4, 8, 1), (9, 12, 2)], "b": [(0, 3, 2)]}
    mean, std = summarise(tmp_path, [first, second], {"a": 12, "b": 3, "c": 5})
    assert read_intervals(mean, "a") == [(0, 8, 2), (9, 12, 2)]
    assert read_intervals(std, "a") == rounded([(0, 8, 2 * HALF), (9, 12, 0)])
    assert read_intervals(mean, "b") == [(0, 3, 2)]
    assert read_intervals(std, "b") == [(0, 3, 0)]
    assert read_intervals(mean, "c") == []


def test_explicit_zeros_stay_covered(tmp_path):
    mean, std = summarise(tmp_path, [{"a": [(2, 5, 0)]}, {"a": [(3, 6, 0)]}])
    assert read_intervals(mean, "a") == read_intervals(std, "a") == [(2, 6, 0)]


def random_intervals(rng, size):
    edges = np.sort(rng.choice(size + 1, size // 4 * 2, replace=False)).reshape(-1, 2)
    scores = np.round(rng.gamma(0.5, 2, len(edges)), 2)
    # Some gaps are closed, so that intervals touch as well.
    closed = rng.random(len(edges) - 1) < 0.2
    edges[1:, 0] = np.where(closed, edges[:-1, 1], edges[1:, 0])
    return [
        (int(start), int(end), score) for (start, end), score in zip(edges, scores, strict=True)
    ]


@pytest.mark.parametrize("replicates", [2, 3, 5])
def test_equals_numpy_base_by_base(tmp_path, monkeypatch, replicates):
    monkeypatch.setattr(tracks, "_CHUNK", 97)
    rng = np.random.default_rng(replicates)
    sizes = {"chr2": 700, "chr1": 1000}
    made = [
        {name: random_intervals(rng, size) for name, size in sizes.items()}
        for _ in range(replicates)
    ]
    mean, std = summarise(tmp_path, made, sizes)
    for name, size in sizes.items():
        bases = np.full((replicates, size), np.nan)
        for row, intervals in zip(bases, made, strict=True):
            for start, end, score in intervals[name]:
                row[start:end] = np.float32(score)
        absent = np.isnan(bases).all(axis=0)
        assert 0 < absent.sum() < size
        bases = np.nan_to_num(bases)
        expected = np.float32(bases.mean(axis=0)), np.float32(bases.std(axis=0, ddof=1))
        for track, numbers in zip((mean, std), expected, strict=True):
            np.testing.assert_array_equal(
                read_values(track, name, size), np.where(absent, np.float32(np.nan), numbers)
            )
            runs = np.array(read_intervals(track, name))
            touching = runs[1:, 0] == runs[:-1, 1]
            assert not (touching & (runs[1:, 2] == runs[:-1, 2])).any()


@pytest.mark.parametrize("names", [[], ["0.bw"], ["0.bw", "0.bw"], ["0.bw", "1.bw", "0.bw"]])
def test_two_different_replicates_are_needed(tmp_path, names):
    for name in {"0.bw", *names}:
        write_bigwig(tmp_path / name, {"a": 12}, {"a": [(0, 4, 1)]})
    with pytest.raises(InputError, match="at least two different bigWig"):
        tracks.summarise(
            [tmp_path / name for name in names], tmp_path / "mean.bw", tmp_path / "std.bw"
        )
    assert left_behind(tmp_path) == []


def test_only_matching_chromosomes_are_summarised(tmp_path):
    row = {"a": [(0, 4, 1)]}
    paths = [
        write_bigwig(tmp_path / "0.bw", {"a": 12, "b": 10}, row),
        write_bigwig(tmp_path / "1.bw", {"a": 12, "b": 11}, row),
    ]
    outputs = tmp_path / "mean.bw", tmp_path / "std.bw"
    with pytest.raises(InputError, match=r"'b' has 11 bases in .*1\.bw, but 10 in .*0\.bw"):
        tracks.summarise(paths, *outputs)
    assert left_behind(tmp_path) == []
    tracks.summarise(paths, *outputs, chromosomes="a")
    assert read_intervals(outputs[0], "a") == [(0, 4, 1)]
    with pyBigWig.open(str(outputs[1])) as file:
        assert file.chroms() == {"a": 12}


def test_a_replicate_that_turns_out_bad_leaves_nothing(tmp_path):
    with pytest.raises(InputError, match=r"1\.bw has the value nan at b:5-7"):
        summarise(
            tmp_path,
            [{"a": [(0, 4, 1)]}, {"a": [(0, 4, 2)], "b": [(0, 4, 1), (5, 7, np.nan)]}],
            {"a": 12, "b": 10},
        )
    assert left_behind(tmp_path) == []


def test_an_empty_replicate_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"1\.bw holds no value on any chromosome that matches"):
        summarise(tmp_path, [{"a": [(0, 4, 1)]}, {}])
    assert left_behind(tmp_path) == []


def test_written_values_are_read_back(tmp_path):
    first = np.random.default_rng(0).random(5, np.float32)
    pieces = [("a", 2, first), ("a", 7, np.zeros(2)), ("b", 0, np.array([0.1, 2]))]
    tracks.write(tmp_path / "t.bw", {"b": 2, "a": 9, "c": 4}, iter(pieces))
    expected = np.concatenate([[np.nan] * 2, first, [0, 0]]).astype(np.float32)
    np.testing.assert_array_equal(read_values(tmp_path / "t.bw", "a", 9), expected)
    np.testing.assert_array_equal(read_values(tmp_path / "t.bw", "b", 2), np.float32([0.1, 2]))
    with pyBigWig.open(str(tmp_path / "t.bw")) as file:
        assert list(file.chroms().items()) == [("a", 9), ("b", 2), ("c", 4)]


@pytest.mark.parametrize(
    "piece, message",
    [
        (("a", 6, np.ones(4)), "a:6-10 lies outside the chromosome, which has 9 bases"),
        (("a", -1, np.ones(1)), "a:-1-0 lies outside"),
        (("z", 0, np.ones(1)), "z:0-1 lies outside the chromosome, which has no bases"),
        (("a", 3, np.ones(1)), "a:3-4 comes after a:4"),
        (("a", 5, np.array([1, np.nan])), "a:5-7 has values not finite"),
    ],
)
def test_pieces_that_do_not_fit_leave_the_old_file(tmp_path, piece, message):
    path = tmp_path / "t.bw"
    tracks.write(path, {"a": 9}, [("a", 0, np.ones(9))])
    with pytest.raises(InputError, match=message):
        tracks.write(path, {"a": 9}, [("a", 2, np.zeros(2)), piece])
    np.testing.assert_array_equal(read_values(path, "a", 9), np.ones(9))
    assert left_behind(tmp_path) == ["t.bw"]


def test_an_interrupted_run_leaves_nothing(tmp_path):
    def pieces():
        yield "a", 0, np.ones(4)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tracks.write(tmp_path / "t.bw", {"a": 9}, pieces())
    assert left_behind(tmp_path) == []


#          0123456789  10        20        30        tail
GENOME = "ACGTACGTACNNNNACGTACacgtRYACGTGGGGGCCCCCTTT"


def fasta(path, **chromosomes):
    path.write_text("".join(f">{name}\n{letters}\n" for name, letters in chromosomes.items()))
    return path


def cut(folder, *, chromosomes="a", max_unknown=0.2, max_uncovered=0.5, **options):
    genome = fasta(folder / "0.fa", a=GENOME, b=GENOME[:9], chrY=GENOME)
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
    monkeypatch.setattr(tracks, "_CHUNK", chunk)
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
        ("a\t1\n", r"line 1 is no BED line: 'a\\t1\\n'"),
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
        ({"a": GENOME.replace("R", "U")}, "'a:0-40'.* has 'U' at position 25"),
        ({}, r"2\.fa cannot be read as plain FASTA"),
    ],
)
def test_the_genome_must_fit(tmp_path, chromosomes, message):
    genome = fasta(tmp_path / "2.fa", **chromosomes)
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


def test_yeast_replicates_equal_numpy(tmp_path):
    folder = DATA / "yeast_mnase"
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing: set DEGU_DATA to the folder of data sets")
    paths = [folder / f"mnase_{name}_core41_fold.bw" for name in ("G2_pr1", "G2_pr2", "M")]
    outputs = tmp_path / "mean.bw", tmp_path / "std.bw"
    tracks.summarise(paths, *outputs)
    bases = np.stack([read_values(path, "chrII", 813_184) for path in paths]).astype(float)
    absent = np.isnan(bases).all(axis=0)
    bases = np.nan_to_num(bases)
    expected = bases.mean(axis=0), bases.std(axis=0, ddof=1)
    for path, numbers in zip(outputs, expected, strict=True):
        found = read_values(path, "chrII", 813_184)
        np.testing.assert_array_equal(np.isnan(found), absent)
        np.testing.assert_allclose(found[~absent], numbers[~absent], rtol=1e-6, atol=0)
