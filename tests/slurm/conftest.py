"""A SLURM on this machine, brought up once, and a run on it that nothing disturbs."""

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml

from cluster import SITE, TEACHERS, fresh, model, run, said
from workflow import make, write_yaml


@pytest.fixture(scope="session")
def slurm(request):
    """Bring SLURM up, and down at the end; its folder stays where a test failed."""
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))
    # The daemon of munge wants all folders above its socket open to all.
    folder.chmod(0o755)
    # Whoever ends the tests waits for SLURM to go down, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    up = subprocess.run([SITE, "up", folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        if up.returncode:
            pytest.exit(up.stdout.decode(), returncode=1)
        yield
    finally:
        subprocess.run([SITE, "down", folder], check=True)
        if request.session.testsfailed:
            print(f"logs of SLURM: {folder}")
        else:
            shutil.rmtree(folder)


@pytest.fixture(scope="session")
def undisturbed(slurm, tmp_path_factory):
    """Folder of a run whose teachers are trained without a fault, in some hundred epochs."""
    folder = tmp_path_factory.mktemp("undisturbed")
    made = yaml.safe_load(make(folder).read_text())
    made["members"]["teachers"] = TEACHERS
    # The loss falls until the end, so that an epoch that is lost or repeated shows in the weights.
    slow = {"epochs": 100, "learning_rate": 0.001, "decay_patience": 1000}
    made["recipes"] = {"standard": {"training": slow}}
    # The GPUs of this SLURM are stand-ins.
    made["device"] = "any"
    write_yaml(folder / "made.yaml", made)
    assert run(folder, *map(model, range(TEACHERS))) == 0, said(folder)
    return folder


@pytest.fixture
def folder(undisturbed, tmp_path):
    """Folder with the config and the data set of the undisturbed run."""
    return fresh(undisturbed, tmp_path)
