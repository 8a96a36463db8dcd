"""Heads, labels and targets of students, and members that fell out of their ensemble."""

import h5py
import numpy as np
import pytest
import tensorflow as tf

from degu import augment, dataset, distill, losses, models, training
from degu.dataset import Dataset
from degu.ensemble import Ensemble
from degu.job import InputError

TWO = ["Dev", "Hk"]
RNG = np.random.default_rng(0)


def made(path, names, teachers=(), n=24):
    """Write a data set; its activity is what the teachers predict on average, if there are any."""
    codes = RNG.integers(0, 4, (n, 20), dtype=np.uint8)
    targets = RNG.normal(size=(n, len(names))).astype(np.float32)
    if teachers:
        targets[:, 0] = Ensemble(teachers).predict(codes)[..., 0].mean(axis=0)
    splits = np.repeat(dataset.SPLITS, [n // 2, n // 4, n // 4])
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
        for split, n in {"train": 10, "validation": 6, "test": 6}.items():
            file[f"{split}/mean"] = RNG.normal(size=(n, 4)).astype(np.float32)
            file[f"{split}/std"] = RNG.uniform(0, 1, (n, 2)).astype(np.float32)
        file["train/std"][0] = 0
    return path


@pytest.mark.parametrize(
    ("aleatoric", "student", "heads"),
    [
        (False, False, "Dev Hk"),
        (True, False, "Dev Hk Dev_aleatoric Hk_aleatoric"),
        (False, True, "Dev Hk Dev_epistemic Hk_epistemic"),
        (True, True, "Dev Hk Dev_aleatoric Hk_aleatoric Dev_epistemic Hk_epistemic"),
    ],
)
def test_order_of_heads(aleatoric, student, heads):
    assert distill.head_names(TWO, aleatoric, student) == heads.split()


def test_weights_follow_the_heads():
    heads = distill.head_names(TWO, with_aleatoric=True, with_epistemic=True)
    weights = distill.head_weights(heads, TWO, epistemic=0.5, aleatoric=3)
    assert weights == [1, 1, 3, 3, 0.5, 0.5]


def test_measured_targets_stand_in_the_order_of_heads(two):
    heads = ["Hk_aleatoric", "Dev"]
    measured = distill.measured(two, "test", heads)
    np.testing.assert_array_equal(measured, two.targets("test")[:, [3, 0]])
    assert measured.dtype == np.float32


def test_a_head_that_was_not_measured_is_named(tmp_path):
    data = made(tmp_path / "data.h5", TWO)
    message = "no target 'Dev_aleatoric': it has Dev, Hk.* needs replicates or a standard"
    with pytest.raises(InputError, match=message):
        distill.measured(data, "train", [*TWO, "Dev_aleatoric"])


def logvar(std):
    return np.log(std.astype(np.float64) ** 2 + 1e-6)


@pytest.mark.parametrize(("scale", "convert"), [("std", np.asarray), ("logvar", logvar)])
def test_targets_of_a_student(two, labels, scale, convert):
    shared = distill.head_names(TWO, with_aleatoric=True, with_epistemic=False)
    train, validation = distill.student_targets(labels, two, shared, scale)
    with h5py.File(labels) as file:
        (mean, std), validation_std = file["train"].values(), file["validation/std"][:]
        np.testing.assert_array_equal(train[:, :4], mean)
        np.testing.assert_allclose(train[:, 4:], convert(std[:]), rtol=1e-5)
        np.testing.assert_array_equal(validation[:, :4], two.targets("validation"))
        np.testing.assert_allclose(validation[:, 4:], convert(validation_std), rtol=1e-5)
    assert train.shape == (10, 6)
    assert train.dtype == validation.dtype == np.float32


def test_validation_of_a_head_that_was_not_measured_is_the_teachers_mean(labels, tmp_path):
    data = made(tmp_path / "data.h5", TWO)
    shared = distill.head_names(TWO, with_aleatoric=True, with_epistemic=False)
    _, validation = distill.student_targets(labels, data, shared, "std")
    mean, std = distill.read_labels(labels, "validation")
    np.testing.assert_array_equal(validation[:, :2], data.targets("validation"))
    np.testing.assert_array_equal(validation[:, 2:], np.hstack([mean[:, 2:], std]))


def test_truth_is_nan_where_there_is_none(two, tmp_path):
    """Of aleatoric heads without replicates, and of an evidential model's epistemic heads."""
    heads = distill.head_names(TWO, with_aleatoric=True, with_epistemic=True)
    truth = distill.truth(two, "test", heads, None)
    np.testing.assert_array_equal(truth[:, :4], two.targets("test"))
    assert np.isnan(truth[:, 4:]).all()
    without = distill.truth(made(tmp_path / "data.h5", TWO), "test", heads[:4], None)
    np.testing.assert_array_equal(np.isnan(without).all(axis=0), [False, False, True, True])


def recipe(**changes):
    return {"scale": "std", "weights": {"epistemic": 0.5, "aleatoric": 3}} | changes


def test_a_lesson_is_what_the_labels_and_the_weights_say(two, labels):
    rows = np.arange(10)
    lesson = distill.lesson(labels, two, rows, aleatoric=True, recipe=recipe())
    shared = distill.head_names(TWO, with_aleatoric=True, with_epistemic=False)
    train, validation = distill.student_targets(labels, two, shared, "std")
    np.testing.assert_array_equal(lesson.train, train)
    np.testing.assert_array_equal(lesson.validation, validation)
    assert lesson.outputs == 6
    value = lesson.loss(tf.zeros((1, 6)), tf.ones((1, 6)))
    np.testing.assert_allclose(value, 0.5 * (1 + 1 + 3 + 3 + 0.5 + 0.5))


@pytest.mark.parametrize("names", [TWO, [*TWO, "Dev_aleatoric", "Hk_aleatoric"]])
def test_a_mixed_lesson_equals_its_ends(names, labels, tmp_path):
    """At 0 it is distillation, at 1 the same loss from measurements of the measured heads."""
    data, rows = made(tmp_path / "data.h5", names), np.array([0, 1, 3, 4, 5, 6, 8, 9, 10, 11])
    plain = distill.lesson(labels, data, rows, aleatoric=True, recipe=recipe())
    predicted = tf.constant(RNG.normal(size=(10, 6)).astype(np.float32))
    measured = data.targets("train")[rows]
    k, weights = len(names), np.array([1, 1, 3, 3])[: len(names)]
    ends = {
        0: plain.loss(tf.constant(plain.train), predicted),
        1: 0.5 * np.sum(weights * (predicted[:, :k] - measured) ** 2, axis=1),
    }
    values = {}
    for weight in (0, 0.25, 1):
        mixed = distill.lesson(labels, data, rows, True, recipe(measured_weight=weight))
        np.testing.assert_array_equal(mixed.train, np.hstack([plain.train, measured]))
        values[weight] = mixed.loss(tf.constant(mixed.train), predicted).numpy()
        assert mixed.validation.shape == (6, 6 + k)
    np.testing.assert_array_equal(values[0], ends[0])
    np.testing.assert_allclose(values[1], ends[1], rtol=1e-6)
    np.testing.assert_allclose(values[0.25], 0.75 * values[0] + 0.25 * values[1], rtol=1e-6)


def relabelled(members, scheme, mode, scale="std"):
    codes = np.random.default_rng(1).integers(0, 4, (8, 20), dtype=np.uint8)
    one_hot, targets = tf.one_hot(codes, 4), tf.fill((8, 3), 7.0)
    relabel = distill.relabelling(members, 1, scale, scheme, mode)
    seed = tf.constant([3, 4])
    found = tf.function(relabel)(one_hot, targets, seed)
    return one_hot, augment.DYNAMIC[scheme](one_hot, seed), *found


@pytest.mark.parametrize("scheme", ["mutagenesis", "evoaug", "shuffle"])
def test_a_minibatch_is_replaced_and_labelled_by_the_teachers(scheme, members):
    _, augmented, batch, labels = relabelled(members, scheme, "replace")
    np.testing.assert_array_equal(batch, augmented)
    said = np.stack([models.load(path)(augmented, training=False) for path in members])
    expected = np.hstack([said.mean(axis=0), said[..., :1].std(axis=0)])
    np.testing.assert_allclose(labels, expected, rtol=1e-4, atol=1e-6)


def test_a_minibatch_is_appended_with_the_labels_of_the_teachers(members):
    one_hot, augmented, batch, labels = relabelled(members, "shuffle", "append")
    np.testing.assert_array_equal(batch, np.concatenate([one_hot, augmented]))
    np.testing.assert_array_equal(labels[:8], np.full((8, 3), 7))
    *_, replaced = relabelled(members, "shuffle", "replace")
    np.testing.assert_array_equal(labels[8:], replaced)


def test_dynamic_labels_have_the_scale_of_static_ones(members):
    *_, std = relabelled(members, "mutagenesis", "replace")
    *_, logvar_labels = relabelled(members, "mutagenesis", "replace", "logvar")
    np.testing.assert_allclose(logvar_labels[:, 2], logvar(std[:, 2].numpy()), rtol=1e-4)


def test_teachers_stay_outside_of_the_student(members, tmp_path):
    """Not trained, not in the optimizer (it would have their moments), not in the file."""
    codes = np.random.default_rng(1).integers(0, 4, (40, 20), dtype=np.uint8)
    targets = np.zeros((40, 3), np.float32)
    before = [models.load(path).get_weights() for path in members]
    loaded, load = [], models.load
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "load", lambda path: loaded.append(load(path)) or loaded[-1])
        relabel = distill.augmentation(
            recipe(dynamic={"scheme": "mutagenesis", "mode": "append"}), members, 1
        )
    assert len(loaded) == 3
    student = models.build("compact_cnn", 20, 3, width=8, kernel=3)
    own = [variable.shape for variable in student.weights]
    settings = training.Settings(20, 2, 0.01, 0.1, 5, 1e-7, 5, 0, 0, False)
    checkpoint = tmp_path / "0.checkpoint.npz"
    loss = losses.distillation([1, 1, 1])
    data = (codes, targets)
    training.fit(student, data, data, loss, settings, 1, checkpoint, relabel)
    after = [teacher.get_weights() for teacher in loaded]
    for expected, found in zip(before, after, strict=True):
        for a, b in zip(expected, found, strict=True):
            np.testing.assert_array_equal(a, b)
    assert [variable.shape for variable in student.weights] == own
    with np.load(checkpoint) as file:
        stored = [name for name in file.files if name.startswith("optimizer")]
    # Two moments a trainable weight, the step and the rate.
    assert len(stored) == 2 * len(student.trainable_weights) + 2
    student.save(tmp_path / "student.keras")
    assert models.load(tmp_path / "student.keras").count_params() == student.count_params()


def test_dynamic_labels_need_two_teachers(members):
    with pytest.raises(InputError, match="at least two members"):
        distill.relabelling(members[:1], 1, "std", "shuffle", "replace")


def test_truth_of_each_head(two, labels):
    heads = distill.head_names(TWO, with_aleatoric=False, with_epistemic=True)
    known = two.targets("test")
    np.testing.assert_array_equal(distill.truth(two, "test", TWO, None), known[:, :2])
    truth = distill.truth(two, "test", heads, labels)
    np.testing.assert_array_equal(truth[:, :2], known[:, :2])
    np.testing.assert_array_equal(truth[:, 2:], distill.read_labels(labels, "test")[1])
    heads = distill.head_names(TWO, with_aleatoric=True, with_epistemic=True)
    truth = distill.truth(two, "test", heads, labels)
    np.testing.assert_array_equal(truth[:, :4], known)
    assert truth.shape == (6, 6)


def test_epistemic_heads_become_deviations(two):
    heads = distill.head_names(TWO, with_aleatoric=True, with_epistemic=True)
    predictions = RNG.normal(size=(3, 5, 6)).astype(np.float32)
    before = predictions.copy()
    converted = distill.to_std(predictions, heads, two, "logvar")
    np.testing.assert_array_equal(predictions, before)
    np.testing.assert_array_equal(converted[..., :4], before[..., :4])
    exact = np.sqrt(np.exp(before[..., 4:].astype(np.float64)) - 1e-6)
    np.testing.assert_allclose(converted[..., 4:], exact, rtol=1e-5)
    for scale in ("std", None):
        np.testing.assert_array_equal(distill.to_std(predictions, heads, two, scale), before)


def test_labels_are_mean_and_spread_of_the_teachers(members, tmp_path):
    data = made(tmp_path / "data.h5", ["y", "y_aleatoric"], members)
    rows, path = np.array([1, 2, 5, 11]), tmp_path / "labels.h5"
    distill.write_labels(path, members, data, ["y", "y_aleatoric"], rows)
    teachers = [models.predictor(models.load(member)) for member in members]
    for split in dataset.SPLITS:
        codes = data.codes(split)[rows] if split == "train" else data.codes(split)
        predictions = np.stack([teacher(codes) for teacher in teachers]).astype(np.float64)
        mean, std = distill.read_labels(path, split)
        np.testing.assert_allclose(mean, predictions.mean(axis=0), rtol=1e-5, atol=1e-6)
        # The spread of the aleatoric head is nobody's target.
        np.testing.assert_allclose(std, predictions[..., :1].std(axis=0), rtol=1e-4, atol=1e-6)
        assert mean.dtype == std.dtype == np.float32
    with h5py.File(path) as file:
        assert list(file.attrs["heads"]) == ["y", "y_aleatoric"]


def inverted(member, path):
    heads = member.get_layer("heads")
    heads.kernel.assign(-heads.kernel)
    member.save(path)


def test_labels_are_not_written_from_a_member_that_fell_out(members, tmp_path):
    data = made(tmp_path / "data.h5", ["y", "z"], members)
    # The second activity is noise to all members: only the first one may refuse here.
    data.activities = ["y"]
    bad = str(tmp_path / "models" / "lac" / "standard" / "0.25" / "3.keras")
    (tmp_path / "models" / "lac" / "standard" / "0.25").mkdir(parents=True)
    inverted(models.load(members[0]), bad)
    with pytest.raises(InputError, match=r"lac/standard/0\.25/3\.keras fell out .* r is -0\.[89]"):
        distill.write_labels(tmp_path / "labels.h5", [*members, bad], data, ["y", "z"], [0])
    with pytest.raises(InputError, match="at least two members"):
        distill.write_labels(tmp_path / "labels.h5", members[:1], data, ["y", "z"], [0])
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".h5"] == ["data.h5"]
