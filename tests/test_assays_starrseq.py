"""The table of the DeepSTARR authors, made small, and the sample of real rows."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from degu import dataset
from degu.assays import starrseq
from degu.job import InputError, log
from degu.sequences import decode
from degu.splits import leaks, same_insert

DATA = Path(os.environ.get("DEGU_DATA", Path(__file__).parents[2] / "shared" / "data"))
TARGETS = ["Dev_log2_enrichment", "Hk_log2_enrichment"]
HEADER = ["seqnames", "start", "end", "ID", "set", "Sequence", *TARGETS]
PEAK = "chr2L_5587_5591_{}_positive_peaks"
ROWS = [
    ["chr2L", "5587", "5591", PEAK.format("+"), "Train", "ACGTN", "5.711541", "1"],
    ["chr2L", "5587", "5591", PEAK.format("-"), "Train", "NACGT", "-2e-1", "-0.5"],
    ["chr2R", "7", "11", "chr2R_7_11_+_negative", "Val", "AACCA", "0", "2"],
    ["chr2R", "9", "13", "chr2R_9_13_+_negative", "Test", "ttgca", "3.25", "4"],
]


def write(path, rows=ROWS, header=HEADER):
    path.write_text("".join("\t".join(row) + "\n" for row in [header, *rows]))
    return {"activity": path}


def test_values_and_splits_are_those_of_the_file(tmp_path):
    records = starrseq.load(write(tmp_path / "a.txt"), 0, expect={"train": 2, "test": 1})
    assert records.names.tolist() == [row[3] for row in ROWS]
    assert decode(records.codes) == ["ACGTN", "NACGT", "AACCA", "TTGCA"]
    assert records.target_names == ["Dev", "Hk"]
    expected = np.float32([[5.711541, 1], [-0.2, -0.5], [0, 2], [3.25, 4]])
    np.testing.assert_array_equal(records.targets, expected)
    assert records.targets.dtype == np.float32
    assert records.splits.tolist() == ["train", "train", "validation", "test"]
    assert records.steps == [("rows", 4), ("train", 2), ("validation", 1), ("test", 1)]


def test_repeated_ids_are_numbered(tmp_path):
    rows = [row.copy() for row in ROWS]
    for row in rows[1:3]:
        row[3] = ROWS[0][3]
    first = ROWS[0][3]
    names = starrseq.load(write(tmp_path / "a.txt", rows), 0).names.tolist()
    assert names == [first, f"{first}#2", f"{first}#3", ROWS[3][3]]


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("Hk_log2_enrichment", "high", "row 3: 'Hk_log2_enrichment' is 'high', a finite number"),
        ("Dev_log2_enrichment", "", "row 3: 'Dev_log2_enrichment' is '', a finite number"),
        ("set", "Trian", "column 'set', holds 'Trian': allowed are train"),
        ("Sequence", "ACG", "_-_positive_peaks' has 3 bases"),
        ("Sequence", "ACGTX", "_-_positive_peaks' has 'X' at position 5"),
        ("ID", "", "row 3: 'ID' is empty"),
    ],
)
def test_wrong_cells_are_named(tmp_path, column, cell, message):
    rows = [row.copy() for row in ROWS]
    rows[1][HEADER.index(column)] = cell
    with pytest.raises(InputError, match=message):
        starrseq.load(write(tmp_path / "a.txt", rows), 0)


def test_wrong_files_are_named(tmp_path):
    files = write(tmp_path / "a.txt")
    with pytest.raises(InputError, match=r"a\.txt has no column 'split': it has seqnames"):
        starrseq.load(files, 0, split="split")
    with pytest.raises(InputError, match="train: 2 were found, 402,296 are expected"):
        starrseq.load(files, 0, expect={"train": 402_296})
    cut = tmp_path / "cut.txt.gz"
    cut.write_bytes(gzip.compress(files["activity"].read_bytes())[:-12])
    with pytest.raises(InputError, match=r"cut\.txt\.gz cannot be read"):
        starrseq.load({"activity": cut}, 0)
    cut.write_bytes(b"")
    with pytest.raises(InputError, match=r"cut\.txt\.gz has no header"):
        starrseq.load({"activity": cut}, 0)


def test_a_published_split_that_leaks_is_kept_and_reported(tmp_path, caplog, monkeypatch):
    rows = [row.copy() for row in ROWS]
    rows[3][HEADER.index("Sequence")] = "TGGTT"
    monkeypatch.setattr(log, "propagate", True)
    records = starrseq.load(write(tmp_path / "a.txt", rows), 0)
    assert records.splits.tolist() == ["train", "train", "validation", "test"]
    assert "1 sequences lie in another split than their like (1 by reverse" in caplog.text


def test_the_sample_of_real_rows():
    path = DATA / "deepstarr_sample" / "deepstarr_dream_sample_3k.tsv.gz"
    if not path.exists():
        pytest.skip(f"{path.parent} is missing")
    expect = {"train": 2374, "validation": 298, "test": 297}
    records = starrseq.load({"activity": path}, 0, split="split", expect=expect)
    dataset.check(records)
    assert records.codes.shape == (2969, 249)
    assert records.names[0] == "chrX_15200212_15200460_+_peak_849bp_region"
    np.testing.assert_array_equal(records.targets[0], np.float32([0.00295808, -1.64089]))
    assert not any("#" in name for name in records.names)
    # Both strands of a window are rows of one split.
    labels = same_insert(records.codes)
    assert len(labels) - len(np.unique(labels)) == 47
    assert leaks(records.names, records.codes, records.splits).empty
