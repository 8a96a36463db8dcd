"""Labels of an ensemble for single activities: one file for each number of teachers.

/{train,validation,test}/mean   float32   (n, heads of the teachers)
/{train,validation,test}/std    float32   (n, activities), ddof 0
attribute: heads (JSON)
"""

from pathlib import Path

import h5py
import numpy as np

from degu.heads import Heads


def read_heads(path: str | Path) -> Heads:
    """Heads of the teachers of a file of labels."""
    with h5py.File(path) as file:
        return Heads.from_json(file.attrs["heads"])


def read_labels(path: str | Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n, heads of the teachers) and spread (n, activities) of the teachers on a split."""
    with h5py.File(path) as file:
        return file[f"{split}/mean"][:], file[f"{split}/std"][:]
