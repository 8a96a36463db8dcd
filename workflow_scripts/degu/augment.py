"""Augmentations as functions on a batch, inside the graph, driven by a stateless seed."""

import numpy as np
import tensorflow as tf

# No TensorFlow constant: making one would fix the number of threads at import.
_COMPLEMENT = np.array([3, 2, 1, 0, 4], np.uint8)


def reverse_complement(codes: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Turn each sequence of a batch to its opposite strand with probability one half.

    Parameters
    ----------
    codes : uint8 tensor, shape (n, length)
    seed : int32 tensor, shape (2,)
        The same seed turns the same rows.
    """
    turned = tf.gather(_COMPLEMENT, tf.cast(tf.reverse(codes, axis=[1]), tf.int32))
    turn = tf.random.stateless_uniform([tf.shape(codes)[0], 1], seed) < 0.5
    return tf.where(turn, turned, codes)
