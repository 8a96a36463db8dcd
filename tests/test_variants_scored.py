"""Windows of variants, effects and uncertainties by hand, and the script that predicts them."""

import math

import numpy as np
import pandas as pd
import pytest

import predict_variants
from conftest import tiny
from degu import models
from degu.ensemble import Ensemble
from degu.genome import Genome
from degu.heads import Heads
from degu.job import InputError
from degu.sequences import decode, encode
from degu.variants import scored as scoring
from degu.variants.scored import Scored
from test_genome import write_fasta

# Positions 1 to 12 of chr7.
CHROMOSOME = "TTACGTACGGTA"
TEACHER = Heads.of(["y"])
STUDENT = Heads.of(["y"], "aleatoric", "epistemic")


@pytest.fixture
def fetch(tmp_path):
    with Genome(write_fasta(tmp_path / "hg.fa", chr7=CHROMOSOME)) as genome:
        yield genome.fetch


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
    found = scoring.windows(table(row), fetch, length).iloc[0]
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
        scoring.windows(table(row), fetch, length)


def test_a_chromosome_that_the_genome_lacks(fetch):
    with pytest.raises(InputError, match="has no chr8: it has chr7"):
        scoring.windows(table("7 A C").assign(chrom="chr8"), fetch, 5)


def test_adaptors_stand_around_windows():
    sequences = pd.Series(["ACGT", "TTTT"])
    assert decode(scoring.flanked(sequences, "GG", "C", 7)) == ["GGACGTC", "GGTTTTC"]
    assert decode(scoring.flanked(sequences, "", "", 4)) == ["ACGT", "TTTT"]
    # Windows as long as the models take leave no room for adaptors.
    assert decode(scoring.flanked(sequences, "GG", "C", 4)) == ["ACGT", "TTTT"]
    message = "Windows of 4 bases with adaptors of 2 and 1 make 7, but the models take 230"
    with pytest.raises(InputError, match=message):
        scoring.flanked(sequences, "GG", "C", 230)


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
    return Scored(frame, heads, np.array(ref, np.float32), np.array(alt, np.float32))


@pytest.fixture
def student():
    """One student, two variants; an uncertainty head below zero counts as zero."""
    return scored([[[1, 3, 1], [2, -5, 2]]], [[[4, 4, 2], [0, 6, -1]]], STUDENT, [0.5, -1])


def test_effects_and_uncertainties_by_hand(student):
    assert student.effects("y").tolist() == [[3, -2]]
    found = {kind: values.tolist() for kind, values in student.uncertainties("y").items()}
    assert found["aleatoric"] == [[5, 6]]
    assert found["epistemic"] == [[pytest.approx(math.sqrt(5)), 2]]
    assert found["total"] == [pytest.approx([math.sqrt(30), math.sqrt(40)])]
    pair = scored([[[1], [2]], [[1], [3]]], [[[4], [0]], [[2], [3]]], TEACHER, [0, 0])
    # Effects 3, -2 and 1, 0.
    assert pair.spread("y").tolist() == [1, 1]
    assert pair.uncertainties("y") == {}


def test_variants_are_ranked_by_the_first_students_total_or_its_only_kind(student):
    assert scoring.ranking(student)["y"].tolist() == student.uncertainties("y")["total"][0].tolist()
    heads = TEACHER.with_epistemic()
    alone = scored([[[0, 3]], [[0, 1]]], [[[1, 4]], [[1, 1]]], heads, [0])
    assert {name: std.tolist() for name, std in scoring.ranking(alone).items()} == {"y": [5]}


def test_scored_variants_come_back_as_they_were_written(student, tmp_path):
    scoring.write(tmp_path / "new" / "scored.h5", student)
    back = scoring.read(tmp_path / "new" / "scored.h5")
    assert back.heads == STUDENT
    np.testing.assert_array_equal(back.ref, student.ref, strict=True)
    np.testing.assert_array_equal(back.alt, student.alt, strict=True)
    pd.testing.assert_frame_equal(back.table, student.table, check_dtype=False)
    assert back.table["pos"].dtype == np.int64 and back.table["value"].dtype == np.float64


def test_most_certain_variants():
    std = np.array([3.0, 1, 2, 1, 5, 4, 7, 6, 9, 8])
    assert scoring.most_certain(std, 0.1).tolist() == [1]
    assert scoring.most_certain(std, 0.5).tolist() == [1, 3, 2, 0, 5]
    assert sorted(scoring.most_certain(std, 1.0)) == list(range(10))


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    """Three saved models with two heads."""
    folder = tmp_path_factory.mktemp("run")
    paths = [str(folder / f"{member}.keras") for member in range(3)]
    for member, path in enumerate(paths):
        models.save(tiny(2, seed=member), path, Heads.of(["y"], "aleatoric"))
    return paths


@pytest.fixture
def score(members, tmp_path):
    """Score two variants of one locus; `adaptors` and `loci` may be chosen."""
    sequences = {"ref_sequence": ["ACGTACGTAC", "CCCCCCCCCC", "ACGTACGTAC"]}
    sequences["alt_sequence"] = ["ACGTTCGTAC", "CCCCACCCCC", "ACGTGCGTAC"]
    place = {"locus": ["F9", "LDLR", "F9"], "chrom": "chrX", "pos": [5, 9, 5]}
    rows = pd.DataFrame(place | {"ref": "A", "alt": ["T", "A", "G"], "value": [0.5, 1, np.nan]})
    rows.assign(**sequences).to_csv(tmp_path / "variants.tsv", sep="\t", index=False)

    def predicted(left="AAAAA", right="GGGGG", loci=("F9",)):
        adaptors = {"left": left, "right": right}
        path = tmp_path / "scored.h5"
        predict_variants.main(tmp_path / "variants.tsv", members, path, loci, adaptors)
        return scoring.read(path)

    return predicted


def test_both_alleles_are_predicted_by_all_members(score, members):
    found = score()
    assert found.heads == Heads.of(["y"], "aleatoric")
    assert found.table["alt"].tolist() == ["T", "G"]
    np.testing.assert_array_equal(found.table["value"], [0.5, np.nan])
    ensemble = Ensemble(members)
    ref = ensemble.predict(encode(["AAAAAACGTACGTACGGGGG"] * 2))
    alt = ensemble.predict(encode(["AAAAAACGTTCGTACGGGGG", "AAAAAACGTGCGTACGGGGG"]))
    np.testing.assert_allclose(found.ref, ref, atol=1e-6)
    np.testing.assert_allclose(found.alt, alt, atol=1e-6)
    assert (np.abs(found.effects("y")) > 1e-5).all()
    np.testing.assert_allclose(found.spread("y"), (alt - ref)[..., 0].std(axis=0), atol=1e-6)


def test_what_cannot_be_scored(score):
    with pytest.raises(InputError, match="Windows of 10 bases with adaptors of 5 and 0 make 15"):
        score(right="")
    with pytest.raises(InputError, match="no variants of 'SORT1': loci are F9, LDLR"):
        score(loci=("F9", "SORT1"))
