"""Scored variants: sequences around them, predicted effects and their uncertainty, a file a run.

    /variants/{column}   string or number   (n,)
    /ref, /alt           float32            (members, n, heads)
    attribute: heads (JSON)

All uncertainties are standard deviations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from degu.genome import Fetch
from degu.heads import Heads
from degu.job import InputError, atomic, errors_name
from degu.lengths import check_window
from degu.sequences import encode
from degu.variants import effects


def windows(variants: pd.DataFrame, fetch: Fetch, length: int) -> pd.DataFrame:
    """Cut the sequences of both alleles, of one length whatever the variant inserts or deletes.

    The bases before a variant are the same in both; as much of the genome follows as fits.

    Parameters
    ----------
    variants : DataFrame
        chrom, pos (from 1, of the first base of ref), ref, alt: letters, or "-" for none.
    fetch
        `degu.genome.Genome.fetch`.
    length
        Bases of a sequence; with 230 a substitution has 114 before it (Methods, "CAGI5").

    Returns
    -------
    variants : DataFrame
        The same with ref_sequence, alt_sequence, and index (of the variant in them, from 0).

    Raises
    ------
    InputError
        For a ref that is not the genome's, an allele that is longer than the sequence has room
        for, or a window past the end of a chromosome.
    """
    index = (length - 1) // 2
    pairs = []
    for row, chrom, pos, ref, alt in variants[["chrom", "pos", "ref", "alt"]].itertuples():
        with errors_name(f"row {row}, window of {length} bases: {chrom}:{pos} {ref}>{alt}"):
            pairs.append(_alleles(chrom, int(pos), ref.strip("-"), alt.strip("-"), fetch, length))
    sequences = pd.DataFrame(pairs, variants.index, ["ref_sequence", "alt_sequence"])
    return variants.assign(**sequences, index=index)


def _alleles(chrom, pos, ref, alt, fetch, length) -> tuple[str, str]:
    index = (length - 1) // 2
    if max(len(ref), len(alt)) > length - index:
        raise InputError(
            f"an allele has {max(len(ref), len(alt))} bases, but a sequence of {length} has room "
            f"for {length - index}."
        )
    start = pos - 1 - index
    genome = fetch(chrom, start, start + length + max(0, len(ref) - len(alt)))
    if genome[index : index + len(ref)] != ref:
        raise InputError(
            f"the genome has {genome[index : index + len(ref)]} there: is the table of another "
            "assembly?"
        )
    return both_alleles(genome, index, ref, alt, length)


def both_alleles(genome: str, index: int, ref: str, alt: str, length: int) -> tuple[str, str]:
    """Return the sequences of both alleles; a genome has a base more for each that is deleted."""
    changed = genome[:index] + alt + genome[index + len(ref) :]
    return genome[:length], changed[:length]


def of_loci(variants: pd.DataFrame, loci: Sequence[str]) -> pd.DataFrame:
    """Return the variants of some loci, all of which must have some."""
    known = list(variants["locus"].unique())
    for locus in loci:
        if locus not in known:
            raise InputError(f"There are no variants of {locus!r}: loci are {', '.join(known)}.")
    return variants[variants["locus"].isin(loci)].reset_index(drop=True)


def flanked(sequences: pd.Series, left: str, right: str, length: int) -> np.ndarray:
    """Put an assay's adaptors around sequences, where they leave room for them, and encode them.

    Parameters
    ----------
    sequences
        Letters.
    left, right
        Adaptors; empty where the models see the genome alone, as in the paper. They are not put
        around sequences that are as long as the models take.
    length
        Length that the models take.

    Returns
    -------
    codes : uint8 array, shape (n, length)
    """
    window = len(sequences.iloc[0])
    check_window(window, len(left), len(right), length)
    if window == length:
        left = right = ""
    return encode([left + sequence + right for sequence in sequences])


@dataclass
class Scored:
    """Variants with the predictions of all members of a run for both alleles.

    Attributes
    ----------
    table : DataFrame
        locus, chrom, pos, ref, alt, value (the measured effect); n rows.
    heads : Heads
    ref, alt : float32 arrays, shape (members, n, heads)
    """

    table: pd.DataFrame
    heads: Heads
    ref: np.ndarray
    alt: np.ndarray

    def effects(self, activity: str) -> np.ndarray:
        """f(alt) - f(ref) of each member: (members, n)."""
        column = self.heads.column(activity)
        return self.alt[..., column] - self.ref[..., column]

    def uncertainties(self, activity: str) -> dict[str, np.ndarray]:
        """Return standard deviations of each member's effect by kind (`effects.deviations`).

        Returns
        -------
        uncertainties : dict of arrays, shape (members, n)
            paired, epistemic, aleatoric, total, as far as the heads go.
        """
        return effects.deviations(self.heads, self.ref, self.alt, activity)

    def spread(self, activity: str) -> np.ndarray:
        """Return the standard deviation of the effect over members, ddof 0: (n,)."""
        return self.effects(activity).std(axis=0)


def write(path: str | Path, scored: Scored) -> None:
    """Write scored variants."""
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = scored.heads.to_json()
        file["ref"], file["alt"] = scored.ref, scored.alt
        file.attrs["columns"] = [*scored.table.columns]
        for column, values in scored.table.items():
            text = not pd.api.types.is_numeric_dtype(values)
            values = values.to_numpy(object if text else values.dtype)
            dtype = h5py.string_dtype() if text else values.dtype
            file.create_dataset(f"variants/{column}", data=values, dtype=dtype)


def read(path: str | Path) -> Scored:
    """Read scored variants."""
    with h5py.File(path) as file:
        columns = {name: file[f"variants/{name}"] for name in file.attrs["columns"]}
        table = {
            name: values[:] if h5py.check_string_dtype(values.dtype) is None else values.asstr()[:]
            for name, values in columns.items()
        }
        return Scored(
            pd.DataFrame(table),
            Heads.from_json(file.attrs["heads"]),
            file["ref"][:],
            file["alt"][:],
        )


def ranking(student: Scored) -> dict[str, np.ndarray]:
    """Uncertainty by which variants are ranked: the first student's paired one, total, or only one.

    Returns
    -------
    std : dict of name to ndarray of float64, shape (n,)
        Standard deviation of each effect, by activity.
    """
    kinds = {name: student.uncertainties(name) for name in student.heads.activities}
    return {name: found[effects.preferred(found)][0] for name, found in kinds.items()}


def most_certain(std: np.ndarray, share: float) -> np.ndarray:
    """Rows of the smallest deviations, smallest first: a share of all, rounded."""
    return np.argsort(std, kind="stable")[: round(share * len(std))]
