"""Labels and predictions in shards are those of a single job; memory is that of a block."""

import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import h5py
import keras
import numpy as np
import pytest

import label
import label_unlabelled
import predict
from conftest import HEADS, LENGTH
from degu import dataset, labels, models, predictions, shards
from degu.dataset import Dataset
from degu.ensemble import Ensemble
from degu.ensemble import members as each_of
from degu.heads import Heads
from degu.job import InputError
from degu.splits import SPLITS
from degu.tasks import labelling

WINDOW, CROP = 160, 130
# Five, three and two blocks of 64.
SIZES = {"train": 300, "validation": 130, "test": 70}
PROFILE = Heads.of(["coverage"])


def write(path, length, teachers, heads, profile):
    """Write random sequences whose measurements are what the first teacher predicts."""
    rng = np.random.default_rng(0)
    with h5py.File(path, "w") as file:
        names, dtype = heads.names, "float16" if profile else "float32"
        writer = dataset.Writer(file, length, names, heads.activities, profile, dtype)
        if profile:
            file.attrs["crop"] = CROP
        for split, n in SIZES.items():
            codes = rng.integers(0, 4, (n, length), dtype=np.uint8)
            known = next(each_of(teachers)(codes))
            writer.append(split, codes, known, [f"{split}{row}" for row in range(n)])
        writer.count([])


def profiles(folder):
    """Save two small networks of profiles, whose weights are close."""
    paths = [str(folder / f"{number}.keras") for number in range(2)]
    keras.utils.set_random_seed(0)
    model, rng = models.build("cnn_task_base", CROP, 1, width=3), np.random.default_rng(0)
    for path in paths:
        for weight in model.trainable_weights:
            weight.assign(weight + rng.normal(0, 0.001, weight.shape))
        models.save(model, path, PROFILE)
    return paths


@pytest.fixture(scope="module", params=["activities", "profiles"])
def run(request, members, tmp_path_factory):
    """Give teachers and their data set, and cut it into blocks of 64 sequences."""
    folder, profile = tmp_path_factory.mktemp("run"), request.param == "profiles"
    length, heads = (WINDOW, PROFILE) if profile else (LENGTH, HEADS)
    teachers = profiles(folder) if profile else members
    write(folder / "data.h5", length, teachers, heads, profile)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "BLOCK", 64 * length)
        yield SimpleNamespace(data=folder / "data.h5", teachers=teachers, profile=profile)


def test_labels_in_shards_are_those_of_a_single_job(run, tmp_path):
    """Bit by bit; of three shards one has no test sequences."""

    def written(name, shard=""):
        path = tmp_path / f"{name}.h5"
        label.main(run.data, run.teachers, path, 0.9, 0, shard)
        return path

    whole = written("whole")
    labels.join([written(n, f"/{n}of3") for n in (1, 2, 3)], tmp_path / "joined.h5")
    assert (tmp_path / "joined.h5").read_bytes() == whole.read_bytes()
    data = Dataset(run.data)
    with h5py.File(whole) as file:
        assert len(file["train/mean"]) == 270
        for split in ("validation", "test"):
            said = np.stack(list(each_of(run.teachers)(data.codes(split)))).astype(float)
            error = 1e-3 if run.profile else 1e-6
            np.testing.assert_allclose(file[f"{split}/mean"][:], said.mean(axis=0), atol=error)
            std = said.std(axis=0)[..., :1]
            np.testing.assert_allclose(file[f"{split}/std"][:], std, atol=error)
            if not run.profile:
                each = said[..., 0].T.astype(np.float32)
                np.testing.assert_array_equal(file[f"{split}/members"][:], each)


def test_labels_of_a_weighted_ensemble_are_those_of_numpy(run, tmp_path):
    """The first member counts three times, and predicts as one that stands in another folder."""
    other = tmp_path / "other" / "0.keras"
    other.parent.mkdir()
    other.write_bytes(Path(run.teachers[1]).read_bytes())
    label.main(run.data, [run.teachers[0]] * 3 + [str(other)], tmp_path / "labels.h5", 1.0, 0)
    one, two = (next(each_of([path])(Dataset(run.data).codes("test"))).astype(float)
                for path in run.teachers[:2])  # fmt: skip
    mean, std = labels.read_labels(tmp_path / "labels.h5", "test")
    # Half of a step of float16.
    close = {"rtol": 6e-4, "atol": 1e-6} if run.profile else {"rtol": 1e-5, "atol": 1e-6}
    np.testing.assert_allclose(mean, 0.75 * one + 0.25 * two, **close)
    # The root of 3/4 * 1/4, times the distance of the two.
    expected = np.sqrt(3) / 4 * np.abs(one - two)[..., :1]
    np.testing.assert_allclose(std, expected, **close)
    assert expected.max() > 1e-3


def test_sequences_without_measurements_are_labelled_as_the_ensemble_predicts(run, tmp_path):
    """The same bit by bit by one job and in three shards, whose last block is not whole."""
    source, length = tmp_path / "unlabelled.h5", Dataset(run.data).length
    codes = np.random.default_rng(1).integers(0, 5, (200, length), dtype=np.uint8)
    with h5py.File(source, "w") as file:
        file.create_dataset("unlabelled/codes", data=codes, chunks=(dataset.CHUNK, length))

    def written(name, shard=""):
        path = tmp_path / f"{name}.h5"
        label_unlabelled.main(run.data, source, run.teachers, path, shard)
        return path

    whole = written("whole")
    labels.join([written(n, f"/{n}of3") for n in (1, 2, 3)], tmp_path / "joined.h5")
    assert (tmp_path / "joined.h5").read_bytes() == whole.read_bytes()
    assert labels.read_heads(whole) == (PROFILE if run.profile else HEADS)
    mean, std = labels.read_labels(whole, "unlabelled")
    said = np.stack(list(each_of(run.teachers)(codes))).astype(float)
    if run.profile:
        # Half of a step of float16.
        np.testing.assert_allclose(mean, said.mean(axis=0), rtol=6e-4, atol=5e-8)
        np.testing.assert_allclose(std, said[..., :1].std(axis=0), rtol=6e-4, atol=1e-6)
    else:
        np.testing.assert_array_equal(mean, said.mean(axis=0).astype(np.float32))
        np.testing.assert_array_equal(std, said.std(axis=0).astype(np.float32)[:, :1])
        np.testing.assert_array_equal(Ensemble(run.teachers).predict(codes), said)
    with pytest.raises(InputError, match="at least two members"):
        label_unlabelled.main(run.data, source, run.teachers[:1], tmp_path / "one.h5")


def test_predictions_in_shards_are_those_of_a_single_job(run, tmp_path):
    def written(name, shard=""):
        path = tmp_path / f"{name}.h5"
        predict.main(run.data, run.teachers, None, path, 50, shard)
        return path

    whole = written("whole")
    parts = [predictions.read(written(number, f"/{number}of3")) for number in (1, 2, 3)]
    predictions.write(tmp_path / "joined.h5", predictions.join(parts))
    assert (tmp_path / "joined.h5").read_bytes() == whole.read_bytes()
    assert len(predictions.read(whole).test.names) == (70 * 3 if run.profile else 70)


def test_a_shard_finds_a_member_that_fell_out_of_its_own_sequences(run, tmp_path):
    network = models.load(run.teachers[0])
    for weight in network.trainable_weights:
        weight.assign(weight * 0)
    bad = str(tmp_path / "9.keras")
    models.save(network, bad, PROFILE if run.profile else HEADS)
    with pytest.raises(InputError, match=r"9\.keras fell out"):
        label.main(run.data, [*run.teachers, bad], tmp_path / "labels.h5", 1.0, 0, "/3of3")
    with pytest.raises(InputError, match="at least two members"):
        label.main(run.data, run.teachers[:1], tmp_path / "labels.h5", 1.0, 0, "/3of3")


def test_members_are_judged_by_the_number_of_their_sequences(run, tmp_path, monkeypatch):
    """A window of profiles counts once, whatever its length; 100 of 130 sequences were measured."""
    judged, data = [], tmp_path / "data.h5"
    data.write_bytes(run.data.read_bytes())
    with h5py.File(data, "r+") as file:
        targets = file["validation/targets"][:]
        targets[100:] = np.nan
        file["validation/targets"][:] = targets
    monkeypatch.setattr(labelling, "check_correlations", lambda r, n, names: judged.append((r, n)))
    label.main(data, run.teachers, tmp_path / "labels.h5", 1.0, 0)
    ((r, n),) = judged
    assert n.tolist() == [100] * len(n) and r.shape == (len(run.teachers), len(n))
    # Measurements are what the first teacher predicts.
    np.testing.assert_allclose(r[0], 1, atol=1e-2 if run.profile else 1e-5)


def test_too_large_a_data_set_is_not_labelled(run, tmp_path, monkeypatch):
    monkeypatch.setattr("degu.dataset.SHARD", 124 * Dataset(run.data).length)
    with pytest.raises(InputError, match="is 4, and 5 are needed"):
        label.main(run.data, run.teachers, tmp_path / "labels.h5", 1.0, 0, "/1of4")


def test_memory_does_not_grow_with_the_data_set(tmp_path, members, monkeypatch):
    """Bytes of arrays for ten times the sequences: an index of eight bytes each, in passing."""
    monkeypatch.setattr(shards, "BLOCK", 2**14)
    monkeypatch.setattr(label.tasks.labelling, "members", lambda paths, strands: fake)

    def fake(codes):
        return (codes[:, :2].astype(np.float32) for _ in range(3))

    peaks, rng = {}, np.random.default_rng(0)
    for n in (10_000, 100_000):
        with h5py.File(tmp_path / "data.h5", "w") as file:
            writer = dataset.Writer(file, LENGTH, HEADS.names, ["y"])
            for split, rows in zip(SPLITS, (n, 10, 10), strict=True):
                codes = rng.integers(0, 4, (rows, LENGTH), dtype=np.uint8)
                writer.append(split, codes, np.float32(codes[:, :2]), np.arange(rows).astype(str))
            writer.count([])
        tracemalloc.start()
        label.main(tmp_path / "data.h5", members, tmp_path / "labels.h5", 1.0, 0)
        peaks[n] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peaks[100_000] - peaks[10_000] < 8 * 90_000 * 1.1
