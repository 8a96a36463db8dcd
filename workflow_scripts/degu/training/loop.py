"""Training of one member: seeded, checkpointed after every epoch, resumed bit for bit.

The random state of an epoch follows from the member's seed and the epoch's number alone, so a run
that was killed goes on exactly as it would have, through the switch to finetuning as well.
"""

import time
from collections.abc import Callable
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
from degu.training.checkpoint import Checkpoint, Kept, Progress
from degu.training.settings import Settings

# Steps in one call of the compiled loop: long enough to hide Python, short enough to see progress.
_CHUNK = 64
_PROGRESS_SECONDS = 20
# Validation sequences on which the loss with moving averages is shown for comparison.
_GLANCE = 1024


class Stage(NamedTuple):
    """A part of a training: at most so many steps, from a learning rate on."""

    steps: int
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
    observe: Callable[[dict], None] = lambda row: None,
) -> pd.DataFrame:
    """Train a model in place; it ends with the weights of its best epoch, or a better mean.

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
    observe
        Called with the row of each epoch once its checkpoint is written, and with those of a
        resumed training first; what it raises ends the training.

    Returns
    -------
    history : DataFrame
        A row an epoch: epoch, stage, steps (done so far), loss, learning_rate (at its end),
        validation_loss_moving (of the first 1,024 sequences, with the moving averages of batch
        norm), validation_loss, best_epoch (so far; 0 for none), waited (epochs that count for
        patience), seconds, validation_loss_average (in the last row, of the mean of the last
        epochs' weights, where the settings ask for it: the model has these if it is the smaller).

    Raises
    ------
    InputError
        If targets or losses are not finite, or there are fewer sequences than one batch.
    """
    lengths.check_batch(settings.batch_size, len(train[0]))
    train, validation = feed.load(train), feed.load(validation)
    an_epoch = len(train[0]) // settings.batch_size
    stages = [Stage(settings.budget(len(train[0])), settings.learning_rate, augmentation)]
    stages += [Stage(finetune["epochs"] * an_epoch, finetune["learning_rate"])] if finetune else []
    optimizer = keras.optimizers.Adam(
        steps.schedule(settings, settings.learning_rate, stages[0].steps)
    )
    optimizer.build(model.trainable_variables)
    facts = _facts(train, validation, settings, seed) | {"finetune": finetune, "more": facts}
    state = Checkpoint(checkpoint, model, optimizer, facts)
    fresh = Progress(rate=settings.learning_rate), Kept(model.get_weights(), [])
    progress, kept = state.restore() or fresh
    for row in progress.history:
        observe(row)

    evaluate = steps.evaluation(model, validation, loss)
    glance = steps.evaluation(model, [array[:_GLANCE] for array in validation], loss)
    generators = [
        layer.seed_generator for layer in model.layers if hasattr(layer, "seed_generator")
    ]
    started, first = time.monotonic(), progress.epoch
    for stage in stages:
        epochs = stage.steps / an_epoch
        log.info("at most %d steps: %.4g epochs of %d steps", stage.steps, epochs, an_epoch)
    for number, stage in list(enumerate(stages))[progress.stage :]:
        if number > progress.stage:
            progress.begin(number, stage.learning_rate)
            log.info("finetuning from epoch %d on", progress.best_epoch)
            model.set_weights(kept.best)
            kept = kept._replace(last=[])
            steps.reset(optimizer)
        recompute = steps.recomputation_on_sample(model, train, settings, seed, stage.augmentation)
        run_steps = steps.compile_steps(
            model, optimizer, train, loss, settings, (seed, number), stage.augmentation
        )
        last = progress.begun + stage.steps
        while progress.steps < last and not progress.stops(settings):
            clock = time.monotonic()
            progress.epoch += 1
            steps.seed_epoch(generators, seed, progress.epoch)
            optimizer.learning_rate = steps.schedule(settings, progress.rate, stage.steps)
            done = min(an_epoch, last - progress.steps)
            progress.steps += done
            row = {"epoch": progress.epoch, "stage": number + 1, "steps": progress.steps}
            row["loss"] = _run_epoch(
                run_steps, train, settings.batch_size, done, seed, progress.epoch
            )
            row["learning_rate"] = float(optimizer.learning_rate)
            row["validation_loss_moving"] = glance()
            recompute()
            row["validation_loss"] = evaluate()
            _check_finite(row, train[1])
            warm = progress.steps >= settings.warmup_steps
            if progress.update(row["validation_loss"], settings, warm):
                kept = kept._replace(best=model.get_weights())
            if settings.average:
                kept = kept._replace(last=[*kept.last, model.get_weights()][-settings.average :])
            row |= {"best_epoch": progress.best_epoch, "waited": progress.waited}
            row["seconds"] = time.monotonic() - clock
            progress.history.append(row)
            state.save(progress, kept)
            elapsed = (time.monotonic() - started) / (progress.epoch - first)
            left = -(-(last - progress.steps) // an_epoch)
            _report(row, progress, left, done * settings.batch_size, elapsed)
            observe(row)
        if progress.best_epoch == 0:
            log.info("no epoch reached %d warm-up steps: the last counts", settings.warmup_steps)
            kept = kept._replace(best=model.get_weights())
    history = pd.DataFrame(progress.history).assign(validation_loss_average=np.nan)
    model.set_weights(kept.best)
    if settings.average:
        best = history["validation_loss"][(progress.best_epoch or progress.epoch) - 1]
        averaged = _average(model, kept, recompute, evaluate, best)
        history.loc[history.index[-1], "validation_loss_average"] = averaged
    return history


def _average(model: keras.Model, kept: Kept, recompute, evaluate, best: float) -> float:
    """Give a model the mean of the last epochs' weights if it is better; return its loss."""
    model.set_weights([np.mean(of_epochs, axis=0) for of_epochs in zip(*kept.last, strict=True)])
    recompute()
    loss = evaluate()
    if loss >= best:
        model.set_weights(kept.best)
    chosen = "chosen" if loss < best else "the best epoch is better"
    log.info("mean weights of %d epochs: validation %.4f, %s", len(kept.last), loss, chosen)
    return loss


def _run_epoch(
    run_steps, train: tuple[Array, Array], batch_size: int, steps: int, seed: int, epoch: int
) -> float:
    """Run so many steps, at most one pass over the training data; return the mean loss."""
    rng = np.random.default_rng([seed, epoch])
    total, done, reported = 0.0, 0, time.monotonic()
    for codes, targets, batches in feed.pools(train, batch_size, rng):
        if done == steps:
            break
        batches = batches[: steps - done]
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
        largest = max(
            np.nanmax(np.abs(targets[rows])) for rows in shards.blocks(*targets.shape[:2])
        )
        raise InputError(
            f"The loss is {row['loss']} (validation {row['validation_loss']}) in epoch "
            f"{row['epoch']}; the largest target is {largest:g}. "
            "Lower learning_rate, or look for outliers in the targets."
        )


def _report(row, progress: Progress, left: int, n: int, seconds: float) -> None:
    """Log an epoch of so many sequences; epochs that may be left take so many seconds each."""
    best = f"best {progress.best_loss:.4f} in epoch {progress.best_epoch}"
    log.info(
        "epoch %d/%d  loss %.4f  validation %.4f (%s)  rate %.1e  "
        "%.0f sequences/s  at most %s left",
        row["epoch"],
        row["epoch"] + left,
        row["loss"],
        row["validation_loss"],
        best if progress.best_epoch else "warming up",
        row["learning_rate"],
        n / row["seconds"],
        time.strftime("%H:%M:%S", time.gmtime(left * seconds)),
    )


def _facts(train, validation, settings: Settings, seed: int) -> dict:
    """Describe what must be equal for a checkpoint to be resumed."""
    return asdict(settings) | {
        "seed": seed,
        "shapes": [list(array.shape) for array in (*train, *validation)],
        "sums": [*feed.sums(train), *feed.sums(validation)],
    }
