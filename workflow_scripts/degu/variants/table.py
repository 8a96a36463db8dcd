"""A table of variants, insertions and deletions among them, measured or not."""

import re
from pathlib import Path

import pandas as pd

from degu.job import InputError
from degu.reading import (
    check_unique,
    header,
    numbers,
    positions,
    read_table,
    table,
    text_rows,
    titles_of,
)

LOCUS = "all"
"""Locus of all variants of a table that has none."""
_COLUMNS = ["locus", "chrom", "pos", "ref", "alt", "value"]
_IDENTIFIER, _EFFECT = "variant_id", "log2FoldChange"
# Sequence, position from 0, and both alleles; RefSeq numbers human chromosomes.
_SPDI = r"(?P<chrom>[^:]+):(?P<pos>\d+):(?P<ref>[ACGTacgt]*):(?P<alt>[ACGTacgt]*)"
_REFSEQ = re.compile(r"NC_0000(\d\d)\.\d+")
_NAMED = {23: "X", 24: "Y"}


def load(path: str | Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read variants; `degu.variants.scored.windows` cuts their sequences.

    Parameters
    ----------
    path
        TSV or CSV with the columns locus (the first), chrom, pos (from 1), ref, alt (letters
        A C G T, or - for none) and value (the measured effect; NA where there is none). Or a
        reporter variant table of IGVF, by its columns variant_id (SPDI, such as
        NC_000001.11:1000:A:G) and log2FoldChange: the locus of all its variants is `LOCUS`.

    Returns
    -------
    variants : DataFrame
        These columns, in this order.
    counts : DataFrame
        A row a locus: variants, and indels among them.

    Raises
    ------
    InputError
        For a table that is not as described, or a variant twice.
    """
    where = str(path)
    if _IDENTIFIER in titles_of(header(Path(path))):
        variants = _reporter_variants(Path(path))
    else:
        variants = table(text_rows(Path(path)), where, _COLUMNS[0], _COLUMNS)[_COLUMNS]
    for column in ("ref", "alt"):
        wrong = ~variants[column].str.fullmatch("[ACGT]+|-")
        if wrong.any():
            row = wrong.idxmax()
            raise InputError(
                f"{where}, row {row}: {column!r} is {variants.at[row, column]!r}, letters of ACGT "
                "or - are needed."
            )
    same = variants["ref"] == variants["alt"]
    if same.any():
        row = same.idxmax()
        raise InputError(
            f"{where}, row {row}: 'ref' and 'alt' are both {variants.at[row, 'ref']!r}, another "
            "allele is needed."
        )
    check_unique(variants, _COLUMNS[:-1], where)
    variants["pos"] = positions(variants, "pos", where)
    variants["value"] = numbers(variants, ["value"], where, missing=True)[:, 0]
    lengths = variants[["ref", "alt"]].apply(lambda allele: allele.str.strip("-").str.len())
    indel = lengths["ref"] != lengths["alt"]
    loci = indel.groupby(variants["locus"], sort=False)
    return variants, pd.DataFrame({"variants": loci.size(), "indels": loci.sum()})


def _reporter_variants(path: Path) -> pd.DataFrame:
    """Cells of a reporter variant table under the titles of a table of variants."""
    frame = read_table(path, [_IDENTIFIER, _EFFECT])
    found = frame[_IDENTIFIER].str.strip().str.extract(rf"^{_SPDI}$")
    wrong = found["chrom"].isna()
    if wrong.any():
        row = wrong.idxmax()
        raise InputError(
            f"{path}, row {row}: {_IDENTIFIER!r} is {frame.at[row, _IDENTIFIER]!r}, an SPDI is "
            "needed, as in NC_000001.11:1000:A:G."
        )
    alleles = {key: found[key].str.upper().replace("", "-") for key in ("ref", "alt")}
    place = {"chrom": found["chrom"].map(_chromosome), "pos": found["pos"].astype(int) + 1}
    return pd.DataFrame({"locus": LOCUS} | place | alleles | {"value": frame[_EFFECT]})


def _chromosome(accession: str) -> str:
    """Name of a human chromosome by its RefSeq accession; another name as it is."""
    match = _REFSEQ.fullmatch(accession)
    number = int(match[1]) if match else 0
    return f"chr{_NAMED.get(number, number)}" if 1 <= number <= 24 else accession
