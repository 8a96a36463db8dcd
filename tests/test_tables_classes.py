"""Tables of classes of a small run, all numbers by hand."""

import numpy as np
import pandas as pd
import pytest

from degu import reliability
from degu.heads import Heads
from degu.predictions import Predictions, Split
from degu.tables import classes as tables

NAMES = ["a", "b"]
# Logits of three quarters and a quarter.
SURE = np.log(3) / 2
A, B = [SURE, -SURE], [-SURE, SURE]


def split(truth, *members):
    truth = np.eye(2)[truth].astype(np.float32)
    units = np.arange(len(truth))
    return Split(units.astype(str), units, truth, np.array(members, np.float32))


@pytest.fixture
def run():
    """Two members; of four sequences the first calls three rightly, the second all."""
    test = split([0, 0, 1, 1], [A, A, B, A], [A, A, B, np.multiply(3, B)])
    validation = split([0] * 3 + [1], [A] * 4, [A] * 3 + [B])
    return Predictions(Heads.of_classes(NAMES), validation, test)


def value(table, **wanted):
    for column, cell in wanted.items():
        table = table[table[column] == cell]
    (found,) = table["value"]
    return found


def test_agreement(run):
    table = tables.agreement(run, 50)
    assert list(table) == tables.COLUMNS
    assert value(table, member="0", output="all", metric="accuracy") == 0.75
    assert value(table, member="ensemble", output="all", metric="mcc") == 1
    assert value(table, member="0", output="b", metric="recall") == 0.5
    # The two of class b score .75 and .25, those of class a .25: three and a half of four pairs.
    assert value(table, member="0", output="b", metric="auroc") == pytest.approx(3 / 4)
    assert value(table, member="1", output="all", metric="auroc") == 1
    whole = table[(table["output"] == "all") & (table["metric"] == "mcc")]
    assert (whole["low"] <= whole["value"]).all() and (whole["value"] <= whole["high"]).all()


def test_confusion_is_that_of_the_ensemble(run):
    table = tables.confusion(run)
    assert table.to_numpy().tolist() == [["a", "a", 2], ["a", "b", 0], ["b", "a", 0], ["b", "b", 2]]


def test_calibration(run):
    table, bins = tables.calibration(run, np.arange(4), 0.75, 50)
    first = {"member": "0"}
    assert value(table, **first, metric="nll") == pytest.approx(
        -np.log([0.75, 0.75, 0.75, 0.25]).mean()
    )
    # As many of the validation set are right as the first member says: its temperature is 1.
    assert value(table, **first, metric="temperature") == pytest.approx(1, abs=1e-5)
    assert value(table, **first, metric="scaled_nll") == pytest.approx(
        value(table, **first, metric="nll"), abs=1e-6
    )
    assert value(table, **first, metric="ece") == pytest.approx(0, abs=1e-6)
    # Scores of calibration are three times .25, and .75: the one of rank 4 takes all in.
    assert value(table, **first, metric="coverage") == 1
    assert value(table, **first, metric="set_size") == 2
    known = bins[(bins["member"] == "0") & ~bins["scaled"] & (bins["number"] > 0)]
    assert known[["bin", "number"]].to_numpy().tolist() == [[7, 4]]
    # All of its sequences are as uncertain.
    assert value(table, **first, metric="errors_by_entropy") == 0.5
    assert np.isnan(value(table, member="ensemble", metric="errors_by_information"))


def test_labels_of_a_batch_are_judged_together(run):
    table, _ = tables.calibration(run, np.arange(4), 0.75, 50, seed=3)
    # The second member is three times as sure of the last one: odds of 3, cubed.
    likely = np.array([[0.75, 0.75, 0.75, 0.25], [0.75, 0.75, 0.75, 27 / 28]])
    batches = reliability.dyadic(4, tables.BATCHES, 3)
    wanted = [-np.log(np.prod(likely[:, rows], axis=1).mean()) for rows in batches[:2000]]
    found = value(table, member="ensemble", metric="joint_nll")
    assert found == pytest.approx(np.mean(wanted), rel=0.05)


def test_the_calibrating_units_alone_choose(run):
    table, _ = tables.calibration(run, np.array([0, 1, 2]), 0.75, 50)
    # All three are right: no confidence is too large.
    assert value(table, member="0", metric="temperature") < 0.2


def test_uncertainty_of_students_is_held_against_their_teachers():
    heads = Heads.of_classes(NAMES).with_epistemic()
    truth = np.array([[1, 0, 1, 1, 3], [0, 1, 2, 2, 2], [0, 1, 3, 3, 1]], np.float32)
    one = Split(np.arange(3).astype(str), np.arange(3), truth, (truth * 2 - 1)[None])
    table = tables.agreement(Predictions(heads, one, one), 20)
    rows = table[(table["member"] == "0") & (table["metric"] == "pearson")]
    assert pd.Series(rows["value"].to_numpy(), rows["output"]).round(6).to_dict() == {
        "a_epistemic": 1,
        "b_epistemic": 1,
        "mutual_information": 1,
    }
    assert rows["kind"].tolist() == ["epistemic", "epistemic", "information"]
