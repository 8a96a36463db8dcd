"""Vectors of a data set's sequences by a model in an environment of its own."""

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from degu import elsewhere, embeddings
from degu.dataset import Dataset
from degu.job import log
from degu.sequences import decode
from degu.splits import SPLITS
from degu.teachers import runner


def ask(
    path: str | Path,
    data: Dataset,
    python: str | Path,
    model: dict[str, Any],
    rows: np.ndarray | None,
) -> None:
    """Write features and outputs of a model for all sequences of a data set.

    Parameters
    ----------
    path
        File to write (`degu.embeddings`).
    data
        Data set.
    python
        Interpreter of the model's environment.
    model
        Where the model lies, and how it is fine-tuned (`degu.teachers.runner`).
    rows
        Rows of the training split that a model is fine-tuned on; all if None.

    Raises
    ------
    InputError
        If the model cannot be run, or does not fit the sequences.
    """
    names = np.concatenate([data.names(split) for split in SPLITS])
    sequences = [one for split in SPLITS for one in decode(data.codes(split))]
    log.info("%d sequences through %s", len(sequences), model)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "model.json").write_text(json.dumps(model | {"classes": data.is_classes}))
        (folder / "sequences.txt").write_text("".join(f"{one}\n" for one in sequences))
        if "finetune" in model:
            np.savez(folder / "measured.npz", **_measured(data, rows))
        elsewhere.run([python, runner.__file__, folder], _name(model))
        features = np.load(folder / "features.npy")
        outputs = folder / "outputs.npy"
        told = np.load(outputs) if outputs.exists() else None
    embeddings.write(path, names, sequences, features, told)


def _name(model: dict[str, Any]) -> str:
    return str(model["keras"]["file"] if "keras" in model else model["huggingface"]["model"])


def _measured(data: Dataset, rows: np.ndarray | None) -> dict[str, np.ndarray]:
    """Rows of all sequences that a model is fitted to, and by which it is chosen, and targets."""
    train = np.arange(data.size("train")) if rows is None else rows
    validation, columns = data.selects(), data.columns(data.activities)
    return {
        "train": train,
        "validation": data.size("train") + validation,
        "train_targets": data.targets("train")[train][:, columns],
        "validation_targets": data.targets("validation")[validation][:, columns],
    }
