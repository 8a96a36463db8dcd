"""Base-resolution tracks (bigWig): replicates summarised, windows read, predictions written.

Positions are 0-based and half-open throughout, as in bigWig and BED.
"""

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyfaidx

from degu import bigwig
from degu.job import InputError, log
from degu.sequences import encode

_CHUNK = 1_000_000  # bases read at a time
# A few bases of GRCh38 are IUPAC codes: unknown, like N.
_AMBIGUOUS = str.maketrans(dict.fromkeys("RYSWKMBDHVryswkmbdhv", "N"))


def summarise(
    bigwigs: Sequence[str | Path], mean: str | Path, std: str | Path, chromosomes: str = ".*"
) -> None:
    """Write the mean and standard deviation over replicates at every base, as two bigWigs.

    The standard deviation has ddof 1, the spread of replicates as for the other assays. Both are
    float64 arithmetic rounded once to float32; runs of one value are merged. A base that a
    replicate leaves out counts as 0 in it (fold change: no reads); a base that every replicate
    leaves out is left out of both tracks. Methods, "Profile-based chromatin accessibility".

    Parameters
    ----------
    bigwigs
        At least two replicates.
    mean, std
        Tracks to write.
    chromosomes
        Regular expression that whole names of chromosomes must match to be kept.

    Raises
    ------
    InputError
        For fewer than two replicates or one given twice, a damaged or empty file, replicates
        that differ in the kept chromosomes or in their sizes, a value that is not finite.
    """
    paths = [str(path) for path in bigwigs]
    if len(set(paths)) < 2 or len(set(paths)) < len(paths):
        raise InputError(
            f"The replicates are {', '.join(paths) or 'none'}: at least two different bigWig "
            "files are needed for a standard deviation."
        )
    with ExitStack() as stack:
        files = [stack.enter_context(bigwig.Reader(path)) for path in paths]
        sizes = bigwig.common_sizes(files, chromosomes)
        outputs = [
            bigwig.Runs(stack.enter_context(bigwig.create(path, sizes))) for path in (mean, std)
        ]
        empty = set(paths)
        for chromosome, start, end in _chunks(sizes, _CHUNK):
            pieces = [file.intervals(chromosome, start, end) for file in files]
            empty -= {path for path, piece in zip(paths, pieces, strict=True) if len(piece)}
            starts, ends, values = _sweep(pieces)
            outputs[0].add(chromosome, starts, ends, values.mean(axis=0))
            outputs[1].add(chromosome, starts, ends, values.std(axis=0, ddof=1))
        if empty:
            raise InputError(
                f"{min(empty)} holds no value on any chromosome that matches {chromosomes!r}."
            )
        for output in outputs:
            output.flush()
    log.info("Summarised %d replicates over %d chromosomes", len(paths), len(sizes))


def write(
    path: str | Path, sizes: Mapping[str, int], pieces: Iterable[tuple[str, int, np.ndarray]]
) -> None:
    """Write one value a base as a bigWig, piece by piece.

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
    with bigwig.create(path, sizes) as file:
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


@dataclass(frozen=True)
class Windows:
    """Neighbouring windows of one chromosome, after dropping.

    Attributes
    ----------
    chromosome : str
    starts : int array, shape (n,)
    codes : uint8 array, shape (n, size)
    values : float32 array, shape (n, size, tracks)
        A base that a track leaves out is 0.
    dropped : (int, int)
        Windows dropped here: for unknown bases, then for uncovered ones.
    """

    chromosome: str
    starts: np.ndarray
    codes: np.ndarray
    values: np.ndarray
    dropped: tuple[int, int]

    @property
    def names(self) -> list[str]:
        """Name of each window, `chromosome:start-end`, 0-based and half-open."""
        ends = self.starts + self.codes.shape[1]
        pairs = zip(self.starts, ends, strict=True)
        return [f"{self.chromosome}:{start}-{end}" for start, end in pairs]


def windows(
    genome: str | Path,
    bigwigs: Sequence[str | Path],
    size: int,
    *,
    chromosomes: str,
    max_unknown: float,
    max_uncovered: float,
    excluded: str | Path | None = None,
) -> Iterator[Windows]:
    """Cut chromosomes into bins and read their sequence and tracks, about a megabase at a time.

    Bins start at multiples of `size`; a shorter one at a chromosome's end is no window. A window
    is dropped if more than `max_unknown` of its bases are not A, C, G or T, or else if more than
    `max_uncovered` of them are left out by a track or lie in an excluded region.

    Parameters
    ----------
    genome
        FASTA file that the tracks were aligned to (its index is made if it has none).
    bigwigs
        Tracks of the same chromosomes, such as those of `summarise`.
    size
        Bases a window.
    chromosomes
        Regular expression that whole names of chromosomes must match.
    max_unknown, max_uncovered
        Shares of a window, 0 to 1; 1 drops nothing.
    excluded
        BED file (gzip if it ends in .gz) of regions to avoid, such as unmappable ones.

    Raises
    ------
    InputError
        For a damaged file, tracks that differ in chromosomes, no matching chromosome, one that
        the genome lacks or has with another length, regions that do not fit the chromosomes.
    """
    with ExitStack() as stack:
        files = [stack.enter_context(bigwig.Reader(path)) for path in bigwigs]
        sizes = bigwig.common_sizes(files, chromosomes)
        fasta = stack.enter_context(_open_genome(genome, sizes))
        regions = {} if excluded is None else _regions(excluded, files[0].sizes)
        for chromosome, start, end in _chunks(sizes, max(_CHUNK // size, 1) * size):
            n = (end - start) // size
            end = start + n * size
            if n == 0:
                continue
            codes = _codes(fasta, chromosome, start, end).reshape(n, size)
            values = np.stack([file.values(chromosome, start, end) for file in files], axis=-1)
            values = values.reshape(n, size, len(files))
            uncovered = np.isnan(values).any(axis=-1)
            uncovered |= _inside(regions.get(chromosome), start, end).reshape(n, size)
            unknown = (codes == 4).mean(axis=1) > max_unknown
            uncovered = ~unknown & (uncovered.mean(axis=1) > max_uncovered)
            keep = ~unknown & ~uncovered
            yield Windows(
                chromosome,
                np.arange(start, end, size)[keep],
                codes[keep],
                np.where(np.isnan(values[keep]), 0, values[keep]),
                (int(unknown.sum()), int(uncovered.sum())),
            )


def _chunks(sizes: Mapping[str, int], length: int) -> Iterator[tuple[str, int, int]]:
    for chromosome, size in sizes.items():
        for start in range(0, size, length):
            yield chromosome, start, min(start + length, size)


def _sweep(pieces: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cut what several files cover at every breakpoint of any: starts, ends, values (files, n)."""
    edges = np.concatenate([piece[key] for piece in pieces for key in ("start", "end")])
    edges.sort(kind="stable")  # which merges what is sorted already
    apart = edges[:-1] < edges[1:]
    starts, ends = edges[:-1][apart], edges[1:][apart]
    values = np.zeros((len(pieces), len(starts)))
    covered = np.zeros(len(starts), bool)
    for row, piece in zip(values, pieces, strict=True):
        # Each piece's interval is one or more whole segments between edges.
        index = np.searchsorted(piece["start"], starts, side="right") - 1
        inside = index >= 0
        inside[inside] = starts[inside] < piece["end"][index[inside]]
        row[inside] = piece["value"][index[inside]]
        covered |= inside
    return starts[covered], ends[covered], values[:, covered]


@contextmanager
def _open_genome(path: str | Path, sizes: Mapping[str, int]) -> Iterator[pyfaidx.Fasta]:
    """Open a FASTA file that has these chromosomes with these sizes."""
    try:
        fasta = pyfaidx.Fasta(str(path), as_raw=True)
    except (OSError, ImportError, pyfaidx.FastaIndexingError) as error:
        # ImportError: it is compressed, which pyfaidx reads only with another package.
        raise InputError(f"{path} cannot be read as plain FASTA: {error}") from error
    with fasta:
        for name, size in sizes.items():
            found = len(fasta[name]) if name in fasta else "no"
            if found != size:
                raise InputError(
                    f"Chromosome {name!r} has {found} bases in {path}, but {size} in the tracks: "
                    "the genome must be the one they were aligned to."
                )
        yield fasta


def _codes(fasta: pyfaidx.Fasta, chromosome: str, start: int, end: int) -> np.ndarray:
    letters = fasta[chromosome][start:end].translate(_AMBIGUOUS)
    if len(letters) != end - start:
        raise InputError(
            f"{fasta.filename} ends inside {chromosome}:{start}-{end}, or its index (.fai) is not "
            "its own: copy it again and delete the index."
        )
    return encode([letters], [f"{chromosome}:{start}-{end}"])[0]


def _regions(path: str | Path, sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Regions of a BED file by chromosome, int arrays of shape (n, 2)."""
    regions: dict[str, list[tuple[int, int]]] = {}
    with (gzip.open if Path(path).suffix == ".gz" else open)(path, "rt") as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or line.startswith(("#", "track", "browser")):
                continue
            try:
                chromosome, start, end = line.split()[:3]
                region = int(start), int(end)
            except ValueError:
                raise InputError(f"{path}, line {number} is no BED line: {line!r}.") from None
            if not 0 <= region[0] <= region[1] <= sizes.get(chromosome, region[1]):
                raise InputError(
                    f"{path}, line {number}: {chromosome}:{start}-{end} does not fit the "
                    f"chromosome of {sizes.get(chromosome)} bases."
                )
            regions.setdefault(chromosome, []).append(region)
    if not regions.keys() & sizes.keys():
        raise InputError(
            f"{path} has regions on {', '.join(sorted(regions)) or 'no chromosome'}, but the "
            f"tracks have {', '.join(sorted(sizes))}."
        )
    return {chromosome: np.array(pairs) for chromosome, pairs in regions.items()}


def _inside(regions: np.ndarray | None, start: int, end: int) -> np.ndarray:
    """Whether each base of [start, end) lies in a region."""
    if regions is None:
        return np.zeros(end - start, bool)
    edges = np.clip(regions, start, end) - start
    opened, closed = (np.bincount(column, minlength=end - start + 1) for column in edges.T)
    return np.cumsum(opened - closed)[:-1] > 0
