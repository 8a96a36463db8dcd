"""Summaries against hand-made intervals, and against numpy on what pyBigWig reads base by base."""

import os
from pathlib import Path

import numpy as np
import pyBigWig
import pytest

from degu import tracks
from degu.job import InputError
from degu.tracks import replicates
from test_tracks_bigwig import left_behind, read_intervals, read_values, write_bigwig

DATA = Path(os.environ.get("DEGU_DATA", Path(__file__).parents[2] / "shared" / "data"))
HALF = 0.5**0.5


def summarise(folder, made, sizes=None, **options):
    """Summarise {chromosome: intervals} of each replicate; paths of mean and SD."""
    paths = [
        write_bigwig(folder / f"{number}.bw", sizes or {"a": 12}, replicate)
        for number, replicate in enumerate(made)
    ]
    outputs = folder / "mean.bw", folder / "std.bw"
    tracks.summarise(paths, *outputs, **options)
    return outputs


def rounded(rows):
    return [(start, end, float(np.float32(value))) for start, end, value in rows]


@pytest.mark.parametrize("chunk", [1, 3, 5, 12, 1000])
def test_overlaps_gaps_and_a_missing_replicate(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(replicates, "STRETCH", chunk)
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
    monkeypatch.setattr(replicates, "STRETCH", chunk)
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


@pytest.mark.parametrize("number", [2, 3, 5])
def test_equals_numpy_base_by_base(tmp_path, monkeypatch, number):
    monkeypatch.setattr(replicates, "STRETCH", 97)
    rng = np.random.default_rng(number)
    sizes = {"chr2": 700, "chr1": 1000}
    made = [
        {name: random_intervals(rng, size) for name, size in sizes.items()} for _ in range(number)
    ]
    mean, std = summarise(tmp_path, made, sizes)
    for name, size in sizes.items():
        bases = np.full((number, size), np.nan)
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
