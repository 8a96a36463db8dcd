"""Augmentations of EvoAug: what each does, the distribution of its draws, and EvoAug-TF as oracle.

Sequences are labelled where positions matter: entry (row, position) holds `FIRST` + position in
its first channel and the row in its second, so that what a transform moved can be read off.
"""

from collections import Counter

import numpy as np
import pytest
import tensorflow as tf
from evoaug_tf import augment as oracle
from scipy import stats

from degu import augment
from degu.job import InputError

FIRST = 10


@pytest.fixture(autouse=True)
def _deterministic():
    """Seed the oracle, which draws from TensorFlow's own generator."""
    tf.config.experimental.enable_op_determinism()
    tf.random.set_seed(1)


def seed(number):
    return tf.constant([7, number], tf.int32)


def labelled(n, length):
    batch = np.zeros((n, length, 4), np.float32)
    batch[..., 0] = FIRST + np.arange(length)
    batch[..., 1] = np.arange(n)[:, None]
    return tf.constant(batch)


def places(batch):
    """Position that each entry came from; negative where random DNA stands."""
    return np.asarray(batch)[..., 0].round().astype(int) - FIRST


def one_hot(n, length):
    return tf.one_hot(np.random.default_rng(0).integers(0, 4, (n, length)), 4)


def assert_likely(counts, expected):
    """Compare with expected shares; seeds are fixed, so chance cannot fail it from time to time."""
    expected = np.asarray(expected, float)
    assert stats.chisquare(counts, expected / expected.sum() * np.sum(counts)).pvalue > 1e-3


def ours(transform, number=1):
    return lambda batch: transform(batch, seed(number))


def is_one_hot(batch):
    batch = np.asarray(batch)
    return np.isin(batch, [0, 1]).all() and (batch.sum(axis=-1) == 1).all()


@pytest.mark.parametrize("delete", [ours(augment.deletion), oracle.RandomDeletion(0, 20)])
def test_deletion_moves_the_rest_together_and_pads_both_ends(delete):
    n, length = 2100, 50
    batch = np.asarray(delete(labelled(n, length)))
    sizes, starts = [], []
    for row, found in enumerate(places(batch)):
        kept = found[found >= 0]
        size = length - len(kept)
        left = size // 2
        assert (found[left : length - (size - left)] >= 0).all()
        assert (batch[row, found >= 0, 1] == row).all()
        start = int(np.argmax(np.append(kept, -1) != np.arange(len(kept) + 1)))
        rest = np.arange(start + size, length)
        np.testing.assert_array_equal(kept, np.concatenate([np.arange(start), rest]))
        sizes.append(size)
        starts.append(start)
    assert_likely(np.bincount(sizes, minlength=21), np.ones(21))
    # A deletion of nothing is at no place.
    sizes, starts = np.array(sizes), np.array(starts)
    assert_likely(np.bincount(starts[sizes > 0], minlength=31), np.ones(31))
    assert stats.spearmanr(sizes[sizes > 0], starts[sizes > 0]).pvalue > 1e-3
    padding = batch[places(batch) < 0]
    assert is_one_hot(padding)
    assert_likely(padding.sum(axis=0), np.ones(4))


def test_deletion_needs_room():
    for length in (20, 21):
        assert augment.deletion(one_hot(3, length), seed(1)).shape == (3, length, 4)
    with pytest.raises(InputError, match="have 19 bases: deletions of up to 20"):
        augment.deletion(one_hot(3, 19), seed(1))


def test_translocation_rolls_the_batch_by_up_to_twenty_either_way():
    shifts = Counter()
    for number in range(600):
        batch = augment.translocation(labelled(2, 50), seed(number))
        shift = -places(batch)[0, 0] if places(batch)[0, 0] <= 20 else 50 - places(batch)[0, 0]
        np.testing.assert_array_equal(batch, np.roll(labelled(2, 50), shift, axis=1))
        shifts[shift] += 1
    # The oracle leaves out +20; the paper has 0 to 20.
    assert sorted(shifts) == list(range(-20, 21))
    assert_likely(list(shifts.values()), np.ones(41))


def test_translocation_has_the_direction_and_the_range_of_the_oracle():
    roll = oracle.RandomTranslocationBatch(0, 20)
    found = {places(roll(labelled(1, 50)))[0, 0] for _ in range(600)}
    drawn = {places(augment.translocation(labelled(1, 50), seed(i)))[0, 0] for i in range(600)}
    assert drawn - found == {50 - 20}
    assert found <= drawn


def test_noise_is_normal_with_the_oracles_deviation():
    batch = one_hot(200, 50)
    ours, other = (
        np.ravel(noisy - batch)
        for noisy in (augment.noise(batch, seed(1)), oracle.RandomNoise(0, 0.2)(batch))
    )
    assert stats.kstest(ours, stats.norm(0, 0.2).cdf).pvalue > 1e-3
    assert stats.ks_2samp(ours, other).pvalue > 1e-3


@pytest.mark.parametrize(("length", "redrawn"), [(249, 17), (230, 15), (60, 4), (7, 0)])
@pytest.mark.parametrize("mutate", [ours(augment.mutation), oracle.RandomMutation(0.05)])
def test_mutation_redraws_so_many_places_of_each_sequence(mutate, length, redrawn):
    found = places(mutate(labelled(300, length)))
    assert ((found >= 0).sum(axis=1) == length - redrawn).all()
    kept = found >= 0
    assert (found[kept] == np.broadcast_to(np.arange(length), found.shape)[kept]).all()
    if redrawn:
        assert_likely((~kept).sum(axis=0), np.ones(length))


@pytest.mark.parametrize("mutate", [ours(augment.mutation), oracle.RandomMutation(0.05)])
def test_mutation_changes_five_percent(mutate):
    batch = one_hot(2000, 249)
    mutated = mutate(batch)
    assert is_one_hot(mutated)
    changed = (np.asarray(mutated) != np.asarray(batch)).any(axis=-1).sum(axis=1)
    # 17 places, of which three in four become another base: 5.1 % of 249.
    chances = stats.binom(17, 0.75).pmf(np.arange(18))
    chances = np.append(chances[:8].sum(), chances[8:])
    assert_likely(np.bincount(np.maximum(changed, 7) - 7, minlength=11), chances)
    standard_error = np.sqrt(17 * 0.75 * 0.25 / 2000) / 249
    assert abs(changed.mean() / 249 - 17 * 0.75 / 249) < 4 * standard_error


def test_mutation_draws_bases_evenly_and_fills_unknown_ones():
    unknown = tf.zeros((2000, 60, 4))
    filled = np.asarray(augment.mutation(unknown, seed(1)))
    assert (filled.sum(axis=(1, 2)) == 4).all()
    assert_likely(filled.sum(axis=(0, 1)), np.ones(4))


def test_shuffle_permutes_within_each_sequence():
    n, length = 1500, 30
    batch = np.asarray(augment.shuffle(labelled(n, length), seed(1)))
    found = places(batch)
    assert (batch[..., 1] == np.arange(n)[:, None]).all()
    assert (np.sort(found, axis=1) == np.arange(length)).all()
    for place in (0, 13, 29):
        assert_likely(np.bincount(found[:, place], minlength=length), np.ones(length))
    assert len({tuple(row) for row in found}) == n


def marks(monkeypatch):
    """Replace transform i by one that adds 10**i, so that a sum names those that were applied."""
    marked = [lambda batch, seed, mark=10.0**i: batch + mark for i in range(4)]
    monkeypatch.setattr(augment, "TRANSFORMS", marked)
    return lambda draw, number: int(np.asarray(draw(tf.zeros((1, 20, 4)), seed(number)))[0, 0, 0])


@pytest.mark.parametrize(
    ("number", "subsets"),
    [
        (1, [1, 10, 100, 1000]),
        (2, [11, 101, 110, 1001, 1010, 1100]),
        (3, [111, 1011, 1101, 1110]),
    ],
)
def test_evoaug_draws_each_subset_alike(monkeypatch, number, subsets):
    applied = marks(monkeypatch)
    drawn = Counter(applied(lambda x, s: augment.evoaug(x, s, number), i) for i in range(300))
    assert sorted(drawn) == subsets
    assert_likely(list(drawn.values()), np.ones(len(subsets)))


def test_evoaug_of_none_and_of_all(monkeypatch):
    assert (augment.evoaug(one_hot(3, 30), seed(1), 0) == one_hot(3, 30)).numpy().all()
    applied = marks(monkeypatch)
    assert {applied(lambda x, s: augment.evoaug(x, s, 4), i) for i in range(5)} == {1111}


def test_evoaug_up_to_two_draws_each_number_alike(monkeypatch):
    applied = marks(monkeypatch)
    drawn = [str(applied(augment.evoaug_up_to_two, i)).count("1") for i in range(400)]
    assert_likely(np.bincount(drawn), np.ones(3))


def test_evoaug_applies_its_transforms_in_the_papers_order():
    """Deletion, translocation, noise, mutation, as what all four leave of a batch tells.

    Positions are ten apart, so that noise does not hide where an entry came from; in places that
    come from nowhere random DNA stands.
    Where translocation stands behind deletion makes no difference, since a roll moves noise and
    mutations alike.
    """
    n, length = 300, 60
    batch = np.zeros((n, length, 4), np.float32)
    batch[..., 0] = 10 * (1 + np.arange(length))
    shifts = set()
    for number in range(8):
        mixed = np.asarray(augment.evoaug(tf.constant(batch), seed(number), 4))
        # Mutation is last: 4 redrawn places a sequence are free of noise, whatever else stands
        # there, and noise is on all the rest, the ends that a deletion pads among it.
        mutated = np.isin(mixed, (0, 1)).all(axis=-1)
        assert (mutated.sum(axis=1) == 4).all()
        found = (mixed[..., 0] / 10).round().astype(int) - 1
        padded = (found < 0) & ~mutated
        assert padded.sum() > n
        # Translocation follows deletion: the ends have moved, by the same shift in all sequences,
        # into one stretch around the seam between the last position and the first.
        shift = next(
            s for s in range(length) if not padded[:, np.roll(np.arange(length), -s)[10:-10]].any()
        )
        rolled = np.roll(found, -shift, axis=1)
        for row, unknown in zip(rolled, np.roll(found < 0, -shift, axis=1), strict=True):
            assert (np.diff(row[~unknown]) > 0).all()
        shifts.add(shift)
    assert len(shifts - {0}) > 3


def test_evoaug_applies_one_transform_after_the_other(monkeypatch):
    steps = [lambda x, s: x + 1, lambda x, s: x * 3, lambda x, s: x + 2, lambda x, s: x * 5]
    monkeypatch.setattr(augment, "TRANSFORMS", steps)
    assert augment.evoaug(tf.ones((1, 20, 4)), seed(0), 4)[0, 0, 0] == ((1 + 1) * 3 + 2) * 5


def what_happened(before, after):
    """Name of the one transform between two labelled batches."""
    difference = np.asarray(after - before)
    if (difference % 1 != 0).any():
        assert np.abs(difference).max() < 1.5
        return "noise"
    found, length = places(after), before.shape[1]
    if (found >= 0).all():
        assert (found == np.roll(np.arange(length), -found[0, 0])).all()
        return "translocation"
    in_place = (found < 0) | (found == np.arange(length))
    if in_place.all() and ((found < 0).sum(axis=1) == 4).all():
        return "mutation"
    return "deletion"


@pytest.mark.parametrize(
    "draw",
    [
        lambda batch, own: augment.evoaug(batch, own, 1),
        lambda batch, own: augment.AUGMENTATIONS["evoaug"](batch, tf.zeros((16, 1)), own)[0],
    ],
    ids=["evoaug of one", "recipe"],
)
def test_one_real_transform_changes_a_minibatch(draw):
    before = labelled(16, 60)
    compiled = tf.function(lambda own: draw(before, own))
    drawn = Counter(what_happened(before, compiled(seed(i))) for i in range(200))
    assert sorted(drawn) == ["deletion", "mutation", "noise", "translocation"]
    assert_likely(list(drawn.values()), np.ones(4))


def test_members_and_steps_have_draws_of_their_own_and_keep_their_targets():
    """The recipe's augmentation makes 4 x 40 minibatches, no two of which are alike."""
    before, truth = labelled(16, 60), tf.reshape(tf.range(32.0), (16, 2))
    compiled = tf.function(lambda own: augment.AUGMENTATIONS["evoaug"](before, truth, own))
    batches, transforms = set(), []
    for member in range(4):
        seeds = [tf.constant([member, step], tf.int32) for step in range(40)]
        drawn, kept = zip(*(compiled(own) for own in seeds), strict=True)
        for targets in kept:
            np.testing.assert_array_equal(targets, np.arange(32).reshape(16, 2))
        transforms.append(tuple(what_happened(before, batch) for batch in drawn))
        # A roll has 41 outcomes, and may come twice.
        batches |= {
            batch.numpy().tobytes()
            for batch, name in zip(drawn, transforms[-1], strict=True)
            if name != "translocation"
        }
        again, _ = compiled(seeds[7])
        np.testing.assert_array_equal(again, drawn[7])
    assert len(set(transforms)) == 4
    names = [name for of_member in transforms for name in of_member]
    assert len(batches) == len(names) - names.count("translocation")


TRAINING = {
    "evoaug one": lambda x, s: augment.evoaug(x, s, 1),
    "evoaug two": lambda x, s: augment.evoaug(x, s, 2),
    **augment.DYNAMIC,
}


@pytest.mark.parametrize("name", TRAINING)
def test_seed_and_step_alone_decide_the_draw(name):
    """A resumed training needs this: step k draws the same, whatever was drawn before it."""
    draw = TRAINING[name]
    batch = one_hot(8, 60)

    def run(first):
        compiled = tf.function(draw, input_signature=[tf.TensorSpec([None, 60, 4]), seed_spec])
        return [compiled(batch, seed(step)).numpy() for step in range(first, 8)]

    seed_spec = tf.TensorSpec([2], tf.int32)
    whole, resumed = run(0), run(5)
    np.testing.assert_array_equal(whole[5:], resumed)
    np.testing.assert_array_equal(whole[6], draw(batch, seed(6)))
    assert len({step.tobytes() for step in whole}) > 4
    other = [draw(batch, tf.constant([8, step])).numpy() for step in range(8)]
    assert not np.array_equal(whole, other)


@pytest.mark.parametrize("name", TRAINING)
def test_shapes_are_known_inside_a_graph(name):
    signature = [tf.TensorSpec([None, 60, 4]), tf.TensorSpec([2], tf.int32)]
    graph = tf.function(TRAINING[name], input_signature=signature).get_concrete_function()
    [output] = graph.outputs
    assert output.shape.as_list() == [None, 60, 4]
    assert output.dtype == tf.float32


@pytest.mark.parametrize("transform", [augment.deletion, augment.translocation, augment.mutation])
def test_one_hot_stays_one_hot(transform):
    assert is_one_hot(transform(one_hot(50, 60), seed(3)))


def test_dynamic_schemes_are_the_papers():
    assert sorted(augment.DYNAMIC) == ["evoaug", "mutagenesis", "shuffle"]
    batch = one_hot(200, 249)
    mutated = augment.DYNAMIC["mutagenesis"](batch, seed(1)).numpy()
    changed = (mutated != batch.numpy()).any(axis=-1).mean()
    assert 0.045 < changed < 0.057
    shuffled = augment.DYNAMIC["shuffle"](batch, seed(1)).numpy()
    np.testing.assert_array_equal(shuffled.sum(axis=1), batch.numpy().sum(axis=1))
    assert (shuffled != batch.numpy()).any(axis=(1, 2)).all()
