"""Students with a head for each teacher: loss and heads by hand."""

import numpy as np
import pytest
import tensorflow as tf

from degu import member_heads

# Two activities, one aleatoric head, three teachers.
SHAPE = {"activities": 2, "members": 3}
BY_MEMBER = [1.0, 10, 2, 20, 6, 60]


def test_heads_are_mean_and_spread_of_those_of_the_teachers():
    raw = tf.constant([[0.5, *BY_MEMBER]])
    found = [part.numpy() for part in member_heads.convert(raw, **SHAPE)]
    assert [part.tolist() for part in found[:2]] == [[[3, 30]], [[0.5]]]
    # Deviations -2, -1 and 3: the root of 14 / 3.
    np.testing.assert_allclose(found[2], [[np.sqrt(14 / 3), 10 * np.sqrt(14 / 3)]], rtol=1e-6)
    assert found[3].tolist() == [BY_MEMBER]


def test_the_loss_weighs_mean_noise_and_deviations():
    loss = member_heads.loss([1, 1, 3, 0.5, 0.5], **SHAPE)
    truth = tf.constant([[3.0, 30, 0.5, *BY_MEMBER]])
    same = tf.constant([[0.5, *BY_MEMBER]])
    assert loss(truth, same).numpy().tolist() == [0]
    # All heads of the first activity are 2 too high: its mean alone is wrong.
    higher = same + tf.constant([[0.0, 2, 0, 2, 0, 2, 0]])
    assert loss(truth, higher).numpy() == pytest.approx([0.5 * 2**2])
    # One rises by 3, another falls by 3: the mean stays, and weight / members is that of squares.
    apart = same + tf.constant([[0.0, 3, 0, -3, 0, 0, 0]])
    assert loss(truth, apart).numpy() == pytest.approx([0.5 * 0.5 / 3 * (9 + 9)])
    noise = same + tf.constant([[2.0, 0, 0, 0, 0, 0, 0]])
    assert loss(truth, noise).numpy() == pytest.approx([0.5 * 3 * 4])


def test_a_measurement_stands_in_for_the_mean_and_a_missing_one_adds_nothing():
    loss = member_heads.loss([1, 1, 3, 1, 1], **SHAPE)
    raw = tf.constant([[0.5, *BY_MEMBER]])
    assert loss(tf.constant([[5.0, 30, 0.5, *BY_MEMBER]]), raw).numpy() == pytest.approx([2])
    assert loss(tf.constant([[np.nan, 30, 0.5, *BY_MEMBER]]), raw).numpy() == pytest.approx([0])
