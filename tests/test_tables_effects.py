"""Table of intervals of effects: coverage, width and ranks by locus, by hand and in the mean."""

import numpy as np
import pandas as pd
import pytest

from degu import intervals, metrics
from degu.tables import effects
from degu.variants import calibrated
from degu.variants.calibrated import estimates
from test_variants_calibrated import made, world


def value(table, **labels):
    kept = table
    for name, wanted in labels.items():
        kept = kept[kept[name] == wanted]
    (found,) = kept["value"]
    return found


def test_coverage_and_width_of_a_locus_are_by_factors_of_the_others():
    scored = world(0, loci=4)
    table = effects.measure(scored, [0.5, 0.9], 1e-3, resamples=50, score="plain")
    one = next(one for one in estimates(scored) if one.kind == "paired")
    locus, _ = calibrated.loci(scored)
    rows = locus == "l2"
    found = intervals.calibrate(one.rows(~rows), [0.9], 1e-3, score="plain").factors[0.9][0]
    covered = np.abs(one.truth - one.mean)[rows] <= found * one.std[rows]
    of = {"locus": "l2", "kind": "paired", "level": 0.9}
    assert value(table, **of, metric="conformal_coverage") == covered.mean()
    width = value(table, **of, metric="conformal_width")
    assert width == pytest.approx(2 * found * one.std[rows].mean())
    gaussian = np.abs(one.truth - one.mean)[rows] <= 1.6448536 * one.std[rows]
    assert value(table, **of, metric="coverage") == gaussian.mean()
    rho = metrics.spearman(np.abs(one.truth - one.mean)[rows], one.std[rows])
    assert value(table, locus="l2", kind="paired", metric="spearman_error") == pytest.approx(rho)
    bounds = table[table["metric"] == "conformal_coverage"].dropna(subset="low")
    assert (bounds["low"] <= bounds["value"]).all() and (bounds["value"] <= bounds["high"]).all()
    assert (table.loc[table["locus"] == "l2", "number"] == 120).all()


def test_the_mean_counts_loci_that_overlap_once():
    places = {"A": ("c1", range(10)), "A2": ("c1", range(10)), "B": ("c2", range(10))}
    scored = made(places)
    scored.table["value"] = np.repeat([0.0, 0, 5], 10)
    table = effects.measure(scored, [0.9], 1.0, resamples=10, score="plain")
    labels = {"kind": "paired", "metric": "coverage"}
    assert value(table, **labels, locus="A") == 1 and value(table, **labels, locus="B") == 0
    assert value(table, **labels, locus=effects.MEAN) == 0.5
    assert set(table["left_out"].dropna()) == {"A+A2", "B", ""}


def test_a_single_locus_is_calibrated_on_nothing():
    scored = made({"A": ("c1", range(30))})
    scored.table["value"] = np.arange(30.0)
    table = effects.measure(scored, [0.9], 1.0, resamples=10, score="plain")
    assert set(table["metric"]) == {"coverage", "width", "spearman_error"}


def test_nothing_that_was_measured_makes_no_rows():
    scored = made({"A": ("c1", range(3)), "B": ("c2", range(3))})
    scored.table["value"] = np.nan
    table = effects.measure(scored, [0.9], 1.0)
    assert list(table.columns) == effects.COLUMNS and table.empty
    assert isinstance(table, pd.DataFrame)
