"""Profile data sets against hand-made windows, and against numpy on yeast MNase-seq."""

import os
from pathlib import Path

import h5py
import numpy as np
import pyBigWig
import pytest

from degu import tracks
from degu.assays import profile
from degu.dataset import Dataset
from degu.job import InputError
from degu.sequences import decode, encode
from test_genome import write_fasta

DATA = Path(os.environ.get("DEGU_DATA", Path(__file__).parents[2] / "shared" / "data"))
LETTERS = {"chr1": "ACGTANNNNNCCGGTTT", "chr8": "GGGGG", "chr9": "ttaca", "chrY": "AAAAA"}
RULE = {
    "target": "atac",
    "window": 5,
    "chromosomes": r"chr(\d+|X)",
    "validation": ["chr9"],
    "test": ["chr8"],
    "max_unknown": 0.1,
    "max_uncovered": 0.5,
}


@pytest.fixture
def inputs(tmp_path):
    """Mean and SD tracks, values 0, 1, 2, ... and their tenth, and the genome."""
    genome = write_fasta(tmp_path / "genome.fa", **LETTERS)
    paths = []
    for name, scale in {"mean": 1, "std": 0.1}.items():
        paths.append(tmp_path / f"{name}.bw")
        write(paths[-1], {c: np.arange(len(row)) * scale for c, row in LETTERS.items()})
    return *paths, genome


def write(path, values):
    sizes = {name: len(row) for name, row in values.items()}
    tracks.write(path, sizes, ((name, 0, row) for name, row in sorted(values.items())))


def stream(folder, inputs, extra=None, **options):
    options = RULE | {"crop": options.get("window", RULE["window"])} | options
    files = dict(zip(("mean", "std", "genome"), inputs, strict=True))
    return profile.stream(folder / "data.h5", files | (extra or {}), **options)


def test_windows_become_a_data_set(tmp_path, inputs):
    steps = stream(tmp_path, inputs)
    assert steps == [
        ("windows of 5 bases", 5),
        ("share of unknown bases at most 0.1", 4),
        ("share of bases without coverage or excluded at most 0.5", 4),
    ]
    data = Dataset(tmp_path / "data.h5")
    assert data.target_names == ["atac", "atac_aleatoric"]
    assert data.activities == ["atac"]
    assert data.length == data.crop == 5
    assert data.names("train").tolist() == ["chr1:0-5", "chr1:10-15"]
    assert data.names("validation").tolist() == ["chr9:0-5"]
    assert data.names("test").tolist() == ["chr8:0-5"]
    assert decode(data.codes("train")) == ["ACGTA", "CCGGT"]
    assert decode(data.codes("validation")) == ["TTACA"]
    assert data.targets("train").dtype == np.float16
    mean = np.array([[0, 1, 2, 3, 4], [10, 11, 12, 13, 14]])
    expected = np.float16(np.float32(np.stack([mean, mean * 0.1], axis=-1)))
    np.testing.assert_array_equal(data.targets("train"), expected)


def test_dropped_windows_are_counted(tmp_path, inputs):
    regions = tmp_path / "regions.bed"
    regions.write_text("chr1\t10\t13\nchr1\t5\t9\n")
    steps = stream(tmp_path, inputs, {"excluded": regions})
    assert [left for _, left in steps] == [5, 4, 3]
    assert Dataset(tmp_path / "data.h5").names("train").tolist() == ["chr1:0-5"]


@pytest.mark.parametrize(
    "options, message",
    [
        ({"test": ["chr8", "chr9"]}, "'chr9' is both a validation and a test chromosome"),
        ({"test": ["chr8", "chrY"]}, r"'chrY' of the validation or test set has no window: .*chr8"),
        ({"validation": []}, "The split 'validation' has no window left"),
        ({"test": ["chr1", "chr8"]}, "The split 'train' has no window left"),
        ({"window": 3, "max_unknown": -1}, "The split 'train' has no window left"),
        ({"window": 1}, "Target 'atac' is 0 at every base of the split 'test'"),
        ({"chromosomes": "[0-9]+"}, "matches '.0-9.*': it has chr1, chr8, chr9, chrY"),
    ],
)
def test_splits_must_have_windows_that_vary(tmp_path, inputs, options, message):
    if options.get("window") == 1:
        write(inputs[0], {c: np.arange(len(row)) * (c != "chr8") for c, row in LETTERS.items()})
    with pytest.raises(InputError, match=message):
        stream(tmp_path, inputs, **options)
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".h5"]


def test_two_crops_must_cover_a_window(tmp_path, inputs):
    stream(tmp_path, inputs, crop=3)
    assert Dataset(tmp_path / "data.h5").crop == 3
    for crop in (2, 6):
        with pytest.raises(InputError, match=f"The crop is {crop} bases: windows of 5 allow 3 to"):
            stream(tmp_path, inputs, crop=crop)


def test_a_window_longer_than_all_chromosomes_is_told(tmp_path, inputs):
    message = r"No chromosome has a window of 100 bases: none whose name matches .* is that long"
    with pytest.raises(InputError, match=message):
        stream(tmp_path, inputs, window=100, crop=100)


def test_values_beyond_float16_are_refused(tmp_path, inputs):
    values = {name: np.arange(len(row)) * 1.0 for name, row in LETTERS.items()}
    values["chr8"][3] = 65_504
    write(inputs[1], values)
    stream(tmp_path, inputs)
    assert Dataset(tmp_path / "data.h5").targets("test")[0, 3, 1] == 65_504
    values["chr8"][3] = 65_505
    write(inputs[1], values)
    (tmp_path / "data.h5").unlink()
    with pytest.raises(InputError, match=r"std\.bw is 65505 at chr8:3: .* 65504 .*Divide"):
        stream(tmp_path, inputs)
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".h5"]


def test_tracks_and_genome_must_fit(tmp_path, inputs):
    write(inputs[1], {name: np.ones(len(row)) for name, row in LETTERS.items() if name != "chr9"})
    with pytest.raises(InputError, match=r"'chr9' has no bases in .*std\.bw, but 5 in .*mean\.bw"):
        stream(tmp_path, inputs)
    with pytest.raises(InputError, match=r"'chr1' has no bases in .*other\.fa, but 17 in the"):
        other = write_fasta(tmp_path / "other.fa", **{"1": "ACGTA"})
        stream(tmp_path, (inputs[0], inputs[0], other))


def test_yeast_windows_equal_numpy(tmp_path):
    """Replicates to data set, on three stretches of chromosome II as three chromosomes."""
    folder = DATA / "yeast_mnase"
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing: set DEGU_DATA to the folder of data sets")
    stretches = {"chr1": (0, 130_000), "chr8": (200_000, 240_000), "chr9": (700_000, 750_000)}
    letters = "".join((folder / "chrII.fa").read_text().splitlines()[1:])
    pieces = {name: letters[slice(*ends)] for name, ends in stretches.items()}
    genome = write_fasta(tmp_path / "genome.fa", **pieces)
    replicates, bases = [], []
    for name in ("G2_pr1", "G2_pr2", "M"):
        with pyBigWig.open(str(folder / f"mnase_{name}_core41_fold.bw")) as file:
            bases.append(file.values("chrII", 0, len(letters), numpy=True))
            replicates.append(tmp_path / f"{name}.bw")
            _cut(file, stretches, replicates[-1])
    summary = tmp_path / "mean.bw", tmp_path / "std.bw"
    tracks.summarise(replicates, *summary)
    steps = stream(tmp_path, (*summary, genome), window=3072, max_uncovered=0.2)

    absent = np.isnan(bases).all(axis=0)
    bases = np.nan_to_num(np.float64(bases))
    truth = np.stack([bases.mean(axis=0), bases.std(axis=0, ddof=1)], axis=-1)
    data = Dataset(tmp_path / "data.h5")
    kept = 0
    splits = {"chr1": "train", "chr8": "test", "chr9": "validation"}
    for chromosome, split in splits.items():
        first, last = stretches[chromosome]
        starts = np.arange(0, last - first - 3071, 3072)
        gaps = np.array([absent[first + start :][:3072].mean() for start in starts])
        starts = starts[gaps <= 0.2]
        kept += len(starts)
        assert data.names(split).tolist() == [
            f"{chromosome}:{start}-{start + 3072}" for start in starts
        ]
        expected = np.stack([truth[first + start :][:3072] for start in starts])
        np.testing.assert_array_equal(
            data.targets(split), np.float16(np.float32(expected)), strict=True
        )
        np.testing.assert_array_equal(
            data.codes(split), encode([letters[first + start :][:3072] for start in starts])
        )
    assert [left for _, left in steps] == [42 + 13 + 16, 42 + 13 + 16, kept]
    assert 0 < kept < 71
    with h5py.File(tmp_path / "data.h5") as file:
        assert file["train/targets"].dtype == np.float16


def _cut(file, stretches, path):
    """Write stretches of chromosome II as chromosomes of their own."""
    with pyBigWig.open(str(path), "w") as output:
        output.addHeader([(name, last - first) for name, (first, last) in stretches.items()])
        for name, (first, last) in stretches.items():
            starts, ends, values = np.array(file.intervals("chrII", first, last)).T
            output.addEntries(
                [name] * len(starts),
                np.int64(np.maximum(starts, first) - first),
                ends=np.int64(np.minimum(ends, last) - first),
                values=values,
            )
