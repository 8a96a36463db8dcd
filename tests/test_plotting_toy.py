"""The panel of one-dimensional functions: a curve a member, points, one legend."""

import matplotlib.pyplot as plt
import pandas as pd

from degu import plotting
from degu.plotting.toy import LINES, POINTS, TITLES, thinned


def test_roles_are_curves_and_points_with_one_entry_each():
    numbers = dict.fromkeys([*LINES, *POINTS], 1) | {"member": 3}
    table = pd.DataFrame(
        [
            {"role": role, "member": member, "x": x, "y": x + member}
            for role, number in numbers.items()
            for member in range(number)
            for x in (0.0, 1.0)
        ]
    )
    axes = plotting.canvas(1, 1)[1][0, 0]
    plotting.toy_panel(axes, table)
    styles = [(line.get_color(), line.get_linestyle(), line.get_linewidth()) for line in axes.lines]
    assert len(styles) == 7 and len(set(styles)) == len(LINES)
    members = [line for line in axes.lines if line.get_color() == LINES["member"]["color"]]
    assert [line.get_ydata().tolist() for line in members] == [[0, 1], [1, 2], [2, 3]]
    assert [dots.get_offsets().tolist() for dots in axes.collections] == [[[0, 0], [1, 1]]] * 2
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(TITLES.values())
    plt.close("all")


def test_many_points_are_thinned_evenly():
    points = pd.DataFrame({"x": [*range(400)][::-1]})
    assert thinned(points)["x"].tolist() == list(range(0, 400, 10))
    assert thinned(points[:24])["x"].tolist() == list(range(376, 400))
    assert len(thinned(points[:81])) == 27
    assert thinned(points[:0]).empty
