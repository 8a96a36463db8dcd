"""Predictions of a run come back as they were written."""

import h5py
import numpy as np
import pytest

from degu import predictions
from degu.predictions import Predictions, Split

RNG = np.random.default_rng(0)
HEADS = ["Dev", "Hk", "Dev_aleatoric", "Hk_aleatoric", "Dev_epistemic", "Hk_epistemic"]


def split(n, heads):
    return Split(
        names=np.array([f"séquence {row}" for row in range(n)]),
        truth=RNG.normal(size=(n, heads)).astype(np.float32),
        predictions=RNG.normal(size=(2, n, heads)).astype(np.float32),
    )


def test_what_is_written_is_read(tmp_path):
    run = Predictions(HEADS, HEADS[:2], validation=split(4, 6), test=split(3, 6))
    path = tmp_path / "new" / "run.h5"
    predictions.write(path, run)
    back = predictions.read(path)
    assert back.heads == HEADS
    assert back.activities == HEADS[:2]
    for written, read in [(run.validation, back.validation), (run.test, back.test)]:
        assert read.names.tolist() == written.names.tolist()
        np.testing.assert_array_equal(read.truth, written.truth, strict=True)
        np.testing.assert_array_equal(read.predictions, written.predictions, strict=True)
    with h5py.File(path) as file:
        assert file["test/predictions"].shape == (2, 3, 6)
        assert file["validation/truth"].shape == (4, 6)


def test_moments_of_profiles_are_kept(tmp_path):
    moments = RNG.normal(size=(5, 3, 6, 6))
    kept = split(3, 6)
    kept.moments = moments
    predictions.write(tmp_path / "run.h5", Predictions(HEADS, HEADS[:2], split(4, 6), kept))
    back = predictions.read(tmp_path / "run.h5")
    np.testing.assert_array_equal(back.test.moments, moments, strict=True)
    assert back.validation.moments is None


@pytest.mark.parametrize(
    ("heads", "activity", "expected"),
    [
        (HEADS, "Hk", {"epistemic": 5, "aleatoric": 3}),
        (["Dev", "Dev_epistemic"], "Dev", {"epistemic": 1}),
        (["Dev", "Dev_aleatoric"], "Dev", {"aleatoric": 1}),
        (["Dev", "Hk", "Hk_aleatoric"], "Dev", {}),
    ],
)
def test_uncertainty_heads_of_an_activity(heads, activity, expected):
    run = Predictions(heads, ["Dev", "Hk"], split(1, len(heads)), split(1, len(heads)))
    assert run.uncertainties(activity) == expected
