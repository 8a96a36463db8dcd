"""Checked answers as labels, and as predictions of a run."""

import numpy as np
import pytest

import made_foreign
from degu import labels
from degu.foreign import kept
from degu.heads import Heads


@pytest.fixture
def answered(tmp_path):
    """Keep answers of three members; return their data set, file and array."""
    request = made_foreign.request(tmp_path)
    _, values = made_foreign.answer(request)
    kept.write(tmp_path / "kept.h5", values, ["a", "b", "c"], Heads.of(["y", "z"]), request.sizes)
    return made_foreign.data(tmp_path), tmp_path / "kept.h5", values


def test_labels_are_mean_and_spread_of_the_first_members(answered, tmp_path):
    _, file, values = answered
    kept.write_labels(tmp_path / "labels.h5", file, None, 2)
    for split, rows in {
        "train": slice(20),
        "validation": slice(20, 30),
        "test": slice(30, 40),
    }.items():
        mean, std = labels.read_labels(tmp_path / "labels.h5", split)
        one, other = values[:2, rows].astype(np.float64)
        np.testing.assert_allclose(mean, (one + other) / 2, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(std, abs(one - other) / 2, rtol=1e-5, atol=1e-7)
    assert labels.read_heads(tmp_path / "labels.h5").names == ["y", "z"]


def test_labels_of_a_fraction_are_those_of_its_rows(answered, tmp_path):
    _, file, values = answered
    rows = np.array([1, 4, 19])
    kept.write_labels(tmp_path / "labels.h5", file, rows, 3)
    mean, _ = labels.read_labels(tmp_path / "labels.h5", "train")
    np.testing.assert_allclose(mean, values[:, rows].mean(axis=0), rtol=1e-5, atol=1e-7)
    assert len(labels.read_labels(tmp_path / "labels.h5", "test")[0]) == 10


def test_labels_beside_a_data_set(tmp_path):
    values = np.arange(12.0, dtype=np.float32).reshape(2, 3, 2)
    kept.write(tmp_path / "kept.h5", values, ["a", "b"], Heads.of(["y", "z"]), {"unlabelled": 3})
    kept.write_labels(tmp_path / "labels.h5", tmp_path / "kept.h5", np.array([0]), 2)
    mean, std = labels.read_labels(tmp_path / "labels.h5", "unlabelled")
    np.testing.assert_array_equal(mean, [[3, 4], [5, 6], [7, 8]])
    np.testing.assert_array_equal(std, np.full((3, 2), 3))


def test_predictions_stand_beside_what_was_measured(answered):
    data, file, values = answered
    run = kept.predictions(file, data)
    np.testing.assert_array_equal(run.validation.predictions, values[:, 20:30])
    np.testing.assert_array_equal(run.test.predictions, values[:, 30:])
    np.testing.assert_array_equal(run.test.truth[:, 0], data.targets("test")[:, 0])
    assert np.isnan(run.test.truth[:, 1]).all() and run.with_truth() == {"y": 0}
    assert run.test.names.tolist() == data.names("test").tolist()


def test_what_students_are_held_against_where_nothing_was_measured(answered, tmp_path):
    data, file, values = answered
    kept.write_labels(tmp_path / "labels.h5", file, None, 3)
    heads = labels.read_heads(tmp_path / "labels.h5").with_epistemic()
    truth = labels.truth(data, "test", heads, tmp_path / "labels.h5")
    assert heads.names == ["y", "z", "y_epistemic", "z_epistemic"]
    np.testing.assert_array_equal(truth[:, 0], data.targets("test")[:, 0])
    np.testing.assert_allclose(truth[:, 1], values[:, 30:, 1].mean(axis=0), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(truth[:, 2:], values[:, 30:].std(axis=0), rtol=1e-4, atol=1e-7)
