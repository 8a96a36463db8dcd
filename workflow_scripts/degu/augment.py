"""Augmentations as functions on a batch, inside the graph, driven by a stateless seed.

The transforms of EvoAug-TF draw from TensorFlow's own generators, whose state a resumed training
cannot restore; here the same arithmetic is driven by a seed, so that a member's seed and its step
decide the draw. A seed is for one call: `tf.random.split` makes several of one.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import tensorflow as tf

from degu.job import InputError

# Augmentation of a minibatch in training: one-hot sequences (n, length, 4), targets (n, heads) and
# a seed (2,) to sequences and targets, of as many rows or more.
Augmentation = Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tuple[tf.Tensor, tf.Tensor]]

# No TensorFlow constant: making one would fix the number of threads at import.
_COMPLEMENT = np.array([3, 2, 1, 0, 4], np.uint8)

# Paper, Methods, "Training DeepSTARR with EvoAug".
LONGEST = 20
NOISE = 0.2
MUTATED = 0.05


def random_crop(
    codes: tf.Tensor, targets: tf.Tensor, length: int, seed: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Cut a stretch out of each window of a batch, at a place of its own, and out of its profiles.

    The random shift of the paper's Methods, "Standard training of CNN-task-base".

    Parameters
    ----------
    codes : uint8 tensor, shape (n, window)
    targets : tensor, shape (n, window, heads)
    length
        Bases of the stretch; every start is equally likely.
    seed : int32 tensor, shape (2,)
        The same seed cuts at the same places.
    """
    window = codes.shape[1]
    if length == window:
        return codes, targets
    starts = _integers([tf.shape(codes)[0], 1], seed, 0, window - length)
    places = starts + tf.range(length)
    return tf.gather(codes, places, batch_dims=1), tf.gather(targets, places, batch_dims=1)


def reverse_complement(
    codes: tf.Tensor, targets: tf.Tensor, seed: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Turn each sequence of a batch to its opposite strand with probability one half.

    Profiles, of measurements that have no strand, are reversed with their sequence.

    Parameters
    ----------
    codes : uint8 tensor, shape (n, length)
    targets : tensor, shape (n, heads), or (n, length, heads) of profiles
    seed : int32 tensor, shape (2,)
        The same seed turns the same rows.
    """
    turned = tf.gather(_COMPLEMENT, tf.cast(tf.reverse(codes, axis=[1]), tf.int32))
    turn = tf.random.stateless_uniform([tf.shape(codes)[0], 1], seed) < 0.5
    if targets.shape.rank == 3:
        targets = tf.where(turn[..., None], tf.reverse(targets, axis=[1]), targets)
    return tf.where(turn, turned, codes), targets


def deletion(one_hot: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Delete 0 to `LONGEST` bases from each sequence, of a size and at a place of its own.

    Random DNA at both ends restores the length.

    Parameters
    ----------
    one_hot : float32 tensor, shape (n, length, 4)
    seed : int32 tensor, shape (2,)

    Raises
    ------
    InputError
        For sequences shorter than the longest deletion.
    """
    n, length = _shape(one_hot)
    if length < LONGEST:
        raise InputError(
            f"The sequences have {length} bases: deletions of up to {LONGEST} need as many."
        )
    sizes, starts, padding = tf.unstack(tf.random.split(seed, 3))
    size = _integers([n, 1], sizes, 0, LONGEST)
    start = _integers([n, 1], starts, 0, length - LONGEST)
    source = tf.range(length) - size // 2
    source = tf.where(source < start, source, source + size)
    kept = (source >= 0) & (source < length)
    moved = tf.gather(one_hot, tf.clip_by_value(source, 0, length - 1), batch_dims=1)
    return tf.where(kept[..., None], moved, _random_dna(n, length, padding))


def translocation(one_hot: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Roll a batch by up to `LONGEST` bases in either direction, all its sequences alike."""
    return tf.roll(one_hot, _integers([], seed, -LONGEST, LONGEST), axis=1)


def noise(one_hot: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Add normal noise of standard deviation `NOISE` to every entry."""
    return one_hot + tf.random.stateless_normal(tf.shape(one_hot), seed, stddev=NOISE)


def mutation(one_hot: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Change about a share `MUTATED` of the bases of each sequence.

    A third more places are drawn, since a quarter of the bases drawn for them are the old ones.
    """
    n, length = _shape(one_hot)
    places, bases = tf.unstack(tf.random.split(seed, 2))
    chosen = _ranks(n, length, places) < round(MUTATED / 0.75 * length)
    return tf.where(chosen[..., None], _random_dna(n, length, bases), one_hot)


def shuffle(one_hot: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Permute the positions within each sequence, each one by its own draw."""
    return tf.gather(one_hot, _ranks(*_shape(one_hot), seed), batch_dims=1)


# In the order in which they are applied.
TRANSFORMS = (deletion, translocation, noise, mutation)


def evoaug(one_hot: tf.Tensor, seed: tf.Tensor, number: int | tf.Tensor) -> tf.Tensor:
    """Apply some of `TRANSFORMS` to a batch, drawn anew for each batch.

    Paper, Methods, "Training DeepSTARR with EvoAug" (one) and "OOD generalization analysis" (two).

    Parameters
    ----------
    one_hot : float32 tensor, shape (n, length, 4)
    seed : int32 tensor, shape (2,)
        The same seed gives the same draws throughout.
    number
        Number of transforms, 0 to 4.

    Returns
    -------
    batch : float32 tensor, shape (n, length, 4)
        Not one-hot where noise was added.
    """
    choice, *seeds = tf.unstack(tf.random.split(seed, 1 + len(TRANSFORMS)))
    applied = tf.unstack(_ranks(1, len(TRANSFORMS), choice)[0] < number)
    for transform, apply, own in zip(TRANSFORMS, applied, seeds, strict=True):
        one_hot = tf.cond(apply, partial(transform, one_hot, own), partial(tf.identity, one_hot))
    return one_hot


def evoaug_minibatch(
    one_hot: tf.Tensor, targets: tf.Tensor, seed: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Apply exactly one transform of `evoaug` to a minibatch; its targets stay (`Augmentation`)."""
    return evoaug(one_hot, seed, 1), targets


def evoaug_up_to_two(one_hot: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Apply 0, 1 or 2 transforms of `evoaug`, each number as likely, drawn for each batch."""
    number, seed = tf.unstack(tf.random.split(seed, 2))
    return evoaug(one_hot, seed, _integers([], number, 0, 2))


# By their name in a recipe.
AUGMENTATIONS = {"evoaug": evoaug_minibatch}

# Schemes of dynamic distillation (paper, Methods, "Distilling models with dynamic augmentations").
DYNAMIC = {"evoaug": evoaug_up_to_two, "mutagenesis": mutation, "shuffle": shuffle}


def _shape(one_hot):
    return tf.shape(one_hot)[0], one_hot.shape[1]


def _integers(shape, seed, smallest: int, largest: int):
    return tf.random.stateless_uniform(shape, seed, smallest, largest + 1, tf.int32)


def _random_dna(n, length: int, seed):
    return tf.one_hot(_integers([n, length], seed, 0, 3), 4)


def _ranks(n, length: int, seed):
    """Random permutations of 0 to length - 1, shape (n, length)."""
    return tf.argsort(tf.random.stateless_uniform([n, length], seed))
