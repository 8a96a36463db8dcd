"""Table of the intervals of effects: coverage of measured effects in loci that were left out."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from degu import bootstrap, calibration, metrics
from degu.intervals import Calibration, Estimate
from degu.variants import calibrated
from degu.variants.scored import Scored

COLUMNS = ["locus", "left_out", "member", "output", "kind", "level", "number", "metric"]
COLUMNS += ["value", "low", "high"]
# Level at which intervals of effects are measured beside that of the config.
LEVEL = 0.9
# Name of the mean over loci.
MEAN = "mean over loci"


def measure(
    scored: Scored,
    levels: Sequence[float],
    smallest_std: float,
    resamples: int = 1000,
    seed: int = 0,
    **how: str,
) -> pd.DataFrame:
    """Measure the intervals of each locus, calibrated on all loci that do not overlap it.

    Parameters
    ----------
    scored
        From `degu.variants.scored.read`.
    levels
        Nominal levels.
    smallest_std
        Deviations below are raised to it.
    resamples, seed
        Settings of the bootstrap over blocks of neighbouring positions (`degu.bootstrap.blocks`).
    how
        Score and quantile of `degu.intervals.calibrate`.

    Returns
    -------
    table : DataFrame
        locus, or "mean over loci"; left_out (loci that are left out together, with + between
        them); member, output, kind (`degu.variants.calibrated.estimates`); level; number (of
        variants); metric, value, low, high (95 % bootstrap interval). Metrics are coverage and
        width of the Gaussian interval, conformal_coverage and conformal_width, where another
        locus is left to calibrate on, and, without a level, spearman_error: Spearman's rho of the
        standard deviation and the absolute error.
    """
    locus, together = calibrated.loci(scored)
    positions = scored.table["pos"].to_numpy()[np.isfinite(scored.table["value"].to_numpy(float))]
    rows = []
    for estimate in calibrated.estimates(scored):
        how_calibrated = {"smallest_std": smallest_std} | how
        factors = calibrated.leave_one_out(estimate, together, levels, **how_calibrated)
        clipped, _ = estimate.clipped(smallest_std)
        for name in pd.unique(locus):
            of_locus = locus == name
            blocks = bootstrap.blocks(positions[of_locus])
            found = _of_locus(
                clipped.rows(of_locus), factors.get(together[of_locus][0]), levels, blocks,
                resamples, seed,
            )  # fmt: skip
            labels = (name, together[of_locus][0], *estimate[:3])
            rows += [(*labels, level, int(of_locus.sum()), *one) for level, *one in found]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return pd.concat([table, _means(table)], ignore_index=True)


def _of_locus(
    estimate: Estimate,
    calibrated_elsewhere: Calibration | None,
    levels: Sequence[float],
    blocks: np.ndarray,
    resamples: int,
    seed: int,
) -> list[tuple]:
    """Level, metric, value, low and high of one locus."""
    values: Mapping[tuple, np.ndarray] = {}
    for level in levels:
        half = calibration.gaussian_factor(level) * estimate.std
        values |= _inside(estimate, half, level, "")
        if calibrated_elsewhere is not None:
            half = calibrated_elsewhere.half_width(estimate.mean, estimate.std, level)
            values |= _inside(estimate, half, level, "conformal_")
    columns = np.stack([*values.values()], axis=1)
    expanded = bootstrap.expanded(0.95, len(np.unique(blocks)))
    low, high = bootstrap.intervals_of_means(columns, resamples, seed, expanded, blocks)
    found = [
        (*key, *numbers)
        for key, *numbers in zip(values, columns.mean(axis=0), low, high, strict=True)
    ]
    error = np.abs(estimate.truth - estimate.mean)
    rho = metrics.spearman(error, estimate.std)
    drawn = error[:, None], estimate.std[None, :, None], resamples, seed, expanded, blocks
    bounds = bootstrap.intervals(*drawn)["spearman"].ravel()
    return [*found, (np.nan, "spearman_error", rho, *bounds)]


def _inside(
    estimate: Estimate, half: np.ndarray, level: float, prefix: str
) -> dict[tuple, np.ndarray]:
    covered = np.abs(estimate.truth - estimate.mean) <= half
    return {(level, f"{prefix}coverage"): covered, (level, f"{prefix}width"): 2 * half}


def _means(table: pd.DataFrame) -> pd.DataFrame:
    """Mean over loci, those that overlap counting as one."""
    keys = ["member", "output", "kind", "level", "metric"]
    of_loci = table.groupby([*keys, "left_out"], sort=False, dropna=False)["value"].mean()
    means = of_loci.groupby(keys, sort=False, dropna=False).mean().reset_index()
    number = table.groupby(keys, sort=False, dropna=False)["number"].sum()
    means["number"] = means.set_index(keys).index.map(number)
    return means.assign(locus=MEAN, left_out="").reindex(columns=COLUMNS)
