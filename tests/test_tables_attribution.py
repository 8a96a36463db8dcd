"""Tables of attribution maps of small runs, all numbers by hand."""

import math

import numpy as np
import pytest

from degu import attribution_tables as tables
from degu import maps
from degu.consistency import compare, consistency
from degu.job import InputError
from degu.sequences import encode

CODES = encode(["AT", "GN"])
NAMES = ["wild type", "s1"]


def written(path, scores, asked=0, codes=CODES, **more):
    """Write maps of heads given by their scores."""
    path.parent.mkdir(exist_ok=True)
    run = {
        head: maps.Maps(NAMES, codes, asked, np.asarray(values, np.float32), **more)
        for head, values in scores.items()
    }
    maps.write(path, run)
    return path


@pytest.fixture
def teachers(tmp_path):
    """Two members; the map of one base is its position and member, or ten times that."""
    scores = np.zeros((2, 2, 2, 4))
    scores[0, 0, :, 0], scores[1, 0, :, 0] = 1, 3
    scores[:, 1] = [[[10.0, 0, 0, 0], [0, 0, 0, 0]], [[30, 0, 0, 0], [0, 0, 0, 0]]]
    return written(tmp_path / "teachers" / "saliency.h5", {"y": scores})


@pytest.fixture
def student(tmp_path):
    """One member with a head that its teachers do not have."""
    scores = np.zeros((1, 2, 2, 4))
    return written(tmp_path / "student" / "saliency.h5", {"y": scores, "y_epistemic": scores})


def values(table, head, metric):
    rows = table[(table["output"] == head) & (table["metric"] == metric)]
    return rows["value"].tolist()


def test_contributions_of_a_member_and_of_the_mean(tmp_path):
    scores = np.arange(32).reshape(2, 2, 2, 4)
    path = written(tmp_path / "ism.h5", {"y": scores}, asked=2)
    table = tables.contributions(path)
    columns = ["method", "member", "output", "name", "position", "base", "score", "std", "z"]
    assert table.columns.tolist() == columns
    known = table[table["member"] == "0"]
    assert known.iloc[:, :7].values.tolist() == [
        ["ism", "0", "y", "wild type", 0, "A", 0],
        ["ism", "0", "y", "wild type", 1, "T", 7],
        ["ism", "0", "y", "s1", 0, "G", 10],
        ["ism", "0", "y", "s1", 1, "N", 0],
    ]
    assert known[["std", "z"]].isna().all(axis=None)
    mean = table[table["member"] == "ensemble"]
    assert mean[["score", "std", "z"]].values.tolist() == [
        [8, 8, 1],
        [15, 8, 15 / 8],
        [18, 8, 18 / 8],
        [0, 0, 0],
    ]


def test_where_nothing_is_asked_for_the_first_sequence_is_shown(student):
    table = tables.contributions(student)
    assert table["name"].unique().tolist() == ["wild type"]
    assert table["member"].unique().tolist() == ["0"]  # one member has no error bars


def test_consistency_of_teachers(teachers):
    table = tables.consistency(teachers, teachers)
    columns = ["method", "member", "output", "name", "metric", "value"]
    assert table.columns.tolist() == columns
    # Differences to the average: 1 at two of eight scores, 10 at one of eight.
    rmse = (math.sqrt(2 / 8) + math.sqrt(100 / 8)) / 2
    assert values(table, "y", "rmse") == pytest.approx([rmse, rmse])
    assert values(table, "y", "spread") == pytest.approx([2, math.sqrt(200)])
    assert (
        values(table, "y", "normalised_rmse") == values(table, "y", "normalised_spread") == [0, 0]
    )
    rows = table.set_index("metric")
    assert rows.loc["rmse", "member"].tolist() == ["0", "1"]
    assert rows.loc["rmse", "name"].isna().all()
    assert rows.loc["spread", "name"].tolist() == NAMES
    assert rows.loc["spread", "member"].isna().all()


def test_a_student_is_held_against_its_teachers_average(student, teachers):
    table = tables.consistency(student, teachers)
    # The average is 2 at two of eight scores, then 20 at one of eight.
    assert values(table, "y", "rmse") == pytest.approx([(1 + math.sqrt(50)) / 2])
    # Normalised: 1 at two, and at one.
    expected = (math.sqrt(2 / 8) + math.sqrt(1 / 8)) / 2
    assert values(table, "y", "normalised_rmse") == pytest.approx([expected])
    assert values(table, "y_epistemic", "rmse") == []
    assert np.isnan(values(table, "y_epistemic", "spread")).all()


def test_sequences_that_were_asked_for_do_not_count(tmp_path):
    scores = np.zeros((2, 2, 2, 4))
    scores[1, 0], scores[1, 1, 0, 0] = 100, 2
    path = written(tmp_path / "ism.h5", {"y": scores}, asked=1)
    table = tables.consistency(path, path)
    assert values(table, "y", "spread") == pytest.approx([math.sqrt(2)])
    assert values(table, "y", "rmse") == pytest.approx([math.sqrt(1 / 8)] * 2)


def test_the_largest_completeness_error_of_each_member_is_shown(tmp_path):
    scores = np.zeros((2, 2, 2, 4))
    errors = np.array([[[1, -3, 2], [0, 0, 0]], [[0, 0, 0], [0, 4, -1]]]) / 1e6
    more = {"hypothetical": scores, "errors": errors}
    path = written(tmp_path / "deepshap.h5", {"y": scores}, **more)
    table = tables.consistency(path, path)
    assert values(table, "y", "completeness_error") == pytest.approx([3e-6, 4e-6])


def test_students_are_compared_with_their_teachers(tmp_path, teachers):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(3, 2, 2, 4)).astype(np.float32)
    path = written(tmp_path / "students" / "saliency.h5", {"y": scores, "y_epistemic": scores})
    table = tables.comparison(path, teachers)
    assert table.columns.tolist() == tables.TESTS
    assert set(table["output"]) == {"y"} and set(table["method"]) == {"saliency"}
    assert table["metric"].tolist() == ["rmse", "spread", "normalised_rmse", "normalised_spread"]
    of_teachers = maps.read(teachers)["y"].scores
    average = of_teachers.mean(axis=0)
    expected = compare(consistency(scores, average), consistency(of_teachers, average))
    shown = ["students", "teachers", "n_students", "n_teachers", "t", "p"]
    np.testing.assert_allclose(table[shown].iloc[:2], expected[shown])


def test_teachers_are_not_compared_with_themselves(teachers):
    table = tables.comparison(teachers, teachers)
    assert table.empty and table.columns.tolist() == tables.TESTS


def test_a_run_without_the_heads_has_no_rows(tmp_path, teachers):
    path = written(tmp_path / "none" / "saliency.h5", {})
    for table in (
        tables.contributions(path),
        tables.consistency(path, path),
        tables.comparison(path, teachers),
    ):
        assert table.empty and "output" in table.columns


def test_maps_of_other_sequences_are_refused(tmp_path, teachers):
    codes = encode(["AT", "GC"])
    path = written(tmp_path / "ism.h5", {"y": np.zeros((1, 2, 2, 4))}, codes=codes)
    with pytest.raises(InputError, match="other sequences than those of the teachers"):
        tables.consistency(path, teachers)
