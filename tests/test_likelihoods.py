"""Likelihoods as losses, against closed forms and scipy's distributions."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import special, stats

from degu import losses

RNG = np.random.default_rng(0)
LOG_2PI = np.log(2 * np.pi)
RAW_ONE = np.log(np.e - 1)  # softplus of it is 1


def raw(value):
    """Inverse of softplus."""
    return np.log(np.expm1(value))


def test_gaussian_nll_at_the_mean_of_a_standard_normal():
    loss = losses.gaussian_nll(tf.constant([[1.5], [-2.0]]), tf.constant([[1.5, 0.0], [-2.0, 0.0]]))
    np.testing.assert_allclose(loss, [0.918939, 0.918939], atol=5e-7)


def test_gaussian_nll_by_hand():
    truth = tf.constant([[3.0], [0.0]])
    predicted = tf.constant([[1.0, np.log(4.0)], [1.0, np.log(0.25)]], tf.float32)
    expected = [0.5 * (LOG_2PI + np.log(4) + 4 / 4), 0.5 * (LOG_2PI - np.log(4) + 1 / 0.25)]
    np.testing.assert_allclose(losses.gaussian_nll(truth, predicted), expected, rtol=1e-6)


def test_gaussian_nll_has_the_means_first_and_one_value_a_sequence():
    truth, mean, logvar = RNG.normal(size=(3, 7, 2))
    loss = losses.gaussian_nll(tf.constant(truth), tf.constant(np.hstack([mean, logvar])))
    assert loss.shape == (7,)
    expected = -stats.norm.logpdf(truth, mean, np.exp(logvar / 2)).mean(axis=1)
    np.testing.assert_allclose(loss, expected, rtol=1e-12)


def test_gaussian_nll_is_least_at_mean_and_variance_of_the_sample():
    """A loss of shape (n, n) would have its minimum elsewhere once the variances differ."""
    truth = RNG.normal(2, 3, size=(50, 1))
    group = np.arange(50)[:, None] < 20
    parameters = tf.Variable(
        [[truth[side].mean(), np.log(truth[side].var())] for side in (group, ~group)]
    )
    with tf.GradientTape() as tape:
        predicted = tf.gather(parameters, np.where(group[:, 0], 0, 1))
        loss = tf.reduce_mean(losses.gaussian_nll(tf.constant(truth), predicted))
    np.testing.assert_allclose(
        tf.convert_to_tensor(tape.gradient(loss, parameters)), np.zeros((2, 2)), atol=1e-14
    )


def test_gaussian_heads_by_hand():
    heads = np.array([[1.0, 2.0, 0.0, np.log(9.0)]])
    mean, std = losses.gaussian_heads(heads)
    np.testing.assert_allclose(mean, [[1, 2]])
    np.testing.assert_allclose(std, [[1, 3]])
    members = np.stack([heads, heads + 1])
    assert losses.gaussian_heads(members)[1].shape == (2, 1, 2)


@pytest.mark.parametrize("targets", [1, 3])
def test_evidential_likelihood_is_student_t(targets):
    truth, mean = RNG.normal(size=(2, 11, targets))
    nu, excess, beta = RNG.uniform(0.05, 8, size=(3, 11, targets))
    heads = np.hstack([mean, raw(nu), raw(excess), raw(beta)])
    loss = losses.evidential(0.0)(tf.constant(truth), tf.constant(heads))
    alpha = 1 + excess
    expected = -stats.t.logpdf(truth, 2 * alpha, mean, np.sqrt(beta * (1 + nu) / (nu * alpha)))
    assert loss.shape == (11,)
    np.testing.assert_allclose(loss, expected.mean(axis=1), rtol=1e-12)


def test_evidential_regulariser_by_hand():
    truth = tf.constant([[1.0, 0.0], [2.0, -1.0]], tf.float64)
    heads = np.hstack([np.zeros((2, 2)), raw(np.array([[0.5, 2.0, 1.0, 3.0, 1.0, 1.0]] * 2))])
    plain, weighted = (
        losses.evidential(weight)(truth, tf.constant(heads)) for weight in (0.0, 0.5)
    )
    # |y - mean| (2 nu + alpha): targets have 2 * 0.5 + 2 and 2 * 2 + 4.
    np.testing.assert_allclose(weighted - plain, [0.5 * 3 / 2, 0.5 * (2 * 3 + 8) / 2], rtol=1e-12)


@pytest.mark.parametrize("value", [-60.0, 0.0, 60.0])
def test_parameters_hold_their_constraints_in_single_precision(value):
    heads = np.full((2, 4), value, np.float32)
    mean, *others = losses.normal_inverse_gamma(heads)
    np.testing.assert_array_equal(mean, heads[:, :1])
    for parameter in others:
        assert (parameter.numpy() > 0).all()
    assert all(np.isfinite(head).all() for head in losses.evidential_heads(heads))
    loss = losses.evidential(0.01)(tf.zeros((2, 1)), tf.constant(heads))
    assert np.isfinite(loss).all()


def test_evidential_heads_by_hand():
    heads = np.array([[7.0, -7.0, raw(4.0), RAW_ONE, raw(2.0), RAW_ONE, raw(8.0), raw(9.0)]])
    mean, aleatoric, epistemic = losses.evidential_heads(heads)
    np.testing.assert_allclose(mean, [[7, -7]])
    np.testing.assert_allclose(aleatoric, [[2, 3]])  # sqrt(8 / 2), sqrt(9 / 1)
    np.testing.assert_allclose(epistemic, [[1, 3]])  # sqrt(8 / (4 * 2)), sqrt(9 / (1 * 1))
    members = np.stack([heads, heads])
    assert all(head.shape == (2, 1, 2) for head in losses.evidential_heads(members))


def test_evidential_heads_are_those_of_draws():
    nu, excess, beta = 2.0, 5.0, 3.0
    variance = stats.invgamma.rvs(1 + excess, scale=beta, size=400_000, random_state=1)
    mean = stats.norm.rvs(0.5, np.sqrt(variance / nu), random_state=2)
    heads = losses.evidential_heads(np.array([[0.5, raw(nu), raw(excess), raw(beta)]]))
    drawn = [mean.mean(), np.sqrt(variance.mean()), mean.std()]
    np.testing.assert_allclose(np.ravel(heads), drawn, rtol=5e-3)


def test_poisson_is_the_likelihood_without_the_factorial():
    truth = RNG.poisson(4, size=(5, 6, 2)).astype(float)
    rate = RNG.uniform(0.5, 9, size=(5, 6, 2))
    loss = losses.poisson(tf.constant(truth), tf.constant(rate))
    expected = -stats.poisson.logpmf(truth, rate) - special.gammaln(truth + 1)
    assert loss.shape == (5,)
    np.testing.assert_allclose(loss, expected.mean(axis=(1, 2)), rtol=1e-5)


def test_poisson_by_hand_and_at_a_rate_of_zero():
    truth = tf.constant([[[0.0], [2.0]], [[0.0], [0.0]]])
    rate = tf.constant([[[1.0], [3.0]], [[0.0], [0.0]]])
    expected = [(1 + 3 - 2 * np.log(3)) / 2, 0]
    np.testing.assert_allclose(losses.poisson(truth, rate), expected, atol=1e-6)
    assert np.isfinite(losses.poisson(tf.ones((1, 1, 1)), tf.zeros((1, 1, 1)))).all()


@pytest.mark.parametrize(
    ("loss", "truth", "predicted", "allowed"),
    [
        (losses.gaussian_nll, (4,), (4, 2), r"\(n, targets\) and \(n, 2 targets\)"),
        (losses.gaussian_nll, (4, 1), (4, 1), r"\(n, targets\) and \(n, 2 targets\)"),
        (losses.gaussian_nll, (4, 1), (4, 4), r"\(n, targets\) and \(n, 2 targets\)"),
        (losses.gaussian_nll, (4, 2), (4, 2), r"\(n, targets\) and \(n, 2 targets\)"),
        (losses.gaussian_nll, (1, 1), (4, 2), r"\(n, targets\) and \(n, 2 targets\)"),
        (losses.evidential(1.0), (4, 1), (4, 2), r"\(n, targets\) and \(n, 4 targets\)"),
        (losses.evidential(1.0), (4,), (4, 4), r"\(n, targets\) and \(n, 4 targets\)"),
        (losses.poisson, (4, 9), (4, 9, 1), r"both must be \(n, length, tasks\)"),
        (losses.poisson, (4, 9, 1), (4, 9, 2), r"both must be \(n, length, tasks\)"),
        (losses.poisson, (4, 2), (4, 2), r"both must be \(n, length, tasks\)"),
        (losses.mse, (4, 1, 1), (4, 1, 1), r"both must be \(n, heads\)"),
        (losses.mse, (4, 1), (4, 4), r"both must be \(n, heads\)"),
    ],
)
def test_shapes_that_would_broadcast_are_refused(loss, truth, predicted, allowed):
    with pytest.raises(ValueError, match=allowed):
        loss(tf.ones(truth), tf.ones(predicted))


def test_losses_inside_a_graph_of_unknown_batch_size():
    @tf.function(input_signature=[tf.TensorSpec([None, 1]), tf.TensorSpec([None, 4])])
    def both(truth, heads):
        return losses.gaussian_nll(truth, heads[:, :2]), losses.evidential(0.1)(truth, heads)

    truth, heads = RNG.normal(size=(5, 1)), RNG.normal(size=(5, 4))
    gaussian, evidential = both(truth.astype(np.float32), heads.astype(np.float32))
    np.testing.assert_allclose(
        gaussian, losses.gaussian_nll(tf.constant(truth), tf.constant(heads[:, :2])), rtol=1e-5
    )
    np.testing.assert_allclose(
        evidential, losses.evidential(0.1)(tf.constant(truth), tf.constant(heads)), rtol=1e-5
    )


def test_weights_of_poisson_by_hand():
    """Two positions, two tasks; the second task weighs three."""
    truth = tf.constant([[[1.0, 2.0], [0.0, 1.0]]])
    rate = tf.constant([[[1.0, 1.0], [2.0, np.e]]])
    expected = np.mean([1, 3 * 1, 2, 3 * (np.e - 1)])
    np.testing.assert_allclose(losses.poisson(truth, rate, weights=[1, 3]), [expected], rtol=1e-6)


def test_a_likelihood_by_its_name():
    """Loss, raw outputs a target, conversion into heads, and their kinds."""
    truth, raw_heads = tf.constant([[1.0]]), tf.constant([[1.0, 0.0]])
    loss, outputs, convert, kinds = losses.likelihood("gaussian")
    np.testing.assert_allclose(loss(truth, raw_heads), [0.918939], atol=5e-7)
    assert (outputs, kinds) == (2, ("aleatoric",))
    np.testing.assert_array_equal(np.ravel(convert(np.array([[1.0, 0.0]]))), [1, 1])
    loss, outputs, convert, kinds = losses.likelihood("evidential", weight=0.5)
    raw_heads = np.array([[7.0, raw(4.0), raw(2.0), raw(8.0)]])
    assert (outputs, kinds) == (4, ("aleatoric", "epistemic"))
    np.testing.assert_allclose(np.ravel(convert(raw_heads)), [7, 2, 1])
    # The regulariser at a distance of 2 from the mean: 0.5 * 2 * (2 * 4 + 3).
    at_nine, unregularised = (
        function(tf.constant([[9.0]], tf.float64), tf.constant(raw_heads))
        for function in (loss, losses.likelihood("evidential").loss)
    )
    np.testing.assert_allclose(at_nine - unregularised, [11])
