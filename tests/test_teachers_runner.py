"""The file that a user's interpreter runs, in this process; `test_teachers_asked` starts one."""

import numpy as np
import pytest

from degu.teachers import runner


class Teacher:
    """Records what is asked of it; the loss is that of a setting."""

    def __init__(self, losses):
        self.losses, self.kept, self.last = losses, None, None

    def fit(self, measured, classes, batch_size, rate, epochs, patience):
        self.last = batch_size, rate
        return self.losses[self.last]

    def keep(self):
        self.kept = self.last

    def restore(self):
        self.last = self.kept


GRID = {"batch_size": [2, 4], "learning_rate": [1e-3, 1e-4], "epochs": 1, "patience": 1}


def test_the_smallest_validation_loss_of_the_grid_counts():
    losses = {(2, 1e-3): 3.0, (2, 1e-4): float("nan"), (4, 1e-3): 1.0, (4, 1e-4): 2.0}
    teacher = Teacher(losses)
    runner.finetune(teacher, GRID, {}, classes=False)
    assert teacher.last == (4, 1e-3)
    with pytest.raises(SystemExit, match="no setting of finetune gave a finite"):
        runner.finetune(Teacher(dict.fromkeys(losses, float("inf"))), GRID, {}, classes=False)


def test_vectors_are_finite_rows_one_a_sequence():
    runner.check(np.zeros((3, 2)), 3)
    with pytest.raises(SystemExit, match=r"shape \(3, 2\) for 4 sequences"):
        runner.check(np.zeros((3, 2)), 4)
    with pytest.raises(SystemExit, match=r"not finite for sequence 1"):
        runner.check(np.array([[0.0], [np.nan]]), 2)
