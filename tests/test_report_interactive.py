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
    # A row is "[1000]," and a blank; the brackets around all rows take one more.
    found = interactive.shortened(table, limit=4001)
    assert found["x"].tolist() == list(range(1000, 1500))
    assert interactive.shortened(table, limit=8001) is table


def test_four_digits():
    table = pd.DataFrame({"name": ["a"], "r": [0.123456789], "n": [123456]})
    assert interactive.rounded(table).to_numpy().tolist() == [["a", 0.1235, 123456]]
    assert table["r"].item() == 0.123456789


def test_words_that_are_missing_are_empty_and_titles_sort():
    text = interactive.to_html(pd.DataFrame({"note": ["not run", None], "r": [np.nan, 0.5]}))
    assert r"[[\"not run\", \"___NaN___\"], [\"\", 0.5]]" in text
    assert '"text_in_header_can_be_selected": true' not in text


def test_a_page_needs_no_network_and_fits_into_the_report():
    """Browsers refuse more than 2 MB as text of base64."""
    text = interactive.to_html(pd.DataFrame({"name": ["a<b"], "r": [0.1235]}))
    assert "0.1235" in text
    assert re.findall(r"(?:src|from) *=? *[\"']https?:", text) == []
    rng = np.random.default_rng(0)
    large = interactive.rounded(pd.DataFrame(rng.normal(size=(20_000, 12))).rename(columns=str))
    kept = interactive.shortened(large)
    assert 1000 < len(kept) < len(large)
    assert 1.3e6 < len(interactive.to_html(kept)) * 4 / 3 < 2**21 - 20_000
