"""Reporter experiments: both formats, sequences by name, and every bad input by its message."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from degu import barcodes, dataset
from degu.assays import reporter, table
from degu.job import InputError
from degu.splits import SPLITS

DATA = Path(os.environ.get("DEGU_DATA", Path(__file__).parents[2] / "shared" / "data"))
OLIGOS = [f"oligo_{number}" for number in range(40)]
REPLICATES = ["r1", "r2", "r3"]


def sequences(number, length=30):
    """Letters of random sequences."""
    codes = np.random.default_rng(1).integers(0, 4, (number, length))
    return ["".join("ACGT"[code] for code in row) for row in codes]


@pytest.fixture
def files(tmp_path):
    """Twelve barcodes an oligo, of two nine; reads of three replicates; a FASTA of the oligos."""
    rng = np.random.default_rng(0)
    rows = pd.DataFrame({"oligo_name": np.repeat(OLIGOS, 12)})
    rows.insert(0, "barcode", sequences(len(rows), 15))
    for replicate in REPLICATES:
        for kind in ("dna", "rna"):
            rows[f"{kind}_count_{replicate}"] = rng.poisson(3.3, len(rows))
    rows = rows.drop(index=[9, 10, 11, 21, 22, 23])
    rows.to_csv(tmp_path / "experiment.tsv.gz", sep="\t", index=False)
    letters = zip(OLIGOS, sequences(len(OLIGOS)), strict=True)
    (tmp_path / "design.fa").write_text("".join(f">{name}\n{bases}\n" for name, bases in letters))
    return {"experiment": tmp_path / "experiment.tsv.gz", "design": tmp_path / "design.fa"}


def rewrite(path, change):
    """Change a table of a file."""
    change(pd.read_table(path)).to_csv(path, sep="\t", index=False)


def of_oligos(files):
    """Write the activities of the barcodes as a table of oligos, rounded as the tools do."""
    counts = barcodes.count(files["experiment"])
    columns = {
        "log2FoldChange": barcodes.activities(counts).round(4),
        "n_bc": counts["barcodes"].astype(int),
        "dna_counts": counts["dna"].astype(int),
    }
    rows = pd.concat({title: frame.T.stack() for title, frame in columns.items()}, axis=1)
    path = files["experiment"].with_name("oligos.tsv")
    rows.rename_axis(["replicate", "oligo_name"]).to_csv(path, sep="\t")
    return files | {"experiment": path}


def test_replicates_are_those_of_barcodes(files):
    records = reporter.load(files, 0)
    counts = barcodes.count(files["experiment"])
    measured = barcodes.activities(counts).where(counts["barcodes"] >= 10)
    measured = measured[measured.notna().sum(axis=1) >= 2]
    assert len(measured) == 38
    assert records.names.tolist() == measured.index.tolist()
    np.testing.assert_array_equal(records.replicates["activity"], measured)
    expected = np.stack([measured.mean(axis=1), measured.std(axis=1, ddof=1)], axis=1)
    np.testing.assert_allclose(records.targets, expected, rtol=1e-6)
    assert records.target_names == ["activity", "activity_aleatoric"]
    assert records.steps == [
        ("barcodes counted, summed over replicates", counts["barcodes"].to_numpy().sum()),
        ("oligos in the table", 40),
        ("oligos with a sequence", 40),
        ("rows with all measurements", 38),
    ]
    assert records.splits.tolist().count("train") == round(0.8 * 38)


def test_a_table_of_oligos_says_the_same(files):
    whole, rounded = reporter.load(files, 0), reporter.load(of_oligos(files), 0)
    for field in ("names", "codes", "splits"):
        np.testing.assert_array_equal(getattr(rounded, field), getattr(whole, field))
    # Both are rounded to 4 decimals: so is the mean, and the deviation to a little less.
    np.testing.assert_allclose(rounded.targets, whole.targets, rtol=0, atol=1e-4)


def test_the_least_number_of_barcodes_and_reads(files, caplog):
    everything = reporter.load(files, 0, min_barcodes=1)
    assert len(everything.names) == 40 and not np.isnan(everything.replicates["activity"]).any()
    caplog.set_level("WARNING", "degu")
    counts = barcodes.count(files["experiment"])["barcodes"]
    kept = int(((counts >= 12).sum(axis=1) >= 2).sum())
    assert 0 < kept < 20
    said = f"kept {kept} of 40 oligos, {40 - kept} lack 12 barcodes in a second replicate"
    assert len(reporter.load(files, 0, min_barcodes=12).names) == kept
    assert said in caplog.text
    options = {"min_counts": {"dna": 0, "rna": 0}, "pseudocount": {"oligo": 1}, "depth": "none"}
    counts = barcodes.count(files["experiment"], 0, 0)
    values = barcodes.activities(counts, {"oligo": 1}, "none")
    records = reporter.load(files, 0, min_barcodes=1, **options)
    np.testing.assert_array_equal(records.replicates["activity"], values)


@pytest.mark.parametrize(
    ("header", "oligo"),
    [
        ("{name}", "{name}"),
        ("{name} further words", "{name}"),
        ("{name} [peak] (a)", "{name}__peak__(a)"),
        ("{name} [peak] (a)", "{name} [peak] (a)"),
    ],
)
def test_names_of_the_design_are_read_as_the_tools_write_them(header, oligo, files):
    text = files["design"].read_text()
    for name in reversed(OLIGOS):
        text = text.replace(f">{name}\n", f">{header.format(name=name)}\n")
    files["design"].write_text(text)
    rewrite(
        files["experiment"],
        lambda rows: rows.assign(oligo_name=[oligo.format(name=name) for name in rows.oligo_name]),
    )
    records = reporter.load(files, 0, min_barcodes=1)
    assert records.names.tolist() == [oligo.format(name=name) for name in OLIGOS]
    assert ["".join("ACGT"[code] for code in row) for row in records.codes] == sequences(40)


def design_table(files, **columns):
    """Write the design as a table."""
    path = files["design"].with_name("design.tsv")
    table = pd.DataFrame({"name": OLIGOS, "sequence": sequences(40), "category": "element"})
    table.assign(**columns).to_csv(path, sep="\t", index=False)
    return files | {"design": path}


def test_oligos_of_one_place_stay_in_one_split(files):
    """Both alleles of an element; where no place is known, each oligo is its own."""
    known = np.arange(40) < 20
    place = {"chr": np.where(known, "chr1", "NA"), "end": 9}
    place |= {"start": np.where(known, np.arange(40) // 2, "NA"), "strand": "+"}
    records = reporter.load(design_table(files, **place), 0, min_barcodes=1)
    pairs = records.splits[:20].reshape(10, 2)
    assert (pairs[:, 0] == pairs[:, 1]).all() and len(set(pairs[:, 0])) > 1
    # Thirty groups: three of them each for validation and test.
    assert 3 <= records.splits.tolist().count("test") <= 6
    groups = reporter.pick_sequences(files["design"].with_name("design.tsv"), OLIGOS[18:21], "")
    assert groups["group"].tolist() == ["chr1:9:9", "chr1:9:9", "oligo_20"]


def test_alleles_in_a_fasta_stay_in_one_split(files):
    """Each odd oligo is the even one before it with another base in the middle."""
    elements = sequences(20)
    pairs = [one[:14] + base + one[15:] for one in elements for base in "AC"]
    lines = [f">{name}\n{bases}\n" for name, bases in zip(OLIGOS, pairs, strict=True)]
    files["design"].write_text("".join(lines))
    splits = reporter.load(files, 0, min_barcodes=1).splits.reshape(20, 2)
    assert (splits[:, 0] == splits[:, 1]).all()
    assert np.unique(splits, return_counts=True)[1].tolist() == [4, 32, 4]


def test_splits_and_groups_of_the_design_are_kept(files):
    own = np.array(SPLITS)[np.arange(40) % 3]
    records = reporter.load(design_table(files, split=own), 0, min_barcodes=1)
    assert records.splits.tolist() == own.tolist()
    groups = np.arange(40) // 4
    records = reporter.load(design_table(files, group=groups), 0, min_barcodes=1)
    assert all(len(set(part)) == 1 for part in records.splits.reshape(10, 4))


def test_oligos_without_a_sequence_are_left_out_and_named(files, caplog):
    text = files["design"].read_text()
    files["design"].write_text(text.replace(">oligo_7\n", ">other\n"))
    caplog.set_level("WARNING", "degu")
    records = reporter.load(files, 0, min_barcodes=1)
    assert records.names.tolist() == [name for name in OLIGOS if name != "oligo_7"]
    assert ("oligos with a sequence", 39) in records.steps
    assert "has no sequence of 1 oligos" in caplog.text and "'oligo_7'" in caplog.text


def test_lengths_are_made_equal(files):
    files["design"].write_text(files["design"].read_text() + "ACGT\n")
    records = reporter.load(files, 0, min_barcodes=1, length={"pad": "right"})
    assert records.codes.shape == (40, 34)
    with pytest.raises(InputError, match=r"sequence 'oligo_39' has 34 bases, but .* has 30"):
        reporter.load(files, 0, min_barcodes=1)


def test_every_replicate_may_have_any_name(files):
    titles = dict(zip(REPLICATES, ["group", "split", "oligo"], strict=True))
    rewrite(
        files["experiment"],
        lambda rows: rows.rename(columns=lambda c: c[:-2] + titles.get(c[-2:], c[-2:])),
    )
    assert reporter.load(files, 0, min_barcodes=1).replicates["activity"].shape == (40, 3)


def test_options_of_barcodes_are_refused_for_oligos(files):
    message = "has activities of oligos: pseudocount, depth are for tables of barcodes"
    with pytest.raises(InputError, match=message):
        reporter.load(of_oligos(files), 0, pseudocount={"oligo": 1}, depth="total")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("variant_id\tlog2FoldChange\tinputCountRef", "has effects of variants, which `variants`"),
        ("oligo_name\tlog2FoldChange\tinputCount", "has activities over all replicates, without"),
        ("name,seq,rep1", r"is no reporter experiment: barcode, .* between tabs; it has no header"),
        ("name\tseq\trep1", r"replicate, oligo_name, log2FoldChange, n_bc .* it has name, seq"),
        ("barcode\toligo_name", "has the DNA of replicates none, but the RNA of none"),
    ],
)
def test_another_format_is_recognised(header, message, files):
    path = files["experiment"].with_name("other.tsv")
    path.write_text(f"{header}\n")
    with pytest.raises(InputError, match=message):
        reporter.load(files | {"experiment": path}, 0)


def test_too_few_barcodes_or_replicates_are_told(files):
    message = "no oligo has 13 barcodes in two replicates, the most are 12: lower `min_barcodes`"
    with pytest.raises(InputError, match=message):
        reporter.load(files, 0, min_barcodes=13)
    rewrite(files["experiment"], lambda rows: rows[rows.columns[:4]])
    with pytest.raises(InputError, match="has one replicate, 'r1': two or more are needed"):
        reporter.load(files, 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            ">a\nACGT\n>b\nACGA\n",
            "none of the 40 oligos of .*: the first there is 'oligo_0', the fi",
        ),
        (
            ">oligo_1\nACGT\n>oligo_1\nACGA\n",
            "the name 'oligo_1' stands twice, names must be unique",
        ),
        (">\nACGT\n", "none of the 40 oligos"),
        ("id\tsequence\noligo_1\tACGT\n", "has no column 'name': it has id, sequence"),
        ("name\tsequence\noligo_1\t\n", "row 2: 'sequence' is empty, text is needed"),
        ("", "is empty: a header line and rows are needed"),
    ],
)
def test_wrong_designs_are_named(text, message, files):
    files["design"].write_text(text)
    with pytest.raises(InputError, match=message):
        reporter.load(files, 0, min_barcodes=1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda rows: pd.concat([rows, rows[:1]]),
            "all have replicate r1, oligo_name oligo_0; one",
        ),
        (lambda rows: rows.replace({"n_bc": {12: "many"}}), "'n_bc' is 'many', a finite number"),
        (
            lambda rows: rows.assign(log2FoldChange="-inf"),
            "row 2: 'log2FoldChange' is '-inf', a fi",
        ),
    ],
)
def test_wrong_tables_of_oligos_are_named(change, message, files):
    files = of_oligos(files)
    rewrite(files["experiment"], change)
    with pytest.raises(InputError, match=message):
        reporter.load(files, 0)


def test_a_real_experiment_equals_the_table_that_was_made_of_it(tmp_path):
    """Means of three replicates of which each was rounded to 4 decimals."""
    folder = DATA / "lentimpra_workshop_hepg2"
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing: set DEGU_DATA to the folder of data sets")
    path = folder / "workshop_hepg2_replicates.tsv.gz"
    made = pd.read_table(path)
    design = tmp_path / "design.fa"
    letters = made[["name", "seq"]].itertuples(index=False)
    design.write_text("".join(f">{name}\n{bases}\n" for name, bases in letters))
    files = {"experiment": folder / "barcode_counts.tsv.gz", "design": design}
    records = reporter.load(files, 0, min_barcodes=1)
    columns = {"name": "name", "sequence": "seq"}
    targets = {"activity": {"replicates": [f"log2fc_rep{r}" for r in (1, 2, 3)]}}
    stated = table.load({"table": path}, 0, columns, targets, "drop")
    assert len(records.names) == 2038
    order = pd.Index(records.names).get_indexer(stated.names)
    np.testing.assert_array_equal(records.codes[order], stated.codes)
    # 952 variants: both alleles are in one split, which a split by sequence does not know.
    groups = pd.Series(reporter.pick_sequences(design, pd.Index(records.names), "")["group"])
    assert groups.value_counts().value_counts().to_dict() == {2: 952, 1: 134}
    for labels in (records.splits, made.set_index("name")["cluster"][records.names].to_numpy()):
        assert (pd.Series(labels).groupby(groups.to_numpy()).nunique() == 1).all()
    np.testing.assert_allclose(records.targets[order], stated.targets, rtol=0, atol=7.1e-5)
    dataset.check(records)
    assert len(reporter.load(files, 0).names) == 1055
