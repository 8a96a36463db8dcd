"""Checkpoints: of this training alone, readable or not; and the progress that they hold."""

from dataclasses import replace

import numpy as np
import pytest

from degu.training import checkpoint
from degu.training.checkpoint import Progress
from small_member import SETTINGS, interrupt, train


@pytest.mark.parametrize(
    "other",
    [
        {"settings": replace(SETTINGS, learning_rate=0.02)},
        {"recipe": {"weights": {"epistemic": 2, "aleatoric": 1}}},
        {"recipe": {"finetune": {"epochs": 1, "learning_rate": 0.1}}},
        {"architecture": {"name": "compact_cnn", "width": 16, "kernel": 3, "dropout": 0.2}},
        {"code": "edited"},
    ],
    ids=["settings", "recipe", "finetuning", "architecture", "code"],
)
def test_a_checkpoint_of_another_training_is_not_resumed(other, undisturbed, tmp_path):
    interrupt(2, train, tmp_path, "0", **other)
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
    interrupt(4, train, tmp_path, "0")
    newest = tmp_path / "0.checkpoint.npz"
    newest.write_bytes(newest.read_bytes()[:-5000])
    weights = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(undisturbed[0], weights, strict=True))
    assert any("0.checkpoint.npz cannot be read" in line for line in said)
    assert f"resumed after epoch 2 from {tmp_path}/0.checkpoint.previous.npz" in said


def progress_after(validation_losses, **changes):
    settings = replace(SETTINGS, **changes)
    progress = Progress(rate=settings.learning_rate)
    rates = []
    for loss in validation_losses:
        progress.epoch += 1
        progress.steps += 3
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


def test_a_cosine_neither_decays_nor_runs_out_of_patience():
    changes = {"decay_patience": 1, "patience": 2}
    progress, rates = progress_after([2.0, 1.0, 3.0, 3.0], schedule="cosine", **changes)
    assert set(rates) == {0.01} and progress.waited == 2
    stops = {
        schedule: progress.stops(replace(SETTINGS, schedule=schedule, **changes))
        for schedule in ("plateau", "cosine")
    }
    assert stops == {"plateau": True, "cosine": False}


def test_a_further_stage_keeps_the_best_epoch_and_has_patience_anew():
    progress, _ = progress_after([2.0, 1.0, 3.0, 3.0], decay_patience=3)
    progress.begin(1, 0.5)
    assert (progress.stage, progress.begun, progress.rate) == (1, 12, 0.5)
    assert (progress.waited, progress.waited_to_decay) == (0, 0)
    assert (progress.best_loss, progress.best_epoch) == (1.0, 2)
