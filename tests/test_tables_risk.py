"""Risk against coverage: by hand, of perfect and useless uncertainties, and of loci."""

import numpy as np
import pytest

from degu import metrics
from degu.heads import Heads
from degu.intervals import Estimate
from degu.tables import risk
from test_variants_calibrated import made

RNG = np.random.default_rng(0)
N = 4000
TRUTH = RNG.normal(size=N)
ERROR = RNG.normal(size=N) * np.exp(RNG.normal(0, 1, N))
MEAN = TRUTH + ERROR


def estimate(std, kind="epistemic", truth=TRUTH, mean=MEAN):
    return Estimate("0", "y", kind, truth, mean, std, np.arange(len(truth)))


def curve(table, kind, metric):
    return table[(table["kind"] == kind) & (table["metric"] == metric)].set_index("share")["value"]


def test_a_share_is_measured_by_hand():
    truth, mean = np.array([1.0, 2, 3, 4, 5]), np.array([2.5, 3.5, 2, 4, 9])
    table = risk.measure([estimate(np.array([1.0, 5, 2, 3, 4]), truth=truth, mean=mean)])
    kept = table[(table["kind"] == "epistemic") & (table["share"] == 0.6)].set_index("metric")
    assert kept["number"].tolist() == [3, 3]
    # Rows 0, 2 and 3; the median of all is 3, where one measurement lies.
    assert kept["value"]["pearson"] == pytest.approx(
        metrics.pearson(truth[[0, 2, 3]], mean[[0, 2, 3]])
    )
    assert kept["value"]["sign_accuracy"] == 1
    # The second one of 1, 2, 4 and 5 is predicted above the median.
    assert curve(table, "epistemic", "sign_accuracy")[1.0] == 0.75
    effects = risk.measure([estimate(np.ones(5), truth=truth - 3, mean=mean)], centred=False)
    assert curve(effects, "epistemic", "sign_accuracy")[1.0] == 0.5


def test_what_is_certain_is_right_where_uncertainty_tells_errors():
    useless = RNG.uniform(size=N)
    table = risk.measure([estimate(np.abs(ERROR)), estimate(useless, "total")])
    for metric in ("pearson", "sign_accuracy"):
        known, random = curve(table, "epistemic", metric), curve(table, "random", metric)
        assert known.is_monotonic_increasing and known[0.1] > 0.98
        assert known[1.0] == pytest.approx(random[1.0])
        np.testing.assert_allclose(random, random[1.0], atol=0.03)
        bounds = table[(table["kind"] == "random") & (table["metric"] == metric)]
        of_useless = curve(table, "total", metric).to_numpy()
        inside = (bounds["low"] <= of_useless + 1e-9) & (of_useless - 1e-9 <= bounds["high"])
        assert inside.sum() >= 8


def test_random_rows_stand_once_a_member_and_repeat():
    one, other = estimate(np.ones(N)), estimate(np.ones(N), "total")
    table = risk.measure([one, other], seed=3)
    assert (table["kind"] == "random").sum() == 2 * len(risk.SHARES)
    assert table.equals(risk.measure([one, other], seed=3))


def test_variants_are_measured_by_locus():
    scored = made({"A": ("chr1", range(10)), "B": ("chr2", range(10))}, Heads.of(["y"]), members=2)
    scored.table["value"] = np.tile(np.arange(1.0, 11), 2)
    scored.alt[:, :10, 0], scored.alt[:, 10:, 0] = 1, -1
    table = risk.of_variants(scored)
    whole = table[(table["share"] == 1) & (table["metric"] == "sign_accuracy")]
    assert whole[["locus", "kind", "value"]].to_numpy().tolist() == [
        ["A", "random", 1], ["A", "ensemble", 1], ["B", "random", 0], ["B", "ensemble", 0],
    ]  # fmt: skip
