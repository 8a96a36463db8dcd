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

from degu import losses, models, training
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


def train(folder, name, seed=1, settings=SETTINGS):
    codes, targets = made_data()
    training.train_member(
        architecture={"name": "compact_cnn", "width": 16, "kernel": 3},
        train=(codes[:80], targets[:80]),
        validation=(codes[80:], targets[80:]),
        loss=losses.mse,
        settings=asdict(settings),
        seed=seed,
        threads=1,
        model_path=str(folder / f"{name}.keras"),
        history_path=str(folder / f"{name}.tsv"),
    )
    return models.load(folder / f"{name}.keras").get_weights()


@pytest.fixture(scope="module", autouse=True)
def _started():
    """Leave the threads alone: TensorFlow has started in this process already."""
    tf.config.experimental.enable_op_determinism()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "start", lambda seed, threads: keras.utils.set_random_seed(seed))
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


def test_training_resumes_bit_for_bit_after_an_epoch(undisturbed, tmp_path, monkeypatch, caplog):
    """A run that stops in its third epoch goes on from the second one's checkpoint."""
    original = training._run_epoch

    def interrupted(run_steps, n, batch_size, seed, epoch):
        if epoch == 3:
            original(run_steps, n, batch_size, seed, epoch)
            raise KeyboardInterrupt
        return original(run_steps, n, batch_size, seed, epoch)

    monkeypatch.setattr(training, "_run_epoch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, "0")
    assert [path.name for path in tmp_path.iterdir()] == ["0.checkpoint.npz"]
    monkeypatch.setattr(training, "_run_epoch", original)
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


def test_a_checkpoint_of_another_training_is_not_resumed(undisturbed, tmp_path, monkeypatch):
    original = training._run_epoch

    def stop(*arguments):
        if arguments[-1] == 2:
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(training, "_run_epoch", stop)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, "0", settings=replace(SETTINGS, learning_rate=0.02))
    monkeypatch.setattr(training, "_run_epoch", original)
    weights = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(undisturbed[0], weights, strict=True))


def test_a_broken_checkpoint_is_said_and_not_used(undisturbed, tmp_path):
    (tmp_path / "0.checkpoint.npz").write_bytes(b"PK\x03\x04 half a checkpoint")
    weights = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(undisturbed[0], weights, strict=True))


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


def test_an_epoch_sees_each_row_once_but_for_the_last_part_batch():
    seen = []

    def run_steps(batches):
        seen.extend(batches.numpy().ravel())
        return 0.0

    training._run_epoch(run_steps, 107, 10, seed=3, epoch=1)
    assert len(seen) == len(set(seen)) == 100 and max(seen) < 107


def test_order_depends_on_seed_and_epoch():
    def order(seed, epoch):
        seen = []

        def run_steps(batches):
            seen.append(batches.numpy())
            return 0.0

        training._run_epoch(run_steps, 40, 10, seed, epoch)
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
