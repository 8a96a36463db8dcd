"""Guided students beside baseline and teachers: by hand, and against scipy."""

import h5py
import numpy as np
import pandas as pd
import pytest
from scipy import stats

import made_teacher
from degu import metrics
from degu.heads import Heads
from degu.predictions import Predictions, Split
from degu.tables import guided


def run_of(data, heads, *errors):
    """Predictions of members that miss the measurements of the test set by errors."""
    truth = data.targets("test")
    values = np.stack([truth + error for error in errors]).astype(np.float32)
    test = Split(data.names("test"), data.units("test"), truth, values)
    return Predictions(heads, test, test)


def test_members_ensembles_teachers_and_their_mean(tmp_path):
    data = made_teacher.data(tmp_path)
    truth = data.targets("test").astype(float)
    error = np.random.default_rng(0).normal(size=(10, 1))
    for name, sign in (("a", 1), ("b", -1)):
        with h5py.File(tmp_path / f"{name}.h5", "w") as file:
            file["test/outputs"] = truth + sign * error
    runs = {"standard": run_of(data, Heads.of(["y"]), error, -2 * error)}
    teachers = {name: tmp_path / f"{name}.h5" for name in ("a", "b")}
    table = guided.measure(data, runs, teachers, resamples=200)
    assert table.columns.tolist() == guided.COLUMNS
    told = table[["model", "kind", "member"]].agg("/".join, axis=1)
    expected = ["standard/member/0", "standard/member/1", "standard/ensemble/ensemble"]
    expected += ["a/teacher/0", "b/teacher/0", "ensemble/teacher/0"]
    assert told.tolist() == expected
    values = dict(zip(told, table["value"], strict=True))
    share = np.mean(error**2) / np.var(truth)
    of_errors = {"standard/member/0": 1, "standard/member/1": 4, "standard/ensemble/ensemble": 0.25}
    for name, times in (of_errors | {"a/teacher/0": 1, "ensemble/teacher/0": 0}).items():
        assert values[name] == pytest.approx(1 - times * share, abs=1e-6)
    assert (table["low"] <= table["value"]).all() and (table["value"] <= table["high"]).all()
    assert table["low"][0] == pytest.approx(table["low"][3], abs=1e-6)


def test_intervals_are_those_of_r2_over_drawn_units(tmp_path):
    data = made_teacher.data(tmp_path)
    error = np.random.default_rng(1).normal(size=(10, 1))
    runs = {"standard": run_of(data, Heads.of(["y"]), error)}
    table = guided.measure(data, runs, {}, resamples=300, seed=5)
    y = data.targets("test")[:, 0].astype(float)
    predicted, rng = runs["standard"].test.predictions[0, :, 0], np.random.default_rng(5)
    drawn = [rng.integers(10, size=10) for _ in range(300)]
    expected = np.quantile([metrics.r2(y[at], predicted[at]) for at in drawn], [0.025, 0.975])
    assert table.loc[0, ["low", "high"]].tolist() == pytest.approx(expected.tolist(), rel=1e-5)


def test_classes_have_a_matthews_correlation(tmp_path):
    data = made_teacher.data(tmp_path, classes=True)
    runs = {"standard": run_of(data, Heads.of_classes(["even", "odd"]), 0)}
    table = guided.measure(data, runs, {}, resamples=50)
    assert table[["output", "metric", "value"]].to_numpy().tolist() == [["all", "mcc", 1.0]]


RECIPES = {
    name: {"teachers": ["a", "b"], "loss": loss, "combine": "sum"}
    for name, loss in (("f", "fitnet"), ("e", "eucosine"), ("l", "logit"))
}


@pytest.fixture
def measured():
    """Two tasks: eucosine wins both, logit and fitnet one each of the places behind it."""
    values = {"one": [0.5, 0.7, 0.4, 0.6], "two": [0.3, 0.9, 0.6, 0.1]}
    rows = [
        (dataset, 0.5, name, "member", "y", value + shift)
        for dataset, of_task in values.items()
        for name, value in zip(("f", "e", "l", "baseline"), of_task, strict=True)
        for shift in (-0.1, 0.1)
    ]
    columns = ["dataset", "fraction", "model", "kind", "output", "value"]
    return pd.DataFrame(rows, columns=columns)


def test_variants_are_ranked_within_a_task(measured):
    table = guided.variants(measured, RECIPES)
    ranks = table.pivot(index="recipe", columns="dataset", values="rank")
    third = 100 / 3
    assert ranks.loc["e"].tolist() == [100, 100]
    assert ranks.loc["f"].tolist() == pytest.approx([2 * third, third])
    assert table.loc[table["best"], ["dataset", "recipe"]].to_numpy().tolist() == [
        ["one", "e"],
        ["two", "e"],
    ]
    assert set(table["teachers"]) == {"a+b"}
    assert table["value"].tolist() == pytest.approx([0.5, 0.7, 0.4, 0.3, 0.9, 0.6])


def test_losses_are_tested_against_each_other(measured):
    ranked = guided.variants(measured, RECIPES)
    table = guided.tests(ranked)
    assert table[["choice", "one", "other"]].to_numpy().tolist() == [
        ["loss", "fitnet", "eucosine"],
        ["loss", "fitnet", "logit"],
        ["loss", "eucosine", "logit"],
    ]
    one, other = (ranked.loc[ranked["loss"] == loss, "rank"] for loss in ("fitnet", "eucosine"))
    assert table["p"][0] == stats.mannwhitneyu(one, other).pvalue
    assert table.loc[0, ["number_one", "median_other"]].tolist() == [2, 100]
