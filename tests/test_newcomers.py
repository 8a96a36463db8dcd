"""Tables of newcomers from `degu init` to the jobs of a run, and one of them to its report."""

import pandas as pd
import pytest

import newcomer_tables
from degu import commands
from workflow import jobs, snakemake, snakemakes, write_yaml

# A run of seconds, given behind the config that was written.
SMALL = {
    "members": {"teachers": 2, "students": 1},
    "training": {"batch_size": 16, "epochs": 2, "warmup_steps": 0, "batchnorm_sample": 64},
    "metrics": {"resamples": 100},
    "attribution": {"sequences": 5},
}


@pytest.fixture(scope="module")
def configs(tmp_path_factory):
    """Write a table of each kind, and its config; paths of the latter."""
    folder, made = tmp_path_factory.mktemp("newcomers"), {}
    for key, table in newcomer_tables.TABLES.items():
        made[key] = folder / f"{key}.yaml"
        commands.main(
            ["init", str(table(folder)), "--output", str(made[key]), "--name", f"table_{key}"]
        )
    return made


def test_each_config_runs_as_it_is_written(configs, tmp_path):
    commands_of = [
        ["-n", "--directory", tmp_path / key, "--configfile", config]
        for key, config in configs.items()
    ]
    for key, said in zip(configs, snakemakes(commands_of), strict=True):
        assert said.returncode == 0, said.stdout
        found = jobs(said.stdout)
        chain = ("prepare", "train_teacher", "label", "train_student", "predict", "attribute")
        assert [found[rule] for rule in chain] == [1, 10, 1, 3, 2, 2], key
        assert not {"sample_dropout", "download", "train_toy"} & found.keys()
        assert "config: " not in said.stdout


def test_a_table_becomes_a_report(configs, tmp_path):
    """Two alleles a variant, lengths that differ, two cells: with two small teachers."""
    network = {"name": "compact_cnn", "width": 16, "kernel": 7}
    small = write_yaml(
        tmp_path / "small.yaml", SMALL | {"datasets": {"table_G": {"architecture": network}}}
    )
    given = ["--directory", tmp_path, "--configfile", configs["G"], small]
    done = snakemake("--cores", 2, *given)
    assert done.returncode == 0, done.stdout
    report = tmp_path / "report.html"
    done = snakemake("--report", report, *given)
    assert done.returncode == 0, done.stdout
    assert report.stat().st_size > 100_000
    results = tmp_path / "results"
    card = pd.read_table(results / "tables/data_table_G.tsv")
    card = card.set_index(["split", "output", "metric"])["value"]
    counted = {
        split: card[split, "sequence", "number"] for split in ("train", "validation", "test")
    }
    assert counted == {"train": 320, "validation": 40, "test": 40}
    performance = pd.read_table(results / "tables/performance.tsv")
    measured = performance[performance["metric"] == "pearson"]
    heads = {"K562_log2FC", "HepG2_log2FC"}
    teachers = measured[measured["recipe"] == "standard"]
    assert set(teachers["output"]) == heads
    assert set(teachers["member"]) == {"0", "1", "ensemble"}
    students = measured[measured["recipe"] == "degu"]
    assert set(students["output"]) == heads | {f"{head}_epistemic" for head in heads}
