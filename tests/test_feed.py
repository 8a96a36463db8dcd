"""Rows from disk as from memory, pools that stay small, and a training that cannot tell."""

import tracemalloc
from dataclasses import replace

import h5py
import numpy as np
import pytest

from degu import dataset, feed, losses
from degu.heads import Heads
from degu.job import InputError
from degu.splits import SPLITS
from small_member import SETTINGS, interrupt
from small_member import train as train_small

N, WINDOW, CROP = 300, 160, 130
RNG = np.random.default_rng(0)
CODES = RNG.integers(0, 5, (N, WINDOW), dtype=np.uint8)
# Coverage of C and G, and a tenth of it.
TARGETS = np.stack([CODES % 3 == 1, (CODES % 3 == 1) / 10], axis=-1).astype(np.float16)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Write a data set of profiles, the same in all splits."""
    path = tmp_path_factory.mktemp("feed") / "data.h5"
    with h5py.File(path, "w") as file:
        names = ["atac", "atac_aleatoric"]
        writer = dataset.Writer(file, WINDOW, names, ["atac"], profile=True, dtype="float16")
        file.attrs["crop"] = CROP
        for split in SPLITS:
            writer.append(split, CODES, TARGETS, [f"chr1:{row}-{row}" for row in range(N)])
        writer.count([])
    return dataset.Dataset(path)


def test_rows_of_a_file_are_those_of_an_array(data):
    rows = np.arange(5, N, 3)
    codes, targets = feed.measured(data, "train", ["atac_aleatoric"], rows)
    assert codes.shape == (99, WINDOW) and codes.dtype == np.uint8
    assert targets.shape == (99, WINDOW, 1) and targets.dtype == np.float16
    expected = TARGETS[rows][..., 1:]
    for at in (slice(0, 7), slice(90, 200), np.array([40, 2, 98, 3]), slice(None)):
        np.testing.assert_array_equal(codes[at], CODES[rows][at])
        np.testing.assert_array_equal(targets[at], expected[at])


def test_the_centre_of_a_window(data):
    codes, targets = feed.measured(data, "validation", ["atac"], cropped=True)
    np.testing.assert_array_equal(codes[:], CODES[:, 15:145])
    np.testing.assert_array_equal(targets[:], TARGETS[:, 15:145, :1])
    np.testing.assert_array_equal(feed.centre(np.arange(7)[None], 4), [[1, 2, 3, 4]])


def test_parts_stand_side_by_side(data):
    """Each with rows and columns of its own, as it is or converted."""
    first = feed.Part(data.path, "train/targets", [1], np.array([3, 70]))
    second = feed.Part(data.path, "test/targets", rows=np.array([90, 2]), convert=np.negative)
    both = feed.Stored(first, second)
    expected = np.concatenate([TARGETS[[3, 70]][..., [1]], -TARGETS[[90, 2]]], axis=-1)
    np.testing.assert_array_equal(both[:], expected)
    np.testing.assert_array_equal(both[np.array([1, 0, 1])], expected[[1, 0, 1]])


def test_no_rows_have_the_shape_of_others(data):
    codes, targets = feed.measured(data, "train", ["atac"], np.arange(0))
    assert codes.shape == (0, WINDOW) and targets[:].shape == (0, WINDOW, 1)


def test_arrays_stand_behind_one_another(data):
    """Thirty rows on disk, ten in memory, thirty on disk: any rows, in any order."""
    at = np.arange(30)
    stored = feed.Stored(feed.Part(data.path, "train/targets", rows=at))
    behind = feed.stacked(stored, TARGETS[100:110], stored)
    expected = np.concatenate([TARGETS[:30], TARGETS[100:110], TARGETS[:30]])
    assert behind.shape == expected.shape and behind.dtype == np.float16
    assert len(behind) == 70
    for at in (slice(None), slice(25, 45), slice(65, 200), np.array([69, 3, 35, 30, 3])):
        np.testing.assert_array_equal(behind[at], expected[at])
    assert feed.stacked(stored) is stored


def test_an_epoch_goes_through_all_that_is_stacked(data, small_pools):
    split = feed.measured(data, "train", data.target_names, np.arange(200))
    both = [
        feed.stacked(array, more[200:]) for array, more in zip(split, (CODES, TARGETS), strict=True)
    ]
    rows, sizes = rows_of(feed.pools(both, 40, np.random.default_rng(1)))
    assert sizes == [80, 80, 80, 60]
    expected, _ = rows_of(feed.pools((CODES, TARGETS), 40, np.random.default_rng(1)))
    np.testing.assert_array_equal(rows, expected)


def test_a_head_that_was_not_measured(data):
    with pytest.raises(InputError, match="no target 'atac_epistemic': it has atac, atac_aleatoric"):
        feed.measured(data, "train", ["atac_epistemic"])


def rows_of(pools):
    """Which rows batches hold, by their codes, and how many rows each pool has."""
    known = {row.tobytes(): number for number, row in enumerate(CODES)}
    seen, sizes = [], []
    for codes, targets, batches in pools:
        sizes.append(len(codes))
        rows = np.array([known[row.tobytes()] for row in codes])
        np.testing.assert_array_equal(targets, TARGETS[rows])
        seen.append(rows[batches])
    return np.concatenate(seen), sizes


@pytest.fixture
def small_pools(monkeypatch):
    """Pools of at most 90 windows of 160 codes and 320 float16."""
    monkeypatch.setattr(feed, "POOL", 90 * 160 * 5)


def test_what_fits_in_one_pool_is_permuted_as_a_whole():
    rows, sizes = rows_of(feed.pools((CODES, TARGETS), 40, np.random.default_rng([1, 2])))
    order = np.random.default_rng([1, 2]).permutation(N)[:280].reshape(7, 40)
    np.testing.assert_array_equal(rows, order)
    assert sizes == [N]


def test_pools_hold_each_row_once(data, small_pools):
    split = feed.measured(data, "train", data.target_names)
    assert feed.load(split) is split
    rows, sizes = rows_of(feed.pools(split, 40, np.random.default_rng(1)))
    assert sizes == [80, 80, 80, 60]
    assert rows.shape == (7, 40) and len(set(rows.ravel())) == 280
    again, _ = rows_of(feed.pools((CODES, TARGETS), 40, np.random.default_rng(1)))
    np.testing.assert_array_equal(again, rows)
    other, _ = rows_of(feed.pools((CODES, TARGETS), 40, np.random.default_rng(2)))
    assert not np.array_equal(other, rows)


def test_memory_is_that_of_a_pool_whatever_the_size(tmp_path, monkeypatch):
    """Bytes of arrays: what ten times the sequences may add are the numbers of their chunks."""
    monkeypatch.setattr(feed, "POOL", 2**20)
    peaks = {}
    for n in (50_000, 500_000):
        path = tmp_path / f"{n}.h5"
        with h5py.File(path, "w") as file:
            file["codes"] = np.zeros((n, 100), np.uint8)
            file["targets"] = np.zeros((n, 1), np.float32)
        tracemalloc.start()
        split = tuple(feed.Stored(feed.Part(path, key)) for key in ("codes", "targets"))
        assert feed.load(split) is split and feed.sums(split) == [0, 0]
        seen = sum(batches.size for *_, batches in feed.pools(split, 100, np.random.default_rng(1)))
        peaks[n] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert seen == n
    assert peaks[50_000] < 5 * 2**20
    assert peaks[500_000] - peaks[50_000] < 8 * 450_000 / feed.CHUNK * 1.5


def test_no_pool_but_the_last_is_of_part_batches(small_pools):
    """One row more than whole pools: nothing is read for it."""
    split = CODES[:241], TARGETS[:241]
    assert rows_of(feed.pools(split, 80, np.random.default_rng(1)))[1] == [80, 80, 80]


def weights(folder, train, validation):
    """Train profiles, and return the weights."""
    folder.mkdir(exist_ok=True)
    return train_small(
        folder,
        "0",
        settings=replace(SETTINGS, epochs=3, batch_size=40),
        supervised={
            "heads": Heads.of(["atac"], "aleatoric"),
            "outputs": 2,
            "train": train,
            "validation": validation,
            "loss": losses.poisson,
        },
        architecture={"name": "cnn_task_base", "width": 3},
    )


def test_training_from_disk_equals_training_from_memory_and_resumes(
    data, small_pools, started, tmp_path
):
    validation = CODES[:64, 15:145], TARGETS[:64, 15:145]
    expected = weights(tmp_path / "memory", (CODES, TARGETS), validation)
    train = feed.measured(data, "train", data.target_names)
    stored = feed.measured(data, "validation", data.target_names, np.arange(64), cropped=True)
    interrupt(2, weights, tmp_path / "disk", train, stored)
    found = weights(tmp_path / "disk", train, stored)
    assert all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))
