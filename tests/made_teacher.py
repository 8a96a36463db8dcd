"""A small data set and files of a teacher for it, whose features are counts of bases."""

import h5py
import numpy as np

from degu import dataset, embeddings
from degu.dataset import Dataset
from degu.sequences import decode
from degu.splits import SPLITS

SIZES = (60, 20, 10)
LENGTH = 12


def data(folder, classes=False):
    """Write a data set; its activity is three times the count of C minus that of G."""
    rng, n = np.random.default_rng(0), sum(SIZES)
    codes = rng.integers(0, 4, (n, LENGTH), dtype=np.uint8)
    counts = features_of(codes)
    targets = 3 * counts[:, [1]] - counts[:, [2]]
    if classes:
        targets = np.eye(2)[(np.arange(n) + codes[:, 0]) % 2]
    records = dataset.Records(
        names=np.array([f"s{row}" for row in range(n)]),
        codes=codes,
        targets=targets.astype(np.float32),
        target_names=["even", "odd"] if classes else ["y"],
        splits=np.repeat(SPLITS, SIZES),
        classes=classes,
    )
    dataset.write(folder / "data.h5", records)
    return Dataset(folder / "data.h5")


def features_of(codes):
    """Count the four bases in each sequence."""
    return np.stack([(codes == base).sum(axis=1) for base in range(4)], axis=1).astype(float)


def vectors(path, data, outputs=None, change=None):
    """Write a file of vectors in the opposite order of the data set, changed by a function."""
    names = np.concatenate([data.names(split) for split in SPLITS])[::-1]
    codes = np.concatenate([data.codes(split) for split in SPLITS])[::-1]
    embeddings.write(path, names, decode(codes), features_of(codes), outputs)
    if change is not None:
        with h5py.File(path, "r+") as file:
            change(file)
    return path
