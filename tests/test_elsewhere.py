"""Programs of another environment: what they see of ours, and their last words."""

import sys

import pytest

from degu import elsewhere
from degu.job import InputError


def test_our_paths_are_not_handed_on_and_the_last_words_are_the_error(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/ours")
    program = "import os, sys; print('first'); sys.exit(f'path {os.environ.get(\"PYTHONPATH\")}')"
    with pytest.raises(InputError, match=r"^mine\.h5, run by .*python.*: path None\.$"):
        elsewhere.run([sys.executable, "-S", "-c", program], "mine.h5")


def test_an_interpreter_that_is_not_there():
    with pytest.raises(InputError, match=r"^none/python cannot be run: No such file"):
        elsewhere.run(["none/python"], "mine.h5")
