"""`degu predict`: what the workflow predicts of the same sequences; exit codes; memory."""

import gzip
import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import small_export
import small_student
from degu import commands, intervals, predictions
from degu.dataset import Dataset
from degu.sequences import decode
from workflow import ROOT


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return small_export.run(tmp_path_factory.mktemp("exported"))


@pytest.fixture
def student(tmp_path):
    """Save a student of 20 bases that was never trained."""
    return small_student.save(tmp_path / "student")


def refused(*arguments):
    with pytest.raises(SystemExit) as end:
        commands.main(list(map(str, arguments)))
    return end.value.code


def write_fasta(path, names, letters):
    path.write_text("".join(f">{n}\n{s}\n" for n, s in zip(names, letters, strict=True)))
    return path


def test_predictions_and_intervals_are_those_of_the_workflow(run, tmp_path):
    """From letters in a FASTA to the table, against the predictions and factors of the run."""
    data, known = Dataset(run.files["data"]), predictions.read(run.files["predictions"]).test
    fasta = write_fasta(tmp_path / "test.fa", data.names("test"), decode(data.codes("test")))
    out = tmp_path / "new" / "predicted.tsv.gz"
    commands.main(["predict", str(run.folder), str(fasta), "--level", "0.5", "--out", str(out)])
    table = pd.read_table(out)
    assert table["name"].tolist() == known.names.tolist()
    assert (table["start"] == 0).all() and (table["end"] == 60).all()
    predicted = known.predictions[run.member]
    np.testing.assert_allclose(table["activity"], predicted[:, 0], rtol=1e-5, atol=1e-9)
    spread = np.maximum(predicted[:, 1], 0)
    np.testing.assert_allclose(table["activity_epistemic"], spread, rtol=1e-5, atol=1e-9)
    estimates = intervals.read_estimates(run.files["predictions"], None, "test")
    one = next(e for e in estimates if e.member == str(run.member))
    factors = intervals.find(intervals.read(run.files["calibration"]), one)
    std = one.clipped(small_export.SMALLEST)[0].std
    half = factors.half_width(one.mean, std, 0.5)
    np.testing.assert_allclose(table["activity_low"], one.mean - half, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(table["activity_high"], one.mean + half, rtol=1e-5, atol=1e-6)


def test_standard_output_and_packed_files_hold_the_same(student, tmp_path, capsys):
    fasta = write_fasta(tmp_path / "a.fa", "ab", ["ACGTA" * 4, "TTTTG" * 4])
    commands.main(["predict", str(student), str(fasta)])
    said = capsys.readouterr()
    assert said.err == ""
    for name in ("a.tsv", "a.tsv.gz"):
        commands.main(["predict", str(student), str(fasta), "--out", str(tmp_path / name)])
    assert (tmp_path / "a.tsv").read_text() == said.out
    assert gzip.decompress((tmp_path / "a.tsv.gz").read_bytes()).decode() == said.out
    table = pd.read_table(io.StringIO(said.out))
    assert table.columns.tolist() == [
        *("name", "start", "end", "y", "y_epistemic", "y_aleatoric", "y_total", "y_low", "y_high")
    ]


def test_a_way_to_fit_is_asked_for(student, tmp_path, capsys):
    fasta = write_fasta(tmp_path / "a.fa", "ab", ["ACGTA" * 9, "TTTTG" * 3])
    assert refused("predict", student, fasta).startswith(
        f"Error: {fasta}, sequence 'a': it has 45 bases, but the student takes 20: say by fit "
        "(--fit) what is to be done: centre"
    )
    commands.main(["predict", str(student), str(fasta), "--fit", "tile,pad"])
    table = pd.read_table(io.StringIO(capsys.readouterr().out))
    places = table[["name", "start", "end"]].to_numpy().tolist()
    assert places == [["a", 0, 20], ["a", 20, 40], ["a", 25, 45], ["b", -2, 18]]


def test_usage_errors_end_with_2(student, tmp_path, capsys):
    fasta = write_fasta(tmp_path / "a.fa", "a", ["ACGTA" * 4])
    bed = tmp_path / "a.bed"
    bed.write_text("chr1\t0\t20\n")
    for arguments, said in {
        (): "the following arguments are required: STUDENT, SEQUENCES",
        (student, fasta, "--fit", "center"): "'center' is none of centre, tile, pad, adaptors",
        (student, bed): "a.bed has regions: --genome is needed",
        (student, fasta, "--genome", "g.fa"): "--genome is for a BED",
        (student, fasta, "--name", "id"): "--sequence and --name are for a table",
        (student, fasta, "--level", "much"): "invalid float value: 'much'",
    }.items():
        assert refused("predict", *arguments) == 2
        assert said in capsys.readouterr().err


def test_bad_input_ends_in_one_line(student, tmp_path):
    """With exit code 1, which a text stands for; no file is left behind."""
    fasta = write_fasta(tmp_path / "a.fa", "ab", ["ACGTA" * 4, "ACGJA" * 4])
    out = tmp_path / "a.tsv"
    said = refused("predict", student, fasta, "--out", out)
    assert said == ("Error: sequence 'b' has 'J' at position 4: allowed are A, C, G, T, U and N.")
    assert not out.exists()
    said = refused("predict", student, fasta, "--level", 0.8)
    assert said == "Error: No interval is calibrated at 0.8: levels are 0.5, 0.9."
    said = refused("predict", student, fasta, "--out", tmp_path)
    assert said == f"Error: {tmp_path} is a folder: the name of a file is needed."
    assert refused("predict", tmp_path, fasta).startswith(f"Error: {tmp_path} is no student: ")
    (student / "student.json").write_text("{}")
    assert "student.json is no passport of a student" in refused("predict", student, fasta)


PEAK = """
import sys
from pathlib import Path
from degu.commands import main
main(sys.argv[1:])
# Not by getrusage, which counts the process that started this one as well.
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


def test_memory_does_not_grow_with_the_input(student, tmp_path):
    """Ten times the sequences, of which 200,000 hold 60 MB as texts, codes and predictions."""
    peaks = []
    for number in (20_000, 200_000):
        fasta, out = tmp_path / f"{number}.fa", tmp_path / f"{number}.tsv"
        codes = np.random.default_rng(0).integers(0, 4, (number, 20), dtype=np.uint8)
        write_fasta(fasta, [f"sequence{n}" for n in range(number)], decode(codes))
        said = subprocess.run(
            [sys.executable, "-c", PEAK, "predict", student, fasta, "--out", out],
            cwd=ROOT / "workflow_scripts",
            capture_output=True,
            text=True,
            check=True,
        )
        assert sum(1 for _ in out.open()) == number + 1
        peaks.append(int(said.stdout))
    # In kB.
    assert peaks[1] < peaks[0] + 15_000, peaks
