"""Table of warnings: results that should not be trusted as they are, and what to do about them."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.metrics import LIMITS, mean_interval
from degu.predictions import COVERED, ENSEMBLE

RUN = ["dataset", "recipe", "fraction"]
COLUMNS = [*RUN, "output", "warning", "what", "detail", "value", "bound", "advice"]
# Columns of what is found, before it is held against its bound.
_PLACE = [*RUN, "output", "detail"]
# Steps of preparation that count what was read; the last one holds.
_READ = ("rows", "rows in the table", "rows of splits that are used")


class Check(NamedTuple):
    """A measure that is held against a bound.

    Attributes
    ----------
    what
        Name of the measure.
    side
        Whether values "above" or "below" the bound are warned of; undefined ones count as below.
    find
        Makes rows of tables by name: dataset, recipe, fraction, output, detail (empty where they
        do not apply), value; one a member, or one in all.
    advice
        What to do.
    of_controls
        Whether it is for recipes of shuffled measurements; the others are for all but these.
    """

    what: str
    side: str
    find: Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame]
    advice: str
    of_controls: bool = False


def collect(
    tables: Mapping[str, pd.DataFrame],
    bounds: Mapping[str, float],
    controls: Collection[str] = (),
) -> pd.DataFrame:
    """Hold the results of all runs against bounds.

    Parameters
    ----------
    tables
        Joined tables by name, as far as there are any: training, performance, intervals, baseline,
        and `cards`, those of all data sets behind one another.
    bounds
        By key of `CHECKS`.
    controls
        Recipes whose members learnt shuffled measurements.

    Returns
    -------
    table : DataFrame
        `COLUMNS`: a row for each measure, run, output and kind that is beyond its bound. value is
        that of the worst member; detail says how many of them are, and of what kind.
    """
    found = [
        _beyond(name, check, check.find(_of(tables, controls, check.of_controls)), bounds[name])
        for name, check in CHECKS.items()
    ]
    found = [rows for rows in found if len(rows)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def _of(
    tables: Mapping[str, pd.DataFrame], controls: Collection[str], kept: bool
) -> dict[str, pd.DataFrame]:
    """Rows of controls, or of all other recipes; tables of data sets stay as they are."""
    return {
        name: table[table["recipe"].isin(controls) == kept] if "recipe" in table else table
        for name, table in tables.items()
    }


def _beyond(name: str, check: Check, rows: pd.DataFrame, bound: float) -> pd.DataFrame:
    """Rows of the table of warnings, from all that was found."""
    above = check.side == "above"
    bad = rows["value"] > bound if above else ~(rows["value"] >= bound)
    warned = []
    for place, members in rows.assign(bad=bad).groupby(_PLACE, sort=False, dropna=False):
        values = members.loc[members["bad"], "value"]
        if len(values) == 0:
            continue
        several = f"{len(values)} of {len(members)} members" if len(members) > 1 else ""
        row = dict(zip(_PLACE, place, strict=True))
        row["detail"] = ", ".join(part for part in (row["detail"], several) if part)
        value = values.max() if above else values.min(skipna=False)
        row |= {"warning": name, "what": check.what, "value": value, "bound": bound}
        warned.append(row | {"advice": check.advice})
    return pd.DataFrame(warned, columns=COLUMNS)


def _rows(found: list[dict]) -> pd.DataFrame:
    """Rows with empty text where nothing applies, and a missing fraction."""
    table = pd.DataFrame(found, columns=[*_PLACE, "value"])
    return table.fillna({"recipe": "", "output": "", "detail": ""})


def _table(tables: Mapping[str, pd.DataFrame], name: str, *columns: str) -> pd.DataFrame:
    """Return a table, or one without rows where no run feeds it."""
    return tables.get(name, pd.DataFrame(columns=[*RUN, "output", "metric", "value", *columns]))


def _of_heads(tables: Mapping[str, pd.DataFrame], kind: str) -> pd.DataFrame:
    """Pearson's r of single members' heads of a kind, on the test set."""
    table = _table(tables, "performance", "member", "kind")
    alone = table["member"].astype(str) != ENSEMBLE
    return table[alone & (table["kind"] == kind) & (table["metric"] == "pearson")]


def _dropped(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Share of the rows of a raw table that is in no split, but for what the config leaves out."""
    found = []
    for dataset, card in _table(tables, "cards", "split").groupby("dataset", sort=False):
        if (rows := kept_rows(card)) is not None:
            kept, total = rows
            detail = f"kept {kept:,} of {total:,}"
            found.append({"dataset": dataset, "detail": detail, "value": 1 - kept / total})
    return _rows(found)


def kept_rows(card: pd.DataFrame) -> tuple[int, int] | None:
    """Rows in the splits of a data card, and rows of the raw table; None where it does not tell.

    Rows that the config itself leaves out do not count.
    """
    steps = card[(card["split"] == "all") & card["metric"].isin(_READ)]
    numbers = card[(card["output"] == "sequence") & (card["metric"] == "number")]
    if steps.empty:
        return None
    return int(numbers["value"].sum()), int(steps["value"].iloc[-1])


def _ceilings(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    card = _table(tables, "cards", "split")
    test = card[(card["split"] == "test") & (card["metric"] == "noise_ceiling")]
    return _rows(test[["dataset", "output", "value"]].to_dict("records"))


def _shuffled(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Lower bound of the mean r over members, each of which learnt a permutation of its own."""
    found = []
    for place, members in _of_heads(tables, "activity").groupby([*RUN, "output"], sort=False):
        mean, low, high = mean_interval(members["value"].to_numpy(), limits=LIMITS["pearson"])
        detail = f"mean r {mean:.3f}, {low:.3f} to {high:.3f}, n = {len(members)}"
        row = dict(zip([*RUN, "output"], place, strict=True))
        found.append(row | {"detail": detail, "value": low})
    return _rows(found)


def _undertrained(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    found = []
    table = _table(tables, "training", "undertrained", "reason")
    for run, members in table.groupby(RUN, sort=False):
        short = members[members["undertrained"].astype(bool)]
        reasons = " or ".join(short["reason"].dropna().unique())
        detail = f"{len(short)} of {len(members)} members: {reasons}"
        row = dict(zip(RUN, run, strict=True))
        found.append(row | {"detail": detail, "value": len(short) / len(members)})
    return _rows(found)


def _over_kmers(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Mean r of members minus that of the ridge on the same training sequences."""
    ridge = _table(tables, "baseline").query("metric == 'pearson'")
    known = ridge.set_index(["dataset", "fraction", "output"])["value"].to_dict()
    found = []
    for place, members in _of_heads(tables, "activity").groupby([*RUN, "output"], sort=False):
        row = dict(zip([*RUN, "output"], place, strict=True))
        counted = known.get((row["dataset"], row["fraction"], row["output"]))
        if counted is not None:
            mean = members["value"].mean(skipna=False)
            detail = f"mean r {mean:.3f}, of the ridge {counted:.3f}"
            found.append(row | {"detail": detail, "value": mean - counted})
    return _rows(found)


def _epistemic(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return _rows(_of_heads(tables, "epistemic")[[*RUN, "output", "value"]].to_dict("records"))


def _intervals(tables: Mapping[str, pd.DataFrame], metric: str) -> pd.DataFrame:
    """Rows of a measure of intervals of activities, a kind of uncertainty their detail."""
    table = _table(tables, "intervals", "kind", "covers")
    rows = table[table["covers"].isin(COVERED) & (table["metric"] == metric)]
    return _rows(rows.assign(detail=rows["kind"]).to_dict("records"))


def _infinite(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return _intervals(tables, "infinite")


def _factors(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = _intervals(tables, "conformal_factor")
    return rows[np.isfinite(rows["value"].astype(float))]


def _widths(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Mean width of calibrated intervals, in ranges of what was measured in all splits."""
    card = _table(tables, "cards", "split")
    ends = {
        (dataset, output): part.loc[part["metric"] == "quantile 1", "value"].max()
        - part.loc[part["metric"] == "quantile 0", "value"].min()
        for (dataset, output), part in card.groupby(["dataset", "output"], sort=False)
    }
    rows = _intervals(tables, "conformal_width")
    ranges = [
        ends.get(place, np.nan) for place in zip(rows["dataset"], rows["output"], strict=True)
    ]
    rows = rows.assign(value=rows["value"] / ranges)
    return rows[np.isfinite(rows["value"].astype(float))]


CHECKS: Mapping[str, Check] = {
    "dropped_rows": Check(
        "share of rows left out in preparation",
        "above",
        _dropped,
        "The data card counts what was left out, and why. A target that few rows have costs all "
        "other rows: train on it apart, or fill in what is missing.",
    ),
    "noise_ceiling": Check(
        "noise ceiling of Pearson's r",
        "below",
        _ceilings,
        "Replicates hardly agree, so that no model can predict what was measured. Measure more "
        "replicates or barcodes, or leave out sequences with few of them.",
    ),
    "shuffled_r": Check(
        "Pearson's r of the control on shuffled measurements, lower end of its interval",
        "above",
        _shuffled,
        "Its r should be near nought. Look for leaks between splits in the data card, and for a "
        "validation set so small that the choice of an epoch tells much; hold other r against it.",
        of_controls=True,
    ),
    "undertrained": Check(
        "share of undertrained members",
        "above",
        _undertrained,
        "Give them more epochs or steps, and students a larger budget (docs/recipes.md, Budgets): "
        "what such members reach is no limit, neither theirs nor that of distillation.",
    ),
    "gain_over_kmers": Check(
        "gain in Pearson's r over a ridge on k-mer counts",
        "below",
        _over_kmers,
        "The network found little more than counts of words. Train longer, at another rate, with "
        "another architecture or on more sequences before anything is distilled.",
    ),
    "epistemic_r": Check(
        "Pearson's r of a student's epistemic head with the spread of its teachers, test set",
        "below",
        _epistemic,
        "Do not rank predictions by it. Raise weights.epistemic, leave out dropout, train longer "
        "or on more sequences (docs/recipes.md, Hints on distillation).",
    ),
    "infinite_intervals": Check(
        "share of conformal intervals without bounds",
        "above",
        _infinite,
        "The calibration set is too small for the level: take more validation sequences, fewer "
        "calibration.groups, or a lower calibration.level.",
    ),
    "conformal_factor": Check(
        "conformal factor",
        "above",
        _factors,
        "The predicted deviations have little to do with the errors; many may lie at "
        "calibration.smallest_std (raised, in intervals.tsv). Use another kind of uncertainty, or "
        "calibration.score: normalised.",
    ),
    "relative_width": Check(
        "width of conformal intervals in ranges of what was measured",
        "above",
        _widths,
        "Such intervals say nothing about a sequence. Use another kind of uncertainty, "
        "calibration.score: normalised, or more sequences.",
    ),
}
