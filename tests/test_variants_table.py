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
        ("x,chr7,9,A,C,0", "chr7:9 A>C: the genome has G"),
    ],
)
def test_wrong_rows_of_a_table_are_named(line, message, files):
    with files["variants"].open("a") as file:
        print(line, file=file)
    with pytest.raises(InputError, match=message):
        rows, _ = table.load(files["variants"])
        scored.windows(rows, Genome(files["genome"]).fetch, 5)


def test_a_variant_stands_in_a_table_once(files):
    with files["variants"].open("a") as file:
        print("x,chr7,7,A,C,0.7", file=file)
    with pytest.raises(InputError, match=r"mine\.csv"):
        rows, _ = table.load(files["variants"])
        scored.windows(rows, Genome(files["genome"]).fetch, 5)
