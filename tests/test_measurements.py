"""Measurements of rows, and rows that lack some; test_assays_table.py has whole tables."""

import math

import numpy as np
import pandas as pd
import pytest

from degu import measurements
from degu.job import InputError

CELLS = pd.DataFrame(
    {"a": ["1", "3", ""], "b": ["2", "", "NA"], "s": ["0.5", "1", "2"]}, index=[2, 3, 4]
)


def test_summary_of_replicates_agrees_with_numpy():
    rng = np.random.default_rng(0)
    replicates = np.where(rng.random((200, 4)) < 0.2, np.nan, rng.normal(50, 1, (200, 4)))
    replicates = replicates[(~np.isnan(replicates)).sum(axis=1) >= 2]
    mean, std = measurements.summarise_replicates(replicates)
    np.testing.assert_allclose(mean, np.nanmean(replicates, axis=1), rtol=1e-14)
    np.testing.assert_allclose(std, np.nanstd(replicates, axis=1, ddof=1), rtol=1e-12)


def test_activities_come_before_their_deviations():
    targets = {"pair": {"replicates": ["a", "b"]}, "mean": {"mean": "a", "std": "s"}}
    values, names, replicates = measurements.measure(CELLS, targets, "t.tsv")
    nan = math.nan
    assert names == ["pair", "mean", "pair_aleatoric", "mean_aleatoric"]
    expected = [[1.5, 1, math.sqrt(0.5), 0.5], [3, 3, nan, 1], [nan, nan, nan, nan]]
    np.testing.assert_allclose(values, expected)
    np.testing.assert_array_equal(replicates["pair"], [[1, 2], [3, nan], [nan, nan]])
    assert [column for how in targets.values() for column in measurements.used(how)] == [
        *("a", "b", "a", "s"),
    ]


@pytest.mark.parametrize(
    ("missing", "rows", "steps"),
    [
        (
            "mask",
            [True, True, False],
            [
                *[("rows with a measurement", 2), ("rows with pair", 2), ("rows with mean", 2)],
                *[("rows with pair_aleatoric", 1), ("rows with mean_aleatoric", 2)],
            ],
        ),
        ("drop", [True, False, False], [("rows with all measurements", 1)]),
    ],
)
def test_rows_that_are_kept(missing, rows, steps):
    targets = {"pair": {"replicates": ["a", "b"]}, "mean": {"mean": "a", "std": "s"}}
    values, names, _ = measurements.measure(CELLS, targets, "t.tsv")
    kept, counted = measurements.kept(values, names, 2, missing, CELLS, "t.tsv")
    assert (kept.tolist(), counted) == (rows, steps)


def test_a_missing_measurement_may_be_an_error():
    values, names, _ = measurements.measure(CELLS, {"y": {"mean": "b"}}, "t.tsv")
    with pytest.raises(InputError, match=r"t\.tsv, row 3: target 'y' is missing, or rests on"):
        measurements.kept(values, names, 1, "error", CELLS, "t.tsv")


def test_a_slip_is_named_with_its_row():
    values = np.append(np.linspace(0, 1, 9), 1e9)[:, None]
    frame = pd.DataFrame(index=np.arange(2, 12))
    with pytest.raises(
        InputError, match=r"t\.tsv, row 11: 'y' is 1e\+09, but half of all rows lie"
    ):
        measurements.check_range(values, ["y"], frame, "t.tsv")
    measurements.check_range(values[:-1], ["y"], frame, "t.tsv")
