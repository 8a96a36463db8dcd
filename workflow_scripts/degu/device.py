"""The device that a job computes on: a GPU that it was given, one of several, or the CPU."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from degu import DRIVER, lock
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


class Device(NamedTuple):
    """A device by its name, and the share of a GPU that a job had: 0 on a CPU."""

    name: str
    share: float


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


def claim(
    wanted: str | None, environment: Mapping[str, str] = os.environ, sharers: int = 1
) -> None:
    """Choose the device of this process; call it before any TensorFlow op.

    Of several GPUs that TensorFlow sees the first that no other job of this machine holds is taken.
    Its memory is taken as it is needed, up to an equal share where several jobs share a GPU.

    Parameters
    ----------
    wanted
        "gpu", "cpu", "any", or None: a GPU where the job was given one, else any device.
    environment
        Variables of the process.
    sharers
        Jobs that compute on one GPU at the same time.

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
    for gpu in gpus:
        _limit_memory(tf, gpu, sharers)
    log.info("%s", _described(tf, gpus, sharers))


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
        held = lock.take(folder / f"degu_gpu_{os.getuid()}_{number}.lock")
        if held is not None:
            _HELD.append(held)
            return number
    return None


def _limit_memory(tf, gpu: Any, sharers: int) -> None:
    """Take a GPU's memory as it is needed, all of it or an equal share."""
    if sharers == 1:
        tf.config.experimental.set_memory_growth(gpu, True)
        return
    share = tf.config.LogicalDeviceConfiguration(memory_limit=memory() // sharers)
    tf.config.set_logical_device_configuration(gpu, [share])


def memory() -> int:
    """Memory of this machine's smallest GPU that a process can use, in MiB, by `nvidia-smi`.

    What the driver and the contexts of processes need, taken as a tenth, is left out.
    """
    command = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return min(map(int, said.split())) * 9 // 10


def _described(tf, gpus: list, sharers: int) -> str:
    """Device, driver and CUDA in words."""
    if not gpus:
        return "Computing on the CPU."
    details = tf.config.experimental.get_device_details(gpus[0])
    build = tf.sysconfig.get_build_info()
    version = DRIVER.read_text().splitlines()[0] if DRIVER.exists() else "unknown driver"
    name = details.get("device_name", gpus[0].name)
    shared = f" shared by {sharers}" if sharers > 1 else ""
    return f"Computing on {name}{shared}; {version}; CUDA {build.get('cuda_version')}."


def read(log_file: str | Path) -> Device | None:
    """Look up the device that a job computed on in its log; None if there is none of `claim`."""
    path = Path(log_file)
    said = path.read_text() if path.exists() else ""
    found = re.search(r" Computing on (?:the (CPU)\.|(.+?)(?: shared by (\d+))?;)", said)
    if found is None:
        return None
    return Device("CPU", 0) if found[1] else Device(found[2], 1 / int(found[3] or 1))
