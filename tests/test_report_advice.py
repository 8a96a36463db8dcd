"""Verdicts on distillation and advice, from rows whose case is known."""

import numpy as np
import pandas as pd
import pytest

from degu.report import advice, page
from degu.report.exported import Exported
from degu.tables.distillation import CERTAIN, COLUMNS

TAUGHT = {"degu": "standard"}


def difference(name, value, half=0.004):
    return {name: value, f"{name}_low": value - half, f"{name}_high": value + half}


def ensemble(**values):
    """Five teachers whose mean is ahead by .03, and no student."""
    row = dict.fromkeys(COLUMNS, np.nan) | {
        "dataset": "d",
        "recipe": "standard",
        "fraction": 1.0,
        "output": "y",
        "teachers": 5,
        "agreement": 0.8,
        "member_r": 0.6,
        "ensemble_r": 0.63,
        "limit_r": 0.64,
        "gain_error": 0.002,
        "best_member": 3,
        "best_r": 0.61,
        "students": 0,
        "teachers_undertrained": 0,
        "students_undertrained": np.nan,
    }
    return row | difference("gain", 0.03) | values


def students(reached=0.03, share=1.0, **values):
    """Two students of these teachers; without more they reach the ensemble."""
    row = ensemble(recipe="degu", students=2, student_r=0.6 + reached, following=0.97)
    row |= {"students_undertrained": 0, "share": share}
    row |= {"share_low": share - 0.1, "share_high": share + 0.1}
    row |= difference("reached", reached) | difference("to_ensemble", reached - 0.03)
    return row | difference("to_best", reached - 0.01) | values


def cases(*rows):
    return [advice.case(one) for one in advice.ensembles(pd.DataFrame(rows), TAUGHT)]


def case(*rows):
    (found,) = cases(*rows)
    return found


def test_an_ensemble_that_gains_is_worth_it():
    found = case(ensemble(), students())
    assert found.name == "d y: standard at 100 %"
    assert found.verdict == (
        "Yes: r of the ensemble of 5 minus that of its mean member is +0.030 (95 % +0.026 to "
        "+0.034). One student can take that over."
    )
    assert found.changes == []
    (student,) = found.students
    assert student.recipe == "degu"
    assert student.reached == (
        "2 students of 5 teachers, r = 0.630: +0.030 (95 % +0.026 to +0.034) to the mean member; "
        "100 % of the ensemble's gain (90 to 110 %). To the ensemble +0.000 (95 % -0.004 to "
        "+0.004), which they follow at r = 0.970; to the best member +0.020 (95 % +0.016 to "
        "+0.024)."
    )
    assert student.changes == [
        "Nothing: they are as good as their ensemble, as far as this test set tells."
    ]


@pytest.mark.parametrize(
    ("gain", "error", "start"),
    [
        (0.03, 0.002, "Yes: "),
        (0.0051, 0.0001, "Yes: "),
        (0.0049, 0.0001, "Hardly for accuracy: "),
        (0.03, 0.03 / CERTAIN, "Not for accuracy: "),
        (-0.03, 0.002, "Not for accuracy: "),
    ],
)
def test_verdicts_go_by_certainty_and_size(gain, error, start):
    row = ensemble(**difference("gain", gain), gain_error=error)
    assert case(row).verdict.startswith(start)


def test_an_ensemble_that_gains_nothing_is_for_uncertainty_and_price():
    nothing = difference("gain", 0.001) | {"gain_error": 0.002}
    found = case(ensemble(**nothing), students(0.0, np.nan, **nothing))
    assert "Distil for its epistemic uncertainty and for one model's price" in found.verdict
    (student,) = found.students
    assert (
        "a share of the ensemble's gain is not told, since that gain is below 3" in student.reached
    )
    assert "%" not in student.reached.replace("95 %", "")


def test_students_that_lag_are_told_what_to_change():
    lagging = students(0.005, 0.17)
    (student,) = case(ensemble(), lagging).students
    assert [text.split(",")[0].split(":")[0] for text in student.changes] == [
        "They lag behind their ensemble",
        "The best single member predicts better than they do",
    ]
    assert "budget: 3" in student.changes[0] and "unlabelled: {mutate: 4}" in student.changes[0]
    # A certain difference that is too small to matter.
    near = students(0.027, 0.9) | difference("to_ensemble", -0.003, 0.001)
    assert case(ensemble(), near).students[0].changes[0].startswith("Nothing: ")
    worse = students(-0.02, -0.6)
    told = case(ensemble(), worse).students[0].changes
    assert any(text.startswith("They are worse than the teachers") for text in told)


def test_trainings_that_were_too_short_come_first():
    rows = ensemble(teachers_undertrained=4), students(0.005, 0.2, students_undertrained=2)
    found = case(*rows)
    assert found.changes[0].startswith("4 of 5 members were trained too short. Train them longer")
    assert found.students[0].changes[0].startswith("2 of 2 students were trained too short: give")


def test_reasons_tell_agreement_ceiling_and_the_best_member():
    agreement, best = case(ensemble()).reasons
    assert agreement == (
        "Two members agree with each other at r = 0.800: an endless ensemble of them would reach "
        "0.640, +0.010 to this one of 5, so that more teachers may pay."
    )
    assert best == (
        "The member that the validation set prefers (number 3) has r = 0.610 on the test set, the "
        "mean member 0.600, the ensemble 0.630."
    )
    few, ceiling, _ = case(ensemble(limit_r=0.634, ceiling=0.9)).reasons
    assert few.endswith("+0.004 to this one of 5, so that more teachers would add little.")
    assert ceiling.startswith("The noise ceiling of r is 0.900, 0.270 above the ensemble")
    reached = case(ensemble(ceiling=0.633)).reasons[1]
    assert reached.endswith("no model can gain more on these measurements.")


def test_teachers_without_students_are_told_how_to_get_some():
    assert case(ensemble()).changes == [
        "No student of it was trained: name a recipe with this teacher in runs."
    ]


def test_students_of_fewer_teachers_stand_with_their_ensemble_s_run():
    """And students whose teachers have no row of their own tell their ensemble's numbers."""
    few = students(teachers=2, ensemble_r=0.61)
    found = case(ensemble(), students(), few)
    assert found.numbers["model"].tolist() == [
        "mean member", "best member by validation", "ensemble", "degu", "degu"
    ]  # fmt: skip
    assert found.numbers["r on the test set"].tolist() == [
        *("0.600", "0.610", "0.630", "0.630", "0.630")
    ]
    assert found.students[1].reached.startswith("2 students of 2 teachers")
    assert case(few).verdict.startswith("Yes: r of the ensemble of 2")


def test_activities_and_fractions_are_cases_of_their_own():
    rows = [
        ensemble(),
        ensemble(output="z"),
        ensemble(fraction=0.5),
        students(),
        students(fraction=0.5),
    ]
    found = cases(*rows)
    assert [(one.name, len(one.students)) for one in found] == [
        ("d y: standard at 100 %", 1), ("d z: standard at 100 %", 0), ("d y: standard at 50 %", 1)
    ]  # fmt: skip


def test_the_page_holds_all_of_it(tmp_path):
    found = cases(ensemble(), students(0.005, 0.17))
    one = Exported("MPRA: DEGU", "students/a", "the only student", ["degu card students/a"])
    fixed = {"picture": None, "certain": 3, "worth": 0.005}
    page.write(tmp_path / "d.html", "distil.html", cases=found, students=[one], **fixed)
    text = (tmp_path / "d.html").read_text()
    for part in ("<h2>d y: standard at 100\u00a0%</h2>", "<h3>degu</h3>", "They lag behind"):
        assert part in text
    assert "exceeds 3 standard errors, and a gain below 0.005" in text
    taken = text.partition("Students to take along")[2]
    assert "students/a/: the only student.</p>" in taken and "degu card students/a</pre>" in taken
    page.write(tmp_path / "d.html", "distil.html", cases=[], students=[], **fixed)
    text = (tmp_path / "d.html").read_text()
    assert "No run trained an ensemble." in text and "take along" not in text
