"""The image for all rules: what its definition installs, and that jobs run in it."""

import re
import sys
from pathlib import Path

from workflow import ROOT, make, snakemake

DEFINITION = (ROOT / "envs/degu.def").read_text()


def sections():
    """Header of the definition as a dictionary, and the text of each section by its name."""
    text = re.sub(r"^ *#.*\n", "", DEFINITION, flags=re.MULTILINE)
    header, *parts = re.split(r"^%(\w+)\n", text, flags=re.MULTILINE)
    header = dict(line.split(": ") for line in header.split("\n") if line)
    return header, dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_image_has_the_python_of_the_tests():
    header, _ = sections()
    tested = re.search(
        r'python-version: "(.+)"', (ROOT / ".github/workflows/test.yaml").read_text()
    )
    assert header == {"Bootstrap": "docker", "From": f"python:{tested[1]}-slim"}


def test_the_image_installs_the_lock_with_cuda_and_what_it_names():
    """A lock names another one by its path beside itself."""
    _, parts = sections()
    places = dict(line.split() for line in parts["files"].splitlines() if line)
    (installed,) = re.findall(r"--requirement (\S+)", parts["post"])
    assert places["requirements-gpu.lock"] == installed
    folder, _, _ = installed.rpartition("/")
    named = re.findall(r"^-r (\S+)$", (ROOT / "requirements-gpu.lock").read_text(), re.MULTILINE)
    assert places == {lock: f"{folder}/{lock}" for lock in ["requirements-gpu.lock", *named]}
    assert all((ROOT / lock).is_file() for lock in places)


# Stands in for Apptainer: notes how it was called and runs the command here.
APPTAINER = """#!/bin/sh
if [ "$1" = --version ]; then echo apptainer version 1.4.0; exit; fi
echo "$@" >>calls
while [ "$1" != degu.sif ]; do shift; done
shift
exec "$@"
"""


def test_jobs_run_in_the_image_where_it_is_asked_for(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/apptainer").write_text(APPTAINER)
    (tmp_path / "bin/apptainer").chmod(0o755)
    # The image's `python` is the one of the tests.
    folders = f"{tmp_path / 'bin'}:{Path(sys.executable).parent}"
    monkeypatch.setenv("PATH", folders, prepend=":")
    config = make(tmp_path)
    options = ["--cores", 1, "--directory", tmp_path, "--configfile", config]
    options += ["--sdm", "apptainer", "--apptainer-args=--nv"]
    said = snakemake("results/data/made.h5", *options)
    assert said.returncode == 0, said.stdout
    (call,) = (tmp_path / "calls").read_text().splitlines()
    assert re.match(rf"exec --home {tmp_path} --nv .* degu\.sif bash -c ", call)
    assert (tmp_path / "results/data/made.h5").is_file()
