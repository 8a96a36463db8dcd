"""The page of motifs: which runs and motifs it shows, bars by sign, logos."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from degu import plotting
from degu.motifs import table
from motif_files import PLANTED
from plotted import NAMES

RUN = {"dataset": "lenti", "recipe": "standard", "fraction": 1.0}
HEADS = {"activity": "activity", "activity_epistemic": "epistemic"}
# Seqlets that raise and lower each head, of 20 and of 10.
COUNTS = {("activity", "left"): (4, 1), ("activity", "right"): (0, 10)}
COUNTS |= {("activity_epistemic", "left"): (5, 0), ("activity_epistemic", "none"): (3, 2)}
TOTAL = {"activity": 20, "activity_epistemic": 10}


def letters(families, **labels):
    parts = [
        table.letters(PLANTED[name], table.bits(PLANTED[name])).assign(**{key: name}, **labels)
        for key, name in families
    ]
    return pd.concat(parts)


@pytest.fixture(scope="module")
def page():
    counts = pd.DataFrame(
        [
            {"output": head, "kind": HEADS[head], "family": family, "title": family.upper()}
            | {"seqlets": up + down, "share": (up + down) / TOTAL[head]}
            | {"raising": up, "lowering": down}
            for (head, family), (up, down) in COUNTS.items()
        ]
    )
    found = [
        {"output": head, "pattern": f"raising{number}", "seqlets": 90 - number, "q": 0.001}
        | {"motif": "left" if number else "none", "title": "LEFT" if number else "none"}
        for head, number in [("activity", 0), ("activity", 1), ("activity_epistemic", 0)]
    ]
    patterns = [
        letters([("pattern", "left")], output=row["output"]).assign(pattern=row["pattern"])
        for row in found
    ]
    logos = letters([("family", "left"), ("family", "right")])
    runs = [RUN, RUN | {"recipe": "degu"}, RUN | {"recipe": "noisy"}]
    tables = [counts, logos, pd.DataFrame(found), pd.concat(patterns)]
    of_runs = [pd.concat([one.assign(**run) for run in runs]) for one in tables]
    figure, panels = plotting.motif_page(*of_runs, NAMES)
    yield figure, panels
    plt.close(figure)


def test_of_a_data_set_teachers_and_a_student_are_shown(page):
    titles = ["matched motifs", "discovered motifs"]
    recipes = ["standard training", "DEGU"]
    expected = [f"lentiMPRA K562, {recipe}: {title}" for recipe in recipes for title in titles]
    assert list(page[1]) == expected
    assert set(page[1][expected[0]]["family"]) == {"left", "right"}


def test_bars_are_shares_by_sign(page):
    """Families of the largest share first: each has a bar to the right and one to the left."""
    bars = next(axes for axes in page[0].axes if axes.patches and axes.get_xlabel())
    widths = sorted(
        (round(bar.get_y() + bar.get_height() / 2, 6), bar.get_width()) for bar in bars.patches
    )
    expected = [(-0.2, -0.05), (-0.2, 0.2), (0.2, 0), (0.2, 0.5), (0.8, -0.5), (0.8, 0)]
    np.testing.assert_allclose(widths, expected)
    shown = [text.get_text() for text in bars.get_legend().get_texts()]
    assert shown == ["activity", "activity, epistemic uncertainty"]


def test_discovered_motifs_name_their_match(page):
    titles = [axes.get_title(loc="left").replace("\n", " ") for axes in page[0].axes]
    assert "activity, 90 seqlets: no match (q = 0.001)" in titles
    assert "activity, 89 seqlets: LEFT (q = 0.001)" in titles


def test_without_matches_the_page_says_so():
    counts = pd.DataFrame([{**RUN, "output": "activity", "family": "none", "share": 1.0}])
    nothing = pd.DataFrame(columns=[*RUN, "output", "seqlets"])
    figure, panels = plotting.motif_page(counts, nothing, nothing, nothing, NAMES)
    assert [text.get_text() for text in figure.texts] == [
        "No seqlet matches a motif, and no motif was discovered."
    ]
    assert list(panels) == ["none"]
    plt.close(figure)
