"""Labels of an ensemble, block by block, for a whole data set or a shard of it."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import h5py
import numpy as np

from degu import feed, labels, metrics, shards
from degu.dataset import Dataset
from degu.ensemble import check_correlations, members
from degu.feed import Part, Stored
from degu.heads import read_common
from degu.job import log
from degu.labels import ORDER
from degu.shards import WHOLE, Shard
from degu.uncertainty import Draws, drawn

# Predictions of members, one after the other, to arrays of labels by key.
Summary = Callable[[Iterable[np.ndarray]], dict[str, np.ndarray]]


def write(
    path: str | Path,
    models: list[str],
    data: Dataset,
    rows: np.ndarray | None,
    shard: Shard = WHOLE,
    strands: str = "forward",
    draws: Draws | None = None,
    *,
    summary: Summary,
) -> None:
    """Write the mean and spread of an ensemble for a shard of every split.

    Memory depends neither on the number of members nor, but for an index, on the size of a split.

    Parameters
    ----------
    path
        File to write (`degu.labels`): the paper's ensemble mean and standard deviation (eq. 1
        and 2).
    models
        Files of the teachers, at least two where each predicts once.
    data
        Data set of the teachers.
    rows
        Rows of the training split that the teachers were trained on; all if None.
    shard
        Share of each split.
    strands
        Strands that the teachers predict from (`degu.models.on_strands`).
    draws
        Passes of each teacher that stand for members; one teacher is enough then.
    summary
        Mean and standard deviation over members, (n, ..., heads) each, and what else is stored, by
        key (`degu.labels`): the task's own, which its room fills in.

    Raises
    ------
    InputError
        From `degu.ensemble.check_correlations` on the shard's part of the validation set, or for
        fewer than two teachers.
    """
    rows_of = {split: np.arange(data.size(split)) for split in ORDER}
    if rows is not None:
        rows_of["train"] = rows
    own = {split: shards.share(rows, data.length, shard) for split, rows in rows_of.items()}
    sizes = {split: len(rows) for split, rows in own.items()}
    each, activities = _members(models, strands, draws), len(data.activities)
    passes = 1 if draws is None else draws.passes

    def blocks() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
        sums = np.zeros((len(models), activities, 6))
        for split in ORDER:
            codes, measured = feed.measured(data, split, data.activities, own[split])
            names = Stored(Part(data.path, f"{split}/names", rows=own[split]))
            for at in shards.blocks(*codes.shape):
                log.info("%s: sequences %d to %d of %d", split, at.start, at.stop, len(codes))
                predictions = each(codes[at])
                if split == "validation":
                    predictions = _added_up(predictions, measured[at], sums, passes)
                block = _stored(summary(predictions), activities)
                if data.is_profile:
                    block["names"] = names[at].astype(h5py.string_dtype())
                yield split, block
            if split == "validation" and sizes[split]:
                # A measured unit, such as a window or both strands of an insert, counts once.
                units = data.units(split)[own[split]]
                once = len(np.unique(units)) / len(units)
                each_row = passes * (data.length if data.is_profile else 1)
                number = once * sums[0, :, 0] / each_row
                if data.is_classes:
                    # All classes of a sequence are told by one label.
                    sums, number = sums.sum(axis=1, keepdims=True), number[:1]
                check_correlations(metrics.pearson_of(sums), number, models)

    labels.write(path, read_common(models), sizes, blocks())


def write_unlabelled(
    path: str | Path,
    models: list[str],
    unlabelled: str | Path,
    shard: Shard = WHOLE,
    strands: str = "forward",
    draws: Draws | None = None,
    *,
    summary: Summary,
) -> None:
    """Write the mean and spread of an ensemble for a shard of sequences without measurements.

    Parameters
    ----------
    unlabelled
        File of the sequences (`degu.unlabelled`), in whose order the labels stand.
    path, models, shard, strands, draws, summary
        As of `write`.

    Raises
    ------
    InputError
        For fewer than two teachers.
    """
    codes = Stored(Part(unlabelled, "unlabelled/codes"))
    rows = shards.share(np.arange(len(codes)), codes.shape[1], shard)
    heads, each = read_common(models), _members(models, strands, draws)
    activities = len(heads.activities)

    def blocks() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
        for at in shards.blocks(len(rows), codes.shape[1]):
            log.info("sequences %d to %d of %d", at.start, at.stop, len(rows))
            yield "unlabelled", _stored(summary(each(codes[rows[at]])), activities)

    labels.write(path, heads, {"unlabelled": len(rows)}, blocks())


def _members(
    models: list[str], strands: str, draws: Draws | None
) -> Callable[[np.ndarray], Iterator[np.ndarray]]:
    """Predictions that labels are the mean and spread of: one of each teacher, or its passes."""
    return members(models, strands) if draws is None else drawn(models, draws, strands)


def _stored(summary: dict[str, np.ndarray], activities: int) -> dict[str, np.ndarray]:
    """Labels as they are stored: the spread of activities alone, theirs by member in one row."""
    kept = summary | {"std": summary["std"][..., :activities]}
    if "members" in summary:
        by_member = summary["members"][..., :activities]
        kept["members"] = by_member.reshape(len(by_member), -1)
    return kept


def _added_up(
    predictions: Iterable[np.ndarray], truth: np.ndarray, sums: np.ndarray, passes: int
) -> Iterator[np.ndarray]:
    """Pass on predictions, and add what the agreement of members over their passes is made of."""
    heads = truth.shape[-1]
    for number, predicted in enumerate(predictions):
        pair = (values.reshape(-1, heads) for values in (truth, predicted[..., :heads]))
        sums[number // passes] += metrics.moments(*pair)
        yield predicted
