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

from degu import calibration, heads, predictions
from degu.job import InputError, atomic, log
from degu.predictions import Predictions

ENSEMBLE = "ensemble"


class Estimate(NamedTuple):
    """Predicted activity of each sequence of a split, its uncertainty, and the truth.

    Attributes
    ----------
    member
        Number of a member, or "ensemble".
    output
        Name of the activity.
    kind
        Kind of uncertainty: epistemic, aleatoric, total, dropout, or ensemble (spread over
        members).
    truth, mean, std : float arrays, shape (n,)
    """

    member: str
    output: str
    kind: str
    truth: np.ndarray
    mean: np.ndarray
    std: np.ndarray

    def clipped(self, smallest: float) -> tuple["Estimate", np.ndarray]:
        """Raise deviations to a smallest one; also say which were raised, bool (n,)."""
        std, raised = heads.clip(self.std, smallest)
        return self._replace(std=std), raised


def estimates(run: Predictions, split: str) -> Iterator[Estimate]:
    """Yield the estimates of a run for one split.

    Uncertainty heads are those of each member; the spread of an ensemble without epistemic heads is
    taken around the mean of its members.

    Parameters
    ----------
    run
        Predictions of all members.
    split
        "validation" or "test".
    """
    part = getattr(run, split)
    several = len(part.predictions) > 1 and not run.heads.of_kind("epistemic")
    for activity in run.heads.activities:
        column = run.heads.column(activity)
        truth, mean = part.truth[:, column], part.predictions[..., column]
        for member, own in enumerate(part.predictions):
            for kind, std in run.heads.uncertainties(own, activity).items():
                yield Estimate(str(member), activity, kind, truth, mean[member], std)
        if several:
            spread = mean.std(axis=0)
            yield Estimate(ENSEMBLE, activity, ENSEMBLE, truth, mean.mean(axis=0), spread)


def read_estimates(path: str | Path, dropout: str | Path | None, split: str) -> list[Estimate]:
    """Estimates of a run for one split, those of its passes with dropout last.

    Parameters
    ----------
    path, dropout
        Files of `degu.predictions.write`; None where no passes are asked for.
    """
    found = list(estimates(predictions.read(path), split))
    if dropout:
        passes = estimates(predictions.read(dropout), split)
        found += [estimate._replace(kind="dropout") for estimate in passes]
    return found


@dataclass(frozen=True)
class Calibration:
    """Conformal factors of one kind of uncertainty of one member.

    Attributes
    ----------
    member, output, kind
        As of `Estimate`.
    number
        Size of the calibration set.
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
    edges: list[float]
    factors: dict[float, list[float]]
    shift: str | None = None

    def factor(self, mean: np.ndarray, level: float) -> np.ndarray:
        """Factor of each sequence, by its predicted activity (n,)."""
        return np.array(self.factors[level])[calibration.groups_of(mean, self.edges)]


def calibrate(
    estimate: Estimate,
    levels: Iterable[float],
    smallest_std: float,
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
        Nominal levels, in (0, 1).
    smallest_std
        Deviations below are raised to it.
    quantile, groups
        As of `degu.calibration.mondrian_factors`.
    shift
        Shift of the calibration set.
    """
    (member, output, kind, truth, mean, std), _ = estimate.clipped(smallest_std)
    edges = calibration.group_edges(mean, groups)
    rows = [calibration.groups_of(mean, edges) == group for group in range(groups)]
    factor_of = calibration.FACTORS[quantile]
    factors = {
        level: [factor_of(truth[some], mean[some], std[some], level) for some in rows]
        for level in levels
    }
    number = len(truth)
    if any(np.isinf(values).any() for values in factors.values()):
        least = min(level for level, values in factors.items() if np.isinf(values).any())
        log.warning(
            "%s %s %s: %d sequences in %d groups are too few to calibrate intervals of a level "
            "from %g on: they are infinite.", member, output, kind, number, groups, least,
        )  # fmt: skip
    return Calibration(member, output, kind, number, edges.tolist(), factors, shift)


def write(path: str | Path, calibrations: Sequence[Calibration]) -> None:
    """Write the calibrations of a run as JSON; an infinite factor is null."""
    rows = [asdict(one) for one in calibrations]
    for row in rows:
        row["factors"] = {
            str(level): [factor if math.isfinite(factor) else None for factor in factors]
            for level, factors in row["factors"].items()
        }
    with atomic(path) as temporary:
        temporary.write_text(json.dumps(rows, indent=1))


def read(path: str | Path) -> dict[tuple[str, str, str, str | None], Calibration]:
    """Read the calibrations of a run by member, output, kind and shift."""
    found = {}
    for row in json.loads(Path(path).read_text()):
        row["factors"] = {
            float(level): [math.inf if factor is None else factor for factor in factors]
            for level, factors in row["factors"].items()
        }
        one = Calibration(**row)
        found[one.member, one.output, one.kind, one.shift] = one
    return found


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
