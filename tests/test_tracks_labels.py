"""Labels of profiles as bigWigs, base by base in the order of the genome."""

import h5py
import numpy as np
import pyBigWig
import pytest

from degu.heads import Heads
from degu.job import InputError
from degu.splits import SPLITS
from degu.tracks import labels
from test_tracks_bigwig import left_behind, read_values, write_bigwig

SIZES = {"chr1": 23, "chr2": 10, "chr10": 9}
# Rows of a split stand in no order; train has a part of its windows.
NAMES = {
    "train": ["chr1:15-20", "chr1:0-5", "chr10:0-5"],
    "validation": ["chr2:5-10"],
    "test": ["chr1:10-15", "chr2:0-5"],
}


@pytest.fixture
def made(tmp_path):
    """Write labels with numbers of their own at every base, and the measured track."""
    rng = np.random.default_rng(0)
    values = {}
    with h5py.File(tmp_path / "labels.h5", "w") as file:
        file.attrs["heads"] = Heads.of(["atac"], "aleatoric").to_json()
        for split in SPLITS:
            mean, std = (
                rng.random((len(NAMES[split]), 5, heads)).astype(np.float16) for heads in (2, 1)
            )
            file[f"{split}/names"] = np.array(NAMES[split], h5py.string_dtype())
            file[f"{split}/mean"], file[f"{split}/std"] = mean, std
            for row, name in enumerate(NAMES[split]):
                tracks = {"mean": mean[row, :, 0], "aleatoric": mean[row, :, 1]}
                values[name] = tracks | {"epistemic": std[row, :, 0]}
    write_bigwig(tmp_path / "0.bw", SIZES, {"chr1": [(0, 4, 1)]})
    return tmp_path, values


@pytest.mark.parametrize("track", ["mean", "epistemic", "aleatoric"])
@pytest.mark.parametrize("rows", [1, 2, 64])
def test_each_window_has_its_values_and_the_rest_none(made, monkeypatch, track, rows):
    folder, values = made
    monkeypatch.setattr(labels, "CHUNK", rows)
    labels.write(folder / "t.bw", folder / "labels.h5", track, folder / "0.bw")
    with pyBigWig.open(str(folder / "t.bw")) as file:
        assert file.chroms() == SIZES
        assert file.header()["nLevels"] > 0
    for chromosome, size in SIZES.items():
        expected = np.full(size, np.nan, np.float32)
        for name, tracks in values.items():
            where, _, ends = name.partition(":")
            if where == chromosome:
                expected[slice(*map(int, ends.split("-")))] = tracks[track]
        np.testing.assert_array_equal(read_values(folder / "t.bw", chromosome, size), expected)


def test_teachers_without_the_head_have_no_aleatoric_track(made):
    folder, _ = made
    with h5py.File(folder / "labels.h5", "a") as file:
        file.attrs["heads"] = Heads.of(["atac"]).to_json()
    with pytest.raises(
        InputError, match=r"labels\.h5 is of teachers without an aleatoric head, of"
    ):
        labels.write(folder / "t.bw", folder / "labels.h5", "aleatoric", folder / "0.bw")
    assert left_behind(folder) == ["labels.h5"]
    labels.write(folder / "t.bw", folder / "labels.h5", "mean", folder / "0.bw")
