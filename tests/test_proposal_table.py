"""Tables of which nothing is known: formats, headers, and every file that is no such table."""

import gzip

import numpy as np
import pytest

from degu.job import InputError
from degu.proposal import table

DNA = "ACGTACGTACGT"
ROWS = f"name\tseq\ty\na\t{DNA}\t1\nb\t{DNA[::-1]}\t2\n"
COMMAS = ROWS.replace("\t", ",")


def read(folder, content, name="t.tsv"):
    """Write a table, and read it back."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return table.read(folder / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.tsv", ROWS),
        ("t.txt", ROWS.replace("\n", "\r\n")),
        ("t.tsv", "\ufeff" + ROWS),
        ("t.tsv.gz", gzip.compress(ROWS.encode(), mtime=0)),
        ("t.csv", COMMAS),
        ("t.csv", COMMAS.replace("seq", '"seq"').replace(DNA, f'"{DNA}"')),
        ("t.csv.gz", gzip.compress(COMMAS.encode(), mtime=0)),
        ("t.tsv", "# made up\n\n# by me\n" + ROWS),
        ("t.tsv", "#" + ROWS),
        ("t.tsv", "## made up\n# " + ROWS),
        ("t.tsv", ROWS.replace("name\tseq", "  name \t seq")),
    ],
)
def test_formats_and_headers(name, content, tmp_path):
    found = read(tmp_path, content, name)
    assert found.path == tmp_path / name and found.unused == {}
    assert found.frame.columns.tolist() == ["name", "seq", "y"]
    assert found.frame.to_numpy().tolist() == [["a", DNA, "1"], ["b", DNA[::-1], "2"]]


def test_columns_that_cannot_be_asked_for_are_told(tmp_path):
    found = read(tmp_path, f"\tseq\ty\tY\tz*\t w  x\n1\t{DNA}\t1\t2\t3\t4\n")
    assert found.frame.columns.tolist() == ["seq", "w x"]
    assert found.unused == {
        "": "it has no title",
        "y": "its title stands twice",
        "Y": "its title stands twice",
        "z*": "its title has a *",
    }


REFUSED = {
    "": "is empty: a header line and rows are needed.",
    "\n\n": "is empty: a header line",
    "name\tseq\ty\n": "has no rows under its header.",
    f"a\t{DNA}\t1\n": "has no header: the titles of columns are needed above its first",
    f"# made up\na\t{DNA}\t1\n": "has no header: the titles of columns",
    COMMAS: "has one column. That row is one cell with commas in it: a file whose name ends in "
    ".csv has commas between cells, any other has tabs.",
    ROWS.replace("\t", ";"): "has one column. That row is one cell with semicolons in it",
    "##fileformat=VCFv4.2\n#CHROM\tPOS\n1\t2\n": "is a VCF, and no table",
    f">a\n{DNA}\n": "is FASTA: a table with measurements beside them is needed.",
    ROWS + "c\tACGT\n": "row 4: 2 cells under a header of 3.",
    ROWS.encode("utf-16"): "is UTF-16 text: save it as UTF-8.",
    ROWS.replace("a", "é").encode("latin-1"): "the byte 0xe9 is no UTF-8 text: save the file",
    b"PK\x03\x04rest of it": "is an Excel workbook or another archive",
    gzip.compress(ROWS.encode(), mtime=0)[:40]: "cannot be read after row",
}


@pytest.mark.parametrize("content", REFUSED, ids=lambda content: repr(content[:20]))
def test_what_is_no_table_is_refused(content, tmp_path):
    with pytest.raises(InputError) as refused:
        read(tmp_path, content)
    assert str(refused.value).startswith(str(tmp_path / "t.tsv"))
    assert REFUSED[content] in str(refused.value)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(InputError, match=f"^'{tmp_path}' is a folder"):
        table.read(tmp_path)
    with pytest.raises(InputError, match=r"/\{a\}\.tsv' has braces, which Snakemake reads as wild"):
        read(tmp_path, ROWS, "{a}.tsv")
    with pytest.raises(InputError, match=rf"^'{tmp_path}/t\.tsv' is not there"):
        table.read(tmp_path / "t.tsv")


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("K562_log2FC", ["k", "562", "log", "2", "fc"]),
        ("lfcSE", ["lfc", "se"]),
        ("nBarcodes.rep1", ["n", "barcodes", "rep", "1"]),
        ("log2(RNA/DNA)", ["log", "2", "rna", "dna"]),
        ("SeqID", ["seq", "id"]),
        ("", []),
    ],
)
def test_words_of_titles(title, words):
    assert table.words(title) == words


@pytest.mark.parametrize(
    ("cells", "length"),
    [
        ([DNA, "acgtn" * 4, "ACGUACGUACGU"], 12),
        ([DNA, "R" + DNA], 12),
        (["promoter", "enhancer"], 0),
        (["A", "C", "G"], 1),
        ([], 0),
    ],
)
def test_sequences_are_told_by_their_letters(cells, length):
    found = table.length_of_sequences(np.array(cells, dtype=str)) if cells else 0
    assert found == length


@pytest.mark.parametrize(
    ("cells", "are"),
    [
        (["1", "-2.5", "+.5", "3.", "1e-3", "1E+5"], True),
        (["0,53", "1,2"], True),
        (["inf", *"123456789"], True),
        (["chr1", "chr2"], False),
        (["1", "2", "X"], False),
        (["1_000"], False),
        ([], False),
    ],
)
def test_numbers_are_told_by_most_cells(cells, are):
    assert table.are_numbers(np.array(cells, dtype=str)) is are
