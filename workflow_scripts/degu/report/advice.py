"""Whether to distil, and how: verdicts and what to change, from a run's own numbers."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from degu.tables.distillation import CERTAIN

# Gains in r below this change no conclusion, however certain they are.
WORTH = 0.005


class Ensemble(NamedTuple):
    """An ensemble on one activity: its place, its row of the table, and those of its students."""

    place: str
    own: dict
    students: list[dict]


class Student(NamedTuple):
    """A recipe of students, what it reached, and what to change about it."""

    recipe: str
    reached: str
    changes: list[str]


class Case(NamedTuple):
    """An ensemble on one activity: verdict, reasons, what to change, students, numbers."""

    name: str
    verdict: str
    reasons: list[str]
    changes: list[str]
    students: list[Student]
    numbers: pd.DataFrame


def ensembles(rows: pd.DataFrame, teachers: Mapping[str, str]) -> list[Ensemble]:
    """Put the rows of each ensemble and activity together with those of its students.

    Parameters
    ----------
    rows
        The table `distillation` of all runs, with titles in place of keys.
    teachers
        Recipe of the teachers of each recipe of students, by title.
    """
    taught_by = [teachers.get(recipe, recipe) for recipe in rows["recipe"]]
    keys, found = ["dataset", "taught_by", "fraction", "output"], []
    for place, part in rows.assign(taught_by=taught_by).groupby(keys, sort=False):
        dataset, recipe, _, output = place
        alone = part[part["students"] == 0]
        # Students of fewer teachers do without them.
        own = (alone if len(alone) else part).iloc[0].to_dict()
        students = part[part["students"] > 0].to_dict("records")
        found.append(Ensemble(f"{dataset} {output}: {recipe}", own, students))
    return found


def case(ensemble: Ensemble) -> Case:
    """Judge an ensemble on one activity, and its students."""
    own, students = ensemble.own, ensemble.students
    if pd.isna(own["gain"]) and pd.isna(own["member_r"]):
        return _without_measurements(ensemble)
    return Case(
        name=f"{ensemble.place} at {100 * own['fraction']:g} %",
        verdict=_verdict(own),
        reasons=_reasons(own),
        changes=_changes(own, bool(students)),
        students=[_student(row) for row in students],
        numbers=_numbers(own, students),
    )


def _without_measurements(ensemble: Ensemble) -> Case:
    """Judge an ensemble on an activity that was not measured: students can follow it at most."""
    own, students = ensemble.own, ensemble.students
    sides = [(row["recipe"], row["students"], row["following"]) for row in students]
    numbers = pd.DataFrame(sides, columns=["model", "students", "r with the ensemble's mean"])
    return Case(
        name=f"{ensemble.place} at {100 * own['fraction']:g} %",
        verdict="No measurements: whether the ensemble is right cannot be told here. Distil for "
        "one model's price and for its epistemic uncertainty.",
        reasons=[f"Two members agree with each other at r = {own['agreement']:.3f}."],
        changes=_changes(own, bool(students)),
        students=[
            Student(
                row["recipe"],
                f"They follow the ensemble at r = {row['following']:.3f}.",
                _short(row) or ["Nothing that can be told without measurements."],
            )
            for row in students
        ],
        numbers=numbers,
    )


def _gains(row: Mapping) -> bool:
    """Whether the ensemble is better than its mean member, certainly and by what is worth it."""
    return row["gain"] > max(CERTAIN * row["gain_error"], WORTH)


def signed(row: Mapping, name: str) -> str:
    """Write a difference of r with its interval."""
    value, low, high = (row[f"{name}{bound}"] for bound in ("", "_low", "_high"))
    return f"{value:+.3f} (95 % {low:+.3f} to {high:+.3f})"


def _verdict(row: Mapping) -> str:
    gain = f"r of the ensemble of {row['teachers']} minus that of its mean member is "
    gain += signed(row, "gain")
    if _gains(row):
        return f"Yes: {gain}. One student can take that over."
    if row["gain"] > CERTAIN * row["gain_error"]:
        return (
            f"Hardly for accuracy: {gain}, certain but small. Distil for one model's price and for "
            "its epistemic uncertainty."
        )
    return (
        f"Not for accuracy: {gain}, less than {CERTAIN} standard errors, so that there is nothing "
        "that a student could take over. Distil for its epistemic uncertainty and for one model's "
        "price, or use a single member."
    )


def _reasons(row: Mapping) -> list[str]:
    found = []
    if pd.notna(row["agreement"]):
        text = f"Two members agree with each other at r = {row['agreement']:.3f}"
        if pd.notna(row["limit_r"]):
            left = row["limit_r"] - row["ensemble_r"]
            more = (
                f"an endless ensemble of them would reach {row['limit_r']:.3f}, {left:+.3f} to "
                f"this one of {row['teachers']}"
            )
            advice = "more teachers may pay" if left > WORTH else "more teachers would add little"
            text += f": {more}, so that {advice}"
        found.append(f"{text}.")
    if pd.notna(row["ceiling"]):
        left = row["ceiling"] - row["ensemble_r"]
        room = (
            f"{left:.3f} above the ensemble, which more or better data and models can still gain"
            if left > WORTH
            else "which the ensemble has reached: no model can gain more on these measurements"
        )
        found.append(f"The noise ceiling of r is {row['ceiling']:.3f}, {room}.")
    found.append(
        f"The member that the validation set prefers (number {row['best_member']}) has r = "
        f"{row['best_r']:.3f} on the test set, the mean member {row['member_r']:.3f}, the ensemble "
        f"{row['ensemble_r']:.3f}."
    )
    return found


def _changes(row: Mapping, taught: bool) -> list[str]:
    """Say what to change about the teachers."""
    found = []
    if row["teachers_undertrained"]:
        found.append(
            f"{row['teachers_undertrained']:g} of {row['teachers']} members were trained too "
            "short. Train them longer first (epochs, steps or budget): much of what an ensemble "
            "gains over short trainings a longer training gains, too."
        )
    if not taught:
        found.append("No student of it was trained: name a recipe with this teacher in runs.")
    return found


def _student(row: Mapping) -> Student:
    if pd.notna(row["share"]):
        share = (
            f"{100 * row['share']:.0f} % of the ensemble's gain ({100 * row['share_low']:.0f} to "
            f"{100 * row['share_high']:.0f} %)"
        )
    else:
        share = (
            "a share of the ensemble's gain is not told, since that gain is below "
            f"{CERTAIN} standard errors"
        )
    number = f"{row['students']} student{'s' * (row['students'] > 1)} of {row['teachers']} teachers"
    reached = (
        f"{number}, r = {row['student_r']:.3f}: {signed(row, 'reached')} to the mean member; "
        f"{share}. "
        f"To the ensemble {signed(row, 'to_ensemble')}, which they follow at r = "
        f"{row['following']:.3f}; to the best member {signed(row, 'to_best')}."
    )
    return Student(row["recipe"], reached, _changes_of_student(row))


def _short(row: Mapping) -> list[str]:
    """Advice for students that were trained too short."""
    if not row["students_undertrained"]:
        return []
    return [
        f"{row['students_undertrained']:g} of {row['students']} students were trained too "
        "short: give them a larger budget (budget: 3 is three times that of a teacher)."
    ]


def _changes_of_student(row: Mapping) -> list[str]:
    found = _short(row)
    behind = row["to_ensemble_high"] < 0 and row["to_ensemble"] < -WORTH
    if behind and _gains(row):
        found.append(
            "They lag behind their ensemble: give more steps (budget: 3), then sequences without "
            "measurements (unlabelled: {mutate: 4}), no dropout, and a look at validate: labels."
        )
    if row["reached_high"] < 0:
        found.append(
            "They are worse than the teachers themselves: do not use them before that is mended."
        )
    if row["to_best_high"] < 0:
        found.append("The best single member predicts better than they do, at the same price.")
    if not found:
        found.append(
            "Nothing: they are as good as their ensemble, as far as this test set tells."
            if _gains(row)
            else "Nothing: there is no accuracy to gain here."
        )
    return found


def _numbers(ensemble: Mapping, students: list[dict]) -> pd.DataFrame:
    """Pearson's r of all sides, and their differences to the ensemble's mean member."""
    none = "mean member"
    sides = [
        (none, ensemble["member_r"], ""),
        ("best member by validation", ensemble["best_r"], ""),
        ("ensemble", ensemble["ensemble_r"], signed(ensemble, "gain")),
    ]
    sides += [(row["recipe"], row["student_r"], signed(row, "reached")) for row in students]
    table = pd.DataFrame(sides, columns=["model", "r on the test set", f"minus {none}"])
    return table.assign(**{"r on the test set": table["r on the test set"].map("{:.3f}".format)})
