"""Certainty of effects: intervals, the probability of the sign, calls."""

import numpy as np
import pytest
from scipy.stats import norm

from degu.intervals import Calibration
from degu.variants import certainty


def test_intervals_calls_and_probabilities_of_the_sign():
    effect, std = np.array([3.0, -3, 1, 0]), np.array([1.0, 1, 1, 0])
    gaussian = certainty.of_effects(effect, std, 0.95, smallest_std=0.5)
    np.testing.assert_allclose(gaussian.high - effect, 1.959964 * np.array([1, 1, 1, 0.5]))
    np.testing.assert_allclose(gaussian.p_sign, norm.cdf([3, 3, 1, 0]))
    assert gaussian.call.tolist() == ["increase", "decrease", "abstain", "abstain"]
    factors = {0.95: [2.0]}
    calibrated = Calibration("0", "y", "paired", 9, 9, 0.0, 1.0, [], factors)
    found = certainty.of_effects(effect, std, 0.95, 0.5, calibrated)
    np.testing.assert_allclose(found.low, effect - 2 * np.array([2, 2, 2, 1.5]))
    # Half of the interval stands for 1.96 deviations.
    assert found.p_sign[0] == pytest.approx(norm.cdf(3 * 1.959964 / 4))
    assert found.call.tolist() == ["abstain"] * 4
    endless = Calibration("0", "y", "paired", 9, 9, 0.0, 0.0, [], {0.95: [np.inf]})
    never = certainty.of_effects(effect, std, 0.95, 0.5, endless)
    assert never.p_sign.tolist() == [0.5] * 4 and set(never.call) == {"abstain"}
