"""Supervision, the contract of all tasks: heads, raw outputs, targets and loss fit each other."""

import h5py
import numpy as np
import pytest
import tensorflow as tf

from degu import dataset, tasks
from degu.dataset import Dataset
from degu.heads import Heads
from degu.splits import SPLITS
from degu.tasks import activities, profiles
from degu.tasks.supervision import Supervision, exchanged

N, WINDOW, CROP = 8, 20, 12
RNG = np.random.default_rng(0)
WEIGHTS = {"weights": {"epistemic": 1, "aleatoric": 1}, "scale": "std"}


@pytest.fixture(scope="module", params=[activities, profiles], ids=["activities", "profiles"])
def task(request, tmp_path_factory):
    """Write an activity with its noise, and labels of teachers, in the way of a room."""
    folder, of_profiles = tmp_path_factory.mktemp("task"), request.param is profiles
    of_row = (WINDOW,) if of_profiles else ()
    with h5py.File(folder / "data.h5", "w") as file:
        names = ["y", "y_aleatoric"]
        writer = dataset.Writer(file, WINDOW, names, ["y"], profile=of_profiles)
        if of_profiles:
            file.attrs["crop"] = CROP
        for split in SPLITS:
            codes = RNG.integers(0, 4, (N, WINDOW), dtype=np.uint8)
            targets = RNG.uniform(0, 1, (N, *of_row, 2)).astype(np.float32)
            writer.append(split, codes, targets, [f"{split}{row}" for row in range(N)])
        writer.count([])
    with h5py.File(folder / "labels.h5", "w") as file:
        file.attrs["heads"] = Heads.of(["y"], "aleatoric").to_json()
        for split in SPLITS:
            file[f"{split}/mean"] = RNG.uniform(0, 1, (N, *of_row, 2)).astype(np.float32)
            file[f"{split}/std"] = RNG.uniform(0, 1, (N, *of_row, 1)).astype(np.float32)
    return request.param, Dataset(folder / "data.h5"), folder / "labels.h5"


def test_a_data_set_has_the_task_of_its_kind(task):
    room, data, _ = task
    assert tasks.of(data) is room


def check(supervision, kinds, length, crop):
    """Hold all parts of a supervision of eight sequences against each other."""
    assert isinstance(supervision, Supervision)
    assert supervision.heads.names == Heads.of(["y"], *kinds).names
    for (codes, targets), n, bases in [
        (supervision.train, N, length),
        (supervision.validation, N, crop),
    ]:
        assert codes.shape == (n, bases) and codes.dtype == np.uint8
        assert len(targets) == n
        targets = tf.constant(targets[:])
        of_base = (bases,) if targets.shape.rank == 3 else ()
        raw = tf.random.stateless_uniform((n, *of_base, supervision.outputs), (1, 2))
        value = supervision.loss(targets, raw).numpy()
        assert value.shape == (n,) and np.isfinite(value).all()
        convert = supervision.convert
        predicted = raw if convert is None else tf.concat(convert(raw), axis=-1)
        assert predicted.shape == (n, *of_base, len(supervision.heads))


EVIDENTIAL = {"likelihood": {"name": "evidential", "weight": 0.1}}


@pytest.mark.parametrize(
    ("task", "recipe", "kinds"),
    [
        (activities, {}, ()),
        (profiles, {}, ()),
        (activities, {"aleatoric": True}, ("aleatoric",)),
        (profiles, {"aleatoric": True}, ("aleatoric",)),
        (activities, {"likelihood": {"name": "gaussian"}}, ("aleatoric",)),
        (activities, EVIDENTIAL, ("aleatoric", "epistemic")),
    ],
    indirect=["task"],
)
def test_supervision_of_teachers_fits(task, recipe, kinds):
    room, data, _ = task
    check(room.from_measurements(data, np.arange(N), recipe), kinds, WINDOW, data.crop)


@pytest.mark.parametrize(
    ("task", "more"),
    [(activities, {}), (profiles, {}), (activities, {"measured_weight": 0.5})],
    indirect=["task"],
)
def test_supervision_of_students_fits(task, more):
    room, data, labels = task
    found = room.from_teachers(data, np.arange(N), WEIGHTS | more, labels)
    check(found, ("aleatoric", "epistemic"), WINDOW, data.crop)


def test_units_exchange_their_measurements_whole():
    """Rows of a unit of two, such as both strands, get one other unit's, those of one its own."""
    units = np.array([3, 1, 3, 2, 1, 7])
    seen = set()
    for seed in range(40):
        rows = exchanged(units, seed)
        np.testing.assert_array_equal(rows, exchanged(units, seed))
        given = {unit: units[rows[units == unit]].tolist() for unit in (1, 2, 3, 7)}
        assert all(len(set(others)) == 1 for others in given.values())
        # Each unit gives its measurement away once.
        assert sorted(others[0] for others in given.values()) == [1, 2, 3, 7]
        for unit, (first, *_) in given.items():
            if unit in (1, 3) and first in (1, 3):
                assert rows[units == unit].tolist() == np.flatnonzero(units == first).tolist()
        seen.add(tuple(rows))
    # Almost all of the 24 permutations of four units.
    assert len(seen) > 15


def test_a_control_learns_other_measurements_and_is_validated_on_its_own(task):
    room, data, _ = task
    plain = room.from_measurements(data, np.arange(1, N), {})
    control = plain.shuffled(data.units("train"), np.arange(1, N), 5)
    rows = exchanged(np.arange(1, N), 5)
    assert (rows != np.arange(N - 1)).any()
    np.testing.assert_array_equal(control.train[1][:], plain.train[1][:][rows])
    np.testing.assert_array_equal(control.train[0][:], plain.train[0][:])
    assert control.validation is plain.validation
