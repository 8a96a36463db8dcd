"""Losses of classes, (truth, logits) -> one value a sequence, as those of `degu.losses` are."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from degu.losses import Loss, check_shapes, distillation


def cross_entropy(truth: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
    """Cross entropy of classes, in nats.

    Parameters
    ----------
    truth : tensor, shape (n, classes)
        1 for the class of a sequence, else 0.
    predicted : tensor, shape (n, classes)
        Logits.

    Returns
    -------
    loss : tensor, shape (n,)

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    check_shapes(truth, predicted, allowed="both must be (n, classes)")
    return tf.nn.softmax_cross_entropy_with_logits(truth, predicted)


def mixed(weights: Sequence[float], classes: int, measured_weight: float) -> Loss:
    """Loss of a student that learns from its teachers and from the classes themselves at once.

    `measured_weight` times `cross_entropy`, and the rest of one times `degu.losses.distillation`.

    Parameters
    ----------
    weights
        One a head of the student; the classes come first.
    classes
        Number of classes.
    measured_weight
        In [0, 1].

    Returns
    -------
    loss : callable
        Truth of shape (n, heads + classes): labels of the teachers, then one-hot classes.
    """
    from_teachers = distillation(weights)

    def loss(truth, predicted):
        taught, known = truth[:, : len(weights)], truth[:, len(weights) :]
        from_classes = cross_entropy(known, predicted[:, :classes])
        return (1 - measured_weight) * from_teachers(taught, predicted) + (
            measured_weight * from_classes
        )

    return loss


def centred(logits: tf.Tensor) -> list[tf.Tensor]:
    """Subtract the mean over classes, which no probability depends on, from logits (n, classes).

    Without it logits of members can be compared, averaged and explained. The subtraction is a
    dense layer, which methods of attribution know.
    """
    classes = logits.shape[-1]
    layer = keras.layers.Dense(classes, use_bias=False, trainable=False, name="centred")
    layer.build(logits.shape)
    layer.set_weights([np.eye(classes) - 1 / classes])
    return [layer(logits)]
