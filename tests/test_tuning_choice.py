"""The end of a study: the best trial, the table, the recipe."""

import math

import optuna
import pytest
import yaml
from optuna.trial import TrialState, create_trial

from degu.job import InputError
from degu.tuning import choice, space

KNOWN = space.distributions({"architecture": {"kernel": {"choice": [3, 6]}}})


def ended(state, value=None, kernel=3, epochs=(), why=None):
    return create_trial(
        state=state,
        value=value,
        params={"architecture.kernel": kernel},
        distributions=KNOWN,
        user_attrs={"seconds": 4.0} | ({"why": why} if why else {}),
        intermediate_values=dict(epochs),
    )


@pytest.fixture
def trials():
    """Four trials: the smallest loss is of one that was halved away."""
    study = optuna.create_study()
    study.add_trial(ended(TrialState.COMPLETE, 0.5, epochs={1: 0.7, 2: 0.5}))
    study.add_trial(ended(TrialState.PRUNED, 0.1, epochs={1: 0.1}))
    study.add_trial(ended(TrialState.COMPLETE, 0.4, kernel=6, epochs={1: 0.8, 2: 0.4}))
    study.add_trial(ended(TrialState.FAIL, why="The loss is nan."))
    return choice.ended(study, 4)


def test_the_best_trial_was_trained_to_its_end(trials):
    assert choice.best(trials).number == 2
    with pytest.raises(InputError, match="No trial of 2 was trained to its end: The loss is nan"):
        choice.best([trials[1], trials[3]])


def test_the_table_has_a_row_for_each_parameter_of_each_trial(trials):
    table = choice.table(trials)
    assert list(table["state"]) == ["complete", "halved", "complete", "failed"]
    assert list(table["chosen"]) == [False, False, True, False]
    assert list(table["epochs"]) == [2, 1, 2, 0]
    assert list(table["validation_loss"][:3]) == [0.5, 0.1, 0.4]
    assert math.isnan(table["validation_loss"][3])
    assert set(table["parameter"]) == {"architecture.kernel"}
    assert list(table["value"]) == [3, 3, 6, 3]


def test_trials_that_have_not_ended_are_named():
    study = optuna.create_study()
    study.add_trial(ended(TrialState.WAITING))
    with pytest.raises(InputError, match=r"Of 2 trials 2 have not ended \(0, 1, …\)"):
        choice.ended(study, 2)


def test_the_chosen_values_are_a_recipe_to_copy():
    values = {"architecture.kernel": 6, "training.learning_rate": 0.002}
    recipe = {"title": "mine", "teacher": "standard", "training": {"epochs": 9}}
    text = choice.as_recipe("best", values, recipe, {"name": "bio_cnn", "kernel": 9, "dense": 8})
    assert yaml.safe_load(text) == {
        "recipes": {
            "best": {
                "title": "mine",
                "teacher": "standard",
                "training": {"epochs": 9, "learning_rate": 0.002},
                "architecture": {"name": "bio_cnn", "kernel": 6, "dense": 8},
            }
        }
    }
