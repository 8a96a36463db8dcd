"""Locks between processes and nodes: who holds them is named, and nobody holds them for ever."""

import json
import multiprocessing
import socket
import time

import pytest

from degu import lock
from degu.job import InputError

HERE = socket.gethostname()


def _hold(path, started):
    with lock.alone(path, "This member is trained"):
        started.set()
        time.sleep(600)


@pytest.fixture
def other(tmp_path, monkeypatch):
    """Let another process, SLURM job 17, hold a lock."""
    monkeypatch.setenv("SLURM_JOB_ID", "17")
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    process = context.Process(target=_hold, args=(tmp_path / "0.lock", started))
    process.start()
    assert started.wait(60)
    monkeypatch.setenv("SLURM_JOB_ID", "18")
    yield process
    # An event that a killed process waits for can no longer be set.
    process.kill()
    process.join()


def test_the_second_ends_with_the_number_of_the_first(other, tmp_path):
    path = tmp_path / "0.lock"
    with (
        pytest.raises(InputError) as error,
        lock.alone(path, "This member is trained"),
    ):
        raise AssertionError("held twice")
    assert str(error.value) == (
        f"This member is trained by SLURM job 17 on {HERE} already (lock {path}): wait until it "
        "ends or end it, and start Snakemake again."
    )
    assert json.loads(path.read_text())["job"] == "17"


def test_a_killed_holder_is_followed(other, tmp_path):
    path = tmp_path / "0.lock"
    other.kill()
    other.join()
    assert path.exists()
    with lock.alone(path, "This member is trained"):
        assert json.loads(path.read_text())["job"] == "18"
    assert not path.exists()


def test_the_lock_is_free_after_an_error(tmp_path):
    path = tmp_path / "new" / "0.lock"
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), lock.alone(path, "This member is trained"):
            raise ZeroDivisionError
        assert not path.exists()


@pytest.mark.parametrize(
    ("holder", "queue", "held"),
    [
        ({"job": "17", "host": "elsewhere"}, "17 RUNNING", True),
        ({"job": "17", "host": "elsewhere"}, "", False),
        # A job that SLURM started again; a job of this node, whose lock would tell.
        ({"job": "18", "host": "elsewhere"}, "18 RUNNING", False),
        ({"job": "17", "host": HERE}, "17 RUNNING", False),
        ({"job": None, "host": "elsewhere"}, "", False),
    ],
)
def test_slurm_knows_whether_the_job_of_another_node_runs(
    holder, queue, held, tmp_path, monkeypatch
):
    """On file systems that keep locks to a node, the kernel sees nobody."""
    squeue = tmp_path / "squeue"
    squeue.write_text(f'#!/bin/sh\n[ "$2" = --jobs={holder["job"]} ] && echo {queue}\n')
    squeue.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("SLURM_JOB_ID", "18")
    path = tmp_path / "0.lock"
    path.write_text(json.dumps(holder | {"process": 5}))
    if held:
        with (
            pytest.raises(InputError, match="by SLURM job 17 on elsewhere"),
            lock.alone(path, "This member is trained"),
        ):
            raise AssertionError("held twice")
    else:
        with lock.alone(path, "This member is trained"):
            assert json.loads(path.read_text())["job"] == "18"


def test_a_lock_whose_file_was_deleted_meanwhile_is_no_lock(tmp_path, monkeypatch):
    """The last holder deletes its file between our opening and our locking it."""
    path = tmp_path / "0.lock"
    taken = lock.take
    files = []

    def late(path):
        files.append(taken(path))
        if len(files) == 1:
            path.unlink()
        return files[-1]

    monkeypatch.setattr(lock, "take", late)
    with lock.alone(path, "This member is trained"):
        assert len(files) == 2
        assert path.samefile(f"/proc/self/fd/{files[1].fileno()}")
