"""DeepSHAP beside shap and complete for every pair; integrated gradients by hand."""

import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers

from degu import models
from degu.attribution import references
from degu.attribution.references import explain_by_deepshap, integrated_gradients
from degu.job import InputError
from degu.sequences import encode, one_hot
from small_networks import SHORTEST, activity, made, small, trained_like

FEED_FORWARD = ["deepstarr", "residualbind", "compact_cnn", "mprann", "cnn_task_base"]


@pytest.fixture(scope="module")
def compact():
    return trained_like(small("compact_cnn", 30, 2))


SHAP = """
import sys
import shap
import keras
import numpy as np

folder, dtype = sys.argv[1:]
keras.config.set_floatx(dtype)
model = keras.models.load_model(folder + "/model.keras", compile=False)
arrays = np.load(folder + "/arrays.npz")
explainer = shap.DeepExplainer(model, arrays["references"])
np.save(folder + "/shap.npy", explainer.shap_values(arrays["x"], check_additivity=False))
"""


def beside_shap(folder, model, sequences, references, dtype):
    """Scores of both heads by shap and by `deepshap`, of shape (sequences, length, 4, 2)."""
    length = model.input_shape[1]
    codes, references = made(sequences, length, bases=5), made(references, length, seed=4)
    model.save(folder / "model.keras")
    arrays = {"x": one_hot(codes), "references": one_hot(references)}
    np.savez(folder / "arrays.npz", **{key: some.astype(dtype) for key, some in arrays.items()})
    # In a process of its own: shap replaces gradients of TensorFlow for all that follows.
    subprocess.run([sys.executable, "-c", SHAP, folder, dtype], cwd=folder, check=True)
    ours = [explain_by_deepshap(model, codes, references, output).scores for output in range(2)]
    return np.load(folder / "shap.npy"), np.stack(ours, axis=-1)


def test_equals_shap_on_deepstarr(tmp_path):
    model = trained_like(small("deepstarr", 60, 2))
    of_shap, ours = beside_shap(tmp_path, model, sequences=3, references=4, dtype="float32")
    largest = np.abs(of_shap).max(axis=(0, 1, 2))
    assert (np.abs(ours - of_shap) <= 2e-5 * largest).all()


def test_equals_shap_at_full_size_in_double_precision(tmp_path, float64):
    """In single precision near ties of a max pool fall this way or that, in shap as here.

    Of this seed no feature that wins its window has a rise below 1e-7, which shap takes for none.
    """
    keras.utils.set_random_seed(0)
    model = trained_like(models.build("deepstarr", 249, 2))
    of_shap, ours = beside_shap(tmp_path, model, sequences=2, references=100, dtype="float64")
    largest = np.abs(of_shap).max(axis=(0, 1, 2))
    assert (np.abs(ours - of_shap) <= 1e-12 * largest).all()


@pytest.mark.parametrize("architecture", FEED_FORWARD)
def test_complete_for_every_pair(architecture):
    length = max(30, SHORTEST[architecture])
    model = trained_like(small(architecture, length, 2))
    codes, references = made(3, length, bases=5), made(4, length, seed=4)
    of_codes, of_references = (activity(model, some, 1) for some in (codes, references))
    span = np.ptp(activity(model, made(100, length), 1))

    explained = explain_by_deepshap(model, codes, references, 1)

    assert explained.scores.dtype == np.float32
    assert explained.errors.shape == (3, 4)
    assert np.abs(explained.errors).max() < 1e-4 * span
    np.testing.assert_allclose(
        explained.scores.sum(axis=(1, 2)), of_codes - of_references.mean(), atol=1e-4 * span
    )
    observed = (explained.hypothetical * one_hot(codes)).sum(axis=2)
    summed = np.where(codes < 4, explained.scores.sum(axis=2), 0)
    np.testing.assert_allclose(observed, summed, atol=1e-5 * np.abs(summed).max())


def test_sets_of_references_and_blocks_change_nothing(compact, monkeypatch):
    codes, sets = made(5, 30), made(25, 30, seed=4).reshape(5, 5, 30)
    one_by_one = [explain_by_deepshap(compact, codes[at : at + 1], sets[at], 0) for at in range(2)]
    together = explain_by_deepshap(compact, codes, sets, 0)
    shared = explain_by_deepshap(compact, codes, sets[0], 0)
    monkeypatch.setattr(references, "_BASES", 3 * 30)  # 3 references, then 2; sequences one by one
    few = explain_by_deepshap(compact, codes, sets, 0)
    monkeypatch.setattr(references, "_BASES", 15 * 30)  # 3 sequences, then 2
    more = explain_by_deepshap(compact, codes, sets, 0)

    for name in references.Explanation._fields:
        whole = getattr(together, name)
        tolerance = 1e-6  # rounding of predictions around 1
        for other in (few, more):
            np.testing.assert_allclose(getattr(other, name), whole, atol=tolerance)
        for at, single in enumerate(one_by_one):
            np.testing.assert_allclose(getattr(single, name)[0], whole[at], atol=tolerance)
        np.testing.assert_allclose(getattr(shared, name)[0], whole[0], atol=tolerance)
    assert not np.allclose(shared.scores[1], together.scores[1])


def test_the_model_is_left_as_it_was(compact):
    before = [weight.numpy() for weight in compact.weights]
    explain_by_deepshap(compact, made(1, 30), made(2, 30, seed=4), 0)
    for weight, value in zip(compact.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)
    for layer in compact.layers:
        assert layer.output is not None  # ambiguous, an error, had the layer been called again


def test_a_model_read_from_a_file_by_a_fresh_process(tmp_path):
    keras.backend.clear_session()  # as names are counted there, from the first
    trained_like(small("deepstarr", 30, 1)).save(tmp_path / "model.keras")
    keras.backend.clear_session()
    model = models.load(tmp_path / "model.keras")
    for output in (0, 0):
        errors = explain_by_deepshap(model, made(1, 30), made(2, 30, seed=4), output).errors
        assert np.abs(errors).max() < 1e-4


@pytest.mark.parametrize(
    ("codes", "references", "output", "message"),
    [
        (made(2, 30), made(3, 30), 2, "no output 2: allowed are 0 to 1"),
        (made(2, 30), made(3, 30), -1, "no output -1"),
        (made(2, 29), made(3, 30), 0, r"shape \(2, 29\), but .* takes \(n, 30\)"),
        (made(2, 30), made(3, 29), 0, r"references have shape \(3, 29\)"),
        (made(2, 30), made(0, 30), 0, "at least 1 reference"),
        (made(2, 30), made(9, 30).reshape(3, 3, 30), 0, r"or \(2, references, 30\)"),
    ],
)
def test_wrong_arguments(compact, codes, references, output, message):
    with pytest.raises(InputError, match=message):
        explain_by_deepshap(compact, codes, references, output)
    with pytest.raises(InputError, match=message):
        integrated_gradients(compact, codes, references, output, steps=2)


def test_integrated_gradients_need_a_step(compact):
    with pytest.raises(InputError, match="0 steps"):
        integrated_gradients(compact, made(1, 30), made(1, 30), 0, steps=0)


def test_integrated_gradients_of_a_square_by_hand(float64):
    sequence = keras.Input((1, 4))
    model = keras.Model(sequence, layers.Flatten()(sequence * sequence * sequence))
    # The gradient of a³ on the way from 0 to 1 at its midpoints 1/4 and 3/4: 3 (1/16 + 9/16) / 2.
    explained = integrated_gradients(model, encode(["A"]), encode(["C"]), 0, steps=2)
    np.testing.assert_allclose(explained.scores[0, 0], [15 / 16, 0, 0, 0], rtol=1e-12)
    np.testing.assert_allclose(explained.errors, [[-1 / 16]], rtol=1e-12)


def test_errors_of_integrated_gradients_fall_with_the_square_of_steps(float64):
    keras.utils.set_random_seed(1)
    net = [keras.Input((8, 4)), layers.Conv1D(5, 3, activation="tanh"), layers.Flatten()]
    model = keras.Sequential([*net, layers.Dense(1, activation="softplus")])
    codes, references = made(3, 8), made(2, 8, seed=4)
    coarse, fine = (
        np.abs(integrated_gradients(model, codes, references, 0, steps).errors).max()
        for steps in (16, 32)
    )
    assert coarse < 1e-3
    np.testing.assert_allclose(coarse / fine, 4, rtol=0.05)


def test_integrated_gradients_explain_recurrent_networks():
    model = trained_like(small("dream_rnn", 12, 2))
    codes, references = made(2, 12), made(2, 12, seed=4)
    explained = integrated_gradients(model, codes, references, 1, steps=100)
    of_codes, of_references = (activity(model, some, 1) for some in (codes, references))
    differences = of_codes[:, None] - of_references
    assert np.abs(explained.errors).max() < 0.02 * np.abs(differences).max()
