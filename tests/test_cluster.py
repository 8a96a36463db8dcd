"""Rules as Snakemake lists them, and the profile for a cluster."""

import re

import pytest
import yaml

from workflow import DRAWING, ROOT, clone, jobs, snakemake, snakemakes

PROFILE = yaml.safe_load((ROOT / "slurm/profile.yaml").read_text())
# The profile with its lines for some sites, which start with "#" and no space.
SITE = re.sub(r"^( *)#(?=\S)", r"\1", (ROOT / "slurm/profile.yaml").read_text(), flags=re.MULTILINE)


@pytest.fixture(scope="module")
def rules():
    """Docstrings by rule."""
    listed = snakemake("--list-rules").stdout
    return dict(re.findall(r"^(\w+)(?: \((.*)\))?$", listed, re.MULTILINE))


def test_each_rule_says_what_it_does(rules):
    assert rules.keys() > set(DRAWING)
    assert [rule for rule, docstring in rules.items() if not docstring] == []


def test_lint_is_clean():
    said = snakemake("--lint")
    assert said.returncode == 0, said.stdout


def test_the_literal_cluster_command_resolves_in_a_fresh_clone_without_network(tmp_path):
    said = snakemake("-n", "--profile", "slurm", cwd=clone(tmp_path / "clone"))
    assert said.returncode == 0, said.stdout
    assert jobs(said.stdout)["train_teacher"] > 0
    assert not (tmp_path / "clone/results").exists()


def test_the_profile_names_rules_that_exist(rules):
    """Snakemake takes a misspelt rule in silence."""
    named = {item.partition("=")[0] for item in PROFILE["consider-ancient"]}
    named |= yaml.safe_load(SITE)["set-resources"].keys()
    assert named - rules.keys() == set()


def resources(said, rule):
    """Resources of the first job of a rule, in a group or not, as text by name."""
    listed = re.search(rf"^ *rule {rule}:\n(?: +.*\n)*? +resources: (.*)$", said, re.MULTILINE)
    return dict(resource.split("=") for resource in listed[1].split(", "))


def test_each_attempt_asks_for_a_share_more_of_memory_and_time(tmp_path):
    targets = ["plot_toy", "results/models/starrseq/standard/1.0/0.keras"]
    commands = [
        ["-n", *targets, "--directory", tmp_path, "--attempt", attempt] for attempt in (1, 2, 3)
    ]
    for attempt, said in enumerate(snakemakes(commands), 1):
        asked = {rule: resources(said.stdout, rule) for rule in ("train_teacher", "train_toy")}
        for rule, gigabytes, hours in [("train_teacher", 8, 8), ("train_toy", 2, 1)]:
            assert asked[rule]["mem_mb"] == str(1000 * gigabytes * attempt)
            assert asked[rule]["runtime"] == str(60 * hours * attempt)


def test_the_lines_of_the_profile_for_some_sites_are_ready_to_use(tmp_path, monkeypatch):
    """Without their "#", and with an Apptainer in sight."""
    (tmp_path / "profile.yaml").write_text(SITE)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/apptainer").write_text("#!/bin/sh\necho apptainer version 1.4.0\n")
    (tmp_path / "bin/apptainer").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    options = ["--profile", tmp_path, "--attempt", 2, "--directory", tmp_path]
    said = snakemake("-n", "results/predictions/starrseq/degu/1.0.h5", *options)
    assert said.returncode == 0, said.stdout
    for rule in ("train_teacher", "train_student", "label"):
        asked = resources(said.stdout, rule)
        assert (asked["runtime"], asked["slurm_partition"]) == ("720", "your_partition_of_gpus")
        assert asked["slurm_account"] == "your_account"
    assert resources(said.stdout, "predict")["slurm_partition"] == "your_partition"
