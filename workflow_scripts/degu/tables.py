"""Tables in long form: what the figures show, computed from the predictions of a run."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from degu import calibration, uncertainty
from degu.job import atomic
from degu.metrics import METRICS, mean_interval
from degu.predictions import Predictions, Split

ENSEMBLE = "ensemble"


def of_runs(runs: list[str], files: list[str], tabulate: Callable) -> pd.DataFrame:
    """Tabulate the file of each run and join the tables.

    Parameters
    ----------
    runs
        Named `dataset/recipe/fraction`, which become the first columns.
    files
        One a run.
    tabulate
        File -> DataFrame.
    """
    parts = []
    for run, file in zip(runs, files, strict=True):
        labels = dict(zip(("dataset", "recipe", "fraction"), run.split("/"), strict=True))
        table = tabulate(file)
        parts.append(table.assign(**labels)[[*labels, *table.columns]])
    return pd.concat(parts)


def write(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table as TSV, gzip if its name ends so."""
    with atomic(path) as temporary:
        table.to_csv(temporary, sep="\t", index=False)


def _members(split: Split):
    """Yield (name, predictions) of every member, then of the mean over members."""
    yield from ((str(number), values) for number, values in enumerate(split.predictions))
    yield ENSEMBLE, split.predictions.mean(axis=0)


def performance(run: Predictions) -> pd.DataFrame:
    """Agreement with the truth on the test set.

    Returns
    -------
    table : DataFrame
        member (a number, or "ensemble": the mean of the members' predictions), output, metric,
        value.
    """
    return pd.DataFrame(
        [
            {"member": member, "output": head, "metric": metric, "value": function(truth, values)}
            for member, predicted in _members(run.test)
            for head, truth, values in zip(run.heads, run.test.truth.T, predicted.T, strict=True)
            for metric, function in METRICS.items()
        ]
    )


def coverage(run: Predictions, level: float, smallest_std: float) -> pd.DataFrame:
    """Prediction intervals on the test set, before and after conformal calibration.

    Conformal calibration uses the validation set (paper, Methods, "Conformal prediction").

    Parameters
    ----------
    run
        Members' own uncertainty heads are taken one by one; the spread of members of an ensemble
        of two or more is taken around their mean.
    level
        Nominal coverage.
    smallest_std
        Standard deviations below are raised to it.

    Returns
    -------
    table : DataFrame
        member, output, uncertainty (epistemic, aleatoric, total, or ensemble), metric, value;
        metrics are coverage, width, conformal_coverage, conformal_width, conformal_factor and
        raised (share of standard deviations that were raised).
    """
    rows = []
    for activity in run.activities:
        column = run.heads.index(activity)
        for member, kind, validation, test in _intervals(run, activity):
            test_std, raised = uncertainty.clip(test[1], smallest_std)
            validation_std, _ = uncertainty.clip(validation[1], smallest_std)
            gaussian = calibration.gaussian_factor(level)
            conformal = calibration.conformal_factor(
                run.validation.truth[:, column], validation[0], validation_std, level
            )
            truth = run.test.truth[:, column]
            values = {
                "coverage": calibration.coverage(truth, test[0], test_std, gaussian),
                "width": calibration.width(test_std, gaussian),
                "conformal_coverage": calibration.coverage(truth, test[0], test_std, conformal),
                "conformal_width": calibration.width(test_std, conformal),
                "conformal_factor": conformal,
                "raised": raised,
            }
            labels = {"member": member, "output": activity, "uncertainty": kind}
            rows += [labels | {"metric": key, "value": value} for key, value in values.items()]
    columns = ["member", "output", "uncertainty", "metric", "value"]
    return pd.DataFrame(rows, columns=columns)


def _intervals(run: Predictions, activity: str):
    """Yield member, kind of uncertainty, and (mean, std) on validation and on test sequences."""
    column, kinds = run.heads.index(activity), run.uncertainties(activity)

    def of_member(split: Split, member: int, kind: str):
        values = split.predictions[member].T
        if kind == "total":
            # A linear head below zero would add to the total as if it were above.
            parts = [np.maximum(values[kinds[part]], 0) for part in ("epistemic", "aleatoric")]
            return values[column], uncertainty.total(*parts)
        return values[column], values[kinds[kind]]

    both = ["total"] if len(kinds) == 2 else []
    for member in range(len(run.test.predictions)):
        for kind in [*kinds, *both]:
            yield (
                str(member),
                kind,
                of_member(run.validation, member, kind),
                of_member(run.test, member, kind),
            )
    if "epistemic" not in kinds and len(run.test.predictions) > 1:
        yield (
            ENSEMBLE,
            ENSEMBLE,
            *(
                (
                    split.predictions[..., column].mean(axis=0),
                    split.predictions[..., column].std(axis=0),
                )
                for split in (run.validation, run.test)
            ),
        )


def scatter(run: Predictions) -> pd.DataFrame:
    """Truth and prediction of each test sequence, for the first member and the ensemble.

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
        for column, head in enumerate(run.heads)
    )


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Mean over members with its 95 % confidence interval, and the ensemble, for each measure.

    Parameters
    ----------
    table
        All runs' `performance`.

    Returns
    -------
    table : DataFrame
        A row for each dataset, recipe, fraction, output and metric; mean, low, high, ensemble.
    """
    keys = ["dataset", "recipe", "fraction", "output", "metric"]
    alone = table["member"] == ENSEMBLE
    groups = table[~alone].groupby(keys, sort=False)["value"]
    bands = groups.apply(mean_interval).apply(pd.Series)
    bands.columns = ["mean", "low", "high"]
    return bands.join(table[alone].set_index(keys)["value"].rename(ENSEMBLE)).reset_index()
