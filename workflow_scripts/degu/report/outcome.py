"""The outcome of a run for its terminal: what ran and what it cost, what failed, how to go on."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from degu.report import attention, costs

STATES = ("done", "failed", "not done")
# The rule that collects warnings; those of an older run are not told again.
_WARNINGS = "collect_warnings"
# Failed jobs whose logs are shown, and lines of each.
_SHOWN, _LINES = 5, 8


class Job(NamedTuple):
    """A job of a run: its rule, one of `STATES`, its log, and its benchmark if it has one."""

    rule: str
    state: str
    log: str
    benchmark: str | None = None


def describe(jobs: Sequence[Job], since: float, command: str, warnings: str | Path) -> str:
    """Tell how a run ended.

    Parameters
    ----------
    jobs
        All jobs of the run, also those that were not reached.
    since
        Start of the run, in seconds since the epoch; older logs are of another run.
    command
        Command line that goes on with the run.
    warnings
        Table of warnings; told where this run has made it.
    """
    failed = [job for job in jobs if job.state == "failed"]
    parts = [by_rule(jobs).to_string(index=False, na_rep="-")]
    parts += [f"Failed: {job.log}\n{_end_of(job.log, since)}" for job in failed[:_SHOWN]]
    if failed[_SHOWN:]:
        more = [f"  {job.log}" for job in failed[_SHOWN:]]
        parts.append("\n".join(["Failed as well:", *more]))
    if any((job.rule, job.state) == (_WARNINGS, "done") for job in jobs):
        parts.append(attention.lines(warnings))
    if any(job.state != "done" for job in jobs):
        cure = "Once that is mended, go on" if failed else "Go on"
        parts.append(f"{cure} with the same command; finished jobs are kept:\n  {command}")
    return "\n\n".join(filter(None, parts))


def by_rule(jobs: Sequence[Job]) -> pd.DataFrame:
    """Count the jobs of each rule, and sum what those that are done took.

    Returns
    -------
    table : DataFrame
        rule, done, failed, not done, time (h:mm:ss, summed), longest (of one job), memory (GB, of
        the largest job); the most expensive rule first, rules without benchmarks, then the total.
    """
    counts = pd.crosstab([job.rule for job in jobs], [job.state for job in jobs])
    counts = counts.reindex(columns=list(STATES), fill_value=0)
    measured = [
        (job.rule, job.benchmark)
        for job in jobs
        if job.state == "done" and job.benchmark and Path(job.benchmark).exists()
    ]
    cost = costs.summed(costs.read(measured)).set_index("rule").drop(columns="jobs")
    table = counts.join(cost).sort_values("hours", ascending=False)
    total = table.sum(min_count=1)
    total[["longest", "memory"]] = table[["longest", "memory"]].max()
    table.loc["total"] = total
    table = table.astype(dict.fromkeys(STATES, int)).rename_axis("rule").reset_index()
    return table.assign(
        time=table.pop("hours").map(_clock, na_action="ignore"),
        longest=table.pop("longest").map(_clock, na_action="ignore"),
        memory=table.pop("memory").map("{:.1f} GB".format, na_action="ignore"),
    )


def _clock(hours: float) -> str:
    minutes, seconds = divmod(round(3600 * hours), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _end_of(log: str, since: float) -> str:
    """Last lines of a failed job's log, indented, or why there are none."""
    path = Path(log)
    if not path.exists() or path.stat().st_mtime < since:
        return "  The job wrote no log: it was never started, or refused (see above)."
    lines = path.read_text(errors="replace").splitlines()[-_LINES:]
    if not any("Error" in line for line in lines):
        lines.append("The log ends without an error: the job was killed or cancelled (see above).")
    return "\n".join(f"  {line}" for line in lines)
