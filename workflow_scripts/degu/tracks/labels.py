"""Labels of profiles (`degu.tasks.profiles`) as bigWigs: a value at each base of every window."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import h5py
import numpy as np

from degu.dataset import CHUNK
from degu.feed import Part, Stored
from degu.heads import Heads
from degu.job import InputError
from degu.splits import SPLITS
from degu.tracks import bigwig

# Key and column of the labels of each track: a data set of profiles has one activity.
TRACKS = {"mean": ("mean", 0), "epistemic": ("std", 0), "aleatoric": ("mean", 1)}


def write(path: str | Path, labels: str | Path, track: str, measured: str | Path) -> None:
    """Write the mean, the epistemic or the mean aleatoric standard deviation of an ensemble.

    Paper, Methods, "Distilling CNN-task-base".

    Parameters
    ----------
    path
        The bigWig to write.
    labels
        From `degu.tasks.profiles.write_labels`.
    track
        A key of `TRACKS`; aleatoric only of teachers that have such a head.
    measured
        A bigWig of the same genome, for the sizes of its chromosomes.

    Raises
    ------
    InputError
        For the aleatoric track of teachers without that head.
    """
    with h5py.File(labels) as file:
        heads = Heads.from_json(file.attrs["heads"])
    if track == "aleatoric" and not heads.of_kind("aleatoric"):
        raise InputError(
            f"{labels} is of teachers without an aleatoric head, of {heads.names[0]!r} alone."
        )
    with bigwig.Reader(measured) as file:
        bigwig.write(path, file.sizes, _pieces(labels, *TRACKS[track]))


def _pieces(labels: str | Path, key: str, column: int) -> Iterator[tuple[str, int, np.ndarray]]:
    """Yield chromosome, start and values of all windows, in the order of the genome."""
    places = []
    with h5py.File(labels) as file:
        for split in SPLITS:
            for row, name in enumerate(file[f"{split}/names"].asstr()[:]):
                chromosome, _, ends = name.rpartition(":")
                places.append((chromosome, int(ends.split("-")[0]), split, row))
    stored = {split: Stored(Part(labels, f"{split}/{key}", [column])) for split in SPLITS}
    for (chromosome, split), group in groupby(sorted(places), key=itemgetter(0, 2)):
        _, starts, _, rows = zip(*group, strict=True)
        for at in range(0, len(rows), CHUNK):
            values = stored[split][np.array(rows[at : at + CHUNK])]
            for start, window in zip(starts[at : at + CHUNK], values, strict=True):
                yield chromosome, start, window[:, 0]
