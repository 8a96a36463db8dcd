"""Windows, effects, uncertainties and agreement of variants, by hand and on the simulated world."""

import math

import keras
import numpy as np
import pandas as pd
import pyfaidx
import pytest
from scipy import stats

from degu import models, variant_tables, variants
from degu.assays import satmut, simulated, variant_table
from degu.assays.satmut import reader
from degu.assays.simulated_files import simulate
from degu.ensemble import Ensemble
from degu.job import InputError
from degu.sequences import decode, one_hot
from degu.variants import Scored

# Positions 1 to 12 of chr7.
CHROMOSOME = "TTACGTACGGTA"
HEADS = ["y", "y_aleatoric", "y_epistemic"]


@pytest.fixture
def fetch(tmp_path):
    path = tmp_path / "hg.fa"
    path.write_text(f">chr7\n{CHROMOSOME}\n")
    pyfaidx.Faidx(str(path))
    return reader(path)


def table(*rows):
    """Make variants of rows such as "7 A C"."""
    split = [row.split() for row in rows]
    frame = pd.DataFrame(split, columns=["pos", "ref", "alt"]).astype({"pos": int})
    return frame.assign(chrom="chr7")


@pytest.mark.parametrize(
    ("row", "length", "ref", "alt"),
    [
        # Two bases before the variant in five, and in six.
        ("7 A C", 5, "GTACG", "GTCCG"),
        ("7 A C", 6, "GTACGG", "GTCCGG"),
        # Inserted bases push what follows out of the window; deleted ones draw more of it in.
        ("7 A ATT", 6, "GTACGG", "GTATTC"),
        ("7 - TT", 6, "GTACGG", "GTTTAC"),
        ("7 AC A", 5, "GTACG", "GTAGG"),
        ("7 A -", 5, "GTACG", "GTCGG"),
        ("7 ACG T", 5, "GTACG", "GTTGT"),
        # The last window that the chromosome has.
        ("7 ACG -", 5, "GTACG", "GTGTA"),
    ],
)
def test_windows_by_hand(row, length, ref, alt, fetch):
    found = variants.windows(table(row), fetch, length).iloc[0]
    assert (found["ref_sequence"], found["alt_sequence"]) == (ref, alt)
    assert found["index"] == (length - 1) // 2


@pytest.mark.parametrize(
    ("row", "length", "message"),
    [
        ("7 G C", 5, r"chr7:7 G>C: the genome has A there: is the table of another assembly\?"),
        ("7 AG C", 5, r"chr7:7 AG>C: the genome has AC there"),
        ("7 A CCCC", 5, r"chr7:7 A>CCCC: an allele has 4 bases, but .* of 5 has room for 3"),
        ("2 T C", 5, r"chr7:0-4 leaves chr7, which has 12 bases"),
        ("11 T C", 5, r"chr7:9-13 leaves chr7"),
        ("8 CGG -", 5, r"chr7:6-13 leaves chr7"),
    ],
)
def test_variants_that_have_no_window(row, length, message, fetch):
    with pytest.raises(InputError, match=message):
        variants.windows(table(row), fetch, length)


def test_a_chromosome_that_the_genome_lacks(fetch):
    with pytest.raises(InputError, match="has no chr8: it has chr7"):
        variants.windows(table("7 A C").assign(chrom="chr8"), fetch, 5)


@pytest.fixture
def files(tmp_path, fetch):
    rows = ["chr7,7,A,C,0.5", "7,8,CG,C,NA", "chr7,7,A,ATT,-1"]
    text = "".join(f"{locus},{row}\n" for locus, row in zip(["x", "y", "x"], rows, strict=True))
    (tmp_path / "mine.csv").write_text(f"locus,chrom,pos,ref,alt,value\n{text}")
    return {"variants": tmp_path / "mine.csv", "genome": tmp_path / "hg.fa"}


def test_a_table_of_variants(files):
    rows, counts = variant_table.load(files["variants"])
    found = variants.windows(rows, reader(files["genome"]), 5)
    assert found.values.tolist() == [
        ["x", "chr7", 7, "A", "C", 0.5, "GTACG", "GTCCG", 2],
        ["y", "7", 8, "CG", "C", pytest.approx(math.nan, nan_ok=True), "TACGG", "TACGT", 2],
        ["x", "chr7", 7, "A", "ATT", -1, "GTACG", "GTATT", 2],
    ]
    assert found.columns.tolist()[5:] == ["value", "ref_sequence", "alt_sequence", "index"]
    assert counts.to_dict("index") == {
        "x": {"variants": 2, "indels": 1},
        "y": {"variants": 1, "indels": 1},
    }
    assert variants.of_loci(found, ["y"])["pos"].tolist() == [8]
    with pytest.raises(InputError, match="no variants of 'z': loci are x, y"):
        variants.of_loci(found, ["x", "z"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x,chr7,7,R,C,0", r"mine.csv, row 5: 'ref' is 'R', letters of ACGT or - are needed"),
        ("x,chr7,7,A,,0", r"row 5: 'alt' is '', letters of ACGT"),
        ("x,chr7,many,A,C,0", r"row 5: 'pos' is 'many', a finite number"),
        ("x,chr7,9,A,C,0", "chr7:9 A>C: the genome has G"),
    ],
)
def test_wrong_rows_of_a_table_are_named(line, message, files):
    with files["variants"].open("a") as file:
        print(line, file=file)
    with pytest.raises(InputError, match=message):
        rows, _ = variant_table.load(files["variants"])
        variants.windows(rows, reader(files["genome"]), 5)


def test_a_variant_stands_in_a_table_once(files):
    with files["variants"].open("a") as file:
        print("x,chr7,7,A,C,0.7", file=file)
    with pytest.raises(InputError, match=r"mine\.csv"):
        rows, _ = variant_table.load(files["variants"])
        variants.windows(rows, reader(files["genome"]), 5)


def test_adaptors_stand_around_windows():
    sequences = pd.Series(["ACGT", "TTTT"])
    assert decode(variants.flanked(sequences, "GG", "C", 7)) == ["GGACGTC", "GGTTTTC"]
    assert decode(variants.flanked(sequences, "", "", 4)) == ["ACGT", "TTTT"]
    message = "Windows of 4 bases with adaptors of 2 and 1 make 7, but the models take 230"
    with pytest.raises(InputError, match=message):
        variants.flanked(sequences, "GG", "C", 230)


def scored(ref, alt, heads, value, locus="F9"):
    """Heads are the last axis; positions count from 1."""
    n = len(value)
    frame = pd.DataFrame(
        {
            "locus": locus if isinstance(locus, list) else [locus] * n,
            "chrom": "chrX",
            "pos": np.arange(1, n + 1),
            "ref": "A",
            "alt": "C",
            "value": value,
        }
    )
    return Scored(frame, heads, ["y"], np.array(ref, np.float32), np.array(alt, np.float32))


@pytest.fixture
def student():
    """One student, two variants; an uncertainty head below zero counts as zero."""
    return scored([[[1, 3, 1], [2, -5, 2]]], [[[4, 4, 2], [0, 6, -1]]], HEADS, [0.5, -1])


def test_effects_and_uncertainties_by_hand(student):
    assert student.effects("y").tolist() == [[3, -2]]
    found = {kind: values.tolist() for kind, values in student.uncertainties("y").items()}
    assert found["aleatoric"] == [[5, 6]]
    assert found["epistemic"] == [[pytest.approx(math.sqrt(5)), 2]]
    assert found["total"] == [pytest.approx([math.sqrt(30), math.sqrt(40)])]
    pair = scored([[[1], [2]], [[1], [3]]], [[[4], [0]], [[2], [3]]], ["y"], [0, 0])
    # Effects 3, -2 and 1, 0.
    assert pair.spread("y").tolist() == [1, 1]
    assert pair.uncertainties("y") == {}


def test_scored_variants_come_back_as_they_were_written(student, tmp_path):
    variants.write(tmp_path / "new" / "scored.h5", student)
    back = variants.read(tmp_path / "new" / "scored.h5")
    assert (back.heads, back.activities) == (HEADS, ["y"])
    np.testing.assert_array_equal(back.ref, student.ref, strict=True)
    np.testing.assert_array_equal(back.alt, student.alt, strict=True)
    pd.testing.assert_frame_equal(back.table, student.table, check_dtype=False)
    assert back.table["pos"].dtype == np.int64 and back.table["value"].dtype == np.float64


def test_most_certain_variants():
    std = np.array([3.0, 1, 2, 1, 5, 4, 7, 6, 9, 8])
    assert variants.most_certain(std, 0.1).tolist() == [1]
    assert variants.most_certain(std, 0.5).tolist() == [1, 3, 2, 0, 5]
    assert sorted(variants.most_certain(std, 1.0)) == list(range(10))


def test_agreement_of_teachers_by_locus():
    rng = np.random.default_rng(0)
    alt, value = rng.normal(size=(2, 40, 1)), rng.normal(size=40)
    value[3] = np.nan
    locus = ["F9", "LDLR"] * 20
    found = variant_tables.agreement(scored(np.zeros((2, 40, 1)), alt, ["y"], value, locus))
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
    found = variant_tables.agreement(scored(ref, alt, HEADS, value))
    r = found[(found["member"] == "0") & (found["metric"] == "pearson")].set_index("share")["value"]
    assert r.index.tolist() == list(variant_tables.SHARES)
    assert r.is_monotonic_decreasing
    assert r[0.1] > 0.9 and r[1.0] < 0.6


def test_listing_by_hand(student):
    rows = variant_tables.listing(student)
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
        model.save(paths[-1])
    return paths


def test_planted_effects_are_found(members, tmp_path):
    """From the raw tables of the simulated world to the agreement with their values."""
    sizes = {"chromosomes": {"chr1": 10_000, "chr8": 10_000, "chr9": 10_000}, "locus_length": 300}
    files = simulate(tmp_path, 0, 200, 100, **sizes)
    wanted = {key: files[key] for key in ("kircher", "genome")}
    measured, _ = satmut.load(wanted, {"PKLR": "PKLR-48h"})
    sequences = [variants.flanked(measured[f"{a}_sequence"], "", "", 230) for a in ("ref", "alt")]
    pair = [Ensemble(members).predict(codes) for codes in sequences]
    found = variant_tables.agreement(Scored(measured, ["activity"], ["activity"], *pair))
    r = found[found["metric"] == "pearson"].set_index(["member", "share"])["value"]
    assert found["number"].max() > 800
    assert r["ensemble", 1.0] > 0.4
    assert r["ensemble", 1.0] > (r["0", 1.0] + r["1", 1.0]) / 2
