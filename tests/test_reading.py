"""Rows of raw files: what is found, and what an error says."""

import gzip

import numpy as np
import openpyxl
import pandas as pd
import pytest

from degu import reading
from degu.job import InputError, log


@pytest.fixture
def book(tmp_path):
    """Return a workbook with a title line, a footnote column and rows of different lengths."""
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "notes"
    sheet = book.create_sheet("data")
    for row in (["Table 4"], [], ["Name", "Replicate  1 [x]", "replicate 2", "mean"]):
        sheet.append(row)
    for row in (["a", 1, 2.5, 1.75], ["b", "NA", 3], [], ["c", None, "4", 4]):
        sheet.append(row)
    book.save(path)
    return path


def test_a_sheet_is_found_below_its_title_lines(book):
    rows = reading.sheet_rows(book, "data")
    frame = reading.table(rows, "book", "name", ["name", "replicate*", "mean"])
    assert frame.columns.tolist() == ["name", "replicate 1 [x]", "replicate 2", "mean"]
    assert frame.index.tolist() == [4, 5, 7]
    values = reading.numbers(frame, frame.columns[1:], "book", missing=True)
    expected = [[1, 2.5, 1.75], [np.nan, 3, np.nan], [np.nan, 4, 4]]
    np.testing.assert_array_equal(values, expected)
    with pytest.raises(InputError, match=r"book, row 5: 'replicate 1 \[x\]' is 'NA'"):
        reading.numbers(frame, frame.columns[1:], "book")


def test_broken_workbooks_say_so(book, tmp_path):
    with pytest.raises(InputError, match="no sheet 'K562': its sheets are notes, data"):
        list(reading.sheet_rows(book, "K562"))
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(book.read_bytes()[:2000])
    with pytest.raises(InputError, match=r"cut\.xlsx is not a whole workbook"):
        list(reading.sheet_rows(cut, "data"))
    with pytest.raises(InputError, match=r"none\.xlsx is not a whole workbook"):
        list(reading.sheet_rows(tmp_path / "none.xlsx", "data"))


def test_text_is_told_apart_by_its_bytes_and_suffix(tmp_path):
    packed = tmp_path / "download"
    packed.write_bytes(gzip.compress(b'a\tb\r\n"1\t2,5\r\n'))
    assert list(reading.text_rows(packed)) == [["a", "b"], ['"1', "2,5"]]
    commas = tmp_path / "x.csv"
    commas.write_text('\ufeffa,b\n"1,5",2\n', encoding="utf-8")
    assert list(reading.text_rows(commas)) == [["a", "b"], ["1,5", "2"]]


def test_a_truncated_gzip_says_how_far_it_went(tmp_path):
    whole = gzip.compress(b"".join(b"%d\t%d\n" % (i, i * 7919 % 1009) for i in range(99_999)))
    (tmp_path / "cut.tsv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"cut\.tsv\.gz cannot be read after row [1-9]\d+:"):
        list(reading.text_rows(tmp_path / "cut.tsv.gz"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "",
            r"has no header: no row starts with 'name'; .* x are needed\. The file is empty",
        ),
        (
            "##fileformat=VCFv4.2\n#CHROM\tPOS\n",
            r"has no header: .* The file is a VCF, and no",
        ),
        ("name,x\na,1\n", "has no header: .* That row is one cell with commas in it: a file whose"),
        ("a\tb\n1\t2\n", "has no header"),
        ("name\tx\n", "has no rows under its header"),
        ("name\tX\n\n", "has no rows under its header"),
        ("name\ty\na\t1\n", "has no column 'x': it has name, y"),
        ("name\tx\tX\na\t1\t2\n", "has the column 'x' more than once"),
        ("name\tx\na\t1\nb\n", "row 3: 1 cells under a header of 2"),
        ("name\tx\na\t1\t7\n", "row 2: 3 cells under a header of 2"),
    ],
)
def test_tables_that_are_none(tmp_path, text, message):
    path = tmp_path / "t.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        reading.table(reading.text_rows(path), "t", "name", ["name", "x"])


@pytest.mark.parametrize("cell", ["", "low", "inf", "NA", "1,5"])
def test_what_is_no_number_is_named(cell):
    rows = iter([["#remark"], ["#Name", "x"], ["a", "1"], ["b", cell], ["c", "2"]])
    frame = reading.table(rows, "t", "name", ["name", "x"])
    with pytest.raises(InputError, match=f"^t, row 4: 'x' is '{cell}', a finite number is needed"):
        reading.numbers(frame, ["x"], "t")


def test_texts_that_may_be_missing():
    frame = pd.DataFrame({"x": [" a", "", "NA", None]}, index=[2, 3, 4, 5])
    assert reading.texts(frame, "x", "f", missing=True).tolist() == ["a", "", "", ""]


def test_empty_texts_and_repeated_rows_are_named():
    rows = [["name", "x"], ["a", 1], [" ", 2], ["a", 3]]
    frame = reading.table(iter(rows), "t", "name", ["name"])
    with pytest.raises(InputError, match="t, row 3: 'name' is empty"):
        reading.texts(frame, "name", "t")
    with pytest.raises(InputError, match="t, rows 2, 4: all have name a"):
        reading.check_unique(frame, ["name"], "t")


def test_control_characters_are_named():
    frame = reading.table(iter([["name"], ["a"], ["b\x00c"]]), "t", "name", ["name"])
    with pytest.raises(InputError, match=r"t, row 3: 'name' is 'b\\x00c', with a control char"):
        reading.texts(frame, "name", "t")


def test_repeated_names_are_numbered():
    names = np.array(["a", "b", "a", "a", "b", "c"])
    assert reading.numbered(names).tolist() == ["a", "b", "a#2", "a#3", "b#2", "c"]


@pytest.mark.parametrize("cell", ["0", "-5", "1003.5", "1e30"])
def test_positions_are_whole_numbers_from_1(cell):
    frame = reading.table(iter([["pos"], ["7"], [cell]]), "t", "pos", ["pos"])
    with pytest.raises(InputError, match=f"t, row 3: 'pos' is '{cell}', a whole number from 1"):
        reading.positions(frame, "pos", "t")
    assert reading.positions(frame[:1], "pos", "t").tolist() == [7]


def test_counts_that_must_hold_and_counts_that_were_reported(caplog, monkeypatch):
    monkeypatch.setattr(log, "propagate", True)
    found = {"pairs": 61_668, "others": 16_541}
    reading.check_counts(found, {"pairs": 61_668}, {"others": 16_541})
    assert not caplog.records
    reading.check_counts(found, None, {"others": 16_540})
    assert caplog.messages == ["others: 16,541 were found, 16,540 are expected."]
    with pytest.raises(InputError, match="pairs: 61,668 were found, 61,669 are expected"):
        reading.check_counts(found, {"pairs": 61_669}, None)
    with pytest.raises(InputError, match="Nothing counts 'pair': counted are pairs, others"):
        reading.check_counts(found, {"pair": 1}, None)


def test_an_absent_file_is_named():
    with pytest.raises(InputError, match="no file 'activity': given are hdf5"):
        reading.pick({"hdf5": "x.h5"}, "activity")


def test_blocks_are_a_table_bit_by_bit(tmp_path):
    rows = ["# made", "#Name\tA\tB1\tB2", "", *(f"n{i}\t{i}\t{i}\t0" for i in range(5))]
    path = tmp_path / "t.tsv"
    path.write_text("\n".join(rows) + "\n")
    assert reading.header(path) == ["#Name", "A", "B1", "B2"]
    whole = reading.read_table(path, ["name", "b1", "b2"])
    # Blocks are of rows of the file, the empty one among them.
    parts = list(reading.blocks(path, ["name", "b*"], size=2))
    assert [part.index.tolist() for part in parts] == [[4], [5, 6], [7, 8]]
    pd.testing.assert_frame_equal(pd.concat(parts), whole)
    path.write_text(path.read_text() + "n5\t1\t1\n")
    with pytest.raises(InputError, match=r"t\.tsv, row 9: 3 cells under a header of 4"):
        list(reading.blocks(path, ["name"], size=2))
    with pytest.raises(InputError, match=r"t\.tsv has no column 'c': it has name, a, b1, b2"):
        list(reading.blocks(path, ["c"]))
    path.write_text("one\ntwo\n")
    assert reading.header(path) == []
    with pytest.raises(InputError, match=r"has no header: no row starts with ''"):
        list(reading.blocks(path, ["c"]))
