"""The opposite strand of half of a batch."""

import numpy as np
import tensorflow as tf

from degu import augment, sequences

N = 4000
CODES = np.random.default_rng(0).integers(0, 5, (N, 30), dtype=np.uint8)
OPPOSITE = sequences.reverse_complement(CODES)


def turned(seed, function=augment.reverse_complement):
    """Return which rows are turned; all others must be as they were."""
    batch = function(tf.constant(CODES), tf.constant(seed, tf.int32)).numpy()
    assert batch.dtype == np.uint8
    opposite = (batch == OPPOSITE).all(axis=1)
    np.testing.assert_array_equal(batch[~opposite], CODES[~opposite])
    return opposite


def test_half_of_the_sequences_are_turned():
    # Standard deviation of the share: 0.008.
    assert abs(turned([1, 2]).mean() - 0.5) < 0.03


def test_the_seed_alone_decides_which():
    first = turned([1, 2])
    np.testing.assert_array_equal(turned([1, 2]), first)
    np.testing.assert_array_equal(turned([1, 2], tf.function(augment.reverse_complement)), first)
    for other in ([1, 3], [2, 2]):
        # Rows of two seeds agree by chance, with a standard deviation of 0.008.
        assert abs((turned(other) == first).mean() - 0.5) < 0.03
