"""The forecast as its user asks for it, from benchmarks, logs and histories by hand."""

import re

import pytest

from degu import dataset
from degu.assays import table
from forks import programs
from workflow import ROOT, made_config, make, snakemake, write_yaml

GPU = "12:00:00 Computing on Card X; a driver; CUDA 12.5.\n"
CPU = "12:00:00 Computing on the CPU.\n"


def run(folder, *arguments):
    """Run the program to its end."""
    (done,) = programs([[ROOT / "slurm/forecast.py", *arguments]], folder, apart=True)
    return done


def forecast(folder, *configs, jobs=2):
    """Rows of the table by rule, and what is said below it."""
    done = run(folder, jobs, *configs)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    total = next((n for n, line in enumerate(lines) if line.startswith("total")), -1)
    rows = {line.split()[0]: line.split()[1:] for line in lines[2 : total + 1]}
    return rows, "\n".join(lines[total + 1 :])


def write(folder, path, text):
    file = folder / "results" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def measure(folder, job, seconds, log):
    """Leave behind what a job leaves that took so long."""
    write(folder, f"benchmarks/{job}.tsv", f"s\th:m:s\tmax_rss\n{seconds}\t-\t-\n")
    write(folder, f"logs/{job}.log", log)


@pytest.fixture
def folder(tmp_path):
    """Prepare a data set of 200 training sequences of 40 bases, beside its config."""
    make(tmp_path)
    made = made_config(tmp_path / "made.tsv")["datasets"]["made"]
    options = {key: value for key, value in made["assay"].items() if key != "name"}
    dataset.write(tmp_path / "results/data/made.h5", table.load(made["files"], 0, **options))
    return tmp_path


def test_nothing_is_claimed_of_a_fresh_table(tmp_path):
    """Sizes of files alone follow from the table, and a GPU's costs are nowhere shipped."""
    make(tmp_path)
    rows, said = forecast(tmp_path, "made.yaml")
    assert rows["prepare"] == ["1", "0", "0", "1", *"------"]
    assert rows["train_teacher"] == ["2", "0", "0", "2", *"------"]
    assert rows["total"][:4] == ["23", "0", "0", "23"]
    assert said.splitlines()[-1] == (
        "  snakemake results/models/made/standard/1.0/0.keras --profile slurm "
        "--configfile made.yaml"
    )


def test_shipped_costs_stand_for_a_network_without_options_on_a_cpu(tmp_path):
    """Nothing is measured; three models of 2.6 MB leave 4 x (7.8 + 5.2) MB of checkpoints."""
    make(tmp_path)
    plain = made_config(tmp_path / "made.tsv") | {"device": "cpu"}
    plain["training"] = {"batch_size": 20}
    plain["datasets"]["made"]["architecture"] = {"name": "deepstarr"}
    write_yaml(tmp_path / "plain.yaml", plain)
    rows, said = forecast(tmp_path, "plain.yaml")
    assert rows["train_teacher"] == ["2", "0", "2", "0", "-", "-", "-", "<0.01", "-", "<0.01"]
    assert rows["total"][:6] == ["23", "0", "6", "17", "-", "-"]
    assert "checkpoints take about 0.05 GB" in said
    assert "Jobs ask for 8 GB of memory at most: prepare, train_teacher, " in said


def test_siblings_are_measured_and_students_estimated(folder):
    """One hour for a teacher; 4 x 450 s for the epochs of a student, on the same kind of device."""
    measure(folder, "train_teacher/made/standard/1.0/0", 3600, GPU)
    write(folder, "models/made/standard/1.0/0.tsv", "epoch\tseconds\n" + "1\t450\n" * 4)
    rows, said = forecast(folder, "made.yaml", jobs=1)
    assert rows["train_teacher"] == ["2", "2", "0", "0", "2.00", "-", "2.00", "-", *"--"]
    assert rows["train_student"] == ["1", "0", "1", "0", "-", "0.50", "-", "0.50", *"--"]
    assert rows["total"][4:8] == ["2.00", "0.50", "2.00", "0.50"]
    assert "Estimated trainings take all the epochs" in said
    assert "prepare" not in rows
    assert said.splitlines()[-1].startswith("  snakemake results/tables/baseline/made/1.0.tsv ")


def test_another_fraction_is_scaled_by_its_sequences(folder):
    measure(folder, "train_teacher/made/standard/0.5/0", 1800, GPU)
    write(folder, "models/made/standard/0.5/0.tsv", "epoch\tseconds\n1\t1700\n")
    rows, _ = forecast(folder, "made.yaml")
    assert rows["train_teacher"][:8] == ["2", "2", "0", "0", "2.00", "-", "1.00", "-"]


def test_a_training_that_was_resumed_took_all_of_its_history(folder):
    measure(folder, "train_teacher/made/standard/1.0/0", 5, GPU)
    write(folder, "models/made/standard/1.0/0.tsv", "epoch\tseconds\n" + "1\t1800\n" * 4)
    assert forecast(folder, "made.yaml")[0]["train_teacher"][4:7] == ["4.00", "-", "2.00"]


def test_a_cpu_does_not_stand_for_a_gpu(folder):
    """Nor does a log without a device. Where no GPU is asked for, there are no GPU-hours."""
    for member, log in enumerate([CPU, "12:00:00 no device\n"]):
        measure(folder, f"train_teacher/made/standard/1.0/{member}", 3600, log)
        history = f"models/made/standard/1.0/{member}.tsv"
        write(folder, history, "epoch\tseconds\n" + "1\t450\n" * 4)
    rows, _ = forecast(folder, "made.yaml")
    assert rows["train_teacher"][:8] == ["2", "0", "0", "2", *"----"]
    write_yaml(folder / "cpu.yaml", {"device": "cpu"})
    rows, said = forecast(folder, "made.yaml", "cpu.yaml")
    assert rows["train_teacher"][:8] == ["2", "2", "0", "0", "-", "-", "1.00", "-"]
    assert "--configfile made.yaml cpu.yaml" in said


def test_files_that_are_there_tell_the_size_of_their_siblings(folder):
    measure(folder, "predict/made/standard/1.0", 36, GPU)
    (folder / "results/predictions/made/standard").mkdir(parents=True)
    (folder / "results/predictions/made/standard/1.0.h5").write_bytes(bytes(20_000_000))
    rows, _ = forecast(folder, "made.yaml")
    # The student's are estimated: 100 sequences, one member of two heads, four bytes each.
    assert rows["predict"] == ["2", "1", "1", "0", *["0.01", "<0.01"] * 2, "0.02", "<0.01"]


def test_a_benchmark_of_other_parameters_does_not_count(tmp_path):
    config = make(tmp_path)
    arguments = ["--cores", 1, "--directory", tmp_path, "--configfile", config]
    done = snakemake("results/data/made.h5", *arguments)
    assert done.returncode == 0, done.stdout
    prepared = tmp_path / "results/data/made.h5"
    assert "prepare" not in forecast(tmp_path, "made.yaml")[0]
    kept = prepared.rename(tmp_path / "kept.h5")
    assert forecast(tmp_path, "made.yaml")[0]["prepare"][:4] == ["1", "1", "0", "0"]
    kept.rename(prepared)
    changed = config.read_text().replace("missing: error", "missing: drop")
    config.write_text(changed)
    assert forecast(tmp_path, "made.yaml")[0]["prepare"][:4] == ["1", "0", "0", "1"]


def test_a_mistake_in_a_config_is_one_line(tmp_path):
    write_yaml(tmp_path / "wrong.yaml", {"divice": "cpu"})
    done = run(tmp_path, 1, "wrong.yaml")
    assert done.returncode == 1
    assert re.search(r"unknown key 'divice'.*Did you mean 'device'", done.stderr)
    assert "Traceback" not in done.stderr
