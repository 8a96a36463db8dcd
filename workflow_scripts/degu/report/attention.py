"""Warnings in few words: for the report's first page, and for the terminal at the end of a run."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from degu.report.answers import listed, span
from degu.tables.warnings import CHECKS

# Warnings that the terminal shows.
_LINES = 6


class Point(NamedTuple):
    """Warnings of one measure: what was measured, where it is beyond its bound, what to do."""

    what: str
    where: str
    advice: str


def titled(warnings: pd.DataFrame, names: Mapping[str, Mapping]) -> pd.DataFrame:
    """Put titles in place of keys; those of heads stay as they are.

    Parameters
    ----------
    warnings
        From `degu.tables.warnings.collect`.
    names
        As of `degu.report.answers.titled`.
    """
    outputs = [
        names["targets"][dataset].get(output, [output])[0]
        for dataset, output in zip(warnings["dataset"], warnings["output"], strict=True)
    ]
    return warnings.assign(
        dataset=warnings["dataset"].map(names["datasets"]),
        recipe=[names["recipes"].get(recipe, recipe) for recipe in warnings["recipe"]],
        output=outputs,
    )


def points(warnings: pd.DataFrame) -> list[Point]:
    """Gather warnings by measure, in the order of the table."""
    found = []
    for name, rows in warnings.groupby("warning", sort=False):
        where = listed([_place(row) for row in rows.itertuples()])
        found.append(Point(_measured(name, rows), where, rows["advice"].iloc[0]))
    return found


def _measured(name: str, rows: pd.DataFrame) -> str:
    """Write a measure with its values and its bound."""
    values = rows["value"].dropna()
    shown = span(values, "{:.4g}") if len(values) else "undefined"
    first = rows.iloc[0]
    return f"{first['what']}: {shown} ({CHECKS[name].side} {first['bound']:g})"


def _place(row: NamedTuple) -> str:
    """Name the run, activity and kind of a warning, as far as it has them."""
    run = row.recipe and f"{row.recipe} at {100 * row.fraction:g} %"
    named = ", ".join(part for part in (f"{row.dataset} {row.output}".strip(), run) if part)
    return f"{named} ({row.detail})" if row.detail else named


def read(path: str | Path) -> pd.DataFrame:
    """Read the table of warnings; what does not apply is empty text."""
    table = pd.read_table(path)
    return table.fillna(dict.fromkeys(["recipe", "output", "detail"], ""))


def lines(path: str | Path) -> str:
    """Write warnings for a terminal, a line a measure; empty if there are none."""
    found = points(read(path))
    if not found:
        return ""
    shown = [f"  {point.what}: {point.where}" for point in found[:_LINES]]
    shown += [f"  and {len(found) - _LINES} measures more"] * (len(found) > _LINES)
    return "\n".join([f"Attention ({path} says what to do):", *shown])
