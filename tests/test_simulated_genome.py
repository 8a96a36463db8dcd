"""The simulated genome: its index, saturated loci and tracks, read with other tools and loaders."""

import gzip
import math
import re

import h5py
import numpy as np
import pandas as pd
import pyBigWig
import pyfaidx
import pytest

from degu import tracks
from degu.assays import profile
from degu.dataset import Dataset
from degu.sequences import encode
from degu.simulated.files import FILES, simulate
from degu.simulated.world import activity, coverage, sites
from degu.variants import satmut
from test_simulated_files import SIZES, assert_standard_normal, frame


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("world"), seed=5, **SIZES)


@pytest.fixture(scope="module")
def truth(files):
    with h5py.File(files["truth"]) as file:
        yield file


def test_the_index_is_that_of_the_genome(files, truth):
    text = files["genome"].read_text()
    naive = {
        record.split("\n", 1)[0]: record.split("\n", 1)[1].replace("\n", "")
        for record in text.split(">")[1:]
    }
    genome = pyfaidx.Fasta(files["genome"], build_index=False)
    assert {record.name: str(record) for record in genome} == naive
    assert {name: len(letters) for name, letters in naive.items()} == SIZES["chromosomes"]
    for name, letters in naive.items():
        assert letters.count("N") == truth[f"profile/{name}"].attrs["N"] > 100
        assert re.search("[acgt]{500}", letters)
        codes = encode([letters])
        group = truth[f"profile/{name}"]
        np.testing.assert_array_equal(group["mean"], coverage(codes)[0])
        assert group["sites/start"][:].tolist() == sites(codes)["start"].tolist()


def read_cagi5(path):
    return pd.read_csv(path, sep="\t", skiprows=6, dtype={"#Chrom": str})


@pytest.mark.parametrize(("locus", "output"), [("PKLR", 0), ("SORT1", 1)])
def test_variant_values_are_effects_and_the_stated_noise(files, truth, locus, output):
    group = truth[f"satmut/{locus}"]
    keys = ("position", "ref", "alt", "effect", "noise", "release", "mismatch")
    known = frame(group, *keys)
    genome = pyfaidx.Fasta(files["genome"], sequence_always_upper=True)["chr8"]
    assert group.attrs["chrom"] == "chr8"
    start, length = group.attrs["start"], group.attrs["length"]
    assert set(known["position"]) == set(range(start + 1, start + length + 1))
    assert len(known) == 3 * length - group.attrs["missing"]
    agrees = known["ref"] == [str(genome[at - 1]) for at in known["position"]]
    assert (agrees == ~known["mismatch"]).all()
    assert (~agrees).sum() == group.attrs["mismatches"] == 3
    assert (known["ref"] != known["alt"]).all()

    windows = [str(genome[at - 115 : at + 115]) for at in known["position"]]
    changed = [w[:114] + alt + w[115:] for w, alt in zip(windows, known["alt"], strict=True)]
    exact = (activity(encode(changed)) - activity(encode(windows)))[:, output]
    np.testing.assert_allclose(known["effect"], exact, atol=1e-12)
    assert known["effect"].abs().max() > 0.5
    assert_standard_normal(known["noise"] / 0.05)

    for half, part in known.groupby("release"):
        table = read_cagi5(files[f"{'release' if half else 'challenge'}_{locus}"])
        assert list(table) == ["#Chrom", "Pos", "Ref", "Alt", "Value", "Confidence"]
        assert set(table["#Chrom"]) == {"8"}
        assert table["Pos"].tolist() == part["position"].tolist()
        assert table["Ref"].tolist() == part["ref"].tolist()
        assert table["Alt"].tolist() == part["alt"].tolist()
        expected = (part["effect"] + part["noise"]).round(2)
        assert table["Value"].tolist() == expected.tolist()
        z = (part["effect"] + part["noise"]).abs() / 0.05
        p = [math.erfc(value / math.sqrt(2)) for value in z]
        confidence = np.minimum(-np.log10(p) / 50, 1)
        assert np.abs(table["Confidence"] - confidence).max() < 0.0051
    assert 0.15 < known["release"].mean() < 0.4


def test_the_table_of_kircher_has_the_same_variants_on_two_assemblies(files, truth):
    with gzip.open(files["kircher"], "rt") as file:
        table = pd.read_csv(file, sep="\t", dtype={"Chrom": str})
    assert " ".join(table) == (
        "Chrom Pos Ref Alt Barcodes DNA RNA Coefficient pValue Element Release"
    )
    old, new = (table[table["Release"] == name] for name in ("GRCh37", "GRCh38"))
    assert ((old["Pos"] + 1000).to_numpy() == new["Pos"].to_numpy()).all()
    for locus, element in {"PKLR": "PKLR-48h", "SORT1": "SORT1"}.items():
        known = frame(truth[f"satmut/{locus}"], "position", "ref", "alt", "effect", "noise")
        rows = old[(old["Element"] == element) & (old["Alt"] != "-")]
        assert rows["Pos"].tolist() == known["position"].tolist()
        assert (rows["Ref"] + rows["Alt"]).tolist() == (known["ref"] + known["alt"]).tolist()
        np.testing.assert_allclose(rows["Coefficient"], known["effect"] + known["noise"])
        p = [math.erfc(abs(value) / 0.05 / math.sqrt(2)) for value in rows["Coefficient"]]
        np.testing.assert_allclose(rows["pValue"], p, rtol=1e-6, atol=1e-300)
        np.testing.assert_allclose(
            np.log2(rows["RNA"] / rows["DNA"]), rows["Coefficient"], atol=0.01
        )
    assert (old["Alt"] == "-").sum() == math.ceil((old["Alt"] != "-").sum() / 100)


def test_replicate_tracks_have_the_stated_mean_and_noise(files, truth):
    for chrom, length in SIZES["chromosomes"].items():
        group = truth[f"profile/{chrom}"]
        replicates = []
        for replicate in (1, 2, 3):
            with pyBigWig.open(str(files[f"profile_{replicate}"])) as track:
                assert track.chroms(chrom) == length
                replicates.append(track.values(chrom, 0, length, numpy=True))
        replicates = np.array(replicates)
        gap = np.zeros(length, bool)
        gap[slice(*group.attrs["unmappable"])] = True
        assert gap.sum() == length // 30
        np.testing.assert_array_equal(np.isnan(replicates), np.tile(gap, (3, 1)))
        mean, sd = group["mean"][:], group["sd"][:]
        np.testing.assert_allclose(sd, np.where(mean > 0, 0.05 + 0.2 * mean, 0))
        assert mean.max() > 10 * np.median(mean) or chrom == "chrY"
        unknown = mean == 0
        assert unknown.sum() == group.attrs["N"]
        assert not replicates[:, unknown & ~gap].any()
        for part in (mean > 1, (mean > 0) & (mean <= 1)):
            used = part & ~gap
            z = (replicates[:, used] - mean[used]) / sd[used]
            assert abs(z.mean()) < 5 / math.sqrt(z.size)
            # The kurtosis of a gamma variable is 3 + 6 sd^2 / mean^2.
            spread = 2 + 6 * np.mean((sd[used] / mean[used]) ** 2)
            assert abs((z**2).mean() - 1) < 5 * math.sqrt(spread / z.size)


@pytest.mark.parametrize("source", ["cagi5", "kircher"])
def test_variants_are_read_with_the_mismatches_dropped(files, truth, source):
    if source == "cagi5":
        tables = {key: files[key] for key in FILES if key.startswith(("release", "challenge"))}
        loci = {"PKLR": "PKLR", "SORT1": "SORT1"}
    else:
        tables, loci = {"kircher": files["kircher"]}, {"PKLR": "PKLR-48h", "SORT1": "SORT1"}
    variants, counts = satmut.load({**tables, "genome": files["genome"]}, loci)
    assert counts["mismatch"].tolist() == [3, 3]
    for output, (locus, part) in enumerate(variants.groupby("locus")):
        known = frame(truth[f"satmut/{locus}"], "position", "alt", "effect", "noise", "mismatch")
        known = known[~known["mismatch"]].sort_values(["position", "alt"])
        assert part["pos"].tolist() == known["position"].tolist()
        codes = encode(part["ref_sequence"].tolist()), encode(part["alt_sequence"].tolist())
        effect = (activity(codes[1]) - activity(codes[0]))[:, output]
        np.testing.assert_allclose(effect, known["effect"], atol=1e-12)
        measured = known["effect"] + known["noise"]
        tolerance = 0.00501 if source == "cagi5" else 1e-9
        np.testing.assert_allclose(part["value"], measured, rtol=0, atol=tolerance)


def test_profiles_are_read_with_unknown_and_unmappable_windows_dropped(files, truth, tmp_path):
    made = {key: tmp_path / key for key in ("mean.bw", "std.bw", "profile.h5")}
    tracks.summarise([files[f"profile_{i}"] for i in (1, 2, 3)], made["mean.bw"], made["std.bw"])
    profile.stream(
        made["profile.h5"],
        {"mean": made["mean.bw"], "std": made["std.bw"], "genome": files["genome"]},
        target="coverage",
        window=500,
        crop=400,
        chromosomes="chr.*",
        validation=["chr1"],
        test=["chrY"],
        max_unknown=0.1,
        max_uncovered=0.1,
    )
    data = Dataset(made["profile.h5"])
    for split, chrom in {"train": "chr8", "validation": "chr1", "test": "chrY"}.items():
        group = truth[f"profile/{chrom}"]
        first, last = group.attrs["unmappable"]
        mean, sd = group["mean"][:], group["sd"][:]
        gap = (np.arange(len(mean)) >= first) & (np.arange(len(mean)) < last)
        starts = [
            start
            for start in range(0, len(mean) - 499, 500)
            if np.mean(mean[start : start + 500] == 0) <= 0.1
            and np.mean(gap[start : start + 500]) <= 0.1
        ]
        assert data.names(split).tolist() == [f"{chrom}:{at}-{at + 500}" for at in starts]
        assert 0 < len(starts) < len(mean) // 500 - 2
        windows = np.array(starts)[:, None] + np.arange(500)
        known = (mean[windows] > 0) & ~gap[windows]
        assert ((data.codes(split) == 4) == (mean[windows] == 0)).all()
        z = (data.targets(split)[..., 0] - mean[windows])[known] / sd[windows][known]
        assert abs(z.mean()) < 5 / math.sqrt(3 * z.size)
        assert z.var() == pytest.approx(1 / 3, rel=0.1)
        variance = data.targets(split)[..., 1].astype(float)[known] ** 2 / sd[windows][known] ** 2
        assert variance.mean() == pytest.approx(1, rel=0.1)
