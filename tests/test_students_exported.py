"""Exported students: the one picked, what its passport says, and that it predicts as in its run."""

import json
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

import small_export
from degu import intervals, metrics, predictions, students
from degu.dataset import Dataset
from degu.heads import Heads
from degu.predictions import Split
from degu.students import exported, passport

HEADS = Heads.of(["y", "z"], "epistemic")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return small_export.run(tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="module")
def facts(run):
    return passport.read(run.folder / "student.json").facts


def split(truth, *predicted):
    """Predictions of members for both activities; each row is a unit."""
    two = [np.stack([one, one, one, one], axis=-1) for one in (truth, *predicted)]
    return Split(
        names=np.arange(len(truth)).astype(str),
        units=np.arange(len(truth)),
        truth=two[0].astype(np.float32),
        predictions=np.stack(two[1:]).astype(np.float32),
    )


def test_the_best_member_of_the_units_that_choose_epochs_is_picked():
    """Member 1 is best there, member 0 on the rest."""
    truth = np.array([1.0, 2, 3, 4, 1, 2, 3, 4])
    first, second = truth.copy(), truth.copy()
    first[:4], second[4:] = [1, 2, 4, 3], [4, 3, 2, 1]
    validation = split(truth, first, second)
    picked = exported.pick(validation, HEADS, np.arange(4), ["y"])
    assert picked.member == 1
    np.testing.assert_allclose(picked.r, [0.8, 1], rtol=1e-6)
    assert picked.by == "measurements"
    assert exported.pick(validation, HEADS, np.arange(4, 8), ["y"]).member == 0


def test_without_measurements_the_mean_of_the_teachers_picks():
    truth = np.array([1.0, 2, 3, 4])
    picked = exported.pick(split(truth, -truth, truth), HEADS, np.arange(4), measured=[])
    assert (picked.member, picked.r) == (1, pytest.approx([-1, 1]))
    assert picked.facts() == {
        "member": 1,
        "of": 2,
        "by": (
            "largest Pearson r with the teachers' mean, since nothing is measured, mean over "
            "activities, on the part of the validation set that chooses epochs"
        ),
        "r": [-1.0, 1.0],
    }


def test_of_activities_those_that_were_measured_pick():
    truth = np.array([1.0, 2, 3, 4])
    validation = split(truth, truth, -truth)
    # Member 1 is the better one for z alone, which nobody measured.
    validation.predictions[:, :, HEADS.column("z")] *= -3
    assert exported.pick(validation, HEADS, np.arange(4), ["y"]).member == 0
    assert exported.pick(validation, HEADS, np.arange(4), ["z"]).member == 1


def test_members_that_say_nothing():
    truth = np.array([1.0, 2, 3, 4])
    constant = split(truth, np.ones(4), np.ones(4))
    picked = exported.pick(constant, HEADS, np.arange(4), ["y"])
    assert picked.member == 0 and picked.facts()["r"] == [None, None]


def test_the_student_of_the_run_is_exported(run, facts):
    model = run.folder / "student.keras"
    assert model.read_bytes() == Path(run.files["models"][run.member]).read_bytes()
    assert facts["picked"]["member"] == run.member
    validation = predictions.read(run.files["predictions"]).validation
    expected = [metrics.pearson(validation.truth[:, 0], p[:, 0]) for p in validation.predictions]
    np.testing.assert_allclose(facts["picked"]["r"], expected, atol=1e-6)


def test_predictions_are_those_of_the_run(run):
    """They agree to the last bit; sequences are codes, in the order of the file."""
    student, data = students.load(run.folder), Dataset(run.files["data"])
    known = predictions.read(run.files["predictions"])
    assert student.heads == known.heads
    for name, part in {"validation": known.validation, "test": known.test}.items():
        predicted = student.predict(data.codes(name))
        np.testing.assert_array_equal(predicted, part.predictions[run.member])


def test_intervals_are_the_calibrated_ones_of_the_run(run):
    student = students.load(run.folder)
    estimates = intervals.read_estimates(run.files["predictions"], None, "test")
    one = next(e for e in estimates if e.member == str(run.member) and e.kind == "epistemic")
    factors = intervals.find(intervals.read(run.files["calibration"]), one)
    predicted = predictions.read(run.files["predictions"]).test.predictions[run.member]
    clipped, raised = one.clipped(small_export.SMALLEST)
    assert student.passport.levels() == small_export.levels()
    for level in (0.5, small_export.LEVEL, None):
        low, high = student.interval(predicted, "activity", level)
        half = factors.half_width(one.mean, clipped.std, level or small_export.LEVEL)
        np.testing.assert_array_equal(low, one.mean - half)
        np.testing.assert_array_equal(high, one.mean + half)
    covered = np.mean((low <= one.truth) & (one.truth <= high))
    assert 0.75 < covered <= 1 and raised.mean() < 1


def test_effects_are_calibrated_as_those_of_the_member(run):
    known = passport.read(run.folder / "student.json").effects
    assert {name: one[:3] for name, one in known.items()} == {
        "satmut": (50, ("ACGTA", "ACGTA"), ["F9", "PKLR"])
    }
    (one,) = known["satmut"].calibrations.values()
    assert (one.member, one.offset) == ("1", 1.0)


def test_test_results_stand_beside_what_they_are_held_against(run, facts):
    known = predictions.read(run.files["predictions"]).test
    theirs = pd.read_table(run.files["distillation"]).iloc[0]
    tested, mine = facts["test"]["activity"], known.predictions[run.member]
    r = metrics.pearson(known.truth[:, 0], mine[:, 0])
    assert tested["r"] == pytest.approx(r, abs=1e-6)
    assert tested["low"] < tested["r"] < tested["high"]
    assert (tested["against"], tested["ceiling"]) == ("measurement", None)
    assert tested["teacher_r"] == pytest.approx(theirs["member_r"], rel=1e-5)
    assert tested["ensemble_r"] == pytest.approx(theirs["ensemble_r"], rel=1e-5)
    assert tested["published"]["r"] == 0.879
    with h5py.File(run.files["labels"]) as labels:
        mean, spread = labels["test/mean"][:, 0], labels["test/std"][:, 0]
    assert facts["fidelity"]["activity"] == {
        "mean_r": pytest.approx(metrics.pearson(mean, mine[:, 0]), abs=1e-6),
        "spread_r": pytest.approx(metrics.pearson(spread, mine[:, 1]), abs=1e-6),
    }


def test_what_it_was_trained_on(run, facts):
    trained = facts["trained"]
    assert trained["data"]["sha256"] == passport.hash_of(run.files["data"])
    assert trained["labels"]["sha256"] == passport.hash_of(run.files["labels"])
    assert trained["data"]["sequences"] == {"train": 300, "validation": 60, "test": 60}
    assert (trained["fraction"], trained["sequences"], trained["unlabelled"]) == (1.0, 300, None)
    assert trained["teachers"] == 2
    keras = subprocess.run(
        [sys.executable, "-c", "import keras; print(keras.__version__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert facts["versions"]["keras"] == keras.stdout.strip()


def test_a_fraction_and_sequences_without_measurements(run, tmp_path):
    with h5py.File(tmp_path / "more.h5", "w") as file:
        file["unlabelled/codes"] = np.zeros((7, 60), np.uint8)
    files = run.files["data"], run.files["labels"], [tmp_path / "more.h5", run.files["labels"]]
    trained = exported.trained(*files, fraction=0.1, seed=3)
    assert (trained["fraction"], trained["sequences"]) == (0.1, 30)
    digest = passport.hash_of(tmp_path / "more.h5")
    labels = {"sha256": passport.hash_of(run.files["labels"])}
    assert trained["unlabelled"] == {"sha256": digest, "sequences": 7, "labels": labels}


def test_of_profiles_the_mean_of_teachers_is_that_of_their_predictions(tmp_path):
    part = split(np.arange(4.0), np.zeros(4), np.ones(4), np.full(4, 9.0))
    predictions.write(tmp_path / "theirs.h5", predictions.Predictions(HEADS, part, part))
    mean = exported.teachers_mean("unread", tmp_path / "theirs.h5", 2)
    assert mean.tolist() == [[0.5] * 4] * 4


PLAIN = """
import json, sys
import keras, numpy
model = keras.models.load_model(sys.argv[1])
predicted = model(numpy.eye(4, dtype="float32")[numpy.array(json.loads(sys.argv[2]))])
ours = [name for name in sys.modules if name.startswith("degu")]
print(json.dumps([ours, predicted.numpy().tolist()]))
"""


def test_the_file_loads_in_a_process_without_degu(run, tmp_path):
    """No custom object, nothing of this package on the path."""
    codes = np.random.default_rng(0).integers(0, 4, (3, 60), dtype=np.uint8)
    said = subprocess.run(
        [sys.executable, "-I", "-c", PLAIN, run.folder / "student.keras", str(codes.tolist())],
        cwd=tmp_path,
        env={"TF_CPP_MIN_LOG_LEVEL": "3", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    modules, predicted = json.loads(said.stdout)
    assert modules == []
    expected = students.load(run.folder).predict(codes)
    np.testing.assert_allclose(predicted, expected, rtol=1e-5, atol=1e-6)
