"""Search spaces: ranges as distributions, and what is drawn from them."""

import numpy as np
import pytest
from scipy import stats

from degu.tuning import space

ASKED = {
    "architecture": {
        "kernel": {"choice": [3, 6, 9, 12]},
        "dense": {"integer": [1, 3]},
        "dropout": {"uniform": [0, 0.3]},
    },
    "training": {"learning_rate": {"log": [0.0005, 0.01]}},
}


@pytest.fixture(scope="module")
def drawn():
    sets = space.draw(space.distributions(ASKED), 400, seed=1)
    return {name: np.array([values[name] for values in sets]) for name in sets[0]}


def test_each_range_is_drawn_from_as_it_says(drawn):
    assert list(drawn) == [
        *("architecture.kernel", "architecture.dense", "architecture.dropout"),
        "training.learning_rate",
    ]
    for name, values in [("architecture.kernel", [3, 6, 9, 12]), ("architecture.dense", [1, 2, 3])]:
        found, counts = np.unique(drawn[name], return_counts=True)
        assert list(found) == values
        assert stats.chisquare(counts).pvalue > 0.001
    even = stats.uniform(0, 0.3).cdf
    assert stats.kstest(drawn["architecture.dropout"], even).pvalue > 0.001
    log = stats.loguniform(0.0005, 0.01).cdf
    assert stats.kstest(drawn["training.learning_rate"], log).pvalue > 0.001


def test_the_sets_of_fewer_trials_are_the_first_of_more():
    known = space.distributions(ASKED)
    more = space.draw(known, 30, seed=1)
    assert space.draw(known, 10, seed=1) == more[:10]
    assert space.draw(known, 10, seed=2) != more[:10]


def test_a_space_of_twelve_sets_is_drawn_to_its_end_without_a_repetition():
    ranges = {"architecture": {key: ASKED["architecture"][key] for key in ("kernel", "dense")}}
    sets = space.draw(space.distributions(ranges), 12, seed=0)
    assert len({tuple(values.values()) for values in sets}) == 12
