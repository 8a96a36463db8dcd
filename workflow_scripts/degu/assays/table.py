"""The general door: any TSV or CSV with sequences and measurements, gzip or not."""

import logging
from pathlib import Path

import numpy as np
import pandas as pd

from degu import dataset, heads, reading
from degu.genome import Region
from degu.job import InputError, errors_name, log
from degu.sequences import encode, fit
from degu.splits import (
    SPLITS,
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
# A value that lies farther from the median, in spreads between quartiles, is a slip: squared it
# makes any loss infinite, or drowns all others.
_BEYOND_REASON = 1e6


def load(
    files: dict[str, Path],
    seed: int,
    columns: dict[str, str],
    targets: dict[str, dict],
    missing: str = "mask",
    splits: dict[str, list[str]] | None = None,
    length: str | dict[str, str] | None = None,
    repeated_names: str = "error",
) -> dataset.Records:
    """Read a table of sequences and measurements.

    Parameters
    ----------
    files
        {"table": path}; comma-separated if its name ends in .csv or .csv.gz, else tab-separated.
        Lines that start with # are comments, but for a header.
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
        What becomes of rows that lack a measurement, or whose deviation rests on fewer than two
        replicates: "mask" keeps what is measured, and NaN beside it; "drop" leaves them out;
        "error" refuses them. Rows without any activity are left out by both. All are counted.
    splits
        Words of the split column for each split, beside the usual ones, such as {"train":
        ["pool"]}; rows whose word stands under "drop" are left out, and counted.
    length
        Where lengths differ, how they are made equal (`degu.sequences.fit`).
    repeated_names
        "error", or "number": name, name#2, name#3.

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
    words = dict(splits or {})
    if "drop" in words:
        dropped = pd.Series(reading.texts(frame, columns["split"], str(path)), frame.index)
        frame = frame[~dropped.isin(words.pop("drop"))]
        steps.append(("rows of splits that are used", len(frame)))
    values, value_names, replicates = _measure(frame, targets, str(path))
    kept, kept_steps = _kept(values, value_names, len(targets), missing, frame, str(path))
    frame, values = frame[kept], values[kept]
    steps += kept_steps
    _check_range(values, value_names, frame, str(path))
    names = _names(frame, columns, repeated_names, str(path))
    sequences = reading.texts(frame, columns["sequence"], str(path)).tolist()
    with errors_name(path):
        codes = encode(fit(sequences, length) if length else sequences, names.tolist())
    return dataset.Records(
        names=names,
        codes=codes,
        targets=values.astype(np.float32),
        target_names=value_names,
        splits=_splits(frame, columns, names, codes, seed, words, str(path)),
        steps=steps,
        replicates={target: numbers[kept] for target, numbers in replicates.items()},
        masked=missing == "mask",
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


def _names(frame: pd.DataFrame, columns: dict[str, str], repeated: str, where: str) -> np.ndarray:
    if "name" not in columns:
        return np.array([f"row{number}" for number in frame.index])
    names = reading.texts(frame, columns["name"], where)
    if repeated == "number":
        return reading.numbered(names)
    twice = pd.Series(names).duplicated()
    if twice.any():
        raise InputError(
            f"{where}: the name {str(names[twice][0])!r} stands on several rows ({twice.sum()} "
            "repeated in all): names must be unique; `repeated_names: number` makes them so."
        )
    return names


def _kept(
    values: np.ndarray,
    names: list[str],
    activities: int,
    missing: str,
    frame: pd.DataFrame,
    where: str,
) -> tuple[np.ndarray, list[tuple[str, int]]]:
    """Rows that are kept, bool (n,), and counts of what lacks; `activities` come first of all."""
    lacks = np.isnan(values)
    if missing == "error" and lacks.any():
        row, column = np.argwhere(lacks)[0]
        raise InputError(
            f"{where}, row {frame.index[row]}: target {names[column]!r} is missing, or rests on "
            f"fewer than {MINIMUM_REPLICATES} replicates; 'missing: mask' learns what is measured, "
            "'missing: drop' leaves such rows out."
        )
    dropped = lacks[:, :activities].all(axis=1) if missing == "mask" else lacks.any(axis=1)
    what = "a measurement" if missing == "mask" else "all measurements"
    absent = dict(zip(names, lacks.sum(axis=0), strict=True))
    counts = ", ".join(f"{number:,} lack {name!r}" for name, number in absent.items() if number)
    if dropped.all():
        needed = (
            f" (a deviation takes {MINIMUM_REPLICATES} replicates)"
            if activities < len(names)
            else ""
        )
        raise InputError(
            f"{where} has no row with {what}: of {len(lacks):,} rows {counts}{needed}."
        )
    number = int((~dropped).sum())
    level = logging.WARNING if dropped.mean() > 0.5 else logging.INFO
    log.log(
        level,
        "%s: kept %s of %s rows%s",
        where,
        f"{number:,}",
        f"{len(lacks):,}",
        counts and f": {counts}",
    )
    steps = [(f"rows with {what}", number)]
    if missing == "mask" and lacks[~dropped].any():
        of_kept = (~lacks[~dropped]).sum(axis=0)
        steps += [(f"rows with {name}", int(n)) for name, n in zip(names, of_kept, strict=True)]
    return ~dropped, steps


def _check_range(values: np.ndarray, names: list[str], frame: pd.DataFrame, where: str) -> None:
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
            std = _positive(numbers[:, 1], how["std"], frame, where)
            deviations[target] = np.where(np.isnan(activities[target]), np.nan, std)
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


def _splits(
    frame: pd.DataFrame,
    columns: dict[str, str],
    names: np.ndarray,
    codes: np.ndarray,
    seed: int,
    words: dict[str, list[str]],
    where: str,
) -> np.ndarray:
    groups = reading.texts(frame, columns["group"], where) if "group" in columns else None
    inserts = without_adaptors(codes)
    if "split" not in columns:
        # Equal sequences and reverse complements stay together, whatever their group.
        labels = same_insert(inserts)
        groups = merge_groups(names if groups is None else groups, labels)
        splits = split_by_group(groups, seed)
        if len(set(splits)) < len(SPLITS):
            what = f"groups (column {columns['group']!r})" if "group" in columns else "sequences"
            raise InputError(
                f"{where} has {len(set(groups))} {what}, too few to be split at random into "
                f"{', '.join(SPLITS)}: ten or more are needed, or a column of splits."
            )
        return splits
    found = reading.texts(frame, columns["split"], where)
    splits = parse_splits(found, f"{where}, column {columns['split']!r}", words)
    if groups is not None:
        with errors_name(where):
            check_groups(groups, splits)
    found = leaks(names, inserts, splits)
    if len(found):
        log.warning("%s: %s", where, describe_leaks(found))
    return splits
