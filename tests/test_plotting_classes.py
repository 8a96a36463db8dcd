"""Pages on classes: what stands where."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from degu import plotting
from plotted import NAMES

CLASSES = NAMES._replace(targets={"lenti": {"a": ["first", ""], "b": ["second", ""]}})


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def agreement():
    rows = [
        (recipe, metric, member, value)
        for recipe, add in (("standard", 0.0), ("degu", 0.1))
        for metric in ("mcc", "balanced_accuracy", "auroc", "accuracy")
        for member, value in (("0", 0.5 + add), ("1", 0.6 + add), ("ensemble", 0.65 + add))
    ]
    table = pd.DataFrame(rows, columns=["recipe", "metric", "member", "value"])
    table = table.assign(dataset="lenti", fraction=1.0, output="all", kind="class")
    bounded = table["metric"] != "auroc"
    table["low"], table["high"] = (
        np.where(bounded, table["value"] + step, np.nan) for step in (-0.02, 0.03)
    )
    return table


def test_recipes_stand_below_one_another_with_their_ensembles(agreement):
    figure, panels = plotting.classes_page(agreement, CLASSES)
    assert len(panels) == len(figure.axes) == 3
    mcc = figure.axes[0]
    assert [tick.get_text() for tick in mcc.get_yticklabels()] == ["standard training", "DEGU"]
    dots = [line.get_xdata().tolist() for line in mcc.lines if len(line.get_xdata()) == 2]
    assert dots == [[0.5, 0.6], [pytest.approx(0.6), pytest.approx(0.7)]]
    (bar,) = mcc.containers[1].lines[2]
    np.testing.assert_allclose(bar.get_segments()[0][:, 0], [0.73, 0.78])
    # Areas have no interval.
    assert not figure.axes[2].containers[0].lines[2]


def test_confusion_is_in_percent_of_the_class():
    table = pd.DataFrame(
        {
            "truth": ["a", "a", "b", "b"],
            "predicted": ["a", "b", "a", "b"],
            "number": [6, 2, 0, 4],
            "dataset": "lenti",
            "recipe": "degu",
            "fraction": 1.0,
        }
    )
    figure, panels = plotting.confusion_page(table, CLASSES)
    assert list(panels) == ["lentiMPRA K562: DEGU"]
    (axes,) = figure.axes
    (image,) = axes.images
    assert image.get_array().tolist() == [[0.75, 0.25], [0, 1]]
    # Row, column and text: nothing stands where nothing is called.
    found = {(*text.get_position()[::-1], text.get_text()) for text in axes.texts}
    assert found == {(0, 0, "75"), (0, 1, "25"), (1, 1, "100")}
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["first", "second"]


def test_reliability_is_solid_as_predicted_and_dashed_at_one_temperature():
    rows = [
        (member, scaled, level, level + 0.1 * scaled)
        for member in ("0", "ensemble")
        for scaled in (False, True)
        for level in (0.5, 0.9)
    ]
    table = pd.DataFrame(rows, columns=["member", "scaled", "confidence", "accuracy"])
    table = table.assign(dataset="lenti", recipe="degu", fraction=1.0)
    empty = table[-1:].assign(confidence=np.nan, accuracy=np.nan)
    table = pd.concat([table, empty])
    figure, _ = plotting.class_reliability_page(table, CLASSES)
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) == 2][:2]
    assert [line.get_linestyle() for line in lines] == ["-", "--"]
    np.testing.assert_allclose(lines[1].get_ydata(), [0.6, 1.0])
