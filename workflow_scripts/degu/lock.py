"""Locks of files: free again when their holder ends, however it does."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from degu.job import InputError, log


class Held(InputError):
    """A lock that another job holds."""


def take(path: Path) -> IO | None:
    """Lock a file, which is made if need be; None if another process holds its lock.

    Parameters
    ----------
    path
        The file. Its lock is freed when the file is closed or the process ends.
    """
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


@contextmanager
def alone(path: Path, what: str) -> Iterator[None]:
    """Hold a lock that all nodes of a cluster see while the block runs.

    A file system may keep locks to each node: of a lock that another node's job wrote down, SLURM
    is asked whether that job runs.

    Parameters
    ----------
    path
        Lock file, deleted at the end.
    what
        Subject of the message, such as "This member is being trained".

    Raises
    ------
    Held
        If a job that is still there holds it; names the job.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = take(path)
    while file is not None and not _names(path, file):  # its last holder deleted it meanwhile
        file.close()
        file = take(path)
    holder = _holder(path)
    if file is None or (holder and _runs_elsewhere(holder)):
        raise Held(
            f"{what} by {_described(holder)} already (lock {path}): wait until it ends or end it, "
            "and start Snakemake again."
        )
    if holder:
        log.info("took the lock over from %s, which is gone", _described(holder))
    with file:
        file.truncate(0)
        file.write(json.dumps(_myself()))
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _names(path: Path, file: IO) -> bool:
    """Whether a path is that of an open file."""
    try:
        return path.samefile(f"/proc/self/fd/{file.fileno()}")
    except FileNotFoundError:
        return False


def _myself() -> dict:
    job = os.environ.get("SLURM_JOB_ID")
    return {"job": job, "host": socket.gethostname(), "process": os.getpid()}


def _holder(path: Path) -> dict:
    """Who wrote a lock file; empty if nobody did."""
    try:
        return json.loads(path.read_text() or "{}")
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _runs_elsewhere(holder: dict) -> bool:
    """Whether a holder is a job that SLURM runs on another node; on this node the lock tells."""
    me = _myself()
    if holder["job"] in (None, me["job"]) or holder["host"] == me["host"]:
        return False
    if not shutil.which("squeue"):
        return False
    command = ["squeue", "--noheader", f"--jobs={holder['job']}", "--states=RUNNING,SUSPENDED"]
    return bool(subprocess.run(command, capture_output=True, text=True).stdout.strip())


def _described(holder: dict) -> str:
    if not holder:
        return "another process"
    job = f"SLURM job {holder['job']}" if holder["job"] else f"process {holder['process']}"
    return f"{job} on {holder['host']}"
