"""Passports of students: what is written is read, and mistakes are told in one line."""

import hashlib
import json
import re

import pytest

import small_student
from degu.job import InputError
from degu.students import passport
from workflow import printed


@pytest.fixture
def folder(tmp_path):
    """Folder of a student."""
    return small_student.save(tmp_path / "student")


def refused(place):
    with pytest.raises(InputError) as error:
        passport.checked(place)
    return str(error.value)


def test_what_is_written_is_read(folder):
    model, read = passport.checked(folder)
    assert model == folder / "student.keras"
    assert read.sha256 == hashlib.sha256(model.read_bytes()).hexdigest()
    assert read.heads == small_student.HEADS
    assert read.calibrations == {("y", "total"): small_student.calibration()}
    assert read.adaptors == ("ACG", "TTGA")
    assert (read.level, read.levels()) == (0.9, [0.5, 0.9])
    passport.write(folder / "again.json", read)
    assert (folder / "again.json").read_bytes() == (folder / "student.json").read_bytes()


def test_calibrations_of_effects_are_read(tmp_path):
    one = small_student.calibration(kind="paired", factors={0.9: [1.5], 0.5: [1.0]}, edges=[])
    effects = {"satmut": passport.Effects(13, ("AC", "G"), ["F9"], {("y", "paired"): one})}
    _, read = passport.checked(small_student.save(tmp_path, effects=effects))
    assert read.effects == effects
    assert read.effects["satmut"].levels() == [0.5, 0.9]


def test_a_student_is_found_by_its_folder_or_either_file(folder):
    for name in ("student.keras", "student.json"):
        assert passport.files(folder / name) == passport.files(folder)
    (folder / "student.keras").rename(folder / "mine.keras")
    (folder / "student.json").rename(folder / "mine.json")
    assert passport.checked(folder / "mine.keras")[0] == folder / "mine.keras"


def test_no_student(folder, tmp_path):
    assert refused(tmp_path / "none") == (
        f"{tmp_path}/none is not there: the folder or the file of a student is needed."
    )
    (tmp_path / "notes.txt").write_text("no student")
    assert refused(tmp_path / "notes.txt") == (
        f"{tmp_path}/notes.txt is no student: notes.keras is missing; the folder of a student "
        "holds student.keras and its passport student.json."
    )
    (folder / "student.json").unlink()
    assert "is no student: student.json is missing" in refused(folder)


def test_a_passport_of_another_model(folder):
    (folder / "student.keras").write_bytes(b"another")
    assert re.fullmatch(
        r".*student.json is the passport of another model: it was written for a file of SHA-256 "
        r"[0-9a-f]{12}…, but student.keras has ae448ac86c4e…\. Copy both together again\.",
        refused(folder),
    )


@pytest.mark.parametrize("text", ["", "[1]", '{"format": 1}', '{"format": 1, "sha256": '])
def test_a_file_that_is_no_passport(folder, text):
    (folder / "student.json").write_text(text)
    assert f"{folder}/student.json is no passport of a student (" in refused(folder)


def test_a_passport_of_another_format(folder):
    path = folder / "student.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 2}))
    assert "has the format 2, but this version of degu reads 1" in refused(folder)


def test_passports_are_read_without_tensorflow(folder):
    code = (
        f"import sys; from degu.students import passport;"
        f"print(passport.checked({str(folder)!r})[1].run);"
        "print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    said = printed(code)
    assert said == "mpra/degu/1.0\nset()\n"
