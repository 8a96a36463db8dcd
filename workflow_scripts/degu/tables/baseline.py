"""Table of a baseline that any network has to beat: ridge regression on k-mer counts."""

import numpy as np
import pandas as pd

from degu import bootstrap, classification, feed, ridge
from degu.dataset import Dataset
from degu.job import log
from degu.metrics import METRICS


def measure(
    data: Dataset,
    rows: np.ndarray | None = None,
    longest: int = ridge.LONGEST,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Fit each activity of a data set, and measure the fit on the test set.

    The penalty is chosen on the rows of the validation set that choose epochs.

    Parameters
    ----------
    data
        Data set of single activities; rows where an activity is not finite do not count for it.
    rows
        Rows of the training split; all if None.
    longest
        Bases of the longest words.
    resamples, seed
        Settings of the bootstrap over measured units of the test set.

    Returns
    -------
    table : DataFrame
        output, metric, value, low and high (its 95 % bootstrap interval), alpha (penalty).
    """
    columns = data.columns(data.activities)
    kept = {
        "train": np.arange(data.size("train")) if rows is None else rows,
        "validation": data.selects(),
        "test": np.arange(data.size("test")),
    }
    targets = {split: data.targets(split)[at][:, columns] for split, at in kept.items()}
    known = {split: np.isfinite(values) for split, values in targets.items()}
    # Activities that are measured in the same sequences share a fit.
    same = [tuple(known[split][:, at].tobytes() for split in kept) for at in range(len(columns))]
    found = []
    for pattern in dict.fromkeys(same):
        together = [at for at, one in enumerate(same) if one == pattern]
        parts = {}
        for split, at in kept.items():
            of_pattern = known[split][:, together[0]]
            codes = feed.codes(data, split, at[of_pattern])
            parts[split] = codes, targets[split][of_pattern][:, together]
        units = data.units("test")[known["test"][:, together[0]]]
        names = [data.activities[at] for at in together]
        found.append(_measured(parts, names, units, longest, resamples, seed))
    return pd.concat(found, ignore_index=True)


def measure_classes(
    data: Dataset,
    rows: np.ndarray | None = None,
    longest: int = ridge.LONGEST,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Fit the one-hot classes of a data set, and measure the class of the largest fit.

    Parameters are those of `measure`.

    Returns
    -------
    table : DataFrame
        output "all", metric (`degu.classification.OF_COUNTS`), value, low, high, alpha (median of
        the classes' penalties).
    """
    columns = data.columns(data.activities)
    kept = {"train": rows, "validation": data.selects(), "test": None}
    parts = {
        split: (feed.codes(data, split, at), data.targets(split)[at][:, columns])
        for split, at in (
            (split, np.arange(data.size(split)) if at is None else at) for split, at in kept.items()
        )
    }
    fitted = ridge.fit(parts["train"], parts["validation"], longest)
    codes, targets = parts["test"]
    truth, called = targets.argmax(axis=1), fitted.predict(codes).argmax(axis=1)
    bounds = classification.bootstrap(truth, called[None], resamples, seed, data.units("test"))
    counts, alpha = classification.confusion(truth, called, len(columns)), np.median(fitted.alphas)
    found = [
        ("all", metric, of(counts), *bounds[metric][:, 0], alpha)
        for metric, of in classification.OF_COUNTS.items()
    ]
    log.info("median penalty %g, MCC %.4f on the test set", alpha, found[0][2])
    return pd.DataFrame(found, columns=["output", "metric", "value", "low", "high", "alpha"])


def _measured(
    parts: dict[str, tuple],
    names: list[str],
    units: np.ndarray,
    longest: int,
    resamples: int,
    seed: int,
) -> pd.DataFrame:
    """Rows of activities that are measured in the same sequences."""
    fitted = ridge.fit(parts["train"], parts["validation"], longest)
    codes, truth = parts["test"]
    predicted = fitted.predict(codes)
    bounds = bootstrap.intervals(truth, predicted[None], resamples, seed, units=units)
    rows = []
    for at, name in enumerate(names):
        alpha = fitted.alphas[at]
        rows += [
            (name, metric, of(truth[:, at], predicted[:, at]), *bounds[metric][:, 0, at], alpha)
            for metric, of in METRICS.items()
        ]
        log.info("%s: penalty %g, r %.4f on the test set", name, alpha, rows[-len(METRICS)][2])
    return pd.DataFrame(rows, columns=["output", "metric", "value", "low", "high", "alpha"])
