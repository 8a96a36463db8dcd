"""Barcodes: activities by hand, and those that MPRAsnakeflow made of real reads."""

import os
from math import log2
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from degu import barcodes, reading
from degu.job import InputError

DATA = Path(os.environ.get("DEGU_DATA", Path(__file__).parents[2] / "shared" / "data"))
HEADER = "barcode oligo_name dna_count_a rna_count_a dna_count_b rna_count_b"
# ~ is an empty cell: the barcode was not seen.
ROWS = [
    "AA o1 3 6 1 1",
    "CA o2 4 4 ~ ~",
    "AC o1 1 2 ~ ~",
    "AG o1 5 ~ 0 7",
    "CC o3 ~ ~ 2 1",
    "GG no_BC 90 90 90 90",
]


def write(folder, rows=ROWS, header=HEADER):
    """Write a table of barcodes."""
    lines = ["\t".join(row.split(" ")).replace("~", "") for row in [header, *rows]]
    path = folder / "barcodes.tsv"
    path.write_text("\n".join(lines) + "\n")
    return path


def found(frame):
    """Rows of a table of oligos, without what is missing."""
    return {oligo: dict(row.dropna()) for oligo, row in frame.iterrows()}


@pytest.mark.parametrize("size", [1, 2, 200_000])
def test_reads_and_barcodes_are_summed_up_by_oligo(size, tmp_path, monkeypatch):
    monkeypatch.setattr(reading.blocks, "__defaults__", (size,))
    counts = barcodes.count(write(tmp_path))
    assert counts["barcodes"].to_dict("index") == {
        "o1": {"a": 2, "b": 1},
        "o2": {"a": 1, "b": 0},
        "o3": {"a": 0, "b": 1},
    }
    assert counts["dna"].to_numpy().tolist() == [[4, 1], [4, 0], [0, 2]]
    assert counts["rna"].to_numpy().tolist() == [[8, 1], [4, 0], [0, 1]]


def test_activities_are_ratios_of_shares_of_all_reads(tmp_path):
    values = barcodes.activities(barcodes.count(write(tmp_path)))
    # In a there are 8 reads of DNA and 12 of RNA, in b 3 and 2.
    assert found(values) == {
        "o1": {"a": pytest.approx(log2(8 / 12 / (4 / 8))), "b": pytest.approx(log2(1 / 2 * 3))},
        "o2": {"a": pytest.approx(log2(4 / 12 / (4 / 8)))},
        "o3": {"b": pytest.approx(log2(1 / 2 / (2 / 3)))},
    }


@pytest.mark.parametrize(
    ("pseudocount", "depth", "first", "second"),
    [
        # o1 has three barcodes with 9 reads of DNA and 8 of RNA, o2 one with 4 and 4.
        ({}, "none", log2(8 / 9), 0),
        ({}, "total", log2(8 / 12 * 13 / 9), log2(13 / 12)),
        # As MPRAsnakeflow does it without a least number of reads.
        ({"barcode": 1}, "total", log2(11 / 16 * 17 / 12), log2(5 / 16 * 17 / 5)),
        # As MPRAlib does it.
        ({"oligo": 1}, "total", log2(9 / 14 * 15 / 10), log2(5 / 14 * 15 / 5)),
        ({"barcode": 0.5, "oligo": 1}, "none", log2(10.5 / 11.5), 0),
    ],
)
def test_pseudocounts_and_depth(pseudocount, depth, first, second, tmp_path):
    counts = barcodes.count(write(tmp_path), dna=0, rna=0)
    values = barcodes.activities(counts, pseudocount, depth)
    assert values["a"].dropna().tolist() == [pytest.approx(first), pytest.approx(second)]


def test_least_numbers_of_reads_and_oligos_without_reads(tmp_path):
    path = write(tmp_path)
    counts = barcodes.count(path, dna=2, rna=2)
    assert counts["barcodes"]["a"].to_dict() == {"o1": 1, "o2": 1, "o3": 0}
    assert not counts["barcodes"]["b"].any()
    # Seven reads of RNA without one of DNA are no ratio.
    path = write(tmp_path, ["AG o1 0 7 1 7", "CA o2 1 1 1 1"])
    values = barcodes.activities(barcodes.count(path, dna=0))
    assert np.isnan(values["a"]["o1"]) and values["b"]["o1"] == pytest.approx(log2(7 / 8 * 2))


@pytest.mark.parametrize(
    ("rows", "header", "message"),
    [
        (["AA o1 3 6 1 1.5"], HEADER, "row 2: 'rna_count_b' is 1.5, a whole number of reads"),
        (["AA o1 3 -6 1 1"], HEADER, "row 2: 'rna_count_a' is -6, a whole number of reads"),
        (["AA o1 3 x 1 1"], HEADER, "row 2: 'rna_count_a' is 'x', a finite number is needed"),
        (["AA ~ 3 6 1 1"], HEADER, "row 2: 'oligo_name' is empty"),
        (["AA o1 3 6 1"], HEADER, "row 2: 5 cells under a header of 6"),
        ([*ROWS, "AA o2 1 1 1 1"], HEADER, "1 barcodes stand on several rows, one is allowed"),
        (["AA o1 0 0 ~ ~"], HEADER, "has no barcode with 1 DNA and 1 RNA reads"),
        (["AA no_BC 2 2 2 2"], HEADER, "has no barcode with 1 DNA and 1 RNA reads"),
        ([], HEADER, "has no barcode with 1 DNA and 1 RNA reads"),
        (
            ["AA o1 1 1 1 1"],
            HEADER.replace("rna_count_b", "rna_count_c"),
            "has the DNA of replicates a, b, but the RNA of a, c: dna_count_R and rna_count_R go",
        ),
        (["AA o1 1 1"], "barcode oligo_name dna_count_a dna_count_b", "but the RNA of none"),
    ],
)
def test_wrong_tables_are_named(rows, header, message, tmp_path):
    with pytest.raises(InputError, match=message):
        barcodes.count(write(tmp_path, rows, header))


def test_real_reads_give_what_mprasnakeflow_made_of_them():
    """Each of 6,090 activities to its 4 decimals, each number of barcodes and reads exactly."""
    folder = DATA / "lentimpra_workshop_hepg2"
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing: set DEGU_DATA to the folder of data sets")
    made = pd.read_table(folder / "workshop_hepg2_replicates.tsv.gz", index_col="name")
    counts = barcodes.count(folder / "barcode_counts.tsv.gz")
    assert set(counts.index) == set(made.index)
    titles = {"barcodes": "n_bc", "dna": "dna_counts", "rna": "rna_counts"}
    for key, title in titles.items():
        stated = made.loc[counts.index, [f"{title}_rep{r}" for r in (1, 2, 3)]].fillna(0)
        np.testing.assert_array_equal(counts[key], stated)
    values = barcodes.activities(counts)
    stated = made.loc[counts.index, [f"log2fc_rep{r}" for r in (1, 2, 3)]]
    assert stated.count().sum() == 6090
    np.testing.assert_array_equal(values.isna(), stated.isna())
    np.testing.assert_allclose(values.round(4), stated, rtol=0, atol=1e-9)
