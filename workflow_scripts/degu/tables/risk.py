"""Table of risk against coverage: how good predictions are once the least certain are left out."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from degu import metrics
from degu.intervals import Estimate
from degu.variants import calibrated
from degu.variants.scored import Scored, most_certain

COLUMNS = ["member", "output", "kind", "share", "number", "metric", "value", "low", "high"]
# Shares that are kept, and draws of the same number at random.
SHARES = tuple(kept / 10 for kept in range(10, 0, -1))
DRAWS = 200
# Kind in rows of predictions that are left out at random.
RANDOM = "random"


def measure(estimates: Iterable[Estimate], seed: int = 0, centred: bool = True) -> pd.DataFrame:
    """Measure the most certain shares of predictions by each kind of uncertainty, and random ones.

    Parameters
    ----------
    estimates
        Estimates of one set of sequences or variants.
    seed
        Seed of the random shares.
    centred
        Whether the sign is that of the distance to the median measurement, as of activities; else
        it is that of the value itself, as of effects.

    Returns
    -------
    table : DataFrame
        member, output, kind ("random", or a kind of uncertainty); share (that is kept), number;
        metric (pearson, sign_accuracy: share of predictions with the measured sign), value; of
        random shares it is the mean over draws, and low and high hold 95 % of them.
    """
    rows, known = [], set()
    for estimate in estimates:
        member, output, kind = estimate[:3]
        centre = np.median(estimate.truth) if centred else 0.0
        truth, mean = estimate.truth - centre, estimate.mean - centre
        if (member, output) not in known:
            known.add((member, output))
            rows += [(member, output, RANDOM, *one) for one in _random(truth, mean, seed)]
        for share in SHARES:
            kept = most_certain(estimate.std, share)
            values = _measures(truth[kept], mean[kept])
            labels = member, output, kind, share, len(kept)
            rows += [(*labels, metric, value, np.nan, np.nan) for metric, value in values.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


def of_variants(scored: Scored, seed: int = 0) -> pd.DataFrame:
    """Measure the effects of each locus, in a first column; otherwise as `measure`."""
    locus, _ = calibrated.loci(scored)
    estimates = list(calibrated.estimates(scored))
    parts = [
        measure((one.rows(locus == name) for one in estimates), seed, centred=False)
        for name in pd.unique(locus)
    ]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=COLUMNS)
    names = np.repeat(pd.unique(locus), [len(part) for part in parts])
    table.insert(0, "locus", names)
    return table


def _measures(truth: np.ndarray, mean: np.ndarray) -> dict[str, float]:
    # A measurement of exactly zero has no sign.
    told = truth != 0
    right = np.sign(truth[told]) == np.sign(mean[told])
    return {
        "pearson": metrics.pearson(truth, mean) if len(truth) > 1 else np.nan,
        "sign_accuracy": float(right.mean()) if told.any() else np.nan,
    }


def _random(truth: np.ndarray, mean: np.ndarray, seed: int) -> list[tuple]:
    """Share, number, metric, mean, low and high of shares that are drawn at random."""
    rng, rows = np.random.default_rng(seed), []
    for share in SHARES:
        number = round(share * len(truth))
        draws = 1 if share == 1 else DRAWS
        drawn = (rng.permutation(len(truth))[:number] for _ in range(draws))
        found = pd.DataFrame([_measures(truth[kept], mean[kept]) for kept in drawn])
        rows += [
            (share, number, metric, values.mean(), *np.quantile(values, [0.025, 0.975]))
            for metric, values in found.items()
        ]
    return rows
