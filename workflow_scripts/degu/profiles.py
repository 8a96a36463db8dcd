"""Ensembles of networks of profiles: labels, what students learn, agreement on whole chromosomes.

Profiles of a genome fit neither in memory nor, for every member, on a disk: blocks of windows go
through one member after the other, and what is left of them are sums.

Labels are a file of

    /{train,validation,test}/names   string    (n,)
    /{train,validation,test}/mean    float16   (n, window, heads of the teachers)
    /{train,validation,test}/std     float16   (n, window, activities), ddof 0
    attribute: heads

of which `degu.label_tracks` makes bigWigs.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from degu import distill, feed, losses, metrics, models
from degu.dataset import CHUNK, SPLITS, Dataset
from degu.ensemble import running
from degu.feed import Array, Part, Stored
from degu.job import atomic, log
from degu.tables import ENSEMBLE


def members(paths: list[str]) -> Callable[[np.ndarray], Iterator[np.ndarray]]:
    """Compile prediction of whole windows by one member after the other.

    Parameters
    ----------
    paths
        Saved models that are alike but for their weights: one network holds each in turn.

    Returns
    -------
    predict : callable
        uint8 codes of shape (n, window) -> a float32 array of shape (n, window, heads) a member.
    """
    network = models.load(paths[0])
    predict = models.predictor(network)

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
        Of crops (`degu.models.predictor`).
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


def agreement(paths: list[str], codes: Array, truth: Array) -> np.ndarray:
    """Compare the first heads of members, and of their mean, with what is true of them.

    Parameters
    ----------
    paths
        Saved models, one a member.
    codes : uint8 array, shape (n, window)
    truth : array, shape (n, window, heads)

    Returns
    -------
    moments : float64 array, shape (members + 1, heads, 6)
        `degu.metrics.moments` over all positions; those of the mean over members come last.
    """
    each, heads = members(paths), truth.shape[-1]
    sums = np.zeros((len(paths) + 1, heads, 6))
    for rows in feed.blocks(codes):
        log.info("windows %d to %d of %d", rows.start, min(rows.stop, len(codes)), len(codes))
        known, total = truth[rows], 0
        for number, predicted in enumerate(each(codes[rows])):
            sums[number] += metrics.moments(known, predicted[..., :heads])
            total = total + predicted[..., :heads]
        sums[-1] += metrics.moments(known, total / len(paths))
    return sums


def performance(
    paths: list[str], data: Dataset, heads: list[str], labels: str | None
) -> pd.DataFrame:
    """Agreement with the truth over all positions of the test set.

    The table has the columns of `degu.tables.performance`, but no bootstrap and no noise ceiling.
    """
    known = truth(data, "test", heads, labels)
    sums = agreement(paths, feed.sequences(data, "test"), known)
    names = [*map(str, range(len(paths))), ENSEMBLE]
    rows = [
        (member, head, metric, value)
        for member, of_member in zip(names, sums, strict=True)
        for metric, function in metrics.OF_MOMENTS.items()
        for head, value in zip(heads, function(of_member), strict=True)
    ]
    table = pd.DataFrame(rows, columns=["member", "output", "metric", "value"])
    return table.assign(low=np.nan, high=np.nan, ceiling=np.nan)


def truth(
    data: Dataset, split: str, heads: list[str], labels: str | None, cropped: bool = False
) -> Stored:
    """Return what each head should have said: measured, or the spread of the teachers (labels).

    The epistemic head of a student, which comes last, has no measurement.
    """
    known = [head for head in heads if head in data.target_names]
    parts = [Part(data.path, f"{split}/targets", data.columns(known))]
    parts += [] if labels is None else [Part(labels, f"{split}/std")]
    return Stored(*parts, length=data.crop if cropped else None)


def write_labels(
    path: str | Path, paths: list[str], data: Dataset, heads: list[str], rows: np.ndarray
) -> None:
    """Write the mean and spread of an ensemble for every split.

    Memory depends neither on the number of members nor on the size of a split. Parameters and
    errors are those of `degu.distill.write_labels`.
    """
    codes, known = feed.measured(data, "validation", data.activities)
    found = metrics.OF_MOMENTS["pearson"](agreement(paths, codes, known)[:-1])
    distill.check_correlations(found, len(codes), paths)
    each, activities = members(paths), len(data.activities)
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = heads
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


def lesson(
    labels: str, data: Dataset, rows: np.ndarray, aleatoric: bool, recipe: dict
) -> distill.Lesson:
    """Put together targets and loss of a student, as `degu.distill.lesson`."""
    heads = distill.head_names(data.activities, aleatoric, with_epistemic=True)
    weights = distill.head_weights(heads, data.activities, **recipe["weights"])
    return distill.Lesson(
        len(heads),
        Stored(Part(labels, "train/mean"), Part(labels, "train/std")),
        truth(data, "validation", heads, labels, cropped=True),
        partial(losses.poisson, weights=np.array(weights, np.float32)),
    )
