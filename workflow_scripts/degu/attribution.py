"""Which bases a prediction rests on."""

from pathlib import Path

import h5py
import keras
import numpy as np

from degu import deepshap as rescale
from degu import models
from degu.dataset import Dataset
from degu.deepshap import integrated_gradients
from degu.ism import ism, saliency, tism
from degu.job import InputError, atomic, log
from degu.sequences import encode

__all__ = [
    "chosen",
    "correct",
    "deepshap",
    "integrated_gradients",
    "ism",
    "saliency",
    "tism",
    "write_maps",
]


def deepshap(
    model: keras.Model, codes: np.ndarray, references: np.ndarray, output: int
) -> np.ndarray:
    """DeepSHAP scores by the rescale rule, averaged over references, complete for every pair.

    Parameters
    ----------
    model
        From `degu.models`; recurrent layers are refused by name.
    codes : uint8 array, shape (n, length)
    references : uint8 array, shape (references, length), or (n, references, length)
    output
        Index of the head to explain; of a profile its mean over length.

    Returns
    -------
    scores : float array, shape (n, length, 4)
        They sum to the prediction less the mean prediction of the references.
    """
    explanation = rescale.deepshap(model, codes, references, output)
    log.info("DeepSHAP: largest completeness error %.1e", np.abs(explanation.errors).max())
    return explanation.scores


def correct(scores: np.ndarray) -> np.ndarray:
    """Subtract each position's mean over the four bases (paper, "gradient correction").

    One-hot sequences lie on a simplex; the gradient's part off it is arbitrary.
    """
    return scores - scores.mean(axis=-1, keepdims=True)


def chosen(explain: dict[str, str], data: Dataset, number: int) -> tuple[list[str], np.ndarray]:
    """Names and codes of the sequences to explain.

    Parameters
    ----------
    explain
        Sequences by name; if empty, the `number` test sequences whose first activity is
        measured largest (paper, "Attribution analysis").

    Raises
    ------
    InputError
        For a sequence of another length than the data set's.
    """
    if not explain:
        activity = data.targets("test")[:, data.target_names.index(data.activities[0])]
        rows = np.argsort(-activity, kind="stable")[:number]
        return list(data.names("test")[rows]), data.codes("test")[rows]
    names, codes = list(explain), encode(list(explain.values()), list(explain))
    if codes.shape[1] != data.length:
        raise InputError(
            f"The sequence {names[0]!r} to be explained has {codes.shape[1]} bases, "
            f"but those of the data set have {data.length}."
        )
    return names, codes


def write_maps(
    path: str | Path,
    members: list[str],
    sequences: tuple[list[str], np.ndarray],
    activities: list[str],
) -> None:
    """Write the corrected saliency maps of all members for each activity head.

    Parameters
    ----------
    path
        Gets names (n,), codes (n, length) and for each activity scores of shape
        (members, n, length, 4), float32.
    members
        Model files whose first heads are the activities.
    sequences
        From `chosen`.
    """
    names, codes = sequences
    maps = {activity: [] for activity in activities}
    for member in members:
        log.info("explaining %d sequences with %s", len(codes), member)
        model = models.load(member)
        for output, activity in enumerate(activities):
            maps[activity].append(correct(saliency(model, codes, output)))
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file["names"] = np.array(names, dtype=h5py.string_dtype())
        file["codes"] = codes
        for activity, scores in maps.items():
            file[f"scores/{activity}"] = np.stack(scores)
