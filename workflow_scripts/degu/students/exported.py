"""Facts of a passport: which student of a run leaves the workflow, and how good it is."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
import pandas as pd

from degu import heads, intervals, metrics, predictions, published
from degu.dataset import Dataset
from degu.heads import Heads
from degu.intervals import Calibration
from degu.predictions import Split
from degu.splits import SPLITS
from degu.students.passport import Effects, Passport, hash_of

# Words by which a passport says how its student was picked.
BY_MEASUREMENTS = "measurements"
BY_TEACHERS = "the teachers' mean, since nothing is measured"
# Kind of the intervals that passes with dropout have, which a student outside does not make.
_DROPOUT = "dropout"


class Picked(NamedTuple):
    """The student that is exported, and by what it was picked.

    Attributes
    ----------
    member
        Its number.
    r : list of float
        Pearson's r of every member, mean over activities, on the validation set.
    by
        `BY_MEASUREMENTS` or `BY_TEACHERS`.
    """

    member: int
    r: list[float]
    by: str

    def facts(self) -> dict[str, Any]:
        """Return what the passport says."""
        text = (
            f"largest Pearson r with {self.by}, mean over activities, on the part of the "
            "validation set that chooses epochs"
        )
        return {
            "member": self.member,
            "of": len(self.r),
            "by": text,
            "r": list(map(number, self.r)),
        }


def pick(validation: Split, of_run: Heads, units: np.ndarray, means: np.ndarray) -> Picked:
    """Pick the member that agrees best with the validation set; the test set has no say.

    Parameters
    ----------
    validation
        Predictions of all members.
    of_run
        Their heads.
    units : int array
        Measured units of the validation set that choose epochs (`degu.dataset.Dataset.selects`):
        those that calibrate intervals stay new to the student where they are held out.
    means : array, shape (n, heads of the teachers)
        The teachers' mean, which decides where no activity is measured.
    """
    rows, columns = np.isin(validation.units, units), of_run.columns("activity")
    truth, by = validation.truth[rows][:, columns], BY_MEASUREMENTS
    if not np.isfinite(truth).any():
        truth, by = means[rows][:, : len(columns)], BY_TEACHERS
    r = [
        np.mean([metrics.pearson(*pair) for pair in zip(truth.T, predicted.T, strict=True)])
        for predicted in validation.predictions[:, rows][..., columns]
    ]
    return Picked(
        int(np.nanargmax(r)) if np.isfinite(r).any() else 0, [float(one) for one in r], by
    )


def teachers_means(
    labels: str | Path, teachers: str | Path | None, number: int
) -> dict[str, np.ndarray]:
    """Read the mean of the teachers by split, at the rows of the students' predictions.

    Parameters
    ----------
    labels
        Labels of the teachers.
    teachers
        Their predictions, of profiles alone, of which a file of predictions keeps a few bases.
    number
        How many of them, the first ones, make the ensemble.
    """
    if teachers is None:
        with h5py.File(labels) as file:
            return {split: file[f"{split}/mean"][:] for split in ("validation", "test")}
    run = predictions.read(teachers)
    parts = {"validation": run.validation, "test": run.test}
    return {split: part.predictions[:number].mean(axis=0) for split, part in parts.items()}


def describe(
    model: str | Path,
    run: str,
    data: Dataset,
    calibrations: Mapping[tuple[str, str], Calibration],
    facts: Mapping[str, Any],
    targets: Mapping[str, Sequence[str]],
    adaptors: Sequence[str],
    strands: str,
    level: float,
    smallest_std: float,
    effects: Mapping[str, Effects],
) -> Passport:
    """Make the passport of a student.

    Parameters
    ----------
    model
        Its file.
    run
        dataset/recipe/fraction.
    data
        Its data set.
    calibrations, facts, strands, level, smallest_std, effects
        As in the passport.
    targets
        Title and unit of each activity.
    adaptors
        Letters left and right of inserts.
    """
    return Passport(
        run=run,
        sha256=hash_of(model),
        heads=heads.read(model),
        units={activity: unit for activity, (_, unit) in targets.items()},
        length=data.crop,
        profile=data.is_profile,
        adaptors=tuple(adaptors),
        strands=strands,
        level=level,
        smallest_std=smallest_std,
        calibrations=calibrations,
        facts=facts,
        effects=effects,
    )


def calibrations_of(path: str | Path, member: int) -> dict[tuple[str, str], Calibration]:
    """Read the calibrations of one member by output and kind, without those of dropout."""
    return {
        (one.output, one.kind): one
        for one in intervals.read(path).values()
        if one.member == str(member) and one.kind != _DROPOUT and one.shift is None
    }


def effects(
    paths: Sequence[str], measured: Mapping[str, Mapping], member: int
) -> dict[str, Effects]:
    """Read what calibrates the effects of one member, by the name of the measured variants.

    Parameters
    ----------
    paths
        Files of the rule `calibrate_effects`.
    measured
        Window, adaptors and loci of each set of variants, in the order of the files.
    member
        Number of the student.
    """
    return {
        name: Effects(
            said["window"], tuple(said["adaptors"]), said["loci"], calibrations_of(path, member)
        )
        for path, (name, said) in zip(paths, measured.items(), strict=True)
    }


def fidelity(test: Split, of_run: Heads, member: int, means: np.ndarray) -> dict[str, dict]:
    """Agreement of a student with its ensemble on the test set, by activity.

    Parameters
    ----------
    test
        Predictions of all members, beside the teachers' spread as truth of epistemic heads.
    of_run
        Their heads.
    member
        Number of the student.
    means : array, shape (n, heads of the teachers)
        The teachers' mean.

    Returns
    -------
    facts : dict
        `mean_r` and, where the student has an epistemic head, `spread_r`: Pearson's r.
    """
    predicted, found = test.predictions[member], {}
    for column, activity in enumerate(of_run.activities):
        mine = predicted[:, of_run.column(activity)]
        found[activity] = {"mean_r": number(metrics.pearson(means[:, column], mine))}
    for head in of_run.of_kind("epistemic"):
        of_head = of_run.column(head.name)
        r = metrics.pearson(test.truth[:, of_head], predicted[:, of_head])
        found[head.activity]["spread_r"] = number(r)
    return found


def tested(
    performance: pd.DataFrame,
    distillation: pd.DataFrame,
    member: int,
    assays: Mapping[str, str],
) -> dict[str, dict]:
    """Collect the test results of a student, and what they are to be held against, by activity.

    Parameters
    ----------
    performance, distillation
        Tables of its run.
    member
        Number of the student.
    assays
        Published assay of each activity that has one (`degu.published`).

    Returns
    -------
    facts : dict
        r of the student with its 95 % interval, the noise ceiling, r of a mean teacher and of the
        ensemble, and the best published r.
    """
    mine = performance.query("metric == 'pearson' and kind == 'activity'")
    mine = mine[mine["member"].astype(str) == str(member)].set_index("output")
    theirs = distillation.set_index("output")
    found = {}
    for activity, row in mine.iterrows():
        taught = theirs.loc[activity]
        found[activity] = {
            "r": number(row["value"]),
            "low": number(row["low"]),
            "high": number(row["high"]),
            "ceiling": number(row["ceiling"]),
            "teacher_r": number(taught["member_r"]),
            "ensemble_r": number(taught["ensemble_r"]),
            "published": published.best(assays[activity]) if activity in assays else None,
        }
    return found


def trained(
    data: str | Path,
    labels: str | Path,
    unlabelled: Sequence[str | Path] | None,
    fraction: float,
    seed: int,
) -> dict[str, Any]:
    """Tell what a student was trained on: hashes of files, and numbers of sequences.

    Parameters
    ----------
    data, labels
        Files of the data set and of its teachers' labels.
    unlabelled
        Files of the sequences without measurements that it learnt, and of their labels, if there
        are any.
    fraction, seed
        Share of the training set, and the seed of its draw.
    """
    dataset = Dataset(data)
    rows = dataset.fraction(fraction, seed)
    sizes = {split: dataset.size(split) for split in SPLITS}
    found = {
        "data": {"sha256": hash_of(data), "sequences": sizes, "preparation": dataset.steps},
        "labels": {"sha256": hash_of(labels)},
        "fraction": fraction,
        "sequences": sizes["train"] if rows is None else len(rows),
        "unlabelled": None,
    }
    if unlabelled is not None:
        sequences, theirs = unlabelled
        with h5py.File(sequences) as file:
            size = len(file["unlabelled/codes"])
        hashes = {"sha256": hash_of(sequences), "labels": {"sha256": hash_of(theirs)}}
        found["unlabelled"] = {"sequences": size} | hashes
    return found


def keras_version(model: str | Path) -> str:
    """Version of Keras that saved a model, without Keras."""
    with zipfile.ZipFile(model) as archive:
        return json.loads(archive.read("metadata.json"))["keras_version"]


def number(value: float) -> float | None:
    """Round to six digits for a passport; None for NaN."""
    return float(f"{value:.6g}") if np.isfinite(value) else None
