"""A module of the user's, run by an interpreter of another environment."""

import subprocess
import sys

import pandas as pd
import pytest

import made_foreign
from degu.foreign import module
from degu.job import InputError
from degu.shards import WHOLE, Shard

# The environment has a package that ours has not, and lacks what ours has.
MODULE = """
import sys

import only_there

# Neighbours of the program that imports this module hide no package.
assert not any(path.endswith("degu/foreign") for path in sys.path)

def members():
    return ["light", "heavy"]

def predict(member, sequences):
    try:
        import numpy
    except ImportError:
        weight = only_there.WEIGHTS[member]
        return [[weight * s.count("A"), weight * s.count("C")] for s in sequences]
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Make another environment, with a package of its own, and return its interpreter."""
    folder = tmp_path_factory.mktemp("other")
    make = [sys.executable, "-m", "venv", "--without-pip", "--symlinks", folder / "env"]
    subprocess.run(make, check=True)
    (folder / "packages").mkdir()
    (folder / "packages/only_there.py").write_text("WEIGHTS = {'light': 0.5, 'heavy': 2}\n")
    (site,) = (folder / "env/lib").glob("python*/site-packages")
    (site / "mine.pth").write_text(f"{folder / 'packages'}\n")
    return folder / "env/bin/python"


def answered(tmp_path, python, text=MODULE, member=1, members=2, shard=WHOLE, check=None):
    request = made_foreign.request(tmp_path, check=check)
    (tmp_path / "mine.py").write_text(text)
    path = tmp_path / f"{member}_{shard.number}.tsv.gz"
    module.answer(path, request, tmp_path / "mine.py", python, member, members, shard)
    return request, pd.read_table(path)


def test_a_member_predicts_in_its_own_environment(tmp_path, python):
    request, table = answered(tmp_path, python, check="AACAAAAAAAAA")
    sequences = request.sequences(slice(41))
    assert table["id"].tolist() == request.ids.tolist()
    assert set(table["member"]) == {"heavy"}
    assert table["y"].tolist() == [2 * one.count("A") for one in sequences]
    assert table["z"].tolist() == [2 * one.count("C") for one in sequences]
    assert table.iloc[-1].tolist() == [request.ids[-1], "heavy", 22, 2]


def test_shards_together_are_the_whole(tmp_path, python):
    whole = answered(tmp_path, python, member=0)[1]
    parts = [answered(tmp_path, python, member=0, shard=Shard(n, 3))[1] for n in (1, 2, 3)]
    assert [len(part) for part in parts] == [13, 13, 14]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)


REFUSED = {
    "other members": ({"members": 3}, "members.. has 2 names, but predictions.members is 3"),
    "no function": ({"text": "def members(): pass"}, r"there is no function predict\(\)"),
    "an error of its own": (
        {"text": MODULE.replace("weight =", "return 1 / 0; weight =")},
        "mine.py, run by .*python: ZeroDivisionError: division by zero",
    ),
    "too few rows": (
        {"text": MODULE.replace("for s in sequences", "for s in sequences[:7]")},
        r"predict\(\) gave 7 rows for 40 sequences",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_wrong_with_a_module_is_told_in_one_line(tmp_path, python, fault):
    changes, message = REFUSED[fault]
    with pytest.raises(InputError, match=message):
        answered(tmp_path, python, **changes)


def test_an_interpreter_that_cannot_be_run(tmp_path):
    (tmp_path / "python").write_text("")
    with pytest.raises(InputError, match=r"python cannot be run: Permission denied"):
        answered(tmp_path, tmp_path / "python")
