"""Tables of predictions for shifted test sequences, in long form."""

from pathlib import Path

import numpy as np
import pandas as pd

from degu import calibration, tables
from degu.predictions import read_shifted


def shifts(path: str | Path, oracle: str | Path) -> pd.DataFrame:
    """Agreement with the mean of an oracle ensemble on shifted test sequences.

    Paper, Methods, "OOD generalization analysis".

    Parameters
    ----------
    path, oracle
        From `degu.predictions.write_shifted`. If a run is its own oracle, each member is part of
        the mean that it is held against, and the ensemble, which is that mean, is left out.

    Returns
    -------
    table : DataFrame
        shift, and the columns of `degu.tables.agreement`.
    """
    run, known = read_shifted(path), read_shifted(oracle)
    parts = []
    for shift in run.test:
        part = tables.agreement(run.against(known, shift))
        part.insert(0, "shift", shift)
        parts.append(part[part["member"] != tables.ENSEMBLE] if path == oracle else part)
    return pd.concat(parts)


def coverage(
    path: str | Path,
    oracle: str | Path,
    level: float,
    smallest_std: float,
    quantile: str = "finite_sample",
) -> pd.DataFrame:
    """Intervals that are to cover what an oracle ensemble says of shifted test sequences.

    Conformal calibration promises its level for sequences like those it is done with: once it is
    done with the validation set as it is, once with the validation set under the same shift
    (Mondrian calibration whose groups are the shifts).

    Parameters
    ----------
    path, oracle
        From `degu.predictions.write_shifted`; a run that is its own oracle has no rows.
    level, smallest_std, quantile
        As for `degu.tables.coverage`.

    Returns
    -------
    table : DataFrame
        shift, member, output, uncertainty, metric, value; metrics are coverage and width, the same
        with conformal_ and with mondrian_ in front.
    """
    run, known = read_shifted(path), read_shifted(oracle)
    factor_of, rows = calibration.FACTORS[quantile], []
    unshifted = [
        factor_of(*validation, level)
        for _, validation, _, _ in tables.intervals(run.against(known, "none"), smallest_std)
    ]
    for shift in run.test if path != oracle else ():
        shifted = tables.intervals(run.against(known, shift), smallest_std)
        for factor, (labels, validation, test, _) in zip(unshifted, shifted, strict=True):
            factors = {
                "": calibration.gaussian_factor(level),
                "conformal_": factor,
                "mondrian_": factor_of(*validation, level),
            }
            for prefix, by in factors.items():
                values = {
                    "coverage": calibration.coverage(*test, by),
                    "width": calibration.width(test[2], by),
                }
                rows += [
                    {"shift": shift, **labels, "metric": f"{prefix}{metric}", "value": value}
                    for metric, value in values.items()
                ]
    return pd.DataFrame(rows, columns=["shift", *tables.OF_INTERVALS, "metric", "value"])


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
