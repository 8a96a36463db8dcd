"""Features and outputs of a model, in the user's own environment.

`degu.teachers.asked` runs this file with the Python interpreter that the config names. The folder
that it is given holds

model.json       `keras` or `huggingface`, with what the loader of that name takes, and `finetune`:
                 lists `batch_size` and `learning_rate`, `epochs`, `patience`
sequences.txt    letters, a line a sequence
measured.npz     for fine-tuning: rows train and validation, and their targets

and gets features.npy (n, width) and, where the model has some, outputs.npy (n, outputs).
"""

import itertools
import json
import sys
from pathlib import Path

import numpy as np


def main(folder: str) -> None:
    """Load the model, fine-tune it where that is asked for, and write what it says."""
    place = Path(folder)
    asked = json.loads((place / "model.json").read_text())
    sequences = (place / "sequences.txt").read_text().split()
    # Neighbours of this file must not stand in for packages of theirs.
    sys.path.insert(0, str(Path(__file__).parent))
    if "keras" in asked:
        from keras_models import KerasTeacher as Teacher
    else:
        from language_models import LanguageTeacher as Teacher
    sys.path.pop(0)
    teacher = Teacher(asked["keras" if "keras" in asked else "huggingface"], sequences)
    if "finetune" in asked:
        with np.load(place / "measured.npz") as measured:
            finetune(teacher, asked["finetune"], dict(measured), asked["classes"])
    features, outputs = teacher.predict()
    check(features, len(sequences))
    np.save(place / "features.npy", np.asarray(features, np.float32))
    if outputs is not None:
        check(outputs, len(sequences))
        np.save(place / "outputs.npy", np.asarray(outputs, np.float32))


def finetune(teacher: object, settings: dict, measured: dict, classes: bool) -> None:
    """Fine-tune a model by each setting of a grid; it keeps that of the smallest validation loss.

    BIO-Distiller, section 3.5: AdamW, whose rate falls by a cosine to 1e-6, for `epochs` at most,
    stopped after `patience` epochs without a better validation loss.
    """
    best = float("inf")
    for batch_size, rate in itertools.product(settings["batch_size"], settings["learning_rate"]):
        loss = teacher.fit(
            measured, classes, batch_size, rate, settings["epochs"], settings["patience"]
        )
        print(f"batch size {batch_size}, learning rate {rate:g}: validation loss {loss:.5g}")
        if loss < best:
            best = loss
            teacher.keep()
    if best == float("inf"):
        sys.exit("no setting of finetune gave a finite validation loss: lower learning_rate")
    teacher.restore()


def check(values: np.ndarray, number: int) -> None:
    """End with one line unless there is a finite row of numbers for each sequence."""
    shape = np.shape(values)
    if len(shape) != 2 or shape[0] != number:
        sys.exit(f"the model gave an array of shape {shape} for {number} sequences")
    if not np.isfinite(values).all():
        row = int(np.argmin(np.isfinite(values).all(axis=1)))
        sys.exit(f"the model gave a value that is not finite for sequence {row} (from 0)")


if __name__ == "__main__":
    # The folder of this file would hide packages of the same names.
    sys.path.pop(0)
    main(sys.argv[1])
