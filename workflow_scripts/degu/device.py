"""The device that a job computes on: a GPU that it was given, one of several, or the CPU."""

import fcntl
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from degu import DRIVER
from degu.job import InputError, log

# Variables by which a scheduler or a user names the GPUs of a job, with the values that mean none.
GIVEN = {
    "CUDA_VISIBLE_DEVICES": ("", "-1", "NoDevFiles"),
    "SLURM_JOB_GPUS": ("",),
    "SLURM_STEP_GPUS": ("",),
    "SLURM_GPUS_ON_NODE": ("", "0"),
}
CURE = (
    "pip's tensorflow comes without CUDA: `make GPU=1` installs it (with conda: "
    "CONDA_OVERRIDE_CUDA=12.9 where environments are made), and `nvidia-smi` must name a driver. "
    "To compute on the CPU all the same, set `device: any` in the config, or `device: cpu`, which "
    "asks for no GPU"
)
# Locks of GPUs that this process holds; they are freed when it ends, however it does.
_HELD: list[IO] = []


def given(environment: Mapping[str, str]) -> str | None:
    """Variable that gives a job its GPUs, in words; None for a job without.

    CUDA_VISIBLE_DEVICES decides where it is set: empty or -1 means that none was given.
    """
    for name, none in GIVEN.items():
        value = environment.get(name)
        if value is not None and value not in none:
            return f"{name}={value}"
        if name == "CUDA_VISIBLE_DEVICES" and value is not None:
            return None
    return None


def claim(wanted: str | None, environment: Mapping[str, str] = os.environ) -> None:
    """Choose the device of this process; call it before any TensorFlow op.

    Of several GPUs that TensorFlow sees the first that no other job of this machine holds is taken.

    Parameters
    ----------
    wanted
        "gpu", "cpu", "any", or None: a GPU where the job was given one, else any device.
    environment
        Variables of the process.

    Raises
    ------
    InputError
        For a GPU that is wanted and cannot be seen.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    why = "device: gpu" if wanted == "gpu" else given(environment)
    if wanted == "cpu":
        tf.config.set_visible_devices([], "GPU")
        gpus = []
    elif not gpus and why and wanted != "any":
        raise InputError(f"TensorFlow sees no GPU, but this job is to use one ({why}): {CURE}.")
    if len(gpus) > 1:
        number = hold(range(len(gpus)), Path(tempfile.gettempdir()))
        gpus = gpus[:1] if number is None else [gpus[number]]
        tf.config.set_visible_devices(gpus, "GPU")
    log.info("%s", _described(tf, gpus))


def hold(numbers: Sequence[int], folder: Path) -> int | None:
    """Hold the first GPU whose lock no other process of this user has; None if all are held.

    Parameters
    ----------
    numbers
        Numbers of the GPUs.
    folder
        Folder of the lock files, one for all jobs of a machine.
    """
    for number in numbers:
        lock = (folder / f"degu_gpu_{os.getuid()}_{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            _HELD.append(lock)
            return number
    return None


def _described(tf, gpus: list) -> str:
    """Device, driver and CUDA in words."""
    if not gpus:
        return "Computing on the CPU."
    details = tf.config.experimental.get_device_details(gpus[0])
    build = tf.sysconfig.get_build_info()
    version = DRIVER.read_text().splitlines()[0] if DRIVER.exists() else "unknown driver"
    name = details.get("device_name", gpus[0].name)
    return f"Computing on {name}; {version}; CUDA {build.get('cuda_version')}."
