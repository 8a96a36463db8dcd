"""Training data of any size: arrays in memory, or rows of HDF5 files read when they are needed.

A split is a pair (codes, targets): uint8 (n, window) and float (n, heads), or (n, window, heads)
for profiles. Either may be an array, `Stored`, or `Stacked` of several.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from degu.dataset import CHUNK, Dataset

# Bytes of training data that are held, and shuffled, at once. A genome has a hundred times as many.
POOL = 2**27


class Part(NamedTuple):
    """A part of an array of an HDF5 file, as it is, or converted by a function.

    Rows are an int array, shape (n,), columns those of the last axis; all of them if None.
    """

    path: str | Path
    key: str
    columns: list[int] | None = None
    rows: np.ndarray | None = None
    convert: Callable[[np.ndarray], np.ndarray] | None = None


class Stored:
    """Arrays on disk, side by side, of which rows are read as from an array in memory.

    Parameters
    ----------
    parts
        Arrays with equal numbers of rows, joined on the last axis.
    length
        Number of positions (axis 1) that are kept, in the middle; all if None.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy dtype
    """

    def __init__(self, *parts: Part, length: int | None = None):
        self._parts, self._length, first = parts, length, parts[0]
        if first.rows is None:
            with h5py.File(first.path) as file:
                self._number = len(file[first.key])
        else:
            self._number = len(first.rows)
        row = self[:1]
        self.shape, self.dtype = (self._number, *row.shape[1:]), row.dtype

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, at: slice | np.ndarray) -> np.ndarray:
        """Read rows, in any order."""
        if isinstance(at, slice):
            at = np.arange(*at.indices(self._number))
        arrays = [self._read(part, at) for part in self._parts]
        return arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=-1)

    def _read(self, part: Part, at: np.ndarray) -> np.ndarray:
        """Read rows of a part, each chunk of the file once."""
        rows = at if part.rows is None else part.rows[at]
        order = np.argsort(rows)
        rows = rows[order]
        pieces = np.split(rows, np.flatnonzero(np.diff(rows // CHUNK)) + 1)
        with h5py.File(part.path) as file:
            stored = file[part.key]
            found = [stored[p[0] : p[-1] + 1][p - p[0]] for p in pieces if len(p)]
            read = np.concatenate([stored[:0], *found])
        if self._length is not None:
            read = centre(read, self._length)
        if part.columns is not None:
            read = read[..., part.columns]
        if part.convert is not None:
            read = part.convert(read)
        return read[np.argsort(order)]


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


class Beside:
    """Arrays side by side, joined on the last axis, as floats.

    Parameters
    ----------
    arrays
        Arrays, in memory or on disk, with equal numbers of rows, (n, columns) each.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy dtype
    """

    def __init__(self, *arrays: np.ndarray | Stored | Stacked):
        self._arrays, self.dtype = arrays, np.dtype(np.float32)
        self.shape = (len(arrays[0]), sum(array.shape[-1] for array in arrays))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, at: slice | np.ndarray) -> np.ndarray:
        """Read rows, in any order."""
        return np.concatenate([array[at] for array in self._arrays], axis=-1, dtype=np.float32)


Array = np.ndarray | Stored | Stacked | Beside


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
    part = Part(data.path, f"{split}/targets", data.columns(heads), rows)
    length = data.crop if cropped and data.is_profile else None
    return sequences(data, split, rows, cropped), Stored(part, length=length)


def sequences(
    data: Dataset, split: str, rows: np.ndarray | None = None, cropped: bool = False
) -> Stored:
    """Sequences of a split, as of `measured`, or the vectors that models take instead of them."""
    if data.inputs == "vectors":
        return Stored(Part(data.path, f"{split}/vectors", rows=rows, convert=np.float32))
    return codes(data, split, rows, data.crop if cropped else None)


def codes(
    data: Dataset, split: str, rows: np.ndarray | None = None, length: int | None = None
) -> Stored:
    """Codes of a split's sequences, whatever models take; so many bases in their middle."""
    return Stored(Part(data.path, f"{split}/codes", rows=rows), length=length)


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
    """Sum the first pool of codes and of targets: what tells data sets of equal shape apart.

    Missing measurements, NaN, do not count.
    """
    pool = [array[: _rows_a_pool(split)] for array in split]
    return [float(values.sum(dtype=np.float64, where=~np.isnan(values))) for values in pool]


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
    chunks = rng.permutation(-(-n // CHUNK))
    # Rows that the last chunk of the file lacks, and the place in the order of those behind it.
    lacking = len(chunks) * CHUNK - n
    behind = (chunks.argmax() + 1) * CHUNK - lacking
    for at in range(0, n // batch_size * batch_size, size):
        places = np.arange(at, min(at + size, n))
        places[places >= behind] += lacking
        rows = np.sort(chunks[places // CHUNK] * CHUNK + places % CHUNK)
        yield *(array[rows] for array in split), _batches(len(rows), batch_size, rng)


def _batches(n: int, batch_size: int, rng: np.random.Generator) -> np.ndarray:
    steps = n // batch_size
    order = rng.permutation(n)[: steps * batch_size]
    return order.astype(np.int32).reshape(steps, batch_size)


def _rows_a_pool(split: tuple[Array, Array]) -> int:
    a_row = sum(int(np.prod(array.shape[1:])) * array.dtype.itemsize for array in split)
    return max(1, POOL // a_row)
