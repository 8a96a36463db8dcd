"""Rows of raw files, text or workbook, and errors that say where something is wrong."""

import csv
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from degu import text
from degu.job import InputError, log

ABSENT = ("", "NA", "NaN", "nan", "N/A", "NULL")
# What else than the expected delimiter may stand between titles.
_DELIMITERS = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "bars", " ": "blanks"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BROKEN = (OSError, EOFError, zlib.error)
_BROKEN_WORKBOOK = (OSError, EOFError, zlib.error, zipfile.BadZipFile, InvalidFileException)


def pick(files: Mapping[str, Path], key: str) -> Path:
    """Return a file by its key; an absent one is an `InputError`."""
    if key not in files:
        raise InputError(f"There is no file {key!r}: given are {', '.join(files) or 'none'}.")
    return Path(files[key])


def text_lines(path: Path) -> Iterator[str]:
    """Give the lines of a text file, with their ends; gzip by its first bytes.

    Raises
    ------
    InputError
        For a file that is no UTF-8 text, or cannot be read to its end, such as a truncated gzip.
    """
    number = 0
    try:
        with path.open("rb") as raw:
            first = raw.read(8)
        text.check_kind(first, path)
        packed = first.startswith(b"\x1f\x8b")
        with (gzip.open if packed else open)(path, "rt", encoding="utf-8-sig", newline="") as file:
            for line in file:
                yield line
                number += 1
    except UnicodeDecodeError as error:
        raise InputError(f"{path}, after row {number}: {text.no_utf8(error)}.") from error
    except _BROKEN as error:
        raise InputError(f"{path} cannot be read after row {number}: {error}.") from error


def text_rows(path: Path) -> Iterator[list[str]]:
    """Give the rows of a text file: commas in *.csv, otherwise tabs; gzip by its first bytes.

    Raises
    ------
    InputError
        From `text_lines`, and for a row that is none.
    """
    tabs = {"delimiter": "\t", "quoting": csv.QUOTE_NONE}
    style = {"delimiter": ","} if ".csv" in path.suffixes else tabs
    number = 0
    try:
        for row in csv.reader(text_lines(path), **style):
            yield row
            number += 1
    except csv.Error as error:
        raise InputError(f"{path} cannot be read after row {number}: {error}.") from error


def sheet_rows(path: Path, sheet: str) -> Iterator[list]:
    """Give the rows of one sheet of a workbook (.xlsx).

    Raises
    ------
    InputError
        For a file that is no whole workbook, or that lacks the sheet.
    """
    try:
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            if sheet not in book.sheetnames:
                raise InputError(
                    f"{path} has no sheet {sheet!r}: its sheets are {', '.join(book.sheetnames)}."
                )
            # Some programs declare too few columns; undeclared, rows end at their last cell.
            book[sheet].reset_dimensions()
            width = 0
            for row in book[sheet].iter_rows(values_only=True):
                width = max(width, len(row))
                yield [*row, *[None] * (width - len(row))]
    except (*_BROKEN_WORKBOOK, KeyError) as error:
        raise InputError(f"{path} is not a whole workbook (.xlsx): {error}.") from error


def table(rows: Iterator[Sequence], where: str, first: str, columns: Sequence[str]) -> pd.DataFrame:
    """Collect columns of rows whose header may follow lines of remarks.

    Parameters
    ----------
    rows
        As `text_rows` or `sheet_rows` give them.
    where
        Name of the file, or of the sheet, in errors.
    first
        The first row whose first cell is this title is the header; case and a leading # are
        ignored in all titles.
    columns
        Titles to keep. One that ends in * stands for every title that starts so.

    Returns
    -------
    frame : DataFrame
        Cells as they stand. Columns are named as asked for, those found with * by their own titles
        in lower case; the index is the row's number in the file, from 1.

    Raises
    ------
    InputError
        For no header, no rows under it, a column that is missing or twice there, or a row that is
        shorter or longer than the header.
    """
    numbered = enumerate(rows, 1)
    row = _header(numbered, where, first, columns)
    frame = _collect(numbered, row, where, columns)
    if frame.empty:
        raise InputError(f"{where} has no rows under its header.")
    return frame


def blocks(path: Path, columns: Sequence[str], size: int = 200_000) -> Iterator[pd.DataFrame]:
    """Give columns of a text file as `table` does, so many rows at a time.

    The header is the first row with several cells.
    """
    where, numbered = str(path), enumerate(text_rows(path), 1)
    row = _header(numbered, where, [*titles_of(header(path)), ""][0], columns)
    while some := list(islice(numbered, size)):
        yield _collect(some, row, where, columns)


def header(path: Path) -> list[str]:
    """Return the first row of a text file that has several cells; an empty list without one."""
    return next((row for row in text_rows(path) if len(titles_of(row)) > 1), [])


def _header(
    numbered: Iterator[tuple[int, Sequence]], where: str, first: str, columns: Sequence[str]
) -> Sequence:
    """Go to the row whose first title is `first`, and return it."""
    start: Sequence = []
    for _, row in numbered:
        titles = titles_of(row)
        if titles[:1] == [first.casefold()]:
            return row
        start = start or (row if titles else [])
    raise InputError(f"{where} {_without_header(start, first, columns)}.")


def _collect(
    numbered: Iterable[tuple[int, Sequence]], header: Sequence, where: str, columns: Sequence[str]
) -> pd.DataFrame:
    """Collect columns of numbered rows under a header."""
    places, width = _places(header, columns, where), len(titles_of(header))
    index, kept = [], []
    for number, row in numbered:
        if not any(cell not in (None, "") for cell in row):
            continue
        if len(row) < width or any(cell not in (None, "") for cell in row[width:]):
            raise InputError(f"{where}, row {number}: {len(row)} cells under a header of {width}.")
        index.append(number)
        kept.append([row[place] for place in places.values()])
    return pd.DataFrame(kept, index=index, columns=list(places))


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Collect columns of a text file, gzip or not, whose header is its first row.

    Lines that start with # are comments, but for the header. Result and errors are those of
    `table`.
    """
    wanted = set(titles_of(columns))

    def is_remark(row: list[str]) -> bool:
        return row[0].startswith("#") and not wanted <= set(titles_of(row))

    # A comment becomes an empty row, so that errors still count the rows of the file.
    rows = [[] if row and is_remark(row) else row for row in text_rows(path)]
    header = next((row for row in rows if row), None)
    if header is None:
        raise InputError(f"{path} is empty: a header line and rows are needed.")
    first = [*titles_of(header), ""][0]
    return table(iter(rows), str(path), first, list(dict.fromkeys(columns)))


def titles_of(row: Sequence) -> list[str]:
    """Titles of a header, as they are compared: in lower case, without a leading #."""
    titles = [" ".join(str(cell or "").lstrip("#").split()).casefold() for cell in row]
    while titles and not titles[-1]:
        titles.pop()
    return titles


def _without_header(start: Sequence, first: str, columns: Sequence[str]) -> str:
    """Say why no row is the header, from the first row that is not empty."""
    why = other_delimiter(start)
    if not start:
        why = ". The file is empty"
    elif str(start[0]).startswith("##fileformat=VCF"):
        why = ". The file is a VCF, and no table"
    needed = ", ".join(dict.fromkeys([first, *columns]))
    return f"has no header: no row starts with {first!r}; the columns {needed} are needed{why}"


def other_delimiter(row: Sequence) -> str:
    """Say by what the titles of a row that is a single cell seem to be separated."""
    only = str(row[0]) if len(row) == 1 else ""
    found = next((name for mark, name in _DELIMITERS.items() if mark in only), None)
    if found is None:
        return ""
    return (
        f". That row is one cell with {found} in it: a file whose name ends in .csv has commas "
        "between cells, any other has tabs"
    )


def _places(row: Sequence, columns: Sequence[str], where: str) -> dict[str, int]:
    places, titles = {}, titles_of(row)
    for column in columns:
        wanted = column.casefold().rstrip("*")
        if column.endswith("*"):
            found = {title: place for place, title in enumerate(titles) if title.startswith(wanted)}
        else:
            found = {column: titles.index(wanted)} if wanted in titles else {}
        if not found:
            raise InputError(
                f"{where} has no column {column!r}: it has {', '.join(titles)}"
                f"{other_delimiter(row)}."
            )
        if any(titles.count(titles[place]) > 1 for place in found.values()):
            raise InputError(f"{where} has the column {column!r} more than once.")
        places |= found
    return places


def texts(frame: pd.DataFrame, column: str, where: str, missing: bool = False) -> np.ndarray:
    """Return a column as stripped strings; `InputError` for an empty cell or control characters.

    With `missing`, an empty cell and NA are "".
    """
    values = ["" if pd.isna(cell) else str(cell).strip() for cell in frame[column]]
    if missing:
        values = ["" if value in ABSENT else value for value in values]
    elif "" in values:
        raise InputError(
            f"{where}, row {frame.index[values.index('')]}: {column!r} is empty, text is needed."
        )
    controls = (place for place, value in enumerate(values) if _CONTROL.search(value))
    if (place := next(controls, None)) is not None:
        raise InputError(
            f"{where}, row {frame.index[place]}: {column!r} is {values[place]!r}, with a control "
            "character, text is needed."
        )
    return np.array(values)


def numbered(names: np.ndarray) -> np.ndarray:
    """Tell repeated names apart: name, name#2, name#3."""
    before = pd.Series(names).groupby(names).cumcount().to_numpy()
    if before.any():
        log.info("%d rows repeat a name: #2, #3, ... follow it.", np.count_nonzero(before))
    return np.array(
        [f"{name}#{n + 1}" if n else name for name, n in zip(names, before, strict=True)]
    )


def numbers(
    frame: pd.DataFrame, columns: Sequence[str], where: str, missing: bool = False
) -> np.ndarray:
    """Return columns as float64, shape (rows, columns).

    With `missing`, an empty cell and NA are NaN; otherwise they raise `InputError`, as everything
    does that is not a finite number.
    """
    result = np.empty((len(frame), len(columns)))
    for place, column in enumerate(columns):
        cells = frame[column]
        result[:, place] = pd.to_numeric(cells, errors="coerce")
        absent = (cells.isna() | cells.isin(ABSENT)).to_numpy()
        wrong = ~np.isfinite(result[:, place]) & ~(absent & missing)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise InputError(
                f"{where}, row {frame.index[row]}: {column!r} is {cells.iloc[row]!r}, "
                "a finite number is needed" + (" (or NA)." if missing else ".")
            )
    return result


def positions(frame: pd.DataFrame, column: str, where: str) -> np.ndarray:
    """Return a column of positions, whole numbers from 1, as int64 (rows,)."""
    values = numbers(frame, [column], where)[:, 0]
    wrong = (values < 1) | (values % 1 != 0) | (values > np.iinfo(np.int32).max)
    if wrong.any():
        row = frame.index[np.argmax(wrong)]
        raise InputError(
            f"{where}, row {row}: {column!r} is {frame.at[row, column]!r}, a whole number from 1 "
            "to the end of the chromosome is needed."
        )
    return values.astype(np.int64)


def check_unique(frame: pd.DataFrame, columns: Sequence[str], where: str) -> None:
    """Raise `InputError` where two rows agree in all of some columns."""
    repeated = frame.duplicated(list(columns), keep=False).to_numpy()
    if repeated.any():
        value = frame.loc[repeated, list(columns)].iloc[0]
        rows = frame.index[(frame[list(columns)] == value).all(axis=1)]
        raise InputError(
            f"{where}, rows {', '.join(map(str, rows))}: all have "
            f"{', '.join(f'{key} {cell}' for key, cell in value.items())}; one row is allowed."
        )


def check_counts(
    found: Mapping[str, int], expect: Mapping[str, int] | None, reported: Mapping[str, int] | None
) -> None:
    """Compare what was counted with what is known of a data set.

    Parameters
    ----------
    found
        The counts of this run.
    expect
        Counts that must hold: another number is an `InputError`.
    reported
        Counts that were published: another number is a warning in the log.
    """
    for known in (expect or {}, reported or {}):
        for name, count in known.items():
            if name not in found:
                raise InputError(f"Nothing counts {name!r}: counted are {', '.join(found)}.")
            if found[name] == count:
                continue
            message = f"{name}: {found[name]:,} were found, {count:,} are expected."
            if known is expect:
                raise InputError(message)
            log.warning(message)
