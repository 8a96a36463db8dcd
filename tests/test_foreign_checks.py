"""Values of an answer that cannot be right."""

import numpy as np
import pytest

import made_foreign
from degu.foreign import checks
from degu.job import InputError

NAMES = ["a", "b", "c"]


@pytest.fixture
def predictions():
    rng = np.random.default_rng(2)
    return rng.standard_normal((1, 400, 2)) + 0.3 * rng.standard_normal((3, 400, 2))


def refused(predictions, message):
    with pytest.raises(InputError, match=message):
        checks.check_members(predictions, NAMES, ["y", "z"])


def test_members_alike_pass(predictions):
    checks.check_members(predictions, NAMES, ["y", "z"])
    # Scales of members may differ by less than a factor of ten.
    checks.check_members(predictions * [[[1]], [[9]], [[1]]], NAMES, ["y", "z"])


def test_a_constant_member_is_refused(predictions):
    predictions[1, :, 1] = 0.5
    refused(predictions, "The member 'b' predicts 0.5 for 'z' of every sequence: it is constant")


def test_an_inverted_member_is_refused(predictions):
    predictions[2, :, 0] *= -1
    refused(
        predictions, r"The member 'c' agrees with the others at r = -0\.\d+ .* in 'y': it is inv"
    )


def test_one_of_two_members_is_inverted(predictions):
    with pytest.raises(InputError, match="it is inverted"):
        checks.check_members(predictions[:2] * [[[1]], [[-1]]], NAMES[:2], ["y", "z"])


def test_a_member_whose_rows_were_shuffled_is_refused(predictions):
    predictions[0] = np.random.default_rng(3).permutation(predictions[0])
    refused(predictions, "The member 'a' agrees .* it has nothing to do with them. Its rows may")


@pytest.mark.parametrize(("change", "told"), [(lambda x: 12 * x, "12"), (lambda x: x + 20, "20")])
def test_a_member_in_other_units_is_refused(predictions, change, told):
    predictions[1] = change((predictions[1] - predictions[1].mean(0)) / predictions[1].std(0))
    refused(predictions, f"The member 'b' predicts 'y' with mean .*{told}.* are its units others")


def test_the_sequence_that_is_known_has_its_mean():
    known = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]])
    checks.check_known(known, {"y": 2.0005}, ["y", "z"], "ACGT", 0.001)
    with pytest.raises(InputError, match=r"z = 5, but 5.002 is expected: were its .* \(ATCG\)\?"):
        checks.check_known(known, {"y": 2.0, "z": 5.002}, ["y", "z"], "ATCG", 0.001)


def test_the_order_of_letters_shows_without_an_error(tmp_path):
    """Weights of A, C, G and T give another answer where the encoding has another order."""
    weights = np.array([0.1, -0.4, 0.7, 0.2])
    one_hot = {order: np.eye(4)[[order.index(letter) for letter in "AACG"]] for order in
               ("ACGT", "ATCG")}  # fmt: skip
    found = {order: float((rows @ weights).sum()) for order, rows in one_hot.items()}
    assert found == pytest.approx({"ACGT": 0.5, "ATCG": 1.1})
    expected = {"y": found["ACGT"]}
    checks.check_known(np.full((2, 1), found["ACGT"]), expected, ["y"], "ACGT", 0.001)
    with pytest.raises(InputError, match=r"y = 1\.1, but 0\.5 is expected"):
        checks.check_known(np.full((2, 1), found["ATCG"]), expected, ["y"], "ACGT", 0.001)


def held(tmp_path, change, n=40):
    """Hold predictions that are made of the measurements against them."""
    data = made_foreign.data(tmp_path)
    truth = np.concatenate([data.targets(split) for split in ("train", "validation", "test")])
    predictions = np.repeat(change(truth)[None], 3, axis=0)
    checks.check_measured(np.concatenate([predictions, predictions * 0], -1), data, "ACGT")


def test_predictions_of_the_measurements_pass(tmp_path):
    held(tmp_path, lambda truth: 0.2 * truth)
    held(tmp_path, lambda truth: 9 * truth + 3)


def test_predictions_opposite_to_measurements_are_refused(tmp_path):
    with pytest.raises(
        InputError, match=r"r = -1.000 with the measurements of 'y': it is inverted"
    ):
        held(tmp_path, lambda truth: -truth)


def test_measurements_in_other_units_are_refused(tmp_path):
    with pytest.raises(
        InputError, match=r"Measurements of 'y' change by 0\.02 where .* change by 1"
    ):
        held(tmp_path, lambda truth: 50 * truth)


def test_predictions_that_have_nothing_to_do_with_measurements():
    rng = np.random.default_rng(4)
    truth, predictions = rng.standard_normal(2000), rng.standard_normal((3, 2000))
    with pytest.raises(InputError, match=r"nothing to do with each other. Were the .* \(ACGT\)"):
        checks._check_activity(predictions, truth, np.arange(2000), "y", "ACGT")
    # Few sequences tell nothing of that.
    checks._check_activity(predictions[:, :100], truth[:100], np.arange(100), "y", "ACGT")
