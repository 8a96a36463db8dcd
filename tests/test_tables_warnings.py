"""Results that are warned of: each measure a little within and a little beyond its bound."""

import numpy as np
import pandas as pd
import pytest
import yaml

from degu import intervals
from degu.intervals import Estimate
from degu.metrics import mean_interval
from degu.tables import intervals as tables
from degu.tables.warnings import CHECKS, COLUMNS, collect, kept_rows
from workflow import ROOT

BOUNDS = yaml.safe_load((ROOT / "config.yaml").read_text())["warnings"]
RUN = {"dataset": "d", "recipe": "taught", "fraction": 0.5}


def table(rows, columns, **labels):
    return pd.DataFrame(rows, columns=columns).assign(**(RUN | labels))


def heads(kind, *values, ensemble=0.99, **labels):
    """Pearson's r of members; that of their ensemble, and another metric, do not count."""
    members = [*map(str, range(len(values))), "ensemble"]
    output = {"activity": "y", "epistemic": "y_epistemic"}[kind]
    rows = list(zip(members, [*values, ensemble], strict=True))
    found = table(rows, ["member", "value"], kind=kind, output=output, metric="pearson", **labels)
    return pd.concat([found, found.assign(metric="spearman", value=-1.0)])


def card(kept=(80, 10, 10), rows=150, ceiling=0.9, ends=((-4, 4), (-2, 5), (0, 1))):
    """Card of a data set whose activity y lies between -4 and 5 in all splits together."""
    found = [("all", "sequence", "rows in the table", rows), ("all", "sequence", "others", 7)]
    for split, number, (low, high) in zip(("train", "validation", "test"), kept, ends, strict=True):
        found += [(split, "sequence", "number", number), (split, "sequence", "length", 9)]
        found += [(split, "y", "quantile 0", low), (split, "y", "quantile 1", high)]
        found += [(split, "y", "noise_ceiling", ceiling if split == "test" else 0.0)]
    columns = ["split", "output", "metric", "value"]
    return pd.DataFrame(found, columns=columns).assign(dataset="d")


def interval(metric, *values, kind="total", covers="measurement"):
    rows = [(str(member), value) for member, value in enumerate(values)]
    labels = {"metric": metric, "kind": kind, "covers": covers, "output": "y"}
    return table(rows, ["member", "value"], **labels)


def warned(controls=(), **tables):
    """Measures that are warned of, and the table."""
    found = collect(tables, BOUNDS, controls)
    assert found.columns.tolist() == COLUMNS
    assert (found["bound"] == found["warning"].map(BOUNDS)).all()
    return found["warning"].tolist(), found


def test_each_check_has_a_bound():
    assert CHECKS.keys() == BOUNDS.keys()


def test_nothing_is_warned_of_without_tables_or_where_all_is_well():
    assert warned()[0] == []
    fine = {"cards": card(), "intervals": interval("conformal_factor", 1.9, 2.1)}
    fine["performance"] = pd.concat([heads("activity", 0.6, 0.62), heads("epistemic", 0.5, 0.3)])
    fine["baseline"] = table([("y", "pearson", 0.55)], ["output", "metric", "value"])
    fine["training"] = table([(False, None)] * 2, ["undertrained", "reason"])
    assert warned(**fine)[0] == []


def test_dropped_rows_are_those_in_no_split():
    assert warned(cards=card(rows=200))[0] == []
    names, found = warned(cards=card(rows=201))
    assert names == ["dropped_rows"]
    (row,) = found.itertuples()
    assert row.value == pytest.approx(101 / 201)
    assert (row.dataset, row.recipe, row.output, row.detail) == ("d", "", "", "kept 100 of 201")
    assert np.isnan(row.fraction)


def test_rows_that_are_kept_are_those_in_a_split():
    assert kept_rows(card(kept=(70, 10, 10), rows=150)) == (90, 150)
    unknown = card()
    assert kept_rows(unknown[unknown["metric"] != "rows in the table"]) is None


def test_rows_of_splits_that_the_config_leaves_out_are_not_dropped():
    used = pd.DataFrame([("all", "sequence", "rows of splits that are used", 150, "d")])
    made = pd.concat([card(rows=1000), used.set_axis(card().columns, axis=1)])
    assert warned(cards=made)[0] == []


def test_a_noise_ceiling_is_that_of_the_test_set():
    assert warned(cards=card(ceiling=0.3))[0] == []
    names, found = warned(cards=card(ceiling=0.29))
    assert names == ["noise_ceiling"]
    assert found[["output", "value"]].to_numpy().tolist() == [["y", 0.29]]


def test_undertrained_members_are_counted_with_their_reasons():
    rows = [(True, "too short"), (False, None), (True, "too fast"), (True, "too short")]
    names, found = warned(training=table(rows, ["undertrained", "reason"]))
    assert names == ["undertrained"]
    assert found["value"].item() == 0.75
    assert found["detail"].item() == "3 of 4 members: too short or too fast"
    assert found[[*RUN]].iloc[0].to_dict() == RUN


def test_members_are_held_against_the_ridge_of_the_same_fraction():
    rows = [("y", "pearson", 0.5, 0.6), ("y", "pearson", 1.0, 0.1), ("y", "mse", 0.5, 7.0)]
    baseline = pd.DataFrame(rows, columns=["output", "metric", "fraction", "value"])
    baseline = baseline.assign(dataset="d")
    assert warned(performance=heads("activity", 0.62, 0.64), baseline=baseline)[0] == []
    names, found = warned(performance=heads("activity", 0.60, 0.63), baseline=baseline)
    assert names == ["gain_over_kmers"]
    assert found["value"].item() == pytest.approx(0.015)
    assert found["detail"].item() == "mean r 0.615, of the ridge 0.600"
    # A data set without a baseline, such as one of profiles, has nothing to beat.
    assert (
        warned(performance=heads("activity", 0.1), baseline=baseline.assign(dataset="e"))[0] == []
    )


def test_the_worst_epistemic_head_is_told_and_an_undefined_one():
    names, found = warned(performance=heads("epistemic", 0.5, 0.1, 0.29))
    assert names == ["epistemic_r"]
    assert found[["output", "value", "detail"]].to_numpy().tolist() == [
        ["y_epistemic", 0.1, "2 of 3 members"]
    ]
    _, found = warned(performance=heads("epistemic", 0.5, np.nan))
    assert found["detail"].item() == "1 of 2 members" and np.isnan(found["value"].item())


def test_intervals_beyond_bounds_by_kind():
    """Those of replicates, without bounds, or in units of the activity do not count."""
    rows = pd.concat(
        [
            interval("conformal_factor", 51.0, 1487.0, 50.0),
            interval("conformal_factor", 3.0, np.inf, kind="epistemic"),
            interval("conformal_factor", 99.0, covers="replicate"),
            interval("infinite", 0.0, 1.0, kind="epistemic"),
            interval("conformal_width", 9.0, 9.9, 350.0),
            interval("conformal_width", np.inf, kind="epistemic"),
        ]
    )
    names, found = warned(intervals=rows, cards=card())
    assert names == ["infinite_intervals", "conformal_factor", "relative_width"]
    assert found["detail"].tolist() == [
        "epistemic, 1 of 2 members", "total, 2 of 3 members", "total, 2 of 3 members"
    ]  # fmt: skip
    assert found["value"].tolist() == [1.0, 1487.0, pytest.approx(350 / 9)]


def test_deviations_at_the_floor_make_a_factor_of_1487():
    """A tenth of the deviations is raised to .001, where errors are 1.487.

    By hand: 90 of 100 scores are .5 / .5; of rank ceil(101 * .95) is 1.487 / .001. The mean
    deviation is .4501, activities span 9. With an offset no score is huge.
    """
    std, error = np.repeat([0.5, -0.2], [90, 10]), np.repeat([0.5, 1.487], [90, 10])
    mean = np.linspace(-3, 3, 100)
    arrays = mean + error, mean, std, np.arange(100)
    estimate = Estimate("0", "y", "total", *arrays)
    found = {}
    for score in ("plain", "normalised"):
        calibrated = intervals.calibrate(estimate, [0.95], 0.001, score)
        known = {("0", "y", "total", None): calibrated}
        measured = tables.measure([estimate], known, 0.95, 0.001, resamples=100)
        found[score] = warned(intervals=measured.assign(**RUN), cards=card())
    names, rows = found["plain"]
    assert names == ["conformal_factor", "relative_width"]
    assert rows["value"].tolist() == pytest.approx([1487, 2 * 1487 * 0.4501 / 9])
    assert found["normalised"][0] == []


def test_a_control_is_warned_of_for_its_r_alone():
    """By the lower end of the interval over members, each of which has its own permutation."""
    values = [0.3, 0.31, 0.32]
    low = mean_interval(np.array(values))[1]
    assert 0.1 < low < 0.3
    control = {"recipe": "shuffled"}
    tables = {
        "performance": heads("activity", *values, **control),
        "training": table([(True, "too short")], ["undertrained", "reason"], **control),
        "baseline": table([("y", "pearson", 0.9)], ["output", "metric", "value"]),
    }
    names, found = warned(["shuffled"], **tables)
    assert names == ["shuffled_r"]
    assert found["value"].item() == low
    assert found["detail"].item().startswith("mean r 0.310, 0.285 to 0.335, n = 3")
    # Scattered around nought: of large r alone nothing follows.
    tables["performance"] = heads("activity", 0.3, -0.3, 0.2, **control)
    assert warned(["shuffled"], **tables)[0] == []
    # The same members of another recipe are no control.
    assert warned(**tables)[0] == ["undertrained", "gain_over_kmers"]
