"""Warnings in words, from tables whose words are known."""

import numpy as np
import pandas as pd

from degu.report import attention
from degu.tables.warnings import CHECKS, COLUMNS

NAMES = {
    "datasets": {"d": "Assay"},
    "recipes": {"taught": "DEGU"},
    "targets": {"d": {"y": ["activity", "log2"]}},
}


def warnings(*rows):
    """Rows of recipe, fraction, output, measure, detail, value, bound."""
    columns = ["recipe", "fraction", "output", "warning", "detail", "value", "bound"]
    table = pd.DataFrame(rows, columns=columns).assign(dataset="d")
    table["what"] = [CHECKS[name].what for name in table["warning"]]
    table["advice"] = [CHECKS[name].advice for name in table["warning"]]
    return table[COLUMNS]


FACTORS = [
    ("taught", 1.0, "y", "conformal_factor", "total, 2 of 3 members", 1487.3, 50),
    ("taught", 0.5, "y", "conformal_factor", "epistemic, 1 of 3 members", 61, 50),
]
DROPPED = ("", np.nan, "", "dropped_rows", "kept 723 of 14,026", 0.948, 0.5)
UNDEFINED = ("taught", 1.0, "y_epistemic", "epistemic_r", "", np.nan, 0.3)


def test_a_point_a_measure_with_its_values_places_and_advice():
    dropped, factor, head = attention.points(warnings(DROPPED, *FACTORS, UNDEFINED))
    assert dropped.what == "share of rows left out in preparation: 0.948 (above 0.5)"
    assert dropped.where == "d (kept 723 of 14,026)"
    assert factor.what == "conformal factor: 61 to 1487 (above 50)"
    assert factor.where == (
        "d y, taught at 100 % (total, 2 of 3 members); d y, taught at 50 % (epistemic, 1 of 3 "
        "members)"
    )
    assert factor.advice == CHECKS["conformal_factor"].advice
    assert head.what.endswith(", test set: undefined (below 0.3)")
    assert head.where == "d y_epistemic, taught at 100 %"


def test_titles():
    found = attention.titled(warnings(DROPPED, *FACTORS, UNDEFINED), NAMES)
    assert found["dataset"].tolist() == ["Assay"] * 4
    assert found["recipe"].tolist() == ["", "DEGU", "DEGU", "DEGU"]
    assert found["output"].tolist() == ["", "activity", "activity", "y_epistemic"]


def test_the_terminal_has_few_lines(tmp_path):
    path = tmp_path / "warnings.tsv"
    warnings(DROPPED, *FACTORS).to_csv(path, sep="\t", index=False)
    head, first, second = attention.lines(path).splitlines()
    assert head == f"Attention ({path} says what to do):"
    assert first == (
        "  share of rows left out in preparation: 0.948 (above 0.5): d (kept 723 of 14,026)"
    )
    assert second.startswith("  conformal factor: 61 to ")
    every = [("taught", 1.0, "y", name, "", 1.0, 0.0) for name in CHECKS]
    warnings(*every).to_csv(path, sep="\t", index=False)
    said = attention.lines(path).splitlines()
    assert len(said) == 8 and said[-1] == f"  and {len(CHECKS) - 6} measures more"
    warnings().to_csv(path, sep="\t", index=False)
    assert attention.lines(path) == ""
