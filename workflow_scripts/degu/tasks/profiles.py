"""Ensembles of networks of profiles: labels, what students learn, predictions of chromosomes.

Profiles of a genome fit neither in memory nor, for every member, on a disk: blocks of windows go
through one member after the other, and what is left of them are sums and a few bases.

Labels are a file of

    /{train,validation,test}/names   string    (n,)
    /{train,validation,test}/mean    float16   (n, window, heads of the teachers)
    /{train,validation,test}/std     float16   (n, window, activities), ddof 0
    attribute: heads (JSON)

of which `degu.tracks.labels` makes bigWigs.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from degu import feed, losses, metrics
from degu.dataset import CHUNK, Dataset
from degu.ensemble import check_correlations, members, running
from degu.feed import Array, Part, Stored
from degu.heads import Heads, read_common
from degu.job import atomic, log
from degu.predictions import Split
from degu.splits import SPLITS
from degu.tasks import labelling
from degu.tasks.supervision import Supervision


class Agreement(NamedTuple):
    """Agreement of the first heads of members with their true values.

    Attributes
    ----------
    moments : float64 array, shape (n, members + 1, heads, 6)
        `degu.metrics.moments` of each window; those of the mean over members come last.
    truth : array, shape (n, kept, heads)
        Truth at the positions that are kept.
    predictions : float32 array, shape (members, n, kept, heads)
    """

    moments: np.ndarray
    truth: np.ndarray
    predictions: np.ndarray


def agreement(paths: list[str], codes: Array, truth: Array, kept: Sequence[int] = ()) -> Agreement:
    """Compare the first heads of members, and of their mean, with what is true of them.

    Parameters
    ----------
    paths
        Saved models, one a member.
    codes : uint8 array, shape (n, window)
    truth : array, shape (n, window, heads)
    kept
        Positions of each window whose predictions are kept.
    """
    each, heads, kept = members(paths), truth.shape[-1], np.array(kept, int)
    moments, known, predictions = np.empty((len(codes), len(paths) + 1, heads, 6)), [], []
    for rows in feed.blocks(codes):
        log.info("windows %d to %d of %d", rows.start, min(rows.stop, len(codes)), len(codes))
        true, total, kept_of_members = truth[rows], 0, []
        for number, whole_windows in enumerate(each(codes[rows])):
            predicted = whole_windows[..., :heads]
            moments[rows, number] = metrics.moments(true, predicted)
            kept_of_members.append(predicted[:, kept])
            total = total + predicted
        moments[rows, -1] = metrics.moments(true, total / len(paths))
        known.append(true[:, kept])
        predictions.append(kept_of_members)
    return Agreement(moments, np.concatenate(known), np.concatenate(predictions, axis=1))


def predict(paths: list[str], data: Dataset, split: str, labels: str | None, stride: int) -> Split:
    """Predict a split with all members; keep bases at a stride, and moments of its windows.

    Bases of one window resemble each other, but conformal calibration takes them for exchangeable
    (`degu.calibration`): hence few of each are kept, the same for all members and runs.

    Parameters
    ----------
    paths
        Saved models, one a member.
    data, split
        Windows to predict.
    labels
        Labels of a student's teachers.
    stride
        Bases from one that is kept to the next; the first stands half a stride into a window.

    Returns
    -------
    split : Split
        Names are those of windows with the position behind them, from 0: chr8:1000-4072:1536.
    """
    heads, kept = read_common(paths), range(stride // 2, data.length, stride)
    found = agreement(paths, feed.sequences(data, split), truth(data, split, heads, labels), kept)
    names = [f"{window}:{position}" for window in data.names(split) for position in kept]
    return Split(
        names=np.array(names),
        units=data.units(split).repeat(len(kept)),
        truth=found.truth.reshape(-1, len(heads)).astype(np.float32),
        predictions=found.predictions.reshape(len(paths), -1, len(heads)),
        moments=found.moments,
    )


def truth(
    data: Dataset, split: str, heads: Heads, labels: str | Path | None, cropped: bool = False
) -> Stored:
    """Look up the true values of each head: measurements, or the spread of the teachers.

    The epistemic head of a student, which comes last, has no measurement.
    """
    known = [head for head in heads.names if head in data.target_names]
    parts = [Part(data.path, f"{split}/targets", data.columns(known))]
    parts += [] if labels is None else [Part(labels, f"{split}/std")]
    return Stored(*parts, length=data.crop if cropped else None)


def write_labels(path: str | Path, paths: list[str], data: Dataset, rows: np.ndarray) -> None:
    """Write the mean and spread of an ensemble for every split.

    Memory depends neither on the number of members nor on the size of a split. Parameters and
    errors are those of `degu.tasks.activities.write_labels`.
    """
    codes, known = feed.measured(data, "validation", data.activities)
    sums = agreement(paths, codes, known).moments.sum(axis=0)
    check_correlations(metrics.pearson_of(sums)[:-1], len(codes), paths)
    heads, each, activities = read_common(paths), members(paths), len(data.activities)
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = heads.to_json()
        for split in SPLITS:
            chosen = rows if split == "train" else np.arange(data.size(split))
            codes = feed.sequences(data, split, chosen)
            file[f"{split}/names"] = data.names(split)[chosen].astype(h5py.string_dtype())
            of_row = {"mean": (data.length, len(heads)), "std": (data.length, activities)}
            mean, std = (
                file.create_dataset(
                    f"{split}/{key}",
                    (len(codes), *shape),
                    "float16",
                    chunks=(min(CHUNK, len(codes)), *shape),
                )
                for key, shape in of_row.items()
            )
            for at in feed.blocks(codes):
                log.info("%s: labels of windows from %d of %d on", split, at.start, len(codes))
                average, spread = _halved(each(codes[at]))
                mean[at], std[at] = average, spread[..., :activities]


def from_measurements(data: Dataset, rows: np.ndarray, recipe: dict) -> Supervision:
    """Supervision of a teacher by the measured profiles, as in `degu.tasks.activities`."""
    heads = Heads.of(data.activities, *(["aleatoric"] if recipe.get("aleatoric") else []))
    return Supervision(
        heads=heads,
        outputs=len(heads),
        train=feed.measured(data, "train", heads.names, rows),
        validation=feed.measured(data, "validation", heads.names, cropped=True),
        loss=losses.poisson,
    )


def label_unlabelled(path: str | Path, models: list[str], unlabelled: str | Path) -> None:
    """Write labels of windows without measurements (`degu.tasks.labelling.write_unlabelled`)."""
    labelling.write_unlabelled(path, models, unlabelled, _halved)


def _halved(predictions: Iterable[np.ndarray]) -> list[np.ndarray]:
    """Mean and standard deviation over members as float16.

    Rounded here: HDF5 1.14 halves some values that round up to a power of two.
    """
    return [values.astype(np.float16) for values in running(predictions)]


def from_teachers(
    data: Dataset,
    rows: np.ndarray,
    recipe: dict,
    labels: str | Path,
    unlabelled: Sequence[str | Path] = (),
) -> Supervision:
    """Supervision of a student by labels, as in `degu.tasks.activities`."""
    with h5py.File(labels) as file:
        heads = Heads.from_json(file.attrs["heads"]).with_epistemic()
    weights = np.array(heads.weights(**recipe["weights"]), np.float32)
    codes = [feed.sequences(data, "train", rows)]
    targets = [Stored(Part(labels, "train/mean"), Part(labels, "train/std"))]
    if unlabelled:
        codes.append(Stored(Part(unlabelled[0], "unlabelled/codes")))
        parts = (Part(unlabelled[1], f"unlabelled/{key}") for key in ("mean", "std"))
        targets.append(Stored(*parts))
    known = truth(data, "validation", heads, labels, cropped=True)
    return Supervision(
        heads=heads,
        outputs=len(heads),
        train=(feed.stacked(*codes), feed.stacked(*targets)),
        validation=(feed.sequences(data, "validation", cropped=True), known),
        loss=partial(losses.poisson, weights=weights),
    )
