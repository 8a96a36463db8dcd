"""Tables of prediction intervals in long form: coverage, width, scores, reliability."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from degu import calibration, intervals, metrics
from degu.intervals import Calibration, Estimate

LABELS = ("member", "output", "kind")
COLUMNS = [*LABELS, "metric", "value", "low", "high"]


def measure(
    estimates: Sequence[Estimate],
    calibrations: Mapping[tuple, Calibration],
    level: float,
    smallest_std: float,
    ceilings: Mapping[str, float] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure prediction intervals on the test set, before and after conformal calibration.

    Calibration scales deviations by its factor over the Gaussian one, for scores as for intervals.

    Parameters
    ----------
    estimates
        Estimates of the test set, from `degu.intervals.estimates`.
    calibrations
        Calibrations of the same run, from `degu.intervals.read`.
    level
        Nominal coverage.
    smallest_std
        Deviations below are raised to it.
    ceilings
        Noise ceiling of an activity's r, where replicates tell it.
    resamples, seed
        Settings of the bootstrap over test sequences; calibration stays as it is.

    Returns
    -------
    table : DataFrame
        member, output, kind (epistemic, aleatoric, total, dropout, or ensemble), metric, value, low
        and high (its 95 % bootstrap interval), ceiling (of pearson); metrics are coverage, width,
        crps and nll, the same with conformal_ in front, conformal_factor (mean over test
        sequences), infinite (share of conformal intervals without bounds: too few validation
        sequences for the level), raised (share of standard deviations that were raised) and
        pearson (of the activity).
    """
    if not estimates:
        return pd.DataFrame(columns=[*COLUMNS, "ceiling"])
    gaussian, rows, moments = calibration.gaussian_factor(level), [], []
    for estimate in estimates:
        factor = intervals.find(calibrations, estimate).factor(estimate.mean, level)
        estimate, raised = estimate.clipped(smallest_std)
        values = {"raised": raised, "infinite": np.isinf(factor), "conformal_factor": factor}
        for prefix, factors in [("", gaussian), ("conformal_", factor)]:
            scaled = estimate.std * (factors / gaussian)
            values |= scores(estimate, factors, prefix)
            values[f"{prefix}crps"] = metrics.crps(estimate.truth, estimate.mean, scaled)
            values[f"{prefix}nll"] = metrics.nll(estimate.truth, estimate.mean, scaled)
        rows.append((labels_of(estimate), values))
        truth, mean = (array[:, None, None] for array in (estimate.truth, estimate.mean))
        moments.append(metrics.moments(truth, mean))
    accuracy = _accuracy(np.stack(moments, axis=1), [labels for labels, _ in rows], resamples, seed)
    accuracy["ceiling"] = accuracy["output"].map(ceilings or {}).astype(float)
    return pd.concat([means(rows, resamples, seed), accuracy])


def labels_of(estimate: Estimate) -> dict[str, str]:
    """Labels of an estimate's rows in a table."""
    return dict(zip(LABELS, estimate, strict=False))


def scores(estimate: Estimate, factor: float | np.ndarray, prefix: str) -> dict[str, np.ndarray]:
    """Coverage and width of each interval mean +- factor * std: arrays of shape (n,)."""
    _, _, _, truth, mean, std = estimate
    return {
        f"{prefix}coverage": calibration.covers(truth, mean, std, factor),
        f"{prefix}width": calibration.widths(std, factor),
    }


def _accuracy(
    moments: np.ndarray, labels: list[dict[str, str]], resamples: int, seed: int
) -> pd.DataFrame:
    """Pearson's r of activities, from moments of shape (n, estimates, 1, 6)."""
    low, high = metrics.bootstrap_moments(moments, resamples, seed)["pearson"][..., 0]
    r = metrics.pearson_of(moments[:, :, 0].sum(axis=0))
    return pd.DataFrame(labels).assign(metric="pearson", value=r, low=low, high=high)


def means(
    rows: list[tuple[dict[str, str], dict[str, np.ndarray]]], resamples: int, seed: int
) -> pd.DataFrame:
    """Average the measures of each test sequence, with bootstrap intervals.

    Parameters
    ----------
    rows
        Labels, and arrays of shape (n,) by metric.

    Returns
    -------
    table : DataFrame
        The labels, metric, value, low, high; no interval where a value is infinite.
    """
    labels = [labels | {"metric": metric} for labels, values in rows for metric in values]
    columns = np.stack([array for _, values in rows for array in values.values()], axis=1)
    low, high = metrics.bootstrap_means(columns, resamples, seed)
    return pd.DataFrame(labels).assign(value=columns.mean(axis=0), low=low, high=high)


def reliability(
    estimates: Sequence[Estimate], calibrations: Mapping[tuple, Calibration], smallest_std: float
) -> pd.DataFrame:
    """Coverage of the test set at each of `degu.calibration.LEVELS`; otherwise as `measure`.

    Returns
    -------
    table : DataFrame
        member, output, kind, level, metric (coverage, conformal_coverage), value.
    """
    rows = []
    for estimate in estimates:
        calibrated = intervals.find(calibrations, estimate)
        clipped, _ = estimate.clipped(smallest_std)
        for level in calibration.LEVELS:
            for prefix, factor in [
                ("", calibration.gaussian_factor(level)),
                ("conformal_", calibrated.factor(estimate.mean, level)),
            ]:
                metric, covered = next(iter(scores(clipped, factor, prefix).items()))
                labels = {"level": level, "metric": metric, "value": np.mean(covered)}
                rows.append(labels_of(estimate) | labels)
    return pd.DataFrame(rows, columns=[*LABELS, "level", "metric", "value"])
