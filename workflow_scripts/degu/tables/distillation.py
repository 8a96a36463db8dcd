"""Table of what there is to distil, and what students reached of it, on the test set.

Rows of profiles are the bases that predictions keep. Intervals are percentiles over measured units
drawn with replacement; the models stay as they are, so that differences between them are paired.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from degu import bootstrap, metrics
from degu.predictions import Predictions, Split
from degu.spread import once

# Standard errors of the gap from members to ensemble below which no share of it is told.
CERTAIN = 3
_BOUNDS = ("", "_low", "_high")
COLUMNS = ["output", "teachers", "agreement", "ceiling", "member_r", "ensemble_r", "limit_r"]
COLUMNS += [f"gain{bound}" for bound in _BOUNDS] + ["gain_error", "best_member", "best_r"]
COLUMNS += ["students", "student_r", "following"]
COLUMNS += [
    f"{name}{bound}" for name in ("reached", "to_ensemble", "to_best", "share") for bound in _BOUNDS
]


def measure(
    teachers: Predictions,
    number: int,
    students: Predictions | None = None,
    means: np.ndarray | None = None,
    ceilings: Mapping[str, float] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare single teachers, their ensemble and its students by Pearson's r.

    Parameters
    ----------
    teachers
        Predictions of teachers.
    number
        How many of them, the first ones, make the ensemble. Of a weighted one each counts once
        beside it (`degu.spread.once`).
    students
        Predictions of its students; None for teachers alone.
    means : array, shape (n, heads of teachers)
        The ensemble's mean for the test set; that of the predictions if None.
    ceilings
        Noise ceiling of an activity's r, where replicates tell it.
    resamples, seed
        Settings of the bootstrap.

    Returns
    -------
    table : DataFrame
        `COLUMNS`, a row an activity. `agreement` is the mean r between two members; `limit_r` what
        an endless ensemble of such members would reach; `gain` is ensemble minus mean member,
        `gain_error` its standard error; `best_member` has the largest r on the validation set;
        `following` is the mean r of students with the ensemble. `reached`, `to_ensemble`, `to_best`
        are students' mean r minus that of members, ensemble, best member; `share` is reached over
        gain, where the gain exceeds `CERTAIN` standard errors. Rows where an activity was not
        measured do not count; of one that was measured nowhere there are agreement and following.
    """
    found, rows = [], once(teachers.test.predictions[:number])
    for activity in teachers.heads.activities:
        column = teachers.heads.column(activity)
        truth, members = _known(teachers.test, column)
        if not len(truth):
            found.append(_without_truth(activity, teachers, number, students, means))
            continue
        ensemble = members[:number].mean(axis=0)
        if means is not None:
            ensemble = means[np.isfinite(teachers.test.truth[:, column]), column]
        taught = members[:0]
        if students is not None:
            taught = _known(students.test, students.heads.column(activity))[1]
        units = teachers.test.units[np.isfinite(teachers.test.truth[:, column])]
        best = _best(teachers.validation, column, rows)
        row = {"output": activity, "teachers": number, "best_member": int(rows[best])}
        row["ceiling"] = (ceilings or {}).get(activity, np.nan)
        row |= _compared(truth, members[rows], ensemble, taught, best, units, resamples, seed)
        found.append(row)
    return pd.DataFrame(found, columns=COLUMNS)


def _known(split: Split, column: int) -> tuple[np.ndarray, np.ndarray]:
    """Truth (n,) and predictions (members, n) of what was measured."""
    known = np.isfinite(split.truth[:, column])
    return split.truth[known, column], split.predictions[:, known, column]


def _without_truth(
    activity: str,
    teachers: Predictions,
    number: int,
    students: Predictions | None,
    means: np.ndarray | None,
) -> dict[str, float | str]:
    """Row of an activity that was not measured; arguments as of `measure`."""
    column = teachers.heads.column(activity)
    members = teachers.test.predictions[:number, :, column]
    row = {"output": activity, "teachers": number, "students": 0}
    row["agreement"] = _agreement(members[once(teachers.test.predictions[:number])])
    if students is not None:
        ensemble = members.mean(axis=0) if means is None else means[:, column]
        taught = students.test.predictions[..., students.heads.column(activity)]
        row |= {"students": len(taught), "following": _following(ensemble, taught)}
    return row


def _best(validation: Split, column: int, rows: np.ndarray) -> int:
    """Find which of some members has the largest r on the validation set."""
    truth, members = _known(validation, column)
    r = [metrics.pearson(truth, member) for member in members[rows]]
    return int(np.nanargmax(r)) if np.isfinite(r).any() else 0


def _compared(
    truth: np.ndarray,
    members: np.ndarray,
    ensemble: np.ndarray,
    students: np.ndarray,
    best: int,
    units: np.ndarray,
    resamples: int,
    seed: int,
) -> dict[str, float]:
    models = np.concatenate([members, ensemble[None], students])
    # Squares of values far from zero would lose their digits.
    truth, models = truth - truth.mean(dtype=np.float64), models - truth.mean(dtype=np.float64)
    each = [metrics.moments(truth[:, None, None], model[:, None, None])[:, 0] for model in models]
    sums = np.stack(each, axis=1)
    r = metrics.pearson_of(sums.sum(axis=0))
    drawn = metrics.pearson_of(bootstrap.drawn_moments(sums, resamples, seed, units))
    n = len(members)
    one, many = _sides(r, n, best), _sides(drawn, n, best)
    row = {
        "agreement": _agreement(members),
        "member_r": one["member"],
        "ensemble_r": one["ensemble"],
    }
    row["limit_r"] = _limit(truth, members)
    row |= {"best_r": one["best"], "students": len(students)}
    row |= _difference("gain", "ensemble", "member", one, many)
    row["gain_error"] = float(np.std(many["ensemble"] - many["member"], ddof=1))
    if len(students):
        row["student_r"] = one["student"]
        row["following"] = _following(ensemble, students)
        for name, other in {
            "reached": "member",
            "to_ensemble": "ensemble",
            "to_best": "best",
        }.items():
            row |= _difference(name, "student", other, one, many)
        if row["gain"] > CERTAIN * row["gain_error"]:
            gaps = many["ensemble"] - many["member"]
            row["share"] = row["reached"] / row["gain"]
            shares = (many["student"] - many["member"]) / gaps
            row["share_low"], row["share_high"] = np.quantile(shares, [0.025, 0.975])
    return row


def _following(ensemble: np.ndarray, students: np.ndarray) -> float:
    """Mean r of students with their ensemble."""
    return float(np.mean([metrics.pearson(ensemble, student) for student in students]))


def _agreement(members: np.ndarray) -> float:
    """Mean r over pairs of members; NaN of a lone one."""
    if len(members) == 1:
        return np.nan
    return float(np.mean([metrics.pearson(*pair) for pair in combinations(members, 2)]))


def _limit(truth: np.ndarray, members: np.ndarray) -> float:
    """Estimate the r of the mean over endlessly many members like these.

    Its covariance with the truth is that of the mean member, and its variance the mean covariance
    of two members. NaN where that is not positive, or the estimate above 1, and of a lone member.
    """
    if len(members) == 1:
        return np.nan
    covariances = np.cov(np.concatenate([truth[None], members]))
    between, number = covariances[1:, 1:], len(members)
    shared = (between.sum() - np.trace(between)) / (number * (number - 1))
    if shared <= 0:
        return np.nan
    limit = covariances[0, 1:].mean() / np.sqrt(covariances[0, 0] * shared)
    return float(limit) if limit <= 1 else np.nan


def _sides(r: np.ndarray, number: int, best: int) -> dict[str, np.ndarray]:
    """Average Pearson's r (..., models) over members and over students; pick ensemble and best."""
    students = r[..., number + 1 :]
    return {
        "member": r[..., :number].mean(axis=-1),
        "ensemble": r[..., number],
        "best": r[..., best],
        "student": students.mean(axis=-1) if students.shape[-1] else np.nan,
    }


def _difference(name: str, side: str, other: str, one: dict, many: dict) -> dict[str, float]:
    """Subtract r of two sides, with its 95 % interval, from the test set and from its draws."""
    low, high = np.quantile(many[side] - many[other], [0.025, 0.975])
    values = (float(one[side] - one[other]), float(low), float(high))
    return {f"{name}{bound}": value for bound, value in zip(_BOUNDS, values, strict=True)}
