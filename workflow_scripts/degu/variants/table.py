"""A table of variants, insertions and deletions among them, measured or not."""

from pathlib import Path

import pandas as pd

from degu.job import InputError
from degu.reading import check_unique, numbers, positions, table, text_rows

_COLUMNS = ["locus", "chrom", "pos", "ref", "alt", "value"]


def load(path: str | Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read variants; `degu.variants.scored.windows` cuts their sequences.

    Parameters
    ----------
    path
        TSV or CSV with the columns locus (the first), chrom, pos (from 1), ref, alt (letters
        A C G T, or - for none) and value (the measured effect; NA where there is none).

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
