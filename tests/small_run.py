"""A run of a few small members, by the workflow's own scripts: teachers, labels, a student.

And a data set of the simulated world, small enough for it.
"""

from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import pytest

import label
import train_student
import train_teacher
from degu import dataset
from degu.simulated import world
from degu.splits import SPLITS
from degu.training import member

SETTINGS = {
    "batch_size": 50,
    "epochs": 12,
    "learning_rate": 0.005,
    "decay": 0.3,
    "decay_patience": 3,
    "minimum_rate": 1e-7,
    "patience": 8,
    "warmup_steps": 0,
    "batchnorm_sample": 1000,
    "reverse_complement": False,
}
# Requests of a data set's sequences, beside the trainings themselves (`degu.lengths.check`).
NOTHING = {"trainings": {}, "explain": {}, "regions": {}, "windows": {}}
STUDENT = {"scale": "std", "weights": {"epistemic": 1, "aleatoric": 1}}


class Run(NamedTuple):
    """Paths of its files."""

    teachers: list[str]
    labels: str
    student: str


def simulate(
    path: Path,
    train: int,
    others: int,
    every: int,
    replicates: int = 1,
    planted: world.World = world.WORLD,
) -> Path:
    """Write a data set of the first output's activity, and return its path.

    Parameters
    ----------
    train, others
        Sequences of the training split, and of validation and test each; of 60 bases.
    every
        Bases a planted motif or pair.
    replicates
        The measured activity is the mean of so many.
    """
    rng = np.random.default_rng(0)
    codes = world.background(train + 2 * others, 60, rng)
    world.plant(codes, every, rng, planted)
    activity, noise = (oracle(codes, planted)[:, :1] for oracle in (world.activity, world.noise))
    measured = activity + noise * rng.standard_normal(noise.shape) / np.sqrt(replicates)
    names = np.array([f"s{row}" for row in range(len(codes))])
    splits = np.repeat(SPLITS, [train, others, others])
    records = dataset.Records(names, codes, measured.astype(np.float32), ["activity"], splits)
    dataset.write(path, records)
    return path


def run(
    data: str | Path,
    folder: Path,
    teachers: int,
    architectures: tuple[dict, dict],
    recipes: tuple[dict, dict] = ({}, STUDENT),
    fraction: float = 1.0,
    **settings,
) -> Run:
    """Train so many teachers and a student, of which each has its architecture and recipe.

    Parameters
    ----------
    settings
        Settings that replace those of `SETTINGS`.
    """
    made = Run(
        [str(folder / f"{member}.keras") for member in range(teachers)],
        str(folder / "labels.h5"),
        str(folder / "student.keras"),
    )
    of_both = {
        "fraction": fraction,
        "fraction_seed": 0,
        "settings": SETTINGS | settings,
        "threads": 1,
    }

    def train(script, path, seed, student, **words):
        script.main(
            data=str(data),
            architecture=architectures[student],
            recipe=recipes[student],
            seed=seed,
            model_path=path,
            history_path=f"{path}.tsv",
            **of_both,
            **words,
        )

    with pytest.MonkeyPatch.context() as patch:
        # TensorFlow has started in this process already.
        patch.setattr(member, "start", lambda seed, *_, **__: keras.utils.set_random_seed(seed))
        for number, path in enumerate(made.teachers):
            train(train_teacher, path, number, False, asked=NOTHING)
        label.main(str(data), made.teachers, made.labels, fraction, fraction_seed=0)
        taught = {"labels": made.labels, "unlabelled": [], "teachers": made.teachers}
        train(train_student, made.student, 9, True, **taught)
    return made
