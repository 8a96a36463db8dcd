"""Forecast of a run: what was measured of its own jobs, and estimates, which are never added up.

A job is *measured* if a job of the same rule, data set, recipe and kind of device has a benchmark:
of the same fraction, or of another one, scaled by the number of sequences. It is *estimated* by
jobs that do the same work on other data, scaled by sequences, passes and bases, or else by shipped
costs. Costs on a CPU never stand for a GPU, nor the other way round.
"""

import heapq
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu.report import work

BASES = ("measured", "estimated")
# Costs of networks by themselves, remade by tests/bench/bench_costs.py.
SHIPPED = Path(__file__).with_name("costs.tsv")
# Sequences that a shipped cost is of.
SHIPPED_SEQUENCES = 10_000


def shipped(settings: Mapping, references: int, path: str | Path = SHIPPED) -> pd.DataFrame:
    """Read shipped costs of networks without options.

    Parameters
    ----------
    settings, references
        Training settings, and references of an attribution, that they were measured with.
    path
        Table of work ("training", of an epoch; "prediction", of a pass; or a method of
        attribution), architecture, length, device, seconds (of 10,000 sequences), and megabytes of
        a saved model.

    Returns
    -------
    table : DataFrame
        network, share, sequences, passes, length, paced and bytes, as of `expect`.
    """
    table = pd.read_table(path, comment="#")
    how = {"training": work.step(settings, {}), "prediction": {}}
    named = [
        work.named(what, {"name": name}, how.get(what, {"references": references}))
        for what, name in zip(table["work"], table["architecture"], strict=True)
    ]
    return pd.DataFrame(
        {
            "network": named,
            "share": (table["device"] != "CPU").astype(float),
            "sequences": SHIPPED_SEQUENCES,
            "passes": 1,
            "length": table["length"],
            "paced": table["seconds"],
            "bytes": table["megabytes"] * 1e6,
        }
    )


def expect(jobs: pd.DataFrame, measured: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Expect of each job what it costs and writes.

    Parameters
    ----------
    jobs
        A row a job:

        - rule; series, what its results are of beside member and fraction; fraction;
        - share, of a GPU: 1, less where members share one, 0 on a CPU;
        - sequences, passes, length, network and bytes of `degu.report.work.Work`;
        - kind, equal for jobs of other series that cost as much for each base; None for none.
    measured
        The same of finished jobs, where passes and bytes are what they were; seconds; and paced,
        seconds of the passes alone.
    costs
        Table from `shipped`.

    Returns
    -------
    table : DataFrame
        The jobs with the columns measured and estimated, hours, and gb_measured and gb_estimated.
        At most one of each pair is not NaN.
    """

    def of(rows: pd.DataFrame, value: pd.Series, *keys: str) -> pd.Series:
        median = value.groupby([rows[key] for key in keys]).median()
        return jobs.join(median.rename("found"), on=list(keys))["found"].astype(float)

    own = ("rule", "series", "share")
    seconds = of(measured, measured["seconds"], *own, "fraction").fillna(
        of(measured, measured["seconds"] / measured["sequences"], *own) * jobs["sequences"]
    )
    paces = of(measured, measured["paced"] / _work(measured), "kind", "share").fillna(
        of(costs, costs["paced"] / _work(costs), "network", "share")
    )
    stored = of(measured, measured["bytes"], "rule", "series", "fraction")
    guessed = (
        jobs["bytes"]
        .fillna(of(measured, measured["bytes"], "kind"))
        .fillna(of(costs, costs["bytes"], "network"))
    )
    return jobs.assign(
        measured=seconds / 3600,
        estimated=(paces * _work(jobs)).where(seconds.isna()) / 3600,
        gb_measured=stored / 1e9,
        gb_estimated=guessed.where(stored.isna()) / 1e9,
    )


def _work(rows: pd.DataFrame) -> pd.Series:
    """Bases that go through a network."""
    return rows["sequences"] * rows["passes"] * rows["length"]


def by_rule(jobs: pd.DataFrame, at_a_time: int) -> pd.DataFrame:
    """Sum expected costs by rule.

    Parameters
    ----------
    jobs
        Table from `expect`, rules in the order in which they run.
    at_a_time
        Jobs that run side by side; members that share a GPU are one.

    Returns
    -------
    table : DataFrame
        A row a rule, and one for the total, in which rules follow one another. Columns of two
        levels: jobs (all, measured, estimated, not measured); GPU-hours, hours of wall time, and
        GB, each measured and estimated, NaN where nothing is.
    """
    rows = {}
    for rule, group in jobs.groupby("rule", sort=False):
        row = {("jobs", "all"): len(group)}
        row |= {("jobs", basis): group[basis].notna().sum() for basis in BASES}
        row["jobs", "not measured"] = group[list(BASES)].isna().all(axis=1).sum()
        on_gpu, members = group[group["share"] > 0], round(1 / (group["share"].max() or 1))
        for basis in BASES:
            row["GPU-hours", basis] = (on_gpu[basis] * on_gpu["share"]).sum(min_count=1)
        for basis in BASES:
            row["hours", basis] = wall(group[basis].dropna(), at_a_time * members)
        for basis in BASES:
            row["GB", basis] = group[f"gb_{basis}"].sum(min_count=1)
        rows[rule] = row
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.columns = pd.MultiIndex.from_tuples(table.columns)
    table.loc["total"] = table.sum(min_count=1)
    return table.astype(dict.fromkeys(table.columns[:4], int))


def wall(hours: Iterable[float], at_a_time: int) -> float:
    """Wall time of jobs, the longest first, each started as soon as one of `at_a_time` ends.

    NaN for none.
    """
    hours = sorted(hours, reverse=True)
    slots = [0.0] * min(at_a_time, len(hours))
    for job in hours:
        heapq.heapreplace(slots, slots[0] + job)
    return max(slots, default=np.nan)


def checkpoints(models: pd.DataFrame, at_a_time: int) -> float:
    """GB of checkpoints, which stay until a run ends well; NaN where no model's size is known.

    A checkpoint holds a network's weights, those of its best epoch and two moments of Adam; a
    training that goes on has two of them.

    Parameters
    ----------
    models
        Rows of trainings in the table of `expect`.
    at_a_time
        Trainings side by side.
    """
    sizes = models["gb_measured"].fillna(models["gb_estimated"]).dropna()
    return 4 * (sizes.sum() + sizes.nlargest(at_a_time).sum()) if len(sizes) else np.nan
