"""A study: its journal, which workers on several nodes share, and the trials that each one runs.

A trial is planned when the study begins, with values and a number. A worker holds the lock of the
trial that it runs: one that runs by the journal, and whose lock is free, is of a killed worker, and
the next worker goes on with it. So each trial counts once, however often it was interrupted.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import optuna
import pandas as pd
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from degu import plan
from degu.job import InputError, log
from degu.lock import Held, alone
from degu.tuning import space

optuna.logging.set_verbosity(optuna.logging.WARNING)

Observer = Callable[[dict], None]
# Words for states of trials that have ended.
STATES = {
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "halved",
    TrialState.FAIL: "failed",
}
# Trains with the values of a trial; it calls the observer with each epoch's row of the history.
Train = Callable[[int, dict[str, object], Observer], pd.DataFrame]


def name_of(files: Iterable[str | Path], **facts: object) -> str:
    """Name of a study by the content of files, and by facts, that decide what its trials reach."""
    text = json.dumps([plan.digest(*files), facts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def begin(
    journal: str | Path, name: str, asked: dict[str, dict], trials: int, seed: int
) -> list[FrozenTrial]:
    """Plan the trials of a study; one that has some already keeps them, and gets the missing ones.

    Parameters
    ----------
    journal
        File of the journal, whose lock is a symbolic link: file systems of clusters have those.
    name
        Name within the journal; other facts have another name, and share no trials.
    asked
        Search space of `degu.tuning.space.distributions`.
    trials
        Number of trials.
    seed
        Seed of the values.

    Returns
    -------
    trials : list of FrozenTrial
    """
    Path(journal).parent.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(storage=_storage(journal), study_name=name, load_if_exists=True)
    known = space.distributions(asked)
    for values in space.draw(known, trials, seed)[len(study.trials) :]:
        planned = optuna.trial.create_trial(
            state=TrialState.WAITING, params=values, distributions=known
        )
        study.add_trial(planned)
    return study.trials[:trials]


def load(journal: str | Path, name: str, reduction: int = 2, grace: int = 10) -> optuna.Study:
    """Open a study that was begun.

    Parameters
    ----------
    journal, name
        As of `begin`.
    reduction, grace
        Asynchronous successive halving (Li et al., 2020): after `grace` epochs, and each time that
        their number has grown by the factor `reduction`, a training goes on only if it is among
        the best 1 / `reduction` of those that have come as far.

    Raises
    ------
    InputError
        For a journal that is gone.
    """
    pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=grace, reduction_factor=reduction)
    if not Path(journal).exists():
        raise InputError(
            f"The journal {journal} is gone: delete plan.json beside it, and start Snakemake again."
        )
    return optuna.load_study(storage=_storage(journal), study_name=name, pruner=pruner)


def work(
    study: optuna.Study,
    trials: int,
    folder: str | Path,
    train: Train,
    epochs: int | None = None,
) -> list[int]:
    """Run all trials that no other worker runs, those that killed workers left among them.

    Parameters
    ----------
    study
        Of `load`.
    trials
        Number of trials; later ones of the study, once asked for, are left alone.
    folder
        Folder of the locks of trials.
    train
        Training of a trial, which goes on where an interrupted one was.
    epochs
        Epochs of a whole training, after which it is complete, whatever others reached; None if
        they differ.

    Returns
    -------
    numbers : list of int
        Trials that were run.
    """
    done = []
    for number in range(trials):
        try:
            with alone(Path(folder) / f"{number}.claim", f"Trial {number} is run"):
                trial = _taken(study, number)
                if trial is not None:
                    _run(study, trial, train, epochs)
                    done.append(number)
        except Held:
            log.info("trial %d: another worker runs it", number)
    return done


def _taken(study: optuna.Study, number: int) -> optuna.Trial | None:
    """Trial that waits, or that a killed worker left, as one that runs; None if it has ended."""
    planned = study.get_trials(deepcopy=False)[number]
    if planned.state.is_finished():
        return None
    if planned.state == TrialState.WAITING:
        study._storage.set_trial_state_values(planned._trial_id, TrialState.RUNNING)
    else:
        log.info("trial %d: its worker is gone, it goes on", number)
    return optuna.Trial(study, planned._trial_id)


def _run(study: optuna.Study, trial: optuna.Trial, train: Train, epochs: int | None) -> None:
    """Train a trial until its end, or until it is halved away; tell the study."""
    log.info("trial %d: %s", trial.number, trial.params)
    reported = set(study.trials[trial.number].intermediate_values)
    seconds = 0.0

    def observe(row: dict) -> None:
        nonlocal seconds
        seconds += row["seconds"]
        if row["epoch"] not in reported:
            trial.report(row["validation_loss"], row["epoch"])
            if row["epoch"] != epochs and trial.should_prune():
                raise optuna.TrialPruned

    state, value = TrialState.COMPLETE, None
    try:
        history = train(trial.number, trial.params, observe)
        value = _reached(history)
    except optuna.TrialPruned:
        state = TrialState.PRUNED
    except InputError as error:
        log.warning("trial %d failed: %s", trial.number, error)
        trial.set_user_attr("why", str(error))
        state = TrialState.FAIL
    trial.set_user_attr("seconds", seconds)
    told = study.tell(trial, value, state)
    log.info("trial %d: %s, validation loss %s", trial.number, STATES[told.state], told.value)


def _reached(history: pd.DataFrame) -> float:
    """Return the validation loss of the model that a training leaves."""
    last = history.iloc[-1]
    best = history["validation_loss"].iloc[int(last["best_epoch"]) - 1]
    return float(np.nanmin([best, last["validation_loss_average"]]))


def _storage(journal: str | Path) -> JournalStorage:
    return JournalStorage(JournalFileBackend(str(journal)))
