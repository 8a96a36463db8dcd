"""Jobs that rerun after a change, and how a run goes on after an accident."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import psutil
import pytest
import yaml

from degu import heads, models
from workflow import ROOT, clone, imports, jobs, listed, make, snakemake, write_yaml

NOTHING = "Nothing to be done"
PROFILE = yaml.safe_load((ROOT / "slurm/profile.yaml").read_text())
ANCIENT = {item.removesuffix("=code") for item in PROFILE["consider-ancient"]}
# Rules that measure one run, and those that draw all of them.
OF_RUN = ["measure_training", "predict", "calibrate", "measure_predictions", "measure_intervals"]
OF_RUN += ["measure_distillation", "attribute", "measure_attribution"]
DRAWN = {"plot_learning_curves": 1, "plot_performance": 1}
# The report's pages: the tables of summary and warnings, and five joined ones sort.
DRAWN |= dict.fromkeys(["collect_warnings", "summarise_report", "show_distillation", "show_run"], 1)
DRAWN |= {"show_table": 7}
# Students alone: their run, tests against their teachers, twelve joined tables.
STUDENTS = (
    dict.fromkeys(["train_student", *OF_RUN, "compare_attributions", "export"], 1)
    | {"join": 12}
    | DRAWN
)
# Labels and students: what is measured of teachers compares them with nothing of these.
LABELLED = STUDENTS | {"label": 1, "measure_ensembles": 1, "join": 13}
TEACHERS = LABELLED | {"train_teacher": 2} | dict.fromkeys(OF_RUN, 2)
# Rules of a data set, whatever is trained on it; the baseline has a joined table and a page.
OF_DATA = dict.fromkeys(["prepare", "describe_data", "measure_baseline"], 1)
ALL = TEACHERS | OF_DATA | {"join": 14, "show_table": 8}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """Run the workflow once in a clone; `ask` says what it would do next."""
    root = clone(tmp_path_factory.mktemp("reruns") / "clone")
    config = make(root)
    config.write_text(config.read_text().replace(f"{root}/", ""))
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        said = snakemake("--cores", 2, "--configfile", "made.yaml", cwd=root)
    assert said.returncode == 0, said.stdout

    def ask(*options, override=None, cwd=root):
        mine = write_yaml(root / "override.yaml", override or {})
        return snakemake("-n", *options, "--configfile", "made.yaml", mine, cwd=cwd).stdout

    jobs = listed(ask("--forceall"))
    return SimpleNamespace(root=root, home=home, said=said.stdout, ask=ask, jobs=jobs)


@pytest.fixture(scope="module")
def imported(done):
    """Modules behind the script of each rule that ran, as Python imports them."""
    chosen = {"prepare": ["degu.assays.table"]}
    return imports({job.rule: chosen.get(job.rule, []) for job in done.jobs})


def following(done, first):
    """Count by rule the jobs of some rules, and all jobs that take what these make."""
    chosen = [job for job in done.jobs if job.rule in first]
    made = {path for job in chosen for path in job.outputs}
    while more := [job for job in done.jobs if job not in chosen and made & set(job.inputs)]:
        chosen += more
        made |= {path for job in more for path in job.outputs}
    return Counter(job.rule for job in chosen)


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
    assert jobs(done.said) == ALL


def test_jobs_write_nothing_at_home(done):
    assert [path for path in done.home.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("options", [[], ["--profile", "slurm"]])
def test_a_second_run_does_nothing(options, done):
    assert NOTHING in done.ask(*options)


def test_a_clone_that_moves_keeps_its_results(done, tmp_path):
    assert NOTHING in done.ask(cwd=copy(done.root, tmp_path / "moved"))


def test_an_edited_figure_is_drawn_alone(done):
    with edited(done.root / "workflow_scripts/plot_performance.py"):
        assert jobs(done.ask()) == {"plot_performance": 1}


# Modules of each room, with one job or more that an edit reruns, and one that it leaves alone.
MODULES = {
    "plotting.agreement": ("plot_performance", "join"),
    "tables.join": ("join", "train_student"),
    "tables.performance": ("measure_predictions", "measure_intervals"),
    "calibration": ("calibrate", "measure_predictions"),
    "maps": ("attribute", "predict"),
    "heads": ("train_teacher", "prepare_variants"),
    "ensemble": ("label", "prepare"),
    "training.loop": ("train_teacher", "prepare"),
    "assays.table": ("prepare", "prepare_variants"),
}


@pytest.mark.parametrize("module", MODULES)
def test_an_edited_module_reruns_what_imports_it_and_what_follows(module, done, imported):
    first = {rule for rule, modules in imported.items() if f"degu.{module}" in modules}
    expected = following(done, first)
    reruns, stays = MODULES[module]
    assert reruns in expected and stays not in expected
    with edited(done.root / f"workflow_scripts/degu/{module.replace('.', '/')}.py"):
        assert jobs(done.ask()) == expected


@pytest.mark.parametrize("module", ["job", "assays/starrseq", "variants/satmut"])
def test_modules_that_rerun_nothing(module, done):
    """The log and seeds, which all import, are exempt; the others are imported by no job here."""
    with edited(done.root / f"workflow_scripts/degu/{module}.py"):
        assert NOTHING in done.ask()


@pytest.mark.parametrize("module", ["dataset", "training.loop", "ensemble"])
def test_on_a_cluster_an_edited_module_retrains_nothing(module, done, imported):
    """Not even by way of new data or labels; the rest runs again."""
    first = {rule for rule, modules in imported.items() if f"degu.{module}" in modules}
    assert first & ANCIENT
    expected = following(done, first - ANCIENT)
    assert expected.keys() & ANCIENT == set()
    with edited(done.root / f"workflow_scripts/degu/{module.replace('.', '/')}.py"):
        assert jobs(done.ask("--profile", "slurm")) == expected


def test_on_a_cluster_an_edited_script_retrains_nothing_and_redraws_its_figure(done):
    with edited(done.root / "workflow_scripts/train_teacher.py"):
        assert NOTHING in done.ask("--profile", "slurm")
        assert jobs(done.ask()) == TEACHERS
    with edited(done.root / "workflow_scripts/plot_performance.py"):
        assert jobs(done.ask("--profile", "slurm")) == {"plot_performance": 1}


@pytest.mark.parametrize(
    ("recipe", "rerun"),
    [
        ("degu", STUDENTS),
        ("standard", TEACHERS),
        ("degu_logvar", {}),
    ],
)
def test_epochs_of_a_recipe_retrain_it_and_its_students(recipe, rerun, done):
    said = done.ask(override={"recipes": {recipe: {"training": {"epochs": 5}}}})
    assert jobs(said) == rerun


def test_of_more_teachers_only_the_new_one_is_trained(done):
    said = done.ask(override={"members": {"teachers": 3}})
    assert jobs(said) == TEACHERS | {"train_teacher": 1}
    assert "results/models/made/standard/1.0/2.keras" in said


def test_a_new_student_runs_its_own_jobs_tests_and_joins(done):
    """Its run, which no other run's job is part of; tests of the data set; tables and figures."""
    runs = [{"datasets": ["made"], "recipes": ["degu", "degu_logvar"], "fractions": [1.0]}]
    said = done.ask(override={"runs": runs})
    assert jobs(said) == {
        "train_student": 1,
        "measure_training": 1,
        "predict": 1,
        "calibrate": 1,
        "measure_predictions": 1,
        "measure_intervals": 1,
        "measure_distillation": 1,
        "export": 1,
        "attribute": 1,
        "measure_attribution": 1,
        "compare_attributions": 1,
        # All but that of ensembles by size, which has nothing of students.
        "join": 12,
        **DRAWN,
    }
    for job in listed(said):
        if job.rule not in {"compare_attributions", "join", *DRAWN}:
            assert all("/made/degu_logvar/1.0" in path for path in job.outputs)
    joined = {path for job in listed(said) if job.rule == "join" for path in job.outputs}
    assert "results/tables/ensemble_sizes.tsv" not in joined and len(joined) == 12


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        ("performance.tsv", "join"),
        ("performance/made/degu/1.0.tsv", "measure_predictions"),
        ("attribution_tests/made.tsv", "compare_attributions"),
    ],
)
def test_a_deleted_table_is_made_again(table, rule, done, tmp_path):
    """And what follows from it; for a table of a run not from others that its job makes."""
    path = done.root / "results/tables" / table
    path.rename(tmp_path / "table")
    try:
        found = jobs(done.ask())
    finally:
        (tmp_path / "table").rename(path)
    assert found[rule] == 1
    pages = {"collect_warnings", "summarise_report", "show_distillation", "show_table", "show_run"}
    # A passport tells of its student's agreement, and a page of the passport.
    assert set(found) <= {rule, "join", "plot_performance", "export", *pages}


def of_a_queue(done, override):
    """Run a training as a job of a cluster does: in a Snakemake of its own, by today's config."""
    mine = write_yaml(done.root / "override.yaml", override)
    job = "train_teacher:dataset=made,recipe=standard,fraction=1.0,member=8"
    options = ["--target-jobs", job, "--allowed-rules", "train_teacher", "--mode", "remote"]
    options += ["--nolock", "--no-hooks", "--cores", 1, "--force"]
    return snakemake(*options, "--configfile", "made.yaml", mine, cwd=done.root)


def test_a_config_edited_while_jobs_wait_ends_those_that_it_concerns(done):
    """Before they train by it; a figure that the config gains or loses ends none."""
    model = done.root / "results/models/made/standard/1.0/8.keras"
    assert snakemake("--cores", 1, model.relative_to(done.root), "--configfile", "made.yaml",
                     cwd=done.root).returncode == 0  # fmt: skip
    model.unlink()
    said = of_a_queue(done, {"training": {"epochs": 5}})
    assert said.returncode != 0
    assert (
        "The config or the code changed since this run was started (training): stop" in said.stdout
    )
    assert not model.exists()
    with edited(done.root / "workflow_scripts/degu/losses.py"):
        said = of_a_queue(done, {})
    assert "since this run was started (workflow_scripts/degu/losses.py): stop" in said.stdout
    assert not model.exists()
    with edited(done.root / "workflow_scripts/plot_performance.py"):
        said = of_a_queue(done, {"figures": ["performance"]})
    assert said.returncode == 0, said.stdout
    assert model.exists()


def test_members_of_a_group_run_at_the_same_time(done):
    """The plugin starts them so in a job; here they end soon, since no run has planned them."""
    job = "train_teacher:dataset=made,recipe=standard,fraction=1.0,member="
    options = ["--target-jobs", f"{job}11", f"{job}12", "--allowed-rules", "train_teacher"]
    options += ["--executor", "slurm-jobstep", "--jobs", 1, "--cores", 2, "--mode", "remote"]
    options += ["--local-groupid", "teachers", "--nolock", "--no-hooks"]
    said = snakemake(*options, "--configfile", "made.yaml", cwd=done.root)
    assert "Execute 2 jobs..." in said.stdout
    assert said.stdout.count("sharers=2") == 2
    # Each job says it, and so does the error of its rule.
    assert said.stdout.count("since this run was started") == 4


def test_a_run_that_fails_leaves_the_tables_of_others_whole(done, tmp_path):
    """Also the joined ones, which wait for it; another new run comes to its end."""
    root = copy(done.root, tmp_path / "clone")
    broken = pd.read_table(root / "made.tsv", dtype=str)
    broken.loc[7, "activity"] = "nan"
    broken.to_csv(root / "broken.tsv", sep="\t", index=False)
    made = yaml.safe_load((root / "made.yaml").read_text())["datasets"]["made"]
    runs = [{"datasets": ["made", "broken"], "recipes": ["degu"], "fractions": [1.0]}]
    runs.append({"datasets": ["made"], "recipes": ["degu_logvar"], "fractions": [1.0]})
    mine = {"runs": runs, "datasets": {"broken": made | {"files": {"table": "broken.tsv"}}}}
    mine = write_yaml(root / "mine.yaml", mine)
    tables = root / "results/tables"
    tests = tables / "attribution_tests/made.tsv"
    kept = {path: path.read_bytes() for path in (root / "results").rglob("*.*") if is_result(path)}
    del kept[tests]
    options = ["--cores", 2, "--keep-going", "--configfile", "made.yaml", mine]
    said = snakemake(*options, cwd=root)
    assert said.returncode != 0
    assert "broken.tsv, row 9: target 'activity' is missing" in said.stdout
    assert {path: path.read_bytes() for path in kept} == kept
    assert len([path for path in kept if path.parent == tables]) == 18
    assert len(pd.read_table(tables / "performance/made/degu_logvar/1.0.tsv"))
    assert set(pd.read_table(tests)["recipe"]) == {"degu", "degu_logvar"}
    assert not [path for path in (root / "results").rglob("*broken*") if path.suffix in ENDINGS]


ENDINGS = {".tsv", ".gz", ".json", ".h5", ".keras", ".pdf", ".png"}


def is_result(path):
    """Whether a file is a result, and no log or benchmark."""
    return path.suffix in ENDINGS and "benchmarks" not in path.parts


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
    model = models.load(path)
    layer = model.get_layer("heads")
    layer.set_weights([-weights for weights in layer.get_weights()])
    models.save(model, path, heads.read(path))
    label = ["results/labels/made/standard/1.0/2.h5", "--rerun-triggers", "mtime"]
    said = snakemake("--cores", 1, *label, "--configfile", "made.yaml", cwd=root)
    assert said.returncode != 0
    log = (root / "results/logs/label/made/standard/1.0/2.log").read_text()
    (line,) = [line for line in log.splitlines() if "fell out" in line]
    assert "The member results/models/made/standard/1.0/1.keras fell out" in line
    assert line.partition("Error: ")[2] in said.stdout
    member = re.search(r"add '(\S+): 1' under reseed", line)[1]
    advised = done.ask(override={"reseed": {member: 1}})
    assert jobs(advised) == TEACHERS | {"train_teacher": 1}
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
