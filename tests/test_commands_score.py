"""The command `degu score`: files that it writes, what it says, and mistakes in one line."""

import subprocess
import sys

import pandas as pd
import pysam
import pytest

import scored_file
from degu import commands
from scored_file import snvs
from test_variants_vcf import write
from workflow import ROOT


@pytest.fixture
def call(tmp_path):
    """Run `degu score` on a small file."""
    scored_file.student(tmp_path)
    genome = scored_file.genome(tmp_path)
    vcf = write(tmp_path / "my.vcf", *snvs("chr1", [30, 31]), "chr1 40 . A <DEL>", "MT 5 . A C")

    def run(*arguments, vcf=vcf, student=tmp_path / "student"):
        words = ["score", student, vcf, "--genome", genome, *arguments]
        commands.main(list(map(str, words)))

    return run


def test_a_table_and_a_vcf_are_written_and_told(call, tmp_path, capsys):
    call("--out", tmp_path / "a.tsv.gz", tmp_path / "a.vcf", "--random", 20, "--level", 0.8)
    assert capsys.readouterr().out == (
        "6 of 8 variants are scored.\n"
        "1 lie on sequences that the genome lacks.\n"
        "1 are symbolic alleles such as <DEL>.\n"
    )
    table = pd.read_table(tmp_path / "a.tsv.gz")
    assert table["status"].value_counts().to_dict() == {
        "scored": 12, "symbolic": 2, "no_contig": 2,
    }  # fmt: skip
    with pysam.VariantFile(str(tmp_path / "a.vcf")) as file:
        assert "##degu_level=0.8\n" in str(file.header)
        assert len(list(file)) == 8


def test_a_shard_and_a_screen(call, tmp_path, capsys):
    call("--out", tmp_path / "a.tsv", "--shard", "1of4", "--random", 0)
    assert len(pd.read_table(tmp_path / "a.tsv")) == 4
    call("--out", tmp_path / "b.tsv", "--screen", 1e9, "--random", 0)
    assert "6 have an effect below the screen to first order" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call("--out", tmp_path / "a.tsv", "--shard", "5of4")
    assert "'5of4' is no shard, such as 2of20" in capsys.readouterr().err


def test_mistakes_end_in_one_line(call, tmp_path):
    def refused(*arguments, **files):
        with pytest.raises(SystemExit) as end:
            call("--out", tmp_path / "a.tsv", *arguments, **files)
        assert not (tmp_path / "a.tsv").exists()
        return end.value.code

    absent = tmp_path / "none.vcf"
    assert refused(vcf=absent) == f"Error: {absent} is not there: a VCF is needed."
    assert "none is not there: the folder or the file of a student" in refused(
        student=tmp_path / "none"
    )
    other = "ACGT".replace(scored_file.LETTERS["chr1"][29], "")[0]
    wrong = write(tmp_path / "wrong.vcf", f"chr1 30 . {other} {scored_file.LETTERS['chr1'][29]}")
    assert "the genome has another reference" in refused("--stop-on-mismatch", vcf=wrong)
    assert "No variant of" in refused(vcf=wrong)
    nobody = write(tmp_path / "grch.vcf", "NC_000001.11 30 . A C")
    assert "hg.fa has no NC_000001.11: it has chr1, chr2. chr1 and 1 count" in refused(vcf=nobody)


def test_help_starts_without_tensorflow():
    code = (
        "import sys; from degu import commands\n"
        "try: commands.main(['score', '--help'])\n"
        "finally: print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "workflow_scripts", capture_output=True, text=True
    )
    assert "degu score student/ my.vcf --genome hg38.fa" in said.stdout
    assert said.stdout.endswith("set()\n")
