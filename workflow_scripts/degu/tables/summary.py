"""The summary: students against single members and their ensemble, a row each comparison."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from degu import heads
from degu.metrics import LIMITS, mean_interval
from degu.predictions import COVERED, ENSEMBLE

RUN = ["dataset", "recipe", "fraction"]
# Kinds of uncertainty; intervals of the first one that a student has are told.
INTERVALS = ("total", "epistemic", "aleatoric")


class Teachers(NamedTuple):
    """The ensemble that a recipe distils: recipe and number of its teachers."""

    recipe: str
    number: int


def compare(tables: Mapping[str, pd.DataFrame], students: Mapping[str, Teachers]) -> pd.DataFrame:
    """Compare students with single members of their ensemble and with its mean, on the test set.

    Parameters
    ----------
    tables
        Joined tables by name, as far as there are any: performance, ensemble_sizes, intervals,
        shift, attribution_tests, variants.
    students
        Teachers of each recipe of students.

    Returns
    -------
    table : DataFrame
        A row for each run of students and activity that was measured. member_… and student_… are
        means over members with their 95 % confidence intervals (Student's t), member_ and
        student_number how many these are, difference_… is students minus members with Welch's
        interval; bounds are NaN for fewer than two on a side. gap_closed is the share of the gap
        from members to ensemble, where the ensemble lies above the members' interval. A mean is NaN
        if the r of one of its models is undefined. Further columns are NaN where no table feeds
        them: docs/results.md names them all.
    """
    if "performance" not in tables:
        return pd.DataFrame(columns=COLUMNS)
    r = tables["performance"].query("metric == 'pearson'")
    activities = r[(r["kind"] == "activity") & r["recipe"].isin(students)]
    keys = activities.groupby([*RUN, "output"], sort=False).groups
    runs = [(dict(zip([*RUN, "output"], key, strict=True)), students[key[1]]) for key in keys]
    found = [
        _comparison(r, tables, own, teachers)
        for own, teachers in runs
        if len(labelled(r, own | {"recipe": teachers.recipe}))
    ]
    return pd.DataFrame(found, columns=COLUMNS)


def _comparison(
    r: pd.DataFrame, tables: Mapping[str, pd.DataFrame], own: dict, teachers: Teachers
) -> dict:
    """One row: own names run and output of the students."""
    theirs = own | {"recipe": teachers.recipe}
    row = own | {"teacher": teachers.recipe, "teachers": teachers.number}
    row |= sides(r, tables.get("ensemble_sizes"), own, theirs, teachers.number)
    for kind in ("epistemic", "aleatoric"):
        name = getattr(heads, kind)(own["output"])
        row[f"{kind}_r"] = of_members(r, own | {"output": name}).mean(skipna=False)
    for table, measure in FURTHER.items():
        if table in tables:
            row |= measure(tables[table], own, theirs)
    return row


def sides(
    r: pd.DataFrame, sizes: pd.DataFrame | None, own: dict, theirs: dict, number: int
) -> dict:
    """Compare students with members of their ensemble, and with its mean.

    Parameters
    ----------
    r
        Values of a measure of which more is better, from -1 to 1, by run and member.
    sizes
        Those of ensembles by their size, where they are known.
    own, theirs
        Labels of the rows of students, and of their teachers.
    number
        Number of teachers.

    Returns
    -------
    row : dict
        `SIDES`, gap_closed where the ensemble lies above the members' interval.
    """
    member, student = (of_members(r, labels) for labels in (theirs, own))
    ensemble = _ensemble(r, sizes, theirs, number)
    row = {"ensemble_r": ensemble} | _mean("member", member) | _mean("student", student)
    row |= _difference(student, member)
    gap = ensemble - row["member_r"]
    if ensemble > np.nanmax([row["member_high"], row["member_r"]]):
        row["gap_closed"] = (row["student_r"] - row["member_r"]) / gap
    return row


def labelled(table: pd.DataFrame, labels: Mapping[str, object]) -> pd.DataFrame:
    """Rows of a table that have all of some labels."""
    return table[(table[list(labels)] == pd.Series(labels)).all(axis=1)]


def of_members(table: pd.DataFrame, labels: Mapping[str, object]) -> pd.Series:
    """Values of the members of a run, without their mean."""
    found = labelled(table, labels)
    return found.loc[found["member"].astype(str) != ENSEMBLE, "value"]


def _ensemble(
    r: pd.DataFrame, sizes: pd.DataFrame | None, labels: Mapping[str, object], number: int
) -> float:
    """Pearson's r of the mean of so many teachers, else of all."""
    if sizes is not None:
        found = labelled(sizes, labels | {"size": number, "metric": "pearson"})
        if len(found):
            return found["value"].item()
    return labelled(r, labels | {"member": ENSEMBLE})["value"].item()


def _mean(name: str, values: pd.Series) -> dict:
    mean, low, high = mean_interval(values.to_numpy(), limits=LIMITS["pearson"])
    bounds = (low, high) if len(values) > 1 else (np.nan, np.nan)
    names = [f"{name}_{column}" for column in ("number", "r", "low", "high")]
    return dict(zip(names, [len(values), mean, *bounds], strict=True))


def _difference(student: pd.Series, member: pd.Series) -> dict:
    """Difference of both means with Welch's 95 % confidence interval."""
    low = high = np.nan
    if min(len(student), len(member)) > 1:
        low, high = stats.ttest_ind(student, member, equal_var=False).confidence_interval(0.95)
    mean = student.mean(skipna=False) - member.mean(skipna=False)
    return {"difference": mean, "difference_low": low, "difference_high": high}


def _intervals(table: pd.DataFrame, own: dict, theirs: dict) -> dict:
    found = labelled(table, own)
    found = found[found["covers"].isin(COVERED)]
    kind = next((kind for kind in INTERVALS if (found["kind"] == kind).any()), None)
    if kind is None:
        return {}
    means = found[found["kind"] == kind].groupby("metric")["value"].mean()
    names = ["coverage", "conformal_coverage", "conformal_width"]
    return {"interval": kind, **means.reindex(names).to_dict()}


def _shift(table: pd.DataFrame, own: dict, theirs: dict) -> dict:
    """Mean squared distance to the oracle's mean, over members and shifts other than none."""
    shifted = table[(table["shift"] != "none") & (table["metric"] == "mse")]
    return {
        f"{side}_shift_mse": of_members(shifted, labels).mean()
        for side, labels in {"student": own, "member": theirs}.items()
    }


def _maps(table: pd.DataFrame, own: dict, theirs: dict) -> dict:
    """Distance to the mean map of the other teachers, over methods; the largest p of these."""
    found = labelled(table, own | {"metric": "rmse_others"})
    return {
        "student_map_rmse": found["students"].mean(),
        "member_map_rmse": found["teachers"].mean(),
        "map_p_holm": found["p_holm"].max(skipna=False),
    }


def _variants(table: pd.DataFrame, own: dict, theirs: dict) -> dict:
    """Pearson's r with measured effects, over loci and members, of all variants."""
    every = labelled(table, {"certainty": "own", "share": 1.0, "metric": "pearson"})
    return {
        f"{side}_variant_r": of_members(every, labels).mean(skipna=False)
        for side, labels in {"student": own, "member": theirs}.items()
    }


FURTHER: Mapping[str, Callable[[pd.DataFrame, dict, dict], dict]] = {
    "intervals": _intervals,
    "shift": _shift,
    "attribution_tests": _maps,
    "variants": _variants,
}
SIDES = [f"{side}_{of}" for side in ("member", "student") for of in ("number", "r", "low", "high")]
SIDES += ["ensemble_r", "difference", "difference_low", "difference_high", "gap_closed"]
COLUMNS = [*RUN, "output", "teacher", "teachers", *SIDES]
COLUMNS += ["epistemic_r", "aleatoric_r", "interval", "coverage", "conformal_coverage"]
COLUMNS += ["conformal_width", "member_shift_mse", "student_shift_mse"]
COLUMNS += ["member_map_rmse", "student_map_rmse", "map_p_holm"]
COLUMNS += ["member_variant_r", "student_variant_r"]
