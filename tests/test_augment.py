"""The opposite strand of half of a batch, and random crops; profiles go with their sequence."""

import numpy as np
import pytest
import tensorflow as tf

from degu import augment, sequences

N = 4000
CODES = np.random.default_rng(0).integers(0, 5, (N, 30), dtype=np.uint8)
OPPOSITE = sequences.reverse_complement(CODES)
TARGETS = np.arange(N, dtype=np.float32)[:, None]
# Profiles that tell row and position.
POSITIONS = np.arange(30) + 1000 * np.arange(N)[:, None]
PROFILES = np.stack([POSITIONS, -POSITIONS], axis=-1).astype(np.float32)


def turned(seed, function=augment.reverse_complement, targets=TARGETS):
    """Return which rows are turned; all others must be as they were, and targets go along."""
    batch, truth = function(tf.constant(CODES), tf.constant(targets), tf.constant(seed, tf.int32))
    assert batch.dtype == tf.uint8
    opposite = (batch.numpy() == OPPOSITE).all(axis=1)
    np.testing.assert_array_equal(batch[~opposite], CODES[~opposite])
    if targets.ndim == 3:
        targets = np.where(opposite[:, None, None], targets[:, ::-1], targets)
    np.testing.assert_array_equal(truth, targets)
    return opposite


@pytest.mark.parametrize("targets", [TARGETS, PROFILES], ids=["scalars", "profiles"])
def test_half_of_the_sequences_are_turned_and_profiles_with_them(targets):
    # Standard deviation of the share: 0.008.
    assert abs(turned([1, 2], targets=targets).mean() - 0.5) < 0.03


def test_the_seed_alone_decides_which():
    first = turned([1, 2])
    np.testing.assert_array_equal(turned([1, 2], targets=PROFILES), first)
    np.testing.assert_array_equal(turned([1, 2], tf.function(augment.reverse_complement)), first)
    for other in ([1, 3], [2, 2]):
        # Rows of two seeds agree by chance, with a standard deviation of 0.008.
        assert abs((turned(other) == first).mean() - 0.5) < 0.03


def test_a_turned_profile_by_hand():
    codes, targets = np.uint8([[0, 1, 4]] * 40), np.float32([[[1, 10], [2, 20], [3, 30]]] * 40)
    new, profiles = augment.reverse_complement(codes, tf.constant(targets), tf.constant([1, 2]))
    found = {
        (tuple(a), tuple(b.ravel())) for a, b in zip(new.numpy(), profiles.numpy(), strict=True)
    }
    assert found == {((0, 1, 4), (1, 10, 2, 20, 3, 30)), ((4, 2, 3), (3, 30, 2, 20, 1, 10))}


def cropped(seed, length=27):
    batch, truth = augment.random_crop(
        tf.constant(CODES), tf.constant(PROFILES), length, tf.constant(seed)
    )
    assert batch.shape == (N, length) and truth.shape == (N, length, 2)
    return batch.numpy(), truth.numpy()


def test_crops_keep_sequence_and_profiles_together():
    batch, truth = cropped([1, 2])
    starts = (truth[:, 0, 0] - 1000 * np.arange(N)).astype(int)
    places = starts[:, None] + np.arange(27)
    np.testing.assert_array_equal(batch, np.take_along_axis(CODES, places, axis=1))
    np.testing.assert_array_equal(truth, np.take_along_axis(PROFILES, places[..., None], axis=1))
    # Four places, each about 1000 times: five standard deviations are 137.
    counts = np.bincount(starts)
    assert len(counts) == 4 and np.abs(counts - 1000).max() < 137
    np.testing.assert_array_equal(cropped([1, 2])[0], batch)
    assert not np.array_equal(cropped([1, 3])[0], batch)


def test_a_crop_of_the_whole_window_changes_nothing():
    batch, truth = cropped([1, 2], length=30)
    np.testing.assert_array_equal(batch, CODES)
    np.testing.assert_array_equal(truth, PROFILES)
