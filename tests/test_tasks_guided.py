"""Students of features: the projection learns, is resumed, is not saved; the teacher helps."""

from dataclasses import replace

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from degu import dataset, labels, metrics, models, tasks
from degu.dataset import Dataset
from degu.heads import Heads
from degu.tasks.guided import PROJECTION, guided, projected
from degu.training import member
from small_member import SETTINGS, interrupt, train

pytestmark = pytest.mark.usefixtures("started")

FEATURES = {"loss": "eucosine", "combine": "sum"}


def write_teacher(path, splits, features, outputs):
    """Write a file of a teacher's, in the order of the data set."""
    with h5py.File(path, "w") as file:
        for split in ("train", "validation", "test"):
            own = splits == split
            file[f"{split}/features"], file[f"{split}/outputs"] = features[own], outputs[own]
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Make counts of two bases as activities; teachers know them, turned into eight features."""
    folder, rng = tmp_path_factory.mktemp("guided"), np.random.default_rng(0)
    codes = rng.integers(0, 4, (140, 32), dtype=np.uint8)
    known = np.stack([(codes == base).mean(axis=1) for base in (1, 2)], axis=1).astype(np.float32)
    splits = np.repeat(["train", "validation", "test"], [100, 30, 10])
    names = np.array([f"s{row}" for row in range(140)])
    records = dataset.Records(names, codes, known, ["C", "G"], splits, [])
    dataset.write(folder / "data.h5", records)
    turned = (known @ rng.normal(size=(2, 8))).astype(np.float32)
    teachers = [
        write_teacher(folder / "one.h5", splits, turned, known),
        write_teacher(folder / "two.h5", splits, turned[:, :3], 3 * known),
    ]
    return Dataset(folder / "data.h5"), teachers


def supervised(small, rows=None, **features):
    data, teachers = small
    recipe = {"features": FEATURES | features}
    of_task = tasks.of(data).from_measurements(data, rows, recipe)
    return of_task, guided(of_task, data, rows, recipe, teachers)


def fields(supervision):
    names = ("heads", "outputs", "train", "validation", "loss", "extend")
    return {name: getattr(supervision, name) for name in names}


def test_features_stand_side_by_side_behind_the_targets_of_the_same_rows(small):
    rows = np.array([40, 3, 7])
    of_task, found = supervised(small, rows)
    targets = found.train[1][:]
    assert targets.shape == (3, 2 + 8 + 3) and targets.dtype == np.float32
    assert (targets[:, :2] == of_task.train[1][:]).all()
    with h5py.File(small[1][0]) as one, h5py.File(small[1][1]) as two:
        assert (targets[:, 2:10] == one["train/features"][:][rows]).all()
        assert (targets[:, 10:] == two["train/features"][:][rows]).all()
    held = found.validation[1][:]
    assert (held[:, :2] == of_task.validation[1][:]).all() and np.isnan(held[:, 2:]).all()
    assert supervised(small, loss="logit")[1].train[1].shape == (100, 2 + 2 * 2)
    assert guided(of_task, *small[:1], rows, {}, []) is of_task


def test_a_teacher_that_is_not_known_leaves_the_loss_of_the_task(small):
    of_task, found = supervised(small, combine="convex", alpha=0.25)
    predicted = tf.constant(np.random.default_rng(1).normal(size=(30, 13)), tf.float32)
    own = of_task.loss(tf.constant(of_task.validation[1][:]), predicted[:, :2])
    assert found.loss(tf.constant(found.validation[1][:]), predicted).numpy() == pytest.approx(
        0.75 * own
    )


def test_a_student_of_an_ensemble_learns_features_beside_its_labels(small, tmp_path):
    data, teachers = small
    sizes, rng = {"train": 100, "validation": 30, "test": 10}, np.random.default_rng(3)
    taught = {split: rng.random((2, n, 2)).astype(np.float32) for split, n in sizes.items()}
    blocks = ((split, {"mean": mean, "std": std}) for split, (mean, std) in taught.items())
    labels.write(tmp_path / "labels.h5", Heads.of(["C", "G"]), sizes, blocks)
    recipe = {"scale": "std", "weights": {"epistemic": 3, "aleatoric": 1}}
    recipe |= {"features": {"loss": "fitnet", "combine": "sum"}}
    student = tasks.of(data).from_teachers(data, None, recipe, tmp_path / "labels.h5")
    found = guided(student, data, None, recipe, teachers[:1])
    truth = found.train[1][:]
    with h5py.File(teachers[0]) as file:
        assert (truth == np.hstack([*taught["train"], file["train/features"][:]])).all()
    # Four heads and eight projected features miss by a half each: epistemic heads weigh three.
    told = found.loss(tf.constant(truth), tf.constant(truth + 0.5))
    assert told.numpy() == pytest.approx(0.5 * (2 + 2 * 3) * 0.25 + 0.25)
    assert found.heads == student.heads and found.outputs == 4


def test_the_projection_learns_and_no_part_of_it_is_saved(small, tmp_path, monkeypatch):
    _, found = supervised(small)
    seen, fit = {}, member.fit

    def watched(model, *arguments, **named):
        before = model.get_layer(PROJECTION).kernel.numpy()
        history = fit(model, *arguments, **named)
        seen["moved"] = model.get_layer(PROJECTION).kernel.numpy() - before
        return history

    monkeypatch.setattr(member, "fit", watched)
    train(tmp_path, "0", supervised=fields(found))
    assert seen["moved"].shape == (4, 11) and (seen["moved"] != 0).any(axis=0).all()
    saved = models.load(tmp_path / "0.keras")
    assert saved.output_shape == (None, 2)
    plain = models.build("compact_cnn", 32, 2, width=16, kernel=3)
    assert [w.shape for w in saved.weights] == [w.shape for w in plain.weights]
    assert PROJECTION not in [layer.name for layer in saved.layers]


def test_a_killed_training_resumes_bit_for_bit_with_its_projection(small, tmp_path):
    _, found = supervised(small)
    expected = train(tmp_path, "whole", supervised=fields(found))
    interrupt(3, train, tmp_path, "killed", supervised=fields(found))
    with np.load(tmp_path / "killed.checkpoint.npz") as file:
        assert any(file[name].shape == (4, 11) for name in file.files)
    again = train(tmp_path, "killed", supervised=fields(found))
    assert all(np.array_equal(a, b) for a, b in zip(expected, again, strict=True))


def test_projected_features_are_those_in_front_of_the_heads():
    model = models.build("bio_cnn", 20, 1, channels=8, kernel=3, dense=5)
    both = projected(model, 7)
    codes = keras.ops.one_hot(np.random.default_rng(0).integers(0, 4, (3, 20)), 4)
    inner = keras.Model(model.input, model.layers[-2].output)(codes, training=False)
    outputs = both(codes, training=False).numpy()
    assert (outputs[:, :1] == model(codes, training=False).numpy()).all()
    matrix = both.get_layer(PROJECTION).kernel
    assert outputs[:, 1:] == pytest.approx((inner @ matrix).numpy(), abs=1e-6)


def test_a_teacher_closes_half_of_the_gap_that_few_labels_leave(tmp_path):
    """Activity is the sum of three features, which 500 noisy labels of 40 numbers hardly show."""
    rng, splits = (
        np.random.default_rng(2),
        np.repeat(["train", "validation", "test"], [500, 200, 500]),
    )
    vectors = rng.normal(size=(1200, 40)).astype(np.float16)
    features = np.float32(vectors) @ rng.normal(scale=40**-0.5, size=(40, 3)).astype(np.float32)
    truth = features.sum(axis=1, keepdims=True)
    noise = np.where((splits == "test")[:, None], 0, rng.normal(scale=5, size=truth.shape))
    records = dataset.Records(
        names=np.array([f"s{row}" for row in range(1200)]),
        codes=rng.integers(0, 4, (1200, 30), dtype=np.uint8),
        targets=(truth + noise).astype(np.float32),
        target_names=["activity"],
        splits=splits,
        vectors=vectors,
    )
    dataset.write(tmp_path / "data.h5", records)
    data, teacher = (
        Dataset(tmp_path / "data.h5"),
        write_teacher(tmp_path / "t.h5", splits, features, truth),
    )
    settings = replace(SETTINGS, epochs=30, batch_size=25, patience=99, reverse_complement=False)
    network = {"name": "mlp", "width": 16, "depth": 1, "dropout": 0}

    def r2(name, recipe):
        of_task = tasks.of(data).from_measurements(data, None, recipe)
        found = guided(of_task, data, None, recipe, [teacher])
        train(tmp_path, name, settings=settings, supervised=fields(found), architecture=network)
        predicted = models.load(tmp_path / f"{name}.keras")(np.float32(vectors[splits == "test"]))
        return metrics.r2(data.targets("test"), predicted.numpy())

    baseline = r2("plain", {})
    distilled = r2("taught", {"features": {"loss": "fitnet", "combine": "convex", "alpha": 0.999}})
    # The teacher itself tells all of the activity.
    assert distilled - baseline > 0.5 * (1 - baseline), (baseline, distilled)
