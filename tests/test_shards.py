"""Blocks and shards of rows, by hand."""

import numpy as np
import pytest

from degu import shards
from degu.shards import Shard, blocks, share


def test_a_shard_is_named_by_its_place_in_a_path():
    assert Shard.named("/2of13") == Shard(2, 13)
    assert Shard.named("") == Shard() == Shard(1, 1)


def test_blocks_are_whole_batches_but_for_the_last(monkeypatch):
    monkeypatch.setattr(shards, "BLOCK", 13_000)
    assert list(blocks(2500, 10)) == [slice(0, 1024), slice(1024, 2048), slice(2048, 2500)]
    # Fewer than a batch of 512: as many as there is room for, one at least.
    assert list(blocks(300, 100)) == [slice(0, 130), slice(130, 260), slice(260, 300)]
    assert list(blocks(2, 20_000)) == [slice(0, 1), slice(1, 2)]
    assert list(blocks(0, 10)) == []


@pytest.mark.parametrize(
    ("of", "ends"),
    # Seven blocks of three rows, the last of one.
    [(1, [19]), (2, [9, 19]), (3, [6, 12, 19]), (9, [0, 3, 6, 9, 9, 12, 15, 18, 19])],
)
def test_shards_are_whole_blocks_in_their_order(of, ends, monkeypatch):
    monkeypatch.setattr(shards, "BLOCK", 30)
    rows = np.arange(100, 119)
    found = [share(rows, 10, Shard(number, of)) for number in range(1, of + 1)]
    assert np.concatenate(found).tolist() == rows.tolist()
    assert np.cumsum([len(own) for own in found]).tolist() == ends
