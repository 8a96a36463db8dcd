"""Predictions of the members of a run beside the truth: one file a run.

    /{validation,test}/names         string   (n,)
    /{validation,test}/units         int64    (n,), measured units (`degu.dataset`)
    /{validation,test}/truth         float32  (n, heads)
    /{validation,test}/predictions   float32  (members, n, heads)
    attribute: heads (JSON)

The truth of an activity or aleatoric head is measured, that of an epistemic head is the spread of
the teachers; it is NaN where there is neither, as in rows that lack a measurement. All
uncertainties are standard deviations, whatever scale a student learned on.

Rows of profiles are bases, a few of each window (`degu.tasks.profiles.predict`). Since they are too
few to tell how well whole chromosomes are predicted, there are beside them

    /{validation,test}/moments       float64  (windows, members + 1, heads, 6)

of each window (`degu.metrics.moments`) for every member and for their mean.

Predictions of shifted sequences have a file of their own:

    /{validation,test}/{shift}       float32  (members, n, heads)
    /{validation,test}/units         int64    (n,)
    attribute: heads (JSON)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import h5py
import numpy as np

from degu.heads import Heads
from degu.job import atomic

# Name of the mean over members, beside the numbers of members.
ENSEMBLE = "ensemble"
# Target of the intervals of an activity: its measurement, else the mean over teachers.
COVERED = ("measurement", "mean of teachers")


@dataclass
class Split:
    """Predictions for one split of a run.

    Attributes
    ----------
    names : str array, shape (n,)
    units : int array, shape (n,)
        Measured units; bases of one window of profiles share one.
    truth : float32 array, shape (n, heads)
    predictions : float32 array, shape (members, n, heads)
    moments : float64 array, shape (windows, members + 1, heads, 6), or None
        Sums over the windows of profiles.
    """

    names: np.ndarray
    units: np.ndarray
    truth: np.ndarray
    predictions: np.ndarray
    moments: np.ndarray | None = None


@dataclass
class Predictions:
    """Predictions of all members of a run for the validation and the test set."""

    heads: Heads
    validation: Split
    test: Split

    def with_truth(self) -> dict[str, int]:
        """Output of each head whose truth is known, of some sequences at least, by name."""
        known = np.isfinite(self.test.truth).any(axis=0)
        return {head: column for column, head in enumerate(self.heads.names) if known[column]}


def write(path: str | Path, run: Predictions) -> None:
    """Write a run's predictions."""
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = run.heads.to_json()
        for name, split in {"validation": run.validation, "test": run.test}.items():
            file[f"{name}/names"] = split.names.astype(h5py.string_dtype())
            file[f"{name}/units"] = split.units
            file[f"{name}/truth"] = split.truth
            file[f"{name}/predictions"] = split.predictions
            if split.moments is not None:
                file[f"{name}/moments"] = split.moments


def read(path: str | Path) -> Predictions:
    """Read a run's predictions."""
    with h5py.File(path) as file:
        splits = {
            name: Split(
                names=file[f"{name}/names"].asstr()[:],
                units=file[f"{name}/units"][:],
                truth=file[f"{name}/truth"][:],
                predictions=file[f"{name}/predictions"][:],
                moments=file[f"{name}/moments"][:] if f"{name}/moments" in file else None,
            )
            for name in ("validation", "test")
        }
        return Predictions(Heads.from_json(file.attrs["heads"]), **splits)


def join(shards: Sequence[Predictions]) -> Predictions:
    """Join the predictions for all shards of a data set, in their order."""

    def rows(name: str, key: str) -> np.ndarray | None:
        parts = [getattr(getattr(shard, name), key) for shard in shards]
        axis = 1 if key == "predictions" else 0
        return None if parts[0] is None else np.concatenate(parts, axis)

    keys = [field.name for field in fields(Split)]
    splits = {
        name: Split(**{key: rows(name, key) for key in keys}) for name in ("validation", "test")
    }
    return Predictions(shards[0].heads, **splits)


@dataclass
class Shifted:
    """Predictions of all members of a run under shifts.

    Attributes
    ----------
    heads : Heads
    splits : dict of dicts of float32 arrays, shape (members, n, heads)
        By split and shift.
    units : dict of int arrays, shape (n,)
        Measured units by split.
    """

    heads: Heads
    splits: Mapping[str, Mapping[str, np.ndarray]]
    units: Mapping[str, np.ndarray]

    @property
    def shifts(self) -> list[str]:
        """Names of the shifts, the smallest first."""
        return list(self.splits["test"])

    def against(self, oracle: "Shifted", shift: str) -> Predictions:
        """Return the predictions for a shift, with the mean of an oracle ensemble as their truth.

        The truth of uncertainties is unknown.
        """
        columns, of_oracle = (
            [heads.column(activity) for activity in self.heads.activities]
            for heads in (self.heads, oracle.heads)
        )

        def split(name: str) -> Split:
            predicted = self.splits[name][shift]
            truth = np.full(predicted.shape[1:], np.nan, np.float32)
            truth[:, columns] = oracle.splits[name][shift].mean(axis=0)[:, of_oracle]
            return Split(np.arange(len(truth)), self.units[name], truth, predicted)

        return Predictions(self.heads, split("validation"), split("test"))


def write_shifted(path: str | Path, run: Shifted) -> None:
    """Write a run's predictions by shift."""
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = run.heads.to_json()
        for name, by_shift in run.splits.items():
            group = file.create_group(name, track_order=True)
            group["units"] = run.units[name]
            for shift, values in by_shift.items():
                group[shift] = values


def read_shifted(path: str | Path) -> Shifted:
    """Read a run's predictions by shift."""
    with h5py.File(path) as file:
        splits = {
            name: {shift: values[:] for shift, values in file[name].items() if shift != "units"}
            for name in ("validation", "test")
        }
        units = {name: file[f"{name}/units"][:] for name in splits}
        return Shifted(Heads.from_json(file.attrs["heads"]), splits, units)
