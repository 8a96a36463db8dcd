"""Tables of variants: read, their windows cut, and wrong rows named."""

import math

import pytest

from degu.genome import Genome
from degu.job import InputError
from degu.variants import scored, table
from test_genome import write_fasta


@pytest.fixture
def files(tmp_path):
    """Three variants of two loci, and positions 1 to 12 of chr7."""
    rows = ["chr7,7,A,C,0.5", "7,8,CG,C,NA", "chr7,7,A,ATT,-1"]
    text = "".join(f"{locus},{row}\n" for locus, row in zip(["x", "y", "x"], rows, strict=True))
    (tmp_path / "mine.csv").write_text(f"locus,chrom,pos,ref,alt,value\n{text}")
    genome = write_fasta(tmp_path / "hg.fa", chr7="TTACGTACGGTA")
    return {"variants": tmp_path / "mine.csv", "genome": genome}


def test_a_table_of_variants(files):
    rows, counts = table.load(files["variants"])
    found = scored.windows(rows, Genome(files["genome"]).fetch, 5)
    assert found.values.tolist() == [
        ["x", "chr7", 7, "A", "C", 0.5, "GTACG", "GTCCG", 2],
        ["y", "7", 8, "CG", "C", pytest.approx(math.nan, nan_ok=True), "TACGG", "TACGT", 2],
        ["x", "chr7", 7, "A", "ATT", -1, "GTACG", "GTATT", 2],
    ]
    assert found.columns.tolist()[5:] == ["value", "ref_sequence", "alt_sequence", "index"]
    assert counts.to_dict("index") == {
        "x": {"variants": 2, "indels": 1},
        "y": {"variants": 1, "indels": 1},
    }
    assert scored.of_loci(found, ["y"])["pos"].tolist() == [8]
    with pytest.raises(InputError, match="no variants of 'z': loci are x, y"):
        scored.of_loci(found, ["x", "z"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x,chr7,7,R,C,0", r"mine.csv, row 5: 'ref' is 'R', letters of ACGT or - are needed"),
        ("x,chr7,7,A,,0", r"row 5: 'alt' is '', letters of ACGT"),
        ("x,chr7,many,A,C,0", r"row 5: 'pos' is 'many', a finite number"),
        ("x,chr7,9,A,C,0", "row 5, window of 5 bases: chr7:9 A>C: the genome has G"),
        ("x,chr7,7.5,A,C,0", r"mine.csv, row 5: 'pos' is '7.5', a whole number from 1 to"),
        ("x,chr7,0,A,C,0", r"row 5: 'pos' is '0', a whole number from 1 to"),
        ("x,chr7,-5,A,C,0", r"row 5: 'pos' is '-5', a whole number from 1 to"),
        ("x,chr7,7,A,A,0", r"row 5: 'ref' and 'alt' are both 'A', another allele is needed"),
        ("x,chr7,7,-,-,0", r"row 5: 'ref' and 'alt' are both '-', another allele"),
        ("x,chr7,1,T,C,0", r"row 5, window of 5 bases: chr7:1 T>C: The window chr7:-1-3 leaves"),
        ("x,chr9,7,A,C,0", r"row 5, window of 5 bases: chr9:7 A>C: .*hg.fa has no chr9: it has"),
        ("x,chr7,7,A", r"mine.csv, row 5: 4 cells under a header of 6"),
    ],
)
def test_wrong_rows_of_a_table_are_named(line, message, files):
    with files["variants"].open("a") as file:
        print(line, file=file)
    with pytest.raises(InputError, match=message):
        rows, _ = table.load(files["variants"])
        scored.windows(rows, Genome(files["genome"]).fetch, 5)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "The file is empty"),
        ("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n7\t9\t.\tA\tC\n", "The file is a VCF"),
        ("locus\tchrom\tpos\tref\talt\tvalue\n", "That row is one cell with tabs in it: a file"),
        ("chr7,7,A,C,0.5\n", "the columns locus, chrom, pos, ref, alt, value are needed"),
    ],
    ids=["empty", "VCF", "tabs", "no header"],
)
def test_what_is_no_table_of_variants_is_told(content, why, files):
    files["variants"].write_text(content)
    message = rf"mine\.csv has no header: no row starts with 'locus'.*{why}"
    with pytest.raises(InputError, match=message):
        table.load(files["variants"])


def test_a_window_longer_than_its_chromosome_names_row_and_window(files):
    rows, _ = table.load(files["variants"])
    message = r"^row 2, window of 9999 bases: chr7:7 A>C: The window .* leaves chr7, which has 12"
    with pytest.raises(InputError, match=message):
        scored.windows(rows, Genome(files["genome"]).fetch, 9999)


def test_a_variant_stands_in_a_table_once(files):
    with files["variants"].open("a") as file:
        print("x,chr7,7,A,C,0.7", file=file)
    with pytest.raises(InputError, match=r"mine\.csv"):
        rows, _ = table.load(files["variants"])
        scored.windows(rows, Genome(files["genome"]).fetch, 5)
