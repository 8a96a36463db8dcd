"""Labels of an ensemble for single activities: one file for each number of teachers.

/{train,validation,test}/mean   float32   (n, heads of the teachers)
/{train,validation,test}/std    float32   (n, activities), ddof 0
attribute: heads (JSON)

Labels of sequences without measurements (`degu.unlabelled`) have the one split `unlabelled`, and a
file of their own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import h5py
import numpy as np

from degu.dataset import CHUNK
from degu.heads import Heads
from degu.job import atomic


def read_heads(path: str | Path) -> Heads:
    """Heads of the teachers of a file of labels."""
    with h5py.File(path) as file:
        return Heads.from_json(file.attrs["heads"])


def read_labels(path: str | Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n, heads of the teachers) and spread (n, activities) of the teachers on a split."""
    with h5py.File(path) as file:
        return file[f"{split}/mean"][:], file[f"{split}/std"][:]


def write(
    path: str | Path,
    heads: Heads,
    sizes: Mapping[str, int],
    blocks: Iterable[tuple[str, Mapping[str, np.ndarray]]],
) -> None:
    """Write labels block by block, in the memory of one.

    Parameters
    ----------
    path
        File to write.
    heads
        Heads of the teachers.
    sizes
        Rows of each split.
    blocks : iterable of (split, arrays by key)
        Each block of a split stands behind the one before. The same blocks make the same file, bit
        by bit.
    """
    written = Counter()
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = heads.to_json()
        for split, block in blocks:
            for key, rows in sorted(block.items()):
                name, of_row = f"{split}/{key}", rows.shape[1:]
                if name not in file:
                    size = sizes[split]
                    chunks = (min(CHUNK, size), *of_row) if len(of_row) == 2 else None
                    file.create_dataset(name, (size, *of_row), rows.dtype, chunks=chunks)
                at, written[name] = written[name], written[name] + len(rows)
                file[name][at : written[name]] = rows
