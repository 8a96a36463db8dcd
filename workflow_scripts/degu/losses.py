"""Losses: functions (truth, predicted) -> one value a sequence.

They check shapes, because a loss of shape (n, n) by broadcasting trains without complaint and
learns the wrong thing.
"""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

Loss = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def mse(truth: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
    """Mean squared error over heads.

    Parameters
    ----------
    truth, predicted : tensors, shape (n, heads)

    Returns
    -------
    loss : tensor, shape (n,)

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    _check(truth, predicted)
    return tf.reduce_mean(tf.square(predicted - truth), axis=-1)


def distillation(weights: Sequence[float]) -> Loss:
    """Loss of the student: half the weighted squared error, summed over heads.

    Paper, Methods, "Distillation": activity heads weigh 1, epistemic heads lambda and aleatoric
    heads gamma.

    Parameters
    ----------
    weights
        One a head.
    """
    weights = np.array(weights, np.float32)

    def loss(truth, predicted):
        _check(truth, predicted)
        return 0.5 * tf.reduce_sum(weights * tf.square(predicted - truth), axis=-1)

    return loss


def _check(truth, predicted) -> None:
    if not truth.shape.is_compatible_with(predicted.shape) or truth.shape.rank != 2:
        raise ValueError(
            f"Truth has shape {truth.shape} and prediction {predicted.shape}: "
            "both must be (n, heads)."
        )
