"""Boxes of members by recipe and by number of teachers, and what ensembles reach."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from degu import plotting
from test_plotting_names import NAMES

GREEN = "#009E73"


@pytest.fixture
def axes():
    """One panel; all figures are closed behind a test."""
    yield plotting.canvas(1, 1)[1][0, 0]
    plt.close("all")


def table(*rows):
    """Rows of performance of one output: recipe, member, value."""
    found = pd.DataFrame(rows, columns=["recipe", "member", "value"])
    return found.assign(dataset="lenti", output="activity", low=np.nan, high=np.nan)


def test_an_ensemble_is_a_line_across_its_members_and_students(axes):
    rows = table(
        ("degu", "0", 0.7),
        ("degu", "1", 0.72),
        ("degu", "ensemble", 0.9),
        ("noisy", "0", 0.5),
        ("noisy", "ensemble", 0.95),
        ("standard", "0", 0.6),
        ("standard", "ensemble", 0.8),
    )
    plotting.recipe_panel(axes, rows, NAMES)
    labels = [label.get_text().replace("\n", " ") for label in axes.get_xticklabels()]
    assert labels == ["standard training", "DEGU", "with noise"]
    (line,) = [part for part in axes.collections if hasattr(part, "get_segments")]
    np.testing.assert_allclose(line.get_segments(), [[[-0.4, 0.8], [1.4, 0.8]]])
    # Ensembles are in no box.
    highest = max(max(line.get_ydata()) for line in axes.lines if len(line.get_ydata()))
    assert highest == 0.72


def test_a_page_explains_ensembles_only_where_there_are_some():
    rows = table(("degu", "0", 0.7), ("standard", "0", 0.6), ("standard", "ensemble", 0.8))
    rows = rows.assign(metric="pearson", role="k562", place=0)
    for recipes, number in [(["degu", "standard"], 1), (["degu"], 0)]:
        shown = plotting.rows(rows, recipe=recipes)
        figure, panels = plotting.recipe_page(shown, {"a": {"role": "k562"}}, NAMES)
        assert len(figure.legends) == number
        assert len(panels["a"]) == len(shown)
    plt.close("all")


def test_students_and_ensembles_stand_at_their_number_of_teachers(axes):
    rows = table(
        ("degu", "0", 0.7),
        ("degu", "1", 0.74),
        ("standard", "ensemble", 0.8),
        ("standard", "ensemble", 0.76),
        ("standard", "0", 0.6),
        ("standard", "1", 0.64),
    ).assign(size=[2, 2, 10, 2, np.nan, np.nan])
    rows[["low", "high"]] = np.array([[-0.1, 0.05]] * 6) + rows[["value"]].to_numpy()
    plotting.size_panel(axes, rows, NAMES)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["2", "10"]
    (diamonds,) = [line for line in axes.lines if line.get_marker() == "D"]
    assert diamonds.get_xydata().tolist() == [[1, 0.8], [0, 0.76]]
    (bars,) = [part for part in axes.collections if hasattr(part, "get_segments")]
    np.testing.assert_allclose(bars.get_segments()[0], [[1, 0.7], [1, 0.85]])
    (dots,) = [part for part in axes.collections if not hasattr(part, "get_segments")]
    assert dots.get_offsets()[:, 1].tolist() == [0.7, 0.74]
    (mean,) = [line for line in axes.lines if list(line.get_xdata()) == [0, 1]]
    assert mean.get_ydata() == pytest.approx([0.62, 0.62])
    looks = plotting.size_looks(rows, NAMES)
    assert list(looks) == [
        "students", "ensemble of standard training", "mean of standard training",
    ]  # fmt: skip
    assert (looks["students"].colour, looks["mean of standard training"].marker) == ("#D55E00", "")
