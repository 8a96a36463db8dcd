"""Tables of predictions under shift of small runs, all numbers by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import calibrate_shift
import measure_shift
from degu import intervals
from degu.dataset import Dataset
from degu.heads import Heads
from degu.job import InputError
from degu.predictions import Shifted, read_shifted, write_shifted
from degu.tables import shift as tables


@pytest.fixture
def shifted():
    """Two members and their oracle, two activities, three sequences."""
    run = {
        "none": [[[0, 5], [1, 5], [2, 5]], [[4, 5], [1, 5], [1, 5]]],
        "large": np.arange(12).reshape(2, 3, 2),
    }
    oracle = {
        "none": [[[0, 4], [1, 6], [2, 5]], [[2, 4], [1, 6], [0, 5]]],  # means 1 1 1 and 4 6 5
        "large": np.arange(6).reshape(1, 3, 2),
    }
    both = []
    for values in (run, oracle):
        values = {shift: np.array(some, np.float32) for shift, some in values.items()}
        splits = {"validation": values, "test": values}
        both.append(Shifted(Heads.of(["y", "z"]), splits, dict.fromkeys(splits, np.arange(3))))
    return both


@pytest.fixture
def students(tmp_path):
    """Files of a student with an epistemic head, and of an oracle that has other heads.

    Scores |truth - y| / std are 1 to 4 on validation, twice that under the large shift.
    """
    scores = np.arange(1.0, 5)
    own, known = {}, {}
    for split, scale in [("validation", 1), ("test", 1.5)]:
        for shift, times in [("none", 1), ("large", 2)]:
            std = np.array([1, 2, 1, 2.0])
            predicted = np.stack([10 + times * scale * scores * std, std], axis=-1)
            own.setdefault(split, {})[shift] = predicted[None].astype(np.float32)
            truth = np.stack([np.full(4, 10), np.full(4, 77)], axis=-1)
            known.setdefault(split, {})[shift] = truth[None].astype(np.float32)
    units = dict.fromkeys(own, np.arange(4))
    write_shifted(tmp_path / "own.h5", Shifted(Heads.of(["y"], "epistemic"), own, units))
    write_shifted(tmp_path / "known.h5", Shifted(Heads.of(["y"], "aleatoric"), known, units))
    return str(tmp_path / "own.h5"), str(tmp_path / "known.h5")


@pytest.fixture
def tabulated(students, tmp_path, monkeypatch):
    """Measure the student by the scripts; names of the tables."""
    how = {"level": 0.6, "smallest_std": 0.01}
    monkeypatch.setattr(Dataset, "__init__", lambda self, path: None)
    monkeypatch.setattr(Dataset, "calibrating_units", lambda self: np.arange(4))
    files = (*students, "data.h5", tmp_path / "shift.json")
    calibrate_shift.main(*files, score="plain", quantile="finite_sample", **how)
    names = [tmp_path / f"{name}.tsv" for name in ("shift", "distributions", "intervals")]
    how |= {"resamples": 200, "seed": 0}

    def measure(run=students[0], calibration=tmp_path / "shift.json"):
        measure_shift.main(run, students[1], calibration, *names, **how)
        return [pd.read_table(path) for path in names]

    return measure


def test_intervals_under_shift_are_calibrated_with_and_without_it(tabulated):
    """The third of four scores is the factor at a level of 0.6; those of the test are half more."""
    _, _, table = tabulated()
    assert table.columns.tolist() == [
        *("shift", "member", "output", "kind", "covers", "metric", "value", "low", "high"),
    ]
    assert (table["low"] <= table["value"]).all() and (table["value"] <= table["high"]).all()
    assert set(table["kind"]) == {"epistemic"} and set(table["output"]) == {"y"}
    assert set(table["covers"]) == {"oracle mean"}
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


def test_an_oracle_has_no_intervals_and_is_no_row_of_its_own_ensemble(tabulated, students):
    with_own, _, with_intervals = tabulated()
    table, _, none = tabulated(students[1], None)
    assert none.empty and none.columns.tolist() == with_intervals.columns.tolist()
    assert set(with_own["member"].astype(str)) == {"0", "ensemble"}
    assert set(table["member"].astype(str)) == {"0"}


def test_a_calibration_of_other_shifts_is_refused(students):
    run, oracle = map(read_shifted, students)
    estimates = intervals.estimates(run.against(oracle, "none"), "validation")
    calibrations = {
        (one.member, one.output, one.kind, "none"): intervals.calibrate(
            one, [0.6], 0.01, shift="none"
        )
        for one in estimates
    }
    message = "no calibration of 0 y epistemic large: known are 0 y epistemic none"
    with pytest.raises(InputError, match=message):
        tables.shift_intervals(run, oracle, calibrations, 0.6, 0.01)


def test_shifts_are_measured_against_the_mean_of_the_oracle(shifted):
    table = tables.agreement(*shifted, own=False)
    assert table.columns.tolist() == [
        *("shift", "member", "output", "kind", "metric", "value", "low", "high", "ceiling"),
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
    table = tables.agreement(shifted[0], shifted[0], own=True)
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
