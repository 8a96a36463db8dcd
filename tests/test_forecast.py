"""Cost of a dry run, from benchmarks by hand."""

import importlib.util

import pytest

from workflow import ROOT, make, snakemake

SPEC = importlib.util.spec_from_file_location("forecast", ROOT / "slurm/forecast.py")
forecast = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(forecast)


@pytest.fixture
def said(tmp_path, monkeypatch):
    """Ask Snakemake for two teachers, their labels and a student."""
    monkeypatch.chdir(tmp_path)
    config = make(tmp_path)
    return snakemake("-n", "--directory", tmp_path, "--configfile", config).stdout


def measure(folder, path, seconds):
    file = folder / "results/benchmarks" / f"{path}.tsv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"s\th:m:s\n{seconds}\t-\n")


def row(table, rule):
    return table.set_index("rule").loc[rule].to_dict()


def test_nothing_is_forecast_without_benchmarks(said):
    table = forecast.forecast(said, 1)
    found = row(table, "train_teacher")
    assert found == {"jobs": 2, "measured": 0, "gpu_hours": 0, "wall_hours": 0}
    assert row(table, "total")["measured"] == 0


def test_the_nearest_benchmarks_count(said, tmp_path):
    """Teachers: the median of their recipe, not of another; the student: of its rule."""
    measure(tmp_path, "train_teacher/made/standard/0.5/0", 3600)
    measure(tmp_path, "train_teacher/made/standard/0.5/1", 7200)
    measure(tmp_path, "train_teacher/made/evoaug/1.0/0", 99)
    measure(tmp_path, "train_student/other/degu/1.0/0", 1800)
    table = forecast.forecast(said, 2)
    assert row(table, "train_teacher") == {
        "jobs": 2, "measured": 2, "gpu_hours": 3, "wall_hours": 1.5
    }  # fmt: skip
    assert row(table, "train_student") == {
        "jobs": 1, "measured": 1, "gpu_hours": 0.5, "wall_hours": 0.5
    }  # fmt: skip
    total = row(table, "total")
    assert (total["measured"], total["gpu_hours"], total["wall_hours"]) == (3, 3.5, 2)
    # One job at a time takes as long as the two together.
    assert row(forecast.forecast(said, 1), "train_teacher")["wall_hours"] == 3
