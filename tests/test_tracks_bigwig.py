"""bigWig files against what pyBigWig itself writes and reads."""

import struct
from contextlib import ExitStack

import numpy as np
import pyBigWig
import pytest

from degu.job import InputError
from degu.tracks import bigwig


def write_bigwig(path, sizes, intervals, **options):
    """Write {chromosome: [(start, end, value), ...]}."""
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader(list(sizes.items()))
        for chromosome, rows in intervals.items():
            starts, ends, values = zip(*rows, strict=True)
            file.addEntries(
                [chromosome] * len(rows),
                list(starts),
                ends=list(ends),
                values=[float(value) for value in values],
                **options,
            )
    return path


def read_intervals(path, chromosome):
    with pyBigWig.open(str(path)) as file:
        return list(file.intervals(chromosome) or ())


def read_values(path, chromosome, size):
    with pyBigWig.open(str(path)) as file:
        return file.values(chromosome, 0, size, numpy=True)


def left_behind(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name[0].isdigit())


def test_values_base_by_base(tmp_path):
    path = write_bigwig(tmp_path / "0.bw", {"a": 9, "b": 4}, {"a": [(1, 3, 0.1), (3, 5, 2)]})
    with bigwig.Reader(path) as file:
        assert file.path == str(path)
        assert file.sizes == {"a": 9, "b": 4}
        values = file.values("a", 2, 6)
        assert values.dtype == np.float32
        np.testing.assert_array_equal(values, np.float32([0.1, 2, 2, np.nan]))
        np.testing.assert_array_equal(file.values("b", 0, 3), [np.nan] * 3)


def test_a_file_without_any_value_leaves_every_base_out(tmp_path):
    with bigwig.Reader(write_bigwig(tmp_path / "0.bw", {"a": 9}, {})) as file:
        values = file.values("a", 2, 6)
        assert values.dtype == np.float32
        np.testing.assert_array_equal(values, [np.nan] * 4)
        assert len(file.intervals("a", 2, 6)) == 0


def test_intervals_are_cut_to_the_region(tmp_path):
    rows = [(0, 2, 7), (2, 4, 1), (4, 6, 1), (8, 12, 3)]
    with bigwig.Reader(write_bigwig(tmp_path / "0.bw", {"a": 12}, {"a": rows})) as file:
        assert file.intervals("a", 3, 9).tolist() == [(3, 4, 1), (4, 6, 1), (8, 9, 3)]
        assert file.intervals("a", 6, 8).tolist() == []


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_must_be_finite(tmp_path, value):
    path = write_bigwig(tmp_path / "1.bw", {"b": 10}, {"b": [(0, 4, 1), (5, 7, value)]})
    with bigwig.Reader(path) as file:
        assert len(file.intervals("b", 0, 5)) == 1
        with pytest.raises(InputError, match=rf"1\.bw has the value {value} at b:5-7"):
            file.intervals("b", 0, 10)


def test_overlapping_intervals_are_refused(tmp_path):
    rows = [(0, 4, 1), (3, 6, 2)]
    path = write_bigwig(tmp_path / "1.bw", {"a": 12}, {"a": rows}, validate=False)
    with (
        bigwig.Reader(path) as file,
        pytest.raises(InputError, match=r"1\.bw has the value 2.0 at a:3-6: .* not overlap"),
    ):
        file.intervals("a", 0, 12)


def blank_block(content):
    first = struct.unpack("<Q", content[16:24])[0] + 8
    return content[:first] + bytes(500) + content[first + 500 :]


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda content: content[:-1], "is cut off"),
        (lambda content: content[: len(content) // 2], "is cut off"),
        (lambda content: content[:64], "is cut off"),
        (lambda content: b"", "is no bigWig file"),
        (lambda content: b"chr1\t0\t10\t1\n" * 9, "is no bigWig file: it starts with b'chr1'"),
        (lambda content: content[:9000] + content[-4:], "is damaged: "),
        (blank_block, "is damaged at a:0-50000"),
    ],
)
@pytest.mark.parametrize("method", ["intervals", "values"])
def test_damaged_files_are_refused(tmp_path, method, change, message):
    rng = np.random.default_rng(0)
    rows = [(start, start + 10, rng.random()) for start in range(0, 50_000, 10)]
    path = write_bigwig(tmp_path / "1.bw", {"a": 50_000}, {"a": rows})
    path.write_bytes(change(path.read_bytes()))
    with (
        pytest.raises(InputError, match=rf"1\.bw {message}"),
        bigwig.Reader(path) as file,
    ):
        getattr(file, method)("a", 0, 50_000)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"There is no file .*1\.bw"):
        bigwig.Reader(tmp_path / "1.bw")


def common_sizes(folder, *sizes, chromosomes=".*"):
    with ExitStack() as stack:
        files = [
            stack.enter_context(bigwig.Reader(write_bigwig(folder / f"{number}.bw", each, {})))
            for number, each in enumerate(sizes)
        ]
        return bigwig.common_sizes(files, chromosomes)


@pytest.mark.parametrize(
    "sizes, message",
    [
        ({"a": 12, "b": 11}, r"'b' has 11 bases in .*1\.bw, but 10 in .*0\.bw"),
        ({"a": 12}, r"'b' has no bases in .*1\.bw, but 10 in .*0\.bw"),
        ({"a": 12, "b": 10, "c": 9}, r"'c' has 9 bases in .*1\.bw, but no in .*0\.bw"),
    ],
)
def test_files_must_have_the_same_chromosomes(tmp_path, sizes, message):
    both = {"b": 10, "a": 12}, sizes
    with pytest.raises(InputError, match=message):
        common_sizes(tmp_path, *both)
    assert common_sizes(tmp_path, *both, chromosomes="a") == {"a": 12}


def test_chromosomes_are_matched_by_whole_names_and_sorted(tmp_path):
    sizes = {"chr2": 8, "chr10": 9, "chr1_random": 7, "chr1": 6}
    found = common_sizes(tmp_path, sizes, dict(reversed(sizes.items())), chromosomes=r"chr\d+")
    assert list(found.items()) == [("chr1", 6), ("chr10", 9), ("chr2", 8)]
    message = r"0\.bw matches 'chr': it has chr1, chr10, chr1_random, chr2\.$"
    with pytest.raises(InputError, match=message):
        common_sizes(tmp_path, sizes, chromosomes="chr")


def test_a_file_is_there_once_it_is_whole(tmp_path):
    path = tmp_path / "new" / "t.bw"
    with bigwig.create(path, {"b": 4, "a": 9}) as file:
        file.addEntries("a", 2, values=np.array([0.5, 2.0]), span=1, step=1)
        assert not path.exists()
    assert read_intervals(path, "a") == [(2, 3, 0.5), (3, 4, 2)]
    with pyBigWig.open(str(path)) as file:
        assert list(file.chroms().items()) == [("a", 9), ("b", 4)]
        assert file.header()["nLevels"] == 0
    with pytest.raises(KeyboardInterrupt), bigwig.create(path, {"a": 9}):
        raise KeyboardInterrupt
    assert read_intervals(path, "a") == [(2, 3, 0.5), (3, 4, 2)]
    assert [each.name for each in path.parent.iterdir()] == ["t.bw"]


def test_runs_are_merged_across_additions_but_not_across_chromosomes(tmp_path):
    with bigwig.create(tmp_path / "t.bw", {"a": 12, "b": 12}) as file:
        runs = bigwig.Runs(file)
        for chromosome, rows in [
            ("a", [(0, 2, 1), (2, 4, 1), (4, 5, 3)]),
            ("a", [(5, 6, 3), (7, 8, 3)]),
            ("a", []),
            ("a", [(8, 12, 3)]),
            ("b", [(0, 3, 3)]),
        ]:
            starts, ends, values = np.array(rows, np.int64).reshape(-1, 3).T
            runs.add(chromosome, starts, ends, values)
        runs.flush()
    assert read_intervals(tmp_path / "t.bw", "a") == [(0, 4, 1), (4, 6, 3), (7, 12, 3)]
    assert read_intervals(tmp_path / "t.bw", "b") == [(0, 3, 3)]


def test_runs_are_merged_by_what_the_file_holds(tmp_path):
    # Two float64 numbers that are one float32 number.
    with bigwig.create(tmp_path / "t.bw", {"a": 12}) as file:
        runs = bigwig.Runs(file)
        runs.add("a", np.array([0, 2]), np.array([2, 4]), np.array([0.1, np.float32(0.1)]))
        runs.flush()
    assert read_intervals(tmp_path / "t.bw", "a") == [(0, 4, float(np.float32(0.1)))]


def test_written_values_are_read_back(tmp_path):
    first = np.random.default_rng(0).random(5, np.float32)
    pieces = [("a", 2, first), ("a", 7, np.zeros(2)), ("b", 0, np.array([0.1, 2]))]
    bigwig.write(tmp_path / "t.bw", {"b": 2, "a": 9, "c": 4}, iter(pieces))
    expected = np.concatenate([[np.nan] * 2, first, [0, 0]]).astype(np.float32)
    np.testing.assert_array_equal(read_values(tmp_path / "t.bw", "a", 9), expected)
    np.testing.assert_array_equal(read_values(tmp_path / "t.bw", "b", 2), np.float32([0.1, 2]))
    with pyBigWig.open(str(tmp_path / "t.bw")) as file:
        assert list(file.chroms().items()) == [("a", 9), ("b", 2), ("c", 4)]


def test_browsers_zoom_in_what_is_written(tmp_path):
    """Means of zoomed bins by hand, on a chromosome that is not the last."""
    values = np.random.default_rng(0).random(65_536, np.float32)
    pieces = [("a", 0, values[:3000]), ("a", 3000, values[3000:]), ("b", 0, np.ones(64))]
    bigwig.write(tmp_path / "t.bw", {"a": 70_000, "b": 64}, pieces)
    np.testing.assert_array_equal(read_values(tmp_path / "t.bw", "a", len(values)), values)
    with pyBigWig.open(str(tmp_path / "t.bw")) as file:
        # Bins of 16, 64 and 256 bases: one block holds the last, and coarser ones are not made.
        assert file.header()["nLevels"] == 3
        for bins in (1, 4, 64):
            by_hand = values.reshape(bins, -1).mean(axis=1, dtype=float)
            zoomed = file.stats("a", 0, len(values), type="mean", nBins=bins)
            np.testing.assert_allclose(zoomed, by_hand, rtol=1e-6)
            assert zoomed != file.stats("a", 0, len(values), type="mean", nBins=bins, exact=True)


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
    bigwig.write(path, {"a": 9}, [("a", 0, np.ones(9))])
    with pytest.raises(InputError, match=message):
        bigwig.write(path, {"a": 9}, [("a", 2, np.zeros(2)), piece])
    np.testing.assert_array_equal(read_values(path, "a", 9), np.ones(9))
    assert left_behind(tmp_path) == ["t.bw"]


def test_an_interrupted_run_leaves_nothing(tmp_path):
    def pieces():
        yield "a", 0, np.ones(4)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bigwig.write(tmp_path / "t.bw", {"a": 9}, pieces())
    assert left_behind(tmp_path) == []
