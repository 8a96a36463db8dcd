"""Tables of scored variants, numbers by hand, and planted effects of the simulated world found."""

import keras
import numpy as np
import pytest
from scipy import stats

from degu import models
from degu.ensemble import Ensemble
from degu.heads import Heads
from degu.sequences import one_hot
from degu.simulated import world as simulated
from degu.simulated.files import simulate
from degu.tables import variants as tables
from degu.variants import satmut
from degu.variants.scored import Scored, flanked
from test_variants_scored import STUDENT, TEACHER, scored


def test_agreement_of_teachers_by_locus():
    rng = np.random.default_rng(0)
    alt, value = rng.normal(size=(2, 40, 1)), rng.normal(size=40)
    value[3] = np.nan
    locus = ["F9", "LDLR"] * 20
    found = tables.agreement(scored(np.zeros((2, 40, 1)), alt, TEACHER, value, locus))
    assert found.columns.tolist() == [
        *("locus", "member", "output", "share", "number", "metric", "value", "low", "high"),
    ]
    rows = found.set_index(["locus", "member", "share", "metric"])["value"]
    numbers = found[found["share"] == 1].groupby("locus")["number"].unique()
    assert (numbers["F9"].tolist(), numbers["LDLR"].tolist()) == ([20], [19])
    known = np.arange(1, 40, 2)[np.arange(1, 40, 2) != 3]
    alt = alt[..., 0].astype(np.float32)
    for member, effect in {"0": alt[0], "1": alt[1], "ensemble": alt.mean(axis=0)}.items():
        expected = stats.pearsonr(value[known], effect[known]).statistic
        assert rows["LDLR", member, 1.0, "pearson"] == pytest.approx(expected, abs=1e-6)
        expected = stats.spearmanr(value[known], effect[known]).statistic
        assert rows["LDLR", member, 1.0, "spearman"] == pytest.approx(expected, abs=1e-6)
    # The bootstrap of the same draws.
    rng, ranges = np.random.default_rng(0), found.set_index(["locus", "member", "share", "metric"])
    drawn = [rng.integers(19, size=19) for _ in range(1000)]
    r = [np.corrcoef(value[known][of], alt[1][known][of])[0, 1] for of in drawn]
    bounds = ranges.loc[("LDLR", "1", 1.0, "pearson"), ["low", "high"]]
    np.testing.assert_allclose(bounds.astype(float), np.quantile(r, [0.025, 0.975]), rtol=1e-5)
    # Members have no uncertainty; the ensemble has the spread of its members.
    assert set(found[found["share"] < 1]["member"]) == {"ensemble"}
    even = np.arange(0, 40, 2)
    sure = even[np.argsort(np.abs(alt[0] - alt[1])[even])[:10]]
    expected = stats.pearsonr(value[sure], alt.mean(axis=0)[sure]).statistic
    assert rows["F9", "ensemble", 0.5, "pearson"] == pytest.approx(expected, abs=1e-6)


def test_certain_effects_of_a_student_agree_better():
    """Where the planted noise of an effect is what the heads say."""
    rng = np.random.default_rng(1)
    value, noise = rng.normal(size=2000), rng.uniform(0.1, 3, 2000)
    zero = np.zeros(2000)
    ref = np.stack([zero, zero, zero], axis=-1)[None]
    alt = np.stack([value + noise * rng.normal(size=2000), noise, zero], axis=-1)[None]
    found = tables.agreement(scored(ref, alt, STUDENT, value))
    r = found[(found["member"] == "0") & (found["metric"] == "pearson")].set_index("share")["value"]
    assert r.index.tolist() == list(tables.SHARES)
    assert r.is_monotonic_decreasing
    assert r[0.1] > 0.9 and r[1.0] < 0.6


def test_listing_by_hand():
    student = scored([[[1, 3, 1], [2, -5, 2]]], [[[4, 4, 2], [0, 6, -1]]], STUDENT, [0.5, -1])
    rows = tables.listing(student)
    assert rows.columns.tolist() == [
        *("locus", "chrom", "pos", "ref", "alt", "member", "output", "metric", "value"),
    ]
    found = rows[rows["member"] == "0"].groupby("metric", sort=False)["value"].apply(list)
    assert found["effect"] == [3, -2]
    assert found["measured"] == [0.5, -1]
    assert found["aleatoric"] == [5, 6]
    assert set(found.index) == {"effect", "aleatoric", "epistemic", "total", "measured"}
    # One student has no spread.
    assert set(rows["metric"]) == set(found.index)


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    """Train two models of the planted activity of the first cell."""
    rng, paths = np.random.default_rng(0), []
    codes = simulated.background(3000, 230, rng)
    simulated.plant(codes, simulated.EVERY, rng)
    activity = simulated.activity(codes)[:, 0]
    for member in range(2):
        keras.utils.set_random_seed(member)
        model = models.build("compact_cnn", 230, 1, width=32, kernel=9, dropout=0)
        model.compile(keras.optimizers.Adam(0.003), "mse")
        model.fit(one_hot(codes), activity, epochs=8, batch_size=64, verbose=0)
        paths.append(tmp_path_factory.mktemp("members") / f"{member}.keras")
        models.save(model, paths[-1], Heads.of(["activity"]))
    return paths


def test_planted_effects_are_found(members, tmp_path):
    """From the raw tables of the simulated world to the agreement with their values."""
    sizes = {"chromosomes": {"chr1": 10_000, "chr8": 10_000, "chr9": 10_000}, "locus_length": 300}
    files = simulate(tmp_path, 0, 200, 100, **sizes)
    wanted = {key: files[key] for key in ("kircher", "genome")}
    measured, _ = satmut.load(wanted, {"PKLR": "PKLR-48h"})
    sequences = [flanked(measured[f"{a}_sequence"], "", "", 230) for a in ("ref", "alt")]
    pair = [Ensemble(members).predict(codes) for codes in sequences]
    found = tables.agreement(Scored(measured, Heads.of(["activity"]), *pair))
    r = found[found["metric"] == "pearson"].set_index(["member", "share"])["value"]
    assert found["number"].max() > 800
    assert r["ensemble", 1.0] > 0.4
    assert r["ensemble", 1.0] > (r["0", 1.0] + r["1", 1.0]) / 2
