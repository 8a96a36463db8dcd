"""Classes as a task: supervision, labels of an ensemble, the truth, a run from end to end."""

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import special

import class_data
import label
import measure_baseline
import measure_classes
import predict
import small_run
import train_student
import train_teacher
from class_data import CLASSES
from degu import attribution, models, predictions, tasks
from degu.classification import mutual_information
from degu.ensemble import Ensemble
from degu.heads import Heads
from degu.job import InputError
from degu.tasks import classes
from degu.training import member

SETTINGS = small_run.SETTINGS | {"batch_size": 20, "epochs": 40, "patience": 40}
NETWORK = {"name": "compact_cnn", "width": 32, "kernel": 3}
STUDENT = small_run.STUDENT
RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return class_data.made(tmp_path_factory.mktemp("classes") / "data.h5")


def train(folder, data, number, script, **inputs):
    """Train members by a script; return their files."""
    files = [str(folder / f"{member}.keras") for member in range(number)]
    for seed, path in enumerate(files):
        script.main(
            data=data.path,
            fraction=1.0,
            fraction_seed=0,
            settings=SETTINGS | {"steps": None, "schedule": "plateau"},
            seed=seed,
            threads=1,
            model_path=path,
            history_path=path.replace(".keras", ".tsv"),
            **{"architecture": NETWORK} | inputs,
        )
    return files


@pytest.fixture(scope="module")
def run(data, tmp_path_factory):
    """Two teachers, their labels, a student."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "teachers").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(member, "start", lambda seed, *_, **__: keras.utils.set_random_seed(seed))
        inputs = {"asked": small_run.NOTHING, "recipe": {}}
        teachers = train(folder / "teachers", data, 2, train_teacher, **inputs)
        labels = str(folder / "labels.h5")
        label.main(data.path, teachers, labels, 1.0, 0)
        inputs = {"labels": labels, "unlabelled": [], "teachers": [], "recipe": STUDENT}
        (student,) = train(folder, data, 1, train_student, **inputs)
    return small_run.Run(teachers, labels, student)


def test_supervision_of_a_teacher(data):
    assert tasks.of(data) is classes
    rows = np.array([1, 0, 5])
    teacher = classes.from_measurements(data, rows, {})
    assert teacher.heads == Heads.of_classes(CLASSES) and teacher.outputs == 3
    np.testing.assert_array_equal(teacher.train[1][:], np.eye(3)[[1, 0, 2]])
    np.testing.assert_array_equal(teacher.train[0][:], data.codes("train")[rows])
    assert len(teacher.validation[0]) == data.size("validation")


@pytest.fixture
def labels(tmp_path):
    """Labels by hand of four training rows."""
    path = tmp_path / "labels.h5"
    with h5py.File(path, "w") as file:
        file.attrs["heads"] = Heads.of_classes(CLASSES).to_json()
        for split, n in {"train": 4, "validation": 30, "test": 30}.items():
            for key, width in {"mean": 3, "std": 3, "information": 1}.items():
                file[f"{split}/{key}"] = RNG.uniform(0, 1, (n, width)).astype(np.float32)
    return path


def test_supervision_of_a_student(data, labels):
    rows = np.array([0, 2, 3, 7])
    student = classes.from_teachers(data, rows, STUDENT, labels)
    names = [*CLASSES, *(f"{name}_epistemic" for name in CLASSES), "mutual_information"]
    assert student.heads.names == names and student.outputs == 7
    with h5py.File(labels) as file:
        for split, found in (("train", student.train), ("validation", student.validation)):
            wanted = [file[f"{split}/{key}"][:] for key in ("mean", "std", "information")]
            np.testing.assert_array_equal(found[1][:], np.hstack(wanted))
    mixed = classes.from_teachers(data, rows, STUDENT | {"measured_weight": 0.5}, labels)
    np.testing.assert_array_equal(mixed.train[1][:][:, 7:], data.targets("train")[rows])
    np.testing.assert_array_equal(mixed.validation[1][:][:, 7:], data.targets("validation"))


def test_the_spread_and_the_information_of_a_student_weigh_as_asked(data, labels):
    recipe = {"scale": "std", "weights": {"epistemic": 0.25, "aleatoric": 1}}
    student = classes.from_teachers(data, None, recipe, labels)
    one = tf.ones((1, 7))
    assert student.loss(one, 0 * one).numpy() == pytest.approx([0.5 * (3 + 4 * 0.25)])


def test_labels_are_mean_and_spread_of_logits_and_the_information(data, run):
    members = Ensemble(run.teachers).predict(data.codes("test"))
    np.testing.assert_allclose(members.sum(axis=-1), 0, atol=1e-5)
    with h5py.File(run.labels) as file:
        assert Heads.from_json(file.attrs["heads"]) == Heads.of_classes(CLASSES)
        np.testing.assert_allclose(file["test/mean"], members.mean(axis=0), atol=1e-5)
        np.testing.assert_allclose(file["test/std"], members.std(axis=0), atol=1e-5)
        information = file["test/information"][:, 0]
        np.testing.assert_allclose(information, mutual_information(members), atol=1e-5)
    p = special.softmax(members.astype(float), axis=-1)
    mean = p.mean(axis=0)
    divergence = special.rel_entr(p, mean).sum(axis=-1).mean(axis=0)
    np.testing.assert_allclose(information, divergence, atol=1e-5)


def test_a_run_from_members_to_tables(data, run, tmp_path):
    for name, files, labels in (
        ("teachers", run.teachers, None),
        ("student", [run.student], run.labels),
    ):
        predict.main(data.path, files, labels, str(tmp_path / f"{name}.h5"), None)
        found = predictions.read(tmp_path / f"{name}.h5")
        np.testing.assert_array_equal(found.test.truth[:, :3], data.targets("test"))
        right = found.test.predictions[..., :3].mean(axis=0).argmax(axis=1)
        assert np.mean(right == data.targets("test").argmax(axis=1)) > 0.9
        tables = {
            key: str(tmp_path / f"{name}_{key}.tsv")
            for key in ("table", "confusion", "calibration", "reliability")
        }
        measure_classes.main(
            str(tmp_path / f"{name}.h5"),
            None,
            data.path,
            **tables,
            level=0.9,
            resamples=100,
            seed=0,
        )
    with h5py.File(run.labels) as file:
        np.testing.assert_array_equal(found.test.truth[:, 3:6], file["test/std"])
        np.testing.assert_array_equal(found.test.truth[:, 6:], file["test/information"])
    baseline = tmp_path / "baseline.tsv"
    measure_baseline.main(data.path, 1.0, 0, str(baseline), 100, 0)
    assert baseline.read_text().splitlines()[1].startswith("all\tmcc\t")


def test_a_member_that_fell_out_is_named(data, run, tmp_path):
    model = models.load(run.teachers[1])
    layer = model.get_layer("heads")
    layer.set_weights([-weights for weights in layer.get_weights()])
    models.save(model, tmp_path / "1.keras", Heads.of_classes(CLASSES))
    files = [run.teachers[0], str(tmp_path / "1.keras")]
    with pytest.raises(InputError, match=r"1\.keras fell out of its ensemble"):
        predict.main(data.path, files, None, str(tmp_path / "p.h5"), None)
    with pytest.raises(InputError, match=r"1\.keras fell out of its ensemble"):
        label.main(data.path, files, str(tmp_path / "labels.h5"), 1.0, 0)


@pytest.mark.parametrize("method", ["saliency", "deepshap", "ism"])
def test_a_class_is_explained_by_its_word(data, run, method):
    some = attribution.most_active({}, data, "plus", 100)
    assert len(some.names) == data.targets("test")[:, 0].sum()
    assert {name in data.names("test")[data.targets("test")[:, 0] == 1] for name in some.names} == {
        True
    }
    if method == "deepshap":
        some = attribution.with_references(some, "dinucleotide_shuffle", 10, data, 0)
    maps = attribution.explain(run.teachers, {"plus": some}, method, 0)["plus"]
    scores = np.abs(maps.scores).max(axis=-1).mean(axis=(0, 1))
    assert maps.kind == "class"
    assert scores[5:11].mean() > 2 * np.delete(scores, range(5, 11)).mean()


def test_all_heads_of_a_student_but_its_information_are_explained(run):
    heads = Heads.of_classes(CLASSES).with_epistemic()
    assert attribution.heads_of("activities", heads).names == CLASSES
    assert len(attribution.heads_of("all", heads)) == 6
