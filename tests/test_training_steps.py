"""Steps, evaluation and random state of an epoch, by hand."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from degu import losses, shards
from degu.training import fit, steps
from small_member import SETTINGS, made_data

PLAIN = replace(SETTINGS, reverse_complement=False, batch_size=2)


def linear(kernel, rate=0.0):
    """Build a network of three bases that adds up weights of their letters, behind dropout."""
    sequence = keras.Input((3, 4))
    flat = keras.layers.Dropout(rate)(keras.layers.Flatten()(sequence))
    model = keras.Model(sequence, keras.layers.Dense(1, use_bias=False)(flat))
    model.layers[-1].set_weights([np.tile(kernel, 3)[:, None]])
    return model


def compiled(model, data, loss, seeds=(1, 0), settings=PLAIN, augmentation=None, done=0):
    """Compile steps of an optimizer that has done so many."""
    optimizer = keras.optimizers.SGD(0.5)
    optimizer.build(model.trainable_variables)
    optimizer.iterations.assign(done)
    return steps.compile_steps(model, optimizer, data, loss, settings, seeds, augmentation)


def test_two_steps_by_hand():
    """Weights of A, C, G, T in a network that sees three bases; a loss of mean squares."""
    codes = np.uint8([[0, 0, 0], [1, 1, 1], [2, 2, 2], [0, 0, 0]])
    targets = np.float32([[3], [0], [5], [1]])
    model = linear([0.0, 0, 0, 0])
    run_steps = compiled(model, (codes, targets), losses.mse)
    # AAA off by -3 and CCC by 0: the gradient of each A is half of 2 * -3, and the step half of it.
    # Then AAA predicts 3 * 1.5, off by 3.5 from 1, and GGG is off by -5.
    total = run_steps(codes, targets, tf.constant([[0, 1], [2, 3]]))
    assert float(total) == pytest.approx((9 + 0) / 2 + (25 + 3.5**2) / 2)
    weights = model.layers[-1].get_weights()[0].reshape(3, 4)
    np.testing.assert_allclose(weights, [[1.5 - 1.75, 0, 2.5, 0]] * 3, rtol=1e-6)


def test_the_complement_of_half_of_the_sequences_is_learned():
    """AAA is TTT on the other strand; without a learning rate the losses count both."""
    codes, targets = np.zeros((1000, 3), np.uint8), np.zeros((1000, 1), np.float32)
    turned = replace(PLAIN, reverse_complement=True, batch_size=1000)
    losses_of = {}
    for settings in (replace(PLAIN, batch_size=1000), turned):
        run_steps = compiled(linear([0.0, 0, 0, 1]), (codes, targets), losses.mse, (1, 0), settings)
        losses_of[settings] = float(run_steps(codes, targets, tf.range(1000)[None]))
    plain, with_turns = losses_of.values()
    assert plain == 0
    # Nine a turned sequence; five standard deviations of the share are 0.08.
    assert with_turns / 9 == pytest.approx(0.5, abs=0.08)


def test_draws_of_a_minibatch_are_masks_of_their_own_and_their_mean_loss_counts():
    """Nine where none of three bases is dropped, at rate 1/2 each twice as much or nothing.

    Of the prediction 2 k, k of (3, 1/2), and a truth of 3 the mean square is 3 and its SD 3.5.
    """
    codes, targets = np.uint8([[0, 0, 0], [3, 3, 3]]), np.float32([[3], [5]])
    settings = replace(PLAIN, draws=2000)
    total = compiled(linear([1.0, 0, 0, 0], 0.5), (codes, targets), losses.mse, settings=settings)(
        codes, targets, tf.constant([[0, 1]])
    )
    assert float(total) == pytest.approx((3 + 25) / 2, abs=5 * 3.5 / 2 / np.sqrt(2000))
    ends = []
    for draws in (1, 3):
        model = linear([1.0, 0, 0, 0])
        settings = replace(PLAIN, draws=draws)
        compiled(model, (codes, targets), losses.mse, settings=settings)(
            codes, targets, tf.constant([[0, 1]])
        )
        ends.append(model.layers[-1].get_weights()[0])
    np.testing.assert_allclose(*ends, rtol=1e-6)
    assert np.abs(ends[0]).max() > 1


def seeds_of(member, stage, numbers, done=0):
    """Seeds that an augmentation is given in some steps, as a loss tells them."""
    codes, targets = np.zeros((2, 3), np.uint8), np.zeros((2, 2), np.float32)

    def augmentation(one_hot, truth, seed):
        return one_hot, truth + tf.cast(seed, truth.dtype)

    found = []
    for column in range(2):
        run_steps = compiled(
            linear([0.0, 0, 0, 0]),
            (codes, targets),
            lambda truth, predicted, column=column: truth[:, column] + 0 * predicted[:, 0],
            (member, stage),
            augmentation=augmentation,
            done=done,
        )
        found.append([float(run_steps(codes, targets, tf.constant([[0, 1]]))) for _ in numbers])
    return list(zip(*found, strict=True))


def test_member_stage_and_step_decide_the_seed_of_an_augmentation():
    """Ten steps have ten draws; a resumed training has those of the steps that are left."""
    whole = seeds_of(3, 0, range(10))
    assert len(set(whole)) == 10
    assert seeds_of(3, 0, range(6), done=4) == whole[4:]
    assert not set(whole) & set(seeds_of(4, 0, range(10)))
    assert not set(whole) & set(seeds_of(3, 1, range(10)))


def test_evaluation_is_the_mean_over_all_sequences(monkeypatch):
    """In blocks of two of three sequences, by the weights of the moment."""
    codes, targets = np.uint8([[0, 0, 0], [1, 1, 1], [0, 1, 4]]), np.float32([[0], [0], [1]])
    model = linear([1.0, 2, 0, 0])
    monkeypatch.setattr(shards, "BLOCK", 6)
    evaluate = steps.evaluation(model, (codes, targets), losses.mse)
    assert evaluate() == pytest.approx((9 + 36 + 4) / 3)
    model.layers[-1].set_weights([np.zeros((12, 1))])
    assert evaluate() == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("step", "rate"),
    # From .02 to .002: the whole way, 3/4 (a cosine of one half), 1/2, and none of it is left.
    [(0, 0.02), (20, 0.0155), (30, 0.011), (60, 0.002), (90, 0.002)],
)
def test_rates_of_a_cosine_by_hand(step, rate):
    settings = replace(PLAIN, schedule="cosine", minimum_rate=0.002)
    optimizer = keras.optimizers.Adam(steps.schedule(settings, 0.02, 60))
    optimizer.iterations.assign(step)
    assert float(optimizer.learning_rate) == pytest.approx(rate, rel=1e-6)


def test_a_plateau_starts_at_the_rate_of_its_stage():
    assert steps.schedule(PLAIN, 0.02, 60) == 0.02


def test_dropout_depends_on_seed_epoch_and_layer():
    layers = [keras.layers.Dropout(0.5) for _ in range(2)]

    def states(seed, epoch):
        generators = [layer.seed_generator for layer in layers]
        steps.seed_epoch(generators, seed, epoch)
        return [tuple(generator.state.numpy()) for generator in generators]

    assert states(1, 1) == states(1, 1)
    found = [state for of in [(1, 1), (1, 2), (2, 1)] for state in states(*of)]
    assert len(set(found)) == 6


def test_a_reset_optimizer_steps_like_a_fresh_one():
    used, fresh = keras.Variable([1.0, 2.0]), keras.Variable([1.0, 2.0])
    optimizer = keras.optimizers.Adam(0.1)
    optimizer.build([used])
    for _ in range(3):
        optimizer.apply([tf.constant([5.0, -1.0])], [used])
    used.assign([1.0, 2.0])
    steps.reset(optimizer)
    optimizer.learning_rate.assign(0.1)
    for one, variable in [(optimizer, used), (keras.optimizers.Adam(0.1), fresh)]:
        one.apply([tf.constant([0.5, 2.0])], [variable])
    np.testing.assert_array_equal(used.numpy(), fresh.numpy())
    # The first step of Adam is the rate, whatever the gradient.
    np.testing.assert_allclose(used.numpy(), [0.9, 1.9], rtol=1e-5)


@pytest.mark.parametrize("sample", [0, 40])
def test_statistics_are_those_of_a_sample_of_training_sequences(sample):
    """The batch-norm layer is given the codes themselves: shares of bases by position."""
    codes, targets = made_data()
    sequence = keras.Input((32, 4))
    norm = keras.layers.BatchNormalization()
    model = keras.Model(sequence, norm(keras.layers.Flatten()(sequence)))
    settings = replace(SETTINGS, batchnorm_sample=sample)
    steps.recomputation_on_sample(model, (codes, targets), settings, seed=5, augmentation=None)()
    if sample == 0:
        np.testing.assert_array_equal(norm.moving_mean, np.zeros(128))
        return
    shares = norm.moving_mean.numpy().reshape(32, 4)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(shares * 40, (shares * 40).round(), atol=1e-4)
    rows = np.random.default_rng(5).permutation(100)[:40]
    expected = (codes[rows, :, None] == np.arange(4)).mean(axis=0)
    np.testing.assert_allclose(shares, expected, atol=1e-6)


@pytest.mark.parametrize("augmented", [False, True])
def test_the_sample_is_augmented_if_the_settings_say_so(augmented):
    """By an augmentation that doubles a batch and adds 3 to all that it appends."""
    codes, targets = np.zeros((40, 6), np.uint8), np.ones((40, 1), np.float16)
    sequence = keras.Input((6, 4))
    norm = keras.layers.BatchNormalization()
    model = keras.Model(sequence, norm(keras.layers.Flatten()(sequence)))
    given = []

    def augmentation(one_hot, truth, seed):
        given.append((one_hot.shape, truth.dtype, seed.numpy().tolist()))
        return tf.concat([one_hot, one_hot + 3], axis=0), tf.concat([truth, truth], axis=0)

    settings = replace(SETTINGS, batchnorm_sample=30, batchnorm_augmented=augmented)
    recompute = steps.recomputation_on_sample(model, (codes, targets), settings, 5, augmentation)
    for _ in range(2):
        recompute()
    # Once, whatever the number of epochs.
    assert given == ([((30, 6, 4), tf.float32, [5, 0])] if augmented else [])
    mean, variance = (1.5, 2.25) if augmented else (0, 0)
    found = norm.moving_mean.numpy().reshape(6, 4)
    np.testing.assert_allclose(found, np.tile([1, 0, 0, 0], (6, 1)) + mean, atol=1e-6)
    np.testing.assert_allclose(norm.moving_variance, np.full(24, variance), atol=1e-6)


def test_xla_changes_the_arithmetic_only():
    """Without what XLA does otherwise: draws, and max pools, which it refuses here."""
    codes, targets = made_data()
    values = []
    for xla in (False, True):
        keras.utils.set_random_seed(1)
        sequence = keras.Input((32, 4))
        features = keras.layers.Flatten()(keras.layers.Conv1D(4, 3)(sequence))
        model = keras.Model(sequence, keras.layers.Dense(1)(features))
        settings = replace(SETTINGS, xla=xla, epochs=1, reverse_complement=False)
        history = fit(model, (codes, targets), (codes, targets), losses.mse, settings, 1)
        values.append(history["loss"][0])
    assert values[0] == pytest.approx(values[1], rel=1e-3)
