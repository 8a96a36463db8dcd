"""Tables in long form: what the figures show, computed from the predictions of a run."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu import metrics
from degu.job import InputError, atomic, log
from degu.metrics import METRICS, mean_interval
from degu.predictions import Predictions, Split

ENSEMBLE = "ensemble"


def of_runs(runs: list[str], files: list[str], tabulate: Callable, *before: str) -> pd.DataFrame:
    """Tabulate the file of each run and join the tables.

    Parameters
    ----------
    runs
        Named `dataset/recipe/fraction`, which become the first columns.
    files
        One a run.
    tabulate
        File -> DataFrame.
    before
        What runs are named by in front of their data set, if anything.

    Raises
    ------
    InputError
        For no run.
    """
    if not runs:
        raise InputError("No run of the config has what this table shows.")
    names, parts = (*before, "dataset", "recipe", "fraction"), []
    for run, file in zip(runs, files, strict=True):
        log.info("%s", run)
        labels = dict(zip(names, run.split("/"), strict=True))
        table = tabulate(file)
        parts.append(table.assign(**labels)[[*labels, *table.columns]])
    return pd.concat(parts)


def write(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table as TSV, gzip if its name ends so."""
    with atomic(path) as temporary:
        table.to_csv(temporary, sep="\t", index=False)


def agreement(run: Predictions) -> pd.DataFrame:
    """Agreement with the truth on the test set, where it is known.

    Returns
    -------
    table : DataFrame
        member (a number, or "ensemble": the mean of the members' predictions), output, metric,
        value. Of profiles over all bases, and without Spearman's rho.
    """
    heads = run.with_truth()
    values = _agreement(run.test, list(heads.values()))
    members = [*map(str, range(len(run.test.predictions))), ENSEMBLE]
    rows = pd.MultiIndex.from_product(
        [members, heads, values], names=["member", "output", "metric"]
    )
    return rows.to_frame(index=False).assign(value=np.stack([*values.values()], axis=-1).ravel())


def _agreement(test: Split, columns: list[int]) -> dict[str, np.ndarray]:
    """Return each metric of every member and of their mean: (members + 1, outputs)."""
    if test.moments is not None:
        sums = test.moments[:, :, columns].sum(axis=0)
        return {metric: function(sums) for metric, function in metrics.OF_MOMENTS.items()}
    truth, predicted = _known(test, columns)
    return {
        metric: np.array(
            [[function(t, p) for t, p in zip(truth.T, of.T, strict=True)] for of in predicted]
        )
        for metric, function in METRICS.items()
    }


def _known(test: Split, columns: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return truth (n, outputs), and what members and their mean say (members + 1, n, outputs)."""
    members = test.predictions[..., columns]
    return test.truth[:, columns], np.concatenate([members, members.mean(axis=0, keepdims=True)])


def performance(
    run: Predictions,
    ceilings: Mapping[str, float] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return `agreement` with its intervals, and how well could be predicted at all.

    Parameters
    ----------
    run
        Members of a run.
    ceilings
        Noise ceiling of an activity's r, where replicates tell it (`degu.card.noise_ceiling`).
    resamples, seed
        Of the bootstrap over test sequences, or windows of profiles.

    Returns
    -------
    table : DataFrame
        `agreement`, low and high (its 95 % bootstrap interval), ceiling (of Pearson's r).
    """
    table, columns = agreement(run), list(run.with_truth().values())
    if run.test.moments is None:
        intervals = metrics.bootstrap(*_known(run.test, columns), resamples, seed)
    else:
        intervals = metrics.bootstrap_moments(run.test.moments[:, :, columns], resamples, seed)
    # As the rows stand: members, outputs, metrics.
    bounds = np.stack([*intervals.values()], axis=-1)
    table["low"], table["high"] = bounds.reshape(2, -1)
    ceiling = table["output"].map(ceilings or {}).astype(float)
    return table.assign(ceiling=ceiling.where(table["metric"] == "pearson"))


def scatter(run: Predictions) -> pd.DataFrame:
    """Truth, where known, and prediction of each test sequence: first member and ensemble.

    Returns
    -------
    table : DataFrame
        member, output, name, truth, predicted.
    """
    shown = {"0": run.test.predictions[0], ENSEMBLE: run.test.predictions.mean(axis=0)}
    return pd.concat(
        pd.DataFrame(
            {
                "member": member,
                "output": head,
                "name": run.test.names,
                "truth": run.test.truth[:, column],
                "predicted": predicted[:, column],
            }
        )
        for member, predicted in shown.items()
        for head, column in run.with_truth().items()
    )


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Mean over members with its 95 % confidence interval, the ensemble, and the noise ceiling.

    Parameters
    ----------
    table
        All runs' `performance`.

    Returns
    -------
    table : DataFrame
        A row for each dataset, recipe, fraction, output and metric; mean, low, high, ensemble,
        ceiling.
    """
    keys = ["dataset", "recipe", "fraction", "output", "metric"]
    alone = table["member"] == ENSEMBLE
    groups = table[~alone].groupby(keys, sort=False)["value"]
    bands = groups.apply(mean_interval).apply(pd.Series)
    bands.columns = ["mean", "low", "high"]
    ensemble = table[alone].set_index(keys)[["value", "ceiling"]]
    return bands.join(ensemble.rename(columns={"value": ENSEMBLE})).reset_index()
