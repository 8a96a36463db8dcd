"""Trainings of trials: their values, halving, going on after a kill bit for bit."""

from dataclasses import asdict

import pytest

from degu.tuning import study, trial
from small_member import ARCHITECTURE, SETTINGS, interrupt, supervision

pytestmark = pytest.mark.usefixtures("started")
FACTS = {"recipe": {}, "architecture": ARCHITECTURE, "settings": asdict(SETTINGS)}
SPACE = {
    "architecture": {"kernel": {"choice": [2, 3]}},
    "training": {"learning_rate": {"log": [0.001, 0.1]}},
}

# The second of its two trials is the worse one after two epochs.
SEED = 4


def run(folder, trials=1, grace=9):
    """Run trials of a study one after another."""
    study.begin(folder / "journal.log", "made", SPACE, trials, seed=SEED)
    opened = study.load(folder / "journal.log", "made", reduction=2, grace=grace)
    train = trial.trainer(
        FACTS, folder / "trials", lambda n: 7 + n, lambda recipe: supervision(), threads=1
    )
    study.work(opened, trials, folder / "claims", train)
    return study.load(folder / "journal.log", "made").trials


@pytest.fixture(scope="module")
def undisturbed(started, tmp_path_factory):
    """Run two trials, of which the second is halved away."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return folder, run(folder, trials=2, grace=1)


def test_a_killed_trial_goes_on_from_its_checkpoint_bit_for_bit(undisturbed, tmp_path):
    interrupt(3, run, tmp_path)
    (left,) = study.load(tmp_path / "journal.log", "made").trials
    assert left.state.name == "RUNNING" and list(left.intermediate_values) == [1, 2]
    assert len(list((tmp_path / "trials").glob("0.checkpoint*"))) == 2
    (resumed,) = run(tmp_path)
    assert resumed.intermediate_values == undisturbed[1][0].intermediate_values
    assert resumed.value == undisturbed[1][0].value


def test_trials_train_with_their_values_until_they_are_halved_away(undisturbed):
    folder, (first, second) = undisturbed
    assert list(first.intermediate_values) == [1, 2, 3, 4]
    assert first.value == min(first.intermediate_values.values())
    assert second.intermediate_values[2] > first.intermediate_values[2]
    assert list(second.intermediate_values) == [1, 2] and second.state.name == "PRUNED"
    assert list((folder / "trials").iterdir()) == list((folder / "claims").iterdir()) == []


@pytest.mark.parametrize(
    ("recipe", "settings", "epochs"),
    [
        ({}, {}, 4),
        ({"finetune": {"epochs": 3}}, {}, 7),
        ({"budget": 2}, {}, None),
        ({}, {"steps": 100}, None),
    ],
)
def test_the_last_epoch_of_a_training_is_known_where_epochs_are_its_budget(
    recipe, settings, epochs
):
    facts = {"recipe": recipe, "settings": FACTS["settings"] | settings}
    assert trial.epochs_of(facts) == epochs
