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


REPORTER = ["variant_id", "log2FoldChange", "minusLog10PValue", "refAllele", "altAllele"]


def reporter_variants(path, *rows):
    """Write a reporter variant table of IGVF with some of its columns, and load it."""
    path.write_text("".join("\t".join(row) + "\n" for row in [REPORTER, *rows]))
    return table.load(path)


def test_a_reporter_variant_table_is_recognised(tmp_path):
    rows, counts = reporter_variants(
        tmp_path / "variants.tsv",
        ["NC_000007.14:6:A:C", "0.5", "2", "A", "C"],
        ["NC_000007.14:7:CG:C", "-1.25", "2", "CG", "C"],
        ["NC_000023.11:0::TT", "NA", "2", "0", "TT"],
        ["NC_000024.10:9:G:", "1", "2", "G", "0"],
        ["chr7:6:a:g", "3", "2", "A", "G"],
    )
    assert rows.iloc[:, :5].values.tolist() == [
        ["all", "chr7", 7, "A", "C"],
        ["all", "chr7", 8, "CG", "C"],
        ["all", "chrX", 1, "-", "TT"],
        ["all", "chrY", 10, "G", "-"],
        ["all", "chr7", 7, "A", "G"],
    ]
    assert rows["value"].tolist() == [0.5, -1.25, pytest.approx(math.nan, nan_ok=True), 1, 3]
    assert counts.to_dict("index") == {"all": {"variants": 5, "indels": 3}}


def test_a_window_around_a_reporter_variant(tmp_path):
    genome = Genome(write_fasta(tmp_path / "hg.fa", chr7="TTACGTACGGTA"))
    rows, _ = reporter_variants(tmp_path / "v.tsv", ["NC_000007.14:6:A:C", "0.5", "2", "A", "C"])
    found = scored.windows(rows, genome.fetch, 5).iloc[0]
    assert (found["ref_sequence"], found["alt_sequence"]) == ("GTACG", "GTCCG")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["rs123", "1", "2", "A", "C"], "row 2: 'variant_id' is 'rs123', an SPDI is needed, as in"),
        (["NC_000007.14:6:A:R", "1", "2", "A", "R"], "row 2: .* an SPDI is needed"),
        (["NC_000007.14:-1:A:C", "1", "2", "A", "C"], "row 2: .* an SPDI is needed"),
        (["NC_000007.14:6:A:A", "1", "2", "A", "A"], "row 2: 'ref' and 'alt' are both 'A'"),
        (["NC_000007.14:6:A:C", "x", "2", "A", "C"], "row 2: 'value' is 'x', a finite number"),
    ],
)
def test_wrong_reporter_variants_are_named(row, message, tmp_path):
    with pytest.raises(InputError, match=message):
        reporter_variants(tmp_path / "v.tsv", row)


def test_a_reporter_variant_stands_once(tmp_path):
    row = ["NC_000007.14:6:A:C", "1", "2", "A", "C"]
    with pytest.raises(InputError, match="rows 2, 3: all have locus all, chrom chr7, pos 7, ref A"):
        reporter_variants(tmp_path / "v.tsv", row, row)
