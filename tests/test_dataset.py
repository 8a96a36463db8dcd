"""The layout that all assays share, and its checks."""

from dataclasses import replace

import h5py
import numpy as np
import pytest

from degu import dataset
from degu.dataset import Dataset, Records
from degu.job import InputError
from degu.sequences import encode
from degu.splits import SPLITS, hold_out, subset


def made(n=12, length=6, **changes):
    """Return records of two activities, one with a replicate deviation."""
    rng = np.random.default_rng(0)
    records = Records(
        names=np.array([f"s{row:02}" for row in range(n)]),
        codes=rng.integers(0, 5, (n, length), dtype=np.uint8),
        targets=rng.normal(size=(n, 3)).astype(np.float32),
        target_names=["b", "a", "b_aleatoric"],
        splits=np.array(["train", "test", "train", "validation"])[np.arange(n) % 4],
        steps=[("rows in the table", 13), ("rows with all measurements", n)],
        replicates={"b": rng.normal(size=(n, 2))},
    )
    return replace(records, **changes)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data.h5"


def test_what_is_written_is_read(path):
    records = made()
    records.replicates["b"][3, 1] = np.nan
    dataset.write(path, records)
    data = Dataset(path)
    assert data.target_names == ["b", "a", "b_aleatoric"]
    assert data.activities == ["b", "a"]
    assert data.length == 6
    assert data.steps == records.steps
    rows = {"train": [0, 2, 4, 6, 8, 10], "test": [1, 5, 9], "validation": [3, 7, 11]}
    for split, expected in rows.items():
        np.testing.assert_array_equal(data.names(split), records.names[expected])
        np.testing.assert_array_equal(data.codes(split), records.codes[expected])
        np.testing.assert_array_equal(data.targets(split), records.targets[expected])
        replicates = data.replicates(split)
        assert list(replicates) == ["b"]
        np.testing.assert_array_equal(
            replicates["b"], records.replicates["b"][expected].astype(np.float32)
        )
    assert data.codes("train").dtype == np.uint8
    assert data.targets("train").dtype == np.float32
    assert data.names("train").dtype.kind == "U"
    with pytest.raises(InputError, match="no split 'dev': allowed are train, validation, test"):
        data.codes("dev")


def test_layout(path):
    dataset.write(path, made())
    with h5py.File(path) as file:
        found = {}
        file.visititems(lambda name, item: found.update({name: getattr(item, "shape", None)}))
        rows = {"train": 6, "validation": 3, "test": 3}
        assert found == {
            name: shape
            for split, n in rows.items()
            for name, shape in {
                split: None,
                f"{split}/codes": (n, 6),
                f"{split}/targets": (n, 3),
                f"{split}/names": (n,),
                f"{split}/units": (n,),
                f"{split}/replicates": None,
                f"{split}/replicates/b": (n, 2),
            }.items()
        }
        assert file["train/codes"].dtype == np.uint8
        assert list(file.attrs["target_names"]) == ["b", "a", "b_aleatoric"]
        assert list(file.attrs["activities"]) == ["b", "a"]


def test_a_sequence_and_its_reverse_complement_are_one_measured_unit(path):
    """Between adaptors; the units of a loader come before them."""
    inserts = ["AACC", "GGTT", "ACAC", "TTTG", "CATG", "GCGA", "AACC", "TTTT", "GTGT"]
    codes = encode([f"GA{insert}CC" for insert in inserts])
    rows = {"codes": codes, "splits": np.array(["train", "validation", "test"] * 3)}
    dataset.write(path, made(9, 8, **rows, replicates={}))
    units = {split: Dataset(path).units(split).tolist() for split in SPLITS}
    train, validation, test = (units[split] for split in SPLITS)
    # Rows 0, 1 and 6 are of one insert and its opposite, and so are rows 2 and 8.
    assert train[0] == train[2] == validation[0]
    assert test[0] == test[2]
    assert len({*train, *validation, *test}) == 6
    labels = np.array([*"abcabcabd"])
    dataset.write(path, made(9, 8, **rows, replicates={}, units=labels))
    assert [Dataset(path).units(split).tolist() for split in SPLITS] == [
        [0, 0, 0],
        [1, 1, 1],
        [2, 2, 3],
    ]


def test_what_is_held_out_calibrates_and_chooses_no_epoch(path):
    rng = np.random.default_rng(0)
    splits = np.repeat(SPLITS, [2, 40, 2])
    units = np.array([0, 1, *rng.permutation(np.repeat(np.arange(20), 2)) + 2, 30, 31])
    dataset.write(path, made(44, splits=splits, units=units, replicates={}), holdout=0.25, seed=3)
    data = Dataset(path)
    of_validation = data.units("validation")
    held_out = hold_out(of_validation, 0.25, 3)
    assert held_out.sum() == 10
    assert data.calibrating_units().tolist() == sorted(set(of_validation[held_out]))
    assert data.selects().tolist() == np.flatnonzero(~held_out).tolist()
    assert not set(data.calibrating_units()) & set(of_validation[data.selects()])
    dataset.write(path, made(44, splits=splits, units=units, replicates={}))
    assert Dataset(path).calibrating_units().tolist() == sorted(set(of_validation))
    assert Dataset(path).selects().tolist() == list(range(40))


def test_names_may_hold_any_letters(path):
    names = np.array(["α-globin", "chr1:1-20 (+)", "x/y", *"abcdefghi"])
    dataset.write(path, made(names=names))
    assert Dataset(path).names("train").tolist() == names[[0, 2, 4, 6, 8, 10]].tolist()


def test_replicates_are_absent_where_they_are_unknown(path):
    dataset.write(path, made(replicates={}))
    assert Dataset(path).replicates("train") == {}


def test_places_in_a_genome_are_kept_where_they_are_known(path):
    regions = np.array(["chr1:5-11", ""] * 6)
    dataset.write(path, made(regions=regions))
    assert Dataset(path).regions("train").tolist() == regions[[0, 2, 4, 6, 8, 10]].tolist()
    assert Dataset(path).regions("test").tolist() == [""] * 3
    dataset.write(path, made())
    with pytest.raises(InputError, match="has no regions: it does not know a genome"):
        Dataset(path).regions("train")


def test_a_base_takes_a_byte(path):
    n, length = 4000, 249
    dataset.write(path, made(n, length))
    with h5py.File(path) as file:
        codes, names = (
            sum(file[f"{split}/{key}"].id.get_storage_size() for split in SPLITS)
            for key in ("codes", "names")
        )
    assert n * length <= codes and codes + names <= 1.1 * n * length
    # Three targets and two replicates take 0.08 bytes a base more.
    assert path.stat().st_size <= 1.2 * n * length


def test_profiles_are_written_piece_by_piece(path):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 5, (5, 8), dtype=np.uint8)
    targets = rng.normal(size=(5, 8, 2)).astype(np.float16)
    with h5py.File(path, "w") as file:
        writer = dataset.Writer(file, 8, ["x", "x_aleatoric"], ["x"], profile=True, dtype="float16")
        for piece in (slice(0, 2), slice(2, 2), slice(2, 5)):
            names = [f"w{row}" for row in range(5)][piece]
            writer.append("train", codes[piece], targets[piece], names)
        writer.count([("windows", 5)])
    data = Dataset(path)
    np.testing.assert_array_equal(data.codes("train"), codes)
    np.testing.assert_array_equal(data.targets("train"), targets)
    assert data.targets("train").dtype == np.float16
    assert data.targets("test").shape == (0, 8, 2)
    assert data.names("train").tolist() == ["w0", "w1", "w2", "w3", "w4"]
    assert data.steps == [("windows", 5)]


def test_names_are_kept_whole(path):
    records = made(30, 8)
    records.names = np.array([f"{'ü' * (row % 7)}{row}" for row in range(30)])
    dataset.write(path, records)
    kept = np.concatenate([Dataset(path).names(split) for split in SPLITS])
    assert sorted(kept) == sorted(records.names)
    with h5py.File(path, "w") as file:
        writer = dataset.Writer(file, 8, ["x"], ["x"], longest_name=3)
        with pytest.raises(InputError, match="'chr1:0-8' has 8 bytes: allowed are 3"):
            writer.append("train", np.zeros((1, 8), np.uint8), np.zeros((1, 1)), ["chr1:0-8"])


@pytest.mark.parametrize("before", [[], ["old"]])
def test_an_interrupted_write_leaves_no_file(path, monkeypatch, before):
    for text in before:
        path.write_text(text)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(dataset.Writer, "count", interrupt)
    with pytest.raises(KeyboardInterrupt):
        dataset.write(path, made())
    assert [file.read_text() for file in path.parent.iterdir()] == before


def with_target(row, column, value):
    targets = made().targets
    targets[row, column] = value
    return {"targets": targets}


NO_TEST = np.array(["train", "validation"] * 6)
REPEATED = np.array(["a", "b", "c", "d", "e", "f", "b", "b", "g", "h", "i", "a"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"names": REPEATED}, r"name 'b' stands on several rows \(3 repeated in all\): .* unique"),
        (with_target(7, 1, np.nan), r"Target 'a' of 's07' is nan: it must be a finite number"),
        (with_target(3, 2, -np.inf), r"Target 'b_aleatoric' of 's03' is -inf: it must be a finite"),
        ({"splits": NO_TEST}, r"split 'test' is empty: each of train, validation, test needs"),
        (
            with_target([1, 5, 9], 1, 2.5),
            r"Target 'a' is 2\.5 in all 3 rows of the split 'test': a target must vary",
        ),
        (
            {"masked": True, **with_target([1, 5, 9], 1, [0.5, np.nan, np.nan])},
            r"Target 'a' is measured in 1 rows of the split 'test': two or more are needed",
        ),
        ({"masked": True, **with_target(3, 2, np.inf)}, r"'b_aleatoric' of 's03' is inf: it must"),
    ],
)
def test_what_cannot_be_used_is_named_and_not_written(path, changes, message):
    with pytest.raises(InputError, match=message):
        dataset.write(path, made(**changes))
    assert not path.exists()


def test_missing_measurements_are_kept_where_they_are_masked(path):
    records = made(masked=True, **with_target([1, 0], [0, 2], np.nan))
    dataset.write(path, records)
    for split in SPLITS:
        expected = records.targets[records.splits == split]
        np.testing.assert_array_equal(Dataset(path).targets(split), expected)
    assert np.isnan(Dataset(path).targets("test")).sum() == 1


def test_a_fraction_of_the_training_set(path):
    """Rows of `degu.splits.subset`; a whole set needs none."""
    dataset.write(path, made(n=80))
    data = Dataset(path)
    assert data.fraction(1.0, 3) is None
    np.testing.assert_array_equal(data.fraction(0.3, 3), subset(40, 0.3, 3))


def test_a_data_set_may_need_several_shards(path, monkeypatch):
    """Twelve sequences of six bases, of which a job labels twenty."""
    dataset.write(path, made())
    monkeypatch.setattr(dataset, "SHARD", 20)
    Dataset(path).check_shards(4)
    with pytest.raises(
        InputError,
        match=r"data\.h5 has 12 sequences of 6 bases, but a job labels 20 bases at most: "
        "'shards' of the data set in the config is 3, and 4 are needed",
    ):
        Dataset(path).check_shards(3)


def of_classes(labels, splits="ttttvvee"):
    """Make records of the classes a, b, c, one letter a sequence."""
    words = {"t": "train", "v": "validation", "e": "test"}
    n = len(labels)
    return dataset.Records(
        names=np.array([f"s{row}" for row in range(n)]),
        codes=np.random.default_rng(0).integers(0, 4, (n, 20), dtype=np.uint8),
        targets=np.eye(3, dtype=np.float32)[["abc".index(label) for label in labels]],
        target_names=list("abc"),
        splits=np.array([words[split] for split in splits]),
        classes=True,
    )


def test_classes_are_stored_as_such(tmp_path):
    dataset.write(tmp_path / "data.h5", of_classes("abcabcabc", "tttvvveee"))
    data = Dataset(tmp_path / "data.h5")
    assert data.is_classes and data.activities == ["a", "b", "c"]
    np.testing.assert_array_equal(data.targets("test"), np.eye(3))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ("bbaaabab", "class 'c' is absent from the split 'train' .0 of train, 0 of validation, 0"),
        (
            "bbaacaca",
            "class 'b' is absent from the split 'validation' .2 of train, 0 of validation, 0",
        ),
        ("abccabab", "class 'c' is absent from the split 'validation' .2 of train, 0 of valid"),
        ("bbbbbbbb", "All rows are of the class 'b': two classes or more are needed"),
    ],
)
def test_classes_that_cannot_be_learnt_or_tested_are_named(labels, message):
    with pytest.raises(InputError, match=message):
        dataset.check(of_classes(labels))
