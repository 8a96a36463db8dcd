"""The plan of a run: what each job works with, as it was when Snakemake started.

A job reads config and code when it starts, hours later perhaps; it compares them with the plan.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# File of the plan, in the working directory, which a run and its jobs share.
PATH = Path(".snakemake/degu_plan.json")


def of_jobs(jobs: Iterable[Any]) -> dict[str, dict]:
    """Plan of jobs, as JSON can hold it.

    Parameters
    ----------
    jobs
        Jobs of Snakemake's graph; those without a log are left out.

    Returns
    -------
    plan : dict
        "jobs": for each job, by its log, the digests of its parameters and of its inputs' names;
        "files": the digest of each file of code.
    """
    logged = [job for job in jobs if job.log]
    files = {path for job in logged for path in code_of(job)}
    return {
        "jobs": {job.log[0]: _digests(job) for job in logged},
        "files": {path: digest(path) for path in sorted(files)},
    }


def changes(plan: dict[str, dict], job: Any) -> list[str]:
    """Say what a job finds otherwise than planned: names of parameters, "input", files of code.

    Parameters
    ----------
    plan
        Plan of `of_jobs`.
    job
        Job of Snakemake's graph, or the object `snakemake` of a script.
    """
    planned, found = plan["jobs"].get(job.log[0], {}), _digests(job)
    names = [name for name in planned | found if planned.get(name) != found.get(name)]
    return names + [path for path in code_of(job) if plan["files"].get(path) != digest(path)]


def merged(old: dict[str, dict], new: dict[str, dict]) -> dict[str, dict]:
    """Plan of a new run beside that of older ones, whose jobs may wait in a queue still."""
    return {part: old.get(part, {}) | new[part] for part in new}


def code_of(job: Any) -> list[str]:
    """Paths of the files of code among a job's inputs."""
    code = job.input.get("code", [])
    return [code] if isinstance(code, str) else list(code)


def digest(*paths: str | Path) -> str:
    """Digest of the content of files."""
    content = b"".join(hashlib.sha256(Path(path).read_bytes()).digest() for path in paths)
    return _digest(content)


def _digests(job: Any) -> dict[str, str]:
    values = {name: value for name, value in job.params.items()}
    values |= {"input": sorted(map(str, job.input))}
    texts = {name: json.dumps(value, sort_keys=True, default=str) for name, value in values.items()}
    return {name: _digest(text.encode()) for name, text in texts.items()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
