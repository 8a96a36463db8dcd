"""Tables of prediction intervals in long form: coverage, width, scores, reliability."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from degu import calibration, metrics, uncertainty
from degu.job import log
from degu.predictions import Predictions, Split
from degu.tables import ENSEMBLE

LABELS = ("member", "output", "uncertainty")


def coverage(
    run: Predictions,
    level: float,
    smallest_std: float,
    quantile: str = "finite_sample",
    groups: int = 1,
    ceilings: Mapping[str, float] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Prediction intervals on the test set, before and after conformal calibration.

    Conformal calibration uses the validation set (paper, Methods, "Conformal prediction"). It
    scales deviations by its factor over the Gaussian one, for scores as for intervals.

    Parameters
    ----------
    run
        Members' own uncertainty heads are taken one by one; the spread of members of an ensemble
        of two or more is taken around their mean.
    level
        Nominal coverage.
    smallest_std
        Standard deviations below are raised to it.
    quantile, groups
        Of `calibration.mondrian_factors`.
    ceilings
        Noise ceiling of an activity's r, where replicates tell it.
    resamples, seed
        Of the bootstrap over test sequences; calibration stays as it is.

    Returns
    -------
    table : DataFrame
        member, output, uncertainty (epistemic, aleatoric, total, or ensemble), metric, value, low
        and high (its 95 % bootstrap interval), ceiling (of pearson); metrics are coverage, width,
        crps and nll, the same with conformal_ in front, conformal_factor (mean over test
        sequences), infinite (share of conformal intervals without bounds: too few validation
        sequences for the level), raised (share of standard deviations that were raised) and
        pearson (of the activity).
    """
    gaussian, found, moments = calibration.gaussian_factor(level), [], []
    for labels, validation, (y, mean, std), raised in intervals(run, smallest_std):
        factor = calibration.mondrian_factors(*validation, mean, level, groups, quantile)
        infinite = np.isinf(factor)
        if infinite.any():
            log.warning(
                "%s: %d validation sequences in %d groups are too few for a level of %g: "
                "%.0f %% of the conformal intervals are infinite.",
                " ".join(labels.values()), len(validation[0]), groups, level, 100 * infinite.mean(),
            )  # fmt: skip
        values = {"raised": raised, "infinite": infinite, "conformal_factor": factor}
        for prefix, by in [("", gaussian), ("conformal_", factor)]:
            values |= {f"{prefix}{key}": of for key, of in scores(y, mean, std, by).items()}
            scaled = std * (by / gaussian)
            values[f"{prefix}crps"] = metrics.crps(y, mean, scaled)
            values[f"{prefix}nll"] = metrics.nll(y, mean, scaled)
        found.append((labels, values))
        moments.append(metrics.moments(y[:, None, None], mean[:, None, None]))
    if not found:
        return pd.DataFrame(columns=[*LABELS, "metric", "value", "low", "high", "ceiling"])
    moments = np.stack(moments, axis=1)
    low, high = metrics.bootstrap_moments(moments, resamples, seed)["pearson"][..., 0]
    r = metrics.pearson_of(moments[:, :, 0].sum(axis=0))
    accuracy = pd.DataFrame([labels | {"metric": "pearson"} for labels, _ in found])
    ceiling = accuracy["output"].map(ceilings or {}).astype(float)
    accuracy = accuracy.assign(value=r, low=low, high=high, ceiling=ceiling)
    return pd.concat([means(found, resamples, seed), accuracy])


def scores(
    y: np.ndarray, mean: np.ndarray, std: np.ndarray, factor: float | np.ndarray
) -> dict[str, np.ndarray]:
    """Coverage and width of each interval mean +- factor * std: arrays of shape (n,)."""
    return {
        "coverage": calibration.covers(y, mean, std, factor),
        "width": calibration.widths(std, factor),
    }


def means(
    found: list[tuple[dict[str, str], dict[str, np.ndarray]]], resamples: int, seed: int
) -> pd.DataFrame:
    """Average what was found of each test sequence, with bootstrap intervals.

    Parameters
    ----------
    found
        Labels, and arrays of shape (n,) by metric.

    Returns
    -------
    table : DataFrame
        The labels, metric, value, low, high; no interval where a value is infinite.
    """
    rows = [labels | {"metric": metric} for labels, values in found for metric in values]
    columns = np.stack([of for _, values in found for of in values.values()], axis=1)
    low, high = metrics.bootstrap_means(columns, resamples, seed)
    return pd.DataFrame(rows).assign(value=columns.mean(axis=0), low=low, high=high)


def reliability(
    run: Predictions, smallest_std: float, quantile: str = "finite_sample", groups: int = 1
) -> pd.DataFrame:
    """Coverage of the test set at each of `calibration.LEVELS`; otherwise as `coverage`.

    Returns
    -------
    table : DataFrame
        member, output, uncertainty, level, metric (coverage, conformal_coverage), value.
    """
    rows = []
    for labels, validation, test, _ in intervals(run, smallest_std):
        for level in calibration.LEVELS:
            factors = {
                "coverage": calibration.gaussian_factor(level),
                "conformal_coverage": calibration.mondrian_factors(
                    *validation, test[1], level, groups, quantile
                ),
            }
            rows += [
                labels
                | {
                    "level": level,
                    "metric": key,
                    "value": np.mean(calibration.covers(*test, factor)),
                }
                for key, factor in factors.items()
            ]
    return pd.DataFrame(rows, columns=[*LABELS, "level", "metric", "value"])


def intervals(run: Predictions, smallest_std: float) -> Iterator[tuple]:
    """Yield labels, (truth, mean, std) of the validation and of the test set, which were raised.

    Parameters and the kinds of uncertainty are those of `coverage`.
    """
    for activity in run.activities:
        column = run.heads.index(activity)
        for member, kind, (mean, std), (test_mean, test_std) in _uncertainties(run, activity):
            labels = dict(zip(LABELS, (member, activity, kind), strict=True))
            std, _ = uncertainty.clip(std, smallest_std)
            test_std, raised = uncertainty.clip(test_std, smallest_std)
            validation = run.validation.truth[:, column], mean, std
            test = run.test.truth[:, column], test_mean, test_std
            yield labels, validation, test, raised


def _uncertainties(run: Predictions, activity: str) -> Iterator[tuple]:
    """Yield member, kind of uncertainty, and (mean, std) on validation and on test sequences."""
    column, kinds = run.heads.index(activity), run.uncertainties(activity)
    splits = (run.validation, run.test)

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
            yield str(member), kind, *(of_member(split, member, kind) for split in splits)
    if "epistemic" not in kinds and len(run.test.predictions) > 1:
        predictions = [split.predictions[..., column] for split in splits]
        yield ENSEMBLE, ENSEMBLE, *((p.mean(axis=0), p.std(axis=0)) for p in predictions)
