"""Base-resolution profiles (ATAC-seq, ChIP-seq, MNase-seq): tracks and a genome to a data set.

Unlike the other assays it streams: a human genome of windows does not fit in memory.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import h5py
import numpy as np

from degu import tracks
from degu.dataset import Writer
from degu.heads import aleatoric
from degu.job import InputError, atomic, log
from degu.splits import SPLITS

_LARGEST = float(np.finfo(np.float16).max)


def stream(
    path: str | Path,
    files: Mapping[str, str | Path],
    *,
    target: str,
    window: int,
    crop: int,
    chromosomes: str,
    validation: Sequence[str],
    test: Sequence[str],
    max_unknown: float,
    max_uncovered: float,
) -> list[tuple[str, int]]:
    """Write windows of a genome with the mean and replicate SD of their coverage as a data set.

    Targets have shape (n, window, 2), float16: rounded to 11 significant bits, and to steps of
    6e-8 below 6e-5. Names are `chromosome:start-end`, 0-based and half-open. Methods,
    "Profile-based chromatin accessibility".

    Parameters
    ----------
    path
        The data set to write (`degu.dataset`).
    files
        "mean" and "std", tracks over replicates as `degu.tracks.summarise` writes them; "genome",
        FASTA with its index; and, optional, "excluded", a BED file.
    target
        Name of the mean; the standard deviation is `aleatoric(target)`.
    crop
        Bases that a network takes of a window, at least half of it: two crops cover a window.
    validation, test
        Whole chromosomes; the others that match `chromosomes` are for training.
    window, chromosomes, max_unknown, max_uncovered
        Limits of windows and of what is dropped: see `degu.tracks.windows`, where the window is
        `size`.

    Returns
    -------
    steps : list of (str, int)
        Steps of preparation in order, and the windows left after each.

    Raises
    ------
    InputError
        For a crop that does not fit the window, a chromosome in two splits, a split without
        windows or with a target that does not vary, a value that float16 cannot hold, and what
        `degu.tracks.windows` refuses.
    """
    if not window / 2 <= crop <= window:
        raise InputError(
            f"The crop is {crop} bases: windows of {window} allow {-(-window // 2)} to {window}."
        )
    if set(validation) & set(test):
        raise InputError(
            f"{min(set(validation) & set(test))!r} is both a validation and a test chromosome: "
            "a chromosome belongs to one split."
        )
    split_of = dict.fromkeys(validation, "validation") | dict.fromkeys(test, "test")
    names = [target, aleatoric(target)]
    left = np.zeros(3, int)
    seen, written, ranges = set(), Counter(), {}
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        writer = Writer(file, window, names, [target], profile=True, dtype="float16")
        file.attrs["crop"] = crop
        for batch in tracks.windows(
            files["genome"],
            [files["mean"], files["std"]],
            window,
            chromosomes=chromosomes,
            max_unknown=max_unknown,
            max_uncovered=max_uncovered,
            excluded=files.get("excluded"),
        ):
            n = len(batch.starts)
            seen.add(batch.chromosome)
            left += n + np.array([sum(batch.dropped), batch.dropped[1], 0])
            if n == 0:
                continue
            _check_range(batch, (files["mean"], files["std"]))
            split = split_of.get(batch.chromosome, "train")
            writer.append(split, batch.codes, batch.values.astype(np.float16), batch.names)
            written[split] += n
            ranges[split] = _widen(ranges.get(split), batch.values)
        if not seen:
            raise InputError(
                f"No chromosome has a window of {window} bases: none whose name matches "
                f"{chromosomes!r} is that long."
            )
        if split_of.keys() - seen:
            raise InputError(
                f"Chromosome {min(split_of.keys() - seen)!r} of the validation or test set has no "
                f"window: those that match {chromosomes!r} are {', '.join(sorted(seen))}."
            )
        _check_splits(written, ranges, names)
        what = [
            f"windows of {window} bases",
            f"share of unknown bases at most {max_unknown:g}",
            f"share of bases without coverage or excluded at most {max_uncovered:g}",
        ]
        steps = list(zip(what, left.tolist(), strict=True))
        writer.count(steps)
    log.info("Windows: %s", ", ".join(f"{split} {written[split]}" for split in SPLITS))
    return steps


def _check_range(batch: tracks.Windows, paths: Sequence[str | Path]) -> None:
    large = np.abs(batch.values) > _LARGEST
    if large.any():
        row, base, track = np.argwhere(large)[0]
        raise InputError(
            f"{paths[track]} is {batch.values[row, base, track]:g} at {batch.chromosome}:"
            f"{batch.starts[row] + base}: data sets hold values up to {_LARGEST:g} (float16). "
            "Divide the replicates by a constant, or list the region in the BED of excluded ones."
        )


def _widen(known: np.ndarray | None, values: np.ndarray) -> np.ndarray:
    """Least and largest value of each track so far, shape (2, tracks)."""
    found = np.stack([values.min(axis=(0, 1)), values.max(axis=(0, 1))])
    if known is None:
        return found
    return np.stack([np.minimum(known[0], found[0]), np.maximum(known[1], found[1])])


def _check_splits(written: Counter, ranges: dict[str, np.ndarray], names: list[str]) -> None:
    for split in SPLITS:
        if not written[split]:
            raise InputError(
                f"The split {split!r} has no window left: check the lists of validation and test "
                "chromosomes and the limits for dropping."
            )
        for name, low, high in zip(names, *ranges[split], strict=True):
            if low == high:
                raise InputError(
                    f"Target {name!r} is {low:g} at every base of the split {split!r}: "
                    "a target must vary."
                )
