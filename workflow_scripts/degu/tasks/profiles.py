"""Ensembles of networks of profiles: labels, what students learn, predictions of chromosomes.

Profiles of a genome fit neither in memory nor, for every member, on a disk: blocks of windows go
through one member after the other, and what is left of them are sums and a few bases.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from degu import feed, losses, metrics, shards
from degu.dataset import Dataset
from degu.ensemble import members, running
from degu.feed import Array, Part, Stored
from degu.heads import Heads, read_common
from degu.job import log
from degu.labels import read_heads
from degu.predictions import Split
from degu.shards import WHOLE, Shard, share
from degu.tasks import activities, labelling
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


def agreement(
    paths: list[str],
    codes: Array,
    truth: Array,
    kept: Sequence[int],
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
        Strands that members predict from (`degu.models.on_strands`).
    """
    each, kept, (n, _, heads) = members(paths, strands), np.array(kept, int), truth.shape
    found = Agreement(
        moments=np.empty((n, len(paths) + 1, heads, 6)),
        truth=np.empty((n, len(kept), heads), truth.dtype),
        predictions=np.empty((len(paths), n, len(kept), heads), np.float32),
    )
    for rows in shards.blocks(*codes.shape):
        log.info("windows %d to %d of %d", rows.start, rows.stop, n)
        true, total = truth[rows], 0
        for number, whole_windows in enumerate(each(codes[rows])):
            predicted = whole_windows[..., :heads]
            found.moments[rows, number] = metrics.moments(true, predicted)
            found.predictions[number, rows] = predicted[:, kept]
            total = total + predicted
        found.moments[rows, -1] = metrics.moments(true, total / len(paths))
        found.truth[rows] = true[:, kept]
    return found


def predict(
    paths: list[str],
    data: Dataset,
    split: str,
    labels: str | None,
    stride: int,
    shard: Shard = WHOLE,
    strands: str = "forward",
) -> Split:
    """Predict a split, or a shard of it; keep bases at a stride, and moments of its windows.

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
    shard
        Share of the split.
    strands
        As of `agreement`.

    Returns
    -------
    split : Split
        Names are those of windows with the position behind them, from 0: chr8:1000-4072:1536.
    """
    heads, kept = read_common(paths), range(stride // 2, data.length, stride)
    rows = share(np.arange(data.size(split)), data.length, shard)
    codes, known = feed.sequences(data, split, rows), truth(data, split, heads, labels, rows)
    found = agreement(paths, codes, known, kept, strands)
    names = [f"{window}:{position}" for window in data.names(split)[rows] for position in kept]
    return Split(
        names=np.array(names, np.str_),
        units=data.units(split)[rows].repeat(len(kept)),
        truth=found.truth.reshape(-1, len(heads)).astype(np.float32),
        predictions=found.predictions.reshape(len(paths), -1, len(heads)),
        moments=found.moments,
    )


def truth(
    data: Dataset,
    split: str,
    heads: Heads,
    labels: str | Path | None,
    rows: np.ndarray | None = None,
    cropped: bool = False,
) -> Stored:
    """Look up the true values of each head: measurements, or the spread of the teachers.

    The epistemic head of a student, which comes last, has no measurement.
    """
    known = [head for head in heads.names if head in data.target_names]
    parts = [Part(data.path, f"{split}/targets", data.columns(known), rows)]
    parts += [] if labels is None else [Part(labels, f"{split}/std", rows=rows)]
    return Stored(*parts, length=data.crop if cropped else None)


# Bases of windows that are kept stand for all of them.
check = activities.check


def _halved(predictions: Iterable[np.ndarray]) -> dict[str, np.ndarray]:
    """Mean and standard deviation over members as float16.

    Rounded here: HDF5 1.14 halves some values that round up to a power of two.
    """
    halved = (values.astype(np.float16) for values in running(predictions))
    return dict(zip(("mean", "std"), halved, strict=True))


# Labels of an ensemble, for every split and of sequences without measurements.
write_labels = partial(labelling.write, summary=_halved)
label_unlabelled = partial(labelling.write_unlabelled, summary=_halved)


def from_measurements(data: Dataset, rows: np.ndarray | None, recipe: dict) -> Supervision:
    """Supervision of a teacher by the measured profiles, as in `degu.tasks.activities`."""
    heads = Heads.of(data.activities, *(["aleatoric"] if recipe.get("aleatoric") else []))
    return Supervision(
        heads=heads,
        outputs=len(heads),
        train=feed.measured(data, "train", heads.names, rows),
        validation=feed.measured(data, "validation", heads.names, cropped=True),
        loss=losses.poisson,
    )


def from_teachers(
    data: Dataset,
    rows: np.ndarray | None,
    recipe: dict,
    labels: str | Path,
    unlabelled: Sequence[str | Path] = (),
) -> Supervision:
    """Supervision of a student by labels, as in `degu.tasks.activities`."""
    heads = read_heads(labels).with_epistemic()
    weights = np.array(heads.weights(**recipe["weights"]), np.float32)
    codes = [feed.sequences(data, "train", rows)]
    targets = [Stored(Part(labels, "train/mean"), Part(labels, "train/std"))]
    if unlabelled:
        codes.append(Stored(Part(unlabelled[0], "unlabelled/codes")))
        parts = (Part(unlabelled[1], f"unlabelled/{key}") for key in ("mean", "std"))
        targets.append(Stored(*parts))
    if recipe.get("validate") == "labels":
        parts = (Part(labels, f"validation/{key}") for key in ("mean", "std"))
        known = Stored(*parts, length=data.crop)
    else:
        known = truth(data, "validation", heads, labels, cropped=True)
    return Supervision(
        heads=heads,
        outputs=len(heads),
        measured=len(codes[0]),
        train=(feed.stacked(*codes), feed.stacked(*targets)),
        validation=(feed.sequences(data, "validation", cropped=True), known),
        loss=partial(losses.poisson, weights=weights),
    )
