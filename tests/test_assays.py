"""The face of the assays: names of targets from options alone, and one module for each name."""

from importlib import import_module
from inspect import signature

import pytest
import yaml

from degu import assays
from workflow import ROOT

NAMES = ("table", "reporter", "starrseq", "lentimpra", "profile")

SCHEMA = yaml.safe_load((ROOT / "rules/config.schema.yaml").read_text())["$defs"]
REPLICATES, MEAN, BINS = {"replicates": ["r1", "r2"]}, {"mean": "m"}, {"bins": ["b1", "b2"]}
MEAN_AND_STD = {"mean": "m", "std": "s"}


@pytest.mark.parametrize(
    ("name", "options", "activities", "replicates"),
    [
        ("table", {"targets": {"y": MEAN}}, ["y"], False),
        ("table", {"targets": {"y": BINS}}, ["y"], False),
        ("table", {"targets": {"y": REPLICATES, "x": MEAN_AND_STD}}, ["y", "x"], True),
        # One target without replicates is enough.
        ("table", {"targets": {"y": REPLICATES, "x": MEAN}}, ["y", "x"], False),
        ("reporter", {"min_barcodes": 3}, ["activity"], True),
        ("starrseq", {}, ["Dev", "Hk"], False),
        ("lentimpra", {"aleatoric": True}, ["activity"], True),
        ("lentimpra", {"aleatoric": False}, ["activity"], False),
        ("lentimpra", {}, ["activity"], False),
        ("profile", {"target": "atac"}, ["atac"], True),
    ],
)
def test_targets_follow_from_options(name, options, activities, replicates):
    assert assays.activities(name, options) == activities
    assert assays.has_replicates(name, options) is replicates


def test_reporter_experiments_alone_have_a_unit_by_themselves():
    assert [assays.unit(name) for name in NAMES] == ["", "log2(RNA/DNA)", "", "", ""]


def test_profiles_alone_have_targets_at_each_base():
    assert [name for name in NAMES if assays.is_profile(name)] == ["profile"]


@pytest.mark.parametrize("name", NAMES)
def test_each_assay_is_a_module_with_one_of_two_functions(name):
    module = import_module(f"degu.assays.{name}")
    assert hasattr(module, "load") != hasattr(module, "stream")
    assert hasattr(module, "stream") == assays.is_profile(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_has_the_options_of_each_loader(name):
    """The same names, and required are those without a default."""
    module = import_module(f"degu.assays.{name}")
    loader = module.stream if assays.is_profile(name) else module.load
    options = {
        key: each.default is each.empty
        for key, each in signature(loader).parameters.items()
        if key not in ("path", "files", "seed")
    }
    stated = SCHEMA[name]["properties"]["assay"]
    assert stated["properties"].keys() == {"name", *options}
    assert {key for key in options if options[key]} <= set(stated.get("required", []))


def test_the_schema_knows_the_assays_and_no_other():
    stated = SCHEMA["dataset"]["properties"]["assay"]["properties"]["name"]["enum"]
    modules = {path.stem for path in (ROOT / "workflow_scripts/degu/assays").glob("[a-z]*.py")}
    assert set(stated) == set(NAMES) == modules
