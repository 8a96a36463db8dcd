"""Panels of risk against coverage: which curves they hold, and the figure of both tables."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import plot_risk
from degu import plotting
from degu.plotting.style import ENSEMBLE

NAMES = {
    "datasets": {"mpra": "MPRA"},
    "variants": {"satmut": "mutagenesis"},
    "recipes": {"standard": "standard", "degu": "DEGU", "lone": "lone"},
    "teachers": {"degu": "standard"},
    "targets": {"mpra": {"y": ["activity", "log2"]}},
    "units": {"satmut": "log2"},
}
PAIRS = {
    "standard": [
        ("0", "dropout"),
        ("0", "random"),
        ("ensemble", "ensemble"),
        ("ensemble", "random"),
    ],
    "degu": [("0", kind) for kind in ("random", "epistemic", "aleatoric", "total")]
    + [("1", kind) for kind in ("random", "epistemic", "aleatoric", "total")],
    "lone": [("ensemble", "ensemble"), ("ensemble", "random")],
}


def made(**place):
    """Make rows of one activity: values are a number for each model and kind, plus the share."""
    rows = [
        (recipe, member, kind, share, metric, number + share, number, number + 2)
        for number, (recipe, member, kind) in enumerate(
            (recipe, *pair) for recipe, pairs in PAIRS.items() for pair in pairs
        )
        for share in (1.0, 0.5)
        for metric in ("pearson", "sign_accuracy")
    ]
    columns = ["recipe", "member", "kind", "share", "metric", "value", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(dataset="mpra", fraction=1.0, output="y", number=10, **place)


@pytest.fixture
def table():
    return made().assign(variants=np.nan, locus=np.nan)


def test_each_model_leaves_out_by_its_first_kind(table):
    names = plotting.Names(**NAMES)
    effects = made(variants="satmut", locus="F9")
    effects.loc[effects["kind"] == "aleatoric", "kind"] = "paired"
    kept = plotting.abstaining(pd.concat([table, effects]), names)
    shown = kept.groupby("locus", dropna=False)[["recipe", "kind"]].agg(
        lambda some: sorted(set(some))
    )
    assert shown.loc["F9"].tolist() == [["degu", "standard"], ["ensemble", "paired", "random"]]
    assert shown.loc[np.nan].tolist() == [["degu", "standard"], ["ensemble", "random", "total"]]
    assert set(kept.loc[kept["recipe"] == "standard", "member"]) == {"ensemble"}


def test_curves_are_means_over_members_beside_random_ones(table):
    names = plotting.Names(**NAMES)
    points = plotting.abstaining(table, names)
    figure, axes = plt.subplots()
    plotting.by_abstention(axes, points[points["metric"] == "pearson"], names)
    ensemble, chance, student, of_student = axes.lines
    assert ensemble.get_xdata().tolist() == [50, 0]
    assert ensemble.get_ydata().tolist() == [2.5, 3]
    assert (ensemble.get_color(), ensemble.get_marker()) == (ENSEMBLE.colour, "D")
    assert chance.get_ydata().tolist() == [3.5, 4]
    # Members 0 and 1 are numbers 7 and 11; random ones 4 and 8.
    assert student.get_ydata().tolist() == [9.5, 10]
    assert of_student.get_ydata().tolist() == [6.5, 7]
    assert len(axes.collections) == 2
    plt.close(figure)


@pytest.mark.parametrize("variants", [False, True])
def test_the_figure_has_a_row_an_activity_and_a_locus(tmp_path, variants):
    tables = {"risk.tsv": made()}
    if variants:
        tables["variant_risk.tsv"] = made(variants="satmut", locus="F9")
    for name, table in tables.items():
        table.to_csv(tmp_path / name, sep="\t", index=False)
    files = {key: str(tmp_path / f"risk.{key}") for key in ("pdf", "png", "source")}
    plot_risk.main([str(tmp_path / name) for name in tables], NAMES, files)
    source = pd.read_table(files["source"])
    rows = ["MPRA: activity"] + variants * ["mutagenesis, F9: MPRA: activity"]
    assert list(source["panel"].unique()) == [
        f"{row}: {metric}" for row in rows for metric in ("pearson", "sign_accuracy")
    ]
