"""Data cards as tables that are read, not computed with."""

import pandas as pd


def readable(card: pd.DataFrame) -> list[pd.DataFrame]:
    """Lay out a data card: a row a measure, and a column a split, or a locus of variants.

    Parameters
    ----------
    card
        Of a data set (`degu.tables.card`) or of a set of variants (`degu.variants`).

    Returns
    -------
    tables : list of DataFrame
        Of a data set the counts of preparation, and its splits; of variants one table.
    """
    if "split" not in card:
        return [_across(card, "metric", "output")]
    counted = card["split"] == "all"
    counts = card.loc[counted, ["metric", "value"]]
    counts.columns = ["preparation", "number"]
    splits = card[~counted].assign(measure=card["output"] + ": " + card["metric"])
    return [counts, _across(splits, "measure", "split")]


def _across(table: pd.DataFrame, rows: str, columns: str) -> pd.DataFrame:
    """Pivot in order of appearance."""
    found = table.pivot_table("value", rows, columns, sort=False)
    return found.rename_axis(columns=None).reset_index()
