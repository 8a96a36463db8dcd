"""The file of a run's scores."""

import numpy as np

from degu.heads import Heads
from degu.outliers import scored
from degu.outliers.scored import Score, Scored


def test_scores_come_back_with_the_test_set_first(tmp_path):
    score = Score("entropy", "prediction", "0", 1, 0.5)
    values = {"test": np.array([[0.25, 0.5]]), "foreign": np.array([[2.0]])}
    units = {"test": np.array([3, 3]), "foreign": np.array([0])}
    predictions = {"test": np.zeros((1, 2, 1)), "foreign": np.ones((1, 1, 1))}
    path = tmp_path / "scores.h5"
    scored.write(path, Scored([score], values, units), Heads.of_classes(["a"]), predictions)
    found = scored.read(path)
    assert found.scores == [score]
    assert [*found.values] == [*found.units] == ["test", "foreign"]
    np.testing.assert_array_equal(found.values["test"], values["test"])
    np.testing.assert_array_equal(found.units["test"], [3, 3])
