"""Programs that run in an environment of the user's, by its own Python interpreter."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from degu.job import InputError, log

# Variables that would put our modules in place of those of the user's environment.
_OURS = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP")


def run(command: Sequence[object], name: str | Path) -> None:
    """Run a program to its end; its last words are the error.

    Parameters
    ----------
    command
        Interpreter, program and arguments.
    name
        Module or model that it runs, for the log and errors.

    Raises
    ------
    InputError
        If it cannot be started, or fails.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    try:
        done = subprocess.run(
            [*map(str, command)],
            env=kept,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except OSError as error:
        raise InputError(f"{command[0]} cannot be run: {error.strerror}.") from error
    said = done.stdout.strip()
    if said:
        log.info("%s says:\n%s", name, said)
    if done.returncode:
        last = said.splitlines()[-1] if said else f"it ended with {done.returncode}"
        raise InputError(f"{name}, run by {command[0]}: {last}.")
