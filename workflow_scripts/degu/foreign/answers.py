"""Answers of a foreign ensemble: tables or arrays, with the ids of a request.

A table (TSV, CSV, gzip or not, or Parquet) has a row for each sequence and member: `id`, `member`,
and a column an activity. An HDF5 file has the array `predictions` (members, n, activities), and the
lists `id`, `member` and `activity`. An answer may be in several files, in any order of rows.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from degu import reading
from degu.foreign.requests import Request
from degu.job import InputError, log

_HDF5 = (".h5", ".hdf5")
_ROWS = 200_000


class Block(NamedTuple):
    """Rows of an answer: ids and members (n,), predictions (n, activities); where, for errors."""

    ids: np.ndarray
    members: np.ndarray
    values: np.ndarray
    where: str


class Answers(NamedTuple):
    """Predictions of all members.

    Attributes
    ----------
    members : list of str
        Names, as they first stand in the files.
    predictions : float32 array, shape (members, n, activities)
        In the order of the request.
    known : float32 array, shape (members, activities), or None
        Predictions for the sequence whose predictions are known, if there is one.
    """

    members: list[str]
    predictions: np.ndarray
    known: np.ndarray | None


def read(paths: Sequence[str | Path], request: Request, members: int) -> Answers:
    """Read an answer to a request.

    Parameters
    ----------
    paths
        Its files.
    request
        Request.
    members
        Number of members that answer.

    Raises
    ------
    InputError
        For an answer to another request, ids that are missing, unknown or there twice, another
        number of members, values that are not finite, or a file that cannot be read.
    """
    shape = members, len(request.ids), len(request.activities)
    predictions, seen = np.full(shape, np.nan, np.float32), np.zeros(shape[:2], bool)
    index, numbers = pd.Index(request.ids), {}
    for path in map(Path, paths):
        for block in _blocks(path, request.activities):
            rows = index.get_indexer(block.ids)
            _check_ids(block, rows, request.digest)
            for name in pd.unique(block.members):
                _add_member(numbers, str(name), members, block.where)
            of = pd.Series(block.members).map(numbers).to_numpy()
            _check_values(block, request.activities)
            _check_once(block, of, rows, seen)
            predictions[of, rows], seen[of, rows] = block.values, True
        log.info("%s: %d of %d predictions are there", path, seen.sum(), seen.size)
    names = [*numbers]
    _check_whole(seen, names, request.ids, members)
    n = request.number
    return Answers(names, predictions[:, :n], predictions[:, n] if n < shape[1] else None)


def _blocks(path: Path, activities: Sequence[str]) -> Iterator[Block]:
    if path.suffix in _HDF5:
        return _of_hdf5(path, activities)
    return (_of_parquet if path.suffix == ".parquet" else _of_text)(path, activities)


def _of_text(path: Path, activities: Sequence[str]) -> Iterator[Block]:
    for frame in reading.blocks(path, ["id", "member", *activities], _ROWS):
        ids, members = (reading.texts(frame, key, str(path)) for key in ("id", "member"))
        # A value that is not finite is told with its id and member.
        values = reading.numbers(frame, activities, str(path), missing=True)
        yield Block(ids, members, values, str(path))


def _of_parquet(path: Path, activities: Sequence[str]) -> Iterator[Block]:
    try:
        file = parquet.ParquetFile(path)
        _check_columns(path, file.schema_arrow.names, ["id", "member", *activities])
        for batch in file.iter_batches(_ROWS, columns=["id", "member", *activities]):
            frame = batch.to_pandas()
            ids, members = (frame[key].astype(str).to_numpy() for key in ("id", "member"))
            values = reading.numbers(frame, activities, str(path), missing=True)
            yield Block(ids, members, values, str(path))
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} is no whole Parquet file: {error}.") from error


def _of_hdf5(path: Path, activities: Sequence[str]) -> Iterator[Block]:
    try:
        with h5py.File(path) as file:
            _check_columns(path, list(file), ["predictions", "id", "member", "activity"])
            lists = {key: file[key].asstr()[:] for key in ("id", "member", "activity")}
            values, shape = file["predictions"], tuple(map(len, lists.values()))
            if values.shape != (shape[1], shape[0], shape[2]):
                raise InputError(
                    f"{path}: predictions have the shape {values.shape}, but there are {shape[1]} "
                    f"members, {shape[0]} ids and {shape[2]} activities."
                )
            _check_columns(path, lists["activity"].tolist(), activities)
            columns = [lists["activity"].tolist().index(activity) for activity in activities]
            for name, member in zip(lists["member"], values, strict=True):
                yield Block(lists["id"], np.repeat(name, shape[0]), member[:, columns], str(path))
    except (OSError, TypeError) as error:
        raise InputError(f"{path} is no whole HDF5 file of an answer: {error}.") from error


def _check_columns(path: Path, found: Sequence[str], needed: Sequence[str]) -> None:
    absent = [name for name in needed if name not in found]
    if absent:
        raise InputError(f"{path} has no {absent[0]!r}: it has {', '.join(found) or 'nothing'}.")


def _check_ids(block: Block, rows: np.ndarray, digest: str) -> None:
    if (rows >= 0).all():
        return
    unknown = str(block.ids[np.argmax(rows < 0)])
    other = unknown.rpartition("_")[0]
    if other and other != digest:
        raise InputError(
            f"{block.where} answers another request: its ids start with {other!r}, those of this "
            f"one with {digest!r}. The request was made again since, for other sequences, "
            "activities, order or check: predict the new one."
        )
    raise InputError(
        f"{block.where} has the id {unknown!r}, which the request has not: ids are those of its "
        "column id, letter by letter."
    )


def _add_member(numbers: dict[str, int], name: str, members: int, where: str) -> None:
    if name not in numbers and len(numbers) == members:
        raise InputError(
            f"{where} has the member {name!r} beside {', '.join(numbers)}: predictions.members of "
            f"the recipe is {members}."
        )
    numbers.setdefault(name, len(numbers))


def _check_values(block: Block, activities: Sequence[str]) -> None:
    wrong = ~np.isfinite(block.values)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InputError(
            f"{block.where}: {activities[column]!r} of the member {str(block.members[row])!r} for "
            f"{str(block.ids[row])!r} is {block.values[row, column]}: a finite number is needed."
        )


def _check_once(block: Block, of: np.ndarray, rows: np.ndarray, seen: np.ndarray) -> None:
    flat = of * seen.shape[1] + rows
    twice = seen[of, rows] | pd.Series(flat).duplicated().to_numpy()
    if twice.any():
        row = int(np.argmax(twice))
        raise InputError(
            f"{block.where}: the member {str(block.members[row])!r} answers "
            f"{str(block.ids[row])!r} twice."
        )


def _check_whole(seen: np.ndarray, names: Sequence[str], ids: np.ndarray, members: int) -> None:
    """All members are there, and answer all ids."""
    if len(names) < members:
        some = f"{', '.join(names)} alone" if names else "none"
        raise InputError(
            f"The answer has {len(names)} of {members} members (predictions.members of the "
            f"recipe): {some}. The spread of an ensemble needs two or more."
        )
    for name, member in zip(names, seen, strict=True):
        if not member.all():
            first = str(ids[np.argmin(member)])
            others = " Other members answer it." if seen[:, np.argmin(member)].any() else ""
            raise InputError(
                f"The member {name!r} does not answer {(~member).sum():,} of {len(ids):,} ids, the "
                f"first of them {first!r}.{others}"
            )
