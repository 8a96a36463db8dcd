"""Variants of made tables, and those of Kircher et al. against what is known of them."""

import gzip
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyfaidx
import pytest

from degu.job import InputError
from degu.variants import satmut

DATA = Path(os.environ.get("DEGU_DATA", Path(__file__).parents[2] / "shared" / "data"))
# Positions 1 to 12 of chr7; the element has 3 to 10.
CHROMOSOME = "TTACGTACGGTT"
REMARKS = "".join(f"# remark {i}\n" for i in range(6))
CAGI = REMARKS + "#Chrom\tPos\tRef\tAlt\tValue\tConfidence\n"
KIRCHER = "Chrom\tPos\tRef\tAlt\tBarcodes\tDNA\tRNA\tCoefficient\tpValue\tElement\tRelease\n"


@pytest.fixture
def files(tmp_path):
    """Return a CAGI5 challenge and release of one element, and a genome with its index."""
    made = {key: tmp_path / f"{key}.tsv" for key in ("challenge_PKLR", "release_PKLR")}
    made["challenge_PKLR"].write_text(CAGI + "7\t6\tT\tA\t0.1\t0.25\n7\t5\tG\tT\t-1.52\t0\n")
    made["release_PKLR"].write_text(CAGI + "7\t5\tG\tA\t0.33\t0.04\n7\t6\tC\tG\t9\t1\n")
    made["genome"] = tmp_path / "hg.fa"
    made["genome"].write_text(f">chr7\n{CHROMOSOME[:8].lower()}\n{CHROMOSOME[8:]}\n")
    pyfaidx.Faidx(str(made["genome"]))
    return made


@pytest.fixture
def kircher(tmp_path):
    """Return the table of all elements, and a FASTA of elements."""
    rows = [
        "7 3 A C 1 1 1 0.5 0.01 E.2 GRCh37",
        "7 6 T - 1 1 1 0.6 0.02 E.2 GRCh37",
        "7 6 T C 1 1 1 0.7 0.03 E.2 GRCh37",
        "7 5 G A 1 1 1 -0.8 0.04 E.2 GRCh37",
        "7 7 C A 1 1 1 0.9 0.05 E.2 GRCh37",
        "7 10 G A 1 1 1 1.1 0.06 E.2 GRCh37",
        "7 6 T G 1 1 1 7 0.07 E GRCh37",
        "7 6 T G 1 1 1 8 0.08 E.2 GRCh38",
        "NA NA T G 1 1 1 8 0.08 E.2 GRCh37",
    ]
    table = tmp_path / "elements.tsv.gz"
    text = KIRCHER + "".join("\t".join(row.split()) + "\n" for row in rows)
    table.write_bytes(gzip.compress(text.encode()))
    fasta = tmp_path / "elements.fa"
    fasta.write_text(f">E.2|chr7:3-10\n{CHROMOSOME[2:6]}\n{CHROMOSOME[6:10]}\n")
    return {"kircher": table, "elements": fasta}


def test_windows_of_a_genome_have_the_variant_in_their_middle(files):
    variants, counts = satmut.load(files, {"red": "PKLR"}, window=4)
    assert variants.values.tolist() == [
        ["red", "chr7", 5, "G", "A", 0.33, 0.04, "CGTA", "CATA", 1],
        ["red", "chr7", 5, "G", "T", -1.52, 0.0, "CGTA", "CTTA", 1],
        ["red", "chr7", 6, "T", "A", 0.1, 0.25, "GTAC", "GAAC", 1],
    ]
    assert variants.columns.tolist() == [
        *("locus", "chrom", "pos", "ref", "alt", "value", "confidence"),
        *("ref_sequence", "alt_sequence", "index"),
    ]
    expected = {"rows": 4, "deletion": 0, "outside": 0, "mismatch": 1, "variants": 3}
    assert counts.loc["red"].to_dict() == expected
    odd, _ = satmut.load(files, {"red": "PKLR"}, window=3)
    assert odd[["ref_sequence", "index"]].values.tolist() == [["CGT", 1], ["CGT", 1], ["GTA", 1]]


def test_rows_are_in_the_same_order_whatever_that_of_the_files(files):
    order = ["genome", "release_PKLR", "challenge_PKLR"]
    again = satmut.load({key: files[key] for key in order}, {"red": "PKLR"}, window=4)[0]
    pd.testing.assert_frame_equal(again, satmut.load(files, {"red": "PKLR"}, window=4)[0])


def test_the_window_of_the_paper_in_bed_coordinates(tmp_path):
    rng = np.random.default_rng(0)
    chromosome = "".join(rng.choice([*"ACGT"], 600))
    (tmp_path / "hg.fa").write_text(f">1\n{chromosome}\n")
    pyfaidx.Faidx(str(tmp_path / "hg.fa"))
    alt = "A" if chromosome[299] != "A" else "C"
    (tmp_path / "t.tsv").write_text(CAGI + f"1\t300\t{chromosome[299]}\t{alt}\t0\t0\n")
    files = {"release_X": tmp_path / "t.tsv", "genome": tmp_path / "hg.fa"}
    variant = satmut.load(files, {"X": "X"})[0].loc[0]
    assert variant["ref_sequence"] == chromosome[300 - 115 : 300 + 115]
    assert variant["alt_sequence"] == chromosome[185:299] + alt + chromosome[300:415]
    assert variant["index"] == 114


def test_windows_that_leave_an_element_are_dropped_and_counted(kircher):
    variants, counts = satmut.load(kircher, {"e": "E.2"}, window=4)
    assert variants.drop(columns=["locus", "chrom"]).values.tolist() == [
        [5, "G", "A", -0.8, 0.04, "CGTA", "CATA", 1],
        [6, "T", "C", 0.7, 0.03, "GTAC", "GCAC", 1],
    ]
    assert variants.columns[6] == "p_value"
    expected = {"rows": 6, "deletion": 1, "outside": 2, "mismatch": 1, "variants": 2}
    assert counts.loc["e"].to_dict() == expected


def test_all_variants_of_an_element_may_share_its_middle(kircher):
    variants, counts = satmut.load(kircher, {"e": "E.2"}, window=5, centre="element")
    assert variants.drop(columns=["locus", "chrom", "value", "p_value"]).values.tolist() == [
        [5, "G", "A", "CGTAC", "CATAC", 1],
        [6, "T", "C", "CGTAC", "CGCAC", 2],
    ]
    expected = {"rows": 6, "deletion": 1, "outside": 2, "mismatch": 1, "variants": 2}
    assert counts.loc["e"].to_dict() == expected


def test_deletions_may_be_kept(kircher):
    """Bases behind it move up; the element has no base more than the window of the last one."""
    rows = "7 5 G - 1 1 1 -2 0.5 E.2 GRCh37", "7 8 G - 1 1 1 -3 0.5 E.2 GRCh37"
    with gzip.open(kircher["kircher"], "at") as file:
        file.write("".join("\t".join(row.split()) + "\n" for row in rows))
    variants, counts = satmut.load(kircher, {"e": "E.2"}, window=4, deletions=True)
    assert variants.drop(columns=["locus", "chrom", "p_value"]).values.tolist() == [
        [5, "G", "-", -2, "CGTA", "CTAC", 1],
        [5, "G", "A", -0.8, "CGTA", "CATA", 1],
        [6, "T", "-", 0.6, "GTAC", "GACG", 1],
        [6, "T", "C", 0.7, "GTAC", "GCAC", 1],
    ]
    expected = {"rows": 8, "deletion": 0, "outside": 3, "mismatch": 1, "variants": 4}
    assert counts.loc["e"].to_dict() == expected


@pytest.mark.parametrize(
    ("row", "window", "where"), [("5\tG", 12, "chr7:0-11"), ("10\tG", 6, "chr7:8-13")]
)
def test_a_window_past_the_end_of_a_chromosome_is_an_error(files, row, window, where):
    files["challenge_PKLR"].write_text(CAGI + f"7\t{row}\tA\t0\t0\n")
    files["release_PKLR"].write_text(CAGI + "7\t6\tT\tA\t0\t0\n")
    with pytest.raises(InputError, match=f"{where} leaves chr7, which has 12 bases in .*hg.fa"):
        satmut.load(files, {"red": "PKLR"}, window=window)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("7\t6\tT\tA\tlow\t0\n", "row 8: 'Value' is 'low', a finite number"),
        ("7\t6\tT\tA\t0\t\n", "row 8: 'Confidence' is '', a finite number"),
        ("7\t6.5\tT\tA\t0\t0\n", "row 8: 'Pos' is '6.5', a whole number from 1"),
        ("7\t0\tT\tA\t0\t0\n", "row 8: 'Pos' is '0', a whole number from 1"),
        ("7\t6\tTA\tT\t0\t0\n", "row 8: 'Ref' is 'TA', one of A, C, G, T is needed"),
        ("7\t6\tT\tN\t0\t0\n", "row 8: 'Alt' is 'N', one of A, C, G, T, - is needed"),
        ("7\t6\tT\tA\t1\t1\n", "rows 8, 8: all have element PKLR, chrom chr7, pos 6,"),
        ("8\t6\tT\tA\t1\t1\n", "hg.fa has no chr8: it has chr7"),
        ("", "has no rows under its header"),
    ],
)
def test_wrong_rows_are_named(files, rows, message):
    files["challenge_PKLR"].write_text(CAGI + "7\t6\tT\tA\t0.1\t0.25\n")
    files["release_PKLR"].write_text(CAGI + rows)
    with pytest.raises(InputError, match=message):
        satmut.load(files, {"red": "PKLR"}, window=4)


def test_wrong_requests_are_named(files, kircher):
    def refused(message, files=files, loci=None, **options):
        with pytest.raises(InputError, match=message):
            satmut.load(files, loci or {"red": "PKLR"}, **({"window": 4} | options))

    refused("centre is 'middle': allowed are variant, element", centre="middle")
    refused("window is 0: at least 1 base", window=0)
    refused("no variants of 'F9'; the elements are PKLR", loci={"F9": "F9"})
    refused("red: 3 were found, 1,409 are expected", expect={"red": 1409})
    refused("middle of 'PKLR' needs it in the file 'elements', which has not", centre="element")
    refused("no file 'elements'", {"release_PKLR": files["release_PKLR"]})
    refused("Variants are needed from .* given are genome", {"genome": files["genome"]})
    refused("Variants are needed from", files | kircher)
    refused("which has E.2", kircher, {"e": "E"}, centre="element")
    refused("9 bases is longer than 'E.2' of 8", kircher, {"e": "E.2"}, centre="element", window=9)
    refused("'e' has no variant left of these: .*'outside': 5", kircher, {"e": "E.2"}, window=9)


def test_wrong_references_are_named(files, kircher):
    def refused(message, key, text, files):
        files[key].write_text(text)
        with pytest.raises(InputError, match=message):
            satmut.load(files, {"e": "E.2"}, window=4)

    refused("'E.2' is not ELEMENT|CHROM:START-STOP", "elements", ">E.2\nACGT\n", kircher)
    refused("has 3 bases, its ends say 4", "elements", ">E.2|7:3-6\nACG\n", kircher)
    refused("elements.fa has no sequence", "elements", "", kircher)
    (files["genome"].parent / "hg.fa.fai").unlink()
    with pytest.raises(InputError, match=r"not a plain FASTA with its index hg\.fa\.fai"):
        satmut.load(files, {"red": "PKLR"}, window=4)


@pytest.fixture
def shared():
    folder = DATA / "satmut_kircher2019"
    if not folder.exists():
        pytest.skip(f"{folder} is missing")
    return folder


def test_the_windows_of_the_loci_equal_those_cut_elsewhere(shared):
    expected = pd.read_csv(
        shared / "degu_loci_230bp_variants.tsv.gz", sep="\t", dtype={"Chrom": str}
    )
    counts = expected["Element"].value_counts().to_dict()
    files = {"kircher": shared / "elements.tsv.gz", "elements": shared / "elements_hg19.fa"}
    loci = {element: element for element in counts}
    variants, _ = satmut.load(files, loci, centre="element", expect=counts)
    assert len(variants) == 4825
    expected = expected.assign(Chrom="chr" + expected["Chrom"])
    titles = ["Element", "Chrom", "Pos", "Ref", "Alt", "Coefficient", "pValue"]
    expected = expected[[*titles, "ref_seq", "alt_seq", "idx"]].set_axis(variants.columns, axis=1)
    keys = ["locus", "pos", "alt"]
    pd.testing.assert_frame_equal(
        variants.sort_values(keys, ignore_index=True), expected.sort_values(keys, ignore_index=True)
    )


def test_the_variants_of_the_loci_are_as_many_as_known(shared):
    """F9 and SORT1 as in CAGI5, LDLR one and PKLR two fewer (their first or last position)."""
    files = {"kircher": shared / "elements.tsv.gz", "elements": shared / "elements_hg19.fa"}
    loci = {"PKLR": "PKLR-48h", "F9": "F9", "LDLR": "LDLR.2", "SORT1": "SORT1"}
    _, counts = satmut.load(files, loci, window=1)
    assert counts["variants"].to_dict() == {"PKLR": 1407, "F9": 904, "LDLR": 954, "SORT1": 1790}
    assert counts["rows"].to_dict() == {"PKLR": 1794, "F9": 984, "LDLR": 1093, "SORT1": 1927}
    assert counts["deletion"].to_dict() == {"PKLR": 387, "F9": 80, "LDLR": 139, "SORT1": 137}
    assert (counts[["outside", "mismatch"]] == 0).all(axis=None)


def test_released_cagi5_variants_are_as_many_as_known(shared):
    files = {"cagi5": shared / "cagi5_train_release.csv", "elements": shared / "elements_hg19.fa"}
    loci = {name: name for name in ("PKLR", "F9", "LDLR", "SORT1")}
    variants, counts = satmut.load(files, loci, window=1)
    assert counts["rows"].to_dict() == {"PKLR": 384, "F9": 236, "LDLR": 238, "SORT1": 430}
    # The first of LDLR, chr19:11199906, lies one base before the element.
    assert counts["outside"].to_dict() == {"PKLR": 0, "F9": 0, "LDLR": 1, "SORT1": 0}
    assert (counts["mismatch"] == 0).all()
    first = variants[variants["locus"] == "F9"].iloc[0]
    assert first.tolist() == ["F9", "chrX", 138612669, "T", "A", -0.17, 0.07, "T", "A", 0]
    confident = variants[variants["confidence"] >= 0.1]["locus"].value_counts().to_dict()
    assert confident == {"SORT1": 225, "PKLR": 109, "LDLR": 93, "F9": 29}
