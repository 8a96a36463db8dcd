"""Tables of scored variants in long form: agreement with measured effects, and the effects."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from degu.intervals import ENSEMBLE
from degu.metrics import METRICS, bootstrap
from degu.variants.scored import Scored, most_certain

# Shares of the variants of a locus, the most certain ones first.
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)


def agreement(scored: Scored, resamples: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Correlation of predicted and measured effects in each locus, also of the most certain ones.

    Certain are variants of low total uncertainty (paper, Fig. 6b), else of the one kind that the
    members have; without such heads, variants of low `Scored.spread` for the ensemble.

    Parameters
    ----------
    scored
        From `degu.variants.scored.read`.
    resamples, seed
        Settings of the bootstrap over the variants of a correlation.

    Returns
    -------
    table : DataFrame
        locus, member (a number, or "ensemble": the mean of the members' effects), output, share
        (below 1: of the most certain variants alone), number (of variants), metric, value, low
        and high (its 95 % bootstrap interval).
    """
    measured = scored.table["value"].to_numpy(np.float64)
    loci = scored.table[np.isfinite(measured)].groupby("locus", sort=False).groups
    rows = []
    for activity in scored.heads.activities:
        for member, effect, std in _members(scored, activity):
            for locus, of_locus in loci.items():
                of_locus = scored.table.index.get_indexer(of_locus)
                for share in SHARES if std is not None else (1.0,):
                    kept = of_locus if share == 1 else of_locus[most_certain(std[of_locus], share)]
                    labels = (locus, member, activity, share, len(kept))
                    pair = measured[kept, None], effect[None, kept, None]
                    intervals = bootstrap(*pair, resamples, seed)
                    rows += [
                        (*labels, name, METRICS[name](measured[kept], effect[kept]), low, high)
                        for name in ("pearson", "spearman")
                        for low, high in [intervals[name].ravel()]
                    ]
    columns = ["locus", "member", "output", "share", "number", "metric", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def listing(scored: Scored) -> pd.DataFrame:
    """Effect and uncertainties of each variant, for the first member and the ensemble.

    Returns
    -------
    table : DataFrame
        locus, chrom, pos, ref, alt, member, output, metric (measured, effect, epistemic,
        aleatoric, total as far as there are; spread of the ensemble), value.
    """
    parts = []
    for activity in scored.heads.activities:
        columns = {"effect": scored.effects(activity), **scored.uncertainties(activity)}
        first = {name: values[0] for name, values in columns.items()}
        whole = {name: values.mean(axis=0) for name, values in columns.items()}
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
    own = kinds.get("total", next(iter(kinds.values()), None))
    for number, effect in enumerate(effects):
        yield str(number), effect, None if own is None else own[number]
    yield ENSEMBLE, effects.mean(axis=0), scored.spread(activity) if own is None else own.mean(0)
