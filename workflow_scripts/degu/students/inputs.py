"""Sequences that a student is given: FASTA, a table, or regions of a genome; gzip or not.

They are read one by one, so that memory does not grow with their number.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from degu import reading
from degu.genome import Genome, Region, named_bed, records
from degu.job import InputError, errors_name, log
from degu.sequences import AMBIGUOUS, decode, encode, reverse_complement
from degu.students.fitting import Fit, cut

# Sequences that networks are given at once, and rows of a table that are read at once.
_BATCH = 512
# Titles of a table's columns, in any case, that are taken unless others are named.
SEQUENCES, NAMES = ("sequence", "seq"), ("name", "id")


class Window(NamedTuple):
    """A sequence as a student is given it.

    Attributes
    ----------
    number
        Number of the sequence in its file, from 1.
    name
        Name of the sequence: of a region its own, or chrom:start-end(strand).
    chrom
        Chromosome of a region; "" for other sequences.
    start, end
        Place, from 0: in the genome, or in the sequence, where it may begin before 0.
    strand
        Strand of a region.
    letters
        As many as the student takes.
    whole
        Whether it is the whole sequence, neither more nor less.
    """

    number: int
    name: str
    chrom: str
    start: int
    end: int
    strand: str
    letters: str
    whole: bool = True

    @property
    def title(self) -> str:
        """Name of the sequence, with its place where it is not whole: name:start-end."""
        return self.name if self.whole else f"{self.name}:{self.start}-{self.end}"


def kind_of(path: str | Path) -> str:
    """Tell the kind of a file: "fasta" by its first letter, "bed" by its name, else "table".

    Raises
    ------
    InputError
        For a file that is not there, is empty, or is a VCF.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path} {'is a folder' if path.exists() else 'is not there'}.")
    first = next((line for line in reading.text_lines(path) if line.strip()), None)
    if first is None:
        raise InputError(f"{path} is empty: sequences or regions are needed.")
    if first.startswith("##fileformat=VCF"):
        raise InputError(f"{path} is a VCF: sequences (FASTA, TSV) or regions (BED) are needed.")
    if first.startswith(">"):
        return "fasta"
    suffixes = [suffix for suffix in path.suffixes if suffix != ".gz"]
    if suffixes[-1:] in (["." + name] for name in ("fa", "fasta", "fna")):
        raise InputError(f"{path} is no FASTA: it does not start with >.")
    return "bed" if suffixes[-1:] == [".bed"] else "table"


def windows(
    path: str | Path,
    fit: Fit,
    genome: str | Path | None = None,
    columns: tuple[str | None, str | None] = (None, None),
) -> Iterator[Window]:
    """Give what a student is to predict of a file of sequences or regions.

    Parameters
    ----------
    path
        FASTA; a table (tabs, or commas in *.csv) with a header; or BED.
    fit
        What is done with sequences of other lengths.
    genome
        Plain FASTA with its index, in which the regions of a BED lie.
    columns
        Columns of the sequences and of their names in a table; None for one of `SEQUENCES`, and of
        `NAMES` or numbers of rows.

    Raises
    ------
    InputError
        For a file that is not what it seems, a sequence that does not fit, or a region outside the
        genome.
    """
    path, kind = Path(path), kind_of(path)
    if kind == "bed":
        if genome is None:
            raise InputError(f"{path} has regions: the genome that they lie in is needed.")
        yield from _of_regions(path, fit, genome)
        return
    named = records(path) if kind == "fasta" else _of_table(path, *columns)
    for number, (header, letters) in enumerate(named, 1):
        name = header.split()[0] if kind == "fasta" and header.strip() else header
        name = name or f"sequence{number}"
        with errors_name(f"{path}, sequence {name!r}"):
            if not letters:
                raise InputError("it is empty.")
            for start, end in fit.windows(len(letters)):
                taken = fit.between(cut(letters, start, end))
                whole = (start, end) == (0, len(letters))
                yield Window(number, name, "", start, end, "+", taken, whole)


def _of_table(path: Path, sequence: str | None, name: str | None) -> Iterator[tuple[str, str]]:
    """Names and letters of the rows of a table."""
    titles = reading.titles_of(reading.header(path) or next(reading.text_rows(path)))
    sequence = sequence or next((title for title in SEQUENCES if title in titles), None)
    if sequence is None:
        raise InputError(
            f"{path} has no column {' or '.join(SEQUENCES)}: it has {', '.join(titles)}; name the "
            f"column of the sequences (--sequence){reading.other_delimiter(titles)}."
        )
    name = name or next((title for title in NAMES if title in titles), None)
    columns = [sequence, *([name] if name else [])]
    for frame in reading.blocks(path, columns, size=_BATCH):
        letters = reading.texts(frame, sequence, str(path))
        names = reading.texts(frame, name, str(path)) if name else [f"row{n}" for n in frame.index]
        yield from zip(names, (text.upper() for text in letters), strict=True)


def _of_regions(path: Path, fit: Fit, genome: str | Path) -> Iterator[Window]:
    with Genome(genome) as opened:
        for number, (line, region, name) in enumerate(named_bed(path), 1):
            with errors_name(f"{path}, line {line}"):
                if region.length < 1:
                    raise InputError(f"{region.text} has no bases.")
                if not opened.holds(region):
                    opened.fetch(*region[:3])
                for start, end in fit.windows(region.length, widen=True):
                    place, letters = _read(opened, region, start, end, fit.words)
                    named, whole = (number, name or region.text), place == region
                    yield Window(*named, *place, fit.between(letters), whole)


def _read(
    genome: Genome, region: Region, start: int, end: int, words: Sequence[str]
) -> tuple[Region, str]:
    """Read [start, end) of a region, from its first base on its strand; return its place, too.

    Around the region stands the genome for who widens it, with N behind the ends of a chromosome
    for who pads as well; else N.
    """
    low, high = region.start + start, region.start + end
    if region.strand == "-":
        low, high = region.end - end, region.end - start
    place = region._replace(start=low, end=high)
    first, last = low, high
    if "centre" not in words:
        first, last = max(low, region.start), min(high, region.end)
    elif "pad" in words:
        first, last = max(low, 0), min(high, genome.size(region.chrom))
    letters = genome.fetch(region.chrom, first, last)
    letters = cut(letters, low - first, high - first).translate(AMBIGUOUS)
    if region.strand == "-":
        letters = decode(reverse_complement(encode([letters])))[0]
    return place, letters


def blocks(
    given: Iterable[Window], length: int, bases: int = 1 << 18
) -> Iterator[tuple[list[Window], np.ndarray]]:
    """Collect windows and their codes (n, length), of at most so many bases together.

    IUPAC codes of several bases are read as N; the log says so once.

    Raises
    ------
    InputError
        For other letters.
    """
    rows = max(1, bases // length)
    rows -= rows % _BATCH if rows > _BATCH else 0
    iterator, told = iter(given), False
    while some := list(islice(iterator, rows)):
        letters = [one.letters.translate(AMBIGUOUS) for one in some]
        changed = (one for one, read in zip(some, letters, strict=True) if one.letters != read)
        if not told and (one := next(changed, None)) is not None:
            log.warning(
                "Sequence %r has IUPAC codes of several bases: they are read as N.", one.name
            )
            told = True
        yield some, encode(letters, [one.name for one in some])


def count(path: str | Path) -> int:
    """Count the sequences or regions of a file, for a progress bar."""
    kind, lines = kind_of(path), reading.text_lines(Path(path))
    if kind == "fasta":
        return sum(line.startswith(">") for line in lines)
    return sum(bool(line.strip()) for line in lines) - (kind == "table")
