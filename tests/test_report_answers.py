"""Sentences of the first page, on comparisons with known verdicts."""

import numpy as np
import pandas as pd
import pytest

from degu.report.answers import RUN, answers, listed, names, span, titled, verdicts
from degu.tables.summary import COLUMNS


def comparison(**values):
    """One comparison in which distillation helps and all is right."""
    row = dict.fromkeys(COLUMNS, np.nan) | {
        "dataset": "d",
        "recipe": "taught",
        "fraction": 1.0,
        "output": "y",
        "member_number": 3,
        "member_r": 0.60,
        "member_low": 0.58,
        "member_high": 0.62,
        "student_number": 2,
        "student_r": 0.71,
        "student_low": 0.65,
        "student_high": 0.77,
        "ensemble_r": 0.80,
        "difference": 0.11,
        "difference_low": 0.05,
        "difference_high": 0.17,
        "gap_closed": 0.55,
        "epistemic_r": 0.5,
        "interval": "total",
        "coverage": 0.61,
        "conformal_coverage": 0.945,
    }
    return row | values


WORSE = {"student_r": 0.50, "difference": -0.1, "difference_low": -0.2, "difference_high": -0.05}
WORSE |= {"gap_closed": -0.45}


def trainings(*reasons, recipe="single"):
    """Trainings of a run, of members with these reasons why they were too short, or none."""
    rows = pd.DataFrame({"member": range(len(reasons)), "reason": reasons})
    labels = {"dataset": "d", "recipe": recipe, "fraction": 1.0}
    return rows.assign(undertrained=rows["reason"].notna(), **labels)


ENOUGH = trainings(None, None)
NONE = pd.DataFrame(columns=[*RUN, "output", "value"])


def texts(*rows):
    """Texts of the answers on comparisons; that on trainings is left out."""
    found = answers(pd.DataFrame(rows), 0.95, ENOUGH, NONE)
    assert len(found) == 6
    return [answer.text for answer in found if "trained" not in answer.question]


def test_a_student_that_helps():
    helped, followed, covered, beyond, failed = texts(comparison())
    assert helped.startswith("Yes. Of 1 comparison ")
    assert "members 0.600 (n = 3, 0.580 to 0.620)" in helped
    assert "students 0.710 (n = 2, 0.650 to 0.770)" in helped
    assert "students close 55 % of that gap" in followed
    assert "r = 0.50" in followed
    assert covered.startswith("After calibration they are: 95 % intervals (total uncertainty)")
    assert "61.0 %" in covered and "94.5 %" in covered
    assert beyond.startswith("Neither")
    assert failed == "Nowhere, among what was measured here."


def test_a_student_that_is_worse_is_said_to_be_worse():
    helped, followed, *_, failed = texts(comparison(**WORSE))
    assert helped.startswith("No. ")
    assert "Students minus members: -0.100." in helped
    assert "-45 %" in followed
    assert failed == "Students are worse than members: d y, taught."


def test_one_worse_among_many_unclear_ones_is_no_plain_no():
    unclear = {"difference": 0.01, "difference_low": -0.1}
    helped, *_ = texts(comparison(**WORSE), *(comparison(output=o, **unclear) for o in "ab"))
    assert helped.startswith("Nowhere for certain. Of 3 comparisons ")
    assert "better in 0 and worse in 1; in 2 it cannot be told" in helped
    helped, *_ = texts(comparison(**WORSE), comparison(output="a", **WORSE))
    assert helped.startswith("No. ")


def test_an_ensemble_that_gains_nothing_leaves_no_gap():
    helped, followed, *_, failed = texts(
        comparison(gap_closed=np.nan, difference_low=-0.1, epistemic_r=np.nan)
    )
    assert helped.startswith("That cannot be told. ")
    assert "no gap that students could close is certain" in followed
    assert "No difference can be told: d y, taught." in failed
    assert "No gain of the ensemble can be told: d y, taught." in failed


def test_single_members_have_no_verdict():
    alone = comparison(student_number=1, difference_low=np.nan, difference_high=np.nan)
    assert verdicts(pd.DataFrame([alone])).tolist() == ["unclear"]
    helped, *_ = texts(alone)
    assert "students 0.710 (n = 1)." in helped


def test_several_comparisons_are_counted():
    worse = comparison(output="z", **WORSE)
    helped, followed, covered, _, failed = texts(comparison(), worse)
    assert helped.startswith("In part. Of 2 comparisons ")
    assert "better in 1 and worse in 1; in 0 it cannot be told" in helped
    assert "-0.100 to +0.110. Best case: d y, taught" in helped
    assert "-45 % to 55 % of that gap, 5 % in the median" in followed
    assert "0 as predicted and 2 calibrated, of 2 comparisons" in covered
    assert failed.startswith("Students are worse than members: d z, taught.")


@pytest.mark.parametrize(
    ("calibrated", "raw", "lead"),
    [(0.95, 0.95, "Yes"), (0.95, 0.5, "After calibration they are"), (0.8, 0.5, "No")],
)
def test_coverage_counts_within_two_points(calibrated, raw, lead):
    _, _, covered, _, failed = texts(comparison(coverage=raw, conformal_coverage=calibrated))
    assert covered.startswith(f"{lead}:")
    assert ("miss their level" in failed) == (lead == "No")


def test_beyond_the_test_set():
    further = {"student_shift_mse": 1.0, "member_shift_mse": 2.0, "student_map_rmse": 3.0}
    further |= {"member_map_rmse": 2.0, "map_p_holm": 0.01}
    further |= {"student_variant_r": 0.2, "member_variant_r": 0.3}
    *_, beyond, failed = texts(comparison(**further))
    assert "lie closer to the oracle ensemble on shifted sequences in 1 of 1" in beyond
    assert "maps closer to the mean map of the other teachers in 0 of 1 comparison and" in beyond
    assert "comparison and agree better with measured effects of variants in 0 of 1" in beyond
    # A significant difference to the worse is no success.
    assert "0 of these pass a t-test" in beyond
    assert failed.count("Students do not") == 2


def test_constant_predictions_are_named():
    undefined = comparison(output="z", student_r=np.nan, difference=np.nan, gap_closed=np.nan)
    undefined |= {"difference_low": np.nan, "difference_high": np.nan}
    helped, *_, failed = texts(comparison(), undefined)
    assert "Students minus members: +0.110. Best case: d y, taught" in helped
    assert failed.startswith("Pearson's r is undefined, since predictions are constant: d z")
    helped, *_ = texts(undefined)
    assert helped.startswith("That cannot be told: Pearson's r is undefined")


def test_no_student():
    answer, trained = answers(pd.DataFrame(columns=COLUMNS), 0.95, ENOUGH, NONE)
    assert answer.text == "No student was trained."
    assert trained.text == "Yes, by the history of each of 2 trainings."


def test_students_of_what_was_not_measured():
    rows = [("d", "taught", 1.0, "y", 0.81), ("d", "taught", 1.0, "z", 0.4)]
    untold = pd.DataFrame(rows, columns=NONE.columns)
    expected = (
        "That cannot be told without measurements. Students follow the mean over their teachers "
        "with r = 0.40 to 0.81: d y, taught; d z, taught."
    )
    alone, _ = answers(pd.DataFrame(columns=COLUMNS), 0.95, ENOUGH, untold)
    beside = answers(pd.DataFrame([comparison()]), 0.95, ENOUGH, untold)
    assert alone == ("Did distillation help here?", expected)
    assert beside[4] == ("And where nothing was measured?", expected) and len(beside) == 7


def test_trainings_that_ended_too_early():
    early, steady = "the budget ended before patience", "the rate never decayed"
    table = pd.concat(
        [trainings(early, None, f"{early} and {steady}"), trainings(None, recipe="taught")]
    )
    *_, trained, _ = answers(pd.DataFrame([comparison()]), 0.95, table, NONE)
    assert trained.question == "Were the models trained long enough?"
    assert trained.text.startswith(
        "Not all: 2 of 4 trainings ended too early, by their histories: d, single at 100 % (2 of "
        f"3: {early} or {early} and {steady}). "
    )
    *_, trained, _ = answers(pd.DataFrame([comparison()]), 0.95, trainings(early), NONE)
    assert trained.text.startswith("No: 1 of 1 trainings ended too early")


def test_names_have_the_fraction_where_there_are_several():
    rows = pd.DataFrame([comparison(), comparison(fraction=0.5)])
    assert names(rows) == ["d y, taught at 100 %", "d y, taught at 50 %"]
    assert names(rows[:1]) == ["d y, taught"]


def test_titles():
    known = {"datasets": {"d": "Assay"}, "recipes": {"taught": "DEGU"}}
    known["targets"] = {"d": {"y": ["activity", "log2"]}}
    assert names(titled(pd.DataFrame([comparison()]), known)) == ["Assay activity, DEGU"]
    of_runs = titled(trainings(None, recipe="taught"), known)
    assert of_runs[["dataset", "recipe"]].to_numpy().tolist() == [["Assay", "DEGU"]]


def test_lists_and_spans():
    assert listed(["a", "b"], 3) == "a; b"
    assert listed(list("abcdef"), 9) == listed(list("abcdef")) == "a; b; c; and 3 more"
    assert listed(["a", "b"], 2) == "in all 2 comparisons"
    assert span(pd.Series([0.123, 0.124]), "{:.2f}") == "0.12"
    assert span(pd.Series([0.5, 0.1]), "{:.1f}") == "0.1 to 0.5"
