"""Shifts of a test set away from what models were trained on, and what members predict there.

Paper, Methods, "OOD generalization analysis".

/{shift}   uint8 (n, length), or float16 (n, length, 4) where noise may have been added
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import h5py
import keras
import numpy as np
import tensorflow as tf

from degu import augment, job, models
from degu.job import atomic, log
from degu.sequences import one_hot, shuffle


def small(codes: np.ndarray, seed: int) -> np.ndarray:
    """Mutate about 5 % of the bases of each sequence (`degu.augment.mutation`).

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
    seed
        The same seed gives the same draws.

    Returns
    -------
    codes : uint8 array, shape (n, length)
    """
    mutated = augment.mutation(tf.constant(one_hot(codes)), _pair(seed)).numpy()
    return np.where(mutated.any(axis=-1), mutated.argmax(axis=-1), 4).astype(np.uint8)


def moderate(codes: np.ndarray, seed: int) -> np.ndarray:
    """Apply two transforms of EvoAug to each sequence, drawn for each (`degu.augment.evoaug`).

    Parameters are those of `small`.

    Returns
    -------
    array : float16, shape (n, length, 4)
        One-hot but for those with Gaussian noise, which no code could hold.
    """
    x = tf.constant(one_hot(codes))

    # A batch has one draw of transforms, so that each sequence is a batch here.
    @tf.function(autograph=False)
    def transform(some):
        return augment.evoaug(some[0][None], some[1], 2)[0]

    seeds = tf.random.split(_pair(seed), len(codes))
    return tf.map_fn(transform, (x, seeds), fn_output_signature=x.dtype).numpy().astype(np.float16)


# By how far they go from the test set itself.
SHIFTS: Mapping[str, Callable] = {
    "none": lambda codes, seed: codes,
    "small": small,
    "moderate": moderate,
    "large": shuffle,
}


def write(path: str | Path, codes: np.ndarray, seed: int) -> None:
    """Write all shifts of a test set, the set itself among them.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
    seed
        Each shift has draws of its own.
    """
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        for name, shift in SHIFTS.items():
            log.info("shift %s of %d sequences", name, len(codes))
            file.create_dataset(name, data=shift(codes, job.seed(seed, name)), compression="gzip")


def predict(shifted: str | Path, members: list[str], activities: int) -> dict[str, np.ndarray]:
    """Predict each shift with all members of a run.

    Parameters
    ----------
    shifted
        From `write`.
    members
        Model files.
    activities
        Number of activity heads, which are the first ones of every model.

    Returns
    -------
    predictions : dict of float32 arrays, shape (members, n, activities)
        By shift.
    """
    found = {name: [] for name in SHIFTS}
    with h5py.File(shifted) as file:
        for member in members:
            log.info("shifted sequences through %s", member)
            model = models.load(member)
            for name in SHIFTS:
                found[name].append(_predict(model, file[name][:])[..., :activities])
    return {name: np.stack(predictions) for name, predictions in found.items()}


def _predict(model: keras.Model, values: np.ndarray) -> np.ndarray:
    """Predict codes (n, length), or sequences with noise (n, length, 4)."""
    if values.ndim == 2:
        return models.predictor(model)(values)
    return model.predict(values.astype(np.float32), batch_size=512, verbose=0)


def _pair(seed: int) -> tf.Tensor:
    return tf.constant([seed, 0], tf.int32)
