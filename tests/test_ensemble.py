"""Members in their order, their mean, their spread, and those that fell out."""

import keras
import numpy as np
import pytest

from conftest import HEADS, LENGTH
from degu import models
from degu.ensemble import Ensemble, check_members, running, summarise, whole
from degu.ensemble import members as each_of
from degu.heads import Heads
from degu.job import InputError
from degu.sequences import one_hot

RNG = np.random.default_rng(0)


def test_every_member_predicts_in_order(members, codes):
    predictions = Ensemble(members).predict(codes)
    assert predictions.shape == (3, 7, 2)
    assert predictions.dtype == np.float32
    for path, predicted in zip(members, predictions, strict=True):
        expected = models.load(path)(one_hot(codes), training=False)
        np.testing.assert_allclose(predicted, expected, rtol=1e-5, atol=1e-6)
    assert (predictions[0] != predictions[1]).all()
    np.testing.assert_array_equal(Ensemble(members[::-1]).predict(codes), predictions[::-1])


def test_both_strands_of_every_member(members, codes):
    forward, other = (
        Ensemble(members).predict(some)
        for some in (codes, np.array([3, 2, 1, 0, 4], np.uint8)[codes[:, ::-1]])
    )
    both = Ensemble(members, "both").predict(codes)
    np.testing.assert_allclose(both, (forward + other) / 2, rtol=1e-5, atol=1e-6)
    assert (forward != other).all()


def test_members_that_are_alike_predict_through_one_network(members, codes):
    found = list(each_of(members)(codes))
    np.testing.assert_array_equal(found, Ensemble(members).predict(codes))


@pytest.fixture
def mixed(members, tmp_path):
    """Two members of one network and one of another, in a folder of its own."""
    keras.utils.set_random_seed(1)
    path = str(tmp_path / "0.keras")
    models.save(models.build("compact_cnn", LENGTH, 2, width=8, kernel=5), path, HEADS)
    return [*members[:2], path]


def test_members_of_two_networks_predict_each_through_its_own(mixed, codes):
    expected = [models.load(path)(one_hot(codes), training=False) for path in mixed]
    for found in (list(each_of(mixed)(codes)), Ensemble(mixed).predict(codes)):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    other_order = [mixed[2], *mixed[:2]]
    np.testing.assert_array_equal(
        list(each_of(other_order)(codes)), Ensemble(other_order).predict(codes)
    )


def test_a_member_that_stands_several_times_counts_so_often_and_predicts_once(mixed, codes, caplog):
    weights = [1, 2, 4]
    weighted = [str(path) for path in np.repeat(mixed, weights)]
    said = np.array(Ensemble(mixed).predict(codes), np.float64)
    mean = np.average(said, axis=0, weights=weights)
    std = np.sqrt(np.average((said - mean) ** 2, axis=0, weights=weights))
    for predict in (each_of(weighted), Ensemble(weighted).predict):
        caplog.clear()
        with caplog.at_level("INFO", logger="degu"):
            found = np.stack(list(predict(codes)))
        assert len([one for one in caplog.messages if "sequences through" in one]) == 3
        np.testing.assert_array_equal(found, np.repeat(said.astype(np.float32), weights, axis=0))
        for summary in (summarise(found), running(found)):
            np.testing.assert_allclose(summary[0], mean, rtol=1e-5, atol=1e-6)
            np.testing.assert_allclose(summary[1], std, rtol=1e-5, atol=1e-6)


def test_a_window_is_told_by_two_crops():
    """Windows of seven bases, crops of five: three bases from the first, four from the last."""
    codes = np.arange(14, dtype=np.uint8).reshape(2, 7)
    said = whole(lambda crop: np.stack([crop, np.tile(range(5), (2, 1))], -1), codes, 5)
    np.testing.assert_array_equal(said[..., 0], codes)
    np.testing.assert_array_equal(said[..., 1], [[0, 1, 2, 1, 2, 3, 4]] * 2)
    np.testing.assert_array_equal(whole(np.copy, codes, 7), codes)


def test_summary_by_hand():
    mean, std = summarise(np.array([[[1, 5]], [[3, 5]], [[8, 5]]], np.float32))
    # Squares about 4: 9 + 1 + 16, a third of them.
    np.testing.assert_array_equal(mean, [[4, 5]])
    np.testing.assert_allclose(std, [[np.sqrt(26 / 3), 0]], rtol=1e-7)
    assert mean.dtype == std.dtype == np.float32


def test_summary_agrees_with_numpy_in_double_precision():
    rng = np.random.default_rng(0)
    predictions = (1000 + rng.normal(0, 0.01, (10, 50, 3))).astype(np.float32)
    mean, std = summarise(predictions)
    exact = predictions.astype(np.float64)
    np.testing.assert_allclose(mean, exact.mean(axis=0), rtol=1e-7)
    np.testing.assert_allclose(std, exact.std(axis=0, ddof=0), rtol=1e-6)


def test_one_member_has_no_spread():
    with pytest.raises(InputError, match="at least two members; it has 1"):
        summarise(np.zeros((1, 4, 2)))


def test_an_ensemble_has_the_heads_of_its_members(members, members_of_two):
    assert Ensemble(members).heads == HEADS
    assert Ensemble(members_of_two).heads == Heads.of(["y", "z"])
    with pytest.raises(InputError, match=r"has the heads y, z, but .* has y, y_aleatoric"):
        Ensemble([members[0], members_of_two[0]]).heads  # noqa: B018


def test_an_ensemble_has_members():
    with pytest.raises(InputError, match="at least one member"):
        Ensemble([])


def test_running_summary_agrees_with_numpy_in_double_precision():
    rng = np.random.default_rng(0)
    predictions = (1000 + rng.normal(0, 0.01, (10, 50, 4, 3))).astype(np.float32)
    mean, std = running(iter(predictions))
    exact = predictions.astype(np.float64)
    np.testing.assert_allclose(mean, exact.mean(axis=0), rtol=1e-7)
    np.testing.assert_allclose(std, exact.std(axis=0, ddof=0), rtol=1e-6)
    assert mean.dtype == std.dtype == np.float32
    with pytest.raises(InputError, match="at least two members; it has 1"):
        running(iter(predictions[:1]))


TRUTH = RNG.normal(size=(1000, 2))
NAMES = [f"results/models/lac/standard/0.25/{member}.keras" for member in range(4)]


def good(noise=0.5):
    return TRUTH + RNG.normal(0, noise, TRUTH.shape)


def test_members_that_agree_pass():
    check_members(np.stack([good() for _ in NAMES]), TRUTH, NAMES)
    check_members(np.stack([good(1.5) for _ in NAMES]), TRUTH, NAMES)


@pytest.mark.parametrize(
    ("wrong", "r"),
    [
        (-TRUTH, r"-1\.000"),
        (np.ones_like(TRUTH), r"undefined \(constant predictions\)"),
        (good(4), r"0\.\d{3}"),
    ],
    ids=["inverted", "constant", "far behind"],
)
@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("place", [0, 3])
def test_a_member_that_fell_out_is_named(wrong, r, column, place):
    predictions = np.stack([good() for _ in NAMES])
    predictions[place, :, column] = wrong[:, column]
    with pytest.raises(InputError) as caught:
        check_members(predictions, TRUTH, NAMES)
    assert caught.match(
        rf"member {NAMES[place]} fell out of its ensemble: its validation r is {r}, the median "
        r"over members 0\.\d{3}\. To train it under another seed add "
        rf"'lac/standard/0\.25/{place}: 1' under reseed .* raise warmup_steps"
    )


def test_r_of_few_validation_sequences_is_no_reason():
    """With ten sequences an r of nothing has a standard error of 0.3."""
    noisy = np.stack([good(), good(), np.random.default_rng(3).normal(size=TRUTH.shape)])[:, :10]
    check_members(noisy, TRUTH[:10], NAMES[:3])


def test_a_member_is_judged_where_it_was_measured():
    """With ten measurements of the second activity its r is no reason; of the first it is."""
    few = TRUTH.copy()
    few[10:, 1] = np.nan
    noisy = np.stack([good(), good(), np.random.default_rng(3).normal(size=TRUTH.shape)])
    noisy[2, :, 0] = TRUTH[:, 0]
    check_members(noisy, few, NAMES[:3])
    with pytest.raises(InputError, match=rf"member {NAMES[2]} fell out"):
        check_members(noisy, TRUTH, NAMES[:3])


def test_a_unit_counts_once_however_many_rows_it_has():
    """With ten windows an r of nothing is no reason, whatever the number of their bases."""
    noisy = np.stack([good(), good(), np.random.default_rng(3).normal(size=TRUTH.shape)])
    check_members(noisy, TRUTH, NAMES[:3], np.arange(len(TRUTH)) % 10)
    with pytest.raises(InputError, match=rf"member {NAMES[2]} fell out"):
        check_members(noisy, TRUTH, NAMES[:3], np.arange(len(TRUTH)))


@pytest.mark.filterwarnings("ignore:All-NaN slice")
def test_an_ensemble_of_nothing_but_failures_is_refused():
    for wrong in (-TRUTH, np.zeros_like(TRUTH)):
        with pytest.raises(InputError, match=r"0\.keras fell out"):
            check_members(np.stack([wrong] * 4), TRUTH, NAMES)
