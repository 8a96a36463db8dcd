"""Losses by which a student learns from models of sequences beside its task (BIO-Distiller).

Equations 2 to 5: each gives one value a sequence. A sequence whose teacher is not known, NaN in the
truth, adds nothing.
"""

from collections.abc import Callable

import tensorflow as tf

from degu.losses import Loss, check_shapes

# Squares of lengths are raised to it: a vector of zeros has no direction, and its length no slope.
_SMALLEST = 1e-12


def fitnet(truth: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
    """Mean squared difference of features (equation 2; Romero et al., 2015).

    Parameters
    ----------
    truth, predicted : tensors, shape (n, features)
        Features of the teacher, and the projected ones of the student.

    Returns
    -------
    loss : tensor, shape (n,)

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    return tf.reduce_mean(tf.square(_difference(truth, predicted)), axis=-1)


def eucosine(truth: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
    """Euclidean distance over the number of features, and one minus the cosine (equation 3).

    Parameters, result and errors are those of `fitnet`.
    """
    distance = _length(_difference(truth, predicted)) / predicted.shape[-1]
    known = tf.where(tf.math.is_nan(truth), 0.0, truth)
    cosine = tf.reduce_sum(known * predicted, axis=-1) / (_length(known) * _length(predicted))
    whole = tf.reduce_all(tf.math.is_finite(truth), axis=-1)
    return tf.where(whole, distance + 1 - cosine, 0.0)


def logit(truth: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
    """Mean squared difference of outputs, logits or activities (equation 4).

    Parameters
    ----------
    truth : tensor, shape (n, teachers * outputs)
        Outputs of one teacher or, one behind the other, of several, whose mean counts.
    predicted : tensor, shape (n, outputs)

    Returns
    -------
    loss : tensor, shape (n,)

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    outputs = predicted.shape[-1]
    by_teacher = tf.reshape(truth, [-1, truth.shape[-1] // outputs, outputs])
    return fitnet(tf.reduce_mean(by_teacher, axis=1), predicted)


def _difference(truth: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
    check_shapes(truth, predicted, allowed="both must be (n, features)")
    return tf.where(tf.math.is_nan(truth), 0.0, predicted - truth)


def _length(vectors: tf.Tensor) -> tf.Tensor:
    return tf.sqrt(tf.maximum(tf.reduce_sum(tf.square(vectors), axis=-1), _SMALLEST))


LOSSES: dict[str, Callable] = {"fitnet": fitnet, "eucosine": eucosine, "logit": logit}
# Losses of features; the others are of outputs.
OF_FEATURES = ("fitnet", "eucosine")


def weights_of(combine: str, alpha: float = 0.0) -> tuple[float, float]:
    """Weights of the task and of the teachers (equation 5): 1 and 1, or 1 - alpha and alpha."""
    return (1.0, 1.0) if combine == "sum" else (1.0 - alpha, alpha)


def combined(
    task: Loss, name: str, width: int, outputs: int, heads: int, weights: tuple[float, float]
) -> Loss:
    """Loss of a student: that of its task, and one of `LOSSES` (equation 5).

    Parameters
    ----------
    task
        Loss of the outputs.
    name
        A key of `LOSSES`.
    width
        Columns of the truth that hold features or outputs of teachers, behind all others.
    outputs
        Raw outputs; projected features follow them, where the loss is of features.
    heads
        Activities or classes, the first of the outputs, which teachers predict as well.
    weights
        Weight of the task and of the teachers.
    """
    of_task, of_teachers = weights

    def loss(truth: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
        own = predicted[:, outputs:] if name in OF_FEATURES else predicted[:, :heads]
        from_task = task(truth[:, :-width], predicted[:, :outputs])
        return of_task * from_task + of_teachers * LOSSES[name](truth[:, -width:], own)

    return loss
