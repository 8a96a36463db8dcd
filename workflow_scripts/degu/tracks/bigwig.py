"""bigWig files, read and written with errors that name the file.

Positions are 0-based and half-open throughout.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyBigWig

from degu.job import InputError, atomic

_INTERVAL = np.dtype([("start", np.int64), ("end", np.int64), ("value", np.float64)])
# Bases that are read at a time.
STRETCH = 1_000_000
# Zoom levels of a track to look at: bins of 16 bases, then of four times as many at each level, up
# to 65,536, some thousand bins for the longest chromosome.
ZOOMS = 7
_MAGIC = (0x888FFC26).to_bytes(4, "little")


class Reader:
    """A bigWig open to read, closed at the end of a `with` block.

    Parameters
    ----------
    path
        The file.

    Attributes
    ----------
    path : str
    sizes : dict
        Bases of each chromosome.

    Raises
    ------
    InputError
        For a file that is missing, cut off, damaged or no bigWig.
    """

    def __init__(self, path: str | Path):
        self.path = str(path)
        _check_ends(Path(path))
        try:
            self._file = pyBigWig.open(self.path)
        except RuntimeError as error:
            raise InputError(f"{path} is damaged: {error}") from error
        self.sizes: dict[str, int] = self._file.chroms()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def values(self, chromosome: str, start: int, end: int) -> np.ndarray:
        """Return the value of every base of a region.

        Returns
        -------
        values : float32 array, shape (end - start,)
            NaN where the file leaves a base out.

        Raises
        ------
        InputError
            For a block of the file that cannot be read.
        """
        values = self._read("values", chromosome, start, end, numpy=True)
        # For a file without any value pyBigWig returns an empty array.
        return values if len(values) else np.full(end - start, np.nan, np.float32)

    def intervals(self, chromosome: str, start: int, end: int) -> np.ndarray:
        """Return the intervals that overlap a region, cut to it.

        Returns
        -------
        intervals : structured array, shape (n,)
            `start` and `end` (int64) and `value` (float64), sorted.

        Raises
        ------
        InputError
            For a block that cannot be read, a value that is not finite, intervals that overlap.
        """
        found = self._read("intervals", chromosome, start, end) or ()
        intervals = np.fromiter(found, _INTERVAL, len(found))
        wrong = ~np.isfinite(intervals["value"])
        wrong[1:] |= intervals["start"][1:] < intervals["end"][:-1]
        if wrong.any():
            first, last, value = intervals[np.argmax(wrong)]
            raise InputError(
                f"{self.path} has the value {value} at {chromosome}:{first}-{last}: values must "
                "be finite and intervals must not overlap."
            )
        np.clip(intervals["start"], start, None, out=intervals["start"])
        np.clip(intervals["end"], None, end, out=intervals["end"])
        return intervals

    def _read(self, method: str, chromosome: str, start: int, end: int, **options):
        try:
            return getattr(self._file, method)(chromosome, start, end, **options)
        except RuntimeError as error:
            place = f"{chromosome}:{start}-{end}"
            raise InputError(f"{self.path} is damaged at {place}: {error}") from error


def _check_ends(path: Path) -> None:
    """Raise unless the file starts and ends as it must: pyBigWig crashes on some cut ones."""
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(max(path.stat().st_size - 4, 0))
        tail = file.read()
    if head != _MAGIC:
        raise InputError(f"{path} is no bigWig file: it starts with {head!r}.")
    if tail != head:
        raise InputError(f"{path} is cut off: it does not end as a bigWig file must.")


def common_sizes(files: Sequence[Reader], chromosomes: str) -> dict[str, int]:
    """Return the sizes of the chromosomes to use, which all files must share.

    Parameters
    ----------
    files
        At least one.
    chromosomes
        Regular expression that whole names of chromosomes must match.

    Returns
    -------
    sizes : dict
        Bases of each matching chromosome, sorted by name.

    Raises
    ------
    InputError
        When no chromosome matches, or one that does is missing in a file or has another size.
    """
    first, *others = [
        {name: size for name, size in file.sizes.items() if re.fullmatch(chromosomes, name)}
        for file in files
    ]
    if not first:
        raise InputError(
            f"No chromosome of {files[0].path} matches {chromosomes!r}: it has "
            f"{', '.join(sorted(files[0].sizes))}."
        )
    for file, sizes in zip(files[1:], others, strict=True):
        for name in sorted(first.keys() | sizes.keys()):
            if first.get(name) != sizes.get(name):
                raise InputError(
                    f"Chromosome {name!r} has {sizes.get(name, 'no')} bases in {file.path}, but "
                    f"{first.get(name, 'no')} in {files[0].path}: they must agree on all "
                    f"chromosomes that match {chromosomes!r}."
                )
    return dict(sorted(first.items()))


@contextmanager
def create(path: str | Path, sizes: Mapping[str, int], zooms: int = 0) -> Iterator:
    """Open a bigWig to write, which is there once the `with` block ends well.

    Parameters
    ----------
    path
        The file.
    sizes
        Bases of each chromosome.
    zooms
        Zoom levels at most, which genome browsers need. pyBigWig makes them in memory at the end:
        of one value a base some 3 bytes a base, and 12 for those of one chromosome, together 10 GB
        for a human genome. It leaves the very last bin of each level without its sum.

    Yields
    ------
    file
        An open file of pyBigWig. It wants chromosomes in alphabetical order, as UCSC's readers do,
        and positions ascending.
    """
    with atomic(path) as temporary:
        temporary.touch()  # pyBigWig crashes where it may not write
        file = pyBigWig.open(str(temporary), "w")
        try:
            file.addHeader(sorted(sizes.items()), maxZooms=zooms)
            yield file
        finally:
            file.close()


class Runs:
    """Adds intervals to a bigWig of `create`, touching ones of equal value as one.

    Parameters
    ----------
    file
        Open file of `create`; `flush` before it is closed.
    """

    def __init__(self, file: Any):
        self._file = file
        self._chromosome = ""
        self._open = np.empty(0, _INTERVAL)  # the last run: the next intervals may prolong it

    def add(
        self, chromosome: str, starts: np.ndarray, ends: np.ndarray, values: np.ndarray
    ) -> None:
        """Add intervals, arrays of shape (n,), that come after all those added before."""
        if chromosome != self._chromosome:
            self.flush()
            self._chromosome = chromosome
        starts = np.append(self._open["start"], starts)
        ends = np.append(self._open["end"], ends)
        values = np.append(self._open["value"], np.float32(values))
        new = np.ones(len(starts), bool)
        new[1:] = (starts[1:] != ends[:-1]) | (values[1:] != values[:-1])
        runs = np.empty(new.sum(), _INTERVAL)
        runs["start"], runs["value"] = starts[new], values[new]
        runs["end"] = ends[np.roll(new, -1)]
        self._write(runs[:-1])
        self._open = runs[-1:]

    def flush(self) -> None:
        """Write the last run, which nothing prolongs any more."""
        self._write(self._open)
        self._open = self._open[:0]

    def _write(self, runs: np.ndarray) -> None:
        if len(runs):
            self._file.addEntries(
                [self._chromosome] * len(runs),
                runs["start"].copy(),
                ends=runs["end"].copy(),
                values=runs["value"].copy(),
            )


def write(
    path: str | Path, sizes: Mapping[str, int], pieces: Iterable[tuple[str, int, np.ndarray]]
) -> None:
    """Write one value a base as a bigWig with zoom levels (see `create`), piece by piece.

    Parameters
    ----------
    path
        The track to write.
    sizes
        Bases of each chromosome.
    pieces
        (chromosome, start, values of shape (bases,)), chromosomes in alphabetical order,
        positions ascending, no overlap. Bases in no piece are left out.

    Raises
    ------
    InputError
        For a piece out of order, outside its chromosome, or with a value that is not finite.
    """
    last = ("", 0)
    with create(path, sizes, ZOOMS) as file:
        for chromosome, start, values in pieces:
            start, end = int(start), int(start) + len(values)
            if end > sizes.get(chromosome, -1) or start < 0:
                raise InputError(
                    f"{path}: {chromosome}:{start}-{end} lies outside the chromosome, which has "
                    f"{sizes.get(chromosome, 'no')} bases."
                )
            if (chromosome, start) < last:
                raise InputError(
                    f"{path}: {chromosome}:{start}-{end} comes after {last[0]}:{last[1]}: "
                    "pieces must be sorted and must not overlap."
                )
            if not np.isfinite(values).all():
                raise InputError(f"{path}: {chromosome}:{start}-{end} has values not finite.")
            file.addEntries(chromosome, start, values=np.float64(values), span=1, step=1)
            last = (chromosome, end)


def stretches(sizes: Mapping[str, int], length: int) -> Iterator[tuple[str, int, int]]:
    """Cut chromosomes into stretches of at most a length: chromosome, start, end."""
    for chromosome, size in sizes.items():
        for start in range(0, size, length):
            yield chromosome, start, min(start + length, size)
