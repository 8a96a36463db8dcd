"""Checked answers: their file, the labels that students learn, and the predictions of their run."""

import json
from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np

from degu import labels
from degu.dataset import Dataset
from degu.heads import Heads
from degu.job import atomic
from degu.labels import ORDER
from degu.predictions import Predictions, Split
from degu.spread import summarise


def write(
    path: str | Path, predictions: np.ndarray, members: Sequence[str], heads: Heads, sizes: dict
) -> None:
    """Write checked answers.

    Parameters
    ----------
    path
        File to write (`degu.foreign`).
    predictions : float32 array, shape (members, n, activities)
        In the order of the request.
    members
        Names of the members.
    heads
        Heads of the activities.
    sizes
        Sequences of each split, in their order.
    """
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"], file.attrs["members"] = heads.to_json(), json.dumps([*members])
        start = 0
        for split, size in sizes.items():
            file[f"{split}/predictions"] = predictions[:, start : start + size]
            start += size


def write_labels(
    path: str | Path, answers: str | Path, rows: np.ndarray | None, number: int
) -> None:
    """Write the mean and spread of the first members, as `degu.tasks` does of models.

    Parameters
    ----------
    path
        File to write (`degu.labels`).
    answers
        File of `write`.
    rows
        Rows of the training split that are labelled; all if None.
    number
        Members that teach.
    """
    with h5py.File(answers) as file:
        heads = Heads.from_json(file.attrs["heads"])
        splits = [split for split in (*ORDER, "unlabelled") if split in file]
        taught = {split: summarise(file[f"{split}/predictions"][:number]) for split in splits}
    if rows is not None and "train" in taught:
        taught["train"] = tuple(values[rows] for values in taught["train"])
    sizes = {split: len(mean) for split, (mean, _) in taught.items()}
    blocks = ((split, {"mean": mean, "std": std}) for split, (mean, std) in taught.items())
    labels.write(path, heads, sizes, blocks)


def predictions(answers: str | Path, data: Dataset) -> Predictions:
    """Predictions of all members for validation and test set, beside measurements.

    Parameters
    ----------
    answers
        File of `write`.
    data
        Data set that the ensemble was asked for.
    """
    with h5py.File(answers) as file:
        heads = Heads.from_json(file.attrs["heads"])

        def split(name: str) -> Split:
            known = labels.truth(data, name, heads, None)
            values = file[f"{name}/predictions"][:]
            return Split(data.names(name), data.units(name), known, values)

        return Predictions(heads, split("validation"), split("test"))
