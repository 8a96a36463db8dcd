"""Tables of scored variants, numbers by hand, and planted effects of the simulated world found."""

import keras
import numpy as np
import pytest
from scipy import stats

from degu import bootstrap, models
from degu.ensemble import Ensemble
from degu.heads import Heads
from degu.intervals import Calibration
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
        *("locus", "member", "output", "certainty", "share", "number", "blocks"),
        *("metric", "value", "low", "high"),
    ]
    assert set(found["certainty"]) == {"own"}
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
    # Positions 2 to 40 lie in two blocks of 20, which are drawn, at the level for so few.
    ranges = found.set_index(["locus", "member", "share", "metric"])
    assert ranges.loc[("LDLR", "1", 1.0, "pearson"), "blocks"] == 2
    rng, halves = np.random.default_rng(0), np.array_split(known, [9])
    drawn = [np.concatenate([halves[one] for one in rng.integers(2, size=2)]) for _ in range(1000)]
    r = [np.corrcoef(value[rows_], alt[1][rows_])[0, 1] for rows_ in drawn]
    level = bootstrap.expanded(0.95, 2)
    bounds = ranges.loc[("LDLR", "1", 1.0, "pearson"), ["low", "high"]].astype(float)
    expected = np.quantile(r, [(1 - level) / 2, (1 + level) / 2])
    np.testing.assert_allclose(bounds, expected, rtol=1e-5)
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
    made = {
        ("0", "y", kind, None): Calibration("0", "y", kind, 9, 9, 0.0, offset, [], {0.9: [factor]})
        for kind, offset, factor in [("epistemic", 1, 2), ("aleatoric", 0, 3), ("total", 0.5, 1)]
    }
    rows = tables.listing(student, made, 0.9, smallest_std=0.5)
    assert rows.columns.tolist() == [
        *("locus", "chrom", "pos", "ref", "alt", "member", "output", "metric", "value"),
    ]
    found = rows[rows["member"] == "0"].groupby("metric", sort=False)["value"].apply(list)
    assert found["effect"] == [3, -2]
    assert found["measured"] == [0.5, -1]
    assert found["aleatoric"] == [5, 6]
    # The alternate allele has aleatoric heads of 4 and 6, epistemic ones of 2 and -1.
    assert found["alt_aleatoric"] == [4, 6]
    assert found["alt_epistemic"] == [2, 0]
    assert found["interval_aleatoric"] == [12, 18]
    # The second deviation is raised from 0 to 0.5.
    assert found["interval_epistemic"] == [6, 3]
    assert found["interval_total"] == pytest.approx([np.sqrt(20) + 0.5, 6.5])
    kinds = {"aleatoric", "epistemic", "total"}
    expected = {"effect", "measured"} | kinds | {f"alt_{kind}" for kind in kinds}
    # One student has no spread; intervals are those of the first member.
    assert set(rows[rows["member"] == "ensemble"]["metric"]) == expected
    assert set(found.index) == expected | {f"interval_{kind}" for kind in kinds}


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


def test_a_named_student_ranks_the_variants_of_all_runs():
    """Teachers without uncertainty heads are held against the same subsets as the student."""
    rng = np.random.default_rng(2)
    value, zero = rng.normal(size=80), np.zeros((2, 80, 1))
    alt = rng.normal(size=(2, 80, 1))
    certainty = {"y": rng.permutation(80)}
    found = tables.agreement(scored(zero, alt, TEACHER, value), certainty, "degu")
    rows = found.set_index(["member", "certainty", "share", "metric"])["value"]
    sure = np.argsort(certainty["y"])[:20]
    effects = alt[..., 0].astype(np.float32)
    for member, effect in {"0": effects[0], "1": effects[1], "ensemble": effects.mean(0)}.items():
        expected = stats.pearsonr(value[sure], effect[sure]).statistic
        assert rows[member, "degu", 0.25, "pearson"] == pytest.approx(expected, abs=1e-6)
    # By its own spread the ensemble takes others.
    assert rows["ensemble", "own", 0.25, "pearson"] != rows["ensemble", "degu", 0.25, "pearson"]
    assert set(found[found["certainty"] == "own"].query("share < 1")["member"]) == {"ensemble"}


def test_blocks_of_two_chromosomes_are_apart():
    """Twenty variants at the same places of each of two chromosomes are two blocks, not one."""
    rng = np.random.default_rng(0)
    alt, value = rng.normal(size=(2, 40, 1)), rng.normal(size=40)
    one = scored(np.zeros((2, 40, 1)), alt, TEACHER, value, ["all"] * 40)
    one.table["pos"] = np.tile(np.arange(20), 2)
    assert tables.agreement(one).query("share == 1")["blocks"].unique().tolist() == [1]
    one.table["chrom"] = ["chr1"] * 20 + ["chr2"] * 20
    assert tables.agreement(one).query("share == 1")["blocks"].unique().tolist() == [2]
