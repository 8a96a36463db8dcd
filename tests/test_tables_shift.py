"""Tables of predictions under shift of small runs, all numbers by hand."""

import numpy as np
import pytest
from scipy import stats

from degu import shift_tables as tables
from degu.predictions import Shifted, write_shifted


@pytest.fixture
def shifted(tmp_path):
    """Files of two members and of their oracle, two activities, three sequences."""
    run = {
        "none": [[[0, 5], [1, 5], [2, 5]], [[4, 5], [1, 5], [1, 5]]],
        "large": np.arange(12).reshape(2, 3, 2),
    }
    oracle = {
        "none": [[[0, 4], [1, 6], [2, 5]], [[2, 4], [1, 6], [0, 5]]],  # means 1 1 1 and 4 6 5
        "large": np.arange(6).reshape(1, 3, 2),
    }
    for name, values in {"run": run, "oracle": oracle}.items():
        values = {shift: np.array(some, np.float32) for shift, some in values.items()}
        predicted = Shifted(["y", "z"], ["y", "z"], values, values)
        write_shifted(tmp_path / f"{name}.h5", predicted)
    return tmp_path / "run.h5", tmp_path / "oracle.h5"


@pytest.fixture
def students(tmp_path):
    """Files of a student with an epistemic head, and of an oracle that has more heads than it.

    Scores |truth - y| / std are 1 to 4 on validation, twice that under the large shift.
    """
    scores = np.arange(1.0, 5)
    own, known = {}, {}
    for split, scale in [("validation", 1), ("test", 1.5)]:
        for shift, times in [("none", 1), ("large", 2)]:
            std = np.array([1, 2, 1, 2.0])
            predicted = np.stack([10 + times * scale * scores * std, std], axis=-1)
            own.setdefault(split, {})[shift] = predicted[None].astype(np.float32)
            truth = np.stack([np.full(4, 77), np.full(4, 10)], axis=-1)
            known.setdefault(split, {})[shift] = truth[None].astype(np.float32)
    write_shifted(tmp_path / "own.h5", Shifted(["y", "y_epistemic"], ["y"], **own))
    write_shifted(tmp_path / "known.h5", Shifted(["other", "y"], ["y"], **known))
    return tmp_path / "own.h5", tmp_path / "known.h5"


def test_intervals_under_shift_are_calibrated_with_and_without_it(students):
    """The third of four scores is the factor at a level of 0.6; those of the test are half more."""
    table = tables.coverage(*students, level=0.6, smallest_std=0.01)
    assert table.columns.tolist() == [
        *("shift", "member", "output", "uncertainty", "metric", "value", "low", "high"),
    ]
    assert (table["low"] <= table["value"]).all() and (table["value"] <= table["high"]).all()
    assert set(table["uncertainty"]) == {"epistemic"} and set(table["output"]) == {"y"}
    gaussian = stats.norm.ppf(0.8)
    found = table.set_index(["shift", "metric"])["value"].to_dict()
    # Scores of the test are 1.5, 3, 4.5, 6, and twice that; the mean deviation is 1.5.
    assert found == pytest.approx(
        {
            ("none", "coverage"): 0,
            ("none", "width"): 3 * gaussian,
            ("none", "conformal_coverage"): 0.5,
            ("none", "conformal_width"): 9,
            ("none", "mondrian_coverage"): 0.5,
            ("none", "mondrian_width"): 9,
            ("large", "coverage"): 0,
            ("large", "width"): 3 * gaussian,
            ("large", "conformal_coverage"): 0.25,
            ("large", "conformal_width"): 9,
            ("large", "mondrian_coverage"): 0.5,
            ("large", "mondrian_width"): 18,
        }
    )
    assert tables.coverage(students[1], students[1], level=0.6, smallest_std=0.01).empty


def test_shifts_are_measured_against_the_mean_of_the_oracle(shifted):
    table = tables.shifts(*shifted)
    assert table.columns.tolist() == [
        *("shift", "member", "output", "metric", "value", "low", "high", "ceiling"),
    ]
    assert table["shift"].unique().tolist() == ["none", "large"]
    mse = table[table["metric"] == "mse"].set_index(["shift", "member", "output"])["value"]
    assert mse.to_dict() == pytest.approx(
        {
            ("none", "0", "y"): 2 / 3,
            ("none", "0", "z"): 2 / 3,
            ("none", "1", "y"): 9 / 3,
            ("none", "1", "z"): 2 / 3,
            # The mean predicts 2, 1, 1.5.
            ("none", "ensemble", "y"): (1 + 0 + 0.25) / 3,
            ("none", "ensemble", "z"): 2 / 3,
            ("large", "0", "y"): 0,
            ("large", "0", "z"): 0,
            ("large", "1", "y"): 36,
            ("large", "1", "z"): 36,
            ("large", "ensemble", "y"): 9,
            ("large", "ensemble", "z"): 9,
        }
    )


def test_the_oracle_is_not_held_against_itself(shifted):
    table = tables.shifts(shifted[0], shifted[0])
    assert set(table["member"]) == {"0", "1"}
    mse = table.query("metric == 'mse' and shift == 'large'")["value"]
    assert mse.tolist() == [9, 9, 9, 9]


def test_distributions_are_those_of_the_first_member(shifted):
    table = tables.distributions(shifted[0])
    assert table.columns.tolist() == ["shift", "output", "probability", "value"]
    assert len(table) == 2 * 2 * 101
    shown = table.query("shift == 'none' and output == 'y'").set_index("probability")["value"]
    assert shown[[0, 0.25, 0.5, 0.75, 1]].tolist() == pytest.approx([0, 0.5, 1, 1.5, 2])
    assert set(table.query("shift == 'none' and output == 'z'")["value"]) == {5}
