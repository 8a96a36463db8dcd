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


def evidential(weight: float) -> Loss:
    """Loss of evidential classification (Sensoy et al., 2018, eq. 5, and their regulariser).

    The expected squared error of the probabilities of a Dirichlet distribution, plus the divergence
    from a flat one of what it says beside the true class.

    Parameters
    ----------
    weight
        Weight of the regulariser, which is the same in all epochs.

    Returns
    -------
    loss : callable
        Truth as of `cross_entropy`; predicted are raw outputs (`concentrations`).
    """

    def loss(truth, predicted):
        check_shapes(truth, predicted, allowed="both must be (n, classes)")
        alpha = concentrations(predicted)
        total = tf.reduce_sum(alpha, axis=-1, keepdims=True)
        mean = alpha / total
        errors = tf.square(truth - mean) + mean * (1 - mean) / (total + 1)
        return tf.reduce_sum(errors, axis=-1) + weight * _from_flat(truth + (1 - truth) * alpha)

    return loss


def _from_flat(alpha: tf.Tensor) -> tf.Tensor:
    """Kullback-Leibler divergence of Dirichlet distributions (n, classes) from the flat one."""
    total = tf.reduce_sum(alpha, axis=-1, keepdims=True)
    apart = (alpha - 1) * (tf.math.digamma(alpha) - tf.math.digamma(total))
    flat = tf.math.lgamma(tf.cast(alpha.shape[-1], alpha.dtype))
    return tf.math.lgamma(total[:, 0]) - flat + tf.reduce_sum(apart - tf.math.lgamma(alpha), -1)


def concentrations(raw: tf.Tensor) -> tf.Tensor:
    """Concentrations of Dirichlet distributions, above 1, of raw outputs (n, classes)."""
    return 1 + keras.ops.softplus(raw)


def evidential_heads(raw: tf.Tensor) -> list[tf.Tensor]:
    """Logits of the mean of Dirichlet distributions, and what they leave open.

    The mutual information of the class and its probabilities is the epistemic part of the entropy;
    what is left of it, the expected entropy, is the aleatoric one.

    Parameters
    ----------
    raw : tensor, shape (n, classes)

    Returns
    -------
    logits : tensor, shape (n, classes)
        Their mean over classes is zero.
    information : tensor, shape (n, 1)
        In nats.
    """
    alpha = concentrations(raw)
    total = keras.ops.sum(alpha, axis=-1, keepdims=True)
    apart = alpha / total * (_above_log(alpha) - _above_log(total))
    information = keras.ops.sum(apart, axis=-1, keepdims=True)
    return [*centred(keras.ops.log(alpha)), information]


def _above_log(x: tf.Tensor) -> tf.Tensor:
    """Digamma of x + 1, less the logarithm of x, for x from 1 on; it falls as 1 / (2 x).

    Keras has no digamma: the recurrence to x + 7, and the asymptotic series from there.
    """
    steps, y = sum(1 / (x + number) for number in range(1, 7)), x + 7
    series = 1 / (2 * y) + 1 / (12 * y**2) - 1 / (120 * y**4) + 1 / (252 * y**6)
    return keras.ops.log1p(7 / x) - series - steps
