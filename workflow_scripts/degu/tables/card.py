"""The data card: contents of a prepared data set, and how well it can be predicted at all."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from degu import metrics
from degu.dataset import Dataset
from degu.sequences import one_hot
from degu.splits import SPLITS, leaks, same_insert, without_adaptors
from degu.unlabelled import read_steps

_MOST_BASES = 20_000_000
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


def describe(data: Dataset, unlabelled: Sequence[str] = ()) -> pd.DataFrame:
    """Describe a data set.

    Parameters
    ----------
    data
        Data set.
    unlabelled
        Files of sequences without measurements that students of it learn, NAME/FRACTION.h5.

    Returns
    -------
    table : DataFrame
        Columns split ("all" for the whole), output ("sequence", or a target), metric, value:

        - all: what preparation counted; repeated sequences (equal or reverse complements), and
          those of them that lie in another split than their like, for other than profiles; what
          was counted when sequences without measurements were made;
        - a split's sequence: number, length, quantiles of the GC share, share of unknown bases;
        - a split's targets: number of sequences in which they were measured (not of profiles),
          mean, std, quantiles;
        - a split's activities with replicates: `replicates` (their number), `replicate_pearson`
          (mean over pairs), and `noise_ceiling` (see the function).
    """
    rows = [("all", "sequence", step, count) for step, count in data.steps]
    if not data.is_profile:
        rows += [("all", "sequence", metric, value) for metric, value in _repeats(data).items()]
    for path in map(Path, unlabelled):
        name = f"{path.parent.name}, fraction {path.stem}"
        rows += [("all", "sequence", f"{name}: {step}", n) for step, n in read_steps(path)]
    for split in SPLITS:
        rows += [(split, *row) for row in _of_split(data, split)]
    return pd.DataFrame(rows, columns=["split", "output", "metric", "value"])


def _repeats(data: Dataset) -> dict[str, int]:
    codes = np.concatenate([data.codes(split) for split in SPLITS])
    splits = np.repeat(SPLITS, [len(data.codes(split)) for split in SPLITS])
    names = np.concatenate([data.names(split) for split in SPLITS])
    inserts = without_adaptors(codes)
    found = leaks(names, inserts, splits)["shared"].value_counts()
    return {
        "repeated sequences": len(codes) - len(np.unique(same_insert(inserts))),
        "leaks by sequence": int(found.get("sequence", 0)),
        "leaks by reverse complement": int(found.get("reverse complement", 0)),
    }


def _of_split(data: Dataset, split: str):
    # Genomes are sampled: quantiles of so many bases do not change with more.
    every = max(1, data.size(split) * data.length // _MOST_BASES) if data.is_profile else 1
    codes, targets = data.codes(split, every), data.targets(split, every)
    known = one_hot(codes).sum(axis=1)
    gc = (known[:, 1] + known[:, 2]) / np.maximum(known.sum(axis=1), 1)
    yield "sequence", "number", data.size(split)
    yield "sequence", "length", codes.shape[1]
    yield "sequence", "unknown bases", float(np.mean(codes == 4))
    yield from (("sequence", f"GC {name}", value) for name, value in _quantiles(gc).items())
    for column, target in enumerate(data.target_names):
        values = targets[..., column].astype(np.float64).ravel()
        values = values[~np.isnan(values)]
        if not data.is_profile:
            yield target, "number", len(values)
        yield target, "mean", values.mean()
        yield target, "std", values.std()
        yield from ((target, name, value) for name, value in _quantiles(values).items())
    for activity, replicates in data.replicates(split).items():
        yield activity, "replicates", replicates.shape[1]
        yield activity, "replicate_pearson", replicate_pearson(replicates)
        yield activity, "noise_ceiling", noise_ceiling(replicates)


def _quantiles(values: np.ndarray) -> dict[str, float]:
    found = np.quantile(values, QUANTILES)
    return {f"quantile {q:g}": float(v) for q, v in zip(QUANTILES, found, strict=True)}


def replicate_pearson(replicates: np.ndarray) -> float:
    """Mean of Pearson's r over pairs of replicates, each on the sequences that both have.

    Parameters
    ----------
    replicates : float array, shape (n, replicates)
        NaN where one is missing.
    """
    values = []
    for a, b in combinations(replicates.T, 2):
        both = ~np.isnan(a) & ~np.isnan(b)
        if both.sum() > 1:
            values.append(metrics.pearson(a[both], b[both]))
    return float(np.mean(values)) if values else float("nan")


def noise_ceiling(replicates: np.ndarray) -> float:
    """Pearson's r that a perfect prediction of the true activity would have with the measured one.

    sqrt(1 - noise / variance), where the measured activity is the mean over n replicates, `noise`
    is the mean over sequences of their sample variance / n, and `variance` is that of the
    measured activity.

    Parameters
    ----------
    replicates : float array, shape (n, replicates)
        NaN where one is missing; sequences with fewer than two say nothing about the noise.
    """
    count = (~np.isnan(replicates)).sum(axis=1)
    some = replicates[count > 1]
    noise = np.mean(np.nanvar(some, axis=1, ddof=1) / count[count > 1])
    variance = np.var(np.nanmean(replicates[count > 0], axis=1))
    return float(np.sqrt(max(0.0, 1 - noise / variance)))


def noise_ceilings(path: str) -> dict[str, float]:
    """Noise ceiling of each activity of a data set's test set, where replicates tell it."""
    replicates = Dataset(path).replicates("test")
    return {activity: noise_ceiling(values) for activity, values in replicates.items()}
