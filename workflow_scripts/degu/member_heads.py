"""Students with a head for each teacher: their loss, and mean and spread of their heads."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from degu.losses import Loss, distillation


def loss(weights: Sequence[float], activities: int, members: int) -> Loss:
    """Loss of a student with a head for each teacher: its mean, its spread, and the other heads.

    `distillation` of the mean over heads, of aleatoric heads, and of the deviations of heads from
    their mean, a teacher's share of which is that of one epistemic head.

    Parameters
    ----------
    weights
        One an activity, one an aleatoric head, one an epistemic head (`degu.heads.Heads.weights`).
    activities, members
        Numbers of activities and of teachers.

    Returns
    -------
    loss : callable
        Truth of shape (n, activities + aleatoric heads + members * activities): means, deviations
        between replicates, and activities by teacher. Predicted are the same without the means.
    """
    known = len(weights) - activities
    spread = np.tile(np.array(weights[known:], np.float32) / members, members)
    whole = distillation([*weights[:known], *spread])

    def deviations(by_member: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        stacked = tf.reshape(by_member, [-1, members, activities])
        mean = tf.reduce_mean(stacked, axis=1)
        return mean, tf.reshape(stacked - mean[:, None], [-1, members * activities])

    def of_sequences(truth: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
        other = known - activities
        mean, spread = deviations(predicted[:, other:])
        heads = tf.concat([mean, predicted[:, :other], spread], axis=-1)
        taught = tf.concat([truth[:, :known], deviations(truth[:, known:])[1]], axis=-1)
        return whole(taught, heads)

    return of_sequences


def convert(
    heads: tf.Tensor, activities: int, members: int
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]:
    """Turn raw outputs of such a student into means, other heads, deviations and activities.

    Parameters
    ----------
    heads : tensor, shape (n, others + members * activities)

    Returns
    -------
    mean, others, std, by_member : tensors, shape (n, ...)
        std over members has ddof 0.
    """
    others = heads.shape[-1] - members * activities
    by_member = heads[:, others:]
    stacked = keras.ops.reshape(by_member, (-1, members, activities))
    mean = keras.ops.mean(stacked, axis=1)
    variance = keras.ops.mean(keras.ops.square(stacked - mean[:, None]), axis=1)
    return mean, heads[:, :others], keras.ops.sqrt(variance), by_member
