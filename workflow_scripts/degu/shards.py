"""Rows that are worked on at a time: blocks in memory, and shards, a job each, of whole blocks."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

# Bases that are predicted at once where predictions are summed up.
BLOCK = 2**24
# Sequences that networks are given at once (`degu.models.predictor`).
_BATCH = 512
# Bases that one job labels: ten teachers take 8 hours, its `runtime`, at 1.5 million a second.
SHARD = 2**32


class Shard(NamedTuple):
    """One of so many shares of a data set, from 1 on; the whole of it by default."""

    number: int = 1
    of: int = 1

    @classmethod
    def named(cls, name: str) -> "Shard":
        """Shard by its name in a path, such as /2of3; no name is that of the whole."""
        return cls(*(int(number) for number in name.strip("/").split("of") if number))


WHOLE = Shard()


def blocks(n: int, length: int) -> Iterator[slice]:
    """Cut n rows into blocks of at most `BLOCK` bases: whole batches, but for the last block."""
    rows = _rows_a_block(length)
    yield from (slice(at, min(at + rows, n)) for at in range(0, n, rows))


def share(rows: np.ndarray, length: int, shard: Shard) -> np.ndarray:
    """Rows of a shard, of those of all shards; none where there are fewer blocks than shards.

    Shards are whole `blocks`, so that no bit of a prediction depends on them.

    Parameters
    ----------
    rows : int array, shape (n,)
    length
        Bases of each.
    """
    size = _rows_a_block(length)
    number = -(-len(rows) // size)
    first, last = (number * past // shard.of * size for past in (shard.number - 1, shard.number))
    return rows[first:last]


def _rows_a_block(length: int) -> int:
    rows = max(1, BLOCK // length)
    return rows - rows % _BATCH if rows > _BATCH else rows
