"""Shifts away from the training distribution, and predictions of members under them.

Paper, Methods, "OOD generalization analysis". The validation set is shifted as well, so that
intervals can be calibrated on the shift that they are for.

/{validation,test}/{shift}   uint8 (n, length), or float16 (n, length, 4) where there may be noise
/{validation,test}/units     int64 (n,), measured units
"""

from collections.abc import Callable, Mapping
from functools import partial
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


def write(
    path: str | Path,
    codes: Mapping[str, np.ndarray],
    units: Mapping[str, np.ndarray],
    seed: int,
) -> None:
    """Write all shifts of some splits, the splits themselves among them.

    Parameters
    ----------
    codes : dict of uint8 arrays, shape (n, length)
        Sequences by split.
    units : dict of int arrays, shape (n,)
        Measured units by split.
    seed
        Each shift of each split has draws of its own.
    """
    with atomic(path) as temporary, h5py.File(temporary, "w", track_order=True) as file:
        for split, of_split in codes.items():
            group = file.create_group(split, track_order=True)
            group["units"] = units[split]
            for name, shift in SHIFTS.items():
                log.info("shift %s of %d sequences (%s)", name, len(of_split), split)
                shifted = shift(of_split, job.seed(seed, split, name))
                group.create_dataset(name, data=shifted, compression="gzip")


def predict(
    shifted: str | Path, members: list[str], strands: str = "forward"
) -> dict[str, dict[str, np.ndarray]]:
    """Predict each shift with all members of a run.

    Parameters
    ----------
    shifted
        From `write`.
    members
        Model files.
    strands
        Strands that they predict from (`degu.models.on_strands`).

    Returns
    -------
    predictions : dict of dicts of float32 arrays, shape (members, n, outputs)
        By split and shift.
    """
    with h5py.File(shifted) as file:
        found = {split: {shift: [] for shift in SHIFTS} for split in file}
        for member in members:
            log.info("shifted sequences through %s", member)
            predict = models.on_strands(partial(_predict, models.load(member)), strands)
            for split, by_shift in found.items():
                for shift, predictions in by_shift.items():
                    predictions.append(predict(file[split][shift][:]))
    return {
        split: {shift: np.stack(predictions) for shift, predictions in by_shift.items()}
        for split, by_shift in found.items()
    }


def _predict(model: keras.Model, values: np.ndarray) -> np.ndarray:
    """Predict codes (n, length), or sequences with noise (n, length, 4)."""
    if values.ndim == 2:
        return models.predictor(model)(values)
    return model.predict(values.astype(np.float32), batch_size=512, verbose=0)


def _pair(seed: int) -> tf.Tensor:
    return tf.constant([seed, 0], tf.int32)
