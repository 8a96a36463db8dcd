"""Tables of scored variants in long form: agreement with measured effects, and the effects."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from degu import bootstrap
from degu.heads import clip
from degu.intervals import Calibration
from degu.metrics import METRICS
from degu.predictions import ENSEMBLE
from degu.variants.effects import preferred
from degu.variants.scored import Scored, most_certain

# Shares of the variants of a locus, the most certain ones first.
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
COLUMNS = ["locus", "member", "output", "certainty", "share", "number", "blocks"]
COLUMNS += ["metric", "value", "low", "high"]
OWN = "own"


def agreement(
    scored: Scored,
    certainty: Mapping[str, np.ndarray] | None = None,
    name: str = "",
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Correlation of predicted and measured effects in each locus, also of the most certain ones.

    Shares are those of the most certain variants (paper, Fig. 6b). By "own" certainty these have
    low paired uncertainty, where members have a head for each teacher, else low total uncertainty,
    else low uncertainty of the one kind that the members have; without such
    heads, a low `Scored.spread` for the ensemble. By the certainty of a named student they are the
    same variants for all runs.

    Parameters
    ----------
    scored
        From `degu.variants.scored.read`.
    certainty : dict of float arrays, shape (n,)
        Total uncertainty of each effect by activity, of one student.
    name
        Recipe of that student.
    resamples, seed
        Settings of the bootstrap over blocks of neighbouring positions (`degu.bootstrap.blocks`).

    Returns
    -------
    table : DataFrame
        locus, member (a number, or "ensemble": the mean of the members' effects), output, certainty
        ("own", or the student that tells it), share (below 1: of the most certain variants alone),
        number (of variants), blocks, metric, value, low and high (its 95 % bootstrap interval).
    """
    measured = scored.table["value"].to_numpy(np.float64)
    loci = scored.table[np.isfinite(measured)].groupby("locus", sort=False).groups
    rows = []
    for activity in scored.heads.activities:
        for member, effect, std in _members(scored, activity):
            rankings = {OWN: std} if std is not None else {OWN: np.zeros(len(effect))}
            shares = {OWN: SHARES if std is not None else (1.0,)}
            if certainty is not None:
                rankings[name], shares[name] = certainty[activity], SHARES
            for locus, index in loci.items():
                of_locus = scored.table.index.get_indexer(index)
                for ranking, share in [(r, s) for r in rankings for s in shares[r]]:
                    kept = of_locus
                    if share < 1:
                        kept = of_locus[most_certain(rankings[ranking][of_locus], share)]
                    labels = locus, member, activity, ranking, share, len(kept)
                    found = _correlations(scored, measured, effect, kept, resamples, seed)
                    rows += [(*labels, *values) for values in found]
    return pd.DataFrame(rows, columns=COLUMNS)


def _correlations(
    scored: Scored,
    measured: np.ndarray,
    effect: np.ndarray,
    kept: np.ndarray,
    resamples: int,
    seed: int,
) -> list[tuple]:
    """Correlate some variants: number of blocks, metric, value, low and high."""
    units = _blocks(scored.table.iloc[kept])
    number = len(np.unique(units))
    bounds = bootstrap.intervals(
        measured[kept, None],
        effect[None, kept, None],
        resamples,
        seed,
        bootstrap.expanded(0.95, number),
        units,
    )
    return [
        (number, metric, METRICS[metric](measured[kept], effect[kept]), *bounds[metric].ravel())
        for metric in ("pearson", "spearman")
    ]


def _blocks(variants: pd.DataFrame) -> np.ndarray:
    """Label variants by chromosome and block of neighbouring positions."""
    chromosome, _ = pd.factorize(variants["chrom"])
    labels = np.stack([chromosome, bootstrap.blocks(variants["pos"].to_numpy())])
    return np.unique(labels, axis=1, return_inverse=True)[1].ravel()


def listing(
    scored: Scored,
    calibrations: Mapping[tuple, Calibration],
    level: float,
    smallest_std: float,
) -> pd.DataFrame:
    """Effect and uncertainties of each variant, for the first member and the ensemble.

    Parameters
    ----------
    scored
        From `degu.variants.scored.read`.
    calibrations
        Calibrations of the same run, from `degu.intervals.read`.
    level
        Nominal coverage of the intervals.
    smallest_std
        Deviations below are raised to it before their interval, as everywhere.

    Returns
    -------
    table : DataFrame
        locus, chrom, pos, ref, alt, member, output, metric, value. Metrics are measured; effect;
        paired, epistemic,
        aleatoric, total (`Scored.uncertainties`), and the same with alt_ in front, of
        the alternate allele alone, as far as there are heads; interval_ and a kind in front: half
        the width of the conformal interval of the alternate allele's activity; spread of the
        ensemble.
    """
    parts = []
    for activity in scored.heads.activities:
        columns = {"effect": scored.effects(activity), **scored.uncertainties(activity)}
        own = scored.heads.uncertainties(scored.alt, activity)
        columns |= {f"alt_{kind}": std for kind, std in own.items()}
        first = {name: values[0] for name, values in columns.items()}
        whole = {name: values.mean(axis=0) for name, values in columns.items()}
        mean = scored.alt[0, :, scored.heads.column(activity)]
        for kind, std in own.items():
            calibrated = calibrations["0", activity, kind, None]
            raised, _ = clip(std[0], smallest_std)
            first[f"interval_{kind}"] = calibrated.half_width(mean, raised, level)
        for member, found in {"0": first, ENSEMBLE: whole}.items():
            if member == ENSEMBLE and len(scored.ref) > 1:
                found["spread"] = scored.spread(activity)
            found["measured"] = scored.table["value"]
            parts += [
                scored.table.drop(columns="value").assign(
                    member=member, output=activity, metric=metric, value=values
                )
                for metric, values in found.items()
            ]
    return pd.concat(parts)


def _members(scored: Scored, activity: str) -> Iterator[tuple]:
    """Yield name, effects, and uncertainties or None, of every member, then of their mean."""
    effects, kinds = scored.effects(activity), scored.uncertainties(activity)
    own = kinds.get(preferred(kinds))
    for number, effect in enumerate(effects):
        yield str(number), effect, None if own is None else own[number]
    yield ENSEMBLE, effects.mean(axis=0), scored.spread(activity) if own is None else own.mean(0)
