"""Configs of tables, compared key by key with what these hold; all pass the workflow's checks."""

import gzip

import numpy as np
import pytest
import yaml

import newcomer_tables
from degu import configs
from degu.job import InputError
from degu.proposal import config, written
from workflow import ROOT, checked

SETTINGS = {
    "training": {"batch_size": 16, "epochs": 100, "warmup_steps": 60},
    "members": {"teachers": 10, "students": 3},
    "calibration": {"dropout": {"recipes": []}},
    "attribution": {"methods": ["saliency"]},
}


def proposed(path, name=None):
    """Write a config for a table, check it as the workflow does, and return it as it reads."""
    proposal = config.propose(path, name, seed=0)
    text = "\n".join(written.lines(proposal, "mine.yaml")) + "\n"
    mine = path.parent / "mine.yaml"
    mine.write_text(text, encoding="utf-8")
    configs.check(mine)
    found = yaml.safe_load(text)
    whole = checked(found)
    assert whole["datasets"][proposal.name] == found["datasets"][proposal.name]
    return proposal, found


def expected(name, path, noise, assay, **dataset):
    """Put together the whole config of a table of 320 training sequences."""
    recipes = ["aleatoric", "degu_aleatoric"] if noise else ["standard", "degu"]
    return SETTINGS | {
        "data": [name],
        "runs": [{"datasets": [name], "recipes": recipes, "fractions": [1.0]}],
        "datasets": {
            name: {
                "title": name.replace("_", " "),
                "files": {"table": str(path)},
                "assay": {"name": "table"} | assay,
                "architecture": {"name": "compact_cnn"},
                **dataset,
            }
        },
    }


def test_activities_that_are_measured_apart(tmp_path):
    path = newcomer_tables.measured_apart(tmp_path)
    proposal, found = proposed(path)
    assay = {
        "columns": {"sequence": "seq", "name": "tile_id"},
        "targets": {name: {"mean": name} for name in ("enhancer_activity", "promoter_activity")},
    }
    assert found == expected("apart", path, False, assay)
    assert [target.measured for target in proposal.found.targets] == [240, 180]
    assert (sum(proposal.rows.values()), proposal.checks) == (400, [])


def test_repeated_names_and_replicates_of_two_cells(tmp_path):
    path = newcomer_tables.repeated_names(tmp_path)
    proposal, found = proposed(path)
    replicates = {
        cell: {"replicates": [f"{cell}_rep{number}" for number in (1, 2, 3)]}
        for cell in ("K562", "HepG2")
    }
    assay = {
        "columns": {"sequence": "sequence", "name": "name"},
        "targets": replicates,
        "repeated_names": "number",
    }
    assert found == expected("repeats", path, True, assay)
    assert proposal.columns.repeated == 39
    assert proposal.rows == {"train": 320, "validation": 40, "test": 40}
    assert (proposal.shortest, proposal.longest, proposal.checks) == (144, 144, [])


def test_brackets_and_blanks_in_names_and_titles(tmp_path):
    path = newcomer_tables.odd_names(tmp_path)
    proposal, found = proposed(path)
    titles = [f"activity (log2 RNA/DNA) r{number}" for number in (1, 2)]
    assay = {
        "columns": {"sequence": "Insert", "name": "Element name"},
        "targets": {"activity": {"replicates": titles}},
    }
    units = {"activity": {"unit": "log2 RNA/DNA"}}
    assert found == expected("odd_names", path, True, assay, targets=units)
    assert proposal.checks == []


def test_lengths_alleles_and_words_of_splits(tmp_path):
    path = newcomer_tables.lengths_differ(tmp_path)
    proposal, found = proposed(path, "mine")
    cells = ["K562_log2FC", "HepG2_log2FC"]
    assay = {
        "columns": {"sequence": "sequence", "name": "ID", "split": "file", "group": "variant"},
        "targets": {cell: {"mean": cell} for cell in cells},
        "splits": {"train": ["pool"]},
        "length": {"pad": "both"},
    }
    units = {cell: {"unit": "log2 fold change"} for cell in cells}
    assert found == expected("mine", path, False, assay, targets=units)
    assert proposal.found.others == {"K562_lfcSE": "a standard error or bound"}
    assert proposal.checks == ["split: file has words of its own: pool as train"]
    assert proposal.rows == {"train": 320, "validation": 40, "test": 40}


def test_deviations_of_few_rows(tmp_path):
    path = newcomer_tables.few_deviations(tmp_path)
    proposal, found = proposed(path)
    assay = {
        "columns": {"sequence": "sequence", "name": "id"},
        "targets": {"activity": {"mean": "mean"}},
    }
    assert found == expected("deviations", path, False, assay)
    assert proposal.found.others["barcodes"] == "a count"
    assert proposal.checks == [
        "targets: std is a deviation that only 37 rows have; to learn the noise between replicates "
        "from it add std: std"
    ]


def test_variants_of_one_sequence_have_the_network_that_knows_places(tmp_path):
    rng = np.random.default_rng(0)
    letters = np.tile(rng.choice(list("ACGT"), 30), (60, 1))
    letters = np.where(rng.random(letters.shape) < 0.2, "A", letters)
    _, found = proposed(made(tmp_path, seq=["".join(row) for row in letters]))
    assert found["datasets"]["t"]["architecture"] == {"name": "deepstarr"}


HEADER = ["name", "seq", "set", "y"]


def made(folder, titles=HEADER, file="t.tsv", pack=str.encode, **columns):
    """Write a table of 60 rows with a column for each title; columns replace its own."""
    rng, rows = np.random.default_rng(0), 60
    own = {
        "name": [f"n{row}" for row in range(rows)],
        "seq": ["".join(rng.choice(list("ACGT"), 30)) for _ in range(rows)],
        "set": [["train", "train", "train", "val", "test"][row % 5] for row in range(rows)],
    }
    own |= {
        title: [f"{value:.3f}" for value in rng.normal(size=rows)] for title in titles[len(own) :]
    }
    cells = [columns.get(title) or own[title if title in own else title.strip().lower()]
             for title in titles]  # fmt: skip
    mark = "," if ".csv" in file else "\t"
    lines = [mark.join(titles), *(mark.join(map(str, row)) for row in zip(*cells, strict=True))]
    (folder / file).write_bytes(pack("\n".join(lines) + "\n"))
    return folder / file


COLUMNS = {"sequence": "seq", "name": "name", "split": "set"}


@pytest.mark.parametrize(
    ("options", "columns"),
    [
        ({}, COLUMNS),
        ({"file": "t.csv"}, COLUMNS),
        ({"file": "t.csv.gz", "pack": lambda text: gzip.compress(text.encode())}, COLUMNS),
        ({"pack": lambda text: text.replace("\n", "\r\n").encode("utf-8-sig")}, COLUMNS),
        ({"pack": lambda text: f"# by me\n#{text}".encode()}, COLUMNS),
        (
            {"titles": [" Name", "SEQ ", "Set", "y"]},
            {"sequence": "SEQ", "name": "Name", "split": "Set"},
        ),
        ({"name": [1000 - row for row in range(60)]}, COLUMNS),
    ],
    ids=["tabs", "commas", "packed", "Windows", "header with #", "blanks", "numbers as names"],
)
def test_tables_as_programs_write_them(options, columns, tmp_path):
    proposal, found = proposed(made(tmp_path, **options))
    assay = found["datasets"]["t"]["assay"]
    assert assay == {
        "name": "table",
        "columns": columns,
        "targets": {"y": {"mean": "y"}},
    }
    assert proposal.rows == {"train": 36, "validation": 12, "test": 12}


def test_a_row_without_a_measurement_is_counted(tmp_path):
    numbers = [f"{row / 7:.2f}" if row % 6 else "NA" for row in range(60)]
    proposal, found = proposed(made(tmp_path, y=numbers))
    assert found["datasets"]["t"]["assay"] == {
        "name": "table",
        "columns": COLUMNS,
        "targets": {"y": {"mean": "y"}},
    }
    assert proposal.found.targets[0].measured == 50 == sum(proposal.rows.values())
    text = (tmp_path / "mine.yaml").read_text()
    assert "y: {mean: y}                          # in 50 of 60 rows" in text
    assert "# A row trains the targets that it has; missing: drop keeps whole rows." in text


def test_most_rows_without_a_measurement_are_to_be_checked(tmp_path):
    numbers = [f"{row / 7:.2f}" if row < 25 else "" for row in range(60)]
    proposal, _ = proposed(made(tmp_path, y=numbers))
    assert proposal.rows == {"train": 15, "validation": 5, "test": 5}
    assert proposal.checks == ["targets: 35 of 60 rows are left out, which have no measurement"]


def test_heads_with_and_without_replicates_train_without_noise(tmp_path):
    proposal, found = proposed(made(tmp_path, [*HEADER[:3], "rep1", "rep2", "K562_log2"]))
    assert found["runs"][0]["recipes"] == ["standard", "degu"]
    assert proposal.checks[0].startswith("runs: K562_log2 has no replicates, so that no noise is")


def test_replicates_by_their_numbers_alone_are_to_be_checked(tmp_path):
    first = [f"{row % 7 + 0.1}" for row in range(60)]
    second = [f"{row % 7 + 0.01 * row}" for row in range(60)]
    path = made(tmp_path, [*HEADER[:3], "act_1", "act_2"], act_1=first, act_2=second)
    proposal, found = proposed(path)
    assert found["datasets"]["t"]["assay"]["targets"] == {"act": {"replicates": ["act_1", "act_2"]}}
    assert proposal.checks == [
        "targets: act_1, act_2 are taken for replicates, since they are numbered and agree; if "
        "they are not, give each a line of its own"
    ]


def test_what_is_not_told_is_to_be_checked(tmp_path):
    proposal, found = proposed(made(tmp_path, [*HEADER, "age"]))
    assert found["datasets"]["t"]["assay"]["targets"] == {"y": {"mean": "y"}}
    assert proposal.checks == [
        "targets: not learnt are the numbers of age; for one that is an activity add a line such "
        "as age: {mean: age}"
    ]


@pytest.mark.parametrize(
    ("file", "given", "name"),
    [
        ("t.tsv", None, "t"),
        ("2024.csv.gz", None, "2024"),
        ("my table (v2).tsv", None, "my_table_v2"),
        ("yes.txt", None, "yes"),
        ("starrseq.tsv", None, "my_starrseq"),
        (f"{'x' * 70}.tsv", None, "x" * 60),
        ("t.tsv", "mine_2", "mine_2"),
    ],
)
def test_names_of_data_sets(file, given, name, tmp_path):
    path = made(tmp_path, file=file.removesuffix(".gz"))
    if file.endswith(".gz"):
        path.rename(tmp_path / file)
    proposal, found = proposed(tmp_path / file, given)
    assert proposal.name == name and list(found["datasets"]) == [name]


def test_names_that_are_not_allowed_are_refused(tmp_path):
    for name in ("my-mpra", "", "é", "x" * 61):
        with pytest.raises(InputError, match="is not allowed: letters, digits and _ only"):
            config.propose(tmp_path, name, 0)
    with pytest.raises(InputError, match=r"'starrseq' is taken by config\.yaml"):
        config.propose(tmp_path, "starrseq", 0)


def test_names_that_are_taken_are_those_of_the_paper():
    known = yaml.safe_load((ROOT / "config.yaml").read_text())
    assert set(config.TAKEN) == {*known["datasets"], *known["variants"], "genomes"}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"seq": ["ACGT"] * 30 + ["ACCT"] * 30}, "Sequences have 4 bases, 10 or more are needed"),
        ({"seq": ["ACGTACGTAC"] * 59 + ["ACGTAXGTAC"]}, "has 'X' at position 6: allowed are A, C"),
        ({"y": ["1.0", "2.5"] * 29 + ["2", "inf"]}, "row 61: 'y' is 'inf', a finite number"),
        ({"y": ["0,5", "2,5"] * 30}, "row 2: 'y' is '0,5', a finite number is needed"),
        ({"y": ["1", "2.5", "1.7"] * 19 + ["1", "2", "1e30"]}, "row 61: 'y' is 1e+30, but half"),
        ({"set": ["train"] * 58 + ["val", "test"]}, "The split 'validation' has one sequence"),
        ({"set": ["train"] * 57 + ["", "val", "test"]}, "row 59: 'set' is empty, text is needed"),
        ({"y": ["1"] * 60}, "no column of measurements. Columns of numbers are y (one value in"),
    ],
)
def test_what_the_workflow_refuses_is_refused_in_its_words(columns, message, tmp_path):
    path = made(tmp_path, **columns)
    with pytest.raises(InputError) as refused:
        config.propose(path, None, 0)
    assert str(path) in str(refused.value) and message in str(refused.value)
