"""What reruns after a change and what does not, and how a run goes on after an accident."""

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import psutil
import pytest

from workflow import clone, jobs, make, snakemake, write_yaml

FIGURES = {"list_histories": 1, "learning_curves": 1, "measure_performance": 1, "performance": 1}
STUDENTS = {"label": 1, "train_student": 1, "predict": 2} | FIGURES
NOTHING = "Nothing to be done"


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """Run the workflow once in a clone; `ask` says what it would do next."""
    root = clone(tmp_path_factory.mktemp("reruns") / "clone")
    config = make(root)
    config.write_text(config.read_text().replace(f"{root}/", ""))
    said = snakemake("--cores", 2, "--configfile", "made.yaml", cwd=root)
    assert said.returncode == 0, said.stdout

    def ask(*options, override=None, cwd=root):
        mine = write_yaml(root / "override.yaml", override or {})
        return snakemake("-n", *options, "--configfile", "made.yaml", mine, cwd=cwd).stdout

    return SimpleNamespace(root=root, said=said.stdout, ask=ask)


@contextmanager
def edited(path):
    """Add a comment to a file, for a while."""
    text, times = path.read_text(), path.stat()
    path.write_text(f"{text}# changed\n")
    try:
        yield
    finally:
        path.write_text(text)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def copy(root, to):
    """Copy a clone and its results with their times, as whoever moves it does."""
    subprocess.run(["cp", "-a", root, to], check=True)
    return to


def test_everything_runs_once(done):
    assert jobs(done.said) == {"prepare": 1, "train_teacher": 2} | STUDENTS


@pytest.mark.parametrize("options", [[], ["--profile", "slurm"]])
def test_a_second_run_does_nothing(options, done):
    assert NOTHING in done.ask(*options)


def test_a_clone_that_moves_keeps_its_results(done, tmp_path):
    assert NOTHING in done.ask(cwd=copy(done.root, tmp_path / "moved"))


def test_an_edited_figure_is_drawn_alone(done):
    with edited(done.root / "workflow_scripts/performance.py"):
        assert jobs(done.ask()) == {"performance": 1}


@pytest.mark.parametrize(
    ("module", "rerun"),
    [
        ("plotting", {"learning_curves": 1, "performance": 1}),
        ("ensemble", STUDENTS),
        ("training", {"train_teacher": 2} | STUDENTS),
    ],
)
def test_an_edited_module_reruns_what_uses_it(module, rerun, done):
    with edited(done.root / f"workflow_scripts/degu/{module}.py"):
        assert jobs(done.ask()) == rerun


@pytest.mark.parametrize("module", ["dataset", "training", "ensemble"])
def test_on_a_cluster_an_edited_module_retrains_nothing(module, done):
    """Not even by way of new data or labels."""
    with edited(done.root / f"workflow_scripts/degu/{module}.py"):
        cheap = {"predict", "measure_performance", "performance"}
        assert jobs(done.ask("--profile", "slurm")).keys() <= cheap


def test_on_a_cluster_an_edited_script_retrains_nothing(done):
    with edited(done.root / "workflow_scripts/train_teacher.py"):
        assert NOTHING in done.ask("--profile", "slurm")
        assert jobs(done.ask()) == {"train_teacher": 2} | STUDENTS


@pytest.mark.parametrize(
    ("recipe", "rerun"),
    [
        ("degu", {"train_student": 1, "predict": 1} | FIGURES),
        ("standard", {"train_teacher": 2} | STUDENTS),
        ("degu_logvar", {}),
    ],
)
def test_epochs_of_a_recipe_retrain_it_and_its_students(recipe, rerun, done):
    said = done.ask(override={"recipes": {recipe: {"training": {"epochs": 5}}}})
    assert jobs(said) == rerun


def test_of_more_teachers_only_the_new_one_is_trained(done):
    said = done.ask(override={"members": {"teachers": 3}})
    assert jobs(said) == {"train_teacher": 1} | STUDENTS
    assert "results/models/made/standard/1.0/2.keras" in said


def test_a_killed_training_goes_on_bit_for_bit(done):
    """Member 7 is of no run, so that nothing else depends on it."""
    run = done.root / "results/models/made/standard/1.0"
    log = done.root / "results/logs/train_teacher/made/standard/1.0/7.log"
    long = write_yaml(done.root / "long.yaml", {"training": {"epochs": 150}})
    target = run.relative_to(done.root) / "7.keras"
    train = ["--cores", 1, target, "--configfile", "made.yaml", long]

    def result():
        history = pd.read_table(run / "7.tsv").drop(columns="seconds")
        return keras.models.load_model(run / "7.keras").get_weights(), history

    assert snakemake(*train, cwd=done.root).returncode == 0
    weights, history = result()
    for file in (run / "7.keras", run / "7.tsv", log):
        file.unlink()

    command = [sys.executable, "-m", "snakemake", *map(str, train)]
    with subprocess.Popen(command, cwd=done.root) as killed:
        while not (log.exists() and "epoch 5/" in log.read_text()):
            assert killed.poll() is None
            time.sleep(0.02)
        (training,) = [
            process
            for process in psutil.Process(killed.pid).children(recursive=True)
            if process.cmdline()[-1].endswith("train_teacher.py")
        ]
        training.kill()
    assert killed.returncode != 0
    assert not (run / "7.keras").exists()

    assert snakemake(*train, cwd=done.root).returncode == 0
    resumed = re.search(r"resumed after epoch (\d+)", log.read_text())
    assert 5 <= int(resumed[1]) < 150
    again, history_again = result()
    for one, other in zip(weights, again, strict=True):
        np.testing.assert_array_equal(one, other)
    pd.testing.assert_frame_equal(history, history_again)


def test_a_member_that_fell_out_stops_the_labels(done, tmp_path):
    """Its heads are turned round; the remedy in the message retrains that member."""
    root = copy(done.root, tmp_path / "clone")
    path = root / "results/models/made/standard/1.0/1.keras"
    model = keras.models.load_model(path)
    heads = model.get_layer("heads")
    heads.set_weights([-weights for weights in heads.get_weights()])
    model.save(path)
    label = ["results/labels/made/standard/1.0/2.h5", "--rerun-triggers", "mtime"]
    said = snakemake("--cores", 1, *label, "--configfile", "made.yaml", cwd=root)
    assert said.returncode != 0
    log = (root / "results/logs/label/made/standard/1.0/2.log").read_text()
    (line,) = [line for line in log.splitlines() if "fell out" in line]
    assert "The member results/models/made/standard/1.0/1.keras fell out" in line
    assert line.partition("Error: ")[2] in said.stdout
    member = re.search(r"add '(\S+): 1' under reseed", line)[1]
    advised = done.ask(override={"reseed": {member: 1}})
    assert jobs(advised) == {"train_teacher": 1} | STUDENTS
    assert re.search(r"rule train_teacher:\n.*\n +output: .*/standard/1\.0/1\.keras", advised)


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [("sequence", "ACGX" * 10, "'X'"), ("activity", "nan", "'activity'")],
)
def test_a_bad_table_stops_before_any_training(column, cell, problem, tmp_path):
    config = make(tmp_path)
    table = pd.read_table(tmp_path / "made.tsv", dtype=str)
    table.loc[4, column] = cell
    table.to_csv(tmp_path / "made.tsv", sep="\t", index=False)
    said = snakemake("--cores", 1, "--directory", tmp_path, "--configfile", config)
    assert said.returncode != 0
    log = (tmp_path / "results/logs/prepare/made.log").read_text()
    (line,) = [line for line in log.splitlines() if "Error" in line]
    assert problem in line
    assert re.search(r"row\s?\d", line)
    assert line.partition("Error: ")[2] in said.stdout
    assert "Traceback" not in said.stdout
    assert not (tmp_path / "results/models").exists()
    assert not (tmp_path / "results/data/made.h5").exists()
