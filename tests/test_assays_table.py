"""The general door: values by hand, and every bad input by its message."""

import gzip
import math
from pathlib import Path

import numpy as np
import pytest

from degu import dataset, job
from degu.assays import table
from degu.job import InputError
from degu.splits import SPLITS

COLUMNS = {"sequence": "seq", "name": "id", "split": "set"}
TARGETS = {"y": {"mean": "y"}}
HEADER = "id seq set y"
ROWS = [
    "a ACGT train 1",
    "b CCGT Train 2",
    "c GCGT val 3",
    "d TCGT valid 4",
    "e ACGN TEST 5",
    "f ttgt test 6",
]


def text(rows, header=HEADER, separator="\t"):
    """Put rows whose cells are separated by blanks under a header; '.' is an empty cell."""
    lines = [separator.join("" if c == "." else c for c in row.split()) for row in [header, *rows]]
    return "\n".join(lines) + "\n"


@pytest.fixture
def load(tmp_path):
    """Return a function that writes a table, loads it, and checks what comes out."""

    def load(
        content, columns=COLUMNS, targets=TARGETS, missing="error", name="t.tsv", seed=0, **options
    ):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return table.load({"table": path}, seed, columns, targets, missing, **options)

    return load


def test_a_table_with_means(load):
    records = load(text(ROWS))
    assert records.names.tolist() == ["a", "b", "c", "d", "e", "f"]
    assert records.codes.tolist() == [
        *([0, 1, 2, 3], [1, 1, 2, 3], [2, 1, 2, 3], [3, 1, 2, 3], [0, 1, 2, 4], [3, 3, 2, 3]),
    ]
    assert records.targets.tolist() == [[1], [2], [3], [4], [5], [6]]
    assert records.targets.dtype == np.float32
    assert records.target_names == ["y"]
    assert records.splits.tolist() == ["train"] * 2 + ["validation"] * 2 + ["test"] * 2
    assert records.steps == [("rows in the table", 6), ("rows with all measurements", 6)]
    assert records.replicates == {}
    dataset.check(records)


@pytest.mark.parametrize(
    ("name", "separator", "pack"),
    [
        ("t.csv", ",", str.encode),
        ("t.csv.gz", ",", lambda content: gzip.compress(content.encode())),
        ("t.tsv.gz", "\t", lambda content: gzip.compress(content.encode())),
        ("t.txt", "\t", lambda content: content.replace("\n", "\r\n").encode("utf-8-sig")),
        ("t.tsv", "\t", lambda content: f"# made up\n\n#\n{content}# the end\n".encode()),
        ("t.tsv", "\t", lambda content: content.replace("id\t", " ID \t", 1).encode()),
        ("t.bed", "\t", lambda content: f"# made up\n#{content}".encode()),
    ],
)
def test_formats(load, name, separator, pack):
    records, same = load(text(ROWS)), load(pack(text(ROWS, separator=separator)), name=name)
    for field in ("names", "codes", "targets", "splits"):
        np.testing.assert_array_equal(getattr(same, field), getattr(records, field))


def test_names_are_rows_of_the_file_where_there_are_none(load):
    columns = {"sequence": "seq", "split": "set"}
    content = "# a remark\n" + text([*ROWS[:2], "", *ROWS[2:]])
    assert load(content, columns).names.tolist() == [
        *("row3", "row4", "row6", "row7", "row8", "row9"),
    ]


def test_words_of_the_split_column_are_mapped_and_dropped(load):
    content = text([row.replace("rain", "ool") for row in ROWS] + ["g ACGC ? 7", "h ACGC x 8"])
    records = load(content, splits={"train": ["TOOL"], "drop": ["?", "x"]})
    assert records.names.tolist() == ["a", "b", "c", "d", "e", "f"]
    assert records.splits.tolist() == ["train"] * 2 + ["validation"] * 2 + ["test"] * 2
    assert records.steps[:2] == [("rows in the table", 8), ("rows of splits that are used", 6)]


def test_repeated_names_are_numbered_where_the_config_says_so(load):
    content = text([row.replace("b ", "a ").replace("f ", "a ") for row in ROWS])
    assert load(content, repeated_names="number").names.tolist() == [
        *("a", "a#2", "c", "d", "e", "a#3"),
    ]
    with pytest.raises(InputError, match=r"'a' stands on .* \(2 repeated .*`repeated_names: num"):
        load(content)


@pytest.mark.parametrize(
    ("length", "first", "third"),
    [
        ({"pad": "both"}, [4, 0, 1, 2, 3, 4], [2, 1, 2, 3, 0, 1]),
        ({"pad": "left"}, [4, 4, 0, 1, 2, 3], [2, 1, 2, 3, 0, 1]),
        ("centre", [0, 1, 2, 3], [1, 2, 3, 0]),
    ],
)
def test_lengths_that_differ_are_made_equal(length, first, third, load):
    records = load(text([row.replace("GCGT", "GCGTAC") for row in ROWS]), length=length)
    assert records.codes[[0, 2]].tolist() == [first, third]


def test_padded_opposite_strands_stay_in_one_split(load):
    """100 elements of 20 to 30 bases, each on both strands, are padded by odd and even numbers."""
    rng = np.random.default_rng(0)
    first = ["".join(rng.choice([*"ACGT"], n)) for n in rng.integers(20, 31, 100)]
    opposite = [s[::-1].translate(str.maketrans("ACGT", "TGCA")) for s in first]
    rows = [f"n{number} {s} train {number}" for number, s in enumerate([*first, *opposite])]
    splits = load(text(rows), {"sequence": "seq", "name": "id"}, length={"pad": "both"}).splits
    assert sizes(splits) == [160, 20, 20]
    np.testing.assert_array_equal(splits[:100], splits[100:])


REPLICATES = {"y": {"replicates": ["r1", "r2", "r3"]}}
REPLICATE_HEADER = "id seq set r1 r2 r3"
REPLICATE_ROWS = [
    "a ACGT train 1 2 6",
    "b CCGT train 1 . 4",
    "c GCGT val -1 -1 -1",
    "d TCGT val NA 0.5 1.5",
    "e ACGN test NA . 5",
    "f ACGA test 0 1 2",
    "g ACGG test 3 1 2",
]


def test_replicates_become_mean_and_deviation(load):
    content = text(REPLICATE_ROWS, REPLICATE_HEADER)
    records = load(content, targets=REPLICATES, missing="drop")
    assert records.names.tolist() == ["a", "b", "c", "d", "f", "g"]
    assert records.target_names == ["y", "y_aleatoric"]
    # Squares about the mean, by hand: 4 + 1 + 9 of 1, 2, 6 about 3; twice 2.25 of 1, 4 about 2.5.
    expected = [
        *([3, math.sqrt(14 / 2)], [2.5, math.sqrt(4.5)], [-1, 0]),
        *([1, math.sqrt(0.5)], [1, 1], [2, 1]),
    ]
    np.testing.assert_allclose(records.targets, expected, rtol=1e-7)
    assert records.steps == [("rows in the table", 7), ("rows with all measurements", 6)]
    nan = math.nan
    np.testing.assert_array_equal(
        records.replicates["y"],
        [[1, 2, 6], [1, nan, 4], [-1, -1, -1], [nan, 0.5, 1.5], [0, 1, 2], [3, 1, 2]],
    )
    assert records.splits.tolist() == [*["train"] * 2, *["validation"] * 2, *["test"] * 2]


HEADS_APART = text(
    [
        *(
            "a ACGT train 1 2 . 9",
            "b CCGT train . 4 . .",
            "c GCGT train . . 7 .",
            "d TCGT val 2 4 6 1",
        ),
        *("e ACGC val . . 5 2", "f ATGC val . . . 3", "g ACAC test . . 3 .", "h ATAT test . . . ."),
    ],
    "id seq set r1 r2 m s",
)
APART = {"pair": {"replicates": ["r1", "r2"]}, "mean": {"mean": "m", "std": "s"}}


def test_what_is_not_measured_is_masked(load):
    """One replicate is a measurement without a deviation; a deviation alone is none."""
    records = load(HEADS_APART, targets=APART, missing="mask")
    nan = math.nan
    assert records.names.tolist() == ["a", "b", "c", "d", "e", "g"]
    assert records.target_names == ["pair", "mean", "pair_aleatoric", "mean_aleatoric"]
    np.testing.assert_allclose(
        records.targets,
        [
            *([1.5, nan, 0.5**0.5, nan], [4, nan, nan, nan], [nan, 7, nan, nan]),
            *([3, 6, 2**0.5, 1], [nan, 5, nan, 2], [nan, 3, nan, nan]),
        ],
        rtol=1e-6,
    )
    assert records.steps == [
        *(("rows in the table", 8), ("rows with a measurement", 6), ("rows with pair", 3)),
        *(("rows with mean", 4), ("rows with pair_aleatoric", 2), ("rows with mean_aleatoric", 2)),
    ]
    np.testing.assert_array_equal(records.replicates["pair"][:2], [[1, 2], [nan, 4]])


@pytest.mark.parametrize(
    ("missing", "rows", "level", "said"),
    [
        ("mask", 6, "INFO", "kept 6 of 8 rows: 5 lack 'pair', 4 lack 'mean', "),
        ("drop", 1, "WARNING", "kept 1 of 8 rows: 5 lack 'pair', 4 lack 'mean', "),
    ],
)
def test_what_is_kept_is_said(load, caplog, monkeypatch, missing, rows, level, said):
    monkeypatch.setattr(job.log, "propagate", True)
    with caplog.at_level("INFO", job.log.name):
        assert len(load(HEADS_APART, targets=APART, missing=missing).names) == rows
    told = [record for record in caplog.records if ": kept " in record.message]
    assert [record.levelname for record in told] == [level]
    assert said + "6 lack 'pair_aleatoric', 6 lack 'mean_aleatoric'" in told[0].message


def test_targets_keep_their_order_before_their_deviations(load):
    header = "id seq set m s r1 r2 b0 b1 b2 x"
    rows = ["a ACGT train 7 0.5 1 3 1 2 1 9", "b ACGC val 8 0 2 2 0 0 4 8"]
    rows.append("c ACGG test -1 2 0 1 3 1 0 7")
    targets = {
        "sorted": {"bins": ["b0", "b1", "b2"]},
        "mean": {"mean": "m", "std": "s"},
        "plain": {"mean": "x"},
        "pair": {"replicates": ["r1", "r2"]},
    }
    records = load(text(rows, header), targets=targets)
    assert records.target_names == [
        *("sorted", "mean", "plain", "pair", "mean_aleatoric", "pair_aleatoric"),
    ]
    # Mean bins by hand: (0 + 2 + 2) / 4, 8 / 4, 1 / 4.
    root = math.sqrt(2)
    expected = [[1, 7, 9, 2, 0.5, root], [2, 8, 8, 2, 0, 0], [0.25, -1, 7, 0.5, 2, root / 2]]
    np.testing.assert_allclose(records.targets, expected, rtol=1e-7)


def test_regions_may_be_missing(load):
    places = ["chr1:10-14", ".", "chr1:10-14(-)", "NA", "2:0-4", "chrX:1-5(+)"]
    rows = [f"{row} {place}" for row, place in zip(ROWS, places, strict=True)]
    content = text(rows, HEADER + " place")
    records = load(content, columns=COLUMNS | {"region": "place"})
    expected = ["" if place in (".", "NA") else place for place in places]
    assert records.regions.tolist() == expected
    assert load(content).regions is None


def random_sequences(n, length):
    letters = np.random.default_rng(0).choice([*"ACGT"], (n, length))
    return ["".join(row) for row in letters]


def sizes(splits):
    return [(splits == split).sum().item() for split in SPLITS]


def test_rows_split_by_group_and_else_by_name(load):
    groups = np.arange(400) % 40
    rows = [f"n{i} {s} train {i} g{groups[i]}" for i, s in enumerate(random_sequences(400, 20))]
    columns = {"sequence": "seq", "name": "id"}
    content = text(rows, HEADER + " element")
    splits = load(content, columns | {"group": "element"}).splits
    for split, number in {"train": 32, "validation": 4, "test": 4}.items():
        assert len(set(groups[splits == split])) == number
    assert sizes(splits) == [320, 40, 40]
    alone = load(content, columns).splits
    assert sizes(alone) == [320, 40, 40]
    assert len(set(groups[alone == "test"])) > 4
    turned = load(text(rows[::-1], HEADER + " element"), columns).splits
    np.testing.assert_array_equal(turned[::-1], alone)
    assert (load(content, columns, seed=1).splits != alone).any()


@pytest.mark.parametrize("adaptors", ["", "GGATC"])
def test_equal_and_opposite_sequences_stay_in_one_split(load, adaptors):
    first = random_sequences(100, 20)
    opposite = [s[::-1].translate(str.maketrans("ACGT", "TGCA")) for s in first]
    together = [adaptors + s + adaptors[:2] for s in [*first, *opposite, *first]]
    rows = [f"n{number} {s} train {number}" for number, s in enumerate(together)]
    splits = load(text(rows), {"sequence": "seq", "name": "id"}).splits
    assert sizes(splits) == [240, 30, 30]
    np.testing.assert_array_equal(splits[:100], splits[100:200])
    np.testing.assert_array_equal(splits[:100], splits[200:])


def test_given_splits_that_share_sequences_are_told(load, caplog, monkeypatch):
    monkeypatch.setattr(job.log, "propagate", True)
    assert load(text(ROWS)).splits.tolist()[-1] == "test"
    assert caplog.messages == []
    # The opposite strand of ACGGT, which the second row has in training.
    rows = ["a ACGGT train 1", "b ACCGA train 2", "c ACCGT val 3", "d TCCGT test 4"]
    load(text(rows))
    (message,) = caplog.messages
    assert "t.tsv: 1 sequences lie in another split than their like (1 by reverse" in message
    assert "'c' (validation) and 'a' (train) share the reverse complement" in message


def changed(row, **cells):
    """Return the table with other cells in one row."""
    rows = [dict(zip(HEADER.split(), line.split(), strict=True)) for line in ROWS]
    rows[row] |= cells
    return text([" ".join(line.values()) for line in rows])


GROUPED = text([f"{row} g{number % 5}" for number, row in enumerate(ROWS)], HEADER + " element")
PLACED = text([*(f"{row} chr1:4-8" for row in ROWS[:5]), f"{ROWS[5]} chr1:4"], HEADER + " place")
DEVIATIONS = {"y": {"mean": "y", "std": "y"}}
BINS = {"y": {"bins": ["b0", "b1"]}}
BIN_HEADER = "id seq set b0 b1"
ONE_REPLICATE = text(REPLICATE_ROWS, REPLICATE_HEADER)


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("", {}, r"is empty: a header line and rows are needed"),
        ("# nothing\n\n", {}, r"is empty: a header line and rows are needed"),
        (text([]), {}, r"has no rows under its header"),
        (
            text(ROWS, "id seq set z"),
            {},
            r"has no column 'y': it has id, seq, set, z",
        ),
        (text(ROWS, "id seq y y"), {"columns": {"sequence": "seq"}}, r"column 'y' more than once"),
        (text([*ROWS, "g ACGT"]), {}, r", row 8: 2 cells under a header of 4"),
        (text([*ROWS, "g ACGT test 1 2"]), {}, r", row 8: 5 cells under a header of 4"),
        (
            changed(2, seq="GCG"),
            {},
            r": sequence 'c' has 3 bases, but sequence 'a' has 4: .* same length",
        ),
        (
            changed(2, seq="GCRT"),
            {},
            r": sequence 'c' has 'R' at position 3: allowed are A, C, G, T, U and N",
        ),
        (
            changed(2, seq="GC-T"),
            {"columns": {"sequence": "seq"}},
            r": sequence 'row4' has '-' at position 3: allowed are",
        ),
        (changed(2, seq="."), {}, r", row 4: 'seq' is empty, text is needed"),
        (changed(2, id="."), {}, r", row 4: 'id' is empty, text is needed"),
        (changed(2, y="high"), {}, r", row 4: 'y' is 'high', a finite number is needed \(or NA\)"),
        (changed(2, y="inf"), {}, r", row 4: 'y' is 'inf', a finite number"),
        (
            changed(2, y="NA"),
            {},
            r", row 4: target 'y' is missing, or .* 2 replicates; 'missing: mask' .*missing: drop",
        ),
        (
            ONE_REPLICATE,
            {"targets": REPLICATES},
            r", row 6: target 'y_aleatoric' is missing, or rests on fewer than 2 replicates",
        ),
        (
            text(["a ACGT train NA"]),
            {"missing": "drop"},
            r" has no row with all measurements: of 1 rows 1 lack 'y' \(a deviation .*\)\.$",
        ),
        (
            text(["a ACGT train 1 . .", "b ACGC test . . ."], REPLICATE_HEADER),
            {"targets": REPLICATES, "missing": "drop"},
            r": of 2 rows 1 lack 'y', 2 lack 'y_aleatoric' \(a deviation takes 2 replicates\)\.$",
        ),
        (
            text(ROWS).replace("\t", ";"),
            {},
            r"has no column 'seq': it has id;seq;set;y\. That row is one cell with semicolons",
        ),
        (text(ROWS).replace("\t", ","), {}, r"\. That row is one cell with commas in it"),
        (text(ROWS).replace("\t", " "), {}, r"\. That row is one cell with blanks in it"),
        (text(ROWS), {"name": "t.csv"}, r"\. That row is one cell with tabs in it: a file whose"),
        (text(ROWS).replace("\t", ";"), {"name": "t.csv"}, r"\. .* with semicolons in it"),
        (text(ROWS).encode("utf-16"), {}, r" is UTF-16 text: save it as UTF-8"),
        (text([*ROWS[:3], "dé TCGT val 4"]).encode("latin-1"), {}, r"after row \d+: the byte 0xe9"),
        (b"PK\x03\x04" + bytes(40), {}, r" is an Excel workbook or another archive: save the"),
        (changed(2, seq="GC_GT").replace("_", " "), {}, r": sequence 'c' has ' ' at position 3"),
        (changed(2, id="c\x00"), {}, r", row 4: 'id' is 'c\\x00', with a control character"),
        (changed(2, y="1e30"), {}, r", row 4: 'y' is 1e\+30, but half of all rows lie between 2"),
        (changed(2, y="-3e8"), {}, r", row 4: 'y' is -3e\+08, but half of all rows lie between"),
        (
            changed(2, y="1e39"),
            {"targets": {"y": {"mean": "y", "std": "y"}}},
            r", row 4: 'y' is 1e\+39, but half",
        ),
        (
            text([f"{row} g" for row in ROWS], HEADER + " element"),
            {"columns": {"sequence": "seq", "group": "element"}},
            r" has 1 groups \(column 'element'\), too few to be split at random",
        ),
        (text(ROWS), {"columns": {"sequence": "seq"}}, r" has 6 sequences, too few to be split at"),
        (
            changed(2, y="-0.5"),
            {"targets": DEVIATIONS},
            r", row 4: 'y' is -0\.5, a standard deviation cannot be negative",
        ),
        (
            text(["a ACGT train 1 2", "b ACGT test 0 0"], BIN_HEADER),
            {"targets": BINS},
            r", row 3: the bins hold \[0\.0, 0\.0\], at least one read",
        ),
        (
            text(["a ACGT train 1 2", "b ACGT test 3 -1"], BIN_HEADER),
            {"targets": BINS},
            r", row 3: the bins hold \[3\.0, -1\.0\], .* no negative number",
        ),
        (
            changed(2, set="holdout"),
            {},
            r", column 'set' holds 'holdout': allowed are train, .*, test",
        ),
        (
            GROUPED,
            {"columns": COLUMNS | {"group": "element"}},
            r": Group 'g0' has rows in the splits 'train' and 'test': .* one split",
        ),
        (
            PLACED,
            {"columns": COLUMNS | {"region": "place"}},
            r", row 7, column 'place': 'chr1:4' is no region: CHROM:START-END is needed",
        ),
        (gzip.compress(text(ROWS).encode(), mtime=0)[:-9], {}, r"cannot be read after row \d+: "),
    ],
)
def test_bad_tables_are_named(load, tmp_path, content, options, message):
    with pytest.raises(InputError) as caught:
        load(content, **options)
    assert caught.match(f"^{tmp_path}/t\\.[ct]sv.*{message}")
    assert "np." not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (changed(2, id="a"), r"name 'a' stands on several rows"),
        (changed(2, seq="NNNN"), r"The sequence of 'c' is all N: bases are needed"),
        (text(ROWS[:4]), r"split 'test' is empty"),
        (changed(4, y="6"), r"Target 'y' is 6 in all 2 rows of the split 'test': .* must vary"),
    ],
)
def test_tables_that_no_model_can_use_are_not_written(load, tmp_path, content, message):
    with pytest.raises(InputError, match=message):
        dataset.write(tmp_path / "data.h5", load(content))
    assert not (tmp_path / "data.h5").exists()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.tsv cannot be read"):
        table.load({"table": tmp_path / "nowhere.tsv"}, 0, COLUMNS, TARGETS, "error")
    with pytest.raises(InputError, match="no file 'table': given are sheet"):
        table.load({"sheet": Path("x")}, 0, COLUMNS, TARGETS, "error")


OF_CLASSES = {"column": "y", "names": ["tRNA", "5S-rRNA"]}
LABELLED = [
    f"{name} {seq} {split} {label}"
    for name, (seq, split, label) in zip(
        "abcdefg",
        [
            *[("ACGU", "train", "tRNA"), ("CCGU", "train", "5S-rRNA"), ("GCGU", "val", "5S-rRNA")],
            *[("ACCU", "val", "tRNA"), ("UCGU", "test", "tRNA"), ("ACUU", "test", "5S-rRNA")],
            ("AAAA", "train", "."),
        ],
        strict=True,
    )
]


def test_a_table_with_classes(load):
    records = load(text(LABELLED), targets=None, missing="mask", classes=OF_CLASSES)
    assert records.classes and records.target_names == ["tRNA", "5S-rRNA"]
    assert records.targets.tolist() == [[1, 0], [0, 1], [0, 1], [1, 0], [1, 0], [0, 1]]
    assert records.codes.tolist()[0] == [0, 1, 2, 3]
    assert records.steps == [("rows in the table", 7), ("rows with a measurement", 6)]
    dataset.check(records)


def test_a_label_that_is_no_class_is_named(load):
    content = text([*LABELLED, "h AAAC train miRNA", "i AAAG train miRNA", "j AAAU test snRNA"])
    where = r", row 9: 'y' is 'miRNA', no class \(2 such in all\): .* has tRNA, 5S-rRNA\."
    with pytest.raises(InputError, match=where):
        load(content, targets=None, missing="mask", classes=OF_CLASSES)
    with pytest.raises(InputError, match="row 8: target 'tRNA' is missing"):
        load(text(LABELLED), targets=None, missing="error", classes=OF_CLASSES)
