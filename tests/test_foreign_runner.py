"""The file that a user's interpreter runs, in this process; `test_foreign_module` starts one."""

import numpy as np
import pytest

from degu.foreign import runner


def test_rows_of_arrays_and_lists():
    assert runner.rows_of(np.array([[1, 2], [3, 4]]), 2) == [[1.0, 2.0], [3.0, 4.0]]
    assert runner.rows_of(np.array([1, 2]), 1) == [[1.0], [2.0]]
    assert runner.rows_of([0.5, 1], 1) == [[0.5], [1.0]]
    with pytest.raises(SystemExit, match="gave 1 numbers a sequence, not 2"):
        runner.rows_of([0.5, 1], 2)
