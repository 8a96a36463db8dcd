"""Tables of predictions for shifted test sequences, in long form."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from degu import calibration, intervals
from degu.intervals import Calibration
from degu.predictions import ENSEMBLE, Shifted
from degu.tables.intervals import COLUMNS, labels_of, means, scores
from degu.tables.performance import performance


def agreement(
    run: Shifted, oracle: Shifted, own: bool, suffix: str = "", resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Agreement with the mean of an oracle ensemble on shifted test sequences.

    Paper, Methods, "OOD generalization analysis".

    Parameters
    ----------
    run, oracle
        Predictions by shift.
    own
        Whether a run is its own oracle: each member is then part of the mean that it is held
        against, and the ensemble, which is that mean, is left out.
    suffix
        Behind the names of metrics: what tells this oracle from another one.
    resamples, seed
        Settings of the bootstrap over test sequences.

    Returns
    -------
    table : DataFrame
        shift, and the columns of `degu.tables.performance.performance`.
    """
    parts = []
    for shift in run.shifts:
        part = performance(run.against(oracle, shift), None, resamples, seed)
        part.insert(0, "shift", shift)
        parts.append(part[part["member"] != ENSEMBLE] if own else part)
    table = pd.concat(parts)
    return table.assign(metric=table["metric"] + suffix)


def shift_intervals(
    run: Shifted,
    oracle: Shifted,
    calibrations: Mapping[tuple, Calibration],
    level: float,
    smallest_std: float,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure intervals that are to cover the means of an oracle ensemble under shift.

    Conformal calibration promises its level for sequences like those of its calibration set: that
    is once the validation set as it is, once the validation set under the same shift (Mondrian
    calibration whose groups are the shifts).

    Parameters
    ----------
    run, oracle
        Predictions by shift, of two runs.
    calibrations
        Calibrations of the run by shift, from `degu.intervals.read`.
    level, smallest_std, resamples, seed
        As for `degu.tables.intervals.measure`.

    Returns
    -------
    table : DataFrame
        shift, member, output, kind, covers ("oracle mean"), metric, value, low, high; metrics are
        coverage and width, the same with conformal_ and with mondrian_ in front.
    """
    parts, gaussian = [], calibration.gaussian_factor(level)
    for shift in run.shifts:
        rows = []
        for estimate in intervals.estimates(run.against(oracle, shift), "test"):
            clipped, _ = estimate.clipped(smallest_std)
            values = scores(clipped, gaussian)
            for prefix, known in [("conformal_", "none"), ("mondrian_", shift)]:
                calibrated = intervals.find(calibrations, estimate, known)
                widened = clipped._replace(std=clipped.std + calibrated.offset)
                values |= scores(widened, calibrated.factor(estimate.mean, level), prefix)
            rows.append(({"shift": shift, **labels_of(estimate, "oracle mean")}, values))
        if rows:
            parts.append(means(rows, run.units["test"], resamples, seed))
    return pd.concat(parts) if parts else pd.DataFrame(columns=["shift", *COLUMNS])


def distributions(run: Shifted) -> pd.DataFrame:
    """Distribution of the first member's predictions under each shift (Supplementary Fig. 4).

    Returns
    -------
    table : DataFrame
        shift, output, probability (0 to 1 in steps of 0.01), value (that quantile).
    """
    probabilities = np.linspace(0, 1, 101)
    return pd.concat(
        pd.DataFrame(
            {
                "shift": shift,
                "output": activity,
                "probability": probabilities.round(2),
                "value": np.quantile(predicted[0, :, run.heads.column(activity)], probabilities),
            }
        )
        for shift, predicted in run.splits["test"].items()
        for activity in run.heads.activities
    )
