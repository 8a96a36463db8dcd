"""Arguments that verbs share: files that can be written, and blocks of the sequences."""

import argparse
from pathlib import Path

import pytest

import small_student
from degu.commands import asked
from degu.job import InputError
from degu.sequences import decode
from degu.students import passport


def parsed(*words):
    parser = argparse.ArgumentParser()
    asked.describe(parser)
    return parser.parse_args(list(map(str, words)))


def test_blocks_of_a_table_with_adaptors(tmp_path):
    """The student takes 20 bases, 13 of them between ACG and TTGA."""
    of_student = passport.read(small_student.save(tmp_path) / "student.json")
    table = tmp_path / "t.tsv"
    table.write_text("oligo\tbases\nx\t" + "A" * 13 + "\ny\t" + "C" * 20 + "\n")
    names = ("--sequence", "bases", "--name", "oligo")
    arguments = parsed(tmp_path, table, "--fit", "adaptors", *names)
    assert arguments.fit == ("adaptors",)
    found = list(asked.blocks(arguments, of_student, bases=20))
    assert [[one.title for one in some] for some, _ in found] == [["x"], ["y"]]
    letters = [decode(codes)[0] for _, codes in found]
    assert letters == ["ACG" + "A" * 13 + "TTGA", "C" * 20]


def test_files_that_can_be_written(tmp_path):
    asked.check_writable(tmp_path / "new" / "a.tsv")
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").touch()
    for path, said in {
        tmp_path: "is a folder: the name of a file is needed",
        tmp_path / "file" / "a.tsv": "a.tsv cannot be written: File exists.",
        Path("/proc/a.tsv"): "/proc/a.tsv cannot be written: ",
    }.items():
        with pytest.raises(InputError, match=said):
            asked.check_writable(path)
