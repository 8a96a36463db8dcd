"""Faults that trainings meet on a cluster: they end with the weights of an undisturbed training.

Not collected by `make test`: `make slurm-test` runs it, as root.
"""

import re
import subprocess
import time
from collections.abc import Callable
from typing import NamedTuple

import psutil
import pytest
import yaml

from cluster import (
    SNAKEMAKE,
    STOPPED_AFTER,
    accounting,
    command,
    config,
    daemons,
    end,
    fresh,
    log,
    model,
    processes,
    queue,
    result,
    run,
    running,
    said,
    start_at_once,
    stop,
    wait_until,
)
from workflow import ROOT


def kill(training):
    """End all processes of a job, as the kernel does when memory runs out."""
    for process in processes(training.job):
        if "slurmstepd" not in process.name():
            process.kill()


def cancel(training):
    command("scancel", training.job)


def exceed_time(training):
    """Lower the time limit to a minute, of which the job has used a part."""
    command("scontrol", "update", f"JobId={training.job}", "TimeLimit=1")


def preempt(training):
    """Submit a job that needs the whole node and comes first."""
    node = command("squeue", "--noheader", "--format=%N", f"--jobs={training.job}").strip()
    options = ["--partition=urgent", f"--nodelist={node}", "--exclusive", "--output=/dev/null"]
    command("sbatch", "--wait", *options, "--wrap=true")


def preempt_and_requeue(training):
    preempt(training)
    start_at_once(training)


def preempt_and_cancel(training):
    """Preempt a job that SLURM cancels; the plugin waits in vain until its user has it requeued."""
    preempt(training)
    again = "squeue --me --noheader --states=PREEMPTED --format=%i | xargs -rn 1 scontrol requeue"
    subprocess.run(again, shell=True, check=True)
    start_at_once(training)


def crash(training):
    """End the node's daemon and all of the job at once; the node comes back later, without them."""
    alive = [*daemons("frail"), *processes(training.job)]
    # Daemons that watch over the job must not tell of its end.
    for process in alive:
        process.suspend()
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=10)
    command("scontrol", "update", "NodeName=frail", "State=DOWN", "Reason=crash")
    command("slurmd", "-N", "frail")
    command("scontrol", "update", "NodeName=frail", "State=RESUME")
    # A node that is back is told once more to end the job: of this SLURM holds it back.
    time.sleep(5)
    start_at_once(training)


class Fault(NamedTuple):
    """A fault, the node on which it happens, and what accounting says of the attempts."""

    cause: Callable
    node: str
    states: list[str]


# Each of them happens to a member of the same run.
FAULTS = {
    "killed": Fault(kill, "gpu", ["FAILED", "COMPLETED"]),
    "cancelled": Fault(cancel, "gpu", ["CANCELLED", "COMPLETED"]),
    "out of time": Fault(exceed_time, "gpu", ["TIMEOUT", "COMPLETED"]),
    "preempted and requeued": Fault(preempt_and_requeue, "spare", ["PREEMPTED", "COMPLETED"]),
    "preempted and cancelled": Fault(preempt_and_cancel, "scavenge", ["REQUEUED", "COMPLETED"]),
    "crash of the node": Fault(crash, "frail", ["NODE_FAIL", "COMPLETED"]),
}


@pytest.fixture(scope="module")
def disturbed(undisturbed, tmp_path_factory):
    """Folder of a run each of whose members met a fault."""
    folder = fresh(undisturbed, tmp_path_factory.mktemp("disturbed"))
    nodes = [fault.node for fault in FAULTS.values()]
    where = f"train_teacher:slurm_partition={nodes}[int(wildcards.member)]"
    with running(folder, *map(model, range(len(FAULTS))), "--set-resources", where) as process:
        trainings = stop(folder, *range(len(FAULTS)))
        for training, fault in zip(trainings, FAULTS.values(), strict=True):
            fault.cause(training)
        assert end(folder, process) == 0, said(folder)
    return folder


def attempts(folder, member):
    """Rows of a teacher's attempts in SLURM's accounting."""
    ending = f"rule_train_teacher_wildcards_made_standard_1.0_{member}"
    return [row for row in accounting(folder) if row.comment == ending]


def check_result(folder, member, undisturbed):
    """Weights and history are those of the undisturbed run."""
    digest, history, _ = result(folder, member)
    expected, history_expected, _ = result(undisturbed, member)
    assert digest == expected
    assert history.equals(history_expected)


def check_resumed(folder, member):
    """Before its best epoch a training went on: what is lost or repeated shows in its weights."""
    resumed = re.search(r"resumed after epoch (\d+)", log(folder, member))
    best = re.findall(r"in epoch (\d+)\)", log(folder, member))
    assert STOPPED_AFTER <= int(resumed[1]) < int(best[-1])


@pytest.mark.parametrize("member", range(len(FAULTS)), ids=FAULTS)
def test_a_training_ends_as_if_nothing_had_happened(member, disturbed, undisturbed):
    check_result(disturbed, member, undisturbed)
    check_resumed(disturbed, member)
    states = [row.state.split()[0] for row in attempts(disturbed, member)]
    assert states == list(FAULTS.values())[member].states


def test_a_further_attempt_has_more_memory(disturbed):
    """A requeued job is the same job, with the same memory."""
    memory = [
        [re.search("mem=([^,]+)", row.resources)[1] for row in attempts(disturbed, member)]
        for member in range(len(FAULTS))
    ]
    requeued, again = ["8000M", "8000M"], ["8000M", "16000M"]
    assert memory == [again, again, again, requeued, requeued, requeued]


def test_a_further_attempt_has_more_time(disturbed):
    limits = [int(row.limit) for row in attempts(disturbed, list(FAULTS).index("out of time"))]
    assert limits == [1, 960]


def test_members_side_by_side(folder, undisturbed):
    """Two at a time in one job with one GPU; what has ended is not trained again with the other."""
    together = ["--groups", "train_teacher=teachers", "--group-components", "teachers=2"]
    with running(folder, model(0), model(1), *together) as process:
        killed, kept = (psutil.Process(training.process) for training in stop(folder, 0, 1))
        kept.resume()
        wait_until(lambda: not kept.is_running(), "the end of member 1", folder)
        first = result(folder, 1)
        killed.kill()
        assert end(folder, process) == 0, said(folder)
    for member in range(2):
        check_result(folder, member, undisturbed)
    check_resumed(folder, 0)
    assert result(folder, 1)[2].equals(first[2])
    assert len(accounting(folder)) == 2
    assert all("gres/gpu=1" in row.resources for row in accounting(folder))


def test_a_training_whose_snakemake_was_killed(folder, undisturbed):
    """It goes on; a second training of its member is refused, and later it is taken over."""
    with running(folder, model(0)) as process:
        (training,) = stop(folder, 0)
        process.kill()
        process.wait()
        unlock = [*SNAKEMAKE, *config(folder), "--unlock"]
        subprocess.run(unlock, cwd=ROOT, check=True, capture_output=True)
        assert run(folder, model(0), "--retries", 0) == 1
        assert f"This member is trained by SLURM job {training.job} on" in said(folder)
        psutil.Process(training.process).resume()
        wait_until(lambda: training.job not in queue(folder), "the orphan's end", folder)
    _, _, seconds = result(folder, 0)
    assert run(folder, model(0)) == 0, said(folder)
    check_result(folder, 0, undisturbed)
    assert result(folder, 0)[2].equals(seconds)


def test_a_config_that_is_edited_while_jobs_wait(folder, undisturbed):
    """Jobs end before they train by it; started again, the run trains by the new config."""
    path = folder / "made.yaml"
    new = path.read_text()
    old = yaml.safe_load(new)
    old["recipes"]["standard"]["training"]["epochs"] = 2
    path.write_text(yaml.safe_dump(old))
    command("scontrol", "update", "PartitionName=gpu", "State=DOWN")
    try:
        with running(folder, model(0), "--retries", 0) as process:
            wait_until(lambda: queue(folder), "a job that waits", folder)
            path.write_text(new)
            command("scontrol", "update", "PartitionName=gpu", "State=UP")
            assert end(folder, process) == 1
    finally:
        command("scontrol", "update", "PartitionName=gpu", "State=UP")
    assert "The config or the code changed since this run was started (training)" in said(folder)
    assert not (folder / model(0)).exists()
    assert run(folder, model(0)) == 0, said(folder)
    check_result(folder, 0, undisturbed)


@pytest.fixture
def small_disk(folder):
    """Put the results of a folder on a file system of 4 MB."""
    results, kept = folder / "results", folder / "kept"
    results.rename(kept)
    results.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", results]
    mounted = subprocess.run(mount, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(mounted.stderr)
    subprocess.run(["cp", "-a", *kept.iterdir(), results], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", results], check=True)


def test_a_full_disk(small_disk, undisturbed):
    """A training ends without a half file, and goes on once there is room."""
    filler = small_disk / "results/filler"
    with running(small_disk, model(0), "--retries", 0) as process:
        (training,) = stop(small_disk, 0)
        with pytest.raises(OSError, match="No space left"), filler.open("wb", 0) as file:
            while True:
                file.write(bytes(1024))
        psutil.Process(training.process).resume()
        assert end(small_disk, process) == 1
    assert "No space left on device" in said(small_disk)
    left = {path.name for path in (small_disk / model(0)).parent.iterdir()}
    assert left <= {"0.checkpoint.npz", "0.checkpoint.previous.npz"}
    filler.unlink()
    assert run(small_disk, model(0)) == 0, said(small_disk)
    check_result(small_disk, 0, undisturbed)
    check_resumed(small_disk, 0)


def test_a_limit_of_submitted_jobs(folder, undisturbed):
    """A job that SLURM refuses counts as failed; `jobs` below the limit keeps order."""
    models = [model(0), model(1)]
    assert run(folder, *models, "--retries", 0, account="small") == 1
    assert said(folder).count("AssocMaxSubmitJobLimit") == 1
    assert run(folder, *models, "--jobs", 1, account="small") == 0, said(folder)
    for member in range(2):
        check_result(folder, member, undisturbed)
    assert [row.state for row in accounting(folder)] == ["COMPLETED"] * 2
    assert {row.account for row in accounting(folder)} == {"small"}
