"""Saved models: they predict the same, name their heads, and load without this package."""

import json
import subprocess
import sys
import zipfile

import keras
import numpy as np
import pytest

from degu import heads, models
from degu.heads import Head, Heads
from degu.losses import evidential_heads, gaussian_heads
from degu.sequences import one_hot
from small_networks import SHORTEST, made, small, trained_like

LOG_9 = 2 * np.log(3)


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_a_saved_model_predicts_the_same(architecture, tmp_path):
    length = SHORTEST[architecture] + 5
    codes = made(6, length, bases=5)
    model = small(architecture, length, 2)
    models.save(model, tmp_path / "0.keras", Heads.of(["a", "b"]))
    loaded = models.load(tmp_path / "0.keras")
    assert loaded.name == architecture
    np.testing.assert_array_equal(
        models.predictor(loaded)(codes), models.predictor(model)(codes), strict=True
    )


def test_heads_are_those_that_were_saved(tmp_path):
    names = Heads.of(["a", "b"], "aleatoric", "epistemic", scale="logvar")
    models.save(small("compact_cnn", 9, 6), tmp_path / "new" / "0.keras", names)
    assert heads.read(tmp_path / "new" / "0.keras") == names
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["0.keras"]


def test_weights_of_a_saved_model_are_loaded_into_another(tmp_path):
    """Profiles read members in turn into one network: heads in the file do not disturb that."""
    one, two = (small("compact_cnn", 9, 1, seed) for seed in (1, 2))
    models.save(one, tmp_path / "0.keras", Heads.of(["a"]))
    two.load_weights(tmp_path / "0.keras")
    for expected, found in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_model_that_is_saved_again_has_its_new_heads(tmp_path):
    model, path = small("compact_cnn", 9, 1), tmp_path / "0.keras"
    for name in ("a", "b"):
        models.save(model, path, Heads.of([name]))
    assert heads.read(path) == (Head("b"),)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist().count("heads.json") == 1


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
@pytest.mark.parametrize("heads", [1, 2], ids=["activity", "and its noise"])
def test_a_student_inherits_all_but_its_uncertainty_heads(architecture, heads, tmp_path):
    """Its activities are the teacher's, of one activity or of two; its other heads stay."""
    length = SHORTEST[architecture] + 5
    codes = made(6, length)
    for activities in (1, 2):
        teacher = trained_like(small(architecture, length, activities * heads, seed=1))
        models.save(teacher, tmp_path / "0.keras", Heads.of([*"ab"][:activities]))
        student = small(architecture, length, activities * (heads + 1), seed=2)
        fresh = {id(weight): weight.numpy() for weight in student.weights}
        models.inherit(student, models.load(tmp_path / "0.keras"), activities)
        expected, found = (models.predictor(model)(codes) for model in (teacher, student))
        # A dense layer of more outputs may round otherwise.
        same = found[..., :activities], expected[..., :activities]
        np.testing.assert_allclose(*same, rtol=1e-5, atol=1e-6)
        if architecture != "cnn_task_base":
            for weight in student.get_layer("heads").weights:
                own = fresh[id(weight)][..., activities:]
                np.testing.assert_array_equal(weight.numpy()[..., activities:], own)
        assert (found[..., activities:] != 0).any()


def test_a_student_inherits_the_activities_of_a_likelihood(tmp_path):
    """The teacher's raw outputs are converted in its file; activities are raw and converted."""
    teacher = trained_like(small("compact_cnn", 9, 2))
    models.save(models.converted(teacher, gaussian_heads), tmp_path / "0.keras", Heads.of(["a"]))
    student = small("compact_cnn", 9, 3, seed=2)
    models.inherit(student, models.load(tmp_path / "0.keras"), 1)
    codes = made(6, 9)
    expected, found = (models.predictor(model)(codes)[:, 0] for model in (teacher, student))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


WITHOUT_THE_PACKAGE = """
import json
import sys
import zipfile

sys.path = [path for path in sys.path if "workflow_scripts" not in path]
try:
    import degu
except ModuleNotFoundError:
    pass
else:
    raise SystemExit("the package is there")
path, inputs, outputs = sys.argv[1:]
with zipfile.ZipFile(path) as archive:
    print(archive.read("heads.json").decode())
import keras
import numpy as np

model = keras.models.load_model(path)
np.save(outputs, model(np.load(inputs), training=False))
"""


@pytest.mark.parametrize(
    ("architecture", "convert"), [("dream_rnn", None), ("compact_cnn", evidential_heads)]
)
def test_a_process_without_the_package_predicts_and_reads_heads(architecture, convert, tmp_path):
    codes = made(3, 12, bases=5)
    model = small(architecture, 12, 4 if convert else 3)
    if convert:
        model = models.converted(model, convert)
    names = Heads.of(["a"], "aleatoric", "epistemic")
    models.save(model, tmp_path / "0.keras", names)
    np.save(tmp_path / "x.npy", one_hot(codes))
    files = [str(tmp_path / name) for name in ("0.keras", "x.npy", "y.npy")]
    # Isolated: neither the folder of tests nor PYTHONPATH is on its path.
    done = subprocess.run(
        [sys.executable, "-I", "-c", WITHOUT_THE_PACKAGE, *files],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout.splitlines()[0]) == [
        {"activity": "a", "kind": kind, "scale": "std", "noise": "replicates"}
        for kind in ("activity", "aleatoric", "epistemic")
    ]
    np.testing.assert_allclose(
        np.load(files[2]), models.predictor(model)(codes), rtol=1e-5, atol=1e-6
    )


def raw(values):
    """Build a network whose raw outputs are these, whatever the sequence."""
    sequence = keras.Input((5, 4))
    last = keras.layers.Dense(len(values))
    model = keras.Model(sequence, last(keras.layers.Flatten()(sequence)), name="raw")
    last.set_weights([np.zeros((20, len(values))), np.array(values)])
    return model


def of_softplus(value):
    return np.log(np.expm1(value))


@pytest.mark.parametrize(
    ("outputs", "convert", "expected"),
    [
        ([1, 2, 0, LOG_9], gaussian_heads, [1, 2, 1, 3]),
        # Mean, nu, alpha - 1 and beta: sqrt(8 / 2), and that over sqrt(4).
        ([7, *of_softplus([4, 2, 8])], evidential_heads, [7, 2, 1]),
    ],
    ids=["gaussian", "evidential"],
)
def test_conversion_of_raw_outputs_by_hand(outputs, convert, expected, tmp_path):
    model = models.converted(raw(outputs), convert)
    assert model.name == "raw"
    kinds = ("aleatoric", "epistemic")[: len(expected) - 1 if len(expected) == 3 else 1]
    names = Heads.of(["a", "b"][: len(expected) // (1 + len(kinds))], *kinds)
    models.save(model, tmp_path / "0.keras", names)
    predicted = models.predictor(models.load(tmp_path / "0.keras"))(made(2, 5))
    np.testing.assert_allclose(predicted, [expected] * 2, rtol=1e-6)
    assert len(heads.read(tmp_path / "0.keras")) == len(expected)


def test_a_converted_model_shares_its_weights():
    model = raw([1, LOG_9])
    deviations = models.converted(model, gaussian_heads)
    model.layers[-1].bias.assign([5.0, 0.0])
    np.testing.assert_allclose(models.predictor(deviations)(made(1, 5)), [[5, 1]], rtol=1e-6)
