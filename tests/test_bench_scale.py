"""The bench on the memory of trainings runs, on little."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent / "bench"


@pytest.fixture(scope="module")
def bench_scale():
    """Import the bench, which lies in a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCH)
        return importlib.import_module("bench_scale")


@pytest.mark.parametrize("kind", ["teacher", "student"])
def test_a_training_tells_its_peak_and_its_speed(kind, bench_scale, tmp_path):
    bench_scale.simulate(tmp_path, "activities", 1000)
    command = [sys.executable, BENCH / "bench_scale.py", tmp_path, "activities", kind]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    peak, rate = map(float, done.stdout.split()[-2:])
    # TensorFlow alone takes a third of a GB.
    assert 0.3 < peak < 5
    assert rate > 0
