"""Vectors that models take instead of sequences: from a file, or counts of k-mers.

A file of embeddings is HDF5 and holds, in any order of its rows,

/embedding   float16 or wider   (n, width)
/outputs     float16 or wider   (n, outputs), of a teacher (`degu.teachers`), beside or instead
/ids         string             (n,), names of sequences
/hashes      string             (n,), `hashes` of their letters
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from degu import ridge
from degu.job import InputError, atomic
from degu.sequences import decode, encode

KEYS = ("ids", "hashes")
# Rows that are read, or counted, at once.
_ROWS = 8192


def hashes(codes: np.ndarray) -> np.ndarray:
    """Hash sequences: 32 hex digits of the SHA-256 of the letters A C G T N, ends of N left out.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)

    Returns
    -------
    hashes : str array, shape (n,)
        Padded or not, a sequence has one; another strand has another.
    """
    letters = (sequence.strip("N").encode() for sequence in decode(codes))
    return np.array([sha256(sequence).hexdigest()[:32] for sequence in letters])


def write(
    path: str | Path,
    ids: Sequence[str],
    sequences: Sequence[str],
    vectors: np.ndarray,
    outputs: np.ndarray | None = None,
) -> None:
    """Write a file of embeddings as float16, and of outputs as float32.

    Parameters
    ----------
    path
        File to write.
    ids, sequences
        Name and letters of each sequence.
    vectors : float array, shape (n, width)
    outputs : float array, shape (n, outputs), or None
        Outputs of the model, such as logits, if it has some.
    """
    hashed = [hashes(encode([sequence]))[0] for sequence in sequences]
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file["embedding"] = np.asarray(vectors, np.float16)
        if outputs is not None:
            file["outputs"] = np.asarray(outputs, np.float32)
        for key, texts in {"ids": ids, "hashes": hashed}.items():
            file[key] = np.array(texts, h5py.string_dtype())


def keys(path: str | Path) -> list[str]:
    """Arrays that a file of embeddings holds.

    Raises
    ------
    InputError
        For a file that is no HDF5, or holds neither embeddings nor outputs.
    """
    try:
        with h5py.File(path) as file:
            found = list(file)
    except OSError as error:
        raise InputError(f"{path} is no HDF5 file of embeddings: {error}.") from error
    if not {"embedding", "outputs"} & set(found):
        raise InputError(f"{path} has neither 'embedding' nor 'outputs'.")
    return found


def read(
    path: str | Path,
    names: np.ndarray,
    codes: np.ndarray,
    key: str = "embedding",
    dtype: np.typing.DTypeLike = np.float16,
) -> np.ndarray:
    """Read the vectors of sequences from a file of embeddings.

    Parameters
    ----------
    path
        The file; rows of other sequences are left out.
    names : str array, shape (n,)
        Names of the sequences.
    codes : uint8 array, shape (n, length)
    key
        "embedding", or "outputs".
    dtype
        Type of the result.

    Returns
    -------
    vectors : array, shape (n, width)

    Raises
    ------
    InputError
        For a file of another layout, a name that is missing or stands twice, an embedding of
        another sequence, or a value that is not finite, or beyond the type.
    """
    try:
        with h5py.File(path) as file:
            return _of_rows(file, str(path), names, codes, key, dtype)
    except OSError as error:
        raise InputError(f"{path} is no HDF5 file of embeddings: {error}.") from error


def _of_rows(
    file: h5py.File,
    path: str,
    names: np.ndarray,
    codes: np.ndarray,
    key: str,
    dtype: np.typing.DTypeLike,
) -> np.ndarray:
    needed = (key, *KEYS)
    for name in needed:
        if name not in file:
            raise InputError(
                f"{path} has no {name!r}: a file of embeddings has {', '.join(needed)}."
            )
    stored = file[key]
    if stored.ndim != 2 or stored.dtype.kind != "f":
        raise InputError(
            f"{path}: {key!r} has shape {stored.shape} and type {stored.dtype}: numbers "
            "of one width are needed in all rows, (n, width)."
        )
    ids, hashed = (pd.Index(file[key].asstr()[:]) for key in ("ids", "hashes"))
    if not len(stored) == len(ids) == len(hashed):
        raise InputError(
            f"{path} has {len(stored)} embeddings, {len(ids)} ids and {len(hashed)} hashes: one of "
            "each is needed for a sequence."
        )
    if ids.has_duplicates:
        raise InputError(f"{path}: the id {ids[ids.duplicated()][0]!r} stands twice.")
    rows = ids.get_indexer(names)
    if (rows < 0).any():
        raise InputError(
            f"{path} has no embedding of {str(names[np.argmax(rows < 0)])!r} "
            f"({int((rows < 0).sum())} of {len(rows)} sequences lack one)."
        )
    wrong = hashes(codes) != hashed[rows].to_numpy(str)
    if wrong.any():
        raise InputError(
            f"{path}: the embedding of {str(names[np.argmax(wrong)])!r} is of another sequence "
            f"than the table's ({int(wrong.sum())} of {len(rows)} hashes differ)."
        )
    vectors = np.empty((len(rows), stored.shape[1]), dtype)
    for at in range(0, len(stored), _ROWS):
        own = (rows >= at) & (rows < at + _ROWS)
        with np.errstate(over="ignore"):
            vectors[own] = stored[at : at + _ROWS][rows[own] - at]
    finite = np.isfinite(vectors).all(axis=1)
    if not finite.all():
        raise InputError(
            f"{path}: the embedding of {str(names[np.argmin(finite)])!r} has a value that is no "
            f"finite number of {8 * vectors.itemsize} bits."
        )
    return vectors


def of_kmers(codes: np.ndarray, longest: int) -> np.ndarray:
    """Embed sequences by their words of one up to so many bases: a baseline for embeddings.

    A word and its reverse complement are one.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
    longest
        Bases of the longest words.

    Returns
    -------
    vectors : float16 array, shape (n, words)
        How often each word stands in a sequence, in multiples of the mean over words.

    Raises
    ------
    InputError
        For words that are longer than the sequences.
    """
    if longest > codes.shape[1]:
        raise InputError(f"Words of {longest} bases are longer than sequences of {codes.shape[1]}.")
    blocks = (codes[at : at + _ROWS] for at in range(0, len(codes), _ROWS))
    return np.concatenate([_frequencies(block, longest) for block in blocks])


def _frequencies(codes: np.ndarray, longest: int) -> np.ndarray:
    counts = ridge.counts(codes, longest)
    mean = np.maximum(counts.mean(axis=1, keepdims=True), 1e-6)
    return (counts / mean).astype(np.float16)
