"""Epochs of a training: resumable, in two stages, by either schedule, and which of them is best."""

from dataclasses import replace

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from degu import augment, losses, models
from degu.job import InputError
from degu.training import fit, loop, steps
from small_member import SETTINGS, interrupt, made_data, train

pytestmark = pytest.mark.usefixtures("started")


def test_training_resumes_bit_for_bit_after_an_epoch(undisturbed, tmp_path):
    """A run that stops in its third epoch goes on from the second one's checkpoint."""
    interrupt(3, train, tmp_path, "0")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["0.checkpoint.npz", "0.checkpoint.previous.npz"]
    resumed = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(undisturbed[0], resumed, strict=True))
    assert list(pd.read_table(tmp_path / "0.tsv")["epoch"]) == [1, 2, 3, 4]


# Fourteen steps, four an epoch, by a cosine; the mean of the last three epochs is a candidate.
COSINE = replace(SETTINGS, steps=14, schedule="cosine", average=3, patience=1, warmup_steps=14)


@pytest.fixture(scope="module")
def budgeted(started, tmp_path_factory):
    folder = tmp_path_factory.mktemp("budgeted")
    return folder, train(folder, "0", settings=COSINE), pd.read_table(folder / "0.tsv")


def test_a_budget_in_steps_ends_within_an_epoch(budgeted):
    history = budgeted[2]
    assert list(history["steps"]) == [4, 8, 12, 14] and set(history["stage"]) == {1}
    # The rate of the step that comes next, of 14; the last one is the lowest.
    rates = [0.01 * (1 + np.cos(np.pi * step / 14)) / 2 for step in (4, 8, 12, 14)]
    np.testing.assert_allclose(history["learning_rate"], rates, rtol=1e-5, atol=1.1e-7)


def test_a_cosine_is_a_function_of_the_step_alone(started, tmp_path, monkeypatch):
    """Not of how many steps run at once, nor of the length of an epoch."""
    rates = []
    for chunk, sequences in [(64, 80), (1, 80), (64, 40)]:
        monkeypatch.setattr(loop, "_CHUNK", chunk)
        supervised = {"train": tuple(array[:sequences] for array in made_data())}
        train(tmp_path, f"{chunk}_{sequences}", settings=COSINE, supervised=supervised)
        history = pd.read_table(tmp_path / f"{chunk}_{sequences}.tsv")
        rates.append(history.set_index("steps")["learning_rate"])
    np.testing.assert_array_equal(rates[0], rates[1])
    np.testing.assert_array_equal(rates[2][rates[0].index], rates[0])
    assert list(rates[2].index) == [2, 4, 6, 8, 10, 12, 14]


def test_epochs_before_the_warm_up_count_for_nothing_in_the_history(budgeted):
    """The fourth epoch alone had all fourteen steps."""
    history = budgeted[2]
    assert list(history["best_epoch"]) == [0, 0, 0, 4]
    assert list(history["waited"]) == [0, 0, 0, 0]


@pytest.mark.parametrize("stop", [2, 4], ids=["whole", "part"])
def test_a_cosine_and_its_average_resume_bit_for_bit(stop, budgeted, tmp_path):
    interrupt(stop, train, tmp_path, "0", settings=COSINE)
    weights = train(tmp_path, "0", settings=COSINE)
    assert all(np.array_equal(a, b) for a, b in zip(budgeted[1], weights, strict=True))
    history, resumed = budgeted[2], pd.read_table(tmp_path / "0.tsv")
    pd.testing.assert_frame_equal(history.drop(columns="seconds"), resumed.drop(columns="seconds"))


def weights_by_epoch(model, settings, monkeypatch, **arguments):
    """Train on made data; return the history, and the weights that each checkpoint would hold."""
    codes, targets = made_data()
    kept, save = [], loop.Checkpoint.save

    def remember(self, progress, weights):
        kept.append(model.get_weights())
        save(self, progress, weights)

    monkeypatch.setattr(loop.Checkpoint, "save", remember)
    data = (codes[:80], targets[:80]), (codes[80:], targets[80:])
    return fit(model, *data, losses.mse, settings, 1, **arguments), kept


@pytest.mark.parametrize("rate", [0.05, 1e-9], ids=["noisy", "still"])
def test_the_mean_of_the_last_epochs_is_the_model_if_it_validates_better(rate, monkeypatch):
    """Weights by hand; its statistics are those of the training sequences, by its own weights."""
    keras.utils.set_random_seed(1)
    model = models.build("compact_cnn", 32, 1, width=8, kernel=3, dropout=0.0)
    settings = replace(SETTINGS, learning_rate=rate, average=2, epochs=5, batchnorm_sample=80)
    history, kept = weights_by_epoch(model, settings, monkeypatch)
    assert history["validation_loss_average"].isna().tolist() == [True] * 4 + [False]
    average, best = history["validation_loss_average"].iloc[-1], history["validation_loss"].min()
    found = model.get_weights()
    codes, targets = made_data()
    loss = np.mean((models.predictor(model)(codes[80:]) - targets[80:]) ** 2)
    assert loss == pytest.approx(min(average, best), rel=1e-4)
    trained = {id(weight) for weight in model.trainable_weights}
    places = [n for n, weight in enumerate(model.weights) if id(weight) in trained]
    means = [np.mean([weights[n] for weights in kept[-2:]], axis=0) for n in places]
    chosen = all(np.array_equal(found[n], mean) for n, mean in zip(places, means, strict=True))
    assert chosen == (average < best)


def test_each_stage_has_a_cosine_and_an_average_of_its_own(monkeypatch):
    keras.utils.set_random_seed(1)
    model = models.build("compact_cnn", 32, 1, width=8, kernel=3)
    settings = replace(SETTINGS, epochs=2, schedule="cosine", average=4, minimum_rate=0.002)
    finetune = {"epochs": 2, "learning_rate": 0.004}
    history, kept = weights_by_epoch(model, settings, monkeypatch, finetune=finetune)
    np.testing.assert_allclose(history["learning_rate"], [0.006, 0.002, 0.003, 0.002], rtol=1e-5)
    assert list(history["stage"]) == [1, 1, 2, 2] and list(history["steps"]) == [4, 8, 12, 16]
    # Two epochs of the last stage, although four are asked for.
    model.set_weights([np.mean(pair, axis=0) for pair in zip(*kept[-2:], strict=True)])
    codes, targets = made_data()
    data = codes[:80], targets[:80]
    steps.recomputation_on_sample(model, data, settings, 1, None)()
    loss = np.mean((models.predictor(model)(codes[80:]) - targets[80:]) ** 2)
    assert history["validation_loss_average"].iloc[-1] == pytest.approx(loss, rel=1e-5)


# Two epochs of evoaug, then two without and at another rate.
FINETUNED = {"augment": "evoaug", "finetune": {"epochs": 2, "learning_rate": 0.003}}


def train_finetuned(folder, stop=None):
    arguments = {
        "settings": replace(SETTINGS, epochs=2, batchnorm_sample=0),
        "recipe": FINETUNED,
        "augmentation": lambda: augment.AUGMENTATIONS["evoaug"],
    }
    if stop is not None:
        interrupt(stop, train, folder, "0", **arguments)
    return train(folder, "0", **arguments), pd.read_table(folder / "0.tsv")


@pytest.fixture(scope="module")
def finetuned(started, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finetuned")
    return folder, *train_finetuned(folder)


def test_finetuning_is_a_second_stage_at_its_own_rate(finetuned):
    folder, _, history = finetuned
    np.testing.assert_allclose(history["learning_rate"], [0.01, 0.01, 0.003, 0.003])
    assert list(history["epoch"]) == [1, 2, 3, 4]
    codes, targets = made_data()
    predicted = models.predictor(models.load(folder / "0.keras"))(codes[80:])
    best = history["validation_loss"].min()
    assert np.mean((predicted - targets[80:]) ** 2) == pytest.approx(best, rel=1e-4)
    assert history["validation_loss"].idxmin() >= 2, "finetuning must have helped in this test"


@pytest.mark.parametrize("stop", [2, 3, 4], ids=["before", "at", "after"])
def test_training_resumes_bit_for_bit_through_the_switch(stop, finetuned, tmp_path):
    expected, history = finetuned[1:]
    found, resumed = train_finetuned(tmp_path, stop)
    assert all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))
    pd.testing.assert_frame_equal(history.drop(columns="seconds"), resumed.drop(columns="seconds"))


def test_the_second_stage_is_without_augmentation_and_with_a_fresh_optimizer():
    """From the best weights, its first epoch is that of a training of its own."""
    codes, targets = made_data()
    train, validation = (codes[:80], targets[:80]), (codes[80:], targets[80:])
    settings = replace(
        SETTINGS, epochs=1, batchnorm_sample=0, reverse_complement=False, learning_rate=0.05
    )
    seen = []

    def augmentation(one_hot, truth, seed):
        seen.append(1)
        return one_hot, truth + 10

    def fresh():
        keras.utils.set_random_seed(5)
        # Without dropout, whose draws depend on the epoch's number.
        return models.build("compact_cnn", 32, 1, width=8, kernel=3, dropout=0.0)

    first, both = fresh(), fresh()
    fit(first, train, validation, losses.mse, settings, 1, augmentation=augmentation)
    finetune = {"epochs": 1, "learning_rate": 0.05}
    history = fit(both, train, validation, losses.mse, settings, 1, None, augmentation, finetune)
    assert len(seen) == 2, "one trace of each first stage, none of the second"
    optimizer = keras.optimizers.Adam(0.05)
    order = np.random.default_rng([1, 2]).permutation(80)
    for rows in order.reshape(4, 20):
        with tf.GradientTape() as tape:
            predicted = first(tf.one_hot(codes[rows], 4), training=True)
            loss = tf.reduce_mean(losses.mse(tf.constant(targets[rows]), predicted))
        gradients = tape.gradient(loss, first.trainable_variables)
        optimizer.apply(gradients, first.trainable_variables)
    assert history["validation_loss"].idxmin() == 1
    # Biases in front of batch norm have no gradient but noise, which Adam makes large.
    for a, b in zip(*(m.get_layer("heads").get_weights() for m in (first, both)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3)


def test_the_model_has_the_weights_of_the_best_epoch(tmp_path):
    """The saved model's validation loss is the smallest in its history."""
    train(tmp_path, "0", settings=replace(SETTINGS, epochs=6))
    codes, targets = made_data()
    predicted = models.predictor(models.load(tmp_path / "0.keras"))(codes[80:])
    history = pd.read_table(tmp_path / "0.tsv")
    assert np.mean((predicted - targets[80:]) ** 2) == pytest.approx(
        history["validation_loss"].min(), rel=1e-4
    )


def test_training_stops_when_patience_runs_out(tmp_path):
    settings = replace(SETTINGS, epochs=50, patience=2, learning_rate=1e-12, batchnorm_sample=0)
    train(tmp_path, "0", settings=settings)
    history = pd.read_table(tmp_path / "0.tsv")
    best = history["validation_loss"].idxmin() + 1
    assert len(history) == best + 2


def test_no_epoch_counts_before_the_warm_up_ends(tmp_path):
    """Four steps an epoch and nine warm-up steps: the third epoch is the first that counts."""
    settings = replace(SETTINGS, epochs=3, warmup_steps=9)
    train(tmp_path, "0", settings=settings)
    codes, targets = made_data()
    predicted = models.predictor(models.load(tmp_path / "0.keras"))(codes[80:])
    last = pd.read_table(tmp_path / "0.tsv")["validation_loss"].iloc[2]
    assert np.mean((predicted - targets[80:]) ** 2) == pytest.approx(last, rel=1e-4)


def numbered(n):
    return np.zeros((n, 3), np.uint8), np.arange(n, dtype=np.float32)[:, None]


def test_an_epoch_sees_each_row_once_but_for_the_last_part_batch():
    seen = []

    def run_steps(codes, targets, batches):
        seen.extend(tf.gather(targets, batches).numpy().ravel())
        return 0.0

    loop._run_epoch(run_steps, numbered(107), 10, 10, seed=3, epoch=1)
    assert len(seen) == len(set(seen)) == 100 and max(seen) < 107


def test_order_depends_on_seed_and_epoch():
    def order(seed, epoch):
        seen = []

        def run_steps(codes, targets, batches):
            seen.append(batches.numpy())
            return 0.0

        loop._run_epoch(run_steps, numbered(40), 10, 4, seed, epoch)
        return np.concatenate(seen)

    assert np.array_equal(order(1, 1), order(1, 1))
    assert not np.array_equal(order(1, 1), order(1, 2))
    assert not np.array_equal(order(1, 1), order(2, 1))


def test_a_loss_that_is_not_finite_names_epoch_and_largest_target():
    codes, targets = made_data()
    model = models.build("compact_cnn", 32, 1, width=8, kernel=3)
    huge = targets.copy()
    huge[7] = 3e38
    with pytest.raises(InputError, match=r"epoch 1; the largest target is 3e\+38"):
        fit(model, (codes, huge), (codes, targets), losses.mse, SETTINGS, seed=1)


def test_too_few_sequences_for_a_batch():
    codes, targets = made_data()
    model = models.build("compact_cnn", 32, 1, width=8, kernel=3)
    with pytest.raises(InputError, match="10 training sequences, fewer than one batch of 20"):
        few = (codes[:10], targets[:10])
        fit(model, few, few, losses.mse, SETTINGS, seed=1)
