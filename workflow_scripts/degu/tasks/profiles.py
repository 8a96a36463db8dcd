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

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from degu import feed, losses, metrics, models
from degu.dataset import CHUNK, Dataset
from degu.ensemble import check_correlations, running
from degu.feed import Array, Part, Stored
from degu.heads import Heads, read_common
from degu.job import atomic, log
from degu.predictions import Split
from degu.splits import SPLITS
from degu.tasks.supervision import Supervision


def members(
    paths: list[str], strands: str = "forward"
) -> Callable[[np.ndarray], Iterator[np.ndarray]]:
    """Compile prediction of whole windows by one member after the other.

    Parameters
    ----------
    paths
        Saved models that are alike but for their weights: one network holds each in turn.
    strands
        Strands that they predict from (`degu.models.on_strands`).

    Returns
    -------
    predict : callable
        uint8 codes of shape (n, window) -> a float32 array of shape (n, window, heads) a member.
    """
    network = models.load(paths[0])
    predict = models.on_strands(models.predictor(network), strands)

    def each(codes: np.ndarray) -> Iterator[np.ndarray]:
        for path in paths:
            network.load_weights(path)
            yield whole(predict, codes, network.input_shape[1])

    return each


def whole(predict: Callable, codes: np.ndarray, crop: int) -> np.ndarray:
    """Predict windows of up to two crops: the first tells the left half, the last the right one.

    Parameters
    ----------
    predict
        Prediction of crops (`degu.models.predictor`).
    codes : uint8 array, shape (n, window)

    Returns
    -------
    profiles : float32 array, shape (n, window, heads)
    """
    window = codes.shape[1]
    if window == crop:
        return predict(codes)
    left, right = predict(codes[:, :crop]), predict(codes[:, -crop:])
    middle = window // 2
    return np.concatenate([left[:, :middle], right[:, middle - window :]], axis=1)


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


def agreement(
    paths: list[str],
    codes: Array,
    truth: Array,
    kept: Sequence[int] = (),
    strands: str = "forward",
) -> Agreement:
    """Compare the first heads of members, and of their mean, with what is true of them.

    Parameters
    ----------
    paths
        Saved models, one a member.
    codes : uint8 array, shape (n, window)
    truth : array, shape (n, window, heads)
    kept
        Positions of each window whose predictions are kept.
    strands
        As of `members`.
    """
    each, heads, kept = members(paths, strands), truth.shape[-1], np.array(kept, int)
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


def predict(
    paths: list[str],
    data: Dataset,
    split: str,
    labels: str | None,
    stride: int,
    strands: str = "forward",
) -> Split:
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
    strands
        As of `members`.

    Returns
    -------
    split : Split
        Names are those of windows with the position behind them, from 0: chr8:1000-4072:1536.
    """
    heads, kept = read_common(paths), range(stride // 2, data.length, stride)
    codes, known = feed.sequences(data, split), truth(data, split, heads, labels)
    found = agreement(paths, codes, known, kept, strands)
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


def write_labels(
    path: str | Path,
    paths: list[str],
    data: Dataset,
    rows: np.ndarray,
    strands: str = "forward",
) -> None:
    """Write the mean and spread of an ensemble for every split.

    Memory depends neither on the number of members nor on the size of a split. Parameters and
    errors are those of `degu.tasks.activities.write_labels`.
    """
    codes, known = feed.measured(data, "validation", data.activities)
    sums = agreement(paths, codes, known, strands=strands).moments.sum(axis=0)
    check_correlations(metrics.pearson_of(sums)[:-1], len(codes), paths)
    heads, each, activities = read_common(paths), members(paths, strands), len(data.activities)
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
                # Rounded here: HDF5 1.14 halves some values that round up to a power of two.
                average, spread = (a.astype(np.float16) for a in running(each(codes[at])))
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


def from_teachers(data: Dataset, rows: np.ndarray, recipe: dict, labels: str | Path) -> Supervision:
    """Supervision of a student by labels, as in `degu.tasks.activities`."""
    with h5py.File(labels) as file:
        heads = Heads.from_json(file.attrs["heads"]).with_epistemic()
    weights = np.array(heads.weights(**recipe["weights"]), np.float32)
    targets = Stored(Part(labels, "train/mean"), Part(labels, "train/std"))
    if recipe.get("validate") == "labels":
        parts = Part(labels, "validation/mean"), Part(labels, "validation/std")
        known = Stored(*parts, length=data.crop)
    else:
        known = truth(data, "validation", heads, labels, cropped=True)
    return Supervision(
        heads=heads,
        outputs=len(heads),
        train=(feed.sequences(data, "train", rows), targets),
        validation=(feed.sequences(data, "validation", cropped=True), known),
        loss=partial(losses.poisson, weights=weights),
    )
