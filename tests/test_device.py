"""Devices of jobs: variables of schedulers, locks between processes, errors with their cure."""

import logging
import multiprocessing
from collections import namedtuple
from types import SimpleNamespace

import pytest
import tensorflow as tf

from degu import device
from degu.job import InputError, log


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"CUDA_VISIBLE_DEVICES": "0"}, "CUDA_VISIBLE_DEVICES=0"),
        ({"CUDA_VISIBLE_DEVICES": ""}, None),
        ({"CUDA_VISIBLE_DEVICES": "-1", "SLURM_JOB_GPUS": "1"}, None),
        ({"CUDA_VISIBLE_DEVICES": "NoDevFiles", "SLURM_GPUS_ON_NODE": "1"}, None),
        ({"SLURM_JOB_GPUS": "0"}, "SLURM_JOB_GPUS=0"),
        ({"SLURM_JOB_GPUS": "", "SLURM_GPUS_ON_NODE": "2"}, "SLURM_GPUS_ON_NODE=2"),
        ({"SLURM_GPUS_ON_NODE": "0"}, None),
        ({"SLURM_JOB_ID": "7"}, None),
    ],
)
def test_gpus_that_a_job_was_given(environment, expected):
    assert device.given(environment) == expected


Gpu = namedtuple("Gpu", "name")
A, B = Gpu("a"), Gpu("b")


@pytest.fixture
def machine(monkeypatch):
    """Stand in for a machine: a test names its GPUs, and sees which are made visible."""
    found = SimpleNamespace(gpus=[], visible=None, growing=[], limits={})
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: found.gpus)
    monkeypatch.setattr(
        tf.config, "set_visible_devices", lambda gpus, kind: setattr(found, "visible", gpus)
    )
    monkeypatch.setattr(
        tf.config.experimental, "set_memory_growth", lambda gpu, on: found.growing.append(gpu)
    )
    monkeypatch.setattr(
        tf.config,
        "set_logical_device_configuration",
        lambda gpu, parts: found.limits.update({gpu: [part.memory_limit for part in parts]}),
    )
    details = tf.config.experimental, "get_device_details"
    monkeypatch.setattr(*details, lambda gpu: {"device_name": f"card {gpu.name}"})
    return found


@pytest.mark.parametrize("wanted", [None, "gpu"])
def test_a_gpu_that_was_given_and_is_not_seen_ends_the_job_with_the_cure(machine, wanted):
    with pytest.raises(InputError) as error:
        device.claim(wanted, {"SLURM_JOB_GPUS": "1"})
    why = "device: gpu" if wanted else "SLURM_JOB_GPUS=1"
    assert f"sees no GPU, but this job is to use one ({why})" in str(error.value)
    for cure in ("make GPU=1", "CONDA_OVERRIDE_CUDA", "device: any", "device: cpu"):
        assert cure in str(error.value)


@pytest.mark.parametrize(
    ("wanted", "environment"),
    [("any", {"SLURM_JOB_GPUS": "1"}), ("cpu", {"SLURM_JOB_GPUS": "1"}), (None, {})],
)
def test_a_job_that_may_do_without_computes_on_the_cpu(machine, caplog, wanted, environment):
    log.propagate = True
    with caplog.at_level(logging.INFO):
        device.claim(wanted, environment)
    assert caplog.messages == ["Computing on the CPU."]
    assert machine.visible == ([] if wanted == "cpu" else None)


def test_cpu_hides_gpus_that_are_there(machine):
    machine.gpus = [A, B]
    device.claim("cpu", {"CUDA_VISIBLE_DEVICES": "0,1"})
    assert machine.visible == []


def test_the_log_names_device_driver_and_cuda(machine, caplog):
    log.propagate = True
    machine.gpus = [A]
    with caplog.at_level(logging.INFO):
        device.claim(None, {"CUDA_VISIBLE_DEVICES": "0"})
    (message,) = caplog.messages
    cuda = tf.sysconfig.get_build_info().get("cuda_version")
    assert message.startswith("Computing on card a; ")
    assert message.endswith(f"; CUDA {cuda}.")
    assert machine.visible is None
    assert (machine.growing, machine.limits) == ([A], {})


def _held(folder, started, release):
    device.hold(range(3), folder)
    started.set()
    release.wait()


def test_jobs_of_one_machine_take_one_gpu_each(tmp_path):
    """The first is held by another process until it ends, however it does."""
    context = multiprocessing.get_context("spawn")
    started, release = context.Event(), context.Event()
    other = context.Process(target=_held, args=(tmp_path, started, release))
    other.start()
    assert started.wait(60)
    try:
        assert [device.hold(range(3), tmp_path) for _ in range(3)] == [1, 2, None]
    finally:
        other.kill()
        other.join()
    assert device.hold(range(3), tmp_path) == 0


def test_of_several_gpus_a_free_one_is_seen_alone(machine, monkeypatch, tmp_path):
    monkeypatch.setattr(device.tempfile, "gettempdir", lambda: str(tmp_path))
    machine.gpus = [A, B]
    seen = []
    for _ in range(3):
        device.claim(None, {"CUDA_VISIBLE_DEVICES": "0,1"})
        seen.append(machine.visible)
    # All are held: the job shares the first.
    assert seen == [[A], [B], [A]]


def test_members_side_by_side_have_equal_shares_of_the_memory(machine, monkeypatch, tmp_path):
    """They share the smaller card's 40,960 MiB less a tenth."""
    smi = tmp_path / "nvidia-smi"
    smi.write_text('#!/bin/sh\n[ "$1" = --query-gpu=memory.total ] && echo 81559 && echo 40960\n')
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    machine.gpus = [A]
    device.claim(None, {"CUDA_VISIBLE_DEVICES": "0"}, sharers=4)
    assert (machine.growing, machine.limits) == ([], {A: [9216]})


@pytest.mark.parametrize(
    ("gpus", "sharers", "expected"),
    [([], 1, ("CPU", 0)), ([], 4, ("CPU", 0)), ([A], 1, ("card a", 1)), ([A], 4, ("card a", 0.25))],
)
def test_the_device_is_read_back_from_the_log(
    machine, monkeypatch, caplog, tmp_path, gpus, sharers, expected
):
    log.propagate = True
    machine.gpus = gpus
    monkeypatch.setattr(device, "memory", lambda: 1000)
    with caplog.at_level(logging.INFO):
        device.claim("any", {}, sharers)
    path = tmp_path / "job.log"
    path.write_text(f"12:00:00 {caplog.messages[-1]}\n12:00:01 epoch 1\n")
    assert device.read(path) == expected


def test_a_log_without_a_device(tmp_path):
    (tmp_path / "job.log").write_text("12:00:00 A table of 3 rows.\n")
    assert device.read(tmp_path / "job.log") is None
    assert device.read(tmp_path / "none.log") is None
