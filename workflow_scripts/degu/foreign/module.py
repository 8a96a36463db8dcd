"""Answers of a module of the user's, one member and shard at a time, in the user's environment."""

import gzip
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from degu.foreign import runner
from degu.foreign.requests import Request
from degu.job import InputError, atomic, log
from degu.shards import Shard

# Variables that would put our modules in place of those of the user's environment.
_OURS = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP")


def answer(
    path: str | Path,
    request: Request,
    module: str | Path,
    python: str | Path,
    member: int,
    members: int,
    shard: Shard,
) -> None:
    """Write the answer of one member to a shard of a request.

    Parameters
    ----------
    path
        Table to write, gzip: id, member, and a column an activity.
    request
        Request.
    module
        Python file with `members()` and `predict(member, sequences)` (`degu.foreign.runner`).
    python
        Interpreter of its environment.
    member, members
        Number of the member, from 0, and of all that the module must have.
    shard
        Share of the sequences.

    Raises
    ------
    InputError
        If the module cannot be run, or gives something else than it should.
    """
    n = len(request.ids)
    rows = slice(n * (shard.number - 1) // shard.of, n * shard.number // shard.of)
    ids, sequences = request.ids[rows], request.sequences(rows)
    log.info("%d sequences through the member %d of %s", len(ids), member, module)
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder, "sequences.txt"), Path(folder, "predictions.tsv")
        given.write_text("".join(f"{sequence}\n" for sequence in sequences))
        numbers = member, members, len(request.activities)
        _run([python, runner.__file__, Path(module).absolute(), *numbers, given, result], module)
        name, *lines = result.read_text().splitlines()
    with atomic(path) as temporary, gzip.open(temporary, "wt") as file:
        print("id", "member", *request.activities, sep="\t", file=file)
        for one, line in zip(ids, lines, strict=True):
            print(one, name, line, sep="\t", file=file)


def _run(command: Sequence[object], module: str | Path) -> None:
    """Run the module; its last words are the error."""
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
        log.info("%s says:\n%s", module, said)
    if done.returncode:
        last = said.splitlines()[-1] if said else f"it ended with {done.returncode}"
        raise InputError(f"{module}, run by {command[0]}: {last}.")
