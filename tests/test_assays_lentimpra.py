"""Supplementary workbooks and the authors' HDF5 file, made small."""

import os
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import openpyxl
import pandas as pd
import pytest

from degu import dataset
from degu.assays import lentimpra
from degu.job import InputError, log
from degu.sequences import decode, encode, one_hot, reverse_complement
from degu.splits import SPLITS, check_groups, refuse_leaks, split_by_group

DATA = Path(os.environ.get("DEGU_DATA", Path(__file__).parents[2] / "shared" / "data"))
LEFT, RIGHT = "AGGACCGGATCAACT", "CATTGCGTGAACCGA"
SHEETS = {"sequence_sheet": "K562 large-scale", "activity_sheet": "K562_summary_data"}
# Names on which stripping the letters of _Reversed_0 from both ends goes wrong, among plain ones.
ELEMENTS = [f"peak{i}" for i in range(96, 111)] + ["Rev1", "enh", "v2", "_x_", "ENSG00", "d", "s0"]
SUFFIXES = ("_Reversed", "_Reversed_0", "_Reversed:")


def sequence(insert):
    return LEFT + insert + RIGHT


def opposite(insert):
    return insert[::-1].translate(str.maketrans("ACGT", "TGCA"))


def save(path, sheet, rows):
    book = openpyxl.Workbook()
    book.active.title = "legend"
    filled = book.create_sheet(sheet)
    for row in rows:
        filled.append(row)
    book.save(path)
    return path


@pytest.fixture
def cell(tmp_path):
    """Return a cell line of 22 pairs, 30 single forwards and a reverse whose forward is missing."""
    rng = np.random.default_rng(0)
    inserts = decode(rng.integers(0, 4, (53, 20)).astype(np.uint8))
    library = [["Library design"], ["name", "category", "230nt sequence (15nt 5' adaptor - ...)"]]
    for number, (name, insert) in enumerate(zip(ELEMENTS, inserts, strict=False)):
        library.append([name, "x", sequence(insert)])
        library.append([name + SUFFIXES[number % 3], "x", sequence(opposite(insert))])
    for number, insert in enumerate(inserts[len(ELEMENTS) : -1]):
        library.append([f"single{number}", "control", sequence(insert)])
    library.append(["lone_Reversed", "x", sequence(inserts[-1])])
    values = rng.normal(size=(len(library) - 2, 3)).round(3)
    activity = [["name", *(f"replicate {i} [log2(rna/dna)]" for i in (1, 2, 3)), "mean", "std"]]
    for row, replicates in zip(library[2:], values.tolist(), strict=True):
        activity.append([row[0], *replicates, round(float(np.mean(replicates)), 3), None])
    made = SimpleNamespace(library=library, activity=activity, values=values)
    made.files = lambda: {
        "sequences": save(tmp_path / "s3.xlsx", SHEETS["sequence_sheet"], made.library),
        "activity": save(tmp_path / "s4.xlsx", SHEETS["activity_sheet"], made.activity),
    }
    return made


def load(cell, seed=1, aleatoric=True, **options):
    for counts in ("expect", "reported"):
        if counts in options:
            options[counts] = {"workbook": options[counts]}
    how = {"source": "workbook", "aleatoric": aleatoric}
    return lentimpra.load(cell.files(), seed, **how, **(SHEETS | options))


def measure(cell, row, replicates):
    known = [value for value in replicates if value is not None]
    cell.activity[row][1:5] = [*replicates, round(float(np.mean(known)), 3) if known else None]


def test_values_are_mean_and_deviation_over_replicates(cell):
    measure(cell, 1, [-0.190, 0.225, 0.201])  # K562 peak29573_Reversed: 0.079, 0.232981
    measure(cell, 2, [0.5, None, -0.25])
    records = load(cell)
    assert records.target_names == ["activity", "activity_aleatoric"]
    np.testing.assert_allclose(records.targets[0], [0.236 / 3, 0.232981], atol=1e-6)
    np.testing.assert_allclose(records.targets[1], [0.125, 0.75 / np.sqrt(2)], atol=1e-7)
    np.testing.assert_allclose(records.targets[2:, 0], cell.values[2:].mean(1), atol=1e-6)
    np.testing.assert_allclose(records.targets[2:, 1], cell.values[2:].std(1, ddof=1), atol=1e-6)
    assert records.names.tolist() == [row[0] for row in cell.library[2:]]
    assert decode(records.codes) == [row[2] for row in cell.library[2:]]
    dataset.check(records)


def test_each_step_is_counted(cell):
    measure(cell, 1, [0.5, None, None])  # The forward of a pair: one replicate,
    measure(cell, 4, [None, None, None])  # the reverse of another: none,
    measure(cell, 45, [0.1, 0.2, None])  # and a single with two.
    cell.activity.append(["unknown", 1, 1, 1, 1, 0])
    expect = {
        "rows": 76,
        "std not NaN": 74,
        "name has sequence": 73,
        "reverse rows": 22,
        "reverse without measured forward": 2,
        "pairs": 20,
        "others": 33,
        "pairs that are not reverse complements": 0,
    }
    assert load(cell, expect=expect).steps == list(expect.items())
    assert dict(load(cell, min_replicates=3).steps)["std not NaN"] == 73
    steps = dict(load(cell, aleatoric=False).steps)
    assert steps["mean not NaN"] == 75
    assert steps["pairs"] == 21
    with pytest.raises(InputError, match="pairs: 20 were found, 109,156 are expected"):
        load(cell, expect={"pairs": 109_156})


def test_reported_counts_only_warn(cell, caplog, monkeypatch):
    monkeypatch.setattr(log, "propagate", True)
    load(cell, reported={"pairs": 22, "others": 7_393})
    assert caplog.messages == ["others: 31 were found, 7,393 are expected."]


def test_data_sets_with_and_without_deviation_share_a_split(cell):
    for row in range(1, 40, 5):
        measure(cell, row, [0.5, None, None])
    both, activity = load(cell), load(cell, aleatoric=False)
    assert (len(both.names), len(activity.names)) == (67, 75)
    assert activity.target_names == ["activity"]
    split = dict(zip(activity.names, activity.splits, strict=True))
    assert [split[name] for name in both.names] == both.splits.tolist()
    cell.library[2:] = cell.library[:1:-1]
    again = load(cell, aleatoric=False)
    assert split == dict(zip(again.names, again.splits, strict=True))
    other = load(cell, seed=2, aleatoric=False)
    assert split != dict(zip(other.names, other.splits, strict=True))


def test_elements_are_the_names_of_the_forwards():
    names = ["peak10_Reversed_0", "Rev1_Reversed", "d_Reversed:", "_x_", "peak10", "a_Reversed_00"]
    elements, is_reverse = lentimpra.pairs(np.array(names))
    assert elements.tolist() == ["peak10", "Rev1", "d", "_x_", "peak10", "a_Reversed_00"]
    assert is_reverse.tolist() == [True, True, True, False, False, False]


@pytest.mark.parametrize("seed", range(5))
def test_no_pair_is_split(cell, seed):
    records = load(cell, seed=seed)
    split = dict(zip(records.names, records.splits, strict=True))
    for number, element in enumerate(ELEMENTS):
        assert split[element] == split[element + SUFFIXES[number % 3]]
    sizes = [np.sum(records.splits == name) for name in SPLITS]
    # 53 groups, of which 22 have two rows.
    assert 42 <= sizes[0] <= 64
    assert min(sizes) >= 5


def test_stripping_letters_would_split_pairs(cell):
    """The authors' way, `str.strip` with the suffix, fails the test above."""
    records = load(cell)
    elements, is_reverse = lentimpra.pairs(records.names)
    stripped = elements.copy()
    for row in np.flatnonzero(is_reverse & ~np.char.endswith(records.names, ":")):
        name = records.names[row]
        stripped[row] = name.strip("_Reversed_0" if name.endswith("_0") else "_Reversed")
    mangled = {*records.names[stripped != elements]}
    assert mangled == {
        *("peak100_Reversed_0", "Rev1_Reversed", "enh_Reversed_0", "_x__Reversed"),
        *("ENSG00_Reversed_0", "s0_Reversed", "lone_Reversed"),
    }
    splits = split_by_group(stripped, 1)
    with pytest.raises(InputError, match="a group must lie in one split"):
        check_groups(elements, splits)
    with pytest.raises(InputError, match="share the element"):
        insert = slice(lentimpra.ADAPTOR, -lentimpra.ADAPTOR)
        refuse_leaks(records.names, records.codes[:, insert], splits, elements)


@pytest.mark.parametrize("seed", range(5))
def test_equal_and_opposite_inserts_stay_together(cell, seed):
    insert = cell.library[2][2][15:-15]
    copies = ["single0", "single1", "single2", "single3"]
    for row, name in enumerate(copies, 46):
        assert cell.library[row][0] == name
        cell.library[row][2] = sequence(opposite(insert) if row % 2 else insert)
    records = load(cell, seed=seed)
    split = dict(zip(records.names, records.splits, strict=True))
    assert len({split[name] for name in ("peak96", "peak96_Reversed", *copies)}) == 1


@pytest.mark.parametrize("change", ["insert", "adaptor"])
def test_pairs_that_are_not_reverse_complements_are_refused_unless_known(cell, change):
    forward, reverse = cell.library[4:6]
    whole = encode([forward[2]])
    cell.library[5][2] = forward[2] if change == "insert" else decode(reverse_complement(whole))[0]
    with pytest.raises(InputError, match=r"1 pairs are not .* 'peak97' and 'peak97_Reversed_0'"):
        load(cell)
    known = load(cell, expect={"pairs that are not reverse complements": 1})
    split = dict(zip(known.names, known.splits, strict=True))
    assert split[forward[0]] == split[reverse[0]]
    with pytest.raises(InputError, match="complements: 1 were found, 2 are expected"):
        load(cell, expect={"pairs that are not reverse complements": 2})


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "message"),
    [
        ("activity", 3, 2, "high", r"row 4: 'replicate 2 \[log2\(rna/dna\)\]' is 'high', a finite"),
        ("activity", 3, 4, 7.5, "row 4: 'mean' is 7.5, but that of its 3 replicates is"),
        ("activity", 3, 0, "peak96", "rows 2, 4: all have name peak96; one row is allowed"),
        ("activity", 0, 4, "average", "sheet 'K562_summary_data' has no column 'mean'"),
        ("activity", 0, 0, "id", "has no header: no row starts with 'name'"),
        ("library", 5, 2, None, 'row 6: "230nt sequence .* is empty'),
        ("library", 5, 2, "ACGT", "'peak97_Reversed_0' has 4 bases, but sequence 'peak96' has 50"),
        ("library", 5, 0, "peak96", "rows 3, 6: all have name peak96"),
        ("library", 1, 2, "sequence", r"has no column '230nt sequence\*': it has name, category"),
    ],
)
def test_wrong_cells_are_named(cell, table, row, column, value, message):
    getattr(cell, table)[row][column] = value
    with pytest.raises(InputError, match=message):
        load(cell)


def test_wrong_options_are_named(cell):
    with pytest.raises(InputError, match="no sheet 'K562': its sheets are legend, K562 large-sc"):
        load(cell, sequence_sheet="K562")
    with pytest.raises(InputError, match="min_replicates is 1: a deviation needs at least 2"):
        load(cell, min_replicates=1)
    with pytest.raises(InputError, match="no file 'sequences': given are activity"):
        lentimpra.load({"activity": "x"}, 1, source="workbook", aleatoric=True)


@pytest.fixture
def deposit(tmp_path):
    """Return an HDF5 file laid out as the authors' one, and its codes and targets."""
    rng = np.random.default_rng(0)
    made = SimpleNamespace(path=tmp_path / "deposit.h5", codes={}, y={})
    with h5py.File(made.path, "w") as file:
        for group, n in {"Train": 6, "Test": 3, "Val": 2}.items():
            made.codes[group] = rng.integers(0, 5, (n, 50)).astype(np.uint8)
            made.y[group] = rng.normal(size=(n, 4))
            file[f"{group}/X"] = one_hot(made.codes[group]).astype("float64")
            file[f"{group}/y"] = made.y[group]
    return made


def test_the_deposit_keeps_its_split(deposit):
    files = {"hdf5": deposit.path}
    records = lentimpra.load(
        files, 1, source="hdf5", aleatoric=True, expect={"hdf5": {"train": 6, "test": 3}}
    )
    groups = ("Train", "Val", "Test")
    assert records.splits.tolist() == ["train"] * 6 + ["validation"] * 2 + ["test"] * 3
    assert records.names[[0, 5, 6, 10]].tolist() == ["train_0", "train_5", "validation_0", "test_2"]
    np.testing.assert_array_equal(records.codes, np.concatenate([deposit.codes[g] for g in groups]))
    y = np.concatenate([deposit.y[group] for group in groups]).astype(np.float32)
    np.testing.assert_array_equal(records.targets, y[:, :2])
    assert records.target_names == ["activity", "activity_aleatoric"]
    records = lentimpra.load(files, 1, source="hdf5", aleatoric=False)
    np.testing.assert_array_equal(records.targets, y[:, :1])
    dataset.check(records)


def test_the_deposit_may_hold_activity_alone(deposit):
    with h5py.File(deposit.path, "a") as file:
        for group in file.values():
            group["y_"] = group["y"][:, 0]
            del group["y"]
            group.move("y_", "y")
    records = lentimpra.load({"hdf5": deposit.path}, 1, source="hdf5", aleatoric=False)
    np.testing.assert_array_equal(records.targets[:6, 0], np.float32(deposit.y["Train"][:, 0]))
    with pytest.raises(InputError, match=r"'Test': y has shape \(3,\), \(3, at least 2\) is need"):
        lentimpra.load({"hdf5": deposit.path}, 1, source="hdf5", aleatoric=True)


def test_leaks_of_the_deposit_are_reported(deposit, caplog, monkeypatch):
    monkeypatch.setattr(log, "propagate", True)
    with h5py.File(deposit.path, "a") as file:
        file["Test/X"][1] = file["Train/X"][4]
    lentimpra.load({"hdf5": deposit.path}, 1, source="hdf5", aleatoric=True)
    assert "'test_1' (test) and 'train_4' (train) share the sequence" in caplog.text


def test_wrong_deposits_are_named(deposit, tmp_path):
    def refused(message):
        with pytest.raises(InputError, match=message):
            lentimpra.load({"hdf5": deposit.path}, 1, source="hdf5", aleatoric=True)

    with h5py.File(deposit.path, "a") as file:
        file["Val/X"][1, 7] = 0.25
    refused(r"'Val': X\[1, 7\] is \[0.25, 0.25, 0.25, 0.25\]: one 1 or, for N, none")
    with h5py.File(deposit.path, "a") as file:
        del file["Val/X"]
    refused("group 'Val' has no data set 'X': it has y")
    with h5py.File(deposit.path, "a") as file:
        del file["Val"]
    refused("has groups for test, train: Train, Val, Test are needed")
    with h5py.File(deposit.path, "a") as file:
        file["X_Val"] = [0]
    refused("holds 'X_Val': allowed are train")
    deposit.path.write_bytes(deposit.path.read_bytes()[:3000])
    refused("is not a whole HDF5 file")


def test_pairs_of_the_joint_library_are_reverse_complements_between_adaptors():
    path = DATA / "lentimpra_joint" / "joint_library.tsv.gz"
    if not path.exists():
        pytest.skip(f"{path.parent} is missing")
    library = pd.read_csv(path, sep="\t").set_index("name")["seq"]
    elements, is_reverse = lentimpra.pairs(library.index.to_numpy(str))
    assert is_reverse.sum() == 135
    forwards = library.reindex(elements[is_reverse])
    assert forwards.isna().sum() == 1
    for forward, reverse in zip(forwards, library[is_reverse], strict=True):
        assert reverse.startswith(LEFT)
        assert reverse.endswith(RIGHT)
        assert pd.isna(forward) or reverse[15:-15] == opposite(forward[15:-15])
