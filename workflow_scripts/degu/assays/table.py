"""The general door: any TSV or CSV with sequences and measurements, gzip or not."""

from pathlib import Path

import numpy as np
import pandas as pd

from degu import dataset, heads, reading
from degu.genome import Region
from degu.job import InputError, errors_name, log
from degu.sequences import encode
from degu.splits import (
    check_groups,
    describe_leaks,
    leaks,
    merge_groups,
    parse_splits,
    same_insert,
    split_by_group,
    without_adaptors,
)

MINIMUM_REPLICATES = 2


def load(
    files: dict[str, Path],
    seed: int,
    columns: dict[str, str],
    targets: dict[str, dict],
    missing: str,
) -> dataset.Records:
    """Read a table of sequences and measurements.

    Parameters
    ----------
    files
        {"table": path}; comma-separated if its name ends in .csv or .csv.gz, else tab-separated.
        Lines that start with # are comments.
    seed
        Seed of the 80/10/10 split, where the table has no split column.
    columns
        Names of the columns: `sequence` and, each optional, `name` (else the row's number),
        `split`, `group` (rows of a group stay in one split), `region` (place in a genome as of
        `degu.genome.Region.parse`, empty where there is none).
    targets
        For each activity how it is measured, one of

        - {"replicates": [column, ...]}: mean, and standard deviation (ddof 1) as its aleatoric
          target, over the replicates present in a row;
        - {"mean": column}, or {"mean": column, "std": column} with a replicate standard deviation;
        - {"bins": [column, ...]}: reads in sorted bins (Sort-Seq); the mean bin, from 0.
    missing
        "error", or "drop" to leave out, and count, rows that lack a measurement or have fewer
        than two replicates.

    Returns
    -------
    records : Records

    Raises
    ------
    InputError
        For whatever cannot be used; it names file, column, row and value.
    """
    path = reading.pick(files, "table")
    used = [column for how in targets.values() for column in _used(how)]
    frame = reading.read_table(path, [*columns.values(), *used])
    steps = [("rows in the table", len(frame))]
    values, value_names, replicates = _measure(frame, targets, str(path))
    complete = ~np.isnan(values).any(axis=1)
    if missing == "error" and not complete.all():
        row, column = np.argwhere(np.isnan(values))[0]
        raise InputError(
            f"{path}, row {frame.index[row]}: target {value_names[column]!r} is missing, or rests "
            f"on fewer than {MINIMUM_REPLICATES} replicates; 'missing: drop' leaves such rows out."
        )
    frame = frame[complete]
    if len(frame) == 0:
        raise InputError(f"{path} has no row with all measurements.")
    steps.append(("rows with all measurements", len(frame)))
    if "name" in columns:
        names = reading.texts(frame, columns["name"], str(path))
    else:
        names = np.array([f"row{number}" for number in frame.index])
    sequences = reading.texts(frame, columns["sequence"], str(path)).tolist()
    with errors_name(path):
        codes = encode(sequences, names.tolist())
    return dataset.Records(
        names=names,
        codes=codes,
        targets=values[complete].astype(np.float32),
        target_names=value_names,
        splits=_splits(frame, columns, names, codes, seed, str(path)),
        steps=steps,
        replicates={target: numbers[complete] for target, numbers in replicates.items()},
        regions=_regions(frame, columns["region"], str(path)) if "region" in columns else None,
    )


def _regions(frame: pd.DataFrame, column: str, where: str) -> np.ndarray:
    """Places as they stand in the table, once all of them can be read."""
    regions = reading.texts(frame, column, where, missing=True)
    for row, region in zip(frame.index, regions, strict=True):
        with errors_name(f"{where}, row {row}, column {column!r}"):
            if region:
                Region.parse(region)
    return regions


def _used(how: dict) -> list[str]:
    columns = [how.get("mean"), how.get("std"), *how.get("replicates", []), *how.get("bins", [])]
    return [column for column in columns if column is not None]


def _measure(
    frame: pd.DataFrame, targets: dict, where: str
) -> tuple[np.ndarray, list[str], dict[str, np.ndarray]]:
    """Activities, then replicate standard deviations, (n, targets); their names; replicates."""
    activities, deviations, replicates = {}, {}, {}
    for target, how in targets.items():
        numbers = reading.numbers(frame, _used(how), where, missing=True)
        if "replicates" in how:
            replicates[target] = numbers
            activities[target], deviations[target] = summarise_replicates(numbers)
        elif "bins" in how:
            activities[target] = _mean_bin(numbers, frame, where)
        else:
            activities[target] = numbers[:, 0]
        if "std" in how:
            deviations[target] = _positive(numbers[:, 1], how["std"], frame, where)
    values = np.stack([*activities.values(), *deviations.values()], axis=1)
    return values, [*activities, *map(heads.aleatoric, deviations)], replicates


def summarise_replicates(replicates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (ddof 1) over the replicates that are present.

    Parameters
    ----------
    replicates : float array, shape (n, replicates)
        NaN where a replicate is missing.

    Returns
    -------
    mean, std : float arrays, shape (n,)
        NaN where fewer than two replicates are present.
    """
    present = ~np.isnan(replicates)
    count = present.sum(axis=1)
    enough = np.where(count >= MINIMUM_REPLICATES, count, np.nan)
    mean = np.where(present, replicates, 0).sum(axis=1) / enough
    squares = np.where(present, replicates - mean[:, None], 0) ** 2
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


def _splits(
    frame: pd.DataFrame,
    columns: dict[str, str],
    names: np.ndarray,
    codes: np.ndarray,
    seed: int,
    where: str,
) -> np.ndarray:
    groups = reading.texts(frame, columns["group"], where) if "group" in columns else None
    inserts = without_adaptors(codes)
    if "split" not in columns:
        # Equal sequences and reverse complements stay together, whatever their group.
        labels = same_insert(inserts)
        groups = merge_groups(names if groups is None else groups, labels)
        return split_by_group(groups, seed)
    words = reading.texts(frame, columns["split"], where)
    splits = parse_splits(words, f"{where}, column {columns['split']!r}")
    if groups is not None:
        with errors_name(where):
            check_groups(groups, splits)
    found = leaks(names, inserts, splits)
    if len(found):
        log.warning("%s: %s", where, describe_leaks(found))
    return splits
