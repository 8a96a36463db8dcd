"""Calibration of the intervals of effects on measured ones, also with a locus left out."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from degu import intervals
from degu.intervals import Calibration, Estimate
from degu.predictions import ENSEMBLE
from degu.variants.scored import Scored


def estimates(scored: Scored) -> Iterator[Estimate]:
    """Yield the effects of each member, by kind of uncertainty, beside the measured ones.

    Of members without uncertainties that of the ensemble, with the spread of their effects. Rows
    are the measured variants. Alternatives of a position are one unit, whichever experiment
    measured them.
    """
    known = _measured(scored)
    units = scored.table[known].groupby(["chrom", "pos"], sort=False).ngroup().to_numpy()
    truth = scored.table["value"].to_numpy(float)[known]
    for activity in scored.heads.activities:
        effect = scored.effects(activity).astype(float)
        for kind, std in scored.uncertainties(activity).items():
            for member, (mean, deviation) in enumerate(zip(effect, std, strict=True)):
                arrays = truth, mean[known], deviation.astype(float)[known], units
                yield Estimate(str(member), activity, kind, *arrays)
        if len(effect) > 1 and not scored.heads.of_kind("epistemic"):
            arrays = effect.mean(axis=0)[known], scored.spread(activity).astype(float)[known]
            yield Estimate(ENSEMBLE, activity, ENSEMBLE, truth, *arrays, units)


def loci(scored: Scored) -> tuple[np.ndarray, np.ndarray]:
    """Locus of each measured variant, and the loci that overlap it, as one name.

    Experiments that measured the same stretch of a genome are left out together.

    Returns
    -------
    locus, together : str arrays, shape (n,)
        together has the names of all loci that overlap, with + between them.
    """
    table = scored.table[_measured(scored)]
    ends = table.groupby("locus", sort=False).agg(
        chrom=("chrom", "first"), first=("pos", "min"), last=("pos", "max")
    )
    names = {locus: [locus] for locus in ends.index}
    for one in ends.sort_values("first").itertuples():
        for other in ends.loc[names[one.Index]].itertuples():
            near = ends[
                (ends["chrom"] == other.chrom)
                & (ends["first"] <= other.last)
                & (ends["last"] >= other.first)
            ]
            merged = sorted({name for locus in near.index for name in names[locus]})
            names |= dict.fromkeys(merged, merged)
    together = {locus: "+".join(sorted(of)) for locus, of in names.items()}
    return table["locus"].to_numpy(str), table["locus"].map(together).to_numpy(str)


def leave_one_out(
    estimate: Estimate, groups: np.ndarray, levels: Sequence[float], **how: object
) -> dict[str, Calibration]:
    """Calibrate the intervals of each locus on all others.

    Parameters
    ----------
    estimate
        Effects beside the measured ones.
    groups : array, shape (n,)
        Loci that are left out together.
    levels, how
        As of `degu.intervals.calibrate`.

    Returns
    -------
    calibrations : dict by group
        Empty for a single group, since nothing is left.
    """
    names = pd.unique(groups)
    if len(names) < 2:
        return {}
    return {
        name: intervals.calibrate(estimate.rows(groups != name), levels, **how) for name in names
    }


def _measured(scored: Scored) -> np.ndarray:
    return np.isfinite(scored.table["value"].to_numpy(float))
