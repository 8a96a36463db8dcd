"""Best published correlations with the test sets of assays, from the table beside this module."""

import csv
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("published.tsv")


@cache
def _rows() -> dict[str, list[dict[str, str]]]:
    """Rows of the table by ASSAY/TARGET."""
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    found: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(lines, delimiter="\t"):
        found.setdefault(f"{row['assay']}/{row['target']}", []).append(row)
    return found


def names() -> list[str]:
    """Names of the assays, ASSAY/TARGET, of which an r is known."""
    return list(_rows())


def best(name: str) -> dict[str, str | float]:
    """Return the largest published r of an assay: its model, value, source and note."""
    row = max(_rows()[name], key=lambda row: float(row["value"]))
    facts = {key: row[key] for key in ("model", "source", "note")}
    return {"assay": name, "r": float(row["value"]), **facts}
