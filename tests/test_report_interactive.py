"""Tables that sort: their shape, their digits, and that they need no network."""

import re

import numpy as np
import pandas as pd

from degu.report import interactive


def test_metrics_stand_side_by_side():
    long = pd.DataFrame(
        {
            "member": ["0", "0", "ensemble", "0"],
            "kind": ["a", "a", "a", None],
            "metric": ["coverage", "width", "coverage", "width"],
            "value": [0.9, 2.0, 0.8, 5.0],
            "low": 0.0,
            "high": 1.0,
        }
    )
    expected = pd.DataFrame(
        {
            "member": ["0", "0", "ensemble"],
            "kind": ["a", "", "a"],
            "coverage": [0.9, np.nan, 0.8],
            "width": [2.0, 5.0, np.nan],
        }
    )
    pd.testing.assert_frame_equal(interactive.wide(long), expected, check_dtype=False)


def test_other_tables_stay():
    table = pd.DataFrame({"metric": ["r"], "mean": [0.5]})
    assert interactive.wide(table) is table


def test_a_large_table_is_its_first_rows():
    table = pd.DataFrame({"x": np.arange(1000, 2000)})
    # Five characters a row, and two of the header.
    found = interactive.shortened(table, limit=2501)
    assert len(found) == 500
    assert found["x"].iloc[0] == 1000
    assert interactive.shortened(table, limit=5002) is table


def test_four_digits_and_no_network():
    table = pd.DataFrame({"name": ["a<b"], "r": [0.123456789], "n": [123456]})
    text = interactive.to_html(table)
    assert "0.1235" in text and "0.12345" not in text
    assert "123456" in text
    assert re.findall(r"(?:src|from) *=? *[\"']https?:", text) == []
    assert table["r"].item() == 0.123456789
    # Browsers refuse more than 2 MB of base64 in the report.
    assert len(text) * 4 / 3 + interactive.LIMIT * 4 / 3 < 2 * 2**20
