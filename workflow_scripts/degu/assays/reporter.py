"""Reporter experiments in the formats of IGVF, as MPRAsnakeflow and MPRAlib write them.

One format has a row a barcode with its reads, the other a row an oligo and replicate with its
activity. Sequences come from the design of the library, by the names of the oligos.
"""

import logging
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu import barcodes, dataset, measurements, reading
from degu.assays import table
from degu.genome import fasta
from degu.job import InputError, log
from degu.splits import alleles

ACTIVITY = "activity"
_OLIGOS = ["replicate", "oligo_name", "log2FoldChange", "n_bc"]
# Formats of the same tools that are something else.
_OTHERS = {
    "variant_id": "effects of variants, which `variants` take",
    "inputcount": "activities over all replicates, without their spread",
}
_PLACE = ["chr", "start", "end"]


def load(
    files: Mapping[str, Path],
    seed: int,
    *,
    min_barcodes: int = 10,
    min_counts: Mapping[str, int] | None = None,
    pseudocount: Mapping[str, float] | None = None,
    depth: str | None = None,
    length: str | dict[str, str] | None = None,
) -> dataset.Records:
    """Read a reporter experiment; its replicates are those of the activity.

    Parameters
    ----------
    files
        "experiment": a table whose header tells the format, barcode, oligo_name, dna_count_R and
        rna_count_R for each replicate R, or replicate, oligo_name, log2FoldChange and n_bc.
        "design": a FASTA, or a table with the columns name and sequence. A column split is kept;
        rows of one value of the column group stay in one split, or else those of one chr, start
        and end, or else those that differ as alleles do (`degu.splits.alleles`).
    seed
        Seed of the split, where the design has none.
    min_barcodes
        Barcodes of an oligo in a replicate below which it is not measured there.
    min_counts, pseudocount, depth
        As of `degu.barcodes`; for tables of barcodes alone.
    length
        Where lengths differ, how they are made equal (`degu.sequences.fit`).

    Returns
    -------
    records : Records
        Oligos that are measured in two replicates or more.

    Raises
    ------
    InputError
        For whatever cannot be used; it names file, row and value.
    """
    path = reading.pick(files, "experiment")
    counting = {"min_counts": min_counts, "pseudocount": pseudocount, "depth": depth}
    values, numbers, steps = _measure(path, counting)
    values = values.where(numbers >= min_barcodes).add_prefix("replicate ")
    _check_measured(values, numbers, min_barcodes, str(path))
    design = pick_sequences(reading.pick(files, "design"), values.index, str(path))
    steps += [("oligos in the table", len(values)), ("oligos with a sequence", len(design))]
    columns = {"name": "oligo", "sequence": "sequence"}
    columns |= {column: column for column in ("split", "group") if column in design}
    frame = design.assign(oligo=design.index).join(values)
    targets = {ACTIVITY: {"replicates": list(values)}}
    return table.of_frame(frame, path, seed, columns, targets, "drop", steps, length=length)


def _measure(
    path: Path, counting: Mapping[str, object]
) -> tuple[pd.DataFrame, pd.DataFrame, list[tuple[str, int]]]:
    """Activities and numbers of barcodes by oligo and replicate, and what was counted."""
    titles = reading.titles_of(reading.header(path))
    given = {key: value for key, value in counting.items() if value is not None}
    if set(barcodes.TITLES[:2]) <= set(titles):
        counts = barcodes.count(path, **given.pop("min_counts", {}))
        numbers = counts[barcodes.SEEN]
        seen = int(numbers.to_numpy().sum())
        steps = [("barcodes counted, summed over replicates", seen)]
        return barcodes.activities(counts, **given), numbers, steps
    if not {title.casefold() for title in _OLIGOS} <= set(titles):
        raise InputError(f"{path} {_unknown(titles)}.")
    if given:
        raise InputError(
            f"{path} has activities of oligos: {', '.join(given)} are for tables of barcodes."
        )
    return *read_oligos(path), []


def _unknown(titles: list[str]) -> str:
    """Say what a table is, or what it should be."""
    other = next((what for title, what in _OTHERS.items() if title in titles), None)
    if other is not None:
        return f"has {other}"
    found = ", ".join(titles) or "no header"
    return (
        f"is no reporter experiment: {', '.join(barcodes.TITLES)} are needed (a row a barcode), or "
        f"{', '.join(_OLIGOS)} (a row an oligo and replicate), between tabs; it has {found}"
    )


def _check_measured(values: pd.DataFrame, numbers: pd.DataFrame, least: int, where: str) -> None:
    """Refuse an experiment without an oligo that is measured twice; say how many are."""
    if values.shape[1] < measurements.MINIMUM_REPLICATES:
        raise InputError(
            f"{where} has one replicate, {str(numbers.columns[0])!r}: two or more are needed."
        )
    measured = values.notna().sum(axis=1) >= measurements.MINIMUM_REPLICATES
    if not measured.any():
        second = np.sort(numbers.fillna(0).to_numpy(), axis=1)[:, -2].max()
        raise InputError(
            f"{where}: no oligo has {least} barcodes in two replicates, the most are {second:g}: "
            "lower `min_barcodes`."
        )
    few = 2 * measured.sum() < len(values)
    log.log(
        logging.WARNING if few else logging.INFO,
        "%s: kept %d of %d oligos, %d lack %d barcodes in a second replicate (min_barcodes).",
        where, measured.sum(), len(values), (~measured).sum(), least,
    )  # fmt: skip


def read_oligos(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read activities and numbers of barcodes, each a row an oligo and a column a replicate."""
    where, frame = str(path), reading.read_table(path, _OLIGOS)
    reading.check_unique(frame, _OLIGOS[:2], where)
    numbers = reading.numbers(frame, _OLIGOS[2:], where, missing=True)
    keys = [reading.texts(frame, column, where) for column in ("oligo_name", "replicate")]
    long = pd.DataFrame(numbers, pd.MultiIndex.from_arrays(keys))
    oligos, replicates = (pd.unique(key) for key in keys)
    return tuple(long[column].unstack().reindex(oligos)[list(replicates)] for column in (0, 1))


def pick_sequences(path: Path, oligos: pd.Index, experiment: str) -> pd.DataFrame:
    """Find the sequences of oligos in a design.

    Names are compared as they stand, or with _ for blanks and brackets, or up to the first blank:
    as the tools write them of one design or another.

    Parameters
    ----------
    path
        FASTA or table.
    oligos
        Names of oligos.
    experiment
        Name of their table in errors.

    Returns
    -------
    design : DataFrame
        Columns sequence, and split or group, or both; the index is the oligo.
        Oligos without a sequence are left out.
    """
    design = _read_design(path)
    names = pd.Index(design.pop("name"))
    if names.has_duplicates:
        twice = names[names.duplicated()][0]
        raise InputError(f"{path}: the name {twice!r} stands twice, names must be unique.")
    found = []
    for read in (
        str,
        lambda name: re.sub(r"[\s\[\]]", "_", name),
        lambda name: name.partition(" ")[0],
    ):
        known = pd.Index([read(name) for name in names])
        place = pd.Series(range(len(known)), known)[~known.duplicated(keep=False)]
        found.append(place.reindex(oligos).dropna().astype(int))
    place = max(found, key=len)
    if place.empty:
        raise InputError(
            f"{path} has none of the {len(oligos)} oligos of {experiment}: the first there is "
            f"{oligos[0]!r}, the first here {names[0]!r}."
        )
    if len(place) < len(oligos):
        lost = oligos.difference(place.index, sort=False)
        log.warning(
            "%s has no sequence of %d oligos of %s, which are left out, the first: %r.",
            path, len(lost), experiment, lost[0],
        )  # fmt: skip
    return design.iloc[place.to_numpy()].set_axis(place.index)


def _read_design(path: Path) -> pd.DataFrame:
    """Read name and sequence, and split or group: of columns or places, else of alleles."""
    records = fasta(path)
    if records:
        design = pd.DataFrame(records, columns=["name", "sequence"])
        return design.assign(group=_alleles(design))
    titles = reading.titles_of(reading.header(path))
    further = [column for column in ("split", "group") if column in titles]
    place = _PLACE if not further and set(_PLACE) <= set(titles) else []
    frame = reading.read_table(path, ["name", "sequence", *further, *place])
    texts = {
        column: reading.texts(frame, column, str(path), missing=column in _PLACE)
        for column in frame
    }
    design = pd.DataFrame({key: texts[key] for key in ("name", "sequence", *further)})
    if place:
        known = np.all([texts[column] != "" for column in place], axis=0)
        places = [":".join(parts) for parts in zip(*(texts[key] for key in place), strict=True)]
        design["group"] = np.where(known, places, texts["name"])
    elif not further:
        design["group"] = _alleles(design)
    return design


def _alleles(design: pd.DataFrame) -> np.ndarray:
    return alleles(design["name"].to_numpy(str), design["sequence"].tolist())
