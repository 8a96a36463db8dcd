"""Training data of any size: arrays in memory, or rows of HDF5 files read when they are needed.

A split is a pair (codes, targets): uint8 (n, window) and float (n, heads), or (n, window, heads)
for profiles. Either may be an array, `Stored`, or `Stacked` of several.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from degu.dataset import CHUNK, Dataset

# Bytes of training data that are held, and shuffled, at once. A genome has a hundred times as many.
POOL = 2**27
# Bases that are predicted at once where predictions are summed up.
BLOCK = 2**24


class Part(NamedTuple):
    """Columns (the last axis) of an array of an HDF5 file; all of them if None."""

    path: str | Path
    key: str
    columns: list[int] | None = None


class Stored:
    """Arrays on disk, side by side, of which rows are read as from an array in memory.

    Parameters
    ----------
    parts
        Arrays of equal length, joined on the last axis.
    rows : int array, shape (n,)
        Those that count; all if None.
    length
        Number of positions (axis 1) that are kept, in the middle; all if None.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy dtype
    """

    def __init__(self, *parts: Part, rows: np.ndarray | None = None, length: int | None = None):
        self._parts = parts
        with h5py.File(parts[0].path) as file:
            stored = file[parts[0].key]
            self._rows = np.arange(len(stored)) if rows is None else np.asarray(rows)
            self._length = length
        first = self[:1]
        self.shape, self.dtype = (len(self._rows), *first.shape[1:]), first.dtype

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: slice | np.ndarray) -> np.ndarray:
        """Read rows, in any order."""
        rows = self._rows[at]
        order = np.argsort(rows)
        arrays = [self._read(part, rows[order]) for part in self._parts]
        joined = arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=-1)
        return joined[np.argsort(order)]

    def _read(self, part: Part, rows: np.ndarray) -> np.ndarray:
        """Read sorted rows, each chunk of the file once."""
        pieces = np.split(rows, np.flatnonzero(np.diff(rows // CHUNK)) + 1)
        with h5py.File(part.path) as file:
            stored = file[part.key]
            read = np.concatenate([stored[p[0] : p[-1] + 1][p - p[0]] for p in pieces])
        if self._length is not None:
            read = centre(read, self._length)
        return read if part.columns is None else read[..., part.columns]


class Stacked:
    """Arrays behind one another, of which rows are read as from an array in memory.

    Parameters
    ----------
    arrays
        Arrays, in memory or on disk, whose rows are of one shape and type.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy dtype
    """

    def __init__(self, *arrays: np.ndarray | Stored):
        self._arrays = arrays
        self._ends = np.cumsum([len(array) for array in arrays])
        self.shape, self.dtype = (int(self._ends[-1]), *arrays[0].shape[1:]), arrays[0].dtype

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, at: slice | np.ndarray) -> np.ndarray:
        """Read rows, in any order."""
        rows = np.arange(*at.indices(len(self))) if isinstance(at, slice) else at
        read = np.empty((len(rows), *self.shape[1:]), self.dtype)
        for array, end in zip(self._arrays, self._ends, strict=True):
            own = (rows >= end - len(array)) & (rows < end)
            if own.any():
                read[own] = array[rows[own] - (end - len(array))]
        return read


Array = np.ndarray | Stored | Stacked


def stacked(*arrays: Array) -> Array:
    """Put arrays behind one another; a single one stays as it is."""
    return arrays[0] if len(arrays) == 1 else Stacked(*arrays)


def measured(
    data: Dataset,
    split: str,
    heads: list[str],
    rows: np.ndarray | None = None,
    cropped: bool = False,
) -> tuple[Stored, Stored]:
    """Sequences of a split and the measured targets of heads, on disk.

    Parameters
    ----------
    rows
        Rows of the split; all if None.
    cropped
        Whether windows of profiles are cut to the network's input, around their centre.

    Raises
    ------
    InputError
        If the data set has no measurement of a head, such as a replicate standard deviation.
    """
    part = Part(data.path, f"{split}/targets", data.columns(heads))
    length = data.crop if cropped and data.is_profile else None
    return sequences(data, split, rows, cropped), Stored(part, rows=rows, length=length)


def sequences(
    data: Dataset, split: str, rows: np.ndarray | None = None, cropped: bool = False
) -> Stored:
    """Sequences of a split, as of `measured`."""
    length = data.crop if cropped else None
    return Stored(Part(data.path, f"{split}/codes"), rows=rows, length=length)


def centre(windows: np.ndarray, length: int) -> np.ndarray:
    """Cut windows, shape (n, window, ...), to so many positions in their middle."""
    start = (windows.shape[1] - length) // 2
    return windows[:, start : start + length]


def name_of_centre(window: str, length: int) -> str:
    """Name what `centre` leaves of a window of a genome: chr8:1000-4072 is chr8:1512-3560."""
    chromosome, _, ends = window.rpartition(":")
    first, last = map(int, ends.split("-"))
    start = first + (last - first - length) // 2
    return f"{chromosome}:{start}-{start + length}"


def load(split: tuple[Array, Array]) -> tuple[Array, Array]:
    """Read a split into memory if it fits in one pool."""
    fits = len(split[0]) <= _rows_a_pool(split)
    return tuple(array[:] for array in split) if fits else split


def sums(split: tuple[Array, Array]) -> list[float]:
    """Sum the first pool of codes and of targets: what tells data sets of equal shape apart."""
    rows = slice(_rows_a_pool(split))
    return [float(np.sum(array[rows], dtype=np.float64)) for array in split]


def blocks(codes: Array) -> Iterator[slice]:
    """Cut rows into blocks of at most `BLOCK` bases."""
    rows = max(1, BLOCK // codes.shape[1])
    yield from (slice(at, at + rows) for at in range(0, len(codes), rows))


def pools(
    split: tuple[Array, Array], batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Go through a split once, in random order and bounded memory.

    A split that fits in one pool is permuted as a whole. In a larger one stretches as long
    as the file's chunks are permuted and dealt to pools, and rows are permuted within each pool:
    each chunk is read about once.

    Yields
    ------
    codes, targets
        Arrays of a pool.
    batches : int32 array, shape (steps, batch_size)
        Rows of the pool. What is left after the last whole batch of the split is not seen.
    """
    n, size = len(split[0]), _rows_a_pool(split)
    if n <= size:
        yield *split, _batches(n, batch_size, rng)
        return
    size = max(size // batch_size, 1) * batch_size
    order = (rng.permutation(-(-n // CHUNK))[:, None] * CHUNK + np.arange(CHUNK)).ravel()
    order = order[order < n]
    for at in range(0, n // batch_size * batch_size, size):
        rows = np.sort(order[at : at + size])
        yield *(array[rows] for array in split), _batches(len(rows), batch_size, rng)


def _batches(n: int, batch_size: int, rng: np.random.Generator) -> np.ndarray:
    steps = n // batch_size
    order = rng.permutation(n)[: steps * batch_size]
    return order.astype(np.int32).reshape(steps, batch_size)


def _rows_a_pool(split: tuple[Array, Array]) -> int:
    a_row = sum(int(np.prod(array.shape[1:])) * array.dtype.itemsize for array in split)
    return max(1, POOL // a_row)
