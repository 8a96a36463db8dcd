"""Sequences derived from others: codes (n, length) in, as many and as long codes out.

Unknown bases, such as the padding of shorter sequences, stay unknown.
"""

import numpy as np

from degu.genome import Genome, Region
from degu.job import InputError
from degu.sequences import UNKNOWN, dinucleotide_shuffle

# Bases of the longest insertion or deletion (paper, Methods, "Training DeepSTARR with EvoAug").
LONGEST = 20


def substitutions(codes: np.ndarray, rng: np.random.Generator, rate: float) -> np.ndarray:
    """Substitute a share of the bases of each sequence, each by one of the three others.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
    rng
        Generator of the draws.
    rate
        Share of the positions, rounded to whole ones, at least one.
    """
    n, length = codes.shape
    drawn = np.tile(np.arange(length) < max(1, round(rate * length)), (n, 1))
    others = (codes + rng.integers(1, 4, codes.shape, np.uint8)) % 4
    return np.where(rng.permuted(drawn, axis=1) & (codes != UNKNOWN), others, codes)


def indels(codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Insert into each sequence, or delete from it, 1 to `LONGEST` bases in a row.

    What follows moves; the end is cut off, or filled with random bases, as the inserted ones are.
    """
    n, length = codes.shape
    size = rng.integers(1, min(LONGEST, length - 1) + 1, (n, 1))
    start = rng.integers(0, length - size + 1)
    inserts = rng.random((n, 1)) < 0.5
    at = np.arange(length)
    source = np.where(at < start, at, np.where(inserts, at - size, at + size))
    random = (inserts & (at >= start) & (at < start + size)) | (source >= length)
    moved = np.take_along_axis(codes, source.clip(0, length - 1), axis=1)
    changed = np.where(random, rng.integers(0, 4, codes.shape, np.uint8), moved)
    return np.where(codes == UNKNOWN, codes, changed)


def crossovers(codes: np.ndarray, others: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Replace what lies between two breakpoints of each sequence by that of another one.

    Breakpoints are two different places between bases, each pair as likely.

    Parameters
    ----------
    codes, others : uint8 arrays, shape (n, length)
    rng
        Generator of the draws.

    Raises
    ------
    InputError
        For sequences of fewer than three bases.
    """
    n, length = codes.shape
    if length < 3:
        raise InputError(f"Two breakpoints need sequences of three bases; these have {length}.")
    first, second = rng.integers(1, length, (n, 1)), rng.integers(1, length - 1, (n, 1))
    second += second >= first
    at = np.arange(length)
    between = (at >= np.minimum(first, second)) & (at < np.maximum(first, second))
    known = (codes != UNKNOWN) & (others != UNKNOWN)
    return np.where(between & known, others, codes)


def shuffles(codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shuffle each sequence, but for unknown bases at its ends, and keep all dinucleotides."""
    shuffled = codes.copy()
    for row in shuffled:
        known = np.flatnonzero(row != UNKNOWN)
        if len(known):
            inner = row[known[0] : known[-1] + 1]
            inner[:] = dinucleotide_shuffle(inner[None], rng)[0]
    return shuffled


def shifts(
    codes: np.ndarray, regions: np.ndarray, genome: Genome, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Read the genome by up to half a length to either side of each sequence, but not in place.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
    regions : str array, shape (n,)
        Place of each sequence (`degu.genome.Region`); "" where it has none.
    genome
        Genome of the regions.
    rng
        Generator of the draws.

    Returns
    -------
    codes : uint8 array, shape (n, length)
    known : bool array, shape (n,)
        Whether the genome has the sequence at its place, and as much on both sides as a shift may
        need; other sequences come out as they are.

    Raises
    ------
    InputError
        For a chromosome that the genome lacks, or a text that is no region.
    """
    half = codes.shape[1] // 2
    offsets = rng.integers(1, half + 1, len(codes)) * rng.choice([-1, 1], len(codes))
    shifted, known = codes.copy(), np.zeros(len(codes), bool)
    for row, text in enumerate(regions):
        if not text:
            continue
        chrom, start, end, strand = Region.parse(text)
        around = Region(chrom, start - half, end + half, strand)
        if not genome.holds(around):
            continue
        letters = genome.read(around)
        known[row] = np.array_equal(letters[half : len(letters) - half], codes[row])
        if known[row]:
            first = half + offsets[row]
            shifted[row] = letters[first : first + codes.shape[1]]
    return shifted, known
