"""Loaded students: predictions of their network, on their strands; intervals by hand."""

import numpy as np
import pytest

import small_student
from degu import models, shards, students
from degu.heads import Heads
from degu.job import InputError
from degu.sequences import decode, reverse_complement
from small_networks import made


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    return students.load(small_student.save(tmp_path_factory.mktemp("loaded")))


CODES = made(7, 20, bases=5)


def test_predictions_are_those_of_the_network(student):
    predicted = student.predict(CODES)
    plain = models.predictor(models.load(student.path))(CODES)
    assert predicted.shape == (7, 3) and predicted.dtype == np.float32
    np.testing.assert_array_equal(predicted, plain)
    np.testing.assert_array_equal(student.predict(decode(CODES)), plain)
    assert student.predict(CODES[:0]).shape == (0, 3)


def test_letters_in_lower_case_and_of_several_bases(student):
    plain = decode(CODES)
    ambiguous = [text.replace("N", "r").lower() for text in plain]
    np.testing.assert_array_equal(student.predict(ambiguous), student.predict(plain))
    with pytest.raises(InputError, match="sequence 1 has 'J' at position 3"):
        student.predict(["ACJ" + "A" * 17])


def test_blocks_change_nothing(student, monkeypatch):
    whole = student.predict(CODES)
    monkeypatch.setattr(shards, "BLOCK", 40)
    np.testing.assert_allclose(student.predict(CODES), whole, rtol=1e-6)


def test_both_strands_are_averaged(tmp_path, student):
    both = students.load(small_student.save(tmp_path, strands="both"))
    forward, reverse = student.predict(CODES), student.predict(reverse_complement(CODES))
    np.testing.assert_allclose(both.predict(CODES), (forward + reverse) / 2, rtol=1e-6)


def test_log_variances_become_deviations(tmp_path, student):
    heads = Heads.of(["y"], "epistemic", scale="logvar")
    of_logs = students.load(small_student.save(tmp_path, heads))
    raw = models.predictor(of_logs.model)(CODES)
    expected = np.sqrt(np.maximum(np.exp(raw[:, 1]) - np.float32(1e-6), 0))
    np.testing.assert_array_equal(of_logs.predict(CODES)[:, 1], expected)


def test_profiles_of_both_strands(tmp_path):
    """A row a base, and those of the reverse complement turned around."""
    how = {"architecture": "cnn_task_base", "length": 128, "profile": True}
    how["calibrations"] = {("y", "epistemic"): small_student.calibration(kind="epistemic")}
    heads = Heads.of(["y"], "epistemic")
    forward = students.load(small_student.save(tmp_path / "forward", heads, **how))
    both = students.load(small_student.save(tmp_path / "both", heads, strands="both", **how))
    codes = made(2, 128)
    one, other = forward.predict(codes), forward.predict(reverse_complement(codes))
    assert one.shape == (2, 128, 2)
    np.testing.assert_allclose(both.predict(codes), (one + other[:, ::-1]) / 2, rtol=1e-5)
    low, high = both.interval(both.predict(codes), "y", 0.5)
    assert low.shape == (2, 128) and (low < high).all()


def test_another_length_is_refused(student):
    with pytest.raises(InputError, match="have 19 bases, but the student takes 20"):
        student.predict(CODES[:, :19])


def test_intervals_by_hand(student):
    # Mean, aleatoric and epistemic deviation; total of the first is 0.5.
    predictions = np.array([[0.0, 0.3, 0.4], [0.25, 0.0, -1.0]])
    low, high = student.interval(predictions, "y", 0.5)
    # Half widths: 1 * (0.5 + 0.125), and, in the upper group, 2 * (0.001 + 0.125).
    np.testing.assert_allclose(low, [-0.625, -0.002])
    np.testing.assert_allclose(high, [0.625, 0.502])
    # The usual level is 0.9, at which the upper group has too few measurements.
    np.testing.assert_allclose(student.interval(predictions, "y")[1], [1.875, np.inf])
    assert student.deviations(predictions, "y")["total"].tolist() == [0.5, 0.0]


def test_levels_and_activities_without_factors(tmp_path, student):
    with pytest.raises(InputError, match=r"No interval is calibrated at 0.8: levels are 0.5, 0.9"):
        student.interval(np.zeros((1, 3)), "y", 0.8)
    with pytest.raises(InputError, match=r"The level is 95: it must lie in \(0, 1\)"):
        student.interval(np.zeros((1, 3)), "y", 95)
    bare = students.load(small_student.save(tmp_path, calibrations={}))
    assert bare.calibration("y") is None
    with pytest.raises(InputError, match="no calibrated intervals of 'y'"):
        bare.interval(np.zeros((1, 3)), "y")


def test_intervals_rest_on_the_most_complete_kind(tmp_path):
    kinds = {("y", kind): small_student.calibration(kind=kind) for kind in ("aleatoric", "total")}
    student = students.load(small_student.save(tmp_path, calibrations=kinds))
    assert student.calibration("y").kind == "total"
