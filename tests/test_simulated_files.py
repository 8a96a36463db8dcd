"""Raw files of the simulated world: contents as their truth states them, and loaders on them."""

import json
import math
import re

import h5py
import numpy as np
import openpyxl
import pandas as pd
import pytest

from degu.assays import lentimpra, starrseq
from degu.job import InputError
from degu.sequences import encode, reverse_complement
from degu.simulated.files import FILES, simulate
from degu.simulated.world import WORLD, activity, noise

SIZES = {
    "starrseq_rows": 600,
    "lentimpra_elements": 300,
    "chromosomes": {"chr8": 12_000, "chr1": 10_010, "chrY": 6000},
    "locus_length": 150,
    "planted_rows": 500,
}


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


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"starrseq_rows": 301}, "starrseq_rows is 301: an even number from 200"),
        ({"starrseq_rows": 100}, "starrseq_rows is 100"),
        ({"lentimpra_elements": 99}, "lentimpra_elements is 99: at least 100"),
        ({"locus_length": 99}, "locus_length is 99: at least 100"),
        ({"planted_rows": 99}, "planted_rows is 99: at least 100"),
        ({"chromosomes": {"chr1": 2999}}, "chr1 has 2999 bases: at least 3000"),
    ],
)
def test_sizes_that_are_too_small_are_named(tmp_path, sizes, message):
    with pytest.raises(InputError, match=message):
        simulate(tmp_path, seed=1, **sizes)
    assert not list(tmp_path.iterdir())


# Data sets that the loaders of the assays make of them


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
        source="workbook",
        aleatoric=aleatoric,
        sequence_sheet=f"{cell} large-scale",
        activity_sheet=f"{cell}_summary_data",
    )
    assert dict(records.steps) == steps
    assert set(records.names) == set(known["name"])
    splits = pd.Series(records.splits, records.names)
    assert splits.groupby(known.set_index("name")["element"]).nunique().max() == 1
