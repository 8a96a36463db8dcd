"""Roles of columns: by their titles and by what stands in them; what cannot be decided is told."""

import numpy as np
import pytest

from degu.job import InputError
from degu.proposal import columns, table
from newcomer_tables import write

ROWS = 60


def look(folder, **given):
    """Find the columns of a table of 60 rows, with sequences and a measurement beside some."""
    rng = np.random.default_rng(0)
    letters = ["".join(rng.choice(list("ACGT"), 20)) for _ in range(ROWS)]
    made = {"seq": letters, "y": [f"{value:.3f}" for value in rng.normal(size=ROWS)], **given}
    titles = [title for title in made if made[title] is not None]
    path = write(folder / "t.tsv", titles, [made[title] for title in titles])
    return columns.find(table.read(path))


def every(*words):
    """Repeat words over all rows, in turn."""
    return [words[row % len(words)] for row in range(ROWS)]


def counted(stem, number=ROWS):
    """Make names that repeat after a number of rows."""
    return [f"{stem}{row % number}" for row in range(ROWS)]


def test_a_bare_table(tmp_path):
    found = look(tmp_path)
    assert found == columns.Columns("seq", None, None, {}, None, 0, ["y"], {})


def test_sequences_are_called_so_or_longest(tmp_path):
    barcodes = counted("ACGTACGTAC" * 3, 1)
    longer = [word.replace("0", "") for word in counted("ACGT" * 10, 1)]
    found = look(tmp_path, barcode=[b.replace("0", "") for b in barcodes], context=longer)
    assert found.sequence == "seq"
    assert found.notes["sequence"] == "other columns of sequences: context, barcode"
    found = look(tmp_path, seq=None, context=longer, barcode=[b[:-1] for b in barcodes])
    assert found.sequence == "context"


@pytest.mark.parametrize(
    ("given", "name", "repeated"),
    [
        ({"ID": counted("a")}, "ID", 0),
        ({"ID": counted("")}, "ID", 0),
        ({"oligo name": counted("a", 50)}, "oligo name", 10),
        ({"id": counted("a", 40), "name": counted("b")}, "name", 0),
        ({"gene_id": counted("a", 12)}, None, 0),
        ({"remark": counted("a")}, "remark", 0),
        ({"remark": counted("a", 59)}, None, 0),
        ({"id": ["", *counted("a")[1:]]}, None, 0),
        ({"chrom_id": counted("")}, None, 0),
    ],
)
def test_names(given, name, repeated, tmp_path):
    found = look(tmp_path, **given)
    assert (found.name, found.repeated) == (name, repeated)
    assert found.numbers == ["y"]


@pytest.mark.parametrize(
    ("title", "words", "splits"),
    [
        ("split", ("train", "validation", "test"), {}),
        ("set", ("Train", "VAL", "Test", "train"), {}),
        ("file", ("pool", "val", "test"), {"train": ["pool"]}),
        ("x", ("training", "dev", "held_out"), {"test": ["held_out"]}),
        ("x", ("train", "val", "test", "?", "Ref"), {"drop": ["?", "Ref"]}),
        ("fold", tuple("34120"), {"train": list("012"), "validation": ["3"], "test": ["4"]}),
    ],
)
def test_splits(title, words, splits, tmp_path):
    found = look(tmp_path, **{title: every(*words)})
    assert (found.split, found.splits, found.numbers) == (title, splits, ["y"])
    assert ("split" in found.notes) == bool(splits)


def test_splits_that_are_not_whole_are_not_used_and_told(tmp_path):
    found = look(tmp_path, set=every("train", "test"))
    assert (found.split, found.splits) == (None, {})
    assert found.notes["split"] == (
        "set has train, test, but no word for validation: split at random instead; to use it name "
        "it as split, and give splits such as {validation: [WORD]}"
    )
    found = look(
        tmp_path, file=every("train", "val", "test"), my_split=every("val", "train", "test")
    )
    assert found.split == "my_split"
    found = look(tmp_path, set=every("train"), kept=every("train", "val", "test"))
    assert (found.split, found.notes) == ("kept", {})
    assert look(tmp_path, set=every("enhancer", "promoter")).split is None
    assert look(tmp_path, fold=every("1", "2")).split is None


@pytest.mark.parametrize(
    ("given", "group", "note"),
    [
        ({"chrom": counted("chr", 12)}, "chrom", None),
        ({"chr": counted("", 12)}, "chr", None),
        ({"gene": counted("g", 15)}, "gene", None),
        ({"gene": counted("g", 15), "chr": counted("", 12)}, "chr", "other choices: gene"),
        ({"chrom": counted("chr", 3)}, None, "chrom cannot be the group: some of its cells"),
        ({"gene": ["", *counted("g", 15)[1:]]}, None, "gene cannot be the group: some"),
        ({"cluster": counted("", 15)}, "cluster", None),
        ({"gene": [f"{row % 15 + 0.5}" for row in range(ROWS)]}, None, None),
        ({"gene": counted("g", 12), "split": every("train", "val", "test")}, "gene", None),
        ({"gene": counted("g", 15), "split": every(*"abcd")}, "gene", None),
        ({"gene": counted("g", 15), "split": every("train", "val", "test", "test")}, None, "gene "),
    ],
)
def test_groups(given, group, note, tmp_path):
    found = look(tmp_path, **given)
    assert found.group == group
    assert (note is None) == ("group" not in found.notes)
    assert found.notes.get("group", "").startswith(note or "")
    # Numbers of chromosomes are none that could be learnt.
    assert "chr" not in found.numbers


def test_what_lacks_sequences_or_numbers_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no column of sequences, .*: it has y, name\.$"):
        look(tmp_path, seq=None, name=counted("a"))
    with pytest.raises(InputError, match=r"no column of measurements: of seq, name none but the"):
        look(tmp_path, y=None, name=counted("a"))
    quoted = [f'"{word}"' for word in every("ACGTACGTACGT")]
    with pytest.raises(InputError, match=r"no column of sequences, .* without quotes"):
        look(tmp_path, seq=quoted)


def test_sequences_that_are_too_short_are_left_to_the_reader(tmp_path):
    assert look(tmp_path, seq=every("ACGT", "ACCC")).sequence == "seq"
