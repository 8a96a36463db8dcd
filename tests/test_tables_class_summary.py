"""The summary of classes, numbers by hand."""

import numpy as np
import pandas as pd
import pytest

from degu.tables import class_summary
from degu.tables.summary import Teachers

STUDENTS = {"degu": Teachers("standard", 2), "other": Teachers("absent", 2)}


def rows(recipe, **values):
    table = pd.DataFrame([{"member": name, "value": value} for name, value in values.items()])
    return table.assign(dataset="d", recipe=recipe, fraction=1.0)


@pytest.fixture
def tables():
    mcc = [
        rows("standard", **{"0": 0.50, "1": 0.52}, ensemble=0.8),
        rows("degu", **{"0": 0.66, "1": 0.64}, ensemble=0.7),
        rows("other", **{"0": 0.6}, ensemble=0.6),
    ]
    information = rows("degu", **{"0": 0.4, "1": 0.6}, ensemble=0.9)
    classes = pd.concat(
        [
            *(table.assign(output="all", metric="mcc") for table in mcc),
            information.assign(output="mutual_information", metric="pearson"),
        ]
    )
    ece = rows("degu", **{"0": 0.1, "1": 0.3}, ensemble=0.0).assign(metric="ece")
    differences = pd.DataFrame(
        {
            "against": ["members", "members", "passes"],
            "group": ["all", "far", "all"],
            "value": [-0.01, 0.5, 0.6],
            "low": [-0.02, 0.4, 0.5],
            "high": [0.01, 0.6, 0.7],
            "passes_ratio": [2.0, 2.0, 100.0],
        }
    ).assign(dataset="d", recipe="degu", fraction=1.0)
    return {
        "classes": classes,
        "class_calibration": ece,
        "outlier_differences": differences,
    }


def test_students_between_members_and_ensemble(tables):
    table = class_summary.compare(tables, STUDENTS)
    assert list(table) == class_summary.COLUMNS
    # Recipes whose teachers were not run are left out.
    (row,) = table.to_dict("records")
    assert (row["recipe"], row["teacher"]) == ("degu", "standard")
    assert row["member_mcc"] == pytest.approx(0.51)
    assert (row["ensemble_mcc"], row["student_number"]) == (0.8, 2)
    assert row["difference"] == pytest.approx(0.14)
    assert row["gap_closed"] == pytest.approx(0.14 / 0.29)
    assert row["information_r"] == pytest.approx(0.5)
    assert row["ece"] == pytest.approx(0.2)
    assert np.isnan(row["coverage"])
    assert (row["outliers"], row["outliers_low"], row["passes_ratio"]) == (-0.01, -0.02, 2)


def test_without_foreign_sequences_or_classes(tables):
    del tables["outlier_differences"]
    assert class_summary.compare(tables, STUDENTS)["outliers"].isna().all()
    assert class_summary.compare({}, STUDENTS).empty
