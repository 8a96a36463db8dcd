"""The training of a trial: that of a member with the values of the trial; it leaves no model."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import keras
import numpy as np
import optuna
import pandas as pd

from degu import chosen, tasks
from degu.dataset import Dataset
from degu.job import InputError
from degu.tasks.guided import guided
from degu.tasks.supervision import Supervision
from degu.training import train_member
from degu.tuning.study import Observer, Train


def trainer(
    facts: dict,
    folder: str | Path,
    seed_of: Callable[[int], int],
    supervise: Callable[[dict], Supervision],
    **training: object,
) -> Train:
    """Make the training of trials of a study.

    Parameters
    ----------
    facts
        Recipe, architecture and settings that the values of a trial are put into.
    folder
        Folder of the checkpoints of trials, which are deleted once a trial has ended.
    seed_of
        Seed of a trial by its number.
    supervise
        Targets and loss by recipe.
    training
        Further arguments of `degu.training.train_member`.
    """
    return partial(_train, facts, Path(folder), seed_of, supervise, training)


def supervision(
    data: Dataset,
    rows: np.ndarray | None,
    labels: str | Path | None,
    unlabelled: Sequence[str | Path],
    guides: Sequence[str | Path],
) -> Callable[[dict], Supervision]:
    """Give targets and loss by recipe, of teachers or of students.

    Parameters
    ----------
    data, rows
        Data set, and rows of its training split; all if None.
    labels, unlabelled
        Files that students learn from; nothing for teachers.
    guides
        Files of models whose features or outputs are learnt, too.
    """
    task = tasks.of(data)

    def supervise(recipe: dict) -> Supervision:
        if labels:
            found = task.from_teachers(data, rows, recipe, labels, unlabelled)
        else:
            found = task.from_measurements(data, rows, recipe)
        return guided(found, data, rows, recipe, guides)

    return supervise


def epochs_of(facts: dict) -> int | None:
    """Epochs of a whole training of both stages; None where steps or a multiple are its budget."""
    if facts["settings"]["steps"] or "budget" in facts["recipe"]:
        return None
    return facts["settings"]["epochs"] + facts["recipe"].get("finetune", {}).get("epochs", 0)


def _train(
    facts: dict,
    folder: Path,
    seed_of: Callable[[int], int],
    supervise: Callable[[dict], Supervision],
    training: dict,
    number: int,
    values: dict[str, object],
    observe: Observer,
) -> pd.DataFrame:
    """Train with the values of a trial; a killed one goes on from its checkpoint."""
    keras.utils.clear_session()
    folder.mkdir(parents=True, exist_ok=True)
    asked = (facts[key] for key in ("architecture", "settings", "recipe"))
    arguments = chosen.replaced(values, *asked)
    try:
        history = train_member(
            supervision=supervise(arguments["recipe"]),
            seed=seed_of(number),
            model_path=str(folder / f"{number}.keras"),
            history_path=str(folder / f"{number}.tsv"),
            observe=observe,
            **arguments,
            **training,
        )
    except (optuna.TrialPruned, InputError):
        _forget(folder, number)
        raise
    _forget(folder, number)
    return history


def _forget(folder: Path, number: int) -> None:
    for path in folder.glob(f"{number}.*"):
        path.unlink()
