"""Sentences on classes, from rows of the summary."""

import pandas as pd
import pytest

from degu.report import class_answers
from degu.tables import summary


@pytest.fixture
def rows():
    row = {
        "dataset": "reads",
        "fraction": 1.0,
        "member_number": 3,
        "member_mcc": 0.5,
        "student_number": 3,
        "student_mcc": 0.55,
        "ensemble_mcc": 0.6,
        "difference": 0.05,
        "difference_low": 0.01,
        "difference_high": 0.09,
        "gap_closed": 0.5,
        "information_r": 0.8,
        "ece": 0.04,
        "scaled_ece": 0.02,
        "coverage": 0.951,
        "set_size": 3.2,
        "errors_by_information": 0.7,
        "outliers": -0.01,
        "outliers_low": -0.03,
        "outliers_high": 0.01,
        "passes_ratio": 3.0,
    }
    worse = {"difference": -0.05, "difference_low": -0.09, "difference_high": -0.01}
    return pd.DataFrame([row | {"recipe": "DEGU"}, row | {"recipe": "other"} | worse])


def said(rows):
    return {answer.question: answer.text for answer in class_answers.answers(rows, 0.95)}


def test_each_question_has_its_numbers(rows):
    found = said(rows)
    helped = found["Did distillation help to tell classes?"]
    assert helped.startswith("In part. Of 2 comparisons with single members")
    assert "students are better in 1 and worse in 1; in 0 it cannot be told" in helped
    assert "Students minus members: -0.050 to +0.050." in helped
    assert "reads, DEGU: members 0.500 (n = 3), their ensemble 0.600, students 0.550" in helped
    assert "close 50 % of that gap" in helped
    calibrated = found["Are the probabilities of classes right?"]
    assert "differ by 0.040" in calibrated and "by 0.020 at one temperature" in calibrated
    assert "hold the class of 95.1 % of the test sequences, with 3.2 classes" in calibrated
    assert "miss" not in calibrated
    informed = found["Do students know what their teachers disagree about?"]
    assert "r = 0.80" in informed and "area under the ROC curve of 0.70" in informed
    foreign = found["Are foreign sequences known for foreign?"]
    assert "reads, DEGU: -0.010 (-0.030 to +0.010)" in foreign
    assert "3 times as few passes" in foreign
    assert "Should you distil classes?" in found


def test_sets_that_miss_their_level_are_named(rows):
    rows.loc[1, "coverage"] = 0.8
    assert (
        "They miss their level: reads, other."
        in said(rows)["Are the probabilities of classes right?"]
    )


def test_nothing_is_said_of_groups_that_there_are_not(rows):
    assert "Are foreign sequences known for foreign?" not in said(
        rows.assign(outliers=float("nan"))
    )


def test_the_first_page_of_classes_alone_leaves_activities_out(rows):
    none, trainings = pd.DataFrame(columns=summary.COLUMNS), pd.DataFrame({"undertrained": [0]})
    page = class_answers.first_page(none, rows, 0.95, trainings)
    assert [answer.question for answer in page][:2] == [
        "Were the models trained long enough?",
        "Did distillation help to tell classes?",
    ]
    page = class_answers.first_page(none, rows[:0], 0.95, trainings)
    assert page[0].text == "No student was trained."
