"""Answers of a module of the user's, one member and shard at a time, in the user's environment."""

import gzip
import tempfile
from pathlib import Path

from degu import elsewhere
from degu.foreign import runner
from degu.foreign.requests import Request
from degu.job import atomic, log
from degu.shards import Shard


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
        elsewhere.run(
            [python, runner.__file__, Path(module).absolute(), *numbers, given, result], module
        )
        name, *lines = result.read_text().splitlines()
    with atomic(path) as temporary, gzip.open(temporary, "wt") as file:
        print("id", "member", *request.activities, sep="\t", file=file)
        for one, line in zip(ids, lines, strict=True):
            print(one, name, line, sep="\t", file=file)
