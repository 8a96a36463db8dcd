"""The words at the end of a run: of jobs by hand, and of the workflow itself."""

import os
import re
from pathlib import Path

import pytest

from degu.report import attention, outcome
from degu.report.outcome import Job
from test_report_attention import FACTORS, warnings
from workflow import make, snakemake


@pytest.fixture
def measure(tmp_path):
    """Write a benchmark of some seconds and MB; return its path."""

    def write(name, seconds, megabytes):
        path = tmp_path / name
        path.write_text(f"s\tmax_rss\n{seconds}\t{megabytes}\n")
        return str(path)

    return write


def test_costs_are_summed_over_jobs_that_are_done(measure):
    """A failed job keeps the benchmark of an earlier run, which does not count."""
    jobs = [
        Job("label", "not done", "label.log", measure("label", 9, 9)),
        Job("train", "done", "0.log", measure("0", 3600, 2048)),
        Job("train", "done", "1.log", measure("1", 89.6, 1024)),
        Job("train", "failed", "2.log", measure("2", 7, 4096)),
        Job("prepare", "done", "p.log", measure("p", 4, "-")),
        Job("download", "done", "d.log"),
    ]
    table = outcome.by_rule(jobs).set_index("rule")
    assert list(table.columns) == [*outcome.STATES, "time", "longest", "memory"]
    assert list(table.index[:2]) == ["train", "prepare"]
    assert list(table.loc["train"]) == [2, 1, 0, "1:01:30", "1:00:00", "2.0 GB"]
    assert list(table.loc["prepare"])[:5] == [1, 0, 0, "0:00:04", "0:00:04"]
    assert list(table.loc["label"])[:3] == [0, 0, 1]
    assert list(table.loc["total"]) == [4, 1, 1, "1:01:34", "1:00:00", "2.0 GB"]
    assert table.loc[["label", "download"], ["time", "longest", "memory"]].isna().all(axis=None)


def test_all_is_done(measure):
    said = outcome.describe(
        [Job("prepare", "done", "p.log", measure("p", 5, 512))], 0, "go", "none.tsv"
    )
    assert said.splitlines() == [
        "   rule  done  failed  not done    time longest memory",
        "prepare     1       0         0 0:00:05 0:00:05 0.5 GB",
        "  total     1       0         0 0:00:05 0:00:05 0.5 GB",
    ]


def test_the_end_of_each_failed_jobs_log_is_shown_and_the_command_to_go_on(tmp_path):
    log, killed, old = (str(tmp_path / name) for name in ("a.log", "killed.log", "old.log"))
    for path, text in [
        (log, "".join(f"line {n}\n" for n in range(20)) + "Error: no column 'y'\n"),
        (killed, "epoch 1\n"),
        (old, "Error: of another run\n"),
    ]:
        Path(path).write_text(text)
    os.utime(old, (50, 50))
    never = str(tmp_path / "never.log")
    jobs = [Job("train", "failed", path) for path in (log, killed, old, never)]
    said = outcome.describe(jobs, 100, "snakemake --cores 2", "none.tsv").split("\n\n")
    assert said[1].splitlines() == [
        f"Failed: {log}", *(f"  line {n}" for n in range(13, 20)), "  Error: no column 'y'"
    ]  # fmt: skip
    assert said[2].splitlines()[1:] == [
        "  epoch 1",
        "  The log ends without an error: the job was killed or cancelled (see above).",
    ]
    assert said[3:5] == [
        f"Failed: {path}\n  The job wrote no log: it was never started, or refused (see above)."
        for path in (old, never)
    ]
    assert said[5] == (
        "Once that is mended, go on with the same command; finished jobs are kept:\n"
        "  snakemake --cores 2"
    )


def test_of_many_failed_jobs_five_logs_are_shown(tmp_path):
    jobs = [Job("train", "failed", str(tmp_path / f"{n}.log")) for n in range(7)]
    said = outcome.describe(jobs, 0, "go", "none.tsv")
    assert said.count("Failed: ") == 5
    assert f"Failed as well:\n  {jobs[5].log}\n  {jobs[6].log}\n" in said


def test_warnings_are_those_of_this_run(tmp_path):
    path = tmp_path / "warnings.tsv"
    warnings(FACTORS[0]).to_csv(path, sep="\t", index=False)
    jobs = [Job("collect_warnings", "done", "w.log"), Job("b", "not done", "b.log")]
    *_, told, onwards = outcome.describe(jobs, 0, "go", path).split("\n\n")
    assert told == attention.lines(path) and onwards.startswith("Go on")
    assert "Attention" not in outcome.describe(jobs[1:], 0, "go", path)
    # All is well.
    warnings().to_csv(path, sep="\t", index=False)
    assert "Attention" not in outcome.describe(jobs, 0, "go", path)


def test_a_run_that_was_interrupted_goes_on(measure):
    jobs = [Job("a", "done", "a.log", measure("a", 1, 1)), Job("b", "not done", "b.log")]
    assert outcome.describe(jobs, 0, "go", "none.tsv").endswith(
        "Go on with the same command; finished jobs are kept:\n  go"
    )


def test_the_workflow_says_what_failed_and_then_what_it_cost(tmp_path):
    config = make(tmp_path)
    table = tmp_path / "made.tsv"
    whole = table.read_text()
    arguments = ["--cores", 1, "--directory", tmp_path, "--configfile", config]
    target = ["results/tables/data_made.tsv", *arguments]
    table.write_text(whole.replace("activity", "activty", 1))
    said = snakemake(*target).stdout
    assert re.search(r"rule +done +failed .*\n *(describe_data +0 +0 +1|prepare +0 +1 +0) ", said)
    shown = said.partition("Failed: results/logs/prepare/made.log\n")[2].splitlines()
    assert "has no column 'activity'" in shown[0]
    assert said.count("has no column 'activity'") >= 1
    command = re.search(r"finished jobs are kept:\n  (.*)", said)[1]
    assert command.endswith(f"-m snakemake {' '.join(map(str, target))}")

    table.write_text(whole)
    said = snakemake(*target).stdout
    assert re.search(r"^ +prepare +1 +0 +0 +0:00:\d\d 0:00:\d\d ", said, re.MULTILINE)
    assert re.search(r"^describe_data +1 +0 +0 +-", said, re.MULTILINE)
    assert "Failed: " not in said and "Go on" not in said
    # Neither a run of nothing nor a dry run has an outcome.
    for more in ([], ["-n", "--forceall"]):
        assert not re.search(r"rule +done +failed", snakemake(*target, *more).stdout)
