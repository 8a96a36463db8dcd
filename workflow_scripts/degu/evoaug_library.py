"""Transforms of EvoAug-TF in a training step: the library's own code, its draws from a seed.

The library draws from TensorFlow's own generators, whose state a resumed training cannot restore.
Setting their seed before each step is no way out: a compiled function keeps the seed that it was
traced with, and outside a graph the library's loops over sequences are a hundred times slower. So
its code is traced into the step as it stands, by a TensorFlow that draws from the step's seed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from inspect import signature

import tensorflow as tf
from evoaug_tf import augment as library

from degu.augment import Augmentation
from degu.job import InputError

# Without RandomDeletionBatch, which in 1.0.3 joins its pieces along the batch, and always fails.
TRANSFORMS = (
    "RandomDeletion",
    "RandomInsertion",
    "RandomInsertionBatch",
    "RandomMutation",
    "RandomNoise",
    "RandomRC",
    "RandomRCBatch",
    "RandomTranslocation",
    "RandomTranslocationBatch",
)


def augmentation(transforms: Sequence[dict], at_most: int) -> Augmentation:
    """Augmentation of minibatches by some of a list of transforms, as EvoAug-TF combines them.

    The number is drawn for each minibatch from 1 to `at_most`, each as likely, then which ones,
    without replacement; they are applied in the order of the list (`evoaug_tf.evoaug.RobustModel`
    with `hard_aug=False`). Longer sequences are cut to their middle, where the library pads all
    others with random DNA instead, so that a network takes sequences as they were measured.

    Parameters
    ----------
    transforms
        For each the name of its class, one of `TRANSFORMS`, as `name`, and its arguments.
    at_most
        Largest number of transforms a minibatch, no more than there are.

    Returns
    -------
    augment : callable
        A compiled function; its `InputError` names a deletion that is longer than the sequences.
    """
    made = [_make(**transform) for transform in transforms]

    def augment(one_hot, targets, seed):
        for transform in made:
            _check_length(transform, one_hot.shape[1])
        of_number, of_choice, *seeds = tf.unstack(tf.random.split(seed, 2 + len(made)))
        number = tf.random.stateless_uniform([], of_number, 1, at_most + 1, tf.int32)
        order = tf.argsort(tf.random.stateless_uniform([len(made)], of_choice))
        for transform, chosen, own in zip(made, tf.unstack(order < number), seeds, strict=True):
            changed = partial(apply, transform, one_hot, own)
            one_hot = tf.cond(chosen, changed, partial(tf.identity, one_hot))
        return one_hot, targets

    return tf.function(augment, autograph=False)


def apply(transform: library.AugmentBase, one_hot: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Apply a transform of the library, with draws that follow from a seed.

    Parameters
    ----------
    transform
        An object of one of its classes.
    one_hot : float32 tensor, shape (n, length, 4)
    seed : int32 tensor, shape (2,)
        The same seed gives the same draws.

    Returns
    -------
    batch : float32 tensor, shape (n, length, 4)
        The middle of what the transform returns.
    """
    length = one_hot.shape[1]
    with _draws_from(seed):
        changed = transform(one_hot)
    start = (tf.shape(changed)[1] - length) // 2
    return tf.ensure_shape(changed[:, start : start + length], one_hot.shape)


class _Random:
    """The part of `tf.random` that the library draws with; each draw has a seed of its own."""

    def __init__(self, seed: tf.Tensor):
        self._seed = seed

    def uniform(self, shape, minval=0, maxval=None, dtype=tf.float32):
        return tf.random.stateless_uniform(shape, self._next(), minval, maxval, dtype)

    def normal(self, shape, mean, stddev):
        return tf.random.stateless_normal(shape, self._next(), mean, stddev)

    def categorical(self, logits, num_samples):
        return tf.random.stateless_categorical(logits, num_samples, self._next())

    def _next(self) -> tf.Tensor:
        self._seed, own = tf.unstack(tf.random.split(self._seed, 2))
        return own


class _TensorFlow:
    """TensorFlow but for its random draws."""

    def __init__(self, random: _Random):
        self.random = random

    def __getattr__(self, name):
        return getattr(tf, name)


@contextmanager
def _draws_from(seed: tf.Tensor) -> Iterator[None]:
    """Let the library draw from a seed, in plain Python: a trace of its own would keep the seed."""
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    library.tf = _TensorFlow(_Random(seed))
    try:
        yield
    finally:
        library.tf = tf
        tf.config.run_functions_eagerly(before)


def _make(name: str, **arguments: float) -> library.AugmentBase:
    """Make a transform; a whole number for a probability or a share becomes one."""
    of = getattr(library, name)
    kinds = {key: type(known.default) for key, known in signature(of).parameters.items()}
    return of(**{key: kinds[key](value) for key, value in arguments.items()})


def _check_length(transform: library.AugmentBase, length: int) -> None:
    longest = getattr(transform, "delete_max", 0)
    if longest > length:
        raise InputError(
            f"The sequences have {length} bases: {type(transform).__name__} with delete_max "
            f"{longest} needs as many."
        )
