"""Networks of vectors: their layers, and a run from vectors to predictions of classes."""

import keras
import numpy as np
import pytest

import class_data
import label
import predict
import small_run
import train_student
import train_teacher
from degu import models, predictions
from degu.training import member
from test_tasks_classes import STUDENT, train

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(("depth", "parameters"), [(0, 20 + 12), (2, 20 + 48 + 72 + 18)])
def test_layers_of_the_mlp(depth, parameters):
    model = models.build("mlp", 5, 2, width=8, depth=depth, dropout=0.3)
    # Batch norm of five values; dense layers with biases.
    assert model.count_params() == parameters
    assert model.input_shape == (None, 5) and model.output_shape == (None, 2)
    rates = [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.3] * depth
    vectors = RNG.normal(size=(7, 5)).astype(np.float32)
    np.testing.assert_allclose(models.predictor(model)(vectors), model(vectors), atol=1e-6)


def test_a_run_on_vectors(tmp_path):
    """Two of six values tell three classes apart; teachers, labels, a student."""
    labels = np.arange(120) % 3
    vectors = RNG.normal(size=(120, 6)).astype(np.float16)
    vectors[:, 0] += 6 * (labels == 0)
    vectors[:, 1] += 6 * (labels == 1)
    data = class_data.made(tmp_path / "data.h5", vectors=vectors)
    network = {"name": "mlp", "width": 16, "depth": 1}
    (tmp_path / "teachers").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(member, "start", lambda seed, *_, **__: keras.utils.set_random_seed(seed))
        inputs = {"asked": small_run.NOTHING, "recipe": {}, "architecture": network}
        teachers = train(tmp_path / "teachers", data, 2, train_teacher, **inputs)
        label.main(data.path, teachers, str(tmp_path / "labels.h5"), 1.0, 0)
        inputs = {"labels": str(tmp_path / "labels.h5"), "unlabelled": [], "teachers": []}
        inputs |= {"recipe": STUDENT, "architecture": network}
        (student,) = train(tmp_path, data, 1, train_student, **inputs)
    predict.main(data.path, [student], str(tmp_path / "labels.h5"), str(tmp_path / "p.h5"), None)
    test = predictions.read(tmp_path / "p.h5").test
    assert np.mean(test.predictions[0, :, :3].argmax(axis=1) == labels[90:]) > 0.9
    assert np.corrcoef(test.predictions[0, :, :3].ravel(), test.truth[:, :3].ravel())[0, 1] > 0.6
