"""Tables of agreement with the truth, in long form, and of single predictions."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from degu import bootstrap, metrics
from degu.metrics import LIMITS, METRICS, mean_interval
from degu.predictions import ENSEMBLE, Predictions, Split
from degu.spread import once


def agreement(run: Predictions) -> pd.DataFrame:
    """Agreement with the truth on the test set, where it is known.

    Returns
    -------
    table : DataFrame
        member (a number, or "ensemble": the mean of the members' predictions), output, kind (of
        the head), metric, value. Profiles are compared at all bases, without Spearman's rho.
    """
    heads = run.with_truth()
    values = _agreement(run.test, list(heads.values()))
    members = [*map(str, range(len(run.test.predictions))), ENSEMBLE]
    rows = pd.MultiIndex.from_product(
        [members, heads, values], names=["member", "output", "metric"]
    )
    table = rows.to_frame(index=False)
    table.insert(2, "kind", table["output"].map(run.heads.kinds))
    return table.assign(value=np.stack([*values.values()], axis=-1).ravel())


def _agreement(test: Split, columns: list[int]) -> dict[str, np.ndarray]:
    """Each metric of every member and of their mean: (members + 1, outputs)."""
    if test.moments is not None:
        sums = test.moments[:, :, columns].sum(axis=0)
        return {metric: function(sums) for metric, function in metrics.OF_MOMENTS.items()}
    truth, predicted = _known(test, columns)
    return {
        metric: np.array(
            [[function(t, p) for t, p in zip(truth.T, one.T, strict=True)] for one in predicted]
        )
        for metric, function in METRICS.items()
    }


def _known(test: Split, columns: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Truth (n, outputs), and predictions of members and their mean (members + 1, n, outputs)."""
    members = test.predictions[..., columns]
    return test.truth[:, columns], np.concatenate([members, members.mean(axis=0, keepdims=True)])


def performance(
    run: Predictions,
    ceilings: Mapping[str, float] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Agreement with bootstrap intervals, and the noise ceiling.

    Parameters
    ----------
    run
        Predictions of all members.
    ceilings
        Noise ceiling of an activity's r, where replicates tell it (`degu.tables.card`).
    resamples, seed
        Settings of the bootstrap over measured units of the test set, or windows of profiles.

    Returns
    -------
    table : DataFrame
        `agreement`, low and high (its 95 % bootstrap interval), ceiling (of Pearson's r). Members
        of a weighted ensemble stand there once (`degu.spread.once`).
    """
    table, columns = agreement(run), list(run.with_truth().values())
    if run.test.moments is None:
        known = _known(run.test, columns)
        intervals = bootstrap.intervals(*known, resamples, seed, units=run.test.units)
    else:
        intervals = bootstrap.intervals_of_moments(run.test.moments[:, :, columns], resamples, seed)
    # As the rows stand: members, outputs, metrics.
    bounds = np.stack([*intervals.values()], axis=-1)
    table["low"], table["high"] = bounds.reshape(2, -1)
    members = [*map(str, once(run.test.predictions)), ENSEMBLE]
    table = table[table["member"].isin(members)].reset_index(drop=True)
    ceiling = table["output"].map(ceilings or {}).astype(float)
    return table.assign(ceiling=ceiling.where(table["metric"] == "pearson"))


def scatter(run: Predictions) -> pd.DataFrame:
    """Truth, where known, and prediction of test sequences: first member and ensemble.

    Returns
    -------
    table : DataFrame
        member, output, kind, name, truth, predicted.
    """
    shown = {"0": run.test.predictions[0], ENSEMBLE: run.test.predictions.mean(axis=0)}
    table = pd.concat(
        pd.DataFrame(
            {
                "member": member,
                "output": head,
                "kind": run.heads.kinds[head],
                "name": run.test.names,
                "truth": run.test.truth[:, column],
                "predicted": predicted[:, column],
            }
        )
        for member, predicted in shown.items()
        for head, column in run.with_truth().items()
    )
    return table.dropna(subset="truth")


def against(table: pd.DataFrame, measured: Collection[str]) -> pd.DataFrame:
    """Say what predictions are held against, in the column `against`.

    Parameters
    ----------
    table
        Rows with output and kind.
    measured
        Activities that were measured. The truth of a student's others is its teachers' mean.
    """
    truths = {"aleatoric": "spread of replicates", "epistemic": "spread of teachers"}
    known = table["output"].isin(list(measured))
    of_activity = known.map({True: "measurement", False: "mean of teachers"})
    return table.assign(against=table["kind"].map(truths).fillna(of_activity))


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Mean over members with its 95 % confidence interval, the ensemble, and the noise ceiling.

    Parameters
    ----------
    table
        `performance` of a run.

    Returns
    -------
    table : DataFrame
        A row for each output and metric; kind, mean, low, high, ensemble, ceiling.
    """
    keys = ["output", "kind", "metric"]
    alone = table["member"] == ENSEMBLE
    groups = table[~alone].groupby(keys, sort=False)["value"]
    bands = pd.DataFrame(
        [(*place, *mean_interval(values, limits=LIMITS[place[-1]])) for place, values in groups],
        columns=[*keys, "mean", "low", "high"],
    )
    ensemble = table[alone].set_index(keys)[["value", "ceiling"]]
    return bands.join(ensemble.rename(columns={"value": ENSEMBLE}), on=keys)
