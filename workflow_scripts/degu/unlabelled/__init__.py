"""Sequences without measurements, derived from training sequences or brought by the user.

A file of them, for a data set and a fraction of its training sequences, holds

/unlabelled/codes     uint8    (n, length)
/unlabelled/parents   int64    (n, 2), rows of the training split that a sequence is derived from:
                               of a crossover two, else one and -1, of a natural sequence twice -1
/unlabelled/kind      enum     (n,), one of `degu.unlabelled.make.KINDS`
attribute: steps (JSON), counts of the steps of making it

Ends that all sequences of a data set share, such as adaptors, are kept in whatever is derived.
"""

import json
from pathlib import Path

import h5py


def read_steps(path: str | Path) -> list[tuple[str, int]]:
    """Read the counts of the steps of making a file, in order."""
    with h5py.File(path) as file:
        return [tuple(step) for step in json.loads(file.attrs["steps"])]
