"""Training: seeded, repeatable, resumable, and careful about what counts as the best epoch."""

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import asdict, replace
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from degu import augment, checkpoint, losses, models, training
from degu.job import InputError

SETTINGS = training.Settings(
    batch_size=20,
    epochs=4,
    learning_rate=0.01,
    decay=0.1,
    decay_patience=5,
    minimum_rate=1e-7,
    patience=10,
    warmup_steps=0,
    batchnorm_sample=64,
    reverse_complement=True,
)
SCRIPTS = Path(__file__).parents[1] / "workflow_scripts"


def made_data(n=100, length=32):
    """Random sequences; the target counts the base G."""
    codes = np.random.default_rng(0).integers(0, 4, (n, length), dtype=np.uint8)
    return codes, (codes == 2).mean(axis=1, keepdims=True).astype(np.float32)


def train(folder, name, seed=1, settings=SETTINGS, recipe=None, **changes):
    codes, targets = made_data()
    arguments = dict(
        architecture={"name": "compact_cnn", "width": 16, "kernel": 3},
        outputs=1,
        train=(codes[:80], targets[:80]),
        validation=(codes[80:], targets[80:]),
        loss=losses.mse,
        settings=asdict(settings),
        seed=seed,
        threads=1,
        model_path=str(folder / f"{name}.keras"),
        history_path=str(folder / f"{name}.tsv"),
        recipe=recipe or {},
    )
    training.train_member(**arguments | changes)
    return models.load(folder / f"{name}.keras").get_weights()


@pytest.fixture(scope="module", autouse=True)
def _started():
    """Leave the threads alone: TensorFlow has started in this process already."""
    tf.config.experimental.enable_op_determinism()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "start", lambda seed, *_, **__: keras.utils.set_random_seed(seed))
        yield


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    return train(folder, "0"), pd.read_table(folder / "0.tsv")


def test_same_seed_gives_the_same_bits(undisturbed, tmp_path):
    weights, history = undisturbed
    again = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(weights, again, strict=True))
    losses_again = pd.read_table(tmp_path / "0.tsv")
    columns = ["epoch", "loss", "validation_loss", "validation_loss_moving", "learning_rate"]
    pd.testing.assert_frame_equal(history[columns], losses_again[columns])


def test_another_seed_gives_other_weights_everywhere(undisturbed, tmp_path):
    other = train(tmp_path, "0", seed=2)
    assert not any(np.array_equal(a, b) for a, b in zip(undisturbed[0], other, strict=True))


def test_the_checkpoint_is_gone_and_nothing_is_left_beside_the_model(undisturbed, tmp_path):
    train(tmp_path, "0")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.keras", "0.tsv"]


def interrupt(folder, epoch, **arguments):
    """Train until the end of the steps of an epoch, which is then lost."""
    original = training._run_epoch

    def interrupted(*positional):
        loss = original(*positional)
        if positional[-1] == epoch:
            raise KeyboardInterrupt
        return loss

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "_run_epoch", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(folder, "0", **arguments)


def test_training_resumes_bit_for_bit_after_an_epoch(undisturbed, tmp_path):
    """A run that stops in its third epoch goes on from the second one's checkpoint."""
    interrupt(tmp_path, 3)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["0.checkpoint.npz", "0.checkpoint.previous.npz"]
    resumed = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(undisturbed[0], resumed, strict=True))
    assert list(pd.read_table(tmp_path / "0.tsv")["epoch"]) == [1, 2, 3, 4]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_process_resumes_to_the_same_weights(how, tmp_path):
    """The same member trained whole, and killed once its log shows the second epoch."""
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        import test_training
        from degu.job import log_to
        folder = Path(sys.argv[1])
        log_to(str(folder / "log"))
        settings = test_training.replace(test_training.SETTINGS, epochs=30, patience=30)
        test_training.train(folder, "0", settings=settings)
        """
    )
    environment = os.environ | {"PYTHONPATH": f"{SCRIPTS}:{Path(__file__).parent}"}

    def start(folder):
        folder.mkdir(exist_ok=True)
        return subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    whole, killed = tmp_path / "whole", tmp_path / "killed"
    undisturbed = start(whole)
    process = start(killed)
    for line in process.stderr:
        if "epoch 2/30" in line:
            process.send_signal(how)
            break
    process.stderr.close()
    assert process.wait() != 0
    assert not (killed / "0.keras").exists()
    assert start(killed).communicate()[1].count("resumed after epoch") == 1
    assert undisturbed.wait() == 0
    expected, found = (models.load(f / "0.keras").get_weights() for f in (whole, killed))
    assert all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    "other",
    [
        {"settings": replace(SETTINGS, learning_rate=0.02)},
        {"recipe": {"weights": {"epistemic": 2, "aleatoric": 1}}},
        {"recipe": {"finetune": {"epochs": 1, "learning_rate": 0.1}}},
        {"architecture": {"name": "compact_cnn", "width": 16, "kernel": 3, "dropout": 0.2}},
    ],
    ids=["settings", "recipe", "finetuning", "architecture"],
)
def test_a_checkpoint_of_another_training_is_not_resumed(other, undisturbed, tmp_path):
    interrupt(tmp_path, 2, **other)
    weights = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(undisturbed[0], weights, strict=True))


def test_a_broken_checkpoint_is_said_and_not_used(undisturbed, tmp_path):
    (tmp_path / "0.checkpoint.npz").write_bytes(b"PK\x03\x04 half a checkpoint")
    weights = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(undisturbed[0], weights, strict=True))


def test_a_broken_checkpoint_falls_back_to_the_one_before(undisturbed, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(checkpoint.log, "warning", lambda *words: said.append(words[0] % words[1:]))
    monkeypatch.setattr(checkpoint.log, "info", lambda *words: said.append(words[0] % words[1:]))
    interrupt(tmp_path, 4)
    newest = tmp_path / "0.checkpoint.npz"
    newest.write_bytes(newest.read_bytes()[:-5000])
    weights = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(undisturbed[0], weights, strict=True))
    assert any("0.checkpoint.npz cannot be read" in line for line in said)
    assert f"resumed after epoch 2 from {tmp_path}/0.checkpoint.previous.npz" in said


# Two epochs of evoaug, then two without and at another rate.
FINETUNED = {"augment": "evoaug", "finetune": {"epochs": 2, "learning_rate": 0.003}}


def train_finetuned(folder, stop=None):
    arguments = {
        "settings": replace(SETTINGS, epochs=2, batchnorm_sample=0),
        "recipe": FINETUNED,
        "augmentation": lambda: augment.AUGMENTATIONS["evoaug"],
    }
    if stop is not None:
        interrupt(folder, stop, **arguments)
    return train(folder, "0", **arguments), pd.read_table(folder / "0.tsv")


@pytest.fixture(scope="module")
def finetuned(tmp_path_factory):
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
    training.fit(first, train, validation, losses.mse, settings, 1, augmentation=augmentation)
    finetune = {"epochs": 1, "learning_rate": 0.05}
    history = training.fit(
        both, train, validation, losses.mse, settings, 1, None, augmentation, finetune
    )
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


def test_one_evoaug_transform_a_minibatch_by_member_and_step():
    """The recipe's draw is that of `evoaug` with one transform; targets stay."""
    one_hot, truth = tf.one_hot(made_data()[0], 4), tf.constant(made_data()[1])
    for step in range(6):
        seed = tf.constant([3, step])
        batch, same = augment.AUGMENTATIONS["evoaug"](one_hot, truth, seed)
        np.testing.assert_array_equal(batch, augment.evoaug(one_hot, seed, 1))
        np.testing.assert_array_equal(same, truth)


@pytest.mark.parametrize(
    ("likelihood", "heads"),
    [({"name": "gaussian"}, 2), ({"name": "evidential", "weight": 0.1}, 3)],
)
def test_a_saved_model_says_standard_deviations(likelihood, heads, tmp_path):
    """Whatever its raw heads; its activity is worth the loss that chose it."""
    loss, outputs, moments = losses.objective(likelihood)
    train(
        tmp_path,
        "0",
        outputs=outputs,
        loss=loss,
        moments=moments,
        recipe={"likelihood": likelihood},
    )
    model = models.load(tmp_path / "0.keras")
    codes, targets = made_data()
    said = models.predictor(model)(codes[80:])
    assert said.shape == (20, heads)
    assert (said[:, 1:] > 0).all()
    raw = models.predictor(keras.Model(model.input, model.get_layer("heads").output))(codes[80:])
    np.testing.assert_allclose(said, np.hstack(moments(raw)), rtol=1e-5)
    history = pd.read_table(tmp_path / "0.tsv")
    value = np.mean(loss(tf.constant(targets[80:]), tf.constant(raw)))
    assert value == pytest.approx(history["validation_loss"].min(), rel=1e-3)


def test_without_a_likelihood_raw_heads_are_what_a_model_says():
    assert losses.objective(None) == (losses.mse, 1, None)


def test_mixed_precision_computes_in_half_and_saves_in_single(undisturbed, tmp_path):
    train(tmp_path, "0", settings=replace(SETTINGS, mixed_precision=True))
    model, history = models.load(tmp_path / "0.keras"), pd.read_table(tmp_path / "0.tsv")
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"
    # Eight bits of precision show in the loss, and change it little.
    assert history["loss"][0] != undisturbed[1]["loss"][0]
    np.testing.assert_allclose(history["loss"][0], undisturbed[1]["loss"][0], rtol=0.1)


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
        history = training.fit(model, (codes, targets), (codes, targets), losses.mse, settings, 1)
        values.append(history["loss"][0])
    assert values[0] == pytest.approx(values[1], rel=1e-3)


def test_the_model_has_the_weights_of_the_best_epoch(tmp_path):
    """The saved model's validation loss is the smallest in its history."""
    train(tmp_path, "0", settings=replace(SETTINGS, epochs=6))
    codes, targets = made_data()
    predicted = models.predictor(models.load(tmp_path / "0.keras"))(codes[80:])
    history = pd.read_table(tmp_path / "0.tsv")
    assert np.mean((predicted - targets[80:]) ** 2) == pytest.approx(
        history["validation_loss"].min(), rel=1e-4
    )


def progress_after(validation_losses, **changes):
    settings = replace(SETTINGS, **changes)
    progress = training.Progress(rate=settings.learning_rate)
    rates = []
    for loss in validation_losses:
        progress.epoch += 1
        progress.update(loss, settings, warm=progress.epoch > 1)
        rates.append(progress.rate)
    return progress, rates


def test_the_rate_decays_and_patience_runs_as_stated():
    progress, rates = progress_after(
        [1.0, 5.0, 4.0, 4.5, 4.5, 4.5, 3.0, 4.0, 4.0],
        decay=0.5,
        decay_patience=2,
        minimum_rate=0.004,
        learning_rate=0.01,
    )
    # The first epoch is warm-up, although it has the smallest loss.
    assert rates == [0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.005, 0.005, 0.004]
    assert (progress.best_loss, progress.best_epoch, progress.waited) == (3.0, 7, 2)


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

    training._run_epoch(run_steps, numbered(107), 10, seed=3, epoch=1)
    assert len(seen) == len(set(seen)) == 100 and max(seen) < 107


def test_order_depends_on_seed_and_epoch():
    def order(seed, epoch):
        seen = []

        def run_steps(codes, targets, batches):
            seen.append(batches.numpy())
            return 0.0

        training._run_epoch(run_steps, numbered(40), 10, seed, epoch)
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
        training.fit(model, (codes, huge), (codes, targets), losses.mse, SETTINGS, seed=1)


def test_too_few_sequences_for_a_batch():
    codes, targets = made_data()
    model = models.build("compact_cnn", 32, 1, width=8, kernel=3)
    with pytest.raises(InputError, match="10 training sequences, fewer than one batch of 20"):
        few = (codes[:10], targets[:10])
        training.fit(model, few, few, losses.mse, SETTINGS, seed=1)
