"""Tables of predictions: columns by heads and places; numbers by hand."""

import numpy as np
import pandas as pd
import pytest

import small_student
from degu import students
from degu.students import table
from degu.students.inputs import Window


def student(folder, **changes):
    return students.load(small_student.save(folder, **changes))


def test_columns_of_sequences(tmp_path):
    given = [Window(1, "a", "", -1, 19, "+", "A" * 20), Window(2, "b", "", 0, 20, "+", "C" * 20)]
    predictions = np.array([[0.0, 0.3, 0.4], [0.25, 0.0, -1.0]])
    found = table.rows(student(tmp_path), given, predictions, 0.5)
    expected = pd.DataFrame(
        {
            "name": ["a", "b"],
            "start": [-1, 0],
            "end": [19, 20],
            "y": [0.0, 0.25],
            "y_epistemic": [0.4, 0.0],
            "y_aleatoric": [0.3, 0.0],
            "y_total": [0.5, 0.0],
            "y_low": [-0.625, -0.002],
            "y_high": [0.625, 0.502],
        }
    )
    pd.testing.assert_frame_equal(found, expected)


def test_columns_of_regions_without_intervals(tmp_path):
    given = [Window(1, "peak", "chr1", 5, 25, "-", "A" * 20)]
    found = table.rows(student(tmp_path, calibrations={}), given, np.ones((1, 3)))
    assert found.columns.tolist() == [
        *("name", "chrom", "start", "end", "strand"),
        *("y", "y_epistemic", "y_aleatoric", "y_total"),
    ]
    assert found.iloc[0].tolist()[:5] == ["peak", "chr1", 5, 25, "-"]
    assert found["y_total"].tolist() == pytest.approx([2**0.5])


def test_profiles_have_a_row_a_base(tmp_path):
    given = [Window(1, "a", "", 0, 20, "+", ""), Window(2, "b", "", 0, 20, "+", "")]
    predictions = np.arange(2 * 3 * 3.0).reshape(2, 3, 3)
    found = table.rows(student(tmp_path), given, predictions)
    assert found["name"].tolist() == ["a"] * 3 + ["b"] * 3
    assert found["position"].tolist() == [0, 1, 2] * 2
    assert found["y"].tolist() == [0, 3, 6, 9, 12, 15]
