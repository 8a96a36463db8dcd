"""Training of one member: seeded, checkpointed after every epoch, resumed bit for bit.

The random state of an epoch follows from the member's seed and the epoch's number alone, so a run
that was killed goes on exactly as it would have, through the switch to finetuning as well.
"""

import time
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from degu import feed, lengths, shards
from degu.augment import Augmentation
from degu.feed import Array
from degu.job import InputError, log
from degu.losses import Loss
from degu.training import steps
from degu.training.checkpoint import Checkpoint, Progress
from degu.training.settings import Settings

# Steps in one call of the compiled loop: long enough to hide Python, short enough to see progress.
_CHUNK = 64
_PROGRESS_SECONDS = 20
# Validation sequences on which the loss with moving averages is shown for comparison.
_GLANCE = 1024


class Stage(NamedTuple):
    """A part of a training: at most so many epochs, from a learning rate on."""

    epochs: int
    learning_rate: float
    augmentation: Augmentation | None = None


def fit(
    model: keras.Model,
    train: tuple[Array, Array],
    validation: tuple[Array, Array],
    loss: Loss,
    settings: Settings,
    seed: int,
    checkpoint: Path | None = None,
    augmentation: Augmentation | None = None,
    finetune: dict | None = None,
    facts: dict | None = None,
) -> pd.DataFrame:
    """Train a model in place; it ends with the weights of its best epoch.

    Parameters
    ----------
    model
        Fresh from `degu.models.build`.
    train, validation
        Codes, uint8 (n, length), and targets, float (n, heads), or (n, length, heads) for
        profiles, in memory or on disk (`degu.feed`). Validation sequences are as long as the
        network's input; of longer training windows a random crop is taken at each step.
    loss
        From `degu.losses`.
    settings
        See `Settings`.
    seed
        Seed of order, augmentation and dropout.
    checkpoint
        File that is rewritten after every epoch and resumed from if it fits this training;
        the caller deletes it once the model is saved.
    augmentation
        Augmentation of each minibatch (`degu.augment.Augmentation`).
    finetune
        Epochs and learning_rate of a second stage without augmentation, which goes on from the
        best epoch with a fresh optimizer (paper, Methods, "Training DeepSTARR with EvoAug").
        Patience starts anew; the best epoch of both stages counts.
    facts
        Further facts that decide the result, as JSON can hold them; checkpoints are only resumed if
        they are the same.

    Returns
    -------
    history : DataFrame
        A row an epoch: epoch, loss, validation_loss, validation_loss_moving (of the first 1,024
        sequences, with the moving averages of batch norm), learning_rate, seconds.

    Raises
    ------
    InputError
        If targets or losses are not finite, or there are fewer sequences than one batch.
    """
    lengths.check_batch(settings.batch_size, len(train[0]))
    train, validation = feed.load(train), feed.load(validation)
    stages = [Stage(settings.epochs, settings.learning_rate, augmentation)]
    stages += [Stage(**finetune)] if finetune else []
    optimizer = keras.optimizers.Adam(settings.learning_rate)
    optimizer.build(model.trainable_variables)
    facts = _facts(train, validation, settings, seed) | {"finetune": finetune, "more": facts}
    state = Checkpoint(checkpoint, model, optimizer, facts)
    progress, best = state.restore() or (Progress(rate=settings.learning_rate), model.get_weights())

    evaluate = steps.evaluation(model, validation, loss)
    glance = steps.evaluation(model, [array[:_GLANCE] for array in validation], loss)
    generators = [
        layer.seed_generator for layer in model.layers if hasattr(layer, "seed_generator")
    ]
    steps_an_epoch = len(train[0]) // settings.batch_size
    started, first = time.monotonic(), progress.epoch
    for number, stage in list(enumerate(stages))[progress.stage :]:
        if number > progress.stage:
            progress.begin(number, stage.learning_rate)
            log.info("finetuning from epoch %d on", progress.best_epoch)
            model.set_weights(best)
            steps.reset(optimizer)
        recompute = steps.recomputation_on_sample(model, train, settings, seed, stage.augmentation)
        run_steps = steps.compile_steps(
            model, optimizer, train, loss, settings, (seed, number), stage.augmentation
        )
        last = progress.begun + stage.epochs
        while progress.epoch < last and progress.waited < settings.patience:
            clock = time.monotonic()
            progress.epoch += 1
            steps.seed_epoch(generators, seed, progress.epoch)
            optimizer.learning_rate.assign(progress.rate)
            loss_here = _run_epoch(run_steps, train, settings.batch_size, seed, progress.epoch)
            row = {"epoch": progress.epoch, "loss": loss_here, "learning_rate": progress.rate}
            row["validation_loss_moving"] = glance()
            recompute()
            row["validation_loss"] = evaluate()
            _check_finite(row, train[1])
            row["seconds"] = time.monotonic() - clock
            progress.history.append(row)
            warm = progress.epoch * steps_an_epoch >= settings.warmup_steps
            if progress.update(row["validation_loss"], settings, warm):
                best = model.get_weights()
            state.save(progress, best)
            elapsed = (time.monotonic() - started) / (progress.epoch - first)
            _report(row, progress, last, len(train[0]), elapsed)
        if progress.best_epoch == 0:
            log.info("no epoch reached %d warm-up steps: the last counts", settings.warmup_steps)
            best = model.get_weights()
    model.set_weights(best)
    return pd.DataFrame(progress.history)


def _run_epoch(
    run_steps, train: tuple[Array, Array], batch_size: int, seed: int, epoch: int
) -> float:
    steps = len(train[0]) // batch_size
    rng = np.random.default_rng([seed, epoch])
    total, done, reported = 0.0, 0, time.monotonic()
    for codes, targets, batches in feed.pools(train, batch_size, rng):
        codes, targets = tf.constant(codes), tf.constant(targets)
        for at in range(0, len(batches), _CHUNK):
            chunk = batches[at : at + _CHUNK]
            total += float(run_steps(codes, targets, tf.constant(chunk)))
            done += len(chunk)
            if time.monotonic() - reported > _PROGRESS_SECONDS:
                reported = time.monotonic()
                log.info("epoch %d  step %d/%d  loss %.4f", epoch, done, steps, total / done)
    return total / steps


def _check_finite(row: dict, targets: Array) -> None:
    if not np.isfinite([row["loss"], row["validation_loss"]]).all():
        largest = max(np.abs(targets[rows]).max() for rows in shards.blocks(*targets.shape[:2]))
        raise InputError(
            f"The loss is {row['loss']} (validation {row['validation_loss']}) in epoch "
            f"{row['epoch']}; the largest target is {largest:g}. "
            "Lower learning_rate, or look for outliers in the targets."
        )


def _report(row, progress: Progress, last: int, n: int, seconds: float) -> None:
    left = seconds * (last - progress.epoch)
    best = f"best {progress.best_loss:.4f} in epoch {progress.best_epoch}"
    log.info(
        "epoch %d/%d  loss %.4f  validation %.4f (%s)  rate %.1e  "
        "%.0f sequences/s  at most %s left",
        row["epoch"],
        last,
        row["loss"],
        row["validation_loss"],
        best if progress.best_epoch else "warming up",
        row["learning_rate"],
        n / row["seconds"],
        time.strftime("%H:%M:%S", time.gmtime(left)),
    )


def _facts(train, validation, settings: Settings, seed: int) -> dict:
    """Describe what must be equal for a checkpoint to be resumed."""
    return asdict(settings) | {
        "seed": seed,
        "shapes": [list(array.shape) for array in (*train, *validation)],
        "sums": [*feed.sums(train), *feed.sums(validation)],
    }
