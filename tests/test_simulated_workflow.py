"""The data stage of the workflow on the simulated world: every planted value comes through."""

import h5py
import numpy as np
import pandas as pd
import pyBigWig
import pytest

from degu.dataset import SPLITS, Dataset
from degu.sequences import decode
from workflow import ROOT, snakemake


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulated")
    targets = ["plot_data", "results/tables/data_sim_satmut.tsv"]
    config = ROOT / "tests" / "simulated.yaml"
    done = snakemake(
        "--snakefile", ROOT / "Snakefile", "--directory", folder, "--cores", 2,
        "--configfile", config, "--", *targets,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return folder / "results"


@pytest.fixture(scope="module")
def truth(results):
    with h5py.File(results / "data" / "simulated" / "truth.h5") as file:
        yield file


def rows_of(results, name):
    """All rows of a data set: a table of names, sequences, splits and targets."""
    data = Dataset(results / "data" / f"{name}.h5")
    parts = []
    for split in SPLITS:
        part = pd.DataFrame(data.targets(split), columns=data.target_names)
        part.insert(0, "sequence", decode(data.codes(split)))
        parts.append(part.assign(split=split).set_index(data.names(split)))
    return pd.concat(parts)


def card_of(results, name):
    table = pd.read_table(results / "tables" / f"data_{name}.tsv")
    return table.set_index(["split", "output", "metric"])["value"]


def test_starrseq_is_the_table_row_by_row(results):
    rows = rows_of(results, "sim_starrseq")
    table = pd.read_table(results / "data" / "simulated" / "starrseq.tsv").set_index("ID")
    assert set(rows.index) == set(table.index) and len(rows) == len(table) == 2000
    table = table.loc[rows.index]
    assert (rows["sequence"] == table["Sequence"].str.upper()).all()
    words = table["set"].map({"Train": "train", "Val": "validation", "Test": "test"})
    assert (rows["split"] == words).all()
    for target in ("Dev", "Hk"):
        np.testing.assert_array_equal(
            rows[target], table[f"{target}_log2_enrichment"].astype(np.float32)
        )


@pytest.mark.parametrize("cell", ["K562", "HepG2"])
def test_lentimpra_has_the_planted_rows_and_the_workbook_s_values(results, truth, cell):
    rows = rows_of(results, f"sim_{cell.lower()}")
    planted = truth[f"lentimpra/{cell}"]
    wanted = (planted["replicates"][:] >= 2) & planted["in_library"][:]
    names = planted["name"].asstr()[:]
    assert set(rows.index) == set(names[wanted])
    sequences = pd.Series(decode(planted["codes"][:]), names)
    assert (rows["sequence"] == sequences[rows.index]).all()
    book = results / "data" / "simulated" / "lentimpra_table4.xlsx"
    sheet = pd.read_excel(book, sheet_name=f"{cell}_summary_data", header=None)
    header = int(np.argmax(sheet[0] == "name"))
    measured = sheet.iloc[header + 1 :].set_index(0).loc[rows.index]
    columns = sheet.columns[sheet.iloc[header].astype(str).str.startswith("replicate")]
    replicates = measured[columns].astype(float)
    np.testing.assert_allclose(rows["activity"], replicates.mean(axis=1), atol=1e-6)
    np.testing.assert_allclose(rows["activity_aleatoric"], replicates.std(axis=1), atol=1e-6)
    elements = pd.Series(planted["element"].asstr()[:], names)[rows.index]
    assert (rows["split"].groupby(elements.to_numpy()).nunique() == 1).all()


@pytest.mark.parametrize("cell", ["K562", "HepG2"])
def test_the_card_counts_what_was_planted(results, truth, cell):
    planted, card = truth[f"lentimpra/{cell}"].attrs, card_of(results, f"sim_{cell.lower()}")
    counted = card["all", "sequence"]
    assert counted["reverse without measured forward"] >= planted["reverse_without_forward"]
    dropped = counted["rows"] - counted["std not NaN"]
    assert dropped == planted["std_missing"]
    lost = counted["std not NaN"] - counted["name has sequence"]
    assert lost == planted["activity_without_sequence"]
    assert counted["leaks by sequence"] == counted["leaks by reverse complement"] == 0
    assert counted["reverse rows"] == counted["pairs"] + counted["reverse without measured forward"]
    assert 0 < card["test", "activity", "replicate_pearson"] < 1


def test_profile_windows_are_the_mean_and_deviation_of_the_replicates(results):
    data = Dataset(results / "data" / "sim_profile.h5")
    tracks = [
        pyBigWig.open(str(results / "data" / "simulated" / f"profile_{number}.bw"))
        for number in (1, 2, 3)
    ]
    for split, chromosome in [("validation", "chr9"), ("test", "chr8")]:
        names, targets = data.names(split), data.targets(split)
        assert len(names) > 20
        for name, window in zip(names[::10], targets[::10], strict=True):
            place, _, span = name.partition(":")
            start, end = map(int, span.split("-"))
            values = np.array([track.values(place, start, end, numpy=True) for track in tracks])
            values = np.nan_to_num(values.astype(np.float64))
            assert place == chromosome and window.shape == (1024, 2)
            mean = values.mean(axis=0).astype(np.float32).astype(np.float16)
            std = values.std(axis=0, ddof=1).astype(np.float32).astype(np.float16)
            np.testing.assert_array_equal(window, np.stack([mean, std], axis=1))


@pytest.mark.parametrize("locus", ["PKLR", "SORT1"])
def test_variants_have_the_planted_effects(results, truth, locus):
    table = pd.read_table(results / "data" / "sim_satmut.tsv")
    table = table[table["locus"] == locus].set_index(["pos", "alt"])
    planted = truth[f"satmut/{locus}"]
    kept = ~planted["mismatch"][:]
    keys = zip(planted["position"][:][kept], planted["alt"].asstr()[:][kept], strict=True)
    wanted = pd.Series(
        (planted["effect"][:] + planted["noise"][:])[kept].round(2),
        pd.MultiIndex.from_tuples(keys, names=["pos", "alt"]),
    )
    assert len(table) == len(wanted)
    np.testing.assert_allclose(table["value"], wanted.loc[table.index], atol=1e-9)
    for _, row in table.head(20).iterrows():
        assert len(row["ref_sequence"]) == 230 and row["index"] == 114
        assert row["ref_sequence"][114] == row["ref"]
        assert row["alt_sequence"][114] == row.name[1]


def test_mismatches_are_counted(results, truth):
    counts = pd.read_table(results / "tables" / "data_sim_satmut.tsv")
    counts = counts.set_index(["output", "metric"])["value"]
    for locus in ("PKLR", "SORT1"):
        assert counts[locus, "mismatch"] == truth[f"satmut/{locus}"].attrs["mismatches"]
