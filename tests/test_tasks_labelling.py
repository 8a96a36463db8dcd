"""Labels of sequences without measurements are those of the ensemble, whatever the blocks."""

import h5py
import keras
import numpy as np
import pytest

import label_unlabelled
from conftest import HEADS, LENGTH
from degu import dataset, feed, models
from degu.dataset import CHUNK
from degu.ensemble import Ensemble
from degu.heads import Heads
from degu.job import InputError
from degu.labels import read_heads, read_labels
from degu.splits import SPLITS
from degu.tasks import activities

WINDOW, CROP = 160, 130
PROFILE = Heads.of(["coverage"], "aleatoric")


def write(folder, length, heads, profile):
    """Write 100 sequences without measurements, and a data set of their kind."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 5, (100, length), dtype=np.uint8)
    with h5py.File(folder / "unlabelled.h5", "w") as file:
        file.create_dataset("unlabelled/codes", data=codes, chunks=(CHUNK, length))
    with h5py.File(folder / "data.h5", "w") as file:
        writer = dataset.Writer(file, length, heads.names, heads.activities, profile)
        file.attrs["crop"] = CROP if profile else length
        for split in SPLITS:
            targets = rng.random((3, *([length] if profile else []), len(heads)))
            writer.append(split, codes[:3], targets, [f"{split}{row}" for row in range(3)])
        writer.count([])
    return codes


def profiles(folder):
    """Save three small networks of profiles, whose weights are close."""
    paths = [str(folder / f"{number}.keras") for number in range(3)]
    keras.utils.set_random_seed(0)
    model, rng = models.build("cnn_task_base", CROP, 2, width=3), np.random.default_rng(0)
    for path in paths:
        for weight in model.trainable_weights:
            weight.assign(weight + rng.normal(0, 0.01, weight.shape))
        models.save(model, path, PROFILE)
    return paths


def whole(path, codes):
    """Predict left halves of windows from their first crop and right halves from the last."""
    predict = models.predictor(models.load(path))
    left, right = predict(codes[:, :CROP]), predict(codes[:, -CROP:])
    return np.concatenate([left[:, :80], right[:, 50:]], axis=1)


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(feed, "BLOCK", 33 * LENGTH)


def test_activities_are_labelled_as_the_ensemble_predicts(members, tmp_path, small_blocks):
    codes, labels = write(tmp_path, LENGTH, HEADS, False), tmp_path / "labels.h5"
    label_unlabelled.main(tmp_path / "data.h5", tmp_path / "unlabelled.h5", members, labels)
    mean, std = read_labels(labels, "unlabelled")
    predictions = Ensemble(members).predict(codes).astype(np.float64)
    np.testing.assert_array_equal(mean, predictions.mean(axis=0).astype(np.float32))
    np.testing.assert_array_equal(std, predictions.std(axis=0).astype(np.float32)[:, :1])
    assert read_heads(labels) == HEADS
    assert (std > 0).all()


def test_profiles_are_labelled_as_the_ensemble_predicts(tmp_path, small_blocks):
    codes, labels = write(tmp_path, WINDOW, PROFILE, True), tmp_path / "labels.h5"
    teachers = profiles(tmp_path)
    label_unlabelled.main(tmp_path / "data.h5", tmp_path / "unlabelled.h5", teachers, labels)
    mean, std = read_labels(labels, "unlabelled")
    predictions = np.stack([whole(path, codes) for path in teachers]).astype(np.float64)
    assert mean.dtype == np.float16 and std.shape == (100, WINDOW, 1)
    # Half of a step of float16.
    np.testing.assert_allclose(mean, predictions.mean(axis=0), rtol=6e-4, atol=5e-8)
    np.testing.assert_allclose(std, predictions[..., :1].std(axis=0), rtol=6e-4, atol=1e-6)


def test_labels_need_two_teachers(members, tmp_path):
    write(tmp_path, LENGTH, HEADS, False)
    with pytest.raises(InputError, match="at least two members"):
        activities.label_unlabelled(tmp_path / "l.h5", members[:1], tmp_path / "unlabelled.h5")
    assert not (tmp_path / "l.h5").exists()
