"""Compiled pieces of a training: its steps, its evaluation, and the random state of an epoch."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras.optimizers.schedules import CosineDecay, LearningRateSchedule

from degu import augment, feed, models, shards
from degu.augment import Augmentation
from degu.feed import Array
from degu.losses import Loss
from degu.training import batchnorm
from degu.training.settings import Settings


def compile_steps(
    model: keras.Model,
    optimizer: keras.Optimizer,
    train: tuple[Array, Array],
    loss: Loss,
    settings: Settings,
    seeds: tuple[int, int],
    augmentation: Augmentation | None,
) -> Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor]:
    """Compile the training steps of one stage.

    Parameters
    ----------
    model, optimizer
        Changed by each step.
    train, loss, settings, augmentation
        As of `degu.training.fit`.
    seeds
        Seed of the member and number of the stage; with the step's number they decide its draws.

    Returns
    -------
    run_steps : callable
        Codes and targets of a pool, and rows of it, int32 (steps, batch) -> summed loss.
    """
    variables, length = model.trainable_variables, model.input_shape[1]

    def step(batch, truth):
        drawn = tf.stack([tf.cast(seeds[0], tf.int32), tf.cast(optimizer.iterations, tf.int32)])
        drawn = tf.random.fold_in(drawn, seeds[1])
        for_strand, for_augmentation, for_crop = tf.unstack(tf.random.split(drawn, 3))
        batch, truth = augment.random_crop(batch, tf.cast(truth, tf.float32), length, for_crop)
        if settings.reverse_complement:
            batch, truth = augment.reverse_complement(batch, truth, for_strand)
        one_hot = models.encode(batch)
        if augmentation is not None:
            one_hot, truth = augmentation(one_hot, truth, for_augmentation)
        if settings.draws > 1:
            # Each row of a minibatch has an index, or a dropout mask, of its own.
            one_hot, truth = (tf.repeat(rows, settings.draws, axis=0) for rows in (one_hot, truth))
        with tf.GradientTape() as tape:
            predicted = tf.cast(model(one_hot, training=True), tf.float32)
            value = tf.reduce_mean(loss(truth, predicted))
        optimizer.apply(tape.gradient(value, variables), variables)
        return value

    if settings.xla:
        step = tf.function(step, jit_compile=True)

    pool = [tf.TensorSpec([None, *array.shape[1:]], array.dtype) for array in train]
    rows = tf.TensorSpec([None, settings.batch_size], tf.int32)

    @tf.function(input_signature=[*pool, rows])
    def run_steps(codes, targets, batches):
        total = 0.0
        for rows in batches:
            total += step(tf.gather(codes, rows), tf.gather(targets, rows))
        return total

    return run_steps


def evaluation(
    model: keras.Model, validation: tuple[Array, Array], loss: Loss
) -> Callable[[], float]:
    """Compile the mean loss of a model's weights of the moment on a validation set."""
    predict = models.predictor(model)
    codes, targets = validation

    def evaluate() -> float:
        values = [
            loss(tf.cast(targets[rows], tf.float32), tf.constant(predict(codes[rows])))
            for rows in shards.blocks(*codes.shape)
        ]
        return float(tf.reduce_mean(tf.concat(values, axis=0)))

    return evaluate


def recomputation_on_sample(
    model: keras.Model,
    train: tuple[Array, Array],
    settings: Settings,
    seed: int,
    augmentation: Augmentation | None,
) -> Callable[[], None]:
    """Compile the recomputation of batch-norm statistics on a sample of the settings' size.

    Parameters
    ----------
    model
        Network whose statistics are recomputed.
    train, augmentation
        Training data and augmentation of the stage, as of `degu.training.fit`; the sample is
        augmented once, if the settings say so.
    settings
        Size of the sample; 0 for none.
    seed
        Seed of the sample.
    """
    if settings.batchnorm_sample == 0:
        return lambda: None
    rows = np.random.default_rng(seed).permutation(len(train[0]))[: settings.batchnorm_sample]
    inputs = feed.centre(train[0][rows], model.input_shape[1])
    if settings.batchnorm_augmented and augmentation is not None:
        sample = models.encode(tf.constant(inputs)), tf.constant(train[1][rows], tf.float32)
        inputs = augmentation(*sample, tf.constant([seed, 0], tf.int32))[0].numpy()
    return batchnorm.recomputation(model, inputs)


def schedule(settings: Settings, learning_rate: float, steps: int) -> float | LearningRateSchedule:
    """Learning rate of a stage: that of its start, or a cosine of the step's number.

    Parameters
    ----------
    settings
        Schedule and lowest rate.
    learning_rate, steps
        Highest rate, and budget, of the stage. A cosine falls over all of it.
    """
    if settings.schedule == "plateau":
        return learning_rate
    return CosineDecay(learning_rate, steps, alpha=settings.minimum_rate / learning_rate)


def seed_epoch(generators: list, seed: int, epoch: int) -> None:
    """Set the state of every dropout layer's generator from seed, epoch and layer."""
    for number, generator in enumerate(generators):
        state = np.random.SeedSequence([seed, epoch, number]).generate_state(2, np.uint32)
        generator.state.assign(state.astype(generator.state.dtype))


def reset(optimizer: keras.Optimizer) -> None:
    """Forget the moments, so that the next step is that of a fresh optimizer."""
    for variable in optimizer.variables:
        variable.assign(tf.zeros_like(variable))
