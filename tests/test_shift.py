"""Shifts of a test set: what each changes, and predictions for them."""

import h5py
import numpy as np
import pytest
import tensorflow as tf

from degu import augment, job, models, shift
from degu.job import InputError
from degu.sequences import one_hot

CODES = np.random.default_rng(0).integers(0, 5, (300, 60), dtype=np.uint8)


def test_small_changes_one_base_in_twenty():
    mutated = shift.small(CODES, 1)
    assert mutated.dtype == np.uint8
    changed = mutated != CODES
    # 4 places of 60 are redrawn, a quarter of them to the base that they hold; N always changes.
    assert changed.sum(axis=1).max() == 4
    known = changed[CODES < 4].mean()
    assert abs(known - 0.05) < 4 * np.sqrt(0.05 * 0.95 / (CODES < 4).sum())
    assert (mutated[changed] < 4).all()


def test_moderate_applies_two_transforms_to_each_sequence():
    shifted = shift.moderate(CODES, 3)
    assert shifted.shape == (300, 60, 4) and shifted.dtype == np.float16
    seeds = tf.random.split(tf.constant([3, 0], tf.int32), 300)
    for row in range(20):
        alone = augment.evoaug(tf.constant(one_hot(CODES[[row]])), seeds[row], 2)[0]
        np.testing.assert_array_equal(shifted[row], alone.numpy().astype(np.float16))
    # Three of six pairs have noise; a batch of all sequences would have one pair.
    noisy = ~np.isin(shifted, (0, 1)).all(axis=(1, 2))
    assert abs(noisy.mean() - 0.5) < 4 * np.sqrt(0.25 / 300)


@pytest.mark.parametrize("name", shift.SHIFTS)
def test_the_seed_decides(name):
    first = shift.SHIFTS[name](CODES, 1)
    np.testing.assert_array_equal(shift.SHIFTS[name](CODES, 1), first)
    same = np.array_equal(shift.SHIFTS[name](CODES, 2), first)
    assert same == (name == "none")


def test_large_keeps_what_bases_there_are():
    shuffled = shift.SHIFTS["large"](CODES, 1)
    np.testing.assert_array_equal(np.sort(shuffled), np.sort(CODES))
    shares = one_hot(CODES).mean(axis=1)
    by_chance = (np.square(shares).sum(axis=1) + np.square(1 - shares.sum(axis=1))).mean()
    assert abs((shuffled == CODES).mean() - by_chance) < 4 * np.sqrt(0.16 / CODES.size)


def test_sequences_too_short_for_a_deletion_are_refused():
    with pytest.raises(InputError, match="The sequences have 19 bases"):
        shift.moderate(CODES[:, :19], 1)


def test_shifts_are_stored_and_predicted(members, codes, tmp_path):
    path, splits = tmp_path / "shifts.h5", {"validation": codes[:3], "test": codes}
    shift.write(path, splits, 5)
    predicted = shift.predict(path, members)
    assert list(predicted) == list(splits)
    model = models.load(members[2])
    with h5py.File(path) as file:
        for split, of_split in splits.items():
            assert list(predicted[split]) == ["none", "small", "moderate", "large"]
            for name, values in predicted[split].items():
                stored = file[split][name][:]
                again = shift.SHIFTS[name](of_split, job.seed(5, split, name))
                np.testing.assert_array_equal(stored, again)
                assert values.shape == (3, len(of_split), 2) and values.dtype == np.float32
                x = one_hot(stored) if stored.ndim == 2 else stored.astype(np.float32)
                expected = model(x, training=False).numpy()
                np.testing.assert_allclose(values[2], expected, rtol=1e-5, atol=1e-5)
