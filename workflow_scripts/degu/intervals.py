"""Predicted activities with their uncertainties, and the factors that calibrate their intervals.

An interval is mean +- factor * deviation. The factors of a run are a JSON file, so that intervals
of the test set, of shifted sequences, of variants and of a user's own sequences agree.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from degu import calibration, predictions
from degu.heads import Heads, clip
from degu.job import InputError, atomic, log
from degu.predictions import ENSEMBLE, Predictions, Split

TOTAL = "ensemble_total"


class Estimate(NamedTuple):
    """Predicted activity of each sequence of a split, its uncertainty, and the truth.

    Attributes
    ----------
    member
        Number of a member, or "ensemble".
    output
        Name of the activity.
    kind
        Kind of uncertainty: epistemic, aleatoric, total or dropout of a member; ensemble (spread
        over members) or ensemble_total (with the members' mean aleatoric variance).
    truth, mean, std : float arrays, shape (n,)
    units : int array, shape (n,)
        Measured units.
    replicate_part : float array, shape (n,), or None
        Part of the variance that is noise between replicates; None where there is none.
    """

    member: str
    output: str
    kind: str
    truth: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    units: np.ndarray
    replicate_part: np.ndarray | None = None

    def of_units(self, units: np.ndarray) -> "Estimate":
        """Keep the rows of some measured units: sequences, or bases of a window of profiles."""
        return self.rows(np.isin(self.units, units))

    def rows(self, kept: np.ndarray) -> "Estimate":
        """Keep some rows, by a mask or their numbers."""
        arrays = (None if array is None else array[kept] for array in self[3:])
        return Estimate(*self[:3], *arrays)

    def of_mean(self, replicates: np.ndarray) -> "Estimate":
        """Deviations for the mean over replicates, whose noise is smaller by their root.

        Parameters
        ----------
        replicates : int array, shape (n,)
            Number of replicates of each sequence.
        """
        taken = self.replicate_part * (1 - 1 / replicates)
        return self._replace(std=np.sqrt(np.maximum(self.std**2 - taken, 0)))

    def clipped(self, smallest: float) -> tuple["Estimate", np.ndarray]:
        """Raise deviations to a smallest one; also return which were raised, bool (n,)."""
        std, raised = clip(self.std, smallest)
        return self._replace(std=std), raised


def estimates(run: Predictions, split: str) -> Iterator[Estimate]:
    """Yield the estimates of a run for one split.

    Uncertainty heads are those of each member. An ensemble without epistemic heads has its spread
    around the mean of its members, and with aleatoric heads the total of both as well: the
    root of its variance and the members' mean aleatoric variance, which a student distils.

    Parameters
    ----------
    run
        Predictions of all members.
    split
        "validation" or "test".
    """
    part = getattr(run, split)
    for activity in run.heads.activities:
        found = run.heads.uncertainties(part.predictions, activity)
        # Noise between replicates is a known part of a variance, residual noise is not.
        replicates = all(head.noise == "replicates" for head in run.heads)
        yield from _of_members(run.heads, part, activity, found, replicates)
        if len(part.predictions) > 1 and not run.heads.of_kind("epistemic"):
            yield from _of_ensemble(run.heads, part, activity, found, replicates)


def _of_members(
    heads: Heads, part: Split, activity: str, found: dict[str, np.ndarray], replicates: bool
) -> Iterator[Estimate]:
    column = heads.column(activity)
    for member, predicted in enumerate(part.predictions):
        for kind, std in found.items():
            noise = None
            if replicates and kind in ("aleatoric", "total"):
                noise = found["aleatoric"][member] ** 2
            arrays = part.truth[:, column], predicted[:, column], std[member], part.units, noise
            yield Estimate(str(member), activity, kind, *arrays)


def _of_ensemble(
    heads: Heads, part: Split, activity: str, found: dict[str, np.ndarray], replicates: bool
) -> Iterator[Estimate]:
    column = heads.column(activity)
    truth, predicted = part.truth[:, column], part.predictions[..., column]
    mean, spread = predicted.mean(axis=0), predicted.std(axis=0)
    yield Estimate(ENSEMBLE, activity, ENSEMBLE, truth, mean, spread, part.units)
    if "aleatoric" in found:
        noise = (found["aleatoric"] ** 2).mean(axis=0)
        arrays = truth, mean, np.sqrt(spread**2 + noise), part.units
        yield Estimate(ENSEMBLE, activity, TOTAL, *arrays, noise if replicates else None)


def read_estimates(path: str | Path, dropout: str | Path | None, split: str) -> list[Estimate]:
    """Estimates of the measured activities of a split, those of passes with dropout last.

    Parameters
    ----------
    path, dropout
        Files of `degu.predictions.write`; None where no passes are asked for.
    """
    found = list(estimates(predictions.read(path), split))
    if dropout:
        passes = estimates(predictions.read(dropout), split)
        found += [estimate._replace(kind="dropout") for estimate in passes]
    return [estimate.rows(~np.isnan(estimate.truth)) for estimate in found]


@dataclass(frozen=True)
class Calibration:
    """Conformal factors of one kind of uncertainty of one member.

    Attributes
    ----------
    member, output, kind
        As of `Estimate`.
    number, units
        Sequences, and measured units, of the calibration set.
    raised
        Share of the calibration set whose deviations were raised to the smallest one.
    offset
        Number that is added to deviations (`degu.calibration.offset`); 0 for plain scores.
    edges
        Predicted activities between the groups that have factors of their own; empty for one group.
    factors : dict of lists
        One factor a group, by nominal level; infinite where the calibration set is too small.
    shift
        Shift of the calibration set, or None.
    """

    member: str
    output: str
    kind: str
    number: int
    units: int
    raised: float
    offset: float
    edges: list[float]
    factors: dict[float, list[float]]
    shift: str | None = None

    def half_width(self, mean: np.ndarray, std: np.ndarray, level: float) -> np.ndarray:
        """Half the width of the interval of each prediction, from deviations not below 0 (n,)."""
        return self.factor(mean, level) * (std + self.offset)

    def factor(self, mean: np.ndarray, level: float) -> np.ndarray:
        """Factor of each sequence, by its predicted activity (n,)."""
        return np.array(self.factors[level])[calibration.groups_of(mean, self.edges)]


def calibrate(
    estimate: Estimate,
    levels: Iterable[float],
    smallest_std: float,
    score: str = "normalised",
    quantile: str = "finite_sample",
    groups: int = 1,
    shift: str | None = None,
) -> Calibration:
    """Calibrate the intervals of an estimate (paper, Methods, "Conformal prediction").

    Parameters
    ----------
    estimate
        Estimate of the calibration set, which is exchangeable with what gets intervals.
    levels
        Nominal levels, in (0, 1); of the first one the log tells how many deviations lie at the
        floor.
    smallest_std
        Deviations below are raised to it.
    score
        "normalised" by deviation and an offset (`degu.calibration.offset`), or "plain", by the
        deviation alone as in the paper.
    quantile, groups
        As of `degu.calibration.mondrian_factors`.
    shift
        Shift of the calibration set.
    """
    clipped, raised = estimate.clipped(smallest_std)
    truth, mean, units = clipped.truth, clipped.mean, clipped.units
    offset = calibration.offset(truth, mean, clipped.std) if score == "normalised" else 0.0
    std, edges = clipped.std + offset, calibration.group_edges(mean, groups)
    rows = [calibration.groups_of(mean, edges) == group for group in range(groups)]
    factor_of = calibration.FACTORS[quantile]
    calibrated = Calibration(
        *estimate[:3],
        number=len(truth),
        units=len(np.unique(units)),
        raised=float(raised.mean()),
        offset=offset,
        edges=edges.tolist(),
        factors={
            level: [factor_of(truth[r], mean[r], std[r], level, units[r]) for r in rows]
            for level in levels
        },
        shift=shift,
    )
    _warn(calibrated, smallest_std)
    return calibrated


def _warn(found: Calibration, smallest_std: float) -> None:
    """Warn of a calibration set that is too small, or mostly at the floor of deviations."""
    name = " ".join((found.member, found.output, found.kind))
    level, factors = next(iter(found.factors.items()))
    if np.isinf(factors).any():
        log.warning(
            "%s: %d measured units in %d groups are too few for intervals of a level of %g: some "
            "are infinite.", name, found.units, len(found.edges) + 1, level,
        )  # fmt: skip
    if found.raised > 1 - level:
        log.warning(
            "%s: %.1f %% of the predicted deviations of the calibration set lie below %g, more "
            "than the %.1f %% that an interval of level %g may miss; the offset is %.3g.",
            name, 100 * found.raised, smallest_std, 100 * (1 - level), level, found.offset,
        )  # fmt: skip


def write(path: str | Path, calibrations: Sequence[Calibration]) -> None:
    """Write the calibrations of a run as JSON; an infinite factor is null."""
    with atomic(path) as temporary:
        temporary.write_text(json.dumps([to_plain(one) for one in calibrations], indent=1))


def read(path: str | Path) -> dict[tuple[str, str, str, str | None], Calibration]:
    """Read the calibrations of a run by member, output, kind and shift."""
    found = map(from_plain, json.loads(Path(path).read_text()))
    return {(one.member, one.output, one.kind, one.shift): one for one in found}


def to_plain(one: Calibration) -> dict:
    """Return a calibration as JSON can hold it; an infinite factor is None."""
    factors = {
        str(level): [factor if math.isfinite(factor) else None for factor in of_groups]
        for level, of_groups in one.factors.items()
    }
    return asdict(one) | {"factors": factors}


def from_plain(row: dict) -> Calibration:
    """Return the calibration that `to_plain` gave."""
    factors = {
        float(level): [math.inf if factor is None else factor for factor in of_groups]
        for level, of_groups in row["factors"].items()
    }
    return Calibration(**row | {"factors": factors})


def find(
    calibrations: dict[tuple, Calibration], estimate: Estimate, shift: str | None = None
) -> Calibration:
    """Calibration of an estimate's kind of uncertainty.

    Raises
    ------
    InputError
        Where it is missing, which means that the file is of another run.
    """
    key = (estimate.member, estimate.output, estimate.kind, shift)
    if key not in calibrations:
        known = "; ".join(sorted({" ".join(map(str, known)) for known in calibrations}))
        raise InputError(
            f"There is no calibration of {' '.join(map(str, key))}: known are {known}."
        )
    return calibrations[key]
