"""Tables of runs joined byte by byte under the labels of their paths."""

import gzip
import math

import pandas as pd
import pytest

from degu.job import InputError
from degu.tables import join

RUN = ["dataset", "recipe", "fraction"]


def written(path, text):
    """Write a table's text, packed by its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def unpacked(path):
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode()


@pytest.mark.parametrize("parts", ["tsv", "tsv.gz"])
@pytest.mark.parametrize("joined", ["tsv", "tsv.gz"])
def test_tables_of_runs_are_joined_under_their_names(tmp_path, parts, joined):
    """Cells are copied as they stand: numbers keep their digits, empty cells stay empty."""
    paths = [
        written(tmp_path / f"t/lac/standard/0.25.{parts}", "member\tvalue\n0\t0.10\n1\t\n"),
        written(tmp_path / f"t/lac/degu/1.0.{parts}", "member\tvalue\n0\t1e-3\n"),
    ]
    join.join(paths, RUN, tmp_path / f"t.{joined}")
    assert unpacked(tmp_path / f"t.{joined}") == (
        "dataset\trecipe\tfraction\tmember\tvalue\n"
        "lac\tstandard\t0.25\t0\t0.10\n"
        "lac\tstandard\t0.25\t1\t\n"
        "lac\tdegu\t1.0\t0\t1e-3\n"
    )


def test_tables_of_runs_are_read_as_one_with_their_labels(tmp_path):
    paths = [
        written(tmp_path / "t/lac/standard/0.25.tsv", "member\tvalue\n0\t0.5\nensemble\t1\n"),
        written(tmp_path / "t/lac/degu/1.0.tsv.gz", "member\tvalue\n1\t2\n"),
    ]
    table = join.read(paths)
    assert table.columns.tolist() == [*RUN, "member", "value"]
    assert table.to_numpy().tolist() == [
        ["lac", "standard", 0.25, "0", 0.5],
        ["lac", "standard", 0.25, "ensemble", 1],
        ["lac", "degu", 1, "1", 2],
    ]
    assert join.read([]).columns.tolist() == RUN


@pytest.mark.parametrize(
    ("path", "names", "labels"),
    [
        ("models/lac/degu/0.5/3.tsv", [*RUN, "member"], ["lac", "degu", "0.5", "3"]),
        ("variants/cagi5/lac/degu/0.5.tsv", ["variants", *RUN], ["cagi5", "lac", "degu", "0.5"]),
        ("attribution_tests/lac.tsv.gz", ["dataset"], ["lac"]),
    ],
)
def test_labels_are_the_last_parts_of_a_path(tmp_path, path, names, labels):
    join.join([written(tmp_path / path, "value\n7\n")], names, tmp_path / "joined.tsv")
    rows = [line.split("\t") for line in unpacked(tmp_path / "joined.tsv").splitlines()]
    assert rows == [[*names, "value"], [*labels, "7"]]


def test_a_run_without_rows_adds_none(tmp_path):
    paths = [written(tmp_path / "a.tsv", "value\n"), written(tmp_path / "b.tsv", "value\n1\n")]
    join.join(paths, ["dataset"], tmp_path / "joined.tsv")
    assert unpacked(tmp_path / "joined.tsv") == "dataset\tvalue\nb\t1\n"


def test_tables_with_other_columns_leave_the_old_table(tmp_path):
    paths = [written(tmp_path / "a.tsv", "x\ty\n1\t2\n"), written(tmp_path / "b.tsv", "x\n1\n")]
    (tmp_path / "joined.tsv").write_text("old")
    message = r"b\.tsv has the columns \['x'\], but .*a\.tsv has \['x', 'y'\]"
    with pytest.raises(InputError, match=message):
        join.join(paths, ["dataset"], tmp_path / "joined.tsv")
    assert (tmp_path / "joined.tsv").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 3


def test_nothing_cannot_be_joined(tmp_path):
    with pytest.raises(InputError, match=r"nothing to join into .*joined\.tsv: no run of the conf"):
        join.join([], ["dataset"], tmp_path / "joined.tsv")
    assert not list(tmp_path.iterdir())


def test_tables_are_written_whole_and_packed_by_their_name(tmp_path):
    table = pd.DataFrame({"member": ["0", "ensemble"], "value": [0.5, math.nan]}, index=[7, 7])
    for name in ("t.tsv", "t.tsv.gz"):
        join.write(table, tmp_path / name)
        assert unpacked(tmp_path / name) == "member\tvalue\n0\t0.5\nensemble\t\n"
    assert len(list(tmp_path.iterdir())) == 2
