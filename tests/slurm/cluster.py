"""The workflow on the SLURM of these tests: runs, their trainings, what accounting says of them."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import psutil
import pytest

from degu import models
from workflow import OFFLINE, ROOT

SITE = Path(__file__).with_name("site.sh")
SNAKEMAKE = [sys.executable, "-m", "snakemake"]
# The teachers of the data set from `workflow.make`.
RUN = "made/standard/1.0"
# Teachers of the undisturbed run, one for each fault that a training meets.
TEACHERS = 6
# Trainings are stopped after some epochs, long before their best one.
STOPPED_AFTER = 5


def wait_until(condition, what, folder, seconds=300):
    """Wait for a condition to hold and return what it found; fail with what Snakemake said last."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            pytest.fail(f"waited {seconds} s for {what}; Snakemake said last:\n{tail(folder)}")
        time.sleep(0.05)
    return found


def said(folder):
    """Everything that the Snakemake of a folder said."""
    return (folder / "said").read_text()


def tail(folder, lines=60):
    return "\n".join(said(folder).splitlines()[-lines:])


def command(name, *arguments):
    """Output of a command of SLURM."""
    done = subprocess.run([name, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{name} {arguments}: {done.stderr}"
    return done.stdout


@contextmanager
def running(folder, *arguments, account="degu"):
    """Run the literal `snakemake --profile slurm` in a folder, with what a site adds.

    If it still runs at the end of the block, it is ended with its jobs.
    """
    # The plugin looks first after so many seconds, then ever less often.
    often = ["--slurm-init-seconds-before-status-checks", 2]
    site = ["--default-resources", f"slurm_account={account}", "slurm_partition=gpu"]
    options = [*arguments, "--profile", "slurm", *often, *site, *config(folder)]
    with (folder / "said").open("w") as file:
        process = subprocess.Popen(
            [*SNAKEMAKE, *map(str, options)],
            cwd=ROOT,
            env=os.environ | OFFLINE,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            # Snakemake first: it would submit its jobs again.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for job in queue(folder):
                command("scancel", job)


def fresh(undisturbed, folder):
    """Copy config and data set of the undisturbed run to another folder, not its models."""
    shutil.copytree(undisturbed / "results/data", folder / "results/data")
    shutil.copy(undisturbed / "made.yaml", folder)
    return folder


def config(folder):
    """Options of Snakemake that say where it works and by which config."""
    return ["--directory", folder, "--configfile", folder / "made.yaml"]


def run(folder, *arguments, **site):
    """Run Snakemake to its end; its exit status is returned."""
    with running(folder, *arguments, **site) as process:
        return end(folder, process)


def end(folder, process, seconds=1200):
    """Wait for Snakemake to end; its exit status is returned."""
    wait_until(lambda: process.poll() is not None, "Snakemake's end", folder, seconds)
    return process.returncode


def model(member):
    """Path of a teacher from the folder of its run."""
    return f"results/models/{RUN}/{member}.keras"


def log(folder, member):
    path = folder / f"results/logs/train_teacher/{RUN}/{member}.log"
    return path.read_text() if path.exists() else ""


def result(folder, member):
    """Digest of a teacher's weights, and its history; the time that its epochs took apart."""
    weights = models.load(folder / model(member)).get_weights()
    digest = hashlib.sha256(b"".join(weight.tobytes() for weight in weights)).hexdigest()
    history = pd.read_table((folder / model(member)).with_suffix(".tsv"), dtype=str)
    seconds = history.pop("seconds")
    return digest, history, seconds


class Training(NamedTuple):
    """A training that runs: folder of its run, number of its job, its process."""

    folder: Path
    job: str
    process: int


def stop(folder, *members):
    """Stop trainings in the middle, so that what happens next happens before their end."""
    found = {}

    def all_stopped():
        for member in members:
            if member not in found and f"epoch {STOPPED_AFTER}/" in log(folder, member):
                holder = json.loads((folder / model(member)).with_suffix(".lock").read_text())
                found[member] = Training(folder, holder["job"], holder["process"])
                os.kill(found[member].process, signal.SIGSTOP)
        return len(found) == len(members)

    wait_until(all_stopped, f"epoch {STOPPED_AFTER} of members {members}", folder)
    return [found[member] for member in members]


def processes(job):
    """List processes of a job, those of SLURM that watch over it among them."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "environ"])
        if (process.info["environ"] or {}).get("SLURM_JOB_ID") == job
        # psutil splits the titles of processes at their blanks.
        or f"slurmstepd: [{job}." in " ".join(process.info["cmdline"] or [])
    ]


def daemons(node):
    """List the daemons of a node."""
    words = ["slurmd", "-N", node]
    return [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == words]


def queue(folder):
    """States of the jobs of a folder that have not ended, by number."""
    rows = command("squeue", "--noheader", "--format=%i|%T|%Z").splitlines()
    fields = [row.split("|") for row in rows]
    return {job: state for job, state, place in fields if Path(place) == folder}


def start_at_once(training):
    """Spare a job that is started again the two minutes for which SLURM holds it back."""
    folder, job = training.folder, training.job
    wait_until(lambda: queue(folder).get(job) == "PENDING", f"job {job} in the queue", folder)
    command("scontrol", "update", f"JobId={job}", "StartTime=now")


class Accounted(NamedTuple):
    """A job in SLURM's accounting."""

    job: str
    account: str
    partition: str
    state: str
    limit: str
    resources: str
    comment: str
    folder: str


def accounting(folder):
    """Jobs of a folder that ended, in the order in which they were submitted; a row an attempt."""
    names = "JobID,Account,Partition,State,TimelimitRaw,ReqTRES%100,Comment%200,WorkDir%200"
    options = ["--allocations", "--duplicates", "--noheader", "--parsable2", f"--format={names}"]
    rows = [Accounted(*row.split("|")) for row in command("sacct", *options).splitlines()]
    return [row for row in rows if Path(row.folder) == folder]
