"""Losses: functions (truth, predicted) -> one value a sequence.

They check shapes, because a loss of shape (n, n) by broadcasting trains without complaint and
learns the wrong thing. Where a target has several heads, heads of one kind stand together: all
means, then all log-variances. A measurement that is missing, NaN in the truth, adds nothing, and
moves no weight.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

Loss = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]

# Added to a predicted rate before its logarithm, since softplus can underflow to zero.
_RATE = 1e-7


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
    check_shapes(truth, predicted)
    return tf.reduce_mean(tf.square(_residuals(truth, predicted)), axis=-1)


def _residuals(truth: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
    """Subtract the truth; 0 where it is missing."""
    return tf.where(tf.math.is_nan(truth), 0.0, predicted - truth)


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
        check_shapes(truth, predicted)
        if predicted.shape[-1] != len(weights):
            raise ValueError(f"There are {len(weights)} weights for {predicted.shape[-1]} heads.")
        return 0.5 * tf.reduce_sum(weights * tf.square(_residuals(truth, predicted)), axis=-1)

    return loss


def mixed(weights: Sequence[float], measured: Sequence[int], measured_weight: float) -> Loss:
    """Loss of a student that learns from its teachers and from measurements at once.

    `measured_weight` times `distillation` from measurements, of the heads that were measured, and
    the rest of one times `distillation` from the teachers.

    Parameters
    ----------
    weights
        One a head.
    measured
        Numbers of the heads that were measured.
    measured_weight
        In [0, 1].

    Returns
    -------
    loss : callable
        Truth of shape (n, heads + measured heads): labels of the teachers, then measurements.
    """
    from_teachers = distillation(weights)
    from_measurements = distillation([weights[head] for head in measured])

    def loss(truth, predicted):
        taught, known = truth[:, : len(weights)], truth[:, len(weights) :]
        return (1 - measured_weight) * from_teachers(taught, predicted) + (
            measured_weight * from_measurements(known, tf.gather(predicted, measured, axis=1))
        )

    return loss


def poisson(
    truth: tf.Tensor, predicted: tf.Tensor, weights: Sequence[float] | float = 1.0
) -> tf.Tensor:
    """Poisson loss of profiles, mean over positions and tasks; the factorial is left out.

    Paper, Methods, "Standard training of CNN-task-base"; students minimise it as well.

    Parameters
    ----------
    truth, predicted : tensors, shape (n, length, tasks)
        Not negative.
    weights
        One a task, such as 1, lambda and gamma; or one for all.

    Returns
    -------
    loss : tensor, shape (n,)

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    check_shapes(truth, predicted, allowed="both must be (n, length, tasks)", rank=3)
    values = predicted - truth * tf.math.log(predicted + _RATE)
    return tf.reduce_mean(weights * values, axis=[1, 2])


def gaussian_nll(truth: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
    """Negative log-likelihood of normal distributions, mean over targets.

    Paper, Methods, "Heteroscedastic regression".

    Parameters
    ----------
    truth : tensor, shape (n, targets)
    predicted : tensor, shape (n, 2 targets)
        All means, then all log-variances.

    Returns
    -------
    loss : tensor, shape (n,)

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    check_shapes(truth, predicted, allowed="they must be (n, targets) and (n, 2 targets)", heads=2)
    mean, logvar = tf.split(predicted, 2, axis=-1)
    squares = tf.square(_residuals(truth, mean)) * tf.exp(-logvar)
    values = 0.5 * (math.log(2 * math.pi) + logvar + squares)
    return tf.reduce_mean(_of_measured(truth, values), axis=-1)


def _of_measured(truth: tf.Tensor, values: tf.Tensor) -> tf.Tensor:
    """Keep the values, which are finite, of measured targets; 0 for those that are missing."""
    return tf.where(tf.math.is_nan(truth), 0.0, values)


def gaussian_heads(heads: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return mean and standard deviation, shape (..., targets), of heads of `gaussian_nll`."""
    mean, logvar = keras.ops.split(heads, 2, axis=-1)
    return mean, keras.ops.exp(0.5 * logvar)


def evidential(weight: float) -> Loss:
    """Negative log-likelihood and regulariser of deep evidential regression, mean over targets.

    Amini et al., 2020, eq. 8 to 10; the equation in the paper's Methods, "Deep evidential
    regression", is `gaussian_nll`. The truth has shape (n, targets); of the four kinds of raw
    heads see `normal_inverse_gamma`.

    Parameters
    ----------
    weight
        Weight of the regulariser, which takes evidence away where the mean is wrong.
    """

    def loss(truth, predicted):
        check_shapes(
            truth, predicted, allowed="they must be (n, targets) and (n, 4 targets)", heads=4
        )
        mean, nu, excess, beta = normal_inverse_gamma(predicted)
        alpha, scale = 1 + excess, 2 * beta * (1 + nu)
        residuals = _residuals(truth, mean)
        likelihood = (
            0.5 * (math.log(math.pi) - tf.math.log(nu) + tf.math.log(scale))
            + (alpha + 0.5) * tf.math.log1p(nu * tf.square(residuals) / scale)
            + tf.math.lgamma(alpha)
            - tf.math.lgamma(alpha + 0.5)
        )
        regulariser = tf.abs(residuals) * (2 * nu + alpha)
        return tf.reduce_mean(_of_measured(truth, likelihood + weight * regulariser), axis=-1)

    return loss


def normal_inverse_gamma(heads: tf.Tensor) -> list[tf.Tensor]:
    """Turn raw heads into parameters of normal-inverse-gamma distributions.

    Parameters
    ----------
    heads : tensor, shape (..., 4 targets)
        All of the first kind, then all of the second, and so on; not constrained.

    Returns
    -------
    mean, nu, excess, beta : tensors, shape (..., targets)
        All positive but the mean. `excess` is alpha - 1: alpha itself would round to 1.
    """
    mean, *others = keras.ops.split(heads, 4, axis=-1)
    return [mean, *map(keras.ops.softplus, others)]


def evidential_heads(heads: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Mean and uncertainties that raw heads of `evidential` stand for.

    Amini et al., 2020, eq. 5. The data do not determine nu well (Meinert et al., 2022), so the
    epistemic one is a heuristic.

    Parameters
    ----------
    heads : tensor, shape (..., 4 targets)

    Returns
    -------
    mean, aleatoric, epistemic : tensors, shape (..., targets)
        The latter two are standard deviations.
    """
    mean, nu, excess, beta = normal_inverse_gamma(heads)
    aleatoric = keras.ops.sqrt(beta / excess)
    return mean, aleatoric, aleatoric / keras.ops.sqrt(nu)


class Objective(NamedTuple):
    """Training target of teachers.

    Attributes
    ----------
    loss : Loss
    outputs : int
        Raw outputs a target.
    convert : callable or None
        Raw outputs -> heads: activities and standard deviations; None where they are the same.
    kinds : tuple of str
        Kinds of uncertainty heads that the loss itself makes (`degu.heads.KINDS`).
    """

    loss: Loss
    outputs: int = 1
    convert: Callable | None = None
    kinds: tuple[str, ...] = ()


def likelihood(name: str, weight: float = 0.0) -> Objective:
    """Objective of a likelihood by its name in a recipe: gaussian, or evidential with a weight."""
    if name == "gaussian":
        return Objective(gaussian_nll, 2, gaussian_heads, ("aleatoric",))
    return Objective(evidential(weight), 4, evidential_heads, ("aleatoric", "epistemic"))


def check_shapes(
    truth: tf.Tensor,
    predicted: tf.Tensor,
    allowed: str = "both must be (n, heads)",
    rank: int = 2,
    heads: int = 1,
) -> None:
    """Raise `ValueError` unless predictions have the shape of the truth, with so many times heads.

    Parameters
    ----------
    truth, predicted
        What a loss is given.
    allowed
        Shapes that are allowed, for the error.
    rank, heads
        Axes of the truth, and predicted heads a target.
    """
    shape = truth.shape
    if shape.rank != rank or not predicted.shape.is_compatible_with(
        [*shape[:-1], shape[-1] and heads * shape[-1]]
    ):
        raise ValueError(
            f"Truth has shape {truth.shape} and prediction {predicted.shape}: {allowed}."
        )
