"""The picture of the first page: what is drawn where."""

import base64

import numpy as np
import pandas as pd

from degu.report import advice, overview
from test_report_advice import TAUGHT, ensemble, students
from test_report_answers import comparison


def test_each_comparison_is_a_line_at_its_largest_fraction():
    rows = pd.DataFrame([comparison(fraction=0.5), comparison(), comparison(output="z")])
    figure = overview.draw(rows, 0.95)
    left, right = figure.axes
    # From below.
    assert [text.get_text() for text in left.get_yticklabels()] == ["d z, taught", "d y, taught"]
    drawn = [line.get_xdata() for line in right.lines]
    np.testing.assert_allclose(drawn[:2], [[0.61, 0.61], [0.945, 0.945]])
    low, high = left.get_xlim()
    assert low < 0.60 and high > 0.80
    png = base64.b64decode(overview.embedded(figure).removeprefix("data:image/png;base64,"))
    assert png.startswith(b"\x89PNG")


def test_no_label_leaves_the_picture():
    """Long names leave little width to the panels."""
    names = [comparison(dataset=60 * "d", recipe=30 * "r", output=one) for one in "yz"]
    figure = overview.draw(pd.DataFrame(names), 0.95)
    figure.draw_without_rendering()
    box = figure.get_tightbbox()
    assert box.x0 >= 0 and box.x1 <= figure.get_figwidth()


def test_long_intervals_do_not_squeeze_the_means():
    rows = pd.DataFrame([comparison(student_low=-5.0, student_high=6.0)])
    low, high = overview.draw(rows, 0.95).axes[0].get_xlim()
    assert high - low < 0.5


def test_undefined_agreement_is_left_out():
    undefined = dict.fromkeys(["student_r", "member_r", "ensemble_r"], np.nan)
    assert overview.draw(pd.DataFrame([comparison(**undefined)]), 0.95).axes
    rows = pd.DataFrame([comparison(), comparison(output="z", student_r=np.nan)])
    assert overview.draw(rows, 0.95).axes[0].get_xlim()[0] < 0.60


def test_gains_are_lines_below_one_another_with_their_intervals():
    rows = [ensemble(fraction=0.5), ensemble(), students(0.005, 0.17), ensemble(output="z")]
    figure = overview.gains(advice.ensembles(pd.DataFrame(rows), TAUGHT))
    (axes,) = figure.axes
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels == ["d y: standard, ensemble", "degu", "d z: standard, ensemble"]
    bars = [bar.get_segments()[0].tolist() for bar in axes.collections]
    expected = [[[0.026, 0], [0.034, 0]], [[0.001, 1], [0.009, 1]], [[0.026, 2], [0.034, 2]]]
    np.testing.assert_allclose(bars, expected)
    # The first line stands above.
    assert axes.get_ylim() == (2.5, -0.5)
    assert axes.get_xlim()[0] < 0 < 0.03 < axes.get_xlim()[1]
