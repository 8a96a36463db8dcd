"""A model in an environment of its own, from a data set to the file of its vectors."""

import h5py
import numpy as np
import pytest

import made_keras_teacher
import made_teacher
from degu import elsewhere, embeddings
from degu.job import InputError
from degu.splits import SPLITS
from degu.teachers import asked, runner


def test_a_keras_model_is_fine_tuned_and_says_its_vectors(tmp_path, monkeypatch):
    """Its environment is this process; `test_elsewhere` starts another one."""
    program = ["python", runner.__file__]

    def run(command, name):
        assert command[:2] == program and name == str(model)
        runner.main(command[2])

    monkeypatch.setattr(elsewhere, "run", run)
    data = made_teacher.data(tmp_path)
    model = made_keras_teacher.model(tmp_path / "m.keras", made_teacher.LENGTH)
    grid = {"batch_size": [4], "learning_rate": [0.1], "epochs": 4, "patience": 4}
    told = {"keras": {"file": str(model), "layer": "counts"}, "finetune": grid}
    asked.ask(tmp_path / "v.h5", data, program[0], told, np.arange(50))
    names = np.concatenate([data.names(split) for split in SPLITS])
    codes = np.concatenate([data.codes(split) for split in SPLITS])
    features = embeddings.read(tmp_path / "v.h5", names, codes)
    outputs = embeddings.read(tmp_path / "v.h5", names, codes, "outputs", np.float32)
    assert features.shape == (90, 4) and outputs.shape == (90, 1)
    truth = np.concatenate([data.targets(split) for split in SPLITS])
    assert np.corrcoef(outputs[:, 0], truth[:, 0])[0, 1] > 0.9


def test_a_model_that_cannot_be_loaded_leaves_one_line(tmp_path):
    data = made_teacher.data(tmp_path)
    told = {"huggingface": {"model": "mine", "letters": "dna", "revision": "main"}}
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho mine needs torch; exit 1\n")
    program.chmod(0o755)
    with pytest.raises(InputError, match=r"^mine, run by .*python: mine needs torch\.$"):
        asked.ask(tmp_path / "v.h5", data, program, told, None)
    assert not (tmp_path / "v.h5").exists()
    assert h5py.is_hdf5(data.path)
