"""Reads of barcodes, DNA and RNA in each replicate, to activities of oligos."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu import reading
from degu.job import InputError

TITLES = ["barcode", "oligo_name", "dna_count_*", "rna_count_*"]
DNA, RNA, SEEN = "dna", "rna", "barcodes"
# Name under which MPRAsnakeflow lists barcodes that belong to no oligo.
_UNASSIGNED = "no_BC"


def count(path: Path, dna: int = 1, rna: int = 1) -> pd.DataFrame:
    """Sum up the reads of each oligo's barcodes, in bounded memory.

    Parameters
    ----------
    path
        Table of barcodes; an empty cell is no read.
    dna, rna
        Reads in a replicate below which a barcode is not counted there. One without any read is
        never counted.

    Returns
    -------
    counts : DataFrame
        A row an oligo, in the order of the table; columns (dna, rna or barcodes, replicate).

    Raises
    ------
    InputError
        For reads that are no whole number, or replicates without DNA or RNA.
    """
    where, replicates = str(path), _replicates(path)
    total, prints = None, []
    for frame in reading.blocks(path, TITLES):
        found = [_reads(frame, f"{kind}_count_", replicates, where) for kind in (DNA, RNA)]
        seen = (found[0] >= dna) & (found[1] >= rna) & (found[0] + found[1] > 0)
        part = pd.DataFrame(
            np.hstack([np.where(seen, reads, 0) for reads in found] + [seen]),
            reading.texts(frame, "oligo_name", where),
            pd.MultiIndex.from_product([[DNA, RNA, SEEN], replicates]),
        )
        part = part.groupby(level=0, sort=False).sum()
        total = part if total is None else _add(total, part)
        prints.append(pd.util.hash_array(frame["barcode"].to_numpy(object)))
    total = pd.DataFrame() if total is None else total.drop(index=_UNASSIGNED, errors="ignore")
    if not total.to_numpy().any():
        raise InputError(f"{where} has no barcode with {dna} DNA and {rna} RNA reads.")
    repeated = pd.Series(np.concatenate(prints)).duplicated().sum()
    if repeated:
        raise InputError(f"{where}: {repeated} barcodes stand on several rows, one is allowed.")
    return total


def _replicates(path: Path) -> list[str]:
    """Names of replicates, all of which have DNA and RNA."""
    titles = reading.titles_of(reading.header(path))
    names = {
        kind: [t.removeprefix(f"{kind}_count_") for t in titles if t.startswith(f"{kind}_count_")]
        for kind in (DNA, RNA)
    }
    if set(names[DNA]) != set(names[RNA]) or not names[DNA]:
        raise InputError(
            f"{path} has the DNA of replicates {', '.join(names[DNA]) or 'none'}, but the RNA of "
            f"{', '.join(names[RNA]) or 'none'}: dna_count_R and rna_count_R go together."
        )
    return names[DNA]


def _reads(frame: pd.DataFrame, prefix: str, replicates: list[str], where: str) -> np.ndarray:
    """Return the reads of one kind, (rows, replicates)."""
    columns = [prefix + replicate for replicate in replicates]
    reads = np.nan_to_num(reading.numbers(frame, columns, where, missing=True))
    wrong = (reads < 0) | (reads % 1 != 0)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InputError(
            f"{where}, row {frame.index[row]}: {columns[column]!r} is {reads[row, column]:g}, a "
            "whole number of reads is needed."
        )
    return reads


def _add(total: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """Add counts of oligos, those that are new behind the others."""
    oligos = total.index.union(part.index, sort=False)
    return total.reindex(oligos, fill_value=0) + part.reindex(oligos, fill_value=0)


def activities(
    counts: pd.DataFrame, pseudocount: Mapping[str, float] | None = None, depth: str = "total"
) -> pd.DataFrame:
    """Log2 ratio of an oligo's RNA to its DNA, each as a share of all reads of its replicate.

    Parameters
    ----------
    counts
        As `count` returns them.
    pseudocount
        Reads that are added to the RNA and to the DNA of each "barcode" that is counted, and of
        each "oligo" with one; none by default.
    depth
        "total" divides by all reads of a replicate, pseudocounts included; "none" by nothing.

    Returns
    -------
    activities : DataFrame
        A row an oligo, a column a replicate; NaN where there is no read of RNA or of DNA.
    """
    added, logs = pseudocount or {}, {}
    for kind in (DNA, RNA):
        reads = counts[kind] + added.get("barcode", 0) * counts[SEEN]
        reads += added.get("oligo", 0) * (counts[SEEN] > 0)
        reads = reads / reads.sum() if depth == "total" else reads
        logs[kind] = np.log2(reads.where(reads > 0))
    return logs[RNA] - logs[DNA]
