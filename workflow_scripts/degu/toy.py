"""One-dimensional functions: why labels outside the training data help a student (Fig. 3a).

Members of an ensemble agree where there are measurements and part where there are none; their mean
stays close to the function for longer. A student of labels at the measurements alone is as free
outside as any member; one that is taught there as well follows the mean.
"""

from typing import NamedTuple

import keras
import numpy as np
import pandas as pd
from keras import layers

from degu import job, losses, models, training
from degu.job import log

MEMBERS = 10
MEASURED = 24  # Points that are measured.
TAUGHT = 400  # Points that the ensemble labels for the student that is taught outside as well.
INSIDE, OUTSIDE = (-1.0, 1.0), (-2.0, 2.0)  # Ranges of both.
NOISE = 0.1
_SETTINGS = training.Settings(
    batch_size=8,
    epochs=300,
    learning_rate=0.01,
    decay=0.3,
    decay_patience=20,
    minimum_rate=1e-5,
    patience=60,
    warmup_steps=100,
    batchnorm_sample=0,
    reverse_complement=False,
)


class Points(NamedTuple):
    """Points of a function: x and y, float32 (n, 1)."""

    x: np.ndarray
    y: np.ndarray


def function(x: np.ndarray) -> np.ndarray:
    """Compute the function that is measured."""
    return np.sin(3 * x) + 0.3 * x


def simulate(seed: int) -> pd.DataFrame:
    """Train an ensemble and two students on points of a function.

    Parameters
    ----------
    seed
        Seed of the points, of the noise, and of every member.

    Returns
    -------
    table : DataFrame
        role, member, x, y. Roles are function, measured (points), member (curves of the teachers),
        ensemble (their mean), labelled (points that it labels outside), student (curve of a student
        of labels at the measured points) and student_outside (taught by the labelled points, too).
    """
    rng = np.random.default_rng(seed)
    measured, validation = (_measure(rng, MEASURED) for _ in range(2))
    grid = np.linspace(*OUTSIDE, 201, dtype=np.float32)[:, None]
    teachers = [_train(measured, validation, job.seed(seed, "teacher", n)) for n in range(MEMBERS)]
    curves = np.stack([predict(grid) for predict in teachers])

    def label(x: np.ndarray) -> Points:
        return Points(x, np.mean([predict(x) for predict in teachers], axis=0))

    outside = label(rng.uniform(*OUTSIDE, (TAUGHT, 1)).astype(np.float32))
    inside, chosen = label(measured.x), label(validation.x)
    both = Points(*(np.concatenate(pair) for pair in zip(inside, outside, strict=True)))
    students = {
        "student": _train(inside, chosen, job.seed(seed, "student")),
        "student_outside": _train(both, outside, job.seed(seed, "student_outside")),
    }
    parts = [
        ("function", 0, grid, function(grid)),
        ("measured", 0, *measured),
        *(("member", number, grid, curve) for number, curve in enumerate(curves)),
        ("ensemble", 0, grid, curves.mean(axis=0)),
        ("labelled", 0, *outside),
        *((role, 0, grid, predict(grid)) for role, predict in students.items()),
    ]
    return pd.concat(
        pd.DataFrame({"role": role, "member": member, "x": x[:, 0], "y": y[:, 0]})
        for role, member, x, y in parts
    )


def _measure(rng: np.random.Generator, number: int) -> Points:
    x = rng.uniform(*INSIDE, (number, 1))
    y = function(x) + NOISE * rng.standard_normal(x.shape)
    return Points(x.astype(np.float32), y.astype(np.float32))


def _train(train: Points, validation: Points, seed: int):
    """Fit a small network by the package's own training, and compile its prediction."""
    keras.utils.set_random_seed(seed)
    x = keras.Input((1,))
    hidden = layers.Dense(64, activation="relu")(x)
    hidden = layers.Dense(64, activation="relu")(hidden)
    model = keras.Model(x, layers.Dense(1, name="heads")(hidden), name="toy")
    history = training.fit(model, train, validation, losses.mse, _SETTINGS, seed)
    log.info("%d epochs, validation loss %.4f", len(history), history["validation_loss"].min())
    return models.predictor(model)
