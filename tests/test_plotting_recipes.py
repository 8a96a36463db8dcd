"""The page on recipes: differences to a mean member, with intervals, and the ensemble's band."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from degu import plotting
from test_plotting_names import NAMES


@pytest.fixture
def table():
    """Compare a student, and members with noise, with two recipes of teachers."""
    rows = pd.DataFrame(
        {
            "recipe": ["noisy", "degu", "degu"],
            "against": ["standard", "standard", "noisy"],
            "following": [0.8, 0.9, 0.7],
            "epistemic_r": [np.nan, 0.5, 0.5],
            "steps": [3000, 2000, 2000],
        }
    )
    rows = rows.assign(dataset="lenti", fraction=1.0, output="activity", gain=0.05)
    rows = rows.assign(gain_low=0.04, gain_high=0.06, to_member=[0.01, 0.03, 0.02])
    return rows.assign(to_member_low=-0.01, to_member_high=0.05)


def test_recipes_stand_against_the_teachers_of_most(table):
    figure, panels = plotting.recipes_page(table, NAMES)
    shown = next(iter(panels.values()))
    assert list(shown["against"].unique()) == ["standard"]
    assert len(panels) == 4
    gains, following, epistemic, steps = figure.axes
    heights = {}
    for bar in gains.containers:
        heights[bar.lines[0].get_ydata()[0]] = bar.lines[0].get_xdata()[0]
    recipes = list(shown["recipe"])
    assert heights[recipes.index("degu")] == 0.03
    labels = [label.get_text() for label in gains.get_yticklabels()]
    assert labels == [NAMES.recipes[recipe] for recipe in recipes]
    (band,) = gains.patches
    assert (band.get_x(), band.get_width()) == (0.04, pytest.approx(0.02))
    marks = {line.get_ydata()[0]: line.get_xdata()[0] for line in steps.lines}
    assert marks[recipes.index("noisy")] == 3
    assert len(epistemic.lines) == 2 and len(following.lines) == 2
    plt.close("all")


def test_a_page_without_epistemic_heads_has_no_panel_on_them(table):
    shown = table[table["recipe"] == "noisy"]
    assert len(plotting.recipes_page(shown, NAMES)[1]) == 3
    plt.close("all")
