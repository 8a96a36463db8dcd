"""Pages: numbers as they are written, text that is escaped, nothing from elsewhere."""

import math
import re

import pandas as pd
import pytest

from degu.report import page
from degu.report.answers import Answer
from degu.report.attention import Point


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.123456, "0.1235"),
        (225705.0, "225,705"),
        (123456.7, "123,457"),
        (3, "3"),
        (math.nan, ""),
    ],
)
def test_numbers(value, written):
    assert page.number(value) == written


def test_text_is_escaped_and_nothing_is_fetched(tmp_path):
    shown = [Answer("Did it help?", "r < 0.5 & <script>alert(1)</script> in 5 %")]
    points = [Point("r < 0.3", "data <set> at 100 %", "Do not rank by it.")]
    page.write(tmp_path / "a.html", "summary.html", answers=shown, picture=None, points=points)
    text = (tmp_path / "a.html").read_text()
    assert "r &lt; 0.5 &amp; &lt;script&gt;" in text
    assert "<strong>R &lt; 0.3.</strong>\ndata &lt;set&gt; at 100\u00a0%. Do not rank" in text
    # No line starts with a sign of percent.
    assert "in 5\u00a0%" in text
    assert re.findall(r"(?:src|href)=", text) == []
    assert "color-scheme: light dark" in text


def test_that_nothing_is_warned_of_is_said(tmp_path):
    page.write(tmp_path / "a.html", "answers.html", answers=[], picture=None, points=[])
    assert "Nothing to be warned of" in (tmp_path / "a.html").read_text()


def test_a_missing_value_is_an_error(tmp_path):
    with pytest.raises(Exception, match="answers"):
        page.write(tmp_path / "a.html", "summary.html", picture=None, points=[])
    assert list(tmp_path.iterdir()) == []


def test_data_cards_and_run(tmp_path):
    table = pd.DataFrame({"measure": ["number"], "train": [1234.0], "test": [math.nan]})
    page.write(tmp_path / "data.html", "data.html", cards={"d": [table]})
    text = (tmp_path / "data.html").read_text()
    assert "<h2>d</h2>" in text
    assert '<td class="number">1,234</td>' in text
    assert '<td class="number"></td>' in text
    costs = pd.DataFrame({"rule": ["train"], "jobs": [2], "hours": [1.5]})
    costs = costs.assign(longest=1.0, memory=0.5)
    values = {"costs": costs, "software": costs[["rule"]], "version": "1", "seed": 0}
    values |= {"reseed": [], "python": "3", "platform": "Linux"}
    page.write(tmp_path / "run.html", "run.html", **values)
    assert "benchmark: 2, 1.5 hours in all" in (tmp_path / "run.html").read_text()
