"""lentiMPRA of one cell line: supplementary workbooks, or the HDF5 file of the DEGU authors."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from degu import heads
from degu.dataset import Records
from degu.job import InputError, log
from degu.reading import check_counts, check_unique, numbers, pick, sheet_rows, table, texts
from degu.sequences import encode, reverse_complement
from degu.splits import (
    SPLITS,
    describe_leaks,
    leaks,
    merge_groups,
    parse_splits,
    refuse_leaks,
    same_insert,
    split_by_group,
)

ADAPTOR = 15
"""Bases at either end that are not part of the element and are never reversed."""
TARGETS = ["activity", heads.aleatoric("activity")]

_REVERSED = re.compile(r"(.+)_Reversed(?:_0)?:?")
_SEQUENCE = "230nt sequence"
_CONTRADICTIONS = "pairs that are not reverse complements"
_REPLICATE = "replicate_"
_CHUNK = 10_000
# Replicates and their mean are rounded to 3 decimals each.
_ROUNDING = 1e-3 + 1e-9


def load(
    files: Mapping[str, Path],
    seed: int,
    *,
    source: str,
    aleatoric: bool,
    min_replicates: int = 2,
    sequence_sheet: str = "",
    activity_sheet: str = "",
    expect: Mapping[str, Mapping[str, int]] | None = None,
    reported: Mapping[str, Mapping[str, int]] | None = None,
) -> Records:
    """Read one cell line (Methods, "Data"; specification, Data).

    The activity is the mean over replicates, the aleatoric target their standard deviation (ddof
    1). Sequences are kept whole, 230 bases with adaptors. The split is made once, over all
    sequences of the library, so that data sets with and without the aleatoric target share it; an
    element, its reverse, and all that has the same insert lie in one split.

    Parameters
    ----------
    files
        Files by role.
    seed
        Seed of the split.
    source
        "workbook": the files "sequences" and "activity", Supplementary Tables 3 and 4 of Agarwal et
        al. (.xlsx), split here without leaks; or "hdf5": the file "hdf5" of the DEGU authors
        (`load_hdf5`), whose own split is kept.
    aleatoric
        Whether the aleatoric target is needed, and with it several replicates.
    min_replicates
        Fewest replicates for an aleatoric target, at least 2.
    sequence_sheet, activity_sheet
        Sheets of the two workbooks, such as "K562 large-scale" and "K562_summary_data".
    expect, reported
        Counts that must hold, and counts to warn about, by source: keys are steps of the result.

    Returns
    -------
    records : Records
        Steps: "rows", what is left by "std not NaN" ("mean not NaN" without the aleatoric target)
        and "name has sequence"; counted of these "reverse rows", "reverse without measured
        forward" (kept), "pairs" and "others"; and, of the whole library, "pairs that are not
        reverse complements", which must be 0 unless `expect` has its number.

    Raises
    ------
    InputError
        For files that are not as described, an activity that is not the mean of its replicates,
        another count than expected, or a sequence that two splits share.
    """
    expect, reported = ((counts or {}).get(source, {}) for counts in (expect, reported))
    if source == "hdf5":
        return load_hdf5(pick(files, "hdf5"), aleatoric, expect, reported)
    if min_replicates < 2:
        raise InputError(f"min_replicates is {min_replicates}: a deviation needs at least 2.")
    names, codes = _sequences(pick(files, "sequences"), sequence_sheet)
    elements, is_reverse = pairs(names)
    groups = merge_groups(elements, same_insert(codes[:, ADAPTOR:-ADAPTOR]))
    splits = split_by_group(groups, seed)
    mispaired = _mispaired(names, codes, elements, is_reverse)
    activity = _activity(pick(files, "activity"), activity_sheet)

    steps = [("rows", len(activity))]
    activity = activity[activity["replicates"] >= (min_replicates if aleatoric else 1)]
    steps.append(("std not NaN" if aleatoric else "mean not NaN", len(activity)))
    place = pd.Index(names).get_indexer(activity["name"])
    activity, place = activity[place >= 0], place[place >= 0]
    steps.append(("name has sequence", len(activity)))
    names, codes, elements, splits = names[place], codes[place], elements[place], splits[place]
    groups = groups[place]
    steps += _count_pairs(names, elements, is_reverse[place]).items()
    steps.append((_CONTRADICTIONS, len(mispaired)))
    if mispaired and _CONTRADICTIONS not in expect:
        raise InputError(
            f"{len(mispaired)} pairs are not reverse complements between equal adaptors, the "
            f"first: {mispaired[0][0]!r} and {mispaired[0][1]!r}."
        )
    check_counts(dict(steps), expect, reported)
    refuse_leaks(names, codes[:, ADAPTOR:-ADAPTOR], splits, elements)
    targets = TARGETS[: 1 + aleatoric]
    return Records(
        names,
        codes,
        activity[targets].to_numpy(np.float32),
        targets.copy(),
        splits,
        steps,
        {TARGETS[0]: activity.filter(regex=f"^{_REPLICATE}").to_numpy()},
        units=groups,
    )


def pairs(names: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tell reverses from their names.

    Parameters
    ----------
    names : str array, shape (n,)

    Returns
    -------
    elements : str array, shape (n,)
        The names without a last _Reversed, _Reversed_0 or _Reversed: and so those of the forwards.
    is_reverse : bool array, shape (n,)
    """
    matches = [_REVERSED.fullmatch(name) for name in names]
    elements = [match[1] if match else name for match, name in zip(matches, names, strict=True)]
    return np.array(elements), np.array([match is not None for match in matches])


def load_hdf5(
    path: Path,
    aleatoric: bool,
    expect: Mapping[str, int] | None = None,
    reported: Mapping[str, int] | None = None,
) -> Records:
    """Read the processed file of the DEGU authors: {Train,Val,Test}/X one-hot, y activity and SD.

    It has no names: sequences are called by split and number. Its split is kept as it is; what
    leaks in it is reported in the log. Arguments and errors are those of `load`.
    """
    columns = 1 + aleatoric
    try:
        with h5py.File(path) as file:
            parts = {
                split: _part(file[group], columns, f"{path}, group {group!r}")
                for group, split in zip(file, parse_splits(list(file), str(path)), strict=True)
            }
    except OSError as error:
        raise InputError(f"{path} is not a whole HDF5 file: {error}.") from error
    if set(parts) != set(SPLITS):
        raise InputError(f"{path} has groups for {', '.join(parts)}: Train, Val, Test are needed.")
    counts = {split: len(parts[split][0]) for split in SPLITS}
    check_counts(counts, expect, reported)
    splits = np.repeat(SPLITS, list(counts.values()))
    names = np.array([f"{split}_{row}" for split in SPLITS for row in range(counts[split])])
    codes, targets = (np.concatenate([parts[split][i] for split in SPLITS]) for i in (0, 1))
    found = leaks(names, codes[:, ADAPTOR:-ADAPTOR], splits)
    if len(found):
        log.warning("%s: %s", path, describe_leaks(found))
    steps = [("rows", len(names)), *counts.items()]
    units = same_insert(codes[:, ADAPTOR:-ADAPTOR])
    return Records(names, codes, targets, TARGETS[:columns], splits, steps, units=units)


def _part(group: h5py.Group, columns: int, where: str) -> tuple[np.ndarray, np.ndarray]:
    missing = [key for key in ("X", "y") if key not in group]
    if missing:
        raise InputError(f"{where} has no data set {missing[0]!r}: it has {', '.join(group)}.")
    sequences, y = group["X"], group["y"]
    if sequences.ndim != 3 or sequences.shape[2] != 4:
        raise InputError(f"{where}: X has shape {sequences.shape}, (n, length, 4) is needed.")
    if y.dtype.kind not in "fiu":
        raise InputError(f"{where}: y holds {y.dtype}, numbers are needed.")
    if len(y) != len(sequences) or y.ndim > 2 or (y.shape[1] if y.ndim == 2 else 1) < columns:
        raise InputError(
            f"{where}: y has shape {y.shape}, ({len(sequences)}, at least {columns}) is needed."
        )
    codes = np.concatenate([*_decode(sequences, where)])
    return codes, y[:].reshape(len(y), -1)[:, :columns].astype(np.float32)


def _decode(sequences: h5py.Dataset, where: str) -> Iterator[np.ndarray]:
    for start in range(0, len(sequences), _CHUNK):
        rows = sequences[start : start + _CHUNK]
        total = rows.sum(axis=2)
        wrong = ~np.isin(rows, (0, 1)).all(axis=2) | (total > 1)
        if wrong.any():
            row, position = np.argwhere(wrong)[0]
            raise InputError(
                f"{where}: X[{start + row}, {position}] is {rows[row, position].tolist()}: one 1 "
                "or, for N, none is allowed."
            )
        yield np.where(total == 1, rows.argmax(axis=2), 4).astype(np.uint8)


def _sequences(path: Path, sheet: str) -> tuple[np.ndarray, np.ndarray]:
    where = f"{path}, sheet {sheet!r}"
    frame = table(sheet_rows(path, sheet), where, "name", ["name", f"{_SEQUENCE}*"])
    check_unique(frame, ["name"], where)
    names = texts(frame, "name", where)
    codes = encode(texts(frame, frame.columns[1], where), names.tolist())
    if codes.shape[1] <= 2 * ADAPTOR:
        raise InputError(
            f"{where}: sequences have {codes.shape[1]} bases, more than two adaptors of {ADAPTOR} "
            "are needed."
        )
    return names, codes


def _activity(path: Path, sheet: str) -> pd.DataFrame:
    """Return name, activity, its deviation, the number of replicates, and the replicates."""
    where = f"{path}, sheet {sheet!r}"
    frame = table(sheet_rows(path, sheet), where, "name", ["name", "replicate*", "mean"])
    check_unique(frame, ["name"], where)
    replicates = frame.columns[frame.columns.str.startswith("replicate")]
    values = pd.DataFrame(numbers(frame, replicates, where, missing=True))
    mean = values.mean(axis=1).to_numpy()
    stated = numbers(frame, ["mean"], where, missing=True)[:, 0]
    wrong = ~np.isclose(mean, stated, rtol=0, atol=_ROUNDING, equal_nan=True)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            f"{where}, row {frame.index[row]}: 'mean' is {stated[row]:g}, but that of its "
            f"{values.iloc[row].count()} replicates is {mean[row]:g}; 0.001 apart is allowed."
        )
    spread = values.std(axis=1, ddof=1)
    result = {"name": texts(frame, "name", where), "replicates": values.count(axis=1)}
    result |= dict(zip(TARGETS, (mean, spread), strict=True))
    return pd.DataFrame(result).join(values.add_prefix(_REPLICATE))


def _mispaired(
    names: np.ndarray, codes: np.ndarray, elements: np.ndarray, is_reverse: np.ndarray
) -> list[tuple[str, str]]:
    """Names of forwards and reverses whose sequences contradict them."""
    forward = pd.Index(names).get_indexer(elements)
    rows = np.flatnonzero(is_reverse & (forward >= 0))
    expected = codes[forward[rows]]
    insert = slice(ADAPTOR, -ADAPTOR)
    expected[:, insert] = reverse_complement(expected[:, insert])
    wrong = rows[(codes[rows] != expected).any(axis=1)]
    return [(str(elements[row]), str(names[row])) for row in wrong]


def _count_pairs(names: np.ndarray, elements: np.ndarray, is_reverse: np.ndarray) -> dict[str, int]:
    alone = int((is_reverse & ~np.isin(elements, names)).sum())
    reverse = int(is_reverse.sum())
    return {
        "reverse rows": reverse,
        "reverse without measured forward": alone,
        "pairs": reverse - alone,
        "others": len(names) - 2 * (reverse - alone),
    }
