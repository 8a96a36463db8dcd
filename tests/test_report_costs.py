"""Costs from benchmarks, versions from a lock and from Python, the state of the code."""

import re
import subprocess

import numpy
import pandas as pd

from degu.report import costs


def test_benchmarks_are_summed_by_rule(tmp_path):
    for name, line in {
        "train/d/r/1.0/0.tsv": "3600\t2048",
        "train/d/r/1.0/1.tsv": "1800\t1024",
        "predict/d/r/1.0.tsv": "36\t-",
        "predict/.half.tsv": "9\t9",
        "compare.tsv": "3.6\t1024",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"s\tmax_rss\n{line}\n")
    train, predict, compare = costs.costs(tmp_path).itertuples(index=False)
    assert tuple(train) == ("train", 2, 1.5, 1.0, 2.0)
    assert tuple(predict)[:4] == ("predict", 1, 0.01, 0.01)
    # A rule with a single job.
    assert tuple(compare) == ("compare", 1, 0.001, 0.001, 1.0)
    # A job that ended before its memory was measured.
    assert pd.isna(predict.memory)


def test_a_run_without_benchmarks(tmp_path):
    table = costs.costs(tmp_path / "none")
    assert list(table.columns) == ["rule", "jobs", "hours", "longest", "memory"]
    assert table.empty


def test_versions(tmp_path):
    (tmp_path / "lock").write_text("# Text.\nnumpy==1.2.3\nevoaug-tf==0.1\n")
    assert costs.pins(tmp_path / "lock") == {"numpy": "1.2.3", "evoaug-tf": "0.1"}
    assert costs.installed(["numpy", "no-such-package"]) == {"numpy": numpy.__version__}


def test_the_code_has_a_version_and_in_git_a_commit(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "9.8"\n')
    assert costs.code_version(tmp_path) == "9.8"
    git = ["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "One"]):
        subprocess.run([*git, *command], check=True)
    assert re.fullmatch(r"9\.8, commit [0-9a-f]{12}", costs.code_version(tmp_path))
