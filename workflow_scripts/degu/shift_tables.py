"""Tables of predictions for shifted test sequences, in long form."""

from pathlib import Path

import numpy as np
import pandas as pd

from degu import calibration, interval_tables, tables
from degu.predictions import read_shifted


def shifts(
    path: str | Path, oracle: str | Path, resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Agreement with the mean of an oracle ensemble on shifted test sequences.

    Paper, Methods, "OOD generalization analysis".

    Parameters
    ----------
    path, oracle
        From `degu.predictions.write_shifted`. If a run is its own oracle, each member is part of
        the mean that it is held against, and the ensemble, which is that mean, is left out.
    resamples, seed
        Of the bootstrap over test sequences.

    Returns
    -------
    table : DataFrame
        shift, and the columns of `degu.tables.performance`.
    """
    run, known = read_shifted(path), read_shifted(oracle)
    parts = []
    for shift in run.test:
        part = tables.performance(run.against(known, shift), None, resamples, seed)
        part.insert(0, "shift", shift)
        parts.append(part[part["member"] != tables.ENSEMBLE] if path == oracle else part)
    return pd.concat(parts)


def coverage(
    path: str | Path,
    oracle: str | Path,
    level: float,
    smallest_std: float,
    quantile: str = "finite_sample",
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Intervals that are to cover what an oracle ensemble says of shifted test sequences.

    Conformal calibration promises its level for sequences like those it is done with: once it is
    done with the validation set as it is, once with the validation set under the same shift
    (Mondrian calibration whose groups are the shifts).

    Parameters
    ----------
    path, oracle
        From `degu.predictions.write_shifted`; a run that is its own oracle has no rows.
    level, smallest_std, quantile, resamples, seed
        As for `degu.interval_tables.coverage`.

    Returns
    -------
    table : DataFrame
        shift, member, output, uncertainty, metric, value, low, high; metrics are coverage and
        width, the same with conformal_ and with mondrian_ in front.
    """
    if path == oracle:
        columns = ["shift", *interval_tables.LABELS, "metric", "value", "low", "high"]
        return pd.DataFrame(columns=columns)
    run, known = read_shifted(path), read_shifted(oracle)
    factor_of, parts = calibration.FACTORS[quantile], []

    def of_shift(name: str) -> list[tuple]:
        return list(interval_tables.intervals(run.against(known, name), smallest_std))

    unshifted = [factor_of(*validation, level) for _, validation, _, _ in of_shift("none")]
    for shift in run.test:
        found = []
        for factor, (labels, validation, test, _) in zip(unshifted, of_shift(shift), strict=True):
            factors = {
                "": calibration.gaussian_factor(level),
                "conformal_": factor,
                "mondrian_": factor_of(*validation, level),
            }
            values = {
                f"{prefix}{metric}": scores
                for prefix, by in factors.items()
                for metric, scores in interval_tables.scores(*test, by).items()
            }
            found.append(({"shift": shift, **labels}, values))
        parts.append(interval_tables.means(found, resamples, seed))
    return pd.concat(parts)


def distributions(path: str | Path) -> pd.DataFrame:
    """Distribution of the first member's predictions under each shift (Supplementary Fig. 4).

    Parameters
    ----------
    path
        From `degu.predictions.write_shifted`.

    Returns
    -------
    table : DataFrame
        shift, output, probability (0 to 1 in steps of 0.01), value (that quantile).
    """
    run = read_shifted(path)
    probabilities = np.linspace(0, 1, 101)
    return pd.concat(
        pd.DataFrame(
            {
                "shift": shift,
                "output": activity,
                "probability": probabilities.round(2),
                "value": np.quantile(predicted[0, :, run.heads.index(activity)], probabilities),
            }
        )
        for shift, predicted in run.test.items()
        for activity in run.activities
    )
