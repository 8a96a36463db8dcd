"""Natural sequences: those of a file, or windows of a genome; and what they share with others."""

from pathlib import Path

import numpy as np

from degu.genome import Genome, Region, bed, fasta
from degu.job import InputError, errors_name
from degu.reading import read_table, texts
from degu.sequences import K, encode, kmers, reverse_complement

# Title of the column of sequences in a table.
COLUMN = "sequence"


def read(path: str | Path) -> np.ndarray:
    """Read the sequences of a FASTA, or of the column `sequence` of a TSV or CSV, gzip or not.

    Returns
    -------
    codes : uint8 array, shape (n, length)

    Raises
    ------
    InputError
        For another file, or sequences that are not all of one length.
    """
    records = fasta(path)
    if records:
        names, sequences = zip(*records, strict=True)
    else:
        frame = read_table(Path(path), [COLUMN])
        names, sequences = list(frame.index), texts(frame, COLUMN, str(path)).tolist()
    with errors_name(path):
        return encode(sequences, names)


def windows(path: str | Path, genome: str | Path, length: int) -> tuple[np.ndarray, int]:
    """Read windows of a genome: of each region as many side by side as it holds, at least one.

    Windows lie around the middle of their region, on its strand.

    Parameters
    ----------
    path
        BED file of the regions.
    genome
        Plain FASTA with its index.
    length
        Bases of a window.

    Returns
    -------
    codes : uint8 array, shape (n, length)
    outside : int
        Windows that leave their chromosome, which are left out.

    Raises
    ------
    InputError
        For a line that is no region, a chromosome that the genome lacks, or no window at all.
    """
    found, outside = [], 0
    with Genome(genome) as letters:
        for _, (chrom, start, end, strand) in bed(path):
            number = max(1, (end - start) // length)
            first = (start + end - number * length) // 2
            for at in range(first, first + number * length, length):
                window = Region(chrom, at, at + length, strand)
                if letters.holds(window):
                    found.append(letters.read(window))
                else:
                    outside += 1
    if not found:
        raise InputError(f"{path} has no region with a window of {length} bases in {genome}.")
    return np.stack(found), outside


def fit(codes: np.ndarray, like: np.ndarray, insert: slice, where: str | Path) -> np.ndarray:
    """Put inserts between the ends of a data set's sequences; whole sequences stay as they are.

    Parameters
    ----------
    codes : uint8 array, shape (n, bases)
    like : uint8 array, shape (length,)
        One of the data set's sequences.
    insert
        Positions between the ends that all of them share.
    where
        Name of the file in errors.

    Raises
    ------
    InputError
        For sequences as long as neither.
    """
    bases, length, inner = codes.shape[1], len(like), insert.stop - insert.start
    if bases not in (inner, length):
        between = f", or {inner} between the ends that all share" if inner < length else ""
        raise InputError(
            f"{where}: sequences have {bases} bases, those of the data set {length}{between}."
        )
    if bases == length:
        return codes
    fitted = np.tile(like, (len(codes), 1))
    fitted[:, insert] = codes
    return fitted


def stretches(codes: np.ndarray) -> np.ndarray:
    """Hash the stretches of `K` bases of sequences, whole ones where they are shorter.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)

    Returns
    -------
    hashes : uint64 array, shape (n, stretches)
    """
    return kmers(codes, min(K, codes.shape[1]))


def overlapping(codes: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Whether sequences share a stretch with others, on either strand.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
    known : uint64 array
        `stretches` of the others.

    Returns
    -------
    overlapping : bool array, shape (n,)
    """
    if len(known) == 0:
        return np.zeros(len(codes), bool)
    both = np.hstack([stretches(codes), stretches(reverse_complement(codes))])
    return np.isin(both, known).any(axis=1)
