"""Standard deviations, log-variances, and their sum."""

import numpy as np
import pytest

from degu import uncertainty


@pytest.mark.parametrize(("dtype", "zero"), [(np.float64, 1e-10), (np.float32, 1e-6)])
def test_deviations_come_back_from_log_variances(dtype, zero):
    std = np.array([0, 0.01, 0.1, 1, 50], dtype)
    logvar = uncertainty.to_logvar(std)
    assert logvar.dtype == dtype
    np.testing.assert_allclose(logvar, np.log(std.astype(float) ** 2 + 1e-6), rtol=1e-6, atol=1e-7)
    assert logvar[0] == pytest.approx(-13.815511)
    back = uncertainty.to_std(logvar)
    assert back.dtype == dtype
    np.testing.assert_allclose(back[1:], std[1:], rtol=1e-4)
    assert 0 <= back[0] < zero


def test_log_variances_below_that_of_zero_are_zero():
    np.testing.assert_array_equal(uncertainty.to_std(np.array([-14.0, -100.0])), [0, 0])


def test_variances_add():
    np.testing.assert_array_equal(
        uncertainty.total(np.array([3.0, 0.0, 5.0]), np.array([4.0, 2.0, 12.0])), [5, 2, 13]
    )


def test_small_deviations_are_raised_and_counted():
    std = np.array([-1.0, 0.0, 0.05, 0.1, 2.0])
    raised, share = uncertainty.clip(std, 0.1)
    np.testing.assert_array_equal(raised, [0.1, 0.1, 0.1, 0.1, 2])
    assert share == pytest.approx(3 / 5)
    np.testing.assert_array_equal(std, [-1, 0, 0.05, 0.1, 2])
    assert uncertainty.clip(np.array([0.1, 3.0]), 0.1)[1] == 0
