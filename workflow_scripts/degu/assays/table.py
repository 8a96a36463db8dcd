"""The general door: any TSV or CSV with sequences and measurements or classes, gzip or not."""

from pathlib import Path

import numpy as np
import pandas as pd

from degu import dataset, embeddings, measurements, reading
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


def load(
    files: dict[str, Path],
    seed: int,
    columns: dict[str, str],
    targets: dict[str, dict] | None = None,
    missing: str = "mask",
    splits: dict[str, list[str]] | None = None,
    length: str | dict[str, str] | None = None,
    repeated_names: str = "error",
    classes: dict | None = None,
    inputs: str | dict[str, int] = "sequences",
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
        - {"bins": [column, ...]}: reads in sorted bins (Sort-Seq); the mean bin, from 0;
        - {"measured": False}: not at all, it is for an ensemble to predict.
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
    classes
        Instead of targets: {"column": column, "names": [class, ...]}, the column that holds the
        class of each row, and all classes.
    inputs
        "sequences"; "embeddings", the vectors of the file of that name; or {"kmers": longest},
        vectors of words (`degu.embeddings`).

    Returns
    -------
    records : Records

    Raises
    ------
    InputError
        For whatever cannot be used; it names file, column, row and value.
    """
    path = reading.pick(files, "table")
    used = [column for how in (targets or {}).values() for column in measurements.used(how)]
    used += [classes["column"]] if classes else []
    frame = reading.read_table(path, [*columns.values(), *used])
    steps = [("rows in the table", len(frame))]
    how = {"splits": splits, "length": length, "repeated_names": repeated_names}
    how |= {"classes": classes}
    records = of_frame(frame, path, seed, columns, targets, missing, steps, **how)
    if inputs == "embeddings":
        file = reading.pick(files, "embeddings")
        records.vectors = embeddings.read(file, records.names, records.codes)
    elif inputs != "sequences":
        records.vectors = embeddings.of_kmers(records.codes, inputs["kmers"])
    return records


def of_frame(
    frame: pd.DataFrame,
    path: Path,
    seed: int,
    columns: dict[str, str],
    targets: dict[str, dict] | None,
    missing: str,
    steps: list[tuple[str, int]],
    splits: dict[str, list[str]] | None = None,
    length: str | dict[str, str] | None = None,
    repeated_names: str = "error",
    classes: dict | None = None,
) -> dataset.Records:
    """Turn the cells of a table into records; result and errors are those of `load`.

    Parameters
    ----------
    frame
        Cells; the index tells in errors which row it is.
    path
        The table's file, in errors.
    seed, columns, targets, missing, splits, length, repeated_names, classes
        As of `load`.
    steps
        Rows that were counted before.
    """
    steps = list(steps)
    words = dict(splits or {})
    if "drop" in words:
        dropped = pd.Series(reading.texts(frame, columns["split"], str(path)), frame.index)
        frame = frame[~dropped.isin(words.pop("drop"))]
        steps.append(("rows of splits that are used", len(frame)))
    unmeasured = [target for target, how in (targets or {}).items() if "measured" in how]
    targets = {target: how for target, how in (targets or {}).items() if target not in unmeasured}
    values, value_names, replicates, kept = np.empty((len(frame), 0)), [], {}, slice(None)
    if classes:
        value_names = list(classes["names"])
        values = measurements.measure_classes(frame, classes["column"], value_names, str(path))
    elif targets:
        values, value_names, replicates = measurements.measure(frame, targets, str(path))
    if value_names:
        number = len(targets or value_names)
        kept, kept_steps = measurements.kept(values, value_names, number, missing, frame, str(path))
        frame, values = frame[kept], values[kept]
        steps += kept_steps
        measurements.check_range(values, value_names, frame, str(path))
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
        unmeasured=unmeasured,
        classes=bool(classes),
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
