"""Areas under curves by another package, their draws, and their intervals."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from degu.outliers import separation

RNG = np.random.default_rng(0)
# Rounded, so that many are equal.
KNOWN, FOREIGN = RNG.normal(size=60).round(1), RNG.normal(0.7, size=40).round(1)
TRUTH, SCORES = np.repeat([0, 1], [60, 40]), np.concatenate([KNOWN, FOREIGN])


def test_areas_are_those_of_scikit_learn_in_each_draw():
    known, foreign = (separation.draws(np.arange(n), 3, RNG) for n in (60, 40))
    found = separation.areas(KNOWN, FOREIGN, known, foreign)
    for draw, weights in enumerate(np.hstack([known, foreign])):
        wanted = roc_auc_score(TRUTH, SCORES, sample_weight=weights)
        assert found.auroc[draw] == pytest.approx(wanted)
        wanted = average_precision_score(TRUTH, SCORES, sample_weight=weights)
        assert found.aupr[draw] == pytest.approx(wanted)


def test_sequences_of_a_unit_are_drawn_together():
    drawn = separation.draws(np.array([7, 7, 3]), 50, RNG)
    assert drawn[0].tolist() == [1, 1, 1]
    assert (drawn[:, 0] == drawn[:, 1]).all()
    # Two units are drawn each time.
    assert (drawn[:, 1] + drawn[:, 2] == 2).all()
    assert drawn[1:].std(axis=0).min() > 0


def test_the_interval_has_the_width_of_hanley_and_mcneil():
    known, foreign = RNG.normal(size=200), RNG.normal(1, 1, size=150)
    weights = [separation.draws(np.arange(n), 400, RNG) for n in (200, 150)]
    area, low, high = separation.interval(separation.areas(known, foreign, *weights).auroc)
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    error = np.sqrt((area * (1 - area) + 149 * (q1 - area**2) + 199 * (q2 - area**2)) / (200 * 150))
    np.testing.assert_allclose([area - low, high - area], 1.96 * error, rtol=0.2)
