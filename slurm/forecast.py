"""Forecast what a run costs: `snakemake -n --profile slurm | python slurm/forecast.py JOBS`.

A job lasts as long as the median benchmark of its own run, or else of the nearest one: the same
recipe, data set, rule. Rules are taken to follow one another, each with JOBS jobs at a time.
"""

import math
import re
import sys
from pathlib import Path

import pandas as pd


def jobs(said: str) -> pd.DataFrame:
    """Jobs of a dry run that have a benchmark: rule, benchmark (its path), gpu."""
    blocks = re.findall(r"^rule (\w+):\n((?:    .*\n)+)", said, re.MULTILINE)
    rows = [
        {"rule": rule, "benchmark": path[1], "gpu": bool(re.search(r"\bgpu=[1-9]", block))}
        for rule, block in blocks
        if (path := re.search(r"^    benchmark: (\S+)$", block, re.MULTILINE))
    ]
    return pd.DataFrame(rows, columns=["rule", "benchmark", "gpu"])


def seconds(benchmark: str, rule: str) -> float:
    """Seconds of the nearest benchmarks, NaN if the rule has none."""
    for folder in Path(benchmark).parents:
        files = list(folder.rglob("*.tsv"))
        if files:
            return float(pd.concat(map(pd.read_table, files))["s"].median())
        if folder.name == rule:
            break
    return math.nan


def forecast(said: str, at_a_time: int) -> pd.DataFrame:
    """Forecast by rule, in the order of the dry run: jobs, measured, gpu_hours, wall_hours."""
    table = jobs(said)
    table["s"] = [seconds(*row) for row in zip(table["benchmark"], table["rule"], strict=True)]
    rows = []
    for rule, group in table.groupby("rule", sort=False):
        measured = group["s"].dropna()
        rounds = math.ceil(len(measured) / at_a_time)
        rows.append(
            {
                "rule": rule,
                "jobs": len(group),
                "measured": len(measured),
                "gpu_hours": measured[group["gpu"]].sum() / 3600,
                "wall_hours": rounds * measured.mean() / 3600 if rounds else 0.0,
            }
        )
    columns = ["rule", "jobs", "measured", "gpu_hours", "wall_hours"]
    found = pd.DataFrame(rows, columns=columns)
    total = found.drop(columns="rule").sum()
    return pd.concat([found, pd.DataFrame([{"rule": "total"} | total.to_dict()])])


def main() -> None:
    """Read a dry run from standard input; print the table."""
    table = forecast(sys.stdin.read(), int(sys.argv[1]))
    print(table.astype({"jobs": int, "measured": int}).round(2).to_string(index=False))
    total = table.iloc[-1]
    if total["measured"] < total["jobs"]:
        print("Jobs that are not measured have no benchmark of their rule, and count as nothing.")


if __name__ == "__main__":
    main()
