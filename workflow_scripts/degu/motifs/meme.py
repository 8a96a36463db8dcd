"""Motif files in MEME's text format: DNA, or RNA whose U is read as T."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from degu.job import InputError, atomic
from degu.reading import text_lines

# Alphabets that are read, as the header writes them.
_ALPHABETS = {"ACGT": False, "ACGU": True, "DNA": False, "RNA": True}
# Largest distance from 1 of the probabilities of a position: files round them.
_ROUNDED = 0.02


class Motifs(NamedTuple):
    """Motifs of a file.

    Attributes
    ----------
    matrices : dict of name to float array, shape (width, 4)
        Probabilities of A, C, G and T (or U) at each position.
    titles : dict of name to str
        Second name of each motif, such as that of a factor; the name itself where there is none.
    both_strands : bool
        Whether a motif matches either strand: not of RNA, nor where the file has one strand alone.
    """

    matrices: dict[str, np.ndarray]
    titles: dict[str, str]
    both_strands: bool


def read(path: str | Path) -> Motifs:
    """Read all motifs of a file.

    Raises
    ------
    InputError
        For a file that is not in MEME's text format, has no motif, or one of another alphabet than
        DNA or RNA; for a name that stands twice, and for positions that are no probabilities.
    """
    lines = [line.strip() for line in text_lines(Path(path))]
    if not any(line.startswith("MEME version") for line in lines):
        raise InputError(f"{path} is no motif file in MEME's text format: no line 'MEME version'.")
    is_rna = _is_rna(lines, path)
    matrices, titles = {}, {}
    for number, line in enumerate(lines):
        if not line.startswith("MOTIF"):
            continue
        name, *title = line.split()[1:] or [""]
        where = f"{path}, line {number + 1}: motif {name!r}"
        if not name or name in matrices:
            raise InputError(f"{where} {'stands twice' if name else 'has no name'}.")
        matrices[name] = _matrix(lines[number + 1 :], where)
        titles[name] = " ".join(title) or name
    if not matrices:
        raise InputError(f"{path} has no motif: no line starts with 'MOTIF'.")
    strands = next((line for line in lines if line.startswith("strands:")), "strands: + -")
    return Motifs(matrices, titles, not is_rna and "-" in strands)


def _is_rna(lines: Iterable[str], path: str | Path) -> bool:
    """Whether the header has the letters of RNA; without an alphabet MEME takes DNA."""
    said = next((line for line in lines if line.startswith("ALPHABET")), "ALPHABET= ACGT")
    letters = re.sub(r'^ALPHABET\s*=?\s*"?(\w*).*', r"\1", said).upper()
    if letters not in _ALPHABETS:
        raise InputError(
            f"{path} has motifs of the alphabet {letters!r}: allowed are {', '.join(_ALPHABETS)}."
        )
    return _ALPHABETS[letters]


def _matrix(lines: list[str], where: str) -> np.ndarray:
    """Probabilities of the first motif of some lines."""
    rows, inside = [], False
    for line in lines:
        if line.startswith("MOTIF") or (inside and rows and not _is_numeric(line)):
            break
        if inside and line:
            rows.append([float(word) if _is_number(word) else np.nan for word in line.split()])
        inside = inside or line.startswith("letter-probability matrix")
    if not rows:
        raise InputError(f"{where} has no letter-probability matrix.")
    if {len(row) for row in rows} != {4}:
        raise InputError(f"{where} has rows of other than 4 numbers, one for each of A, C, G, T.")
    matrix = np.array(rows)
    wrong = ~((matrix >= 0).all(axis=1) & (np.abs(matrix.sum(axis=1) - 1) <= _ROUNDED))
    if wrong.any():
        raise InputError(
            f"{where}, position {wrong.argmax() + 1}: {rows[wrong.argmax()]} are no probabilities "
            "that sum to 1."
        )
    return matrix / matrix.sum(axis=1, keepdims=True)


def _is_numeric(line: str) -> bool:
    return bool(line) and _is_number(line.split()[0])


def _is_number(word: str) -> bool:
    return re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", word) is not None


def write(path: str | Path, matrices: Mapping[str, np.ndarray], both_strands: bool) -> None:
    """Write motifs as a file that `read`, and the MEME suite, read.

    Parameters
    ----------
    matrices : dict of name to float array, shape (width, 4)
    both_strands
        Whether a motif matches either strand.
    """
    lines = ["MEME version 4", "", "ALPHABET= ACGT", ""]
    lines += [f"strands: {'+ -' if both_strands else '+'}", ""]
    for name, matrix in matrices.items():
        lines += [f"MOTIF {name}", f"letter-probability matrix: alength= 4 w= {len(matrix)}"]
        lines += [" ".join(f"{value:.6f}" for value in row) for row in matrix]
        lines += [""]
    with atomic(path) as temporary:
        Path(temporary).write_text("\n".join(lines))
