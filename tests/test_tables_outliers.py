"""Tables of foreign sequences, numbers by hand."""

import numpy as np
import pandas as pd
import pytest

from degu.outliers.scored import Score, Scored
from degu.tables import outliers

UNITS = {"test": np.arange(4), "near": np.arange(2), "far": np.arange(3)}


def scored(*rows):
    """Scores and their values for the test set, near and far ones."""
    scores, values = zip(*rows, strict=True)
    found = {name: np.stack([of[at] for of in values]) for at, name in enumerate(UNITS)}
    return Scored(list(scores), found, UNITS)


def head(member, seconds, *values):
    return Score("mutual_information", "head", member, 1, seconds), [np.array(v) for v in values]


STUDENTS = scored(
    # Near: the pairs (1, 1.5), (2, 1.5) and their like: 2 of 4 below 1.5, all below 9: 6 of 8.
    head("0", 1.0, [0, 1, 2, 3], [1.5, 9], [9, 9, 9]),
    head("1", 3.0, [0, 1, 2, 3], [9, 9], [9, 9, -1]),
)
TEACHERS = scored(
    (
        Score("mutual_information", "members", "ensemble", 5, 10.0),
        [np.array([0, 1, 2, 3]), np.array([9, -1]), np.array([9, 9, 9])],
    ),
    (
        Score("mutual_information", "passes", "0", 100, 200.0),
        [np.array([0, 0, 0, 0]), np.array([0, 0]), np.array([0, 0, 0])],
    ),
)


def value(table, column="value", **wanted):
    for name, cell in wanted.items():
        table = table[table[name] == cell]
    (found,) = table[column]
    return found


def test_areas():
    table = outliers.areas(STUDENTS, 50)
    assert list(table) == outliers.COLUMNS
    first = {"member": "0", "group": "near"}
    assert value(table, **first, metric="auroc") == 6 / 8
    # The first is found at once, the second behind two wrong ones.
    assert value(table, **first, metric="aupr") == pytest.approx((1 + 2 / 4) / 2)
    assert value(table, "number", **first, metric="aupr") == 2
    assert value(table, member="1", group="far", metric="auroc") == pytest.approx(2 / 3)
    assert (table["low"] <= table["value"]).all() and (table["value"] <= table["high"]).all()


def test_differences():
    table = outliers.differences(STUDENTS, TEACHERS, 50)
    assert list(table) == outliers.DIFFERENCES
    # Students .75 and 1, far 1 and 2/3; teachers .5 and 1.
    near, far = 0.875 - 0.5, 5 / 6 - 1
    assert value(table, against="members", group="near") == pytest.approx(near)
    assert value(table, against="members", group="far") == pytest.approx(far)
    assert value(table, against="members", group="all") == pytest.approx((near + far) / 2)
    assert value(table, against="passes", group="near") == pytest.approx(0.875 - 0.5)
    assert value(table, "passes_ratio", against="passes", group="all") == 100
    assert value(table, "speed_ratio", against="passes", group="all") == 100
    assert value(table, "teachers", against="members", group="all") == 5
    assert value(table, "teachers", against="passes", group="all") == 1
    assert set(table["students"]) == {2}


def test_draws_are_paired():
    """Students that say what their teachers do differ from them in no draw."""
    teachers = scored((Score("mutual_information", "members", "ensemble", 5, 1.0), STUDENTS_VALUES))
    students = scored(head("0", 1.0, *STUDENTS_VALUES))
    table = outliers.differences(students, teachers, 50)
    assert (table[["value", "low", "high"]] == 0).all(axis=None)


STUDENTS_VALUES = [np.array([0, 1, 2, 3]), np.array([1.5, 9]), np.array([0.5, 9, 2])]


def test_teachers_have_no_differences():
    pd.testing.assert_index_equal(
        outliers.differences(TEACHERS, None).columns, pd.Index(outliers.DIFFERENCES)
    )
    assert outliers.differences(TEACHERS, None).empty
