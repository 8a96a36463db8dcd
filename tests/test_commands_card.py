"""`degu card`: the passport in words, in a moment."""

import json
import os
import subprocess
import sys

import pytest

import small_student
from degu import commands
from degu.students import card, passport
from workflow import ROOT, printed


@pytest.fixture
def student(tmp_path):
    return small_student.save(tmp_path / "student")


def test_the_card_is_printed(student, capsys):
    commands.main(["card", str(student)])
    expected = card.lines(passport.read(student / "student.json"))
    assert capsys.readouterr().out.splitlines() == list(expected)


def test_a_passport_of_another_model_is_refused(student):
    path = student / "student.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"sha256": "0" * 64}))
    with pytest.raises(SystemExit) as end:
        commands.main(["card", str(student)])
    assert end.value.code.startswith(f"Error: {path} is the passport of another model: ")


def test_no_tensorflow_is_imported(student):
    code = (
        f"import sys; from degu.commands import main; main(['card', {str(student)!r}]);"
        "print(sorted({'tensorflow', 'keras', 'matplotlib', 'shap'} & set(sys.modules)))"
    )
    said = printed(code)
    assert said.startswith("Student mpra/degu/1.0\n") and said.endswith("\n[]\n")


def test_whoever_reads_the_output_may_stop(student):
    """As `degu card student | head -1` does: no traceback."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "degu", "card", student]
    cwd = ROOT / "workflow_scripts"
    done = subprocess.run(command, cwd=cwd, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")
