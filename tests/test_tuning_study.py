"""Studies: trials that several workers share, kill and resume; asynchronous halving."""

import multiprocessing
import os
import signal
import time

import numpy as np
import pandas as pd
import pytest
from optuna.trial import TrialState

from degu.job import InputError
from degu.lock import alone
from degu.tuning import choice, space, study

SPACE = {"training": {"learning_rate": {"log": [0.001, 0.1]}, "batch_size": {"choice": [16, 32]}}}
# Trials of the study, and the one in which the first worker is killed.
TRIALS, KILLED = 16, 8


def loss_of(values, epoch):
    """Loss that falls with the epochs towards the distance of the rate from 0.01."""
    return abs(np.log10(values["training.learning_rate"]) + 2) + 1 / epoch


def train(number, values, observe, epochs=8):
    """Train a toy, of which all epochs are observed again, as after a checkpoint."""
    history = [
        {
            "epoch": epoch,
            "validation_loss": loss_of(values, epoch),
            "best_epoch": epoch,
            "seconds": 1.0,
            "validation_loss_average": np.nan,
        }
        for epoch in range(1, epochs + 1)
    ]
    for row in history:
        observe(row)
    return pd.DataFrame(history)


def begun(folder, trials=TRIALS):
    study.begin(folder / "journal.log", "made", SPACE, trials, seed=3)
    return folder / "journal.log"


def work(folder, run=train, trials=TRIALS, grace=2):
    opened = study.load(folder / "journal.log", "made", reduction=2, grace=grace)
    return study.work(opened, trials, folder / "claims", run, epochs=8)


def worker(folder, number, dies_in=None):
    """Work as a process of its own, slowly; kill it in the second epoch of a trial."""

    def slow(trial, values, observe):
        def watched(row):
            time.sleep(0.002)
            if (trial, row["epoch"]) == (dies_in, 2):
                os.kill(os.getpid(), signal.SIGKILL)
            observe(row)

        (folder / f"{trial}.{number}.ran").touch()
        return train(trial, values, watched)

    work(folder, slow)


def worked(folder, *workers):
    """Let workers, each a process, work at once; return how they ended."""
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=worker, args=(folder, *one)) for one in workers]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def states(folder, trials=TRIALS):
    return choice.ended(study.load(folder / "journal.log", "made"), trials)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Run a study by one worker, which is killed at half, and then by eight at once."""
    folder = tmp_path_factory.mktemp("shared")
    begun(folder)
    assert worked(folder, ("first", KILLED)) == [-signal.SIGKILL]
    with pytest.raises(InputError, match=r"Of 16 trials 8 have not ended \(8, 9, 10, 11, 12, …\)"):
        states(folder)
    assert worked(folder, *((number,) for number in range(8))) == [0] * 8
    return folder


def test_eight_workers_share_what_is_left_and_repeat_nothing(shared):
    runs = [path.name.split(".")[:2] for path in shared.glob("*.ran")]
    first = sorted(int(trial) for trial, by in runs if by == "first")
    others = sorted(int(trial) for trial, by in runs if by != "first")
    assert first == list(range(KILLED + 1))
    assert others == list(range(KILLED, TRIALS))
    assert len({tuple(trial.params.values()) for trial in states(shared)}) == TRIALS


def test_the_trial_of_a_killed_worker_goes_on_and_counts_once(shared):
    everything = study.load(shared / "journal.log", "made").trials
    assert [trial.number for trial in everything] == list(range(TRIALS))
    left = everything[KILLED]
    assert left.last_step in (2, 4, 8)
    assert list(left.intermediate_values) == list(range(1, left.last_step + 1))
    assert work(shared) == []


def test_values_follow_from_the_number_of_a_trial_not_from_its_worker(shared, tmp_path):
    begun(tmp_path)
    assert work(tmp_path) == list(range(TRIALS))
    alone_, together = states(tmp_path), states(shared)
    assert [one.params for one in alone_] == [one.params for one in together]
    assert [one.params for one in alone_] == space.draw(space.distributions(SPACE), TRIALS, 3)


def test_halving_keeps_the_better_half_of_those_that_came_as_far(tmp_path):
    """Each trial is held against those before it, at 2 and 4 epochs; 8 are its end."""
    begun(tmp_path)
    work(tmp_path)
    rungs, ended = {2: [], 4: []}, states(tmp_path)
    for trial in ended:
        expected = 8
        for epoch, known in rungs.items():
            known.append(loss := loss_of(trial.params, epoch))
            if loss > sorted(known)[max(len(known) // 2, 1) - 1]:
                expected = epoch
                break
        wanted = TrialState.COMPLETE if expected == 8 else TrialState.PRUNED
        assert (trial.last_step, trial.state) == (expected, wanted)
        assert trial.value == loss_of(trial.params, expected)
    assert {2, 4, 8} == {trial.last_step for trial in ended}


def test_a_study_that_gets_more_trials_keeps_those_that_it_has(tmp_path):
    begun(tmp_path, 3)
    work(tmp_path, trials=3)
    first = states(tmp_path, 3)
    begun(tmp_path, 5)
    assert work(tmp_path, trials=5) == [3, 4]
    assert states(tmp_path, 5)[:3] == first


def test_a_trial_that_another_worker_runs_is_left_to_it(tmp_path):
    begun(tmp_path, 3)
    with alone(tmp_path / "claims/1.claim", "Trial 1 is run"):
        assert work(tmp_path, trials=3) == [0, 2]


def test_a_training_that_fails_counts_and_says_why(tmp_path):
    def failing(number, values, observe):
        if number == 1:
            raise InputError("The loss is nan.")
        return train(number, values, observe)

    begun(tmp_path, 3)
    assert work(tmp_path, failing, trials=3, grace=9) == [0, 1, 2]
    ended = states(tmp_path, 3)
    assert [one.state.name for one in ended] == ["COMPLETE", "FAIL", "COMPLETE"]
    assert ended[1].user_attrs["why"] == "The loss is nan."


def test_a_study_has_the_loss_of_mean_weights_where_a_training_ends_with_those(tmp_path):
    def averaged(*arguments):
        history = train(*arguments)
        history.loc[7, "validation_loss_average"] = 0.001
        return history

    begun(tmp_path, 1)
    work(tmp_path, averaged, trials=1, grace=9)
    assert states(tmp_path, 1)[0].value == 0.001


def test_other_facts_are_another_study(tmp_path):
    (tmp_path / "data").write_text("a")
    files = [tmp_path / "data"]
    name = study.name_of(files, space=SPACE, grace=10)
    assert study.name_of(files, space=SPACE, grace=10) == name
    assert study.name_of(files, space=SPACE, grace=5) != name
    (tmp_path / "data").write_text("b")
    assert study.name_of(files, space=SPACE, grace=10) != name


def test_a_journal_that_is_gone_is_named(tmp_path):
    with pytest.raises(InputError, match=r"journal\.log is gone: delete plan\.json beside it"):
        study.load(tmp_path / "journal.log", "made")
