"""VCF files: alleles one by one, what is no VCF, and scores that pysam reads back."""

import gzip
import math

import pandas as pd
import pysam
import pytest

from degu.job import InputError
from degu.variants import vcf
from degu.variants.vcf import Variant

HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


def write(path, *rows, header=HEADER):
    """Write records of rows such as "chr1 5 rs1 A C"."""
    lines = "".join("\t".join([*row.split(), ".", ".", "."]) + "\n" for row in rows)
    path.write_text(header + lines)
    return path


def bgzipped(path):
    packed = path.with_name(f"{path.name}.gz")
    pysam.tabix_compress(str(path), str(packed), force=True)
    return packed


@pytest.mark.parametrize("pack", [lambda path: path, bgzipped], ids=["plain", "bgzipped"])
def test_alleles_stand_one_by_one_with_their_status(tmp_path, pack):
    rows = ["chr1 5 rs1 a C,g", "1 7 . AC A", "chr1 9 . T <DEL>,*,C]chr2:5]", "chr1 9 . N A"]
    path = pack(write(tmp_path / "x.vcf", *rows, "chr1 11 . A R", "chr1 12 . A ."))
    assert list(vcf.read(path)) == [
        Variant("chr1", 5, "rs1", "A", "C", "scored"),
        Variant("chr1", 5, "rs1", "A", "G", "scored"),
        Variant("1", 7, ".", "AC", "A", "scored"),
        Variant("chr1", 9, ".", "T", "<DEL>", "symbolic"),
        Variant("chr1", 9, ".", "T", "*", "spanning_deletion"),
        Variant("chr1", 9, ".", "T", "C]chr2:5]", "breakend"),
        Variant("chr1", 9, ".", "N", "A", "iupac"),
        Variant("chr1", 11, ".", "A", "R", "iupac"),
        Variant("chr1", 12, ".", "A", ".", "no_alternative"),
    ]


def refused(path):
    with pytest.raises(InputError) as error:
        list(vcf.read(path))
    return str(error.value)


def test_what_is_no_vcf(tmp_path):
    assert refused(tmp_path / "none.vcf") == f"{tmp_path}/none.vcf is not there: a VCF is needed."
    empty = tmp_path / "empty.vcf"
    empty.touch()
    assert refused(empty) == f"{empty} is empty: a VCF with a header is needed."
    bare = write(tmp_path / "bare.vcf", "chr1 5 . A C", header="")
    assert refused(bare).startswith(f"{bare} is no VCF: its first lines must be a header")
    broken = write(tmp_path / "broken.vcf", "chr1 5 . A C", "chr1 x . A C")
    assert refused(broken).startswith(f"{broken} cannot be read behind record 1: ")


def test_files_that_are_cut_off_or_gzipped_otherwise(tmp_path):
    rows = [f"chr1 {pos} . A C" for pos in range(1, 20_000)]
    packed = bgzipped(write(tmp_path / "x.vcf", *rows))
    whole = packed.read_bytes()
    for kept in (len(whole) // 2, len(whole) - 28):
        packed.write_bytes(whole[:kept])
        assert refused(packed) == f"{packed} is cut off: copy it again."
    packed.write_bytes(whole[: len(whole) // 2] + whole[-28:])
    assert refused(packed).startswith(f"{packed} cannot be read behind record ")
    packed.write_bytes(gzip.compress((tmp_path / "x.vcf").read_bytes()))
    assert refused(packed).startswith(f"{packed} is compressed by gzip, but bgzip is needed")


@pytest.mark.parametrize("name", ["out.vcf", "out.vcf.gz"])
def test_pysam_reads_scores_back(tmp_path, name):
    place = {"chrom": "chr1", "pos": [5, 5, 9], "id": ["rs1", "rs1", "."], "ref": "A", "alt": "C"}
    table = pd.DataFrame(
        place
        | {"status": ["scored", "scored", "symbolic"], "output": "y"}
        | {"effect": [0.25, -1 / 3, math.nan], "call": ["increase", "abstain", ""]}
    )
    two = pd.concat([table, table.assign(output="z", effect=2.5)])
    two = two.sort_index(kind="stable").reset_index(drop=True)
    told = dict.fromkeys(table.columns, "what it is")
    with vcf.writer(tmp_path / name, {"chr1": 100}, ["degu_model=student"]) as writer:
        writer.write(two[:4], told)
        writer.write(two[4:], told)
    with pysam.VariantFile(str(tmp_path / name)) as file:
        assert file.header.contigs["chr1"].length == 100
        assert "##degu_model=student\n" in str(file.header)
        assert file.header.info["DEGU_effect"].type == "Float"
        records = list(file)
    assert [(one.pos, one.id, one.alts) for one in records] == [
        (5, "rs1", ("C",)), (5, "rs1", ("C",)), (9, None, ("C",)),
    ]  # fmt: skip
    assert records[0].info["DEGU_output"] == ("y", "z")
    assert records[0].info["DEGU_effect"] == (0.25, 2.5)
    assert records[1].info["DEGU_effect"] == pytest.approx((-1 / 3, 2.5), rel=1e-5)
    assert records[2].info["DEGU_effect"] == (None, 2.5)
    assert records[2].info["DEGU_call"] == (".", ".")
