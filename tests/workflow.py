"""The workflow as its user starts it, a copy of its repository, and a data set made in a moment."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import yaml
from snakemake.exceptions import WorkflowError
from snakemake.utils import update_config

from forks import OFFLINE, programs

ROOT = Path(__file__).resolve().parents[1]
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
# Rules of figures: those of the paper have its numbers.
PAPERS = [name for name in CONFIG["figures"] if re.fullmatch(r"(fig|supp)\d+", name)]
# Figures that are off until a config names a file of motifs, classes, or foreign sequences.
APART = ("motifs", "classes", "confusion", "class_reliability", "outliers")
OVERVIEWS = [name for name in CONFIG["figures"] if name not in (*PAPERS, *APART)]
DRAWING = [*PAPERS, *(f"plot_{name}" for name in OVERVIEWS)]


def snakemake(*arguments, cwd=ROOT):
    """Run Snakemake to its end; all that it says stands in `stdout`."""
    (done,) = programs([["snakemake", *arguments]], cwd)
    return done


def snakemakes(commands):
    """Run Snakemake as often as there are commands, lists of arguments, two at a time."""
    return programs([["snakemake", *arguments] for arguments in commands], ROOT)


# Rule files that Snakemake reads up to the checks of the config, which are plain Python.
CHECKED = (
    "messages",
    "config",
    "schema",
    "checks_data",
    "checks_foreign",
    "checks_composed",
    "checks_motifs",
    "checks_outliers",
    "checks_teachers",
    "checks_tuned",
    "checks_runs",
    "checks",
)


def printed(code):
    """Run code that imports the package in a Python of its own; return what it prints."""
    command = [sys.executable, "-c", code]
    folder = ROOT / "workflow_scripts"
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@cache
def checks():
    """Run these files on config.yaml, and return their names."""
    names = {
        "config": deepcopy(CONFIG),
        "logger": logging.getLogger("checks"),
        "workflow": SimpleNamespace(
            basedir=str(ROOT),
            is_main_process=True,
            overwrite_configfiles=[],
            config_settings=SimpleNamespace(overwrite_config={}),
        ),
    }
    for name in CHECKED:
        path = ROOT / f"rules/{name}.smk"
        exec(compile(path.read_text(), path, "exec"), names)
    return names


def checked(*given):
    """Check configs over config.yaml in this process, and return the config that comes of it."""
    names, mine = checks(), {}
    for override in given:
        update_config(mine, deepcopy(override))
    config = deepcopy(mine)
    update_config(config, deepcopy(names["KNOWN"]))
    update_config(config, deepcopy(mine))
    names |= {"config": config, "GIVEN": mine}
    for check in names["CHECKS"]:
        check()
    return config


def refusal(*given):
    """Return the line in which the checks refuse configs over config.yaml; None if they do not."""
    try:
        checked(*given)
    except WorkflowError as error:
        return str(error)


def jobs(said):
    """Count jobs by rule in what Snakemake said, without the rule `all`."""
    table = re.search(r"^Job stats:\n.*\n-.*\n((?:\w+ +\d+\n)+)total ", said, re.MULTILINE)
    rows = [line.split() for line in table[1].splitlines()] if table else []
    return {rule: int(count) for rule, count in rows if rule != "all"}


def trained(said):
    """Models that are trained in a dry run, as their paths, by whether they are students'."""
    wildcards = r"rule train_(\w+):\n(?:    .*\n)*?    output: results/models/(\S+)\.keras"
    return {(path, rule == "student") for rule, path in re.findall(wildcards, said)}


class Job(NamedTuple):
    """A job of a dry run: rule, and paths as Snakemake lists them."""

    rule: str
    inputs: list
    outputs: list


def listed(said):
    """Jobs of a dry run with their files, in the order in which they are listed."""
    blocks = re.findall(r"^(?:local)?rule (\w+):\n((?:    .*\n)+)", said, re.MULTILINE)
    fields = [(rule, dict(re.findall(r"^    (\w+): (.*)$", text, re.MULTILINE)))
              for rule, text in blocks]  # fmt: skip
    return [
        Job(rule, *(block.get(key, "").split(", ") for key in ("input", "output")))
        for rule, block in fields
        if rule != "all"
    ]


# Imports each script in a process of its own, forked once libraries are loaded, and notes for which
# libraries it asks, directly or by way of modules that it is the first to load.
IMPORTS = """
import builtins, importlib, json, os, sys
wanted, libraries = json.loads(sys.argv[1]), sys.argv[2:]
for name in libraries:
    importlib.import_module(name)
load, asked, there = builtins.__import__, set(), set(sys.modules)
def noting(name, *others, **more):
    module = load(name, *others, **more)
    asked.add(name.partition(".")[0])
    return module
builtins.__import__ = noting
for script, modules in wanted.items():
    child = os.fork()
    if not child:
        for name in (script, *modules):
            importlib.import_module(name)
        print(json.dumps([script, sorted(asked | sys.modules.keys() - there)]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""
LIBRARIES = [
    "h5py",
    "pandas",
    "scipy.stats",
    "matplotlib.pyplot",
    "tensorflow",
    "keras",
    "evoaug_tf",
]


def imports(scripts):
    """Modules of the package and libraries that each script imports.

    Scripts are mapped to modules that they choose by name, which are imported behind them.
    """
    said = subprocess.run(
        [sys.executable, "-c", IMPORTS, json.dumps(scripts), *LIBRARIES],
        cwd=ROOT / "workflow_scripts",
        env=os.environ | {"PYTHONPATH": "", "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    found = dict(map(json.loads, said.splitlines()))
    assert found.keys() == scripts.keys()
    return {script: set(modules) for script, modules in found.items()}


# Program that lists what rules hand to scripts: inputs that are no functions, parameters.
HANDED = """
import json, sys
from pathlib import Path
from snakemake.api import SnakemakeApi
from snakemake.settings.types import ResourceSettings
with SnakemakeApi() as api:
    workflow = api.workflow(ResourceSettings(cores=1), snakefile=Path("Snakefile"))
    workflow.list_rules()
    rules = {rule.name: rule for rule in workflow._workflow.rules}
handed = {
    name: {
        part: {key: value for key, value in getattr(rule, part).items() if not callable(value)}
        for part in ("input", "params")
    }
    for name, rule in ((name, rules[name]) for name in json.loads(sys.argv[1]))
}
Path(sys.argv[2]).write_text(json.dumps(handed))
"""


def handed(rules, path):
    """Ask for inputs and parameters of rules without wildcards, by name, through a file `path`."""
    command = [sys.executable, "-c", HANDED, json.dumps(list(rules)), path]
    subprocess.run(command, cwd=ROOT, env=os.environ | OFFLINE, check=True, capture_output=True)
    return json.loads(path.read_text())


def clone(folder):
    """Copy what git would track of the repository."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().split()]
    return shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", *ignored))


def module_of(path):
    """Name of the module of a file below the folder of scripts."""
    return str(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def rule_texts():
    """Read the text of each rule, by its name."""
    texts = "\n".join(path.read_text() for path in sorted((ROOT / "rules").glob("*.smk")))
    return dict(re.findall(r"^rule (\w+):\n((?:(?: {4}.*)?\n)+)", texts, re.MULTILINE))


def write_yaml(path, content):
    """Write a config; the path is returned."""
    path.write_text(yaml.safe_dump(content))
    return path


def made_config(table):
    """Two teachers and one student, trained in a moment on a table from `make`."""
    return {
        "figures": ["performance", "learning_curves"],
        "data": [],
        "runs": [{"datasets": ["made"], "recipes": ["degu"], "fractions": [1.0]}],
        "members": {"teachers": 2, "students": 1},
        # Dropout and attribution take longest beside training.
        "calibration": {"dropout": {"recipes": []}},
        "attribution": {"methods": ["saliency"], "sequences": 5},
        "training": {
            "batch_size": 20,
            "epochs": 4,
            "learning_rate": 0.01,
            "patience": 1000,
            "warmup_steps": 0,
            "batchnorm_sample": 64,
        },
        "datasets": {
            "made": {
                "assay": {
                    "name": "table",
                    "columns": {"sequence": "sequence", "split": "split"},
                    "targets": {"activity": {"mean": "activity"}},
                    "missing": "error",
                },
                "files": {"table": str(table)},
                "architecture": {"name": "compact_cnn", "width": 16, "kernel": 3},
            }
        },
    }


def make(folder):
    """Write made.tsv, whose activity is the content of G and C, and made.yaml, its config."""
    rng = np.random.default_rng(0)
    rich = rng.random((300, 40)) < rng.uniform(0.1, 0.9, (300, 1))
    letters = np.where(rich, rng.choice(list("GC"), rich.shape), rng.choice(list("AT"), rich.shape))
    splits = np.repeat(["train", "validation", "test"], [200, 50, 50])
    with (folder / "made.tsv").open("w") as table:
        print("sequence", "split", "activity", sep="\t", file=table)
        for row, split, activity in zip(letters, splits, rich.mean(axis=1), strict=True):
            print("".join(row), split, f"{activity:.4f}", sep="\t", file=table)
    return write_yaml(folder / "made.yaml", made_config(folder / "made.tsv"))


if __name__ == "__main__":
    make(Path(sys.argv[1]).resolve())
