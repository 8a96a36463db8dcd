"""Files of labels: read as they were written, block by block, and joined of shards."""

import h5py
import numpy as np

from degu import labels, shards
from degu.heads import Heads

HEADS = Heads.of(["Dev", "Hk"], "aleatoric")


def write(path):
    """Write labels of three test sequences, each number another one."""
    with h5py.File(path, "w") as file:
        file.attrs["heads"] = HEADS.to_json()
        file["test/mean"] = np.arange(12, dtype=np.float32).reshape(3, 4)
        file["test/std"] = np.arange(6, dtype=np.float32).reshape(3, 2) / 10
    return path


def test_labels_are_read_by_split(tmp_path):
    mean, std = labels.read_labels(write(tmp_path / "2.h5"), "test")
    assert mean.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    np.testing.assert_allclose(std, [[0, 0.1], [0.2, 0.3], [0.4, 0.5]], rtol=1e-6)


def test_heads_are_those_of_the_teachers(tmp_path):
    found = labels.read_heads(write(tmp_path / "2.h5"))
    assert found == HEADS
    assert found.names == ["Dev", "Hk", "Dev_aleatoric", "Hk_aleatoric"]


SIZES = {"validation": 5, "test": 3, "train": 23}
RNG = np.random.default_rng(0)
PROFILES = {
    split: {
        "mean": RNG.normal(size=(n, 10, 2)).astype(np.float16),
        "std": RNG.normal(size=(n, 10, 1)).astype(np.float16),
        "names": np.array([f"{split}{row}" for row in range(n)]).astype(h5py.string_dtype()),
    }
    for split, n in SIZES.items()
}


def blocks(rows, parts=PROFILES):
    """Yield blocks of four rows of a range of each split."""
    for split in labels.ORDER:
        for at in range(0, len(rows[split]), 4):
            some = rows[split][at : at + 4]
            yield split, {key: values[some] for key, values in parts[split].items()}


def test_blocks_stand_behind_one_another(tmp_path):
    rows = {split: np.arange(n) for split, n in SIZES.items()}
    labels.write(tmp_path / "labels.h5", HEADS, SIZES, blocks(rows))
    assert labels.read_heads(tmp_path / "labels.h5") == HEADS
    with h5py.File(tmp_path / "labels.h5") as file:
        for split, parts in PROFILES.items():
            assert file[split].keys() == {"mean", "names", "std"}
            for key in ("mean", "std"):
                np.testing.assert_array_equal(file[split][key][:], parts[key], strict=True)
            assert file[f"{split}/names"].asstr()[:].tolist() == parts["names"].tolist()


def test_shards_are_joined_into_the_file_of_a_single_job(tmp_path, monkeypatch):
    """Bit by bit; three shards of whole blocks, of which the second has no test sequences."""
    monkeypatch.setattr(shards, "BLOCK", 40)
    whole = {split: np.arange(n) for split, n in SIZES.items()}
    labels.write(tmp_path / "whole.h5", HEADS, SIZES, blocks(whole))
    paths = [tmp_path / f"{number}of3.h5" for number in (1, 2, 3)]
    for number, path in enumerate(paths, 1):
        own = {
            split: shards.share(rows, 10, shards.Shard(number, 3)) for split, rows in whole.items()
        }
        sizes = {split: len(rows) for split, rows in own.items()}
        labels.write(path, HEADS, sizes, blocks(own))
    with h5py.File(paths[1]) as file:
        assert file.keys() == {"train", "validation"}
    labels.join(paths, tmp_path / "joined.h5")
    assert (tmp_path / "joined.h5").read_bytes() == (tmp_path / "whole.h5").read_bytes()
