"""A table that nothing is known of yet: its header, and all columns that can be asked for."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu import reading
from degu.job import InputError
from degu.lengths import LEAST

# Cells that are looked at to tell what a column holds, from the first row to the last.
_SAMPLE = 2000
# Least share of letters that are bases in a column of sequences, and of numbers in one of numbers.
_MOST = 0.9
# A number, also one of those that no table may hold: the reader then says which, and where.
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)


class Table(NamedTuple):
    """A table as it stands.

    Attributes
    ----------
    path
        Its file.
    frame
        Cells as text by title; the index is the row in the file, from 1.
    unused
        Why a column cannot be asked for, by its title.
    """

    path: Path
    frame: pd.DataFrame
    unused: dict[str, str]


def read(path: str | Path) -> Table:
    """Read all columns of a TSV or CSV, gzip or not, as `degu.reading.read_table` does.

    Raises
    ------
    InputError
        For whatever is no such table, or cannot be read.
    """
    path = Path(path).resolve()
    if not path.is_file():
        raise InputError(f"{str(path)!r} is {'a folder' if path.is_dir() else 'not there'}.")
    if set("{}") & set(str(path)):
        raise InputError(
            f"{str(path)!r} has braces, which Snakemake reads as wildcards: rename it."
        )
    titles = header(path)
    times = Counter(title.casefold() for title in titles)
    unused = {title: "it has no title" for title in titles if not title}
    unused |= {title: "its title stands twice" for title in titles if times[title.casefold()] > 1}
    unused |= {title: "its title has a *" for title in titles if "*" in title}
    kept = [title for title in titles if title not in unused]
    return Table(path, reading.read_table(path, kept), unused)


def header(path: Path) -> list[str]:
    """Titles of a table as they stand, without blanks around them and a leading #.

    Raises
    ------
    InputError
        For no header, and for files that are no table: VCF, FASTA, another delimiter.
    """
    remark: list[str] = []
    for row in reading.text_rows(path):
        if not any(cell.strip() for cell in row):
            continue
        if row[0].startswith("##fileformat=VCF"):
            raise InputError(f"{path} is a VCF, and no table of sequences and measurements.")
        if row[0].startswith(">"):
            raise InputError(f"{path} is FASTA: a table with measurements beside them is needed.")
        if not row[0].startswith("#"):
            break
        remark = row
    else:
        row = remark
    if not row:
        raise InputError(f"{path} is empty: a header line and rows are needed.")
    # A header that starts with # looks like a remark, and the row below it like a header.
    titled = 1 < len(remark) == len(row) and not any(map(_is_number, remark))
    if titled and any(_is_sequence(cell) or _is_number(cell) for cell in row):
        row = remark
    if any(map(_is_sequence, row)):
        raise InputError(
            f"{path} has no header: the titles of columns are needed above its first row of data."
        )
    if reading.other_delimiter(row):
        raise InputError(f"{path} has one column{reading.other_delimiter(row)}.")
    return [" ".join(cell.lstrip("#").split()) for cell in row]


def sample(column: pd.Series) -> np.ndarray:
    """Cells of a column that are not empty, stripped, at most a few thousand of all of it."""
    cells = np.char.strip(column.fillna("").to_numpy().astype(str))
    cells = cells[~np.isin(cells, reading.ABSENT)]
    return cells[:: max(1, len(cells) // _SAMPLE)]


def length_of_sequences(cells: np.ndarray) -> int:
    """Median length of cells that are sequences; 0 if they are none."""
    letters = "".join(cells).upper()
    bases = sum(map(letters.count, "ACGTUN"))
    return int(np.median(np.char.str_len(cells))) if bases > _MOST * len(letters) else 0


def are_numbers(cells: np.ndarray) -> bool:
    """Whether most cells are numbers."""
    numbers = sum(map(_is_number, cells))
    return len(cells) > 0 and numbers >= _MOST * len(cells)


def words(title: str) -> list[str]:
    """Split a title into words in lower case, and numbers: log2FC_rep1 is log, 2, fc, rep, 1."""
    found = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", title)
    return [word.casefold() for word in found]


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None


def _is_sequence(cell: str) -> bool:
    return len(cell) >= LEAST and not set(cell.strip().upper()) - set("ACGTUN")
