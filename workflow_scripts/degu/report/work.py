"""The work of jobs that grows with their data: sequences, passes over them, bytes written."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from degu.assays import table
from degu.dataset import Dataset
from degu.splits import SPLITS
from degu.unlabelled.make import KINDS

# Settings that decide when a training ends and which way it takes, but not what a step costs.
SCHEDULE = ("epochs", "learning_rate", "decay", "decay_patience", "minimum_rate", "patience")
SCHEDULE += ("warmup_steps",)
# Keys of a recipe that add to a training step.
ADDED = ("augment", "dynamic")
# Bytes of a number in files of predictions and labels, and in labels of profiles.
_FLOAT, _HALF = 4, 2


class Size(NamedTuple):
    """Size of a data set: sequences by split, their bases, and bases that a network takes."""

    train: int
    validation: int
    test: int
    length: int
    crop: int

    @property
    def held_out(self) -> int:
        """Sequences that are predicted."""
        return self.validation + self.test

    @property
    def predicted(self) -> int:
        """Bases that go through a network for a whole sequence, which takes up to two crops."""
        return self.crop if self.length == self.crop else 2 * self.crop


class Work(NamedTuple):
    """The work of a job.

    Attributes
    ----------
    sequences, passes, length
        Their product is the number of bases that go through a network.
    network
        Name of what is done with which network (`named`); None where that is unknown.
    bytes
        Size of the output; NaN where it does not follow from the layout.
    """

    sequences: float = math.nan
    passes: float = math.nan
    length: float = math.nan
    network: str | None = None
    bytes: float = math.nan


def of_prepared(path: str | Path) -> Size:
    """Size of a prepared data set."""
    data = Dataset(path)
    return Size(*map(data.size, SPLITS), data.length, data.crop)


def of_table(files: Mapping[str, Path], seed: int, options: Mapping) -> Size:
    """Size of the data set that a user's table will be prepared to (`degu.assays.table.load`)."""
    records = table.load(files, seed, **options)
    length = records.codes.shape[1]
    return Size(*(int(np.sum(records.splits == split)) for split in SPLITS), length, length)


def training(
    size: Size, fraction: float, architecture: Mapping, settings: Mapping, recipe: Mapping
) -> Work:
    """Training of a member through all epochs that it is allowed.

    Parameters
    ----------
    size
        Size of the data set.
    fraction
        Share of the training set.
    architecture, settings, recipe
        See `degu.training.train_member`.
    """
    epochs = settings["epochs"] + recipe.get("finetune", {}).get("epochs", 0)
    name = named("training", architecture, step(settings, recipe))
    sequences = round(size.train * fraction) * (1 + copies(recipe.get("unlabelled") or {}))
    return Work(sequences, epochs, size.crop, name)


def copies(unlabelled: Mapping) -> float:
    """Sequences without measurements for each training sequence; NaN where a file brings some."""
    made = sum(unlabelled.get(kind) or 0 for kind in KINDS if kind != "natural")
    return math.nan if unlabelled.get("natural") else made


def labels(
    size: Size, sequences: float, architecture: Mapping, teachers: int, heads: int, activities: int
) -> Work:
    """Labels of sequences by an ensemble: means of its heads and spreads of its activities."""
    values = heads + activities
    stored = size.length * values * _HALF if size.length != size.crop else values * _FLOAT
    name = named("prediction", architecture)
    return Work(sequences, teachers, size.predicted, name, sequences * stored)


def predictions(size: Size, architecture: Mapping, members: int, passes: int, values: int) -> Work:
    """Predictions of validation and test set by each member.

    Parameters
    ----------
    size, architecture
        Size of the data set, and network.
    members
        Models.
    passes
        Passes of each.
    values
        Numbers that are kept of a sequence and member; of profiles far from all.
    """
    stored = members * values * _FLOAT if size.length == size.crop else math.nan
    name = named("prediction", architecture)
    return Work(size.held_out, members * passes, size.predicted, name, size.held_out * stored)


def attribution(
    size: Size, architecture: Mapping, method: str, sequences: int, maps: int, references: int
) -> Work:
    """Attribution maps of sequences.

    Parameters
    ----------
    size, architecture
        Size of the data set, and network.
    method, sequences, references
        Method, sequences that are explained, and references of each for methods that have them.
    maps
        Maps of each sequence: one a member and head.
    """
    name = named(method, architecture, {"references": references})
    return Work(min(sequences, size.test), maps, size.crop, name)


def step(settings: Mapping, recipe: Mapping) -> dict:
    """Select the settings and keys of a recipe that decide what a training step costs."""
    added = {key: recipe[key] for key in ADDED if recipe.get(key) is not None}
    return {key: value for key, value in settings.items() if key not in SCHEDULE} | added


def named(what: str, architecture: Mapping, how: Mapping = MappingProxyType({})) -> str:
    """Name of what is done with a network; works of one name cost the same for each base."""
    return json.dumps([what, dict(architecture), dict(how)], sort_keys=True)
