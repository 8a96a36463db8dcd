"""What the members of a run predict, beside what is true: one file a run.

    /{validation,test}/names         string   (n,)
    /{validation,test}/truth         float32  (n, heads)
    /{validation,test}/predictions   float32  (members, n, heads)
    attributes: heads, activities

The truth of an activity or aleatoric head is measured, that of an epistemic head is the spread of
the teachers; it is NaN where there is neither (`degu.distill.truth`). All uncertainties are
standard deviations, whatever scale a student learned on.

Of profiles the rows are bases, a few of each window (`degu.profiles.predict`). Since they are too
few to tell how well whole chromosomes are predicted, there are beside them

    /{validation,test}/moments       float64  (windows, members + 1, heads, 6)

of each window (`degu.metrics.moments`) for every member and for their mean.

Of shifted sequences, in a file of their own:

    /{validation,test}/{shift}       float32  (members, n, heads)
    attributes: heads, activities
"""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from degu.dataset import aleatoric, epistemic
from degu.job import atomic


@dataclass
class Split:
    """One split of a run: names (n,), truth (n, heads), predictions (members, n, heads).

    Of profiles also moments (windows, members + 1, heads, 6).
    """

    names: np.ndarray
    truth: np.ndarray
    predictions: np.ndarray
    moments: np.ndarray | None = None


@dataclass
class Predictions:
    """Predictions of all members of a run on the validation and the test set."""

    heads: list[str]
    activities: list[str]
    validation: Split
    test: Split

    def with_truth(self) -> dict[str, int]:
        """Output of each head of which the truth is known."""
        known = np.isfinite(self.test.truth).all(axis=0)
        return {head: column for column, head in enumerate(self.heads) if known[column]}

    def uncertainties(self, activity: str) -> dict[str, int]:
        """Output of each uncertainty head of an activity, by its kind."""
        named = {"epistemic": epistemic(activity), "aleatoric": aleatoric(activity)}
        return {kind: self.heads.index(head) for kind, head in named.items() if head in self.heads}


def write(path: str | Path, run: Predictions) -> None:
    """Write a run's predictions."""
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = run.heads
        file.attrs["activities"] = run.activities
        for name in ("validation", "test"):
            split = getattr(run, name)
            file[f"{name}/names"] = split.names.astype(h5py.string_dtype())
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
                truth=file[f"{name}/truth"][:],
                predictions=file[f"{name}/predictions"][:],
                moments=file[f"{name}/moments"][:] if f"{name}/moments" in file else None,
            )
            for name in ("validation", "test")
        }
        return Predictions(list(file.attrs["heads"]), list(file.attrs["activities"]), **splits)


@dataclass
class Shifted:
    """Predictions of all members of a run by shift: arrays of shape (members, n, heads)."""

    heads: list[str]
    activities: list[str]
    validation: dict[str, np.ndarray]
    test: dict[str, np.ndarray]

    def against(self, oracle: "Shifted", shift: str) -> Predictions:
        """Return the predictions for a shift; true is what the mean of an oracle ensemble says.

        It says nothing of uncertainties.
        """
        columns = [self.heads.index(activity) for activity in self.activities]
        of_oracle = [oracle.heads.index(activity) for activity in self.activities]

        def split(name: str) -> Split:
            predicted = getattr(self, name)[shift]
            truth = np.full(predicted.shape[1:], np.nan, np.float32)
            truth[:, columns] = getattr(oracle, name)[shift].mean(axis=0)[:, of_oracle]
            return Split(np.arange(len(truth)), truth, predicted)

        return Predictions(self.heads, self.activities, split("validation"), split("test"))


def write_shifted(path: str | Path, run: Shifted) -> None:
    """Write a run's predictions by shift."""
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = run.heads
        file.attrs["activities"] = run.activities
        for name in ("validation", "test"):
            group = file.create_group(name, track_order=True)
            for shift, values in getattr(run, name).items():
                group[shift] = values


def read_shifted(path: str | Path) -> Shifted:
    """Read a run's predictions by shift."""
    with h5py.File(path) as file:
        splits = {
            name: {shift: values[:] for shift, values in file[name].items()}
            for name in ("validation", "test")
        }
        return Shifted(list(file.attrs["heads"]), list(file.attrs["activities"]), **splits)
