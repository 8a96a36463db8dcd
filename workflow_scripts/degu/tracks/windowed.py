"""Windows of a genome with their sequence and base-resolution tracks.

Positions are 0-based and half-open throughout, as in bigWig and BED.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from degu.genome import Genome, bed
from degu.job import InputError
from degu.tracks import bigwig
from degu.tracks.bigwig import STRETCH, stretches


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
        FASTA file that the tracks were aligned to with its index beside it.
    bigwigs
        Tracks of the same chromosomes, such as those of `degu.tracks.summarise`.
    size
        Bases a window.
    chromosomes
        Regular expression that whole names of chromosomes must match.
    max_unknown, max_uncovered
        Shares of a window, 0 to 1; 1 drops nothing.
    excluded
        BED file, gzip or not, of regions to avoid, such as unmappable ones.

    Raises
    ------
    InputError
        For a damaged file, tracks that differ in chromosomes, no matching chromosome, one that
        the genome lacks or has with another length, regions that do not fit the chromosomes.
    """
    with ExitStack() as stack:
        files = [stack.enter_context(bigwig.Reader(path)) for path in bigwigs]
        sizes = bigwig.common_sizes(files, chromosomes)
        letters = stack.enter_context(Genome(genome))
        letters.check_sizes(sizes)
        regions = {} if excluded is None else _regions(excluded, files[0].sizes)
        for chromosome, start, end in stretches(sizes, max(STRETCH // size, 1) * size):
            n = (end - start) // size
            end = start + n * size
            if n == 0:
                continue
            codes = letters.codes(chromosome, start, end).reshape(n, size)
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


def _regions(path: str | Path, sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Regions of a BED file by chromosome, int arrays of shape (n, 2)."""
    regions: dict[str, list[tuple[int, int]]] = {}
    for number, (chromosome, start, end, _) in bed(path):
        if not 0 <= start <= end <= sizes.get(chromosome, end):
            raise InputError(
                f"{path}, line {number}: {chromosome}:{start}-{end} does not fit the "
                f"chromosome of {sizes.get(chromosome)} bases."
            )
        regions.setdefault(chromosome, []).append((start, end))
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
