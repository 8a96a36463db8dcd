"""Supervision of teachers and students by single activities, labels of an ensemble, the truth."""

import json

import h5py
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from conftest import HEADS
from degu import dataset, models
from degu.dataset import Dataset
from degu.ensemble import Ensemble
from degu.heads import Heads
from degu.job import InputError
from degu.labels import read_heads, read_labels
from degu.splits import SPLITS
from degu.tasks import activities

TWO = ["Dev", "Hk"]
TEACHER = Heads.of(TWO, "aleatoric")
STUDENT = TEACHER.with_epistemic()
RNG = np.random.default_rng(0)


def made(path, names, teachers=(), n=24):
    """Write a data set; its activity is what the teachers predict on average, if there are any."""
    codes = RNG.integers(0, 4, (n, 20), dtype=np.uint8)
    targets = RNG.normal(size=(n, len(names))).astype(np.float32)
    if teachers:
        targets[:, 0] = Ensemble(teachers).predict(codes)[..., 0].mean(axis=0)
    splits = np.repeat(SPLITS, [n // 2, n // 4, n // 4])
    records = dataset.Records(
        np.array([f"s{row}" for row in range(n)]), codes, targets, list(names), splits
    )
    dataset.write(path, records)
    return Dataset(path)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two activities, each with a replicate deviation."""
    names = [*TWO, "Dev_aleatoric", "Hk_aleatoric"]
    return made(tmp_path_factory.mktemp("two") / "data.h5", names)


@pytest.fixture
def labels(tmp_path):
    """Labels by hand of teachers with four heads, of ten training rows."""
    path = tmp_path / "labels.h5"
    with h5py.File(path, "w") as file:
        file.attrs["heads"] = TEACHER.to_json()
        for split, n in {"train": 10, "validation": 6, "test": 6}.items():
            file[f"{split}/mean"] = RNG.normal(size=(n, 4)).astype(np.float32)
            file[f"{split}/std"] = RNG.uniform(0, 1, (n, 2)).astype(np.float32)
        file["train/std"][0] = 0
    return path


def logvar(std):
    return np.log(std.astype(np.float64) ** 2 + 1e-6)


def recipe(**changes):
    return {"scale": "std", "weights": {"epistemic": 0.5, "aleatoric": 3}} | changes


@pytest.mark.parametrize(("scale", "convert"), [("std", np.asarray), ("logvar", logvar)])
def test_targets_of_a_student(two, labels, scale, convert):
    rows = np.array([0, 1, 3, 4, 5, 6, 8, 9, 10, 11])
    student = activities.from_teachers(two, rows, recipe(scale=scale), labels)
    assert student.heads == TEACHER.with_epistemic(scale)
    assert student.outputs == 6 and student.convert is None
    codes, train = (array[:] for array in student.train)
    np.testing.assert_array_equal(codes, two.codes("train")[rows])
    validation_codes, validation = (array[:] for array in student.validation)
    np.testing.assert_array_equal(validation_codes, two.codes("validation"))
    with h5py.File(labels) as file:
        (mean, std), validation_std = file["train"].values(), file["validation/std"][:]
        np.testing.assert_array_equal(train[:, :4], mean)
        np.testing.assert_allclose(train[:, 4:], convert(std[:]), rtol=1e-5)
        np.testing.assert_array_equal(validation[:, :4], two.targets("validation"))
        np.testing.assert_allclose(validation[:, 4:], convert(validation_std), rtol=1e-5)
    assert train.shape == (10, 6)
    assert train.dtype == validation.dtype == np.float32


@pytest.mark.parametrize("validate", ["measurements", "labels"])
def test_a_student_of_members_learns_each_teacher(two, labels, validate):
    rows, by_member = np.arange(10), RNG.normal(size=(10, 6)).astype(np.float32)
    with h5py.File(labels, "a") as file:
        file["train/members"], file["validation/members"] = by_member, by_member[:6]
    keys = recipe(scale="members", validate=validate)
    student = activities.from_teachers(two, rows, keys, labels)
    assert student.heads == TEACHER.with_members(3)
    assert student.outputs == 2 + 6
    mean, of_validation = (read_labels(labels, split)[0] for split in ("train", "validation"))
    np.testing.assert_array_equal(student.train[1][:], np.hstack([mean, by_member]))
    told = two.targets("validation") if validate == "measurements" else of_validation
    np.testing.assert_array_equal(student.validation[1][:], np.hstack([told, by_member[:6]]))
    raw = tf.constant(RNG.normal(size=(4, 8)), tf.float32)
    heads = tf.concat(student.convert(raw), axis=-1).numpy()
    assert heads.shape == (4, len(student.heads))
    np.testing.assert_allclose(heads[:, 0], raw.numpy()[:, 2::2].mean(axis=1), rtol=1e-5)


def test_labels_of_an_older_version_teach_no_student_of_members(two, labels):
    with pytest.raises(InputError, match="has no activities by teacher"):
        activities.from_teachers(two, np.arange(10), recipe(scale="members"), labels)


def test_validation_of_a_head_that_was_not_measured_is_the_teachers_mean(labels, tmp_path):
    data = made(tmp_path / "data.h5", TWO)
    student = activities.from_teachers(data, np.arange(10), recipe(), labels)
    validation = student.validation[1][:]
    mean, std = read_labels(labels, "validation")
    np.testing.assert_array_equal(validation[:, :2], data.targets("validation"))
    np.testing.assert_array_equal(validation[:, 2:], np.hstack([mean[:, 2:], std]))


@pytest.mark.parametrize("scale", ["std", "logvar"])
def test_labels_validate_where_the_recipe_says_so(two, labels, scale):
    """The teachers' mean and spread, of measured heads as well; measurements are named, too."""
    rows = np.arange(10)
    named = recipe(scale=scale, validate="measurements")
    plain, same, taught = (
        activities.from_teachers(two, rows, own, labels).validation[1][:]
        for own in (recipe(scale=scale), named, recipe(scale=scale, validate="labels"))
    )
    np.testing.assert_array_equal(same, plain)
    mean = read_labels(labels, "validation")[0]
    np.testing.assert_array_equal(taught[:, :4], mean)
    np.testing.assert_array_equal(taught[:, 4:], plain[:, 4:])
    assert (taught[:, :4] != plain[:, :4]).all()


@pytest.mark.parametrize("aleatoric", [False, True])
def test_a_teacher_learns_the_measurements(two, aleatoric):
    rows = np.array([2, 3, 11])
    teacher = activities.from_measurements(two, rows, {"aleatoric": True} if aleatoric else {})
    columns = 4 if aleatoric else 2
    assert teacher.heads == (TEACHER if aleatoric else Heads.of(TWO))
    assert teacher.outputs == columns and teacher.convert is None
    for (codes, targets), split, of_split in [
        (teacher.train, "train", rows),
        (teacher.validation, "validation", slice(None)),
    ]:
        np.testing.assert_array_equal(codes[:], two.codes(split)[of_split])
        np.testing.assert_array_equal(targets[:], two.targets(split)[of_split, :columns])
    # The mean of squares over heads.
    truth, predicted = np.zeros((1, columns)), np.arange(1.0, 1 + columns)[None]
    value = teacher.loss(tf.constant(truth), tf.constant(predicted))
    np.testing.assert_allclose(value, [(1 + 4 + 9 + 16) / 4 if aleatoric else (1 + 4) / 2])


@pytest.mark.parametrize(
    ("likelihood", "raw", "value", "kinds"),
    [
        # Means 1 and 2, log-variances 0: half of log(2 pi), and a quarter of 1 + 4.
        ({"name": "gaussian"}, [1, 2, 0, 0], 0.918939 + 5 / 4, ("aleatoric",)),
        # Both means are right, nu, alpha - 1 and beta are 1: Student's t with 4 degrees of freedom
        # and a squared scale of 1.
        (
            {"name": "evidential", "weight": 7},
            [0, 0, *[np.log(np.e - 1)] * 6],
            -stats.t.logpdf(0, 4),
            ("aleatoric", "epistemic"),
        ),
    ],
    ids=["gaussian", "evidential"],
)
def test_a_likelihood_learns_activities_alone(two, likelihood, raw, value, kinds):
    teacher = activities.from_measurements(two, np.arange(5), {"likelihood": likelihood})
    assert teacher.heads == Heads.of(TWO, *kinds, noise="residuals")
    assert teacher.outputs == len(raw)
    np.testing.assert_array_equal(teacher.train[1][:], two.targets("train")[:5, :2])
    np.testing.assert_array_equal(teacher.validation[1][:], two.targets("validation")[:, :2])
    raw = tf.constant([raw], tf.float32)
    np.testing.assert_allclose(teacher.loss(tf.zeros((1, 2)), raw), [value], rtol=1e-6)
    # All deviations are 1.
    converted = np.hstack(teacher.convert(raw))
    np.testing.assert_allclose(converted, [[*raw[0, :2], *[1] * 2 * len(kinds)]], rtol=1e-6)


def test_a_teacher_of_a_head_that_was_not_measured_is_refused(tmp_path):
    data = made(tmp_path / "data.h5", TWO)
    with pytest.raises(InputError, match="no target 'Dev_aleatoric'"):
        activities.from_measurements(data, np.arange(5), {"aleatoric": True})


@pytest.mark.parametrize("measured_weight", [{}, {"measured_weight": 0.25}])
def test_residual_noise_is_not_held_against_that_of_replicates(two, labels, measured_weight):
    """Teachers with a likelihood predict another quantity than was measured under its name."""
    with h5py.File(labels, "r+") as file:
        file.attrs["heads"] = Heads.of(TWO, "aleatoric", noise="residuals").to_json()
    rows = np.arange(10)
    student = activities.from_teachers(two, rows, recipe(**measured_weight), labels)
    mean, std = read_labels(labels, "validation")
    known = two.targets("validation")[:, :2]
    expected = [known, mean[:, 2:], std, *([known] if measured_weight else [])]
    np.testing.assert_array_equal(student.validation[1][:], np.hstack(expected))
    assert student.train[1].shape == (10, 8 if measured_weight else 6)


@pytest.mark.parametrize("measured_weight", [{}, {"measured_weight": 0.25}])
def test_sequences_that_calibrate_choose_no_epoch(labels, measured_weight, tmp_path):
    data = made(tmp_path / "data.h5", TWO)
    with h5py.File(data.path, "r+") as file:
        file["validation/calibrates"] = [True, False, False, True, True, False]
    rows = [1, 2, 5]
    teacher = activities.from_measurements(data, np.arange(10), {})
    student = activities.from_teachers(data, np.arange(10), recipe(**measured_weight), labels)
    known = data.targets("validation")[rows]
    for supervision in (teacher, student):
        codes, targets = supervision.validation
        np.testing.assert_array_equal(codes[:], data.codes("validation")[rows])
        np.testing.assert_array_equal(targets[:][:, :2], known)
    mean, std = read_labels(labels, "validation")
    expected = [known, mean[rows, 2:], std[rows], *([known] if measured_weight else [])]
    np.testing.assert_array_equal(student.validation[1][:], np.hstack(expected))


def test_truth_is_nan_where_there_is_none(two, tmp_path):
    """There is none of aleatoric heads without replicates, and of evidential epistemic heads."""
    heads = STUDENT
    truth = activities.truth(two, "test", heads, None)
    np.testing.assert_array_equal(truth[:, :4], two.targets("test"))
    assert np.isnan(truth[:, 4:]).all()
    without = activities.truth(made(tmp_path / "data.h5", TWO), "test", Heads(heads[:4]), None)
    np.testing.assert_array_equal(np.isnan(without).all(axis=0), [False, False, True, True])


def test_the_loss_of_a_student_weighs_its_heads(two, labels):
    student = activities.from_teachers(two, np.arange(10), recipe(), labels)
    value = student.loss(tf.zeros((1, 6)), tf.ones((1, 6)))
    np.testing.assert_allclose(value, [0.5 * (1 + 1 + 3 + 3 + 0.5 + 0.5)])


@pytest.mark.parametrize("names", [TWO, [*TWO, "Dev_aleatoric", "Hk_aleatoric"]])
def test_a_mixed_student_equals_its_ends(names, labels, tmp_path):
    """At 0 it is distillation, at 1 the same loss from measurements of the measured heads."""
    data, rows = made(tmp_path / "data.h5", names), np.array([0, 1, 3, 4, 5, 6, 8, 9, 10, 11])
    plain = activities.from_teachers(data, rows, recipe(), labels)
    predicted = tf.constant(RNG.normal(size=(10, 6)).astype(np.float32))
    measured = data.targets("train")[rows]
    k, weights = len(names), np.array([1, 1, 3, 3])[: len(names)]
    ends = {
        0: plain.loss(tf.constant(plain.train[1][:]), predicted),
        1: 0.5 * np.sum(weights * (predicted[:, :k] - measured) ** 2, axis=1),
    }
    values = {}
    for weight in (0, 0.25, 1):
        mixed = activities.from_teachers(data, rows, recipe(measured_weight=weight), labels)
        np.testing.assert_array_equal(mixed.train[1][:], np.hstack([plain.train[1][:], measured]))
        values[weight] = mixed.loss(tf.constant(mixed.train[1][:]), predicted).numpy()
        known = np.hstack([plain.validation[1][:], data.targets("validation")])
        np.testing.assert_array_equal(mixed.validation[1][:], known)
    np.testing.assert_array_equal(values[0], ends[0])
    np.testing.assert_allclose(values[1], ends[1], rtol=1e-6)
    np.testing.assert_allclose(values[0.25], 0.75 * values[0] + 0.25 * values[1], rtol=1e-6)


def test_truth_of_each_head(two, labels):
    heads = Heads.of(TWO, "epistemic")
    known = two.targets("test")
    np.testing.assert_array_equal(activities.truth(two, "test", Heads.of(TWO), None), known[:, :2])
    truth = activities.truth(two, "test", heads, labels)
    np.testing.assert_array_equal(truth[:, :2], known[:, :2])
    np.testing.assert_array_equal(truth[:, 2:], read_labels(labels, "test")[1])
    heads = STUDENT
    truth = activities.truth(two, "test", heads, labels)
    np.testing.assert_array_equal(truth[:, :4], known)
    assert truth.shape == (6, 6)


def test_labels_are_mean_and_spread_of_the_teachers(members, tmp_path):
    data = made(tmp_path / "data.h5", ["y", "y_aleatoric"], members)
    rows, path = np.array([1, 2, 5, 11]), tmp_path / "labels.h5"
    activities.write_labels(path, members, data, rows)
    teachers = [models.predictor(models.load(member)) for member in members]
    for split in SPLITS:
        codes = data.codes(split)[rows] if split == "train" else data.codes(split)
        predictions = np.stack([teacher(codes) for teacher in teachers]).astype(np.float64)
        mean, std = read_labels(path, split)
        np.testing.assert_allclose(mean, predictions.mean(axis=0), rtol=1e-5, atol=1e-6)
        # The spread of the aleatoric head is nobody's target.
        np.testing.assert_allclose(std, predictions[..., :1].std(axis=0), rtol=1e-4, atol=1e-6)
        assert mean.dtype == std.dtype == np.float32
    with h5py.File(path) as file:
        assert json.loads(file.attrs["heads"])[1]["kind"] == "aleatoric"
    assert read_heads(path) == HEADS


def test_labels_and_predictions_are_of_both_strands_alike(members, tmp_path):
    """Mean and spread of what members predict, whose first head is what was measured here."""
    data = made(tmp_path / "data.h5", ["y", "y_aleatoric"], members)
    activities.write_labels(tmp_path / "both.h5", members, data, np.arange(12), strands="both")
    activities.write_labels(tmp_path / "forward.h5", members, data, np.arange(12))
    found = activities.predict(members, data, "test", None, strands="both").predictions
    both = Ensemble(members, "both").predict(data.codes("test"))
    np.testing.assert_array_equal(found, both)
    mean, std = read_labels(tmp_path / "both.h5", "test")
    np.testing.assert_allclose(mean, both.mean(axis=0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(std, both[..., :1].std(axis=0), rtol=1e-4, atol=1e-6)
    assert (mean != read_labels(tmp_path / "forward.h5", "test")[0]).all()


def inverted(member, path):
    heads = member.get_layer("heads")
    heads.kernel.assign(-heads.kernel)
    models.save(member, path, HEADS)


def test_labels_are_not_written_from_a_member_that_fell_out(members, tmp_path):
    data = made(tmp_path / "data.h5", ["y", "y_aleatoric"], members)
    bad = str(tmp_path / "models" / "lac" / "standard" / "0.25" / "3.keras")
    (tmp_path / "models" / "lac" / "standard" / "0.25").mkdir(parents=True)
    inverted(models.load(members[0]), bad)
    with pytest.raises(InputError, match=r"lac/standard/0\.25/3\.keras fell out .* r is -0\.[89]"):
        activities.write_labels(tmp_path / "labels.h5", [*members, bad], data, [0])
    with pytest.raises(InputError, match="at least two members"):
        activities.write_labels(tmp_path / "labels.h5", members[:1], data, [0])
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".h5"] == ["data.h5"]


@pytest.mark.parametrize("scale", ["std", "logvar"])
def test_predictions_of_all_members_are_deviations(scale, members, tmp_path):
    """Beside the truth: of a student's epistemic head the spread that its labels hold."""
    data = made(tmp_path / "data.h5", ["y"])
    heads = Heads.of(["y"], "epistemic", scale=scale)
    students = [str(tmp_path / f"{number}.keras") for number in range(2)]
    for member, path in zip(members, students, strict=False):
        models.save(models.load(member), path, heads)
    with h5py.File(tmp_path / "labels.h5", "w") as file:
        file["test/mean"], file["test/std"] = np.zeros((6, 1)), np.arange(6.0)[:, None]
    found = activities.predict(students, data, "test", tmp_path / "labels.h5")
    assert found.names.tolist() == [f"s{row}" for row in range(18, 24)]
    np.testing.assert_array_equal(found.units, data.units("test"))
    np.testing.assert_array_equal(found.truth[:, :1], data.targets("test"))
    np.testing.assert_array_equal(found.truth[:, 1], range(6))
    raw = Ensemble(students).predict(data.codes("test"))
    assert (raw[..., 1] > np.log(1e-6)).all() and (raw[..., 1] != 0).all()
    expected = raw[..., 1]
    if scale == "logvar":
        expected = np.sqrt(np.exp(expected.astype(float)) - 1e-6)
    np.testing.assert_array_equal(found.predictions[..., 0], raw[..., 0])
    np.testing.assert_allclose(found.predictions[..., 1], expected, rtol=1e-5)
    assert found.predictions.shape == (2, 6, 2) and found.moments is None
