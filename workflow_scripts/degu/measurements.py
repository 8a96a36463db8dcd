"""Measurements of the rows of a table, and what becomes of rows that lack some."""

import logging
from collections.abc import Sequence

import numpy as np
import pandas as pd

from degu import heads, reading
from degu.job import InputError, log

MINIMUM_REPLICATES = 2
# A value that lies farther from the median, in spreads between quartiles, is a slip: squared it
# makes any loss infinite, or drowns all others.
_BEYOND_REASON = 1e6


def measure(
    frame: pd.DataFrame, targets: dict, where: str
) -> tuple[np.ndarray, list[str], dict[str, np.ndarray]]:
    """Read activities and their deviations from the cells of a table.

    Parameters
    ----------
    frame
        Cells; the index tells in errors which row it is.
    targets
        For each activity how it is measured (`degu.assays.table.load`).
    where
        The table's file, in errors.

    Returns
    -------
    values : float array, shape (n, targets)
        Activities, then replicate standard deviations; NaN for what was not measured.
    names : list of str
        One a column of the values.
    replicates : dict of float arrays, shape (n, replicates)
        By activity, NaN where one is missing.

    Raises
    ------
    InputError
        For a cell that is no number, a negative deviation, or reads that have no mean bin.
    """
    activities, deviations, replicates = {}, {}, {}
    for target, how in targets.items():
        numbers = reading.numbers(frame, used(how), where, missing=True)
        if "replicates" in how:
            replicates[target] = numbers
            activities[target], deviations[target] = summarise_replicates(numbers)
        elif "bins" in how:
            activities[target] = _mean_bin(numbers, frame, where)
        else:
            activities[target] = numbers[:, 0]
        if "std" in how:
            std = _positive(numbers[:, 1], how["std"], frame, where)
            deviations[target] = np.where(np.isnan(activities[target]), np.nan, std)
    values = np.stack([*activities.values(), *deviations.values()], axis=1)
    return values, [*activities, *map(heads.aleatoric, deviations)], replicates


def measure_classes(
    frame: pd.DataFrame, column: str, names: Sequence[str], where: str
) -> np.ndarray:
    """Read the class of each row.

    Parameters
    ----------
    frame, where
        As of `measure`.
    column
        Column of the classes.
    names
        Names of all classes.

    Returns
    -------
    values : float array, shape (n, classes)
        1 for the class of a row, else 0; NaN for a row without one.

    Raises
    ------
    InputError
        For a cell that is no class.
    """
    labels = reading.texts(frame, column, where, missing=True)
    known = labels != ""
    classes = pd.Index(names).get_indexer(labels)
    wrong = known & (classes < 0)
    if wrong.any():
        row, others = int(np.argmax(wrong)), len(set(labels[wrong]))
        raise InputError(
            f"{where}, row {frame.index[row]}: {column!r} is {str(labels[row])!r}, no class "
            f"({others} such in all): `classes.names` has {', '.join(names)}."
        )
    values = np.eye(len(names))[classes]
    values[~known] = np.nan
    return values


def used(how: dict) -> list[str]:
    """Columns that an activity is measured by."""
    columns = [how.get("mean"), how.get("std"), *how.get("replicates", []), *how.get("bins", [])]
    return [column for column in columns if column is not None]


def kept(
    values: np.ndarray,
    names: list[str],
    activities: int,
    missing: str,
    frame: pd.DataFrame,
    where: str,
) -> tuple[np.ndarray, list[tuple[str, int]]]:
    """Choose the rows that are kept, and say in the log what others lack.

    Parameters
    ----------
    values, names
        From `measure`.
    activities
        Number of activities, which come first of all targets.
    missing
        "mask", "drop" or "error" (`degu.assays.table.load`).
    frame, where
        As of `measure`.

    Returns
    -------
    kept : bool array, shape (n,)
    steps : list of (str, int)
        Counts of rows, for the data card.

    Raises
    ------
    InputError
        For a measurement that is missing where that is an error, or if no row is left.
    """
    lacks = np.isnan(values)
    if missing == "error" and lacks.any():
        row, column = np.argwhere(lacks)[0]
        raise InputError(
            f"{where}, row {frame.index[row]}: target {names[column]!r} is missing, or rests on "
            f"fewer than {MINIMUM_REPLICATES} replicates; 'missing: mask' learns what is measured, "
            "'missing: drop' leaves such rows out."
        )
    masked = missing == "mask"
    dropped = lacks[:, :activities].all(axis=1) if masked else lacks.any(axis=1)
    what = "a measurement" if masked else "all measurements"
    _tell(lacks, names, dropped, what, where)
    steps = [(f"rows with {what}", int((~dropped).sum()))]
    if masked and lacks[~dropped].any():
        of_kept = (~lacks[~dropped]).sum(axis=0)
        steps += [(f"rows with {name}", int(n)) for name, n in zip(names, of_kept, strict=True)]
    return ~dropped, steps


def _tell(lacks: np.ndarray, names: list[str], dropped: np.ndarray, what: str, where: str) -> None:
    """Log how many rows are kept and what is missing; refuse a table of which none is left."""
    absent = dict(zip(names, lacks.sum(axis=0), strict=True))
    counts = ", ".join(f"{number:,} lack {name!r}" for name, number in absent.items() if number)
    total = f"{len(lacks):,} rows"
    if dropped.all():
        raise InputError(
            f"{where} has no row with {what}: of {total} {counts} (a deviation takes "
            f"{MINIMUM_REPLICATES} replicates)."
        )
    level = logging.WARNING if dropped.mean() > 0.5 else logging.INFO
    number = f"{(~dropped).sum():,}"
    log.log(level, "%s: kept %s of %s%s", where, number, total, counts and f": {counts}")


def check_range(values: np.ndarray, names: list[str], frame: pd.DataFrame, where: str) -> None:
    """Raise `InputError` for a value beyond reason; arguments are those of `kept`."""
    low, middle, high = np.nanpercentile(values, [25, 50, 75], axis=0)
    spread = np.where(high > low, high - low, np.inf)
    far = np.abs(values - middle) > _BEYOND_REASON * spread
    if far.any():
        row, column = np.argwhere(far)[0]
        raise InputError(
            f"{where}, row {frame.index[row]}: {names[column]!r} is {values[row, column]:g}, but "
            f"half of all rows lie between {low[column]:g} and {high[column]:g}: correct the row, "
            "or leave it out."
        )


def summarise_replicates(replicates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (ddof 1) over the replicates that are present.

    Parameters
    ----------
    replicates : float array, shape (n, replicates)
        NaN where a replicate is missing.

    Returns
    -------
    mean, std : float arrays, shape (n,)
        NaN where no replicate is present, the deviation where fewer than two are.
    """
    present = ~np.isnan(replicates)
    count = present.sum(axis=1)
    mean = np.where(present, replicates, 0).sum(axis=1) / np.where(count, count, np.nan)
    squares = np.where(present, replicates - mean[:, None], 0) ** 2
    enough = np.where(count >= MINIMUM_REPLICATES, count, np.nan)
    return mean, np.sqrt(squares.sum(axis=1) / (enough - 1))


def _positive(std: np.ndarray, column: str, frame: pd.DataFrame, where: str) -> np.ndarray:
    if (std < 0).any():
        row = int(np.argmax(std < 0))
        raise InputError(
            f"{where}, row {frame.index[row]}: {column!r} is {std[row]:g}, "
            "a standard deviation cannot be negative."
        )
    return std


def _mean_bin(reads: np.ndarray, frame: pd.DataFrame, where: str) -> np.ndarray:
    total = reads.sum(axis=1)
    wrong = (reads < 0).any(axis=1) | (total == 0)
    if wrong.any():
        raise InputError(
            f"{where}, row {frame.index[int(np.argmax(wrong))]}: the bins hold "
            f"{reads[wrong][0].tolist()}, at least one read and no negative number is needed."
        )
    return reads @ np.arange(reads.shape[1]) / total
