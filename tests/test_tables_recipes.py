"""Recipes against each other, on hand-made predictions."""

import numpy as np
import pytest

from degu.heads import Heads
from degu.predictions import Predictions, Split
from degu.tables import distillation, recipes
from test_tables_distillation import ALONE, split


@pytest.fixture
def runs():
    """Two members whose errors cancel, a longer trained one, and a student of the two."""
    rng = np.random.default_rng(0)
    truth, error, spread = rng.normal(size=(3, 200))
    test = split(truth, truth + error, truth - error)
    long = split(truth, truth + 0.5 * error)
    heads = np.stack([truth + 0.1 * error, spread + 1], axis=-1)
    student = Split(test.names, test.units, np.stack([truth, spread], axis=-1), heads[None])
    validation = Split(test.names, test.units, student.truth, -student.predictions)
    return {
        "standard": Predictions(ALONE, test, test),
        "long": Predictions(ALONE, long, long),
        "degu": Predictions(Heads.of(["y"], "epistemic"), validation, student),
    }


def test_each_recipe_stands_against_each_other_one_of_teachers(runs):
    steps = {"standard": 100, "long": 300, "degu": 200.5}
    table = recipes.compare(runs, ["standard", "long"], steps, resamples=100)
    pairs = [tuple(pair) for pair in table[["recipe", "against"]].to_numpy()]
    expected = [("long", "standard"), ("degu", "standard"), ("standard", "long"), ("degu", "long")]
    assert pairs == expected
    assert list(table.columns) == recipes.COLUMNS
    assert list(table["steps"]) == [300, 200.5, 100, 200.5]
    assert list(table["against_steps"]) == [100, 100, 300, 300]
    assert list(table["members"]) == [1, 1, 2, 1]
    assert list(table["against_members"]) == [2, 2, 1, 1]


def test_values_are_those_of_distillation(runs):
    steps = dict.fromkeys(runs, 1)
    table = recipes.compare(runs, ["standard"], steps, resamples=100, seed=3)
    row = table[table["recipe"] == "degu"].iloc[0]
    own = distillation.measure(runs["standard"], 2, runs["degu"], resamples=100, seed=3).iloc[0]
    assert row["r"] == own["student_r"]
    assert row["to_member_low"] == own["reached_low"]
    assert row["to_ensemble_high"] == own["to_ensemble_high"]
    assert row["against_ensemble_r"] == pytest.approx(1)
    truth, student = runs["degu"].test.truth[:, 0], runs["degu"].test.predictions[0, :, 0]
    assert row["r"] == pytest.approx(np.corrcoef(truth, student)[0, 1])
    assert row["validation_r"] == pytest.approx(-row["r"])
    assert row["epistemic_r"] == pytest.approx(1)
    assert np.isnan(table.loc[table["recipe"] == "long", "epistemic_r"].item())


def test_a_lone_recipe_has_no_rows(runs):
    table = recipes.compare({"standard": runs["standard"]}, ["standard"], {"standard": 1})
    assert table.empty
    assert list(table.columns) == recipes.COLUMNS
