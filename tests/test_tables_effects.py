"""Table of intervals of effects: coverage, width and ranks by locus, by hand and in the mean."""

import numpy as np
import pandas as pd
import pytest

import calibrate_effects
from degu import intervals, metrics
from degu.tables import effects
from degu.variants import calibrated, scored
from degu.variants.calibrated import estimates
from test_variants_calibrated import made, world


def value(table, **labels):
    kept = table
    for name, wanted in labels.items():
        kept = kept[kept[name] == wanted]
    (found,) = kept["value"]
    return found


def test_coverage_and_width_of_a_locus_are_by_factors_of_the_others():
    run = world(0, loci=4)
    table = effects.measure(run, [0.5, 0.9], 1e-3, resamples=50, score="plain")
    one = next(one for one in estimates(run) if one.kind == "paired")
    locus, _ = calibrated.loci(run)
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
    run = made(places)
    run.table["value"] = np.repeat([0.0, 0, 5], 10)
    table = effects.measure(run, [0.9], 1.0, resamples=10, score="plain")
    labels = {"kind": "paired", "metric": "coverage"}
    assert value(table, **labels, locus="A") == 1 and value(table, **labels, locus="B") == 0
    assert value(table, **labels, locus=effects.MEAN) == 0.5
    assert set(table["left_out"].dropna()) == {"A+A2", "B", ""}


def test_a_single_locus_is_calibrated_on_nothing():
    run = made({"A": ("c1", range(30))})
    run.table["value"] = np.arange(30.0)
    table = effects.measure(run, [0.9], 1.0, resamples=10, score="plain")
    assert set(table["metric"]) == {"coverage", "width", "spearman_error"}


def test_nothing_that_was_measured_makes_no_rows():
    run = made({"A": ("c1", range(3)), "B": ("c2", range(3))})
    run.table["value"] = np.nan
    table = effects.measure(run, [0.9], 1.0)
    assert list(table.columns) == effects.COLUMNS and table.empty
    assert isinstance(table, pd.DataFrame)


def test_the_script_writes_factors_of_all_loci_and_both_tables(tmp_path):
    run = world(1, loci=3)
    scored.write(tmp_path / "run.h5", run)
    overlaps = pd.DataFrame({"locus": ["l0", "l1", "l2"], "training_sequences": [0, 7, 0]})
    overlaps.to_csv(tmp_path / "overlaps.tsv", sep="\t", index=False)
    files = [tmp_path / name for name in ("effects.json", "table.tsv", "risk.tsv")]
    how = {"smallest_std": 1e-3, "score": "normalised", "quantile": "finite_sample"}
    calibrate_effects.main(
        tmp_path / "run.h5", tmp_path / "overlaps.tsv", *files, level=0.8,
        bootstrap={"resamples": 10, "seed": 0}, **how,
    )  # fmt: skip
    factors = intervals.read(files[0])
    assert {key[:3] for key in factors} == {("0", "y", "paired"), ("0", "y", "epistemic")}
    assert factors["0", "y", "paired", None].number == 360
    table = pd.read_table(files[1])
    assert sorted(table["level"].dropna().unique()) == [0.8, 0.9]
    assert set(table.loc[table["locus"] == "l1", "overlapping"]) == {7}
    risk = pd.read_table(files[2])
    assert set(risk["locus"]) == {"l0", "l1", "l2"}
    assert set(risk["kind"]) == {"random", "paired", "epistemic"}
