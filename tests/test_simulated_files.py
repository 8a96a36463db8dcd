"""The simulated world: its laws on sequences made by hand, and what its files hold."""

import gzip
import json
import math
import re

import h5py
import numpy as np
import openpyxl
import pandas as pd
import pyBigWig
import pyfaidx
import pytest

from degu import tracks
from degu.assays import lentimpra, profile, satmut, simulated, starrseq
from degu.assays.simulated import WORLD, activity, coverage, noise, sites, variant_effects
from degu.assays.simulated_files import FILES, simulate
from degu.dataset import Dataset
from degu.job import InputError
from degu.sequences import encode, reverse_complement

SIZES = {
    "starrseq_rows": 600,
    "lentimpra_elements": 300,
    "chromosomes": {"chr8": 12_000, "chr1": 10_010, "chrY": 6000},
    "locus_length": 150,
}
# One instance of each word: general, first_cell, left, right, silencer, noisy.
GENERAL, FIRST, LEFT = "TCGGAAGTGA", "AGATAAGGGC", "ACCCACGTGCCT"
RIGHT, SILENCER, NOISY = "GTCTAACGGAGC", "TCAGCACCAA", "CATTAGCATC"


def made(length, **words):
    """Codes of one sequence of A with words at positions, given as at_POSITION=WORD."""
    letters = ["A"] * length
    for place, word in words.items():
        start = int(place.removeprefix("at_"))
        letters[start : start + len(word)] = word
    return encode(["".join(letters)])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("world"), seed=5, **SIZES)


@pytest.fixture(scope="module")
def truth(files):
    with h5py.File(files["truth"]) as file:
        yield file


def column(group, key):
    values = group[key][:]
    return values.astype("U") if values.dtype == object else values


def frame(group, *keys):
    return pd.DataFrame({key: column(group, key) for key in keys})


def assert_standard_normal(z):
    """Mean 0 and variance 1 within 5 standard errors."""
    assert abs(z.mean()) < 5 / math.sqrt(z.size)
    assert abs(z.var() - 1) < 5 * math.sqrt(2 / z.size)


# The laws


def test_without_sites_only_baseline_and_gc_count():
    codes = encode(["A" * 100, "AC" * 50, "N" * 60 + "G" * 40])
    assert len(sites(codes)) == 0
    np.testing.assert_allclose(activity(codes), [[-0.5, -0.2], [0, -0.5], [-0.1, -0.44]])


def test_a_site_adds_its_effect():
    # 5 of 100 bases are G or C: f = 0 - 0.45 + 1.0 and -0.5 + 0.45 * 0.6 + 0.8.
    codes = made(100, at_20=GENERAL)
    np.testing.assert_allclose(activity(codes), [[0.55, 0.57]])
    np.testing.assert_allclose(noise(codes), [[0.25 * 2**0.0825, 0.25 * 2**0.0855]])


def test_sites_have_place_strand_and_occupancy():
    opposite = reverse_complement(encode([FIRST]))
    found = sites(np.concatenate([made(60), made(60, at_7=FIRST), made(60)]))
    assert found.to_dict("records") == [
        {"row": 1, "motif": 1, "start": 7, "strand": 1, "centre": 11.5, "occupancy": 1.0}
    ]
    codes = made(60)
    codes[0, 30:40] = opposite
    assert sites(codes).to_dict("records") == [
        {"row": 0, "motif": 1, "start": 30, "strand": -1, "centre": 34.5, "occupancy": 1.0}
    ]


@pytest.mark.parametrize(
    ("word", "occupancy"),
    [
        ("TCGGAAGTGA", [1.0]),
        ("ACGGAAGTGA", [0.5]),  # A small letter of tCGGAAGTGa,
        ("ACGGAAGTGT", [0.25]),  # both of them,
        ("TCGGTAGTGA", [0.25]),  # a capital,
        ("TCGGTAGTGT", [0.125]),  # one of each,
        ("TCGGTTGTGA", []),  # two capitals,
        ("NCGGAAGTGA", []),  # or an unknown base.
    ],
)
def test_mismatches_weaken_a_site(word, occupancy):
    assert sites(made(60, at_20=word)).occupancy.tolist() == occupancy


def test_every_word_and_its_opposite_are_one_site():
    for number, motif in enumerate(WORLD.motifs):
        word = motif.word.upper().translate(str.maketrans("RYSWKM", "ACCAGA"))
        codes = made(80, at_30=word)
        found = sites(np.concatenate([codes, reverse_complement(codes)]))
        assert found.motif.tolist() == [number] * 2
        assert found.strand.tolist() == [1, -1]
        assert found.occupancy.tolist() == [1, 1]


@pytest.mark.parametrize(("distance", "near"), [(12, 1), (13, 1), (30, 1), (31, 0), (60, 0)])
@pytest.mark.parametrize("turned", [False, True])
def test_partners_help_only_at_their_spacing(distance, near, turned):
    # 15 of 200 bases are G or C: 0.075 - 0.5 + 0.3 + 0.2, and -0.5 + 0.425 * 0.6 + 0.2 + 0.3.
    codes = made(200, **{"at_50": LEFT, f"at_{50 + distance}": RIGHT})
    codes = reverse_complement(codes) if turned else codes
    np.testing.assert_allclose(activity(codes), [[0.075 + 1.4 * near, 0.255 + 1.2 * near]])


@pytest.mark.parametrize(("distance", "near"), [(10, 1), (100, 1), (101, 0)])
def test_the_silencer_quenches_in_one_cell_at_short_range(distance, near):
    # 10 of 200 bases are G or C: 0.05 - 0.5 - 0.8 + 1.6, and -0.5 + 0.45 * 0.6 - 0.6 + 0.1.
    codes = made(200, **{"at_20": SILENCER, f"at_{20 + distance}": FIRST})
    np.testing.assert_allclose(activity(codes), [[0.35 - 0.7 * near, -0.73]])


def test_a_weak_partner_helps_less():
    strong = activity(made(200, at_50=LEFT, at_70=RIGHT))
    weak = activity(made(200, at_50="T" + LEFT[1:], at_70=RIGHT))  # Half the occupancy of left.
    np.testing.assert_allclose(strong - weak, [[0.15 + 0.7, 0.1 + 0.6]])


def test_the_noisy_motif_doubles_the_noise_and_nothing_else():
    # 4 of 100 bases are G or C: f is -0.46 and -0.5 + 0.46 * 0.6.
    codes = made(100, at_20=NOISY)
    np.testing.assert_allclose(activity(codes), [[-0.46, -0.224]])
    np.testing.assert_allclose(noise(codes), [[0.5 * 2**-0.069, 0.5 * 2**-0.0336]])
    two = made(100, at_20=NOISY, at_60=NOISY)
    np.testing.assert_allclose(noise(two), [[2**-0.063, 2**-0.0372]])


def test_variants_outside_sites_change_the_background_alone():
    outside = [*range(20), *range(30, 100)]
    codes = np.repeat(made(100, at_20=GENERAL), len(outside), axis=0)
    to_c = variant_effects(codes, outside, 1)
    np.testing.assert_allclose(to_c, np.tile([0.01, -0.006], (90, 1)), atol=1e-12)
    np.testing.assert_allclose(variant_effects(codes, outside, 3), 0, atol=1e-12)


def test_variants_inside_a_site_change_its_occupancy():
    codes = np.repeat(made(100, at_20=GENERAL), 2, axis=0)
    # A T for the first of its capitals, a C, and a C for its first letter, a T.
    expected = [[-0.75 - 0.01, -0.6 + 0.006], [-0.5 + 0.01, -0.4 - 0.006]]
    np.testing.assert_allclose(variant_effects(codes, [21, 20], [3, 1]), expected)


def test_both_strands_are_alike():
    rng = np.random.default_rng(3)
    codes = simulated.background(200, 230, rng)
    simulated.plant(codes, 40, rng)
    assert len(sites(codes)) > 600
    np.testing.assert_allclose(activity(reverse_complement(codes)), activity(codes), atol=1e-12)
    np.testing.assert_allclose(noise(reverse_complement(codes)), noise(codes))
    np.testing.assert_allclose(coverage(reverse_complement(codes))[:, ::-1], coverage(codes))


def test_coverage_is_a_background_and_a_peak_with_a_dip():
    codes = made(500, at_300=GENERAL)  # Its centre is 304.5, its opening 4.
    codes[0, :10] = 4
    mean = coverage(codes)[0]
    assert not mean[:10].any()
    # Bases 105 to 504 are in reach of the site.
    np.testing.assert_allclose(mean[10:105], 0.3)

    def peak(d):
        return 0.3 + 4 * (math.exp(-d * d / 7200) - 0.7 * math.exp(-d * d / 72))

    known = {304: peak(0.5), 305: peak(0.5), 290: peak(14.5), 400: peak(95.5), 105: peak(199.5)}
    np.testing.assert_allclose(mean[list(known)], list(known.values()))
    assert mean[304] < 1.6 < 4 < mean[285]
    sd = simulated.coverage_noise(mean)
    np.testing.assert_allclose(sd[[0, 50, 290]], [0, 0.11, 0.05 + 0.2 * peak(14.5)])


def test_backgrounds_have_their_base_content():
    codes = simulated.background(4000, 250, np.random.default_rng(1))
    share = np.isin(codes, (1, 2)).mean(axis=1)
    # Uniform from 0.35 to 0.65, and binomial of 250.
    variance = 0.3**2 / 12 + (0.25 - 0.3**2 / 12) / 250
    assert abs(share.mean() - 0.5) < 5 * math.sqrt(variance / 4000)
    assert share.var() == pytest.approx(variance, rel=0.1)
    counts = np.bincount(codes.ravel(), minlength=5)
    assert counts[4] == 0
    assert abs(counts[0] - counts[3]) < 5 * 1000
    assert abs(counts[1] - counts[2]) < 5 * 1000


# The files


def sheets(path):
    book = openpyxl.load_workbook(path, read_only=True)
    return {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}


def contents(paths, key):
    return sheets(paths[key]) if key.startswith("lentimpra") else paths[key].read_bytes()


def test_a_seed_determines_every_file(files, tmp_path):
    again = simulate(tmp_path / "again", seed=5, **SIZES)
    other = simulate(tmp_path / "other", seed=6, **SIZES)
    assert list(again) == list(FILES)
    for key in FILES:
        assert contents(again, key) == contents(files, key), key
        if key != "genome_index":
            assert contents(other, key) != contents(files, key), key


def test_the_size_of_one_assay_leaves_the_others_alone(files, tmp_path):
    other = simulate(tmp_path, seed=5, **{**SIZES, "starrseq_rows": 200})
    different = {key for key in FILES if contents(other, key) != contents(files, key)}
    assert different == {"starrseq", "truth"}


def test_the_truth_has_the_constants(truth):
    world = json.loads(truth["world"].attrs["json"])
    assert [motif["word"] for motif in world["motifs"]] == [m.word for m in WORLD.motifs]
    assert (world["noise_base"], truth["world"].attrs["seed"]) == (0.25, 5)


def test_perfect_sites_are_those_that_a_text_search_finds(files, truth):
    sequences = pd.read_csv(files["starrseq"], sep="\t")["Sequence"]
    opposite = str.maketrans("ACGT", "TGCA")
    allowed = {"R": "[AG]", "Y": "[CT]", "S": "[CG]", "W": "[AT]", "K": "[GT]", "M": "[AC]"}
    expected = set()
    for number, motif in enumerate(WORLD.motifs):
        letters = [allowed.get(letter, letter) for letter in motif.word.upper()]
        pattern = re.compile(f"(?={''.join(letters)})")
        for row, sequence in enumerate(sequences):
            expected |= {(row, number, match.start()) for match in pattern.finditer(sequence)}
            end = len(sequence) - len(letters)
            turned = sequence.translate(opposite)[::-1]
            expected |= {(row, number, end - match.start()) for match in pattern.finditer(turned)}
    group = truth["starrseq/sites"]
    perfect = group["occupancy"][:] == 1
    found = zip(
        *(group[key][:][perfect].tolist() for key in ("row", "motif", "start")), strict=True
    )
    assert set(found) == expected
    assert len(expected) > 600


def test_starrseq_holds_both_strands_and_noise_of_the_stated_size(files, truth):
    table = pd.read_csv(files["starrseq"], sep="\t")
    group = truth["starrseq"]
    assert list(table) == [
        *("seqnames", "start", "end", "ID", "set", "Sequence"),
        *("Dev_log2_enrichment", "Hk_log2_enrichment"),
    ]
    assert table["set"].value_counts().to_dict() == {"Train": 480, "Val": 60, "Test": 60}
    assert (table["end"] - table["start"] + 1 == 249).all()
    assert table["ID"].is_unique
    assert table["ID"][0].startswith(f"{table['seqnames'][0]}_1_249_+_")
    assert (column(group, "name") == table["ID"]).all()
    codes = encode(list(table["Sequence"]))
    assert (reverse_complement(codes[::2]) == codes[1::2]).all()
    assert (table["set"][::2].to_numpy() == table["set"][1::2].to_numpy()).all()
    assert (codes == 4).any(axis=1).sum() == group.attrs["rows_with_N"] == 12
    np.testing.assert_array_equal(group["activity"], activity(codes))
    np.testing.assert_array_equal(group["sigma"], noise(codes))
    measured = table[["Dev_log2_enrichment", "Hk_log2_enrichment"]].to_numpy()
    sigma = group["sigma"][:]
    z = (measured - group["activity"][:]) / sigma
    # Stated for the noisiest quarter and for the others: the noise is not of one size.
    noisy = sigma > np.quantile(sigma, 0.75)
    assert sigma[noisy].mean() > 1.5 * sigma[~noisy].mean()
    for part in (z[noisy], z[~noisy]):
        assert_standard_normal(part)


@pytest.mark.parametrize(("cell", "output"), [("K562", 0), ("HepG2", 1)])
def test_lentimpra_holds_the_planted_values(files, truth, cell, output):
    group = truth[f"lentimpra/{cell}"]
    known = frame(group, "name", "element", "activity", "sigma", "replicates", "in_library")
    codes = group["codes"][:]
    np.testing.assert_array_equal(known["activity"], activity(codes)[:, output])
    np.testing.assert_array_equal(known["sigma"], noise(codes)[:, output])

    rows = sheets(files["lentimpra_sequences"])[f"{cell} large-scale"]
    header = [row[0] for row in rows].index("name")
    assert header == output  # One remark before the header of the second sheet.
    assert len(rows[header]) == {"K562": 7, "HepG2": 11}[cell]
    library = {row[0]: row[-1] for row in rows[header + 1 :]}
    assert list(library) == known.loc[known["in_library"], "name"].tolist()
    assert (encode(list(library.values())) == codes[known["in_library"]]).all()
    assert {sequence[:15] for sequence in library.values()} == {"AGGACCGGATCAACT"}
    assert {sequence[-15:] for sequence in library.values()} == {"CATTGCGTGAACCGA"}

    rows = sheets(files["lentimpra_activity"])[f"{cell}_summary_data"]
    table = pd.DataFrame(rows[header + 1 :], columns=rows[header]).set_index("name")
    known = known.set_index("name").loc[table.index]
    values = table.iloc[:, :3].to_numpy(float)
    assert (np.isfinite(values).sum(axis=1) == known["replicates"]).all()
    assert np.abs(np.nanmean(values, axis=1) - table["mean"].to_numpy(float)).max() < 5.01e-4
    several = known["replicates"].to_numpy() > 1
    std = np.nanstd(values[several], axis=1, ddof=1)
    np.testing.assert_allclose(table["std"].to_numpy(float)[several], std, atol=1e-12)
    assert table["std"][~several].isna().all()
    z = (values - known[["activity"]].to_numpy()) / known[["sigma"]].to_numpy()
    assert_standard_normal(z[np.isfinite(z)])


@pytest.mark.parametrize("cell", ["K562", "HepG2"])
def test_lentimpra_has_as_many_oddities_as_stated(files, truth, cell):
    rows = sheets(files["lentimpra_sequences"])[f"{cell} large-scale"]
    library = {row[0]: row[-1] for row in rows if row[0] and not row[0].endswith("simulated")}
    del library["name"]
    rows = sheets(files["lentimpra_activity"])[f"{cell}_summary_data"]
    measured = {row[0]: row[1:] for row in rows if not row[0].endswith("simulated")}
    del measured["name"]
    forwards = {
        name: re.sub("_Reversed(_0)?$", "", name) for name in library if "_Reversed" in name
    }
    inserts = pd.Series([sequence[15:-15] for sequence in library.values()], list(library))
    counts = {
        "reverses": len(forwards),
        "reverses_0": sum(name.endswith("_0") for name in forwards),
        "controls": sum(name.startswith("Cneg") for name in library.keys() | measured),
        "shared_inserts": inserts[[*set(inserts.index) - set(forwards)]].duplicated().sum(),
        "activity_without_sequence": len(measured.keys() - library),
        "sequence_without_activity": len(library.keys() - measured),
        "one_replicate_missing": sum(row[:3].count(None) == 1 for row in measured.values()),
        "std_missing": sum(row[:3].count(None) == 2 for row in measured.values()),
        "reverse_without_forward": len(
            [name for name in forwards if forwards[name] not in measured]
        ),
        "reversed_names_ending_in_0": sum(name.endswith("0") for name in forwards.values()),
        "reversed_names_starting_with_R_e_v": sum(name[0] in "Rev" for name in forwards.values()),
    }
    assert counts == dict(truth[f"lentimpra/{cell}"].attrs)
    for name, forward in forwards.items():
        if forward in library:
            turned = reverse_complement(encode([inserts[forward]]))
            assert (encode([inserts[name]]) == turned).all()
    zero = {"reverses_0"} if cell == "K562" else set()
    assert {name for name, count in counts.items() if count == 0} == zero


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


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"starrseq_rows": 301}, "starrseq_rows is 301: an even number from 200"),
        ({"starrseq_rows": 100}, "starrseq_rows is 100"),
        ({"lentimpra_elements": 99}, "lentimpra_elements is 99: at least 100"),
        ({"locus_length": 99}, "locus_length is 99: at least 100"),
        ({"chromosomes": {"chr1": 2999}}, "chr1 has 2999 bases: at least 3000"),
    ],
)
def test_sizes_that_are_too_small_are_named(tmp_path, sizes, message):
    with pytest.raises(InputError, match=message):
        simulate(tmp_path, seed=1, **sizes)
    assert not list(tmp_path.iterdir())


# What the loaders of the assays make of them


def test_starrseq_is_read(files, truth):
    records = starrseq.load({"activity": files["starrseq"]}, 1, expect={"train": 480, "test": 60})
    assert records.names.tolist() == column(truth["starrseq"], "name").tolist()
    residual = (records.targets - truth["starrseq/activity"][:]) / truth["starrseq/sigma"][:]
    assert_standard_normal(residual)


@pytest.mark.parametrize("cell", ["K562", "HepG2"])
@pytest.mark.parametrize("aleatoric", [False, True])
def test_lentimpra_is_read_with_every_count_as_planted(files, truth, cell, aleatoric):
    group = truth[f"lentimpra/{cell}"]
    known = frame(group, "name", "element", "reverse", "replicates", "in_library")
    steps = {"rows": int((known["replicates"] > 0).sum())}
    known = known[known["replicates"] > (1 if aleatoric else 0)]
    steps["std not NaN" if aleatoric else "mean not NaN"] = len(known)
    known = known[known["in_library"]]
    both = known["element"].duplicated(keep=False)
    alone = int((known["reverse"] & ~both).sum())
    steps |= {
        "name has sequence": len(known),
        "reverse rows": int(known["reverse"].sum()),
        "reverse without measured forward": alone,
        "pairs": int(both.sum()) // 2,
        "others": len(known) - int(both.sum()),
        "pairs that are not reverse complements": 0,
    }
    records = lentimpra.load(
        {"sequences": files["lentimpra_sequences"], "activity": files["lentimpra_activity"]},
        seed=1,
        aleatoric=aleatoric,
        sequence_sheet=f"{cell} large-scale",
        activity_sheet=f"{cell}_summary_data",
    )
    assert dict(records.steps) == steps
    assert set(records.names) == set(known["name"])
    splits = pd.Series(records.splits, records.names)
    assert splits.groupby(known.set_index("name")["element"]).nunique().max() == 1


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
    profile.prepare(
        made["profile.h5"],
        made["mean.bw"],
        made["std.bw"],
        files["genome"],
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
