"""Labels of an ensemble, block by block."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from degu import feed, labels
from degu.ensemble import members
from degu.feed import Part, Stored
from degu.heads import read_common
from degu.job import log


def write_unlabelled(
    path: str | Path,
    models: list[str],
    unlabelled: str | Path,
    summary: Callable[[Iterable[np.ndarray]], tuple[np.ndarray, np.ndarray]],
) -> None:
    """Write the mean and spread of an ensemble for sequences without measurements.

    Memory depends neither on the number of members nor, but for an index, on that of sequences.

    Parameters
    ----------
    path
        File to write (`degu.labels`).
    models
        Files of the teachers, at least two.
    unlabelled
        File of the sequences (`degu.unlabelled`), in whose order the labels stand.
    summary
        Mean and standard deviation over members, (n, ..., heads) each, as they are stored.

    Raises
    ------
    InputError
        For fewer than two teachers.
    """
    codes = Stored(Part(unlabelled, "unlabelled/codes"))
    heads, each = read_common(models), members(models)
    activities = len(heads.activities)

    def blocks() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
        for at in feed.blocks(codes):
            log.info("labels of sequences from %d of %d on", at.start, len(codes))
            mean, std = summary(each(codes[at]))
            yield "unlabelled", {"mean": mean, "std": std[..., :activities]}

    labels.write(path, heads, {"unlabelled": len(codes)}, blocks())
