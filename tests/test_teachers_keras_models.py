"""Keras models as teachers: features of a layer, order of letters, fine-tuning, what is refused."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import made_keras_teacher
from degu.teachers import runner
from degu.teachers.keras_models import KerasTeacher

REAL = Path(os.environ.get("DEGU_DATA", Path(__file__).parents[2] / "shared" / "data"))
SEQUENCES = ["AACG", "TTTT", "NNCA"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return made_keras_teacher.model(tmp_path_factory.mktemp("keras") / "m.keras", 4)


def teacher(saved, sequences=SEQUENCES, **asked):
    return KerasTeacher({"file": str(saved), "layer": "counts"} | asked, list(sequences))


def test_features_and_outputs_by_the_order_of_letters(saved):
    features, outputs = teacher(saved).predict()
    assert features == pytest.approx(np.array([[2, 1, 1, 0], [0, 0, 0, 4], [1, 1, 0, 0]]))
    assert outputs == pytest.approx(features[:, :2])
    turned, _ = teacher(saved, order="TGCA").predict()
    assert turned == pytest.approx(features[:, ::-1])
    # Features of positions are averaged over them; RNA is read as DNA.
    positions, _ = teacher(saved, layer="one_hot", sequences=["AUUC"]).predict()
    assert positions == pytest.approx(np.array([[0.25, 0.25, 0, 0.5]]))


def test_a_sequence_of_known_outputs_tells_another_order(saved):
    known = {"check": {"sequence": "AACG", "expected": [2, 1]}}
    teacher(saved, **known)
    with pytest.raises(SystemExit, match=r"has the outputs 0, 1, not .* another one than TGCA"):
        teacher(saved, order="TGCA", **known)


def test_fine_tuning_keeps_the_best_setting_of_the_grid(saved, capsys):
    sequences = ["".join(row) for row in np.random.default_rng(0).choice(list("ACGT"), (80, 4))]
    truth = np.array([[2.0 * one.count("G") - 1] for one in sequences], np.float32)
    measured = {"train": np.arange(60), "validation": np.arange(60, 80)}
    measured |= {"train_targets": truth[:60], "validation_targets": truth[60:]}
    settings = {"batch_size": [4], "learning_rate": [0.1, 1e-6], "epochs": 6, "patience": 6}
    tuned = teacher(saved, sequences)
    runner.finetune(tuned, settings, measured, classes=False)
    told = capsys.readouterr().out.splitlines()
    losses = [float(line.rpartition(" ")[2]) for line in told]
    assert losses[0] < 0.3 < losses[1]
    features, outputs = tuned.predict()
    # The second setting, which was tried last, is not the one that stays.
    assert np.mean((outputs[60:] - truth[60:]) ** 2) == pytest.approx(losses[0], rel=1e-3)
    assert features.shape == (80, 4) and outputs.shape == (80, 1)


REFUSED = {
    "no such layer": ({"layer": "pool"}, "no layer 'pool': there are one_hot, means, counts"),
    "another length": ({"sequences": ["AACGT"]}, r"takes \(None, 4, 4\), but .* \(n, 5, 4\)"),
    "a pickle": ({"file": "m.pkl"}, r"m.pkl ends in '.pkl': allowed are .keras, .h5 and .hdf5"),
    "no file": ({"file": "none.keras"}, "none.keras is not there"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_does_not_fit_is_told_in_one_line(saved, fault):
    changes, message = REFUSED[fault]
    with pytest.raises(SystemExit, match=message):
        teacher(saved, **changes)


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_lambda_layers_are_refused_by_name(tmp_path, ending):
    path = made_keras_teacher.model(tmp_path / f"m.{ending}", 4, lambdas=True)
    with pytest.raises(SystemExit, match=f"m.{ending} has the Lambda layer 'shaky', which is code"):
        teacher(path)


@pytest.mark.skipif(
    not (REAL / "teacher_optimus5p").is_dir(), reason="the real teacher is not here"
)
def test_optimus_says_of_the_first_sequence_what_its_authors_found():
    table = pd.read_table(REAL / "mrl_human_utr50/human_utr50.tsv.gz", nrows=300)
    asked = {"file": REAL / "teacher_optimus5p/optimus5p_multioutput.h5", "layer": "activation"}
    features, outputs = KerasTeacher(
        asked | {"file": str(asked["file"])}, [*table["utr"]]
    ).predict()
    assert features.shape == (300, 40)
    assert outputs[0] == pytest.approx([4.907, 3.975, 3.068], abs=2e-3)
    assert np.corrcoef(outputs[:, 0], table["rl"])[0, 1] > 0.7
