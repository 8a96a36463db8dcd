"""Tables of predictions for shifted test sequences, in long form."""

from pathlib import Path

import numpy as np
import pandas as pd

from degu import tables
from degu.predictions import Predictions, Split, read_shifted


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
    activities, run = read_shifted(path)
    _, known = read_shifted(oracle)
    parts = []
    for shift, predicted in run.items():
        truth = known[shift].mean(axis=0)
        split = Split(np.arange(len(truth)), truth, predicted)
        part = tables.agreement(Predictions(activities, activities, split, split))
        part.insert(0, "shift", shift)
        parts.append(part[part["member"] != tables.ENSEMBLE] if path == oracle else part)
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
    activities, run = read_shifted(path)
    probabilities = np.linspace(0, 1, 101)
    return pd.concat(
        pd.DataFrame(
            {
                "shift": shift,
                "output": activity,
                "probability": probabilities.round(2),
                "value": np.quantile(predicted[0, :, column], probabilities),
            }
        )
        for shift, predicted in run.items()
        for column, activity in enumerate(activities)
    )
