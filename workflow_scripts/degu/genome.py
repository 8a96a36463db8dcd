"""Genomes: the one reader of FASTA files, and regions of them."""

import gzip
import re
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyfaidx

from degu.job import InputError, atomic
from degu.reading import text_lines, text_rows
from degu.sequences import AMBIGUOUS, encode, reverse_complement

# Letters of [start, stop) of a chromosome, from 0; None where a reference does not have it all.
Fetch = Callable[[str, int, int], str | None]

_REGION = re.compile(r"(.+):(\d+)-(\d+)(?:\(([+-])\))?")


class Region(NamedTuple):
    """Stretch of a chromosome, from 0 and half-open, and the strand that is read."""

    chrom: str
    start: int
    end: int
    strand: str = "+"

    @property
    def length(self) -> int:
        """Number of bases."""
        return self.end - self.start

    @property
    def text(self) -> str:
        """The region as `parse` reads it."""
        return f"{self.chrom}:{self.start}-{self.end}" + ("(-)" if self.strand == "-" else "")

    @classmethod
    def parse(cls, text: str) -> "Region":
        """Read chr1:1000-1200, or chr1:1000-1200(-), as bedtools writes it.

        Raises
        ------
        InputError
            For another text, or an end that is not behind the start.
        """
        match = _REGION.fullmatch(text)
        if match is None or int(match[2]) >= int(match[3]):
            raise InputError(
                f"{str(text)!r} is no region: CHROM:START-END is needed, from 0 and without the "
                "end, with (-) behind it for the other strand."
            )
        return cls(match[1], int(match[2]), int(match[3]), match[4] or "+")


def bed(path: str | Path) -> Iterator[tuple[int, Region]]:
    """Give the regions of a BED file, gzip or not, each with the number of its line.

    The strand stands in the sixth column, if there is one.

    Raises
    ------
    InputError
        For a line that is no region.
    """
    for number, region, _ in named_bed(path):
        yield number, region


def named_bed(path: str | Path) -> Iterator[tuple[int, Region, str]]:
    """Give number of the line, region and name of each line of a BED file, as `bed` does.

    The name stands in the fourth column; "" without one, and for a dot.
    """
    for number, row in enumerate(text_rows(Path(path)), 1):
        line = "\t".join(row)
        cells = line.split()
        if not cells or line.startswith(("#", "track", "browser")):
            continue
        try:
            strand = "-" if cells[5:6] == ["-"] else "+"
            region = Region(cells[0], int(cells[1]), int(cells[2]), strand)
        except (ValueError, IndexError):
            raise InputError(f"{path}, line {number} is no BED line: {line!r}.") from None
        yield number, region, "".join(cells[3:4]).strip(".")


def records(path: str | Path) -> Iterator[tuple[str, str]]:
    """Give headers and letters, in upper case, of a FASTA file, gzip or not, one by one."""
    header, lines = None, []
    for line in map(str.strip, text_lines(Path(path))):
        if line.startswith(">"):
            if header is not None:
                yield header, "".join(lines)
            header, lines = line[1:], []
        elif header is not None:
            lines.append(line.upper())
    if header is not None:
        yield header, "".join(lines)


def fasta(path: str | Path) -> list[tuple[str, str]]:
    """Read headers and letters, in upper case, of a small FASTA file, gzip or not."""
    return list(records(path))


def index(packed: str | Path, fasta: str | Path, fai: str | Path) -> None:
    """Write a genome as plain FASTA, unpacked if its first bytes are those of gzip, and its index.

    Parameters
    ----------
    packed
        The genome's file.
    fasta, fai
        Files to write.

    Raises
    ------
    InputError
        For a file that is cut off, or no FASTA with lines of one length.
    """
    with Path(packed).open("rb") as raw:
        opener = gzip.open if raw.read(2) == b"\x1f\x8b" else open
    try:
        with opener(packed, "rb") as source, atomic(fasta) as whole, whole.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        with atomic(fai) as temporary:
            pyfaidx.Faidx(str(fasta), indexname=str(temporary)).close()
    except (EOFError, zlib.error, gzip.BadGzipFile, pyfaidx.FastaIndexingError) as error:
        raise InputError(f"{packed} is no whole FASTA: {error}") from error


def chromosome(name: str) -> str:
    """Name of a chromosome as UCSC has it: chr1 for 1."""
    return "chr" + name.removeprefix("chr")


class Genome:
    """Read stretches of a genome; a context manager.

    Positions are from 0 and half-open, as in BED. A chromosome is found by its name with and
    without chr.

    Parameters
    ----------
    path
        Plain FASTA with its index beside it (path.fai).

    Raises
    ------
    InputError
        For a file that is no FASTA, or has no index, or that of another file.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        try:
            self._check_start()
            self._fasta = pyfaidx.Fasta(self.path, as_raw=True, build_index=False, rebuild=False)
        except (OSError, ImportError, ValueError) as error:
            raise InputError(
                f"{path} is not a plain FASTA with its index {self.path.name}.fai: {error}"
            ) from error
        self._check_index()

    def _check_start(self) -> None:
        with self.path.open("rb") as file:
            first = file.read(2)
        if first[:1] != b">":
            found = "is gzipped" if first == b"\x1f\x8b" else "does not start with >"
            raise ValueError(f"the file {found if first else 'is empty'}.")

    def _check_index(self) -> None:
        """Refuse an index that ends before the last sequence does."""
        records = [record for record in self._fasta.faidx.index.values() if record.lenc]
        ends = [r.offset + r.rlen // r.lenc * r.lenb + r.rlen % r.lenc for r in records]
        with self.path.open("rb") as file:
            file.seek(max(ends, default=0))
            if file.read(1 << 16).strip():
                raise InputError(
                    f"{self.path} goes on behind the end that its index (.fai) tells: delete the "
                    "index and index the FASTA again."
                )

    def __enter__(self) -> "Genome":
        return self

    def __exit__(self, *exception: object) -> None:
        self._fasta.close()

    def _known(self, chrom: str) -> str | None:
        names = (chrom, chrom.removeprefix("chr"), chromosome(chrom))
        return next((name for name in names if name in self._fasta), None)

    def _name(self, chrom: str) -> str:
        name = self._known(chrom)
        if name is None:
            raise InputError(self.lacking([chrom]))
        return name

    def lacking(self, chroms: Sequence[str]) -> str:
        """Say that there are no such chromosomes, which there are, and what the reason may be."""
        known = ", ".join(list(self._fasta.keys())[:30])
        return (
            f"{self.path} has no {', '.join(chroms)}: it has {known}. chr1 and 1 count as one "
            "name: is the FASTA of another assembly, or are its names of another kind "
            "(NC_000001.11)?"
        )

    @property
    def sizes(self) -> dict[str, int]:
        """Number of bases of each sequence by its name in the file, in the order of the file."""
        return {name: len(self._fasta[name]) for name in self._fasta.keys()}  # noqa: SIM118

    def length(self, chrom: str) -> int | None:
        """Count the bases of a chromosome; None where the genome lacks it."""
        name = self._known(chrom)
        return None if name is None else len(self._fasta[name])

    def check_sizes(self, sizes: Mapping[str, int]) -> None:
        """Raise `InputError` unless the genome has these chromosomes with these sizes."""
        for name, size in sizes.items():
            found = len(self._fasta[name]) if name in self._fasta else "no"
            if found != size:
                raise InputError(
                    f"Chromosome {name!r} has {found} bases in {self.path}, but {size} in the "
                    "tracks: the genome must be the one they were aligned to."
                )

    def fetch(self, chrom: str, start: int, stop: int) -> str:
        """Return the letters of a stretch in upper case.

        Raises
        ------
        InputError
            For a chromosome that the genome lacks, a stretch that leaves it or is no text, or an
            index that is not the file's own.
        """
        record = self._fasta[self._name(chrom)]
        if start < 0 or stop > len(record):
            raise InputError(
                f"The window {chrom}:{start + 1}-{stop} leaves {chrom}, which has "
                f"{len(record)} bases in {self.path}."
            )
        try:
            letters = record[start:stop].upper()
        except UnicodeDecodeError as error:
            raise InputError(
                f"{self.path} holds a byte in {chrom}:{start}-{stop} that is no letter: copy it "
                "again."
            ) from error
        if len(letters) != stop - start:
            raise InputError(
                f"{self.path} ends inside {chrom}:{start}-{stop}, or its index (.fai) is not its "
                "own: copy it again and delete the index."
            )
        return letters

    def codes(self, chrom: str, start: int, stop: int) -> np.ndarray:
        """Return a stretch as codes, uint8 (stop - start,), IUPAC letters as N.

        Errors are those of `fetch`.
        """
        letters = self.fetch(chrom, start, stop).translate(AMBIGUOUS)
        return encode([letters], [f"{chrom}:{start}-{stop}"])[0]

    def read(self, region: Region) -> np.ndarray:
        """Return a region as codes, uint8 (bases,), on its strand.

        Errors are those of `fetch`.
        """
        codes = self.codes(region.chrom, region.start, region.end)
        return reverse_complement(codes) if region.strand == "-" else codes

    def size(self, chrom: str) -> int:
        """Return the bases of a chromosome; errors are those of `fetch`."""
        return len(self._fasta[self._name(chrom)])

    def holds(self, region: Region) -> bool:
        """Whether a region lies within a chromosome; errors are those of `fetch`."""
        return region.start >= 0 and region.end <= self.size(region.chrom)
