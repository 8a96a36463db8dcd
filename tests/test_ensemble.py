"""Members in their order, their mean, their spread."""

import numpy as np
import pytest

from degu import models
from degu.ensemble import Ensemble, running, summarise
from degu.job import InputError
from degu.sequences import one_hot


def test_every_member_predicts_in_order(members, codes):
    predictions = Ensemble(members).predict(codes)
    assert predictions.shape == (3, 7, 2)
    assert predictions.dtype == np.float32
    for path, predicted in zip(members, predictions, strict=True):
        expected = models.load(path)(one_hot(codes), training=False)
        np.testing.assert_allclose(predicted, expected, rtol=1e-5, atol=1e-6)
    assert (predictions[0] != predictions[1]).all()
    np.testing.assert_array_equal(Ensemble(members[::-1]).predict(codes), predictions[::-1])


def test_summary_by_hand():
    mean, std = summarise(np.array([[[1, 5]], [[3, 5]], [[8, 5]]], np.float32))
    # Squares about 4: 9 + 1 + 16, a third of them.
    np.testing.assert_array_equal(mean, [[4, 5]])
    np.testing.assert_allclose(std, [[np.sqrt(26 / 3), 0]], rtol=1e-7)
    assert mean.dtype == std.dtype == np.float32


def test_summary_agrees_with_numpy_in_double_precision():
    rng = np.random.default_rng(0)
    predictions = (1000 + rng.normal(0, 0.01, (10, 50, 3))).astype(np.float32)
    mean, std = summarise(predictions)
    exact = predictions.astype(np.float64)
    np.testing.assert_allclose(mean, exact.mean(axis=0), rtol=1e-7)
    np.testing.assert_allclose(std, exact.std(axis=0, ddof=0), rtol=1e-6)


def test_one_member_has_no_spread():
    with pytest.raises(InputError, match="at least two members; it has 1"):
        summarise(np.zeros((1, 4, 2)))


def test_an_ensemble_has_members():
    with pytest.raises(InputError, match="at least one member"):
        Ensemble([])


def test_running_summary_agrees_with_numpy_in_double_precision():
    rng = np.random.default_rng(0)
    predictions = (1000 + rng.normal(0, 0.01, (10, 50, 4, 3))).astype(np.float32)
    mean, std = running(iter(predictions))
    exact = predictions.astype(np.float64)
    np.testing.assert_allclose(mean, exact.mean(axis=0), rtol=1e-7)
    np.testing.assert_allclose(std, exact.std(axis=0, ddof=0), rtol=1e-6)
    assert mean.dtype == std.dtype == np.float32
    with pytest.raises(InputError, match="at least two members; it has 1"):
        running(iter(predictions[:1]))
