"""Shifts of a test set: what each changes, and predictions for them."""

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from degu import augment, models, shift
from degu.heads import Heads
from degu.job import InputError
from degu.sequences import one_hot

SHIFTS = ["none", "small", "moderate", "large"]
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


def counting(path, base):
    """Save a network that counts a base, and says ten times as much in its second head."""
    sequence = keras.Input((60, 4))
    last = keras.layers.Dense(2)
    model = keras.Model(sequence, last(keras.layers.Flatten()(sequence)))
    kernel = np.zeros((60, 4, 2))
    kernel[:, base] = [1, 10]
    last.set_weights([kernel.reshape(240, 2), np.zeros(2)])
    models.save(model, path, Heads.of(["a", "b"]))
    return str(path)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Shifts of a validation and a test set of the same sequences."""
    path = tmp_path_factory.mktemp("shifts") / "shifts.h5"
    units = {"validation": np.arange(40), "test": np.arange(40) // 2}
    shift.write(path, dict.fromkeys(units, CODES[:40]), units, 5)
    return path


def test_shifts_are_stored_by_split(stored):
    with h5py.File(stored) as file:
        assert list(file) == ["validation", "test"]
        for split in file.values():
            assert list(split) == ["units", *SHIFTS]
            none, small, moderate, large = (split[name][:] for name in SHIFTS)
            np.testing.assert_array_equal(none, CODES[:40])
            # 4 of 60 places are redrawn.
            assert 0 < (small != CODES[:40]).sum(axis=1).max() <= 4
            assert moderate.shape == (40, 60, 4) and moderate.dtype == np.float16
            np.testing.assert_array_equal(np.sort(large), np.sort(CODES[:40]))
            assert (large != CODES[:40]).any(axis=1).all()
        np.testing.assert_array_equal(file["validation/units"], range(40))
        np.testing.assert_array_equal(file["test/units"], np.repeat(range(20), 2))
        # Each split and each shift has draws of its own.
        for name in ("small", "moderate", "large"):
            assert (file["validation"][name][:] != file["test"][name][:]).any()


def test_shifted_sequences_are_predicted_from_both_strands(stored, tmp_path):
    """A network that counts A then tells the mean of A and T, in sequences with noise as well."""
    member = [counting(tmp_path / "0.keras", 0)]
    forward, both = (shift.predict(stored, member, strands) for strands in ("forward", "both"))
    other = shift.predict(stored, [counting(tmp_path / "3.keras", 3)])
    for split, by_shift in both.items():
        for name, found in by_shift.items():
            mean = (forward[split][name] + other[split][name]) / 2
            np.testing.assert_allclose(found, mean, rtol=1e-5, atol=1e-4)
            assert (forward[split][name] != mean).any()


def test_shifts_are_predicted_by_all_members(stored, tmp_path):
    members = [counting(tmp_path / f"{base}.keras", base) for base in range(3)]
    predicted = shift.predict(stored, members)
    assert list(predicted) == ["validation", "test"]
    with h5py.File(stored) as file:
        for split, by_shift in predicted.items():
            assert list(by_shift) == SHIFTS
            for name, found in by_shift.items():
                assert found.shape == (3, 40, 2) and found.dtype == np.float32
                values = file[split][name][:]
                if name == "moderate":
                    counts = values.astype(float).sum(axis=1)[:, :3].T
                else:
                    counts = [(values == base).sum(axis=1) for base in range(3)]
                expected = np.multiply.outer(counts, [1, 10])
                np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-4)
            # A permutation keeps what is counted.
            np.testing.assert_allclose(by_shift["large"], by_shift["none"], atol=1e-4)
