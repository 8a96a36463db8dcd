"""Parts of a long result, kept until its file is written: a killed job goes on from them."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from degu.job import atomic, log

Arrays = dict[str, np.ndarray]


class Parts:
    """Parts of the result that a file is to hold, each in a file of its own.

    Parameters
    ----------
    output
        File of the result; None keeps nothing.
    *facts
        Facts on which all parts depend, such as options and code, as JSON can hold them.

    Attributes
    ----------
    output : Path or None
        File of the result.
    """

    def __init__(self, output: str | Path | None, *facts: Any):
        self.output = output and Path(output)
        self._facts = facts

    def get(self, name: str, facts: list, compute: Callable[[], Arrays]) -> Arrays:
        """Return a part: as it is kept, if it was computed of the same facts, or else computed.

        Parameters
        ----------
        name
            Name of the part.
        facts
            Facts on which it depends: paths, by the content of their files, arrays, and what JSON
            can hold.
        compute
            What returns the arrays of the part.
        """
        if self.output is None:
            return compute()
        path, own = self._path(name), fingerprint(*self._facts, *facts)
        if (kept := _read(path, own)) is not None:
            log.info("%s is kept from a job that was killed", path)
            return kept
        arrays = compute()
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic(path) as temporary:
            np.savez(temporary, fingerprint=own, **arrays)
        return arrays

    def delete(self) -> None:
        """Delete all parts, once the result is written."""
        if self.output is not None:
            for path in self.output.parent.glob(self._path("*").name):
                path.unlink()

    def _path(self, name: str) -> Path:
        return self.output.with_suffix(f".{name}.part.npz")


def fingerprint(*facts: Any) -> str:
    """Digest of files, arrays and values; the same facts give the same one."""
    digest = hashlib.sha256()
    for fact in facts:
        if isinstance(fact, Path):
            content = fact.read_bytes()
        elif isinstance(fact, np.ndarray):
            content = f"{fact.shape} {fact.dtype}".encode() + fact.tobytes()
        else:
            content = json.dumps(fact, sort_keys=True).encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _read(path: Path, own: str) -> Arrays | None:
    """Arrays of a part of these facts; None where there is none, or none that can be read."""
    if not path.exists():
        return None
    try:
        with np.load(path) as file:
            arrays = dict(file)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        log.warning("%s cannot be read (%s): it is computed again", path, error)
        return None
    return arrays if str(arrays.pop("fingerprint")) == own else None
