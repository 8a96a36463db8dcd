"""Parts that all jobs of the workflow share: start, log, seed, whole files, plain errors."""

import hashlib
import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from degu import plan

log = logging.getLogger("degu")


class InputError(ValueError):
    """A mistake in what the user gave; it says what is wrong, where, and what is allowed."""


def begin(job: Any) -> None:
    """Open the log of a job, and check that the job is still the one that was planned.

    Parameters
    ----------
    job
        The object `snakemake` of its script.

    Raises
    ------
    InputError
        If config or code changed since the run was started.
    """
    log_to(job.log[0])
    changed = plan.changes(_planned(), job) if plan.PATH.exists() else []
    if changed:
        raise InputError(
            f"The config or the code changed since this run was started ({', '.join(changed)}): "
            "stop Snakemake and start it again. Trainings go on where they are."
        )


def keep_plan(jobs: Iterable[Any]) -> None:
    """Keep what the jobs of a run are to work with, for `begin`; call it when the run starts."""
    kept = plan.merged(_planned() if plan.PATH.exists() else {}, plan.of_jobs(jobs))
    with atomic(plan.PATH) as temporary:
        temporary.write_text(json.dumps(kept))


def _planned() -> dict[str, dict]:
    return json.loads(plan.PATH.read_text())


def log_to(path: str) -> None:
    """Send the package's log to a file and to standard error.

    An uncaught `InputError` is reported as its message alone, any other exception with its
    traceback; both end in the file as well.

    Parameters
    ----------
    path
        Log file; an older one is replaced.
    """
    log.setLevel(logging.INFO)
    log.propagate = False
    log.handlers.clear()
    # Jobs share a terminal: there each line names its job, by the log's path below logs/.
    job = str(Path(path).with_suffix("")).rpartition("logs/")[2]
    for handler, prefix in [
        (logging.FileHandler(path, mode="w"), ""),
        (logging.StreamHandler(sys.stderr), f"{job}: "),
    ]:
        handler.setFormatter(
            logging.Formatter(f"%(asctime)s {prefix}%(message)s", datefmt="%H:%M:%S")
        )
        log.addHandler(handler)

    def report(kind, error, traceback):
        if issubclass(kind, InputError):
            log.error("Error: %s", error)
        else:
            log.error("%s", error, exc_info=(kind, error, traceback))

    sys.excepthook = report


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Give a temporary name beside `path`, renamed to `path` when the block ends well.

    A file under the final name is therefore whole; a failed or killed block leaves at most a
    file whose name starts with a dot. The temporary name keeps the suffix of `path`, since
    several libraries choose a format by it.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def errors_name(where: str | Path) -> Iterator[None]:
    """Put a place, such as a file, before the message of an `InputError` of the block."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{where}: {error}") from error


def seed(*names: object) -> int:
    """Stable seed of a job: the same names give the same number on every machine.

    Parameters
    ----------
    names
        Whatever identifies the job, such as dataset, recipe, fraction and member.

    Returns
    -------
    int
        In [0, 2**31).
    """
    digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
