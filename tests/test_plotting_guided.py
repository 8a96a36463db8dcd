"""The page on students of other models: places of members, ensembles and teachers, ranks."""

import matplotlib.pyplot as plt
import pandas as pd

from degu import plotting
from test_plotting_names import NAMES


def test_models_stand_in_the_order_of_the_table():
    rows = [
        ("standard", "member", 0.3),
        ("standard", "member", 0.4),
        ("standard", "ensemble", 0.5),
        ("degu", "member", 0.6),
        ("rna", "teacher", 0.8),
    ]
    table = pd.DataFrame(rows, columns=["model", "kind", "value"])
    table = table.assign(dataset="lenti", fraction=1.0, output="activity", metric="r2")
    table = table.assign(low=table["value"] - 0.1, high=table["value"] + 0.2)
    variants = pd.DataFrame({"loss": ["fitnet", "logit", "logit"], "rank": [100, 50, 75]})
    tests = pd.DataFrame({"choice": ["loss"], "one": ["fitnet"], "other": ["logit"], "p": [0.25]})
    figure, panels = plotting.guided_page(table, variants, tests, NAMES)
    task, ranks = figure.axes
    labels = [label.get_text() for label in task.get_yticklabels()]
    assert labels == [NAMES.recipes["standard"], NAMES.recipes["degu"], "teacher rna"]
    places = {bar.lines[0].get_xdata()[0]: bar.lines[0].get_ydata()[0] for bar in task.containers}
    assert places == {0.5: 0, 0.8: 2}
    members = [(line.get_xdata()[0], line.get_ydata()[0]) for line in task.lines]
    assert {(0.3, 0), (0.4, 0), (0.6, 1)} <= set(members)
    assert ranks.lines[0].get_xdata().tolist() == [100]
    assert ranks.lines[3].get_xdata() == [62.5]
    assert "fitnet, logit: p = 0.25" in ranks.get_xlabel()
    assert len(panels) == 2
    plt.close("all")
