"""The one HDF5 layout that all assays share, and what every data set must satisfy.

/{train,validation,test}/codes     uint8    (n, length)
/{train,validation,test}/vectors   float16  (n, width), where models take them instead of sequences
/{train,validation,test}/targets   float    (n, targets), or (n, length, targets) for profiles; NaN
                                            where an activity, or its deviation, was not measured
/{train,validation,test}/names     string   (n,)
/{train,validation,test}/units     int64    (n,), measured units: sequences of one label share an
                                            insert, and often its one measurement; not of profiles
/validation/calibrates             bool     (n,), whether a sequence is held out for calibration;
                                            absent where all serve for both
/{train,validation,test}/replicates/{activity}   float32 (n, replicates), where they are known
/{train,validation,test}/regions   string   (n,), places in a genome (`degu.genome.Region`), ""
                                            where unknown; those of profiles are their names
attributes: target_names, activities (those without targets last), steps (JSON), and of profiles
crop; classes, where targets are one-hot rows of classes
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np

from degu.heads import aleatoric
from degu.job import InputError, atomic
from degu.sequences import UNKNOWN
from degu.shards import SHARD
from degu.splits import SPLITS, hold_out, same_insert, subset, without_adaptors

# Rows that are stored, and best read, together.
CHUNK = 64


@dataclass
class Records:
    """Result of an assay's loader: one row a sequence.

    Attributes
    ----------
    names : str array, shape (n,)
    codes : uint8 array, shape (n, length)
    targets : float32 array, shape (n, targets)
        NaN, where `masked`, for what was not measured.
    target_names
        One a column: the activities, then the replicate standard deviations (`aleatoric`).
    splits : str array, shape (n,)
        Values of `SPLITS`.
    steps
        Counts of the steps of preparation, in order: (step, rows).
    replicates : dict of float arrays, shape (n, replicates)
        By activity, NaN where one is missing; empty where an assay does not tell them.
    units : array, shape (n,), or None
        Labels of measured units; None for inserts, a sequence with its reverse complement
        (`degu.splits.same_insert`).
    regions : str array, shape (n,), or None
        Places in a genome (`degu.genome.Region`), "" where one is not known.
    masked
        Whether targets may be missing.
    unmeasured
        Activities without targets, which an ensemble predicts that was not trained on them.
    classes
        Whether targets are one-hot rows of classes.
    vectors : float16 array, shape (n, width), or None
        Vectors that models take instead of sequences (`degu.embeddings`).
    """

    names: np.ndarray
    codes: np.ndarray
    targets: np.ndarray
    target_names: list[str]
    splits: np.ndarray
    steps: list[tuple[str, int]] = field(default_factory=list)
    replicates: dict[str, np.ndarray] = field(default_factory=dict)
    units: np.ndarray | None = None
    regions: np.ndarray | None = None
    masked: bool = False
    unmeasured: list[str] = field(default_factory=list)
    classes: bool = False
    vectors: np.ndarray | None = None


def check(records: Records) -> None:
    """Raise `InputError` for records that no model can be trained on or tested with.

    A name stands twice, a sequence is unknown throughout, a target is not finite or, as far as it
    was measured, constant, a split is empty or has no two measurements of a target, or lacks a
    class.
    """
    names, first = np.unique(records.names, return_index=True)
    if len(names) < len(records.names):
        repeated = np.delete(records.names, first)
        raise InputError(
            f"The name {str(repeated[0])!r} stands on several rows "
            f"({len(repeated)} repeated in all): names must be unique."
        )
    unknown = (records.codes == UNKNOWN).all(axis=1)
    if unknown.any():
        name = str(records.names[np.argmax(unknown)])
        raise InputError(f"The sequence of {name!r} is all N: bases are needed.")
    finite = np.isfinite(records.targets) | (records.masked & np.isnan(records.targets))
    if not finite.all():
        row, column = np.argwhere(~finite)[0]
        raise InputError(
            f"Target {records.target_names[column]!r} of {str(records.names[row])!r} is "
            f"{records.targets[row, column]}: it must be a finite number."
        )
    for split in SPLITS:
        number = np.sum(records.splits == split)
        if number < 2:
            how = "has one sequence" if number else "is empty"
            raise InputError(
                f"The split {split!r} {how}: each of {', '.join(SPLITS)} needs two or more."
            )
    if records.classes:
        check_classes(records)
        return
    for split in SPLITS:
        members = records.splits == split
        for column, target in enumerate(records.target_names):
            values = records.targets[members, column]
            values = values[~np.isnan(values)]
            if len(values) < 2:
                raise InputError(
                    f"Target {target!r} is measured in {len(values)} rows of the split {split!r}: "
                    "two or more are needed."
                )
            if np.ptp(values) == 0:
                raise InputError(
                    f"Target {target!r} is {values[0]:g} in all {len(values)} rows of the split "
                    f"{split!r}: a target must vary."
                )


def check_classes(records: Records) -> None:
    """Raise `InputError` for classes that cannot be learnt, or not be tested, in some split."""
    sizes = {split: records.targets[records.splits == split].sum(axis=0) for split in SPLITS}
    present = [name for name, n in zip(records.target_names, sum(sizes.values()), strict=True) if n]
    if len(present) == 1:
        raise InputError(
            f"All rows are of the class {present[0]!r}: two classes or more are needed."
        )
    for column, name in enumerate(records.target_names):
        absent = [split for split in SPLITS if sizes[split][column] == 0]
        if absent:
            found = ", ".join(f"{int(sizes[split][column])} of {split}" for split in SPLITS)
            raise InputError(
                f"The class {name!r} is absent from the split {absent[0]!r} ({found}): a class "
                "needs sequences in each; take it out of `names`, with its rows, or split anew."
            )


def _utf8(names) -> np.ndarray:
    return np.char.encode(np.asarray(names, np.str_), "utf-8")


class Writer:
    """Write a data set piece by piece, in bounded memory.

    Parameters
    ----------
    file
        An HDF5 file open for writing.
    length
        Bases a sequence.
    target_names
        One a target.
    activities
        Those of them that are activities.
    profile
        Whether each base has its targets.
    dtype
        Type of the targets.
    longest_name
        Bytes; names are stored at one width and compressed, so that they hardly take room.
    """

    def __init__(
        self,
        file: h5py.File,
        length: int,
        target_names: list[str],
        activities: list[str],
        profile: bool = False,
        dtype: str = "float32",
        longest_name: int = 100,
    ):
        self._longest_name = longest_name
        file.attrs["target_names"] = target_names
        file.attrs["activities"] = activities
        self._file = file
        shape = (length, len(target_names)) if profile else (len(target_names),)
        for split in SPLITS:
            group = file.create_group(split)
            # Small chunks: the last one of a split is kept whole, however few rows it has.
            for key, of_row, kind in [("codes", (length,), "uint8"), ("targets", shape, dtype)]:
                # Without targets a row is empty, which no chunk can be.
                shapes = {"maxshape": (None, *(size or None for size in of_row))}
                shapes["chunks"] = (CHUNK, *(max(1, size) for size in of_row))
                group.create_dataset(key, (0, *of_row), kind, **shapes)
            group.create_dataset(
                "names", (0,), f"S{longest_name}", maxshape=(None,), compression="gzip"
            )

    def count(self, steps: list[tuple[str, int]]) -> None:
        """Keep what preparation counted."""
        self._file.attrs["steps"] = json.dumps(steps)

    def append(
        self, split: str, codes: np.ndarray, targets: np.ndarray, names: Sequence[str]
    ) -> None:
        """Add rows to a split.

        Raises
        ------
        InputError
            For a name longer than `longest_name`, which would be cut.
        """
        group, names = self._file[split], _utf8(names)
        if names.itemsize > self._longest_name:
            raise InputError(
                f"The name {max(names, key=len).decode()!r} has {names.itemsize} bytes: allowed "
                f"are {self._longest_name}."
            )
        for key, rows in {"codes": codes, "targets": targets, "names": names}.items():
            data = group[key]
            data.resize(len(data) + len(rows), axis=0)
            data[len(data) - len(rows) :] = rows


def write(path: str | Path, records: Records, holdout: float | None = 0.0, seed: int = 0) -> None:
    """Check records and write them as a data set.

    Parameters
    ----------
    path
        File to write.
    records
        Sequences and measurements.
    holdout, seed
        Share of the validation set that is held out for calibration, and the seed of its draw
        (`degu.splits.hold_out`).
    """
    check(records)
    units = records.units
    if units is None:
        units = same_insert(without_adaptors(records.codes))
    units = np.unique(units, return_inverse=True)[1]
    activities = [
        name
        for name in records.target_names
        if not any(name == aleatoric(other) for other in records.target_names)
    ]
    activities += records.unmeasured
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        length, longest = records.codes.shape[1], _utf8(records.names).itemsize
        writer = Writer(
            file, length, records.target_names, activities, longest_name=max(1, longest)
        )
        for split in SPLITS:
            rows = records.splits == split
            writer.append(split, records.codes[rows], records.targets[rows], records.names[rows])
            file[f"{split}/units"] = units[rows]
            if records.vectors is not None:
                width = records.vectors.shape[1]
                file.create_dataset(
                    f"{split}/vectors",
                    data=records.vectors[rows],
                    chunks=(CHUNK, width),
                    maxshape=(None, width),
                )
            if records.regions is not None:
                file[f"{split}/regions"] = _utf8(records.regions[rows])
            for activity, values in records.replicates.items():
                file[f"{split}/replicates/{activity}"] = values[rows].astype(np.float32)
        calibrates = hold_out(units[records.splits == "validation"], holdout, seed)
        if calibrates is not None:
            file["validation/calibrates"] = calibrates
        writer.count(records.steps)
        file.attrs["classes"] = records.classes


def check_shards(path: str | Path, number: int, length: int, shards: int) -> None:
    """Raise `InputError` for more bases than so many jobs label, with the number that do.

    Parameters
    ----------
    path
        File of the sequences, for the error.
    number, length
        Sequences, and bases of each.
    shards
        Jobs.
    """
    needed = math.ceil(number * length / SHARD)
    if needed > shards:
        raise InputError(
            f"{path} has {number:,} sequences of {length:,} bases, but a job labels {SHARD:,} "
            f"bases at most: 'shards' of the data set in the config is {shards}, and {needed} are "
            "needed."
        )


class Dataset:
    """Read a prepared data set.

    Attributes
    ----------
    target_names : list of str
        Columns of the targets.
    activities : list of str
        Those of them that are activities, the others are their replicate standard deviations; and
        behind them activities that were not measured.
    length : int
        Bases a sequence.
    crop : int
        Bases that a network takes: of windows with profiles a part, else the whole sequence.
    is_profile : bool
        Whether each base has its targets.
    is_classes : bool
        Whether targets are one-hot rows of classes, whose names are the activities.
    inputs : str
        Array that models take: "codes", or "vectors".
    steps : list of (str, int)
        Counts of the steps of preparation, in order.
    """

    def __init__(self, path: str | Path):
        self.path = path
        with h5py.File(path) as file:
            self.target_names = list(file.attrs["target_names"])
            self.activities = list(file.attrs["activities"])
            self.length = file["train/codes"].shape[1]
            self.crop = int(file.attrs.get("crop", self.length))
            self.is_profile = file["train/targets"].ndim == 3
            self.is_classes = bool(file.attrs.get("classes", False))
            self.inputs = "vectors" if "vectors" in file["train"] else "codes"
            self.steps = [tuple(step) for step in json.loads(file.attrs["steps"])]

    def _read(self, split: str, key: str, every: int = 1) -> np.ndarray:
        if split not in SPLITS:
            raise InputError(f"There is no split {split!r}: allowed are {', '.join(SPLITS)}.")
        with h5py.File(self.path) as file:
            return file[split][key][::every]

    def columns(self, heads: list[str]) -> list[int]:
        """Return the columns of the targets that heads predict.

        Raises
        ------
        InputError
            If the data set has no measurement of a head, such as a replicate standard deviation.
        """
        absent = [head for head in heads if head not in self.target_names]
        if absent:
            raise InputError(
                f"The data set has no target {absent[0]!r}: it has "
                f"{', '.join(self.target_names)}. "
                "An aleatoric head needs replicates or a standard deviation."
            )
        return [self.target_names.index(head) for head in heads]

    @property
    def measured(self) -> list[str]:
        """Activities that were measured."""
        return [activity for activity in self.activities if activity in self.target_names]

    def size(self, split: str) -> int:
        """Return the number of a split's sequences."""
        with h5py.File(self.path) as file:
            return len(file[split]["codes"])

    def fraction(self, share: float, seed: int) -> np.ndarray | None:
        """Rows of a training fraction (`degu.splits.subset`); None for all, which need no index."""
        return None if share == 1 else subset(self.size("train"), share, seed)

    def check_shards(self, shards: int) -> None:
        """Raise `InputError` for more bases than so many jobs label, with the number that do."""
        check_shards(self.path, sum(map(self.size, SPLITS)), self.length, shards)

    def codes(self, split: str, every: int = 1) -> np.ndarray:
        """Sequences of a split, or every k-th of them: uint8, shape (n, length)."""
        return self._read(split, "codes", every)

    def targets(self, split: str, every: int = 1) -> np.ndarray:
        """Measurements of a split: shape (n, targets), or (n, length, targets) for profiles."""
        return self._read(split, "targets", every)

    def names(self, split: str) -> np.ndarray:
        """Names of a split's sequences: str, shape (n,)."""
        return np.array([name.decode() for name in self._read(split, "names")], np.str_)

    def units(self, split: str) -> np.ndarray:
        """Measured units of a split's sequences, int (n,); a window of profiles is one."""
        with h5py.File(self.path) as file:
            group = file[split]
            return group["units"][:] if "units" in group else np.arange(len(group["codes"]))

    def regions(self, split: str) -> np.ndarray:
        """Places of a split's sequences in a genome, str (n,); "" where one is not known.

        Raises
        ------
        InputError
            If the data set knows none.
        """
        if self.is_profile:
            return self.names(split)
        with h5py.File(self.path) as file:
            if "regions" not in file[split]:
                raise InputError(f"{self.path} has no regions: it does not know a genome.")
            return np.char.decode(file[f"{split}/regions"][:], "utf-8")

    def calibrating_units(self) -> np.ndarray:
        """Measured units of the validation set that calibrate intervals: int; all by default."""
        return np.unique(self.units("validation")[self._validation(calibrates=True)])

    def selects(self) -> np.ndarray:
        """Rows of the validation set that choose epochs: int; all by default."""
        return np.flatnonzero(self._validation(calibrates=False))

    def _validation(self, calibrates: bool) -> np.ndarray:
        with h5py.File(self.path) as file:
            group = file["validation"]
            if "calibrates" not in group:
                return np.ones(len(group["codes"]), bool)
            return group["calibrates"][:] == calibrates

    def replicates(self, split: str) -> dict[str, np.ndarray]:
        """Replicate measurements by activity, float32 (n, replicates); empty if unknown."""
        with h5py.File(self.path) as file:
            group = file[split].get("replicates", {})
            return {activity: values[:] for activity, values in group.items()}
