"""What is run, and that a mistake in the config ends in one clear line before any job."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml
from workflow import ROOT, clone, jobs, made_config, rule_texts, snakemake, write_yaml

CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
PROFILE = yaml.safe_load((ROOT / "slurm/profile.yaml").read_text())


@pytest.fixture(scope="module")
def rules():
    """Docstrings by rule."""
    listed = snakemake("--list-rules").stdout
    return dict(re.findall(r"^(\w+)(?: \((.*)\))?$", listed, re.MULTILINE))


def test_jobs_are_those_of_the_config(tmp_path):
    """A model is a job; whatever uses the models of a run is a job a run."""
    recipes, members = CONFIG["recipes"], CONFIG["members"]
    asked = {
        (dataset, recipe, fraction)
        for run in CONFIG["runs"]
        for dataset in run["datasets"]
        for recipe in run["recipes"]
        for fraction in run["fractions"]
    }
    students = {run for run in asked if "teacher" in recipes[run[1]]}
    ensembles = {(d, recipes[recipe]["teacher"], f) for d, recipe, f in students}
    teachers = asked - students | ensembles
    expected = {
        "train_teacher": len(teachers) * members["teachers"],
        "label": len(ensembles),
        "train_student": len(students) * members["students"],
        "predict": len(teachers | students),
    } | dict.fromkeys(CONFIG["figures"], 1)
    said = snakemake("-n", "--directory", tmp_path)
    assert said.returncode == 0, said.stdout
    found = jobs(said.stdout)
    assert {rule: found.get(rule) for rule in expected} == expected


def test_jobs_of_the_demo(tmp_path):
    """Counted by hand: five teachers and their labels, three students, one fraction."""
    said = snakemake("-n", "--directory", tmp_path, "--configfile", ROOT / "demo/config.yaml")
    assert said.returncode == 0, said.stdout
    found = jobs(said.stdout)
    chain = ("prepare", "train_teacher", "label", "train_student", "predict")
    assert [found[rule] for rule in chain] == [1, 5, 1, 3, 2]
    assert "download" not in found


@pytest.mark.parametrize("figure", CONFIG["figures"])
def test_each_figure_is_a_target(figure, tmp_path):
    said = snakemake("-n", figure, "--directory", tmp_path)
    assert said.returncode == 0, said.stdout
    assert jobs(said.stdout).keys() & set(CONFIG["figures"]) == {figure}


def test_the_literal_cluster_command_resolves():
    said = snakemake("-n", "--profile", "slurm")
    assert said.returncode == 0, said.stdout


def test_a_fresh_clone_resolves_without_network(tmp_path):
    said = snakemake("-n", "--profile", "slurm", cwd=clone(tmp_path / "clone"))
    assert said.returncode == 0, said.stdout
    assert jobs(said.stdout)["train_teacher"] > 0
    assert not (tmp_path / "clone/results").exists()


def test_lint_is_clean():
    said = snakemake("--lint")
    assert said.returncode == 0, said.stdout


def test_each_rule_says_what_it_does(rules):
    assert rules.keys() > set(CONFIG["figures"])
    assert [rule for rule, docstring in rules.items() if not docstring] == []


def test_the_profile_names_rules_that_exist(rules):
    """Snakemake takes a misspelt rule in silence."""
    named = {item.partition("=")[0] for item in PROFILE["consider-ancient"]}
    named |= PROFILE.get("set-resources", {}).keys()
    assert named - rules.keys() == set()


def test_no_edit_of_the_library_retrains_on_a_cluster():
    """Whatever leads to a student takes its code as old in the profile."""
    graph = snakemake("--rulegraph", "dot").stdout
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', graph))
    edges = [(names[a], names[b]) for a, b in re.findall(r"(\d+) -> (\d+)", graph)]
    leading, found = set(), {"train_student"}
    while found:
        leading |= found
        found = {a for a, b in edges if b in found} - leading
    assert {"prepare", "train_teacher", "label"} < leading
    with_code = {rule for rule, text in rule_texts().items() if "code=" in text}
    ancient = {item.removesuffix("=code") for item in PROFILE["consider-ancient"]}
    assert leading & with_code - ancient == set()


def made(**changes):
    """Change the definition of the data set `made`."""
    return {"datasets": {"made": changes}}


def run(**changes):
    """Change the one line of `runs`."""
    return {"runs": [{"datasets": ["made"], "recipes": ["degu"], "fractions": [1.0]} | changes]}


# A mistake, and the line that names it: key, value, what is allowed (* stands for a list).
MISTAKES = {
    "unknown section": (
        {"member": {"teachers": 3}},
        "top level: unknown key 'member'; allowed: *. Did you mean 'members'?",
    ),
    "unknown key": (
        {"members": {"teacher": 3}},
        "members: unknown key 'teacher'; allowed: teachers, students. Did you mean 'teachers'?",
    ),
    "unknown key of a run": (
        {"runs": [{"dataset": ["made"], "recipes": ["degu"], "fractions": [1.0]}]},
        "runs[0]: unknown key 'dataset'; allowed: datasets, recipes, fractions. "
        "Did you mean 'datasets'?",
    ),
    "unknown key of a recipe": (
        {"recipes": {"degu": {"teachr": "standard"}}},
        "recipes.degu: unknown key 'teachr'; allowed: *. Did you mean 'teacher'?",
    ),
    "unknown key deep in a recipe": (
        {"recipes": {"degu": {"training": {"epoch": 3}}}},
        "recipes.degu.training: unknown key 'epoch'; allowed: *. Did you mean 'epochs'?",
    ),
    "unknown key of a data set": (
        made(column={"sequence": "x"}),
        "datasets.made: unknown key 'column'; allowed: *. Did you mean 'columns'?",
    ),
    "unknown key deep in a data set": (
        made(columns={"sequenc": "x"}),
        "datasets.made.columns: unknown key 'sequenc'; allowed: sequence, name, split, group. "
        "Did you mean 'sequence'?",
    ),
    "recipe of a run": (
        run(recipes=["degus"]),
        "runs[0].recipes: 'degus' is not defined; allowed: *. Did you mean 'degu'?",
    ),
    "data set of a run": (
        run(datasets=["mad"]),
        "runs[0].datasets: 'mad' is not defined; allowed: *. Did you mean 'made'?",
    ),
    "data set to describe": (
        {"data": ["mad"]},
        "data: 'mad' is not defined; allowed: *. Did you mean 'made'?",
    ),
    "teacher": (
        {"recipes": {"degu": {"teacher": "standrd"}}},
        "recipes.degu.teacher: there is no recipe 'standrd'; allowed: *. Did you mean 'standard'?",
    ),
    "student as teacher": (
        {"recipes": {"degu": {"teacher": "degu_logvar"}}},
        "recipes.degu.teacher: 'degu_logvar' is a student itself; allowed: standard, *",
    ),
    "its own teacher": (
        {"recipes": {"degu": {"teacher": "degu"}}},
        "recipes.degu.teacher: 'degu' is a student itself; allowed: standard, *",
    ),
    "teacher with a scale": (
        {"recipes": {"standard": {"scale": "std"}}},
        "recipes.standard.scale: only a recipe with a teacher has it",
    ),
    "student without weights": (
        {"recipes": {"mine": {"teacher": "standard", "scale": "std"}}},
        "recipes.mine: 'weights' is a required property",
    ),
    "one replicate": (
        {
            "datasets": {
                "other": made_config("x.tsv")["datasets"]["made"]
                | {"targets": {"activity": {"replicates": ["r1"]}}}
            }
        },
        "datasets.other.targets.activity.replicates: ['r1'] is one replicate, "
        "but a standard deviation needs two or more",
    ),
    "aleatoric without replicates": (
        run(recipes=["standard", "aleatoric"]),
        "runs[0].recipes: 'aleatoric' has aleatoric heads, but the data set 'made' has targets "
        "without replicates or std",
    ),
    "aleatoric student without replicates": (
        run(recipes=["degu_aleatoric"]),
        "runs[0].recipes: 'degu_aleatoric' has aleatoric heads, but the data set 'made' has "
        "targets without replicates or std",
    ),
    "fraction of nothing": (
        run(fractions=[0.5, 0]),
        "runs[0].fractions[1]: 0 is less than the minimum of 0.0001",
    ),
    "fraction above one": (
        run(fractions=[1.5]),
        "runs[0].fractions[0]: 1.5 is greater than the maximum of 1",
    ),
    "fraction below zero": (
        run(fractions=[-0.5]),
        "runs[0].fractions[0]: -0.5 is less than the minimum of 0.0001",
    ),
    "one teacher": (
        {"members": {"teachers": 1}},
        "members.teachers: 1 is less than the minimum of 2",
    ),
    "figure": (
        {"figures": ["performnce"]},
        "figures[0]: 'performnce' is not known; allowed: *. Did you mean 'performance'?",
    ),
    "oracle": (
        {"shift": {"oracle": "standrad"}},
        "shift.oracle: 'standrad' is no recipe of teachers; allowed: *. Did you mean 'standard'?",
    ),
    "oracle that is a student": (
        {"shift": {"oracle": "degu"}},
        "shift.oracle: 'degu' is no recipe of teachers; allowed: *",
    ),
    "oracle that is not run": (
        {"figures": ["shifts"], "shift": {"oracle": "aleatoric"}},
        "shift.oracle: the figure 'shifts' needs a run of the recipe 'aleatoric', or that another "
        "one is named here; allowed: standard",
    ),
    "head to explain": (
        made(heads=["activity", "activity_epistmic"]),
        "datasets.made.heads: there is no head 'activity_epistmic'; allowed: activity, "
        "activity_aleatoric, activity_epistemic. Did you mean 'activity_epistemic'?",
    ),
    "method of attribution": (
        {"attribution": {"methods": ["deepsahp"]}},
        "attribution.methods[0]: 'deepsahp' is not known; allowed: *. Did you mean 'deepshap'?",
    ),
    "heads of attribution": (
        {"attribution": {"heads": "activity"}},
        "attribution.heads: 'activity' is not known; allowed: activities, all. "
        "Did you mean 'activities'?",
    ),
    "architecture": (
        made(architecture={"name": "deepstar"}),
        "datasets.made.architecture.name: 'deepstar' is not known; allowed: *. "
        "Did you mean 'deepstarr'?",
    ),
    "option of another architecture": (
        {"recipes": {"degu": {"architecture": {"name": "deepstarr", "width": 32}}}},
        "recipes.degu.architecture: unknown key 'width'; allowed: *",
    ),
    "option of an architecture": (
        made(architecture={"wdth": 32}),
        "datasets.made.architecture: unknown key 'wdth'; allowed: *. Did you mean 'width'?",
    ),
    "assay": (
        made(assay="tabel"),
        "datasets.made.assay: 'tabel' is not known; allowed: *. Did you mean 'table'?",
    ),
    "text for a number": (
        {"training": {"epochs": "many"}},
        "training.epochs: 'many' is not of type 'integer'",
    ),
    "no epochs": ({"training": {"epochs": 0}}, "training.epochs: 0 is less than the minimum of 1"),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Start the workflow with each mistake, as a user would; its table does not exist."""
    folder = tmp_path_factory.mktemp("mistakes")
    sound = write_yaml(folder / "sound.yaml", made_config(folder / "missing.tsv"))

    def answer(number, override):
        directory = folder / str(number)
        mistaken = write_yaml(folder / f"{number}.yaml", override)
        said = snakemake("--cores", 1, "--directory", directory, "--configfile", sound, mistaken)
        return said, directory

    overrides = [override for override, _ in MISTAKES.values()]
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(answer, range(len(overrides) + 1), [*overrides, {}]))
    return dict(zip([*MISTAKES, "no mistake"], said, strict=True))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_config_is_named_in_one_line(mistake, answers):
    said, directory = answers[mistake]
    start, _, end = MISTAKES[mistake][1].partition("*")
    lines = [line for line in said.stdout.splitlines() if line.startswith("config: ")]
    assert len(lines) == 1, said.stdout
    assert lines[0].startswith(f"config: {start}")
    assert lines[0].endswith(end)
    assert said.returncode != 0
    assert not (directory / "results").exists()


def test_a_missing_table_is_named_before_any_job(answers):
    said, directory = answers["no mistake"]
    assert "config: " not in said.stdout
    assert re.search(r"Missing input files for rule prepare:\n(.*\n)+.*/missing\.tsv", said.stdout)
    assert said.returncode != 0
    assert not (directory / "results").exists()
