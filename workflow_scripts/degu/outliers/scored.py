"""Scores of a run's members for groups of foreign sequences and the test set: one file a run.

/{group}/predictions   float32  (members, n, heads)
/{group}/scores        float32  (scores, n)
/{group}/units         int64    (n,), measured units
attributes: heads, scores (JSON, a `Score` each)
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from degu.heads import Heads
from degu.job import atomic

# Member of scores of what models take, whatever the member.
INPUTS = "inputs"


class Score(NamedTuple):
    """A score, and what it costs.

    Attributes
    ----------
    score
        Its name: max_probability, entropy, mutual_information, epistemic_variance, mahalanobis or
        nearest.
    source
        Where it comes from: one "prediction", all "members", "passes" of one, a "head" that was
        taught it, or the "distance" of vectors or features to the training set.
    member
        Number of the member, `ENSEMBLE`, or `INPUTS`.
    passes
        Forward passes of a network for one sequence.
    seconds
        Seconds for a thousand sequences of the test set.
    """

    score: str
    source: str
    member: str
    passes: int
    seconds: float


class Scored(NamedTuple):
    """Scores (scores, n) by group and measured units (n,) by group, the test set first."""

    scores: list[Score]
    values: dict[str, np.ndarray]
    units: dict[str, np.ndarray]


def write(
    path: str | Path, run: Scored, heads: Heads, predictions: Mapping[str, np.ndarray]
) -> None:
    """Write scores beside the predictions, (members, n, heads), of each group."""
    with atomic(path) as temporary, h5py.File(temporary, "w", track_order=True) as file:
        file.attrs["heads"] = heads.to_json()
        file.attrs["scores"] = json.dumps([score._asdict() for score in run.scores])
        for name, units in run.units.items():
            file[f"{name}/predictions"] = predictions[name]
            file[f"{name}/scores"] = run.values[name].astype(np.float32)
            file[f"{name}/units"] = units


def read(path: str | Path) -> Scored:
    """Read the scores of a run."""
    with h5py.File(path) as file:
        known = [Score(**score) for score in json.loads(file.attrs["scores"])]
        values = {name: group["scores"][:] for name, group in file.items()}
        return Scored(known, values, {name: group["units"][:] for name, group in file.items()})
