"""Settings: keys of the config, and nothing else; by data set and recipe; budgets in steps."""

from dataclasses import FrozenInstanceError, asdict, fields, replace
from types import SimpleNamespace

import pytest
import yaml

from degu.training import Settings
from small_member import SETTINGS
from workflow import ROOT


def test_the_config_has_every_setting_and_no_other():
    """But draws, which a recipe has."""
    training = yaml.safe_load((ROOT / "config.yaml").read_text())["training"]
    assert asdict(Settings(**training)) == training | {"draws": 1}
    assert {*training, "draws"} == {field.name for field in fields(Settings)}


def test_precision_and_compilation_are_plain_unless_asked_for():
    assert (SETTINGS.mixed_precision, SETTINGS.xla) == (False, False)


def test_settings_do_not_change():
    with pytest.raises(FrozenInstanceError):
        SETTINGS.epochs = 5


@pytest.mark.parametrize(("steps", "budget"), [(None, 4 * 5), (7, 7)])
def test_a_budget_is_counted_in_steps(steps, budget):
    """Four epochs of five whole batches of 20 sequences."""
    assert replace(SETTINGS, steps=steps).budget(119) == budget


@pytest.fixture(scope="module")
def queries():
    """Functions of rules/config.smk on a config of two levels of settings below the top one."""
    training = {"epochs": 100, "steps": None, "patience": 10}
    config = {
        "training": training,
        "datasets": {"plain": {}, "short": {"training": {"epochs": 12}}}
        | {"counted": {"training": {"steps": 900}}, "turned": {"strands": "both"}},
        "recipes": {
            "standard": {},
            "longer": {"budget": 2},
            "own": {"training": {"epochs": 30, "patience": 4}},
            "degu": {"teacher": "standard", "budget": 3},
            "degu_longer": {"teacher": "longer", "budget": 3},
            "degu_own": {"teacher": "own", "budget": 3, "training": {"patience": 7}},
            "degu_plain": {"teacher": "longer"},
            "dynamic": {"teacher": "standard", "dynamic": {"scheme": "shuffle"}},
        },
    }
    given = SimpleNamespace(overwrite_config={})
    workflow = SimpleNamespace(basedir=str(ROOT), config_settings=given)
    names = {"config": config, "workflow": workflow}
    exec((ROOT / "rules/config.smk").read_text(), names)
    return SimpleNamespace(**names)


@pytest.mark.parametrize(
    ("dataset", "recipe", "epochs", "steps", "patience"),
    [
        ("plain", "standard", 100, None, 10),
        ("short", "standard", 12, None, 10),
        ("counted", "standard", 100, 900, 10),
        # The recipe's epochs set the data set's steps aside.
        ("counted", "own", 30, None, 4),
        # A multiple is one of the teachers' budget; all else is the student's own.
        ("counted", "degu", 100, 900, 10),
        ("short", "degu_own", 30, None, 7),
    ],
)
def test_a_level_of_settings_overrides_those_before(
    dataset, recipe, epochs, steps, patience, queries
):
    expected = {"epochs": epochs, "steps": steps, "patience": patience}
    assert queries.training_of(dataset, recipe) == expected


def test_a_students_budget_is_a_multiple_of_its_teachers(queries):
    recipes = ["longer", "degu", "degu_longer", "degu_own"]
    assert [queries.trained_by("plain", recipe)["budget"] for recipe in recipes] == [2, 3, 6, 3]
    assert "budget" not in queries.trained_by("plain", "standard")
    assert "budget" not in queries.trained_by("plain", "degu_plain")


def test_strands_decide_a_training_whose_minibatches_are_labelled(queries):
    recipes = ["standard", "degu", "dynamic"]
    for dataset, strands in [("plain", "forward"), ("turned", "both")]:
        found = [queries.trained_by(dataset, recipe).get("strands") for recipe in recipes]
        assert found == [None, None, strands]
