"""Deviations of effects, signs, intervals and calls by hand."""

import numpy as np
import pytest
from scipy.stats import norm

from degu.heads import Heads
from degu.intervals import Calibration
from degu.variants import effects

# Mean, epistemic, and three heads of teachers.
HEADS = Heads.of(["y"]).with_members(3)
REF = np.array([[1.0, 3, 0, 1, 2], [0, 1, 0, 0, 0]])
ALT = np.array([[3.0, 4, 3, 3, 3], [0, 1, -1, -1, 2]])


def test_deviations_are_paired_where_there_are_heads_of_teachers():
    found = effects.deviations(HEADS, REF, ALT, "y")
    # Effects 3, 2, 1 and -1, -1, 2.
    np.testing.assert_allclose(found["paired"], [np.sqrt(2 / 3), np.sqrt(2)])
    np.testing.assert_allclose(found["epistemic"], [5, np.sqrt(2)])
    assert effects.preferred(found) == "paired"
    plain = effects.deviations(Heads.of(["y"], "epistemic"), REF[:, :2], ALT[:, :2], "y")
    assert list(plain) == ["epistemic"] and effects.preferred(plain) == "epistemic"
    assert effects.preferred({"aleatoric": 0, "total": 0}) == "total"
    assert effects.preferred({}) is None


def test_what_all_teachers_share_and_what_differs_by_sequence_cancels():
    shifted = REF + np.array([0, 0, 10, -7, 4]), ALT + np.array([0, 0, 10, -7, 4])
    paired = effects.deviations(HEADS, *shifted, "y")["paired"]
    np.testing.assert_allclose(paired, effects.deviations(HEADS, REF, ALT, "y")["paired"])


def test_agreement_of_signs():
    alt = ALT.copy()
    alt[1, 2:] = -1, -1, 1
    np.testing.assert_allclose(effects.sign_agreement(HEADS, REF, alt, "y"), [1, 2 / 3])
    plain = Heads.of(["y"], "epistemic")
    assert np.isnan(effects.sign_agreement(plain, REF[:, :2], ALT[:, :2], "y")).all()


def test_intervals_calls_and_probabilities_of_the_sign():
    effect, std = np.array([3.0, -3, 1, 0]), np.array([1.0, 1, 1, 0])
    gaussian = effects.certainty(effect, std, 0.95, smallest_std=0.5)
    np.testing.assert_allclose(gaussian.high - effect, 1.959964 * np.array([1, 1, 1, 0.5]))
    np.testing.assert_allclose(gaussian.p_sign, norm.cdf([3, 3, 1, 0]))
    assert gaussian.call.tolist() == ["increase", "decrease", "abstain", "abstain"]
    factors = {0.95: [2.0]}
    calibrated = Calibration("0", "y", "paired", 9, 9, 0.0, 1.0, [], factors)
    found = effects.certainty(effect, std, 0.95, 0.5, calibrated)
    np.testing.assert_allclose(found.low, effect - 2 * np.array([2, 2, 2, 1.5]))
    # Half of the interval stands for 1.96 deviations.
    assert found.p_sign[0] == pytest.approx(norm.cdf(3 * 1.959964 / 4))
    assert found.call.tolist() == ["abstain"] * 4
    endless = Calibration("0", "y", "paired", 9, 9, 0.0, 0.0, [], {0.95: [np.inf]})
    never = effects.certainty(effect, std, 0.95, 0.5, endless)
    assert never.p_sign.tolist() == [0.5] * 4 and set(never.call) == {"abstain"}
