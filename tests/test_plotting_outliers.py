"""The page on foreign sequences: a line a score, a panel a group."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from degu import plotting
from plotted import NAMES


@pytest.fixture
def drawn():
    rows = [
        ("standard", "mutual_information", "members", "ensemble", 0.7),
        ("standard", "mutual_information", "passes", "0", 0.6),
        ("standard", "mutual_information", "passes", "1", 0.8),
        ("degu", "mutual_information", "head", "0", 0.65),
        ("degu", "mutual_information", "members", "ensemble", 0.1),
        ("standard", "entropy", "prediction", "0", 0.2),
        ("standard", "nearest", "distance", "inputs", 0.9),
        ("degu", "nearest", "distance", "inputs", 0.9),
    ]
    table = pd.DataFrame(rows, columns=["recipe", "score", "source", "member", "value"])
    table = table.assign(dataset="lenti", fraction=1.0, metric="auroc")
    table = table.assign(low=table["value"] - 0.05, high=table["value"] + 0.05)
    both = pd.concat([table.assign(group=group) for group in ("near", "far")])
    figure, panels = plotting.outliers_page(both, NAMES)
    yield figure, panels
    plt.close("all")


def test_lines_are_scores(drawn):
    figure, panels = drawn
    assert list(panels) == ["lentiMPRA K562: near", "lentiMPRA K562: far"]
    near, far = figure.axes
    assert [tick.get_text() for tick in near.get_yticklabels()] == [
        "information, ensemble of standard training",
        "information, passes of standard training",
        "information, head of DEGU",
        "nearest neighbours",
    ]
    assert not [tick for tick in far.get_yticklabels() if tick.get_text()]
    means = [bar.lines[0].get_xdata()[0] for bar in near.containers]
    assert means == pytest.approx([0.7, 0.7, 0.65, 0.9])
    (members,) = [line for line in near.lines if line.get_marker() == "."]
    assert members.get_xdata().tolist() == [0.6, 0.8]


def test_what_is_drawn_is_kept(drawn):
    shown = drawn[1]["lentiMPRA K562: far"]
    assert set(shown["group"]) == {"far"}
    assert len(shown) == 5
