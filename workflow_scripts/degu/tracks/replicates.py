"""Replicate tracks summarised: mean and standard deviation at every base."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from degu.job import InputError, log
from degu.tracks import bigwig
from degu.tracks.bigwig import STRETCH, stretches


def summarise(
    bigwigs: Sequence[str | Path], mean: str | Path, std: str | Path, chromosomes: str = ".*"
) -> None:
    """Write the mean and standard deviation over replicates at every base, as two bigWigs.

    The standard deviation has ddof 1, the spread of replicates as for the other assays. Both are
    float64 arithmetic rounded once to float32; runs of one value are merged. A base that a
    replicate leaves out counts as 0 in it (fold change: no reads); a base that every replicate
    leaves out is left out of both tracks. Methods, "Profile-based chromatin accessibility".

    Parameters
    ----------
    bigwigs
        At least two replicates.
    mean, std
        Tracks to write.
    chromosomes
        Regular expression that whole names of chromosomes must match to be kept.

    Raises
    ------
    InputError
        For fewer than two replicates or one given twice, a damaged or empty file, replicates
        that differ in the kept chromosomes or in their sizes, a value that is not finite.
    """
    paths = [str(path) for path in bigwigs]
    if len(set(paths)) < 2 or len(set(paths)) < len(paths):
        raise InputError(
            f"The replicates are {', '.join(paths) or 'none'}: at least two different bigWig "
            "files are needed for a standard deviation."
        )
    with ExitStack() as stack:
        files = [stack.enter_context(bigwig.Reader(path)) for path in paths]
        sizes = bigwig.common_sizes(files, chromosomes)
        outputs = [
            bigwig.Runs(stack.enter_context(bigwig.create(path, sizes))) for path in (mean, std)
        ]
        empty = set(paths)
        for chromosome, start, end in stretches(sizes, STRETCH):
            pieces = [file.intervals(chromosome, start, end) for file in files]
            empty -= {path for path, piece in zip(paths, pieces, strict=True) if len(piece)}
            starts, ends, values = _sweep(pieces)
            outputs[0].add(chromosome, starts, ends, values.mean(axis=0))
            outputs[1].add(chromosome, starts, ends, values.std(axis=0, ddof=1))
        if empty:
            raise InputError(
                f"{min(empty)} holds no value on any chromosome that matches {chromosomes!r}."
            )
        for output in outputs:
            output.flush()
    log.info("Summarised %d replicates over %d chromosomes", len(paths), len(sizes))


def _sweep(pieces: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cut what several files cover at every breakpoint of any: starts, ends, values (files, n)."""
    edges = np.concatenate([piece[key] for piece in pieces for key in ("start", "end")])
    edges.sort(kind="stable")  # which merges what is sorted already
    apart = edges[:-1] < edges[1:]
    starts, ends = edges[:-1][apart], edges[1:][apart]
    values = np.zeros((len(pieces), len(starts)))
    covered = np.zeros(len(starts), bool)
    for row, piece in zip(values, pieces, strict=True):
        # Each piece's interval is one or more whole segments between edges.
        index = np.searchsorted(piece["start"], starts, side="right") - 1
        inside = index >= 0
        inside[inside] = starts[inside] < piece["end"][index[inside]]
        row[inside] = piece["value"][index[inside]]
        covered |= inside
    return starts[covered], ends[covered], values[:, covered]
