"""Scores of a VCF against predictions one by one, in shards, in constant memory; refusals."""

import gzip
import math
import re
import tracemalloc

import numpy as np
import pandas as pd
import pysam
import pytest
from scipy.stats import norm

import score_variants
import scored_file
import small_student
from degu.attribution.substitutions import tism
from degu.genome import Genome
from degu.heads import Heads
from degu.job import InputError
from degu.shards import Shard
from degu.students import passport
from degu.variants import outputs, scores, scoring
from scored_file import LETTERS, snvs
from test_variants_vcf import bgzipped, write


@pytest.fixture
def files(tmp_path):
    """Give a student, a VCF, its genome, and a function that scores and reads the table."""

    def score(vcf, student=None, name="out.tsv", **options):
        student = student or scored_file.student(tmp_path)
        options = {"random": 0} | options
        counts = scores.write(student, vcf, genome, [tmp_path / name], **options)
        return pd.read_table(tmp_path / name, keep_default_na=False, na_values=[""]), counts

    genome = scored_file.genome(tmp_path)
    return tmp_path, score


def naive(student, chrom, pos, ref, alt):
    """Predictions of both alleles, each by itself: adaptors stand around 13 bases."""
    left, right = small_student.ADAPTORS
    start = pos - 1 - 6
    before, after = LETTERS[chrom][start : pos - 1], LETTERS[chrom][pos - 1 + len(ref) :]
    return (
        student.predict([left + (before + allele + after)[:13] + right])[0] for allele in (ref, alt)
    )


def test_scores_are_those_of_two_predictions_a_variant(files):
    folder, score = files
    rows = ["chr1 60 rs9 " + LETTERS["chr1"][59:63] + " " + LETTERS["chr1"][59], "2 75 . N A"]
    mine = scored_file.student(folder)
    table, counts = score(scored_file.variants(folder, *rows), mine)
    assert list(table.columns) == list(scoring.COLUMNS)
    assert counts == {"scored": 91, "iupac": 1}
    assert len(table) == 2 * 92
    assert table["output"].tolist() == ["y", "z"] * 92
    known = table[table["status"] == "scored"]
    for one in known.iloc[::7].itertuples():
        pos, ref, alt = one.pos, one.ref, one.alt
        if isinstance(one.aligned, str):
            pos, ref, alt = one.aligned.split(":")
            pos = int(pos)
        before, after = naive(mine, one.chrom, pos, ref, alt)
        column = mine.heads.column(one.output)
        effects = (after - before)[mine.heads.members(one.output)]
        assert one.ref_activity == pytest.approx(before[column], rel=1e-4, abs=1e-5)
        assert one.effect == pytest.approx(after[column] - before[column], rel=1e-3, abs=1e-5)
        assert one.sigma == pytest.approx(effects.std(), rel=1e-3, abs=1e-5)
        agreement = (np.sign(effects) == np.sign(effects.mean())).mean()
        assert one.sign_agreement == pytest.approx(agreement)
    assert set(known["sigma_kind"]) == {"paired"} and set(known["interval"]) == {"gaussian"}
    half = norm.ppf(0.95) * known["sigma"].clip(lower=0.001)
    np.testing.assert_allclose(known["high"] - known["effect"], half, rtol=1e-3)
    p = norm.cdf(known["effect"].abs() / known["sigma"].clip(lower=0.001))
    np.testing.assert_allclose(known["p_sign"], p, rtol=1e-3)
    call = np.select([known["low"] > 0, known["high"] < 0], ["increase", "decrease"], "abstain")
    assert known["call"].tolist() == call.tolist()
    left = table[table["status"] == "iupac"]
    assert left[["effect", "sigma", "low", "p_sign", "call"]].isna().all(axis=None)


def test_alternatives_of_a_position_share_the_reference(files, monkeypatch):
    folder, score = files
    mine, seen = scored_file.student(folder), []
    monkeypatch.setattr(
        mine, "predict", lambda codes, of=mine.predict: (seen.append(len(codes)), of(codes))[1]
    )
    _, counts = score(write(folder / "x.vcf", *snvs("chr1", range(30, 40))), mine)
    assert (counts["scored"], seen) == (30, [40])


def test_a_student_without_heads_of_teachers_says_that_variances_are_summed(files):
    folder, score = files
    mine = scored_file.student(folder, Heads.of(["y"], "aleatoric", "epistemic"))
    table, _ = score(write(folder / "x.vcf", *snvs("chr1", [30])), mine)
    assert set(table["sigma_kind"]) == {"root_sum_total"}
    assert table["sign_agreement"].isna().all()


def calibrating(window, factor, adaptors=small_student.ADAPTORS):
    """Give what calibrates paired deviations of the activity y."""
    of = {"output": "y", "kind": "paired", "edges": [], "offset": 0.25}
    one = small_student.calibration(**of, factors={0.9: [factor]})
    return passport.Effects(window, adaptors, ["F9"], {("y", "paired"): one})


def test_intervals_calibrated_on_measured_effects_are_those_of_the_student(files, caplog):
    folder, score = files
    effects = {"satmut": calibrating(13, 2.0), "cagi": calibrating(20, 9.0)}
    mine = scored_file.student(folder, effects=effects)
    vcf = write(folder / "x.vcf", *snvs("chr1", [30, 31]))

    def factor(**asked):
        table, _ = score(vcf, mine, **asked)
        table = table[table["output"] == "y"]
        assert set(table["interval"]) == {"calibrated"}
        raised = table["sigma"].clip(lower=0.001) + 0.25
        found = (table["effect"] - table["low"]) / raised
        assert np.ptp(found) < 1e-3 * found.mean()
        return found.mean(), table["ref_activity"][0]

    adapted, alone = (
        float(mine.predict([left + LETTERS["chr1"][29 - before : 29 + after] + right])[0, 0])
        for before, after, (left, right) in [(6, 7, small_student.ADAPTORS), (9, 11, ("", ""))]
    )
    assert factor() == factor(effects="satmut") == pytest.approx((2, adapted), rel=1e-3)
    # The window is that of the calibration.
    assert factor(effects="cagi") == factor(window=20) == pytest.approx((9, alone), rel=1e-3)
    assert "Gaussian" not in caplog.text
    with pytest.raises(InputError, match=r"^No effect is calibrated at 0.5: levels are 0.9\.$"):
        score(vcf, mine, level=0.5)
    with pytest.raises(InputError, match=r"^No variants 'mine' .*: known are satmut, cagi\.$"):
        score(vcf, mine, effects="mine")
    with pytest.raises(InputError, match=r"on 'satmut' in windows of 13 bases, not 20\.$"):
        score(vcf, mine, effects="satmut", window=20)


def test_intervals_that_nothing_calibrates_are_gaussian_and_said_to_be(files, caplog):
    folder, score = files
    mine = scored_file.student(folder, effects={"cagi": calibrating(20, 9.0)})
    table, _ = score(write(folder / "x.vcf", *snvs("chr1", [30])), mine, window=13)
    assert set(table["interval"]) == {"gaussian"}
    assert "No measured variants calibrate effects of mpra/degu/1.0 in windows of 13" in caplog.text


def test_percentiles_are_among_random_substitutions_of_the_same_elements(files):
    folder, score = files
    table, _ = score(scored_file.variants(folder), random=300, name="a.tsv")
    assert table["percentile"].between(0, 100).all()
    # Variants are random substitutions themselves.
    assert 40 < table["percentile"].mean() < 60
    of_y = table[table["output"] == "y"]
    assert of_y["percentile"].corr(of_y["effect"].abs(), method="spearman") > 0.8
    again, _ = score(scored_file.variants(folder), random=300, name="b.tsv")
    pd.testing.assert_frame_equal(table, again)


@pytest.mark.parametrize("ending", ["tsv.gz", "vcf.gz"])
def test_shards_joined_are_the_file_of_a_single_job(files, ending, monkeypatch):
    """Also with more shards than variants, and one block a shard cut in two."""
    folder, _ = files
    monkeypatch.setattr(scores, "BLOCK", 8)
    vcf = bgzipped(write(folder / "x.vcf", *snvs("chr1", range(30, 33))))
    mine = scored_file.student(folder)
    genome = folder / "hg.fa"
    parts = [folder / f"{number}.{ending}" for number in range(1, 12)]
    for number, path in enumerate(parts, 1):
        scores.write(mine, vcf, genome, [path], random=50, shard=Shard(number, 11))
    scores.write(mine, vcf, genome, [folder / f"whole.{ending}"], random=50)
    outputs.join(parts, folder / f"joined.{ending}")
    whole, joined = (
        gzip.decompress((folder / f"{name}.{ending}").read_bytes()).decode().splitlines()
        for name in ("whole", "joined")
    )
    # Sums of a network may differ in their last bits with the size of a batch.
    number = r"-?\d+\.?\d*(?:e-?\d+)?"
    for one, other in zip(whole, joined, strict=True):
        assert re.sub(number, "", one) == re.sub(number, "", other)
        assert [float(n) for n in re.findall(number, one)] == pytest.approx(
            [float(n) for n in re.findall(number, other)], rel=1e-3, abs=1e-4
        )
    assert sum(not line.startswith(("#", "chrom")) for line in whole) == (
        9 if ending == "vcf.gz" else 18
    )


def test_tsv_and_vcf_are_of_one_table(files):
    folder, _ = files
    paths = [folder / "a.tsv", folder / "a.vcf"]
    mine, vcf = scored_file.student(folder), scored_file.variants(folder, "chr1 99 . N A")
    scores.write(mine, vcf, folder / "hg.fa", paths, random=50)
    table = pd.read_table(paths[0])
    with pysam.VariantFile(str(paths[1])) as file:
        records = list(file)
        assert list(file.header.contigs) == ["chr1", "chr2"]
    assert len(records) == len(table) // 2
    for row, key in [(0, "effect"), (17, "low"), (44, "percentile"), (90, "effect")]:
        values = records[row].info[f"DEGU_{key}"]
        expected = table[key][2 * row : 2 * row + 2]
        assert [math.nan if v is None else v for v in values] == pytest.approx(
            expected.tolist(), rel=1e-5, nan_ok=True
        )
    assert records[90].info["DEGU_status"] == ("iupac", "iupac")


def test_memory_does_not_grow_with_the_file(files, monkeypatch):
    folder, _ = files
    monkeypatch.setattr(scores, "BLOCK", 64)
    mine = scored_file.student(folder)
    monkeypatch.setattr(mine, "predict", lambda codes: np.zeros((len(codes), 12), np.float32))
    peaks = []
    for times in (2, 20):
        vcf = write(folder / "x.vcf", *snvs("chr1", range(30, 330)) * times)
        tracemalloc.start()
        _ = scores.write(mine, vcf, folder / "hg.fa", [folder / "x.tsv"], random=50)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_the_screen_leaves_out_small_effects_to_first_order(files):
    folder, score = files
    mine, vcf = scored_file.student(folder), scored_file.variants(folder)

    def explain(codes):
        return np.stack([tism(mine.model, codes, column) for column in (0, 1)])

    whole, _ = score(vcf, mine)
    size = whole["effect"].abs().median()
    table, counts = score(vcf, mine, screened=(explain, size))
    assert 0 < counts["screened_out"] < 90
    kept = table["status"] == "scored"
    pd.testing.assert_frame_equal(table[kept], whole[kept])
    assert whole[kept]["effect"].abs().mean() > whole[~kept]["effect"].abs().mean()
    same, counts = score(vcf, mine, screened=(explain, 0.0))
    pd.testing.assert_frame_equal(same, whole)


def test_variants_that_are_not_scored_are_counted_and_told(files, caplog):
    folder, score = files
    other = "ACGT".replace(LETTERS["chr1"][99], "")[0]
    rows = [f"chr1 100 . {other} {LETTERS['chr1'][99]}", "MT 5 . A C", "chr1 120 . A <DEL>"]
    vcf = write(folder / "x.vcf", *rows, *snvs("chr1", [30]))
    table, counts = score(vcf)
    assert counts == {"ref_mismatch": 1, "no_contig": 1, "symbolic": 1, "scored": 3}
    assert table["status"].tolist()[::2] == [
        "ref_mismatch",
        "no_contig",
        "symbolic",
        *["scored"] * 3,
    ]
    assert "The genome has no MT: its names are chr1, chr2" in caplog.text
    assert scores.told(counts)[0].startswith("1 have another reference allele than the genome")
    with pytest.raises(InputError, match=rf"chr1:100 {other}>.: the genome has another reference"):
        score(vcf, stop=True)
    nothing = write(folder / "none.vcf", *rows)
    with pytest.raises(InputError, match=r"No variant of .*none.vcf is scored: 1 have another"):
        score(nothing)


def test_names_of_chromosomes_with_and_without_chr_are_the_same(files):
    folder, score = files
    vcf = write(folder / "x.vcf", *[row.removeprefix("chr") for row in snvs("chr1", [30])])
    assert score(vcf)[1] == {"scored": 3}


def test_what_is_refused(files):
    folder, score = files
    vcf = write(folder / "x.vcf", *snvs("chr1", [30]))
    with pytest.raises(
        InputError, match=r"out.bed must end in one of .tsv, .tsv.gz, .vcf, .vcf.gz"
    ):
        score(vcf, name="out.bed")
    with pytest.raises(InputError, match="has a header, but no variants"):
        score(write(folder / "y.vcf"))
    with pytest.raises(InputError, match="Windows of 15 bases with adaptors of 3 and 4 make 22"):
        score(vcf, window=15)
    with pytest.raises(InputError, match="predicts profiles"):
        score(vcf, scored_file.student(folder, profile=True))
    # As long as the student takes: the genome alone, without adaptors.
    table, _ = score(vcf, scored_file.student(folder), window=20)
    with Genome(folder / "hg.fa") as genome:
        codes = genome.codes("chr1", 30 - 1 - 9, 30 - 1 + 11)
    mine = scored_file.student(folder)
    assert table["ref_activity"][0] == pytest.approx(
        float(mine.predict(codes[None])[0, 0]), rel=1e-4
    )


def test_the_script_of_a_shard_screens_and_writes_both_files(files):
    folder, score = files
    mine, vcf = scored_file.student(folder), scored_file.variants(folder)
    outputs_of = [folder / "2of3.tsv.gz", folder / "2of3.vcf.gz"]
    named = {"variants": vcf, "genome": folder / "hg.fa"}
    options = {"random": 0, "screen": 0.0, "effects": None, "level": 0.8, "seed": 0}
    score_variants.main(mine.path, named, outputs_of, "2of3", **options)
    found = pd.read_table(outputs_of[0])
    whole, _ = score(vcf, mine, level=0.8)
    assert found["pos"].tolist() == whole["pos"][60:120].tolist()
    np.testing.assert_allclose(found["low"], whole["low"][60:120], rtol=1e-3, atol=1e-5)
    with pysam.VariantFile(str(outputs_of[1])) as file:
        assert len(list(file)) == 30
