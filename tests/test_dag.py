"""What is run, and that a mistake in the config ends in one clear line before any job."""

import re

import pytest
import yaml
from workflow import ROOT, clone, jobs, made_config, snakemake, write_yaml

PROFILE = yaml.safe_load((ROOT / "slurm/profile.yaml").read_text())
FIGURES = yaml.safe_load((ROOT / "config.yaml").read_text())["figures"]


@pytest.fixture(scope="module")
def rules():
    """Docstrings by rule."""
    listed = snakemake("--list-rules").stdout
    return dict(re.findall(r"^(\w+)(?: \((.*)\))?$", listed, re.MULTILINE))


def expected_jobs(config):
    """Count jobs by hand, from what is to be run: a model is a job, whatever uses models a run."""
    recipes, members = config["recipes"], config["members"]
    asked = {
        (dataset, recipe, fraction)
        for run in config["runs"]
        for dataset in run["datasets"]
        for recipe in run["recipes"]
        for fraction in run["fractions"]
    }
    students = {run for run in asked if "teacher" in recipes[run[1]]}
    ensembles = {(d, recipes[r]["teacher"], f) for d, r, f in students}
    teachers = asked - students | ensembles
    return {
        "prepare": len({dataset for dataset, _, _ in asked}),
        "train_teacher": len(teachers) * members["teachers"],
        "label": len(ensembles),
        "train_student": len(students) * members["students"],
        "predict": len(teachers | students),
    } | dict.fromkeys(config["figures"], 1)


def merged(path):
    base, override = (yaml.safe_load((ROOT / p).read_text()) for p in ("config.yaml", path))
    deep = {key: base[key] | override.get(key, {}) for key in ("recipes", "members")}
    return base | override | deep


@pytest.mark.parametrize("path", ["config.yaml", "demo/config.yaml"])
def test_jobs_are_those_of_the_config(path, tmp_path):
    said = snakemake("-n", "--directory", tmp_path, "--configfile", ROOT / path)
    assert said.returncode == 0, said.stdout
    found, expected = jobs(said.stdout), expected_jobs(merged(path))
    assert {rule: found.get(rule, 0) for rule in expected} == expected


def test_jobs_of_the_demo(tmp_path):
    """Counted by hand: five teachers and their labels, three students, one fraction."""
    said = snakemake("-n", "--directory", tmp_path, "--configfile", ROOT / "demo/config.yaml")
    found = jobs(said.stdout)
    assert "download" not in found
    chain = ("prepare", "train_teacher", "label", "train_student", "predict")
    assert [found[rule] for rule in chain] == [1, 5, 1, 3, 2]


@pytest.mark.parametrize("figure", FIGURES)
def test_each_figure_is_a_target(figure, tmp_path):
    said = snakemake("-n", figure, "--directory", tmp_path)
    assert said.returncode == 0, said.stdout
    assert set(FIGURES) & set(jobs(said.stdout)) == {figure}


def test_the_literal_cluster_command_resolves():
    said = snakemake("-n", "--profile", "slurm")
    assert said.returncode == 0, said.stdout


def test_a_fresh_clone_resolves_without_network(tmp_path):
    said = snakemake("-n", "--profile", "slurm", cwd=clone(tmp_path / "clone"))
    assert said.returncode == 0, said.stdout
    assert jobs(said.stdout)["train_teacher"] == expected_jobs(merged("config.yaml"))["train_teacher"]
    assert not (tmp_path / "clone/results").exists()


def test_lint_is_clean():
    said = snakemake("--lint")
    assert said.returncode == 0, said.stdout


def test_each_rule_says_what_it_does(rules):
    assert len(rules) > len(FIGURES)
    assert [rule for rule, docstring in rules.items() if not docstring] == []


def test_the_profile_names_rules_that_exist(rules):
    """Snakemake takes a misspelt rule in silence."""
    named = {item.split("=")[0] for item in PROFILE["consider-ancient"]}
    named |= set(PROFILE["slurm-array-jobs"].split(","))
    for key in ("set-resources", "set-threads"):
        named |= set(PROFILE.get(key, {}))
    assert named - set(rules) == set()


def made(**changes):
    """Change the definition of the data set `made`."""
    return {"datasets": {"made": changes}}


def run(**changes):
    """Run what is asked for, on one line of `runs`."""
    return {"runs": [{"datasets": ["made"], "recipes": ["degu"], "fractions": [1.0]} | changes]}


TRAINING = (
    "batch_size, epochs, learning_rate, decay, decay_patience, minimum_rate, patience, "
    "warmup_steps, batchnorm_sample, reverse_complement"
)
RECIPES = "standard, aleatoric, degu, degu_aleatoric, degu_logvar"
# A mistake, and the line that names it: key, value, what is allowed, and the nearest of that.
MISTAKES = {
    "top level": (
        {"member": {"teachers": 3}},
        "top level: unknown key 'member'; allowed: *Did you mean 'members'?",
    ),
    "second level": (
        {"members": {"teacher": 3}},
        "members: unknown key 'teacher'; allowed: teachers, students. Did you mean 'teachers'?",
    ),
    "in a recipe": (
        {"recipes": {"degu": {"teachr": "standard"}}},
        "recipes.degu: unknown key 'teachr'; allowed: *. Did you mean 'teacher'?",
    ),
}
