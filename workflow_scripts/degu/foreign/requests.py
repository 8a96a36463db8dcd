"""Requests: sequences with ids, of which a foreign ensemble is asked for predictions."""

import csv
import gzip
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from degu.dataset import Dataset
from degu.job import InputError, atomic, errors_name
from degu.parts import fingerprint
from degu.sequences import ALPHABET, decode, encode
from degu.splits import SPLITS

UNLABELLED = "unlabelled"
# Split of the sequence whose predictions are known.
CHECK = "check"
_DIGITS = 10


class Request:
    """Sequences of a request, in their order.

    Parameters
    ----------
    data
        Data set whose activities are asked for.
    unlabelled
        File of sequences without measurements (`degu.unlabelled`) that are asked for in place of
        those of the data set.
    order
        Order of the letters in the ensemble's one-hot encoding.
    check
        Sequence whose predictions are known, which comes last.

    Attributes
    ----------
    sizes : dict of int
        Sequences of each split.
    digest : str
        Digest of all that an answer depends on.

    Raises
    ------
    InputError
        If the sequence whose predictions are known is not as long as the others.
    """

    def __init__(
        self, data: Dataset, unlabelled: str | Path | None, order: str, check: str | None = None
    ):
        self.activities, self.order, self.length = data.activities, order, data.length
        self._data, self._check = data, check
        if unlabelled is None:
            codes = {split: data.codes(split) for split in SPLITS}
        else:
            with h5py.File(unlabelled) as file:
                codes = {UNLABELLED: file["unlabelled/codes"][:]}
        self.sizes = {split: len(some) for split, some in codes.items()}
        if check is not None:
            with errors_name("the sequence of predictions.check"):
                codes[CHECK] = encode([check])
            if len(check) != self.length:
                raise InputError(
                    f"The sequence of predictions.check has {len(check)} bases, but those of "
                    f"{data.path} have {self.length}."
                )
        self._codes = codes
        facts = self.activities, order, list(codes)
        self.digest = fingerprint(list(facts), *codes.values())[:_DIGITS]

    @property
    def number(self) -> int:
        """Number of sequences, without that whose predictions are known."""
        return sum(self.sizes.values())

    @cached_property
    def ids(self) -> np.ndarray:
        """Id of each sequence, str; that whose predictions are known comes last."""
        own = [f"{self.digest}_{row}" for row in range(self.number)]
        return np.array(own + ([f"{self.digest}_{CHECK}"] if self._check else []))

    def sequences(self, rows: slice) -> list[str]:
        """Letters of some sequences, as their ids stand."""
        return decode(np.concatenate([*self._codes.values()])[rows])

    def write(self, path: str | Path) -> None:
        """Write the sequences as TSV, gzip: id, split, name, sequence."""
        ids = iter(self.ids)
        with atomic(path) as temporary, gzip.open(temporary, "wt", newline="") as file:
            writer = csv.writer(file, delimiter="\t", lineterminator="\n")
            writer.writerow(["id", "split", "name", "sequence"])
            for split, codes in self._codes.items():
                names = self._names(split, len(codes))
                for name, row in zip(names, codes, strict=True):
                    writer.writerow([next(ids), split, name, *decode(row[None])])

    def _names(self, split: str, number: int) -> Sequence[str]:
        return (
            self._data.names(split) if split in SPLITS else [f"{split}{n}" for n in range(number)]
        )

    def write_facts(self, path: str | Path, members: int) -> None:
        """Write what an answer needs to be as JSON, with an example of the one-hot encoding."""
        facts: dict[str, Any] = {
            "request": self.digest,
            "sequences": len(self.ids),
            "length": self.length,
            "members": members,
            "activities": self.activities,
            "order": self.order,
            "one_hot": {one: [int(one == letter) for letter in self.order] for one in ALPHABET},
            "columns of an answer": ["id", "member", *self.activities],
        }
        with atomic(path) as temporary:
            lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(facts[key])}" for key in facts)
            temporary.write_text(f"{{\n{lines}\n}}\n")
