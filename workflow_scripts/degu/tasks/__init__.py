"""Tasks: what a data set asks of a network, with the same functions for each.

A room `degu.tasks.NAME` has

- `from_measurements(data, rows, recipe)` and `from_teachers(data, rows, recipe, labels,
  unlabelled)`: the `Supervision` of a teacher and of a student,
- `write_labels(path, models, data, rows, shard, strands, draws=None)`: mean and spread of an
  ensemble, or of passes,
- `label_unlabelled(path, models, unlabelled, shard, strands, draws=None)`: the same for sequences
  without measurements,
- `predict(models, data, split, labels, stride, shard, strands)`: predictions of all members beside
  the truth,
- `check(models, heads, validation)`: refuses a member that fell out of its ensemble.
"""

from types import ModuleType

from degu.dataset import Dataset
from degu.tasks import activities, classes, profiles


def of(data: Dataset) -> ModuleType:
    """Room of the task of a data set: single activities, classes, or profiles of bases."""
    if data.is_classes:
        return classes
    return profiles if data.is_profile else activities
