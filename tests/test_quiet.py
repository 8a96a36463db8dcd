"""Imports of TensorFlow on a machine without a GPU, and what they print."""

import subprocess
import sys

import pytest

from degu import DRIVER
from workflow import ROOT

FAKE = """
import os, sys
os.write(2, b"I0000 00:00:1.2  3 port.cc:153] oneDNN\\n")
print("a warning of Python", file=sys.stderr)
os.write(2, b"E0000 00:00:1.2  3 x.cc:1] an error\\n")
"""


def imported(folder, statement="import tensorflow"):
    """Import TensorFlow behind degu in a process of its own, modules of a folder first."""
    path = [str(folder), str(ROOT / "workflow_scripts")]
    program = f"import sys; sys.path[:0] = {path}; import degu; {statement}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


pytestmark = pytest.mark.skipif(DRIVER.exists(), reason="there is a driver of NVIDIA")


def test_tensorflow_says_nothing(tmp_path):
    said = imported(tmp_path, "import keras; print(keras.ops.add(1, 1))")
    assert (said.returncode, said.stderr) == (0, "")


def test_what_is_no_noise_is_told(tmp_path):
    (tmp_path / "tensorflow.py").write_text(FAKE)
    said = imported(tmp_path)
    lines = ["a warning of Python", "E0000 00:00:1.2  3 x.cc:1] an error"]
    assert (said.returncode, said.stderr.splitlines()) == (0, lines)


def test_an_import_that_fails_tells_all(tmp_path):
    (tmp_path / "tensorflow.py").write_text(FAKE + "raise OSError('libcuda is broken')")
    said = imported(tmp_path)
    assert said.returncode == 1
    assert said.stderr.splitlines()[0].startswith("I0000") and "libcuda is broken" in said.stderr


def test_other_modules_and_a_missing_tensorflow_are_as_ever(tmp_path):
    said = imported(
        tmp_path, "sys.path[:] = []; sys.modules.pop('tensorflow', 0); import tensorflow"
    )
    assert "ModuleNotFoundError: No module named 'tensorflow'" in said.stderr
