"""Mean and spread over members, against numbers by hand and numpy."""

import numpy as np
import pytest

from degu.classification import mutual_information, probabilities
from degu.job import InputError
from degu.spread import once, running, running_logits, summarise


def test_mean_and_spread_by_hand():
    mean, std = summarise(np.array([[[1.0, 0]], [[2, 0]], [[6, 3]]]))
    np.testing.assert_allclose(mean, [[3, 1]])
    np.testing.assert_allclose(std, [[np.sqrt(14 / 3), np.sqrt(2)]], rtol=1e-6)
    assert mean.dtype == std.dtype == np.float32


@pytest.mark.parametrize("spread", [summarise, running])
def test_one_member_has_no_spread(spread):
    with pytest.raises(InputError, match="needs at least two members; it has 1"):
        spread(np.ones((1, 3, 1)))


@pytest.mark.parametrize("spread", [summarise, running])
def test_weighted_mean_and_spread_by_hand(spread):
    """Members 1, 5 and 9 of weights 1, 2 and 1; then 0 and 4 of weights 3 and 1.

    Mean (1 + 10 + 9) / 4 = 5, variance (16 + 0 + 16) / 4 = 8; mean 1, variance (3 + 9) / 4 = 3.
    """
    for members, weights, mean, variance in [([1, 5, 9], [1, 2, 1], 5, 8), ([0, 4], [3, 1], 1, 3)]:
        found = spread(np.repeat(np.array(members, float)[:, None, None], weights, axis=0))
        np.testing.assert_allclose(found, [[[mean]], [[np.sqrt(variance)]]], rtol=1e-7)


def test_members_of_a_weighted_ensemble_are_found_once():
    """All predictions decide; one that agrees in some, or stands apart, is another."""
    nan = np.nan
    rows = np.array([[1, nan], [1, nan], [1, 2], [3, 4], [3, 4], [3, 4], [1, nan]])[..., None]
    assert once(rows).tolist() == [0, 2, 3, 6]
    assert once(rows[:1]).tolist() == [0] and once(rows[:0]).tolist() == []
    assert once(np.ones((3, 0, 1))).tolist() == [0, 1, 2]


def test_logits_of_members_one_after_the_other_say_what_all_at_once_do():
    """And two members by hand: certain of another class each, their mean leaves both open."""
    logits = np.random.default_rng(0).normal(0, 3, (5, 7, 3)).astype(np.float32)
    found = running_logits(iter(logits))
    for one, other in zip((found.mean, found.std), summarise(logits), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    np.testing.assert_allclose(found.information[:, 0], mutual_information(logits), atol=1e-6)
    mean = probabilities(logits).mean(axis=0)
    np.testing.assert_allclose(probabilities(found.marginal), mean, atol=1e-6)
    np.testing.assert_allclose(found.marginal.sum(axis=1), 0, atol=1e-5)
    opposite = running_logits(np.float32([[[900, -900]], [[-900, 900]]]))
    np.testing.assert_allclose(opposite.information, [[np.log(2)]])
    np.testing.assert_array_equal(opposite.marginal, [[0, 0]])
