"""Files of labels: read as they were written, block by block."""

import h5py
import numpy as np

from degu import labels
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


SIZES = {"validation": 5, "train": 23}
RNG = np.random.default_rng(0)
PROFILES = {
    split: {
        "mean": RNG.normal(size=(n, 10, 2)).astype(np.float16),
        "std": RNG.normal(size=(n, 10, 1)).astype(np.float16),
    }
    for split, n in SIZES.items()
}


def test_blocks_stand_behind_one_another(tmp_path):
    blocks = (
        (split, {key: values[at : at + 4] for key, values in PROFILES[split].items()})
        for split, n in SIZES.items()
        for at in range(0, n, 4)
    )
    labels.write(tmp_path / "labels.h5", HEADS, SIZES, blocks)
    assert labels.read_heads(tmp_path / "labels.h5") == HEADS
    for split, parts in PROFILES.items():
        mean, std = labels.read_labels(tmp_path / "labels.h5", split)
        np.testing.assert_array_equal(mean, parts["mean"], strict=True)
        np.testing.assert_array_equal(std, parts["std"], strict=True)
