"""Teachers and a student on a world whose noise is known, by the workflow's own scripts."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

import small_run
from degu import augment, metrics, models
from degu.dataset import Dataset
from degu.ensemble import Ensemble
from degu.sequences import shuffle
from degu.simulated.world import WORLD as WHOLE
from degu.simulated.world import noise

MOTIFS = tuple(m for m in WHOLE.motifs if m.name in ("first_cell", "noisy"))
# One motif raises the activity, and the noise with it; the other one the noise alone.
WORLD = replace(WHOLE, motifs=MOTIFS, pairs=())
TRAIN, OTHERS, TEACHERS = 8000, 400, 3


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Single measurements as a data set; the planted noise of its test sequences."""
    path = tmp_path_factory.mktemp("world") / "data.h5"
    small_run.simulate(path, TRAIN, OTHERS, every=20, planted=WORLD)
    return path, noise(Dataset(path).codes("test"), WORLD)[:, 0]


@pytest.fixture(scope="module")
def run(world, tmp_path_factory):
    """Heteroscedastic teachers, and a student that is wider than they are."""
    sizes = [{"name": "compact_cnn", "width": width, "kernel": 9} for width in (32, 48)]
    made = small_run.run(
        world[0],
        tmp_path_factory.mktemp("run"),
        TEACHERS,
        architectures=tuple(sizes),
        recipes=({"likelihood": {"name": "gaussian"}}, small_run.STUDENT),
    )
    return Ensemble(made.teachers), Ensemble([made.student])


def test_aleatoric_heads_follow_the_planted_noise(world, run):
    """Both the ensemble, which has seen single measurements, and its student follow it."""
    codes = Dataset(world[0]).codes("test")
    for models_of in run:
        said = models_of.predict(codes).mean(axis=0)
        assert metrics.pearson(world[1], said[:, 1]) >= 0.8
    assert run[1].predict(codes).shape == (1, OTHERS, 3)


def test_a_student_is_closer_to_the_ensemble_than_its_members_are(world, run):
    """Each from the mean of the others; on clean, mutated and shuffled test sequences."""
    codes = Dataset(world[0]).codes("test")
    mutated = augment.mutation(tf.one_hot(codes, 4), tf.constant([1, 2]))
    for shifted in (codes, np.argmax(mutated, axis=-1).astype(np.uint8), shuffle(codes, 1)):
        teachers, (student,) = (models_of.predict(shifted)[..., 0] for models_of in run)
        others = [np.delete(teachers, member, axis=0).mean(axis=0) for member in range(TEACHERS)]
        apart = [metrics.mse(mean, own) for mean, own in zip(others, teachers, strict=True)]
        assert metrics.mse(teachers.mean(axis=0), student) < np.mean(apart)


def test_the_student_is_of_its_own_size(run):
    teacher, student = (models.load(ensemble._paths[0]) for ensemble in run)
    assert student.count_params() > 2 * teacher.count_params()
