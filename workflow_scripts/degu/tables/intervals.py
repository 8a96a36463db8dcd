"""Tables of prediction intervals in long form: coverage, width, scores, reliability."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from degu import bootstrap, calibration, intervals, metrics
from degu.intervals import Calibration, Estimate
from degu.predictions import COVERED

LABELS = ("member", "output", "kind")
COLUMNS = [*LABELS, "covers", "metric", "value", "low", "high"]


def measure(
    estimates: Sequence[Estimate],
    calibrations: Mapping[tuple, Calibration],
    level: float,
    smallest_std: float,
    ceilings: Mapping[str, float] | None = None,
    replicates: Mapping[str, np.ndarray] | None = None,
    resamples: int = 1000,
    seed: int = 0,
    measured: Collection[str] | None = None,
) -> pd.DataFrame:
    """Measure prediction intervals on the test set, before and after conformal calibration.

    Calibration adds its offset to deviations and scales them by its factor over the Gaussian one,
    for scores as for intervals.

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
    replicates : dict of float arrays, shape (n, replicates)
        Replicate measurements of the test set by activity, NaN where one is missing.
    resamples, seed
        Settings of the bootstrap over measured units of the test set; calibration stays as it is.
    measured
        Activities that were measured; all if None.

    Returns
    -------
    table : DataFrame
        member, output, kind (`degu.intervals.Estimate`), covers, metric, value, low and high (its
        95 % bootstrap interval), ceiling (of pearson). covers says what an interval is to cover:

        - "measurement", the measured activity, which is the mean over its replicates: coverage,
          width, crps and nll, the same with conformal_ in front, conformal_factor (mean over test
          sequences), offset, infinite (share of conformal intervals without bounds: too few units
          for the level), raised (share of deviations that were raised), raised_calibration (the
          same of the calibration set) and pearson (of the activity);
        - "mean of teachers", the mean over the members of a student's ensemble: the same for an
          activity that was not measured;
        - "replicate", one replicate measurement: coverage and width of the same intervals, where
          replicates are known;
        - "mean of replicates": coverage and width of intervals whose noise between n replicates
          is divided by the root of n, as that of their mean is.
    """
    by_output = {}
    for estimate in estimates:
        by_output.setdefault(estimate.output, []).append(estimate)
    # Sequences in which an activity was measured, which are drawn, are its own.
    how = level, smallest_std, replicates or {}, resamples, seed
    tables = [
        _of_output(of_output, calibrations, *how).replace(
            {"covers": {} if measured is None or output in measured else dict([COVERED])}
        )
        for output, of_output in by_output.items()
    ]
    table = pd.concat(tables) if tables else pd.DataFrame(columns=COLUMNS)
    ceiling = table["output"].map(ceilings or {}).astype(float)
    return table.assign(ceiling=ceiling.where(table["metric"] == "pearson"))


def _of_output(
    estimates: Sequence[Estimate],
    calibrations: Mapping[tuple, Calibration],
    level: float,
    smallest_std: float,
    replicates: Mapping[str, np.ndarray],
    resamples: int,
    seed: int,
) -> pd.DataFrame:
    """Measure the intervals of one activity; arguments and columns as of `measure`."""
    rows, facts = [], []
    for estimate in estimates:
        calibrated = intervals.find(calibrations, estimate)
        rows.append(_measures(estimate, calibrated, level, smallest_std))
        labels = labels_of(estimate, "measurement")
        facts.append(labels | {"metric": "offset", "value": calibrated.offset})
        facts.append(labels | {"metric": "raised_calibration", "value": calibrated.raised})
        if estimate.output in replicates:
            rows += _with_replicates(estimate, replicates[estimate.output], level, smallest_std)
    measured = means(rows, estimates[0].units, resamples, seed)
    return pd.concat([measured, pd.DataFrame(facts), _accuracy(estimates, resamples, seed)])


def _measures(
    estimate: Estimate, calibrated: Calibration, level: float, smallest_std: float
) -> tuple[dict[str, str], dict[str, np.ndarray]]:
    """Labels of an estimate, and its measures of each test sequence."""
    gaussian = calibration.gaussian_factor(level)
    factor = calibrated.factor(estimate.mean, level)
    clipped, raised = estimate.clipped(smallest_std)
    values = {"raised": raised, "infinite": np.isinf(factor), "conformal_factor": factor}
    for prefix, std, factors in [
        ("", clipped.std, gaussian),
        ("conformal_", clipped.std + calibrated.offset, factor),
    ]:
        used = clipped._replace(std=std)
        values |= scores(used, factors, prefix)
        scaled = std * (factors / gaussian)
        values[f"{prefix}crps"] = metrics.crps(used.truth, used.mean, scaled)
        values[f"{prefix}nll"] = metrics.nll(used.truth, used.mean, scaled)
    return labels_of(estimate, "measurement"), values


def _with_replicates(
    estimate: Estimate, replicates: np.ndarray, level: float, smallest_std: float
) -> list[tuple[dict[str, str], dict[str, np.ndarray]]]:
    """Coverage of single replicates and, by smaller deviations, of their mean."""
    # Sequences without any are not among the estimates.
    replicates = replicates[np.isfinite(replicates).any(axis=1)]
    factor, known = calibration.gaussian_factor(level), np.isfinite(replicates)
    clipped, _ = estimate.clipped(smallest_std)
    inside = [calibration.covers(one, clipped.mean, clipped.std, factor) for one in replicates.T]
    # Each sequence counts once, however many replicates it has.
    share = (np.stack(inside, axis=1) & known).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    width = calibration.widths(clipped.std, factor)
    rows = [(labels_of(estimate, "replicate"), {"coverage": share, "width": width})]
    if estimate.replicate_part is not None:
        count = np.maximum(known.sum(axis=1), 1)
        scaled, _ = estimate.of_mean(count).clipped(smallest_std)
        rows.append((labels_of(estimate, "mean of replicates"), scores(scaled, factor)))
    return rows


def labels_of(estimate: Estimate, covers: str) -> dict[str, str]:
    """Labels of an estimate's rows in a table, and what its intervals are to cover."""
    return dict(zip(LABELS, estimate, strict=False)) | {"covers": covers}


def scores(
    estimate: Estimate, factor: float | np.ndarray, prefix: str = ""
) -> dict[str, np.ndarray]:
    """Coverage and width of each interval mean +- factor * std: arrays of shape (n,)."""
    covered = calibration.covers(estimate.truth, estimate.mean, estimate.std, factor)
    width = calibration.widths(estimate.std, factor)
    return {f"{prefix}coverage": covered, f"{prefix}width": width}


def _accuracy(estimates: Sequence[Estimate], resamples: int, seed: int) -> pd.DataFrame:
    """Pearson's r of the activities of estimates."""
    moments = np.stack(
        [metrics.moments(one.truth[:, None, None], one.mean[:, None, None]) for one in estimates],
        axis=1,
    )
    units = estimates[0].units
    bounds = bootstrap.intervals_of_moments(moments, resamples, seed, units=units)["pearson"]
    low, high = bounds[..., 0]
    r = metrics.pearson_of(moments[:, :, 0].sum(axis=0))
    labels = [labels_of(one, "measurement") for one in estimates]
    return pd.DataFrame(labels).assign(metric="pearson", value=r, low=low, high=high)


def means(
    rows: list[tuple[dict[str, str], dict[str, np.ndarray]]],
    units: np.ndarray,
    resamples: int,
    seed: int,
) -> pd.DataFrame:
    """Average the measures of each test sequence, with bootstrap intervals.

    Parameters
    ----------
    rows
        Labels, and arrays of shape (n,) by metric.
    units : int array, shape (n,)
        Measured units, which are drawn.

    Returns
    -------
    table : DataFrame
        The labels, metric, value, low, high; no interval where a value is infinite.
    """
    labels = [labels | {"metric": metric} for labels, values in rows for metric in values]
    columns = np.stack([array for _, values in rows for array in values.values()], axis=1)
    low, high = bootstrap.intervals_of_means(columns, resamples, seed, units=units)
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
        widened = clipped._replace(std=clipped.std + calibrated.offset)
        for level in calibration.LEVELS:
            factor = calibrated.factor(estimate.mean, level)
            for metric, covered in {
                "coverage": scores(clipped, calibration.gaussian_factor(level))["coverage"],
                "conformal_coverage": scores(widened, factor)["coverage"],
            }.items():
                labels = dict(zip(LABELS, estimate, strict=False))
                rows.append(labels | {"level": level, "metric": metric, "value": covered.mean()})
    return pd.DataFrame(rows, columns=[*LABELS, "level", "metric", "value"])
