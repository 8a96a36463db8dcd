"""Tables of predictions under shift of small runs, all numbers by hand."""

import numpy as np
import pytest

from degu import shift_tables as tables
from degu.predictions import write_shifted


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
        write_shifted(tmp_path / f"{name}.h5", ["y", "z"], values)
    return tmp_path / "run.h5", tmp_path / "oracle.h5"


def test_shifts_are_measured_against_the_mean_of_the_oracle(shifted):
    table = tables.shifts(*shifted)
    assert table.columns.tolist() == ["shift", "member", "output", "metric", "value"]
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
