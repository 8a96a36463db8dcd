"""The training of a trial: that of a member with the values of the trial; it leaves no model."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import keras
import optuna
import pandas as pd

from degu import chosen
from degu.job import InputError
from degu.training import train_member
from degu.tuning.study import Observer, Train


def trainer(
    facts: dict, folder: str | Path, seed_of: Callable[[int], int], **training: object
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
    training
        Further arguments of `degu.training.train_member`.
    """
    return partial(_train, facts, Path(folder), seed_of, training)


def _train(
    facts: dict,
    folder: Path,
    seed_of: Callable[[int], int],
    training: dict,
    number: int,
    values: dict[str, object],
    observe: Observer,
) -> pd.DataFrame:
    """Train with the values of a trial; a killed one goes on from its checkpoint."""
    keras.utils.clear_session()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        history = train_member(
            recipe=facts["recipe"],
            seed=seed_of(number),
            model_path=str(folder / f"{number}.keras"),
            history_path=str(folder / f"{number}.tsv"),
            observe=observe,
            **chosen.replaced(values, facts["architecture"], facts["settings"]),
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
