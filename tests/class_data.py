"""A small data set of classes that words tell apart, and members that predict them."""

from pathlib import Path

import numpy as np

from degu import dataset
from degu.dataset import Dataset
from degu.splits import SPLITS

CLASSES = ["plus", "minus", "none"]
WORDS = ["GGATCC", "CATATG", ""]
LENGTH = 20


def made(path: Path, n: int = 40, vectors: np.ndarray | None = None) -> Dataset:
    """Write a data set with n sequences a class, half of them for training.

    Parameters
    ----------
    vectors
        One a sequence, which models take instead of it.
    """
    rng, number = np.random.default_rng(0), n * len(CLASSES)
    labels = np.arange(number) % len(CLASSES)
    codes = rng.integers(0, 4, (number, LENGTH), dtype=np.uint8)
    for row, label in enumerate(labels):
        word = ["ACGT".index(letter) for letter in WORDS[label]]
        codes[row, 5 : 5 + len(word)] = word
    splits = np.repeat(SPLITS, [number // 2, number // 4, number - number // 2 - number // 4])
    names = np.array([f"s{row}" for row in range(number)])
    targets = np.eye(len(CLASSES), dtype=np.float32)[labels]
    records = dataset.Records(names, codes, targets, CLASSES, splits, classes=True)
    if vectors is not None:
        records.vectors = vectors
    dataset.write(path, records)
    return Dataset(path)
