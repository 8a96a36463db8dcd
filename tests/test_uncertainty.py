"""Dropout at prediction: its draws by hand, its seeds, and the model as it was."""

import keras
import numpy as np
import pytest

from conftest import LENGTH, tiny
from degu import job, models, uncertainty
from degu.heads import Heads
from degu.job import InputError
from degu.spread import running_logits
from degu.uncertainty import Draws


def linear(rate):
    """Build one dense layer behind dropout: 3 + 0.1 for each A, + 0.2 for each C of two bases."""
    sequence = keras.Input((2, 4))
    x = keras.layers.Dropout(rate)(keras.layers.Flatten()(sequence))
    model = keras.Model(sequence, keras.layers.Dense(1)(x))
    kernel = np.tile([0.1, 0.2, 0.0, 0.0], 2)[:, None]
    model.layers[-1].set_weights([kernel, np.array([3.0])])
    return model


def test_dropout_of_a_linear_layer_by_hand():
    """Each input is dropped with probability 0.25, else scaled by 4/3."""
    passes = uncertainty.mc_dropout(linear(0.25), np.array([[0, 1], [1, 2]], np.uint8), 4000, 1)
    assert passes.shape == (4000, 2, 1)
    outcomes = [3, 3 + 0.4 / 3, 3 + 0.8 / 3, 3 + 1.2 / 3]
    found, counts = np.unique(passes[:, 0, 0].round(5), return_counts=True)
    np.testing.assert_allclose(found, outcomes, atol=1e-5)
    np.testing.assert_allclose(counts / 4000, [1 / 16, 3 / 16, 3 / 16, 9 / 16], atol=0.03)
    # Mean w x, variance p / (1 - p) of the sum of (w x) squared.
    variance = np.array([0.1**2 + 0.2**2, 0.2**2]) / 3
    error = 4 * np.sqrt(variance / 4000)
    assert (np.abs(passes[..., 0].mean(axis=0) - [3.3, 3.2]) < error).all()
    np.testing.assert_allclose(passes[..., 0].var(axis=0), variance, rtol=0.1)


def test_both_strands_have_masks_of_their_own():
    """AC adds 0.1 and 0.2, its reverse complement GT nothing: half of the sum, half of its SD."""
    codes = np.array([[0, 1]], np.uint8)
    passes = uncertainty.mc_dropout(linear(0.25), codes, 4000, 1, "both")[:, 0, 0]
    deviation = np.sqrt((0.1**2 + 0.2**2) / 3) / 2
    assert abs(passes.mean() - 3.15) < 4 * deviation / np.sqrt(4000)
    np.testing.assert_allclose(passes.std(), deviation, rtol=0.1)
    # AT is its own reverse complement: two masks of one input, whose mean has 1/sqrt(2) of the SD.
    palindrome = uncertainty.mc_dropout(linear(0.25), np.array([[0, 3]], np.uint8), 4000, 1, "both")
    np.testing.assert_allclose(palindrome.std(), np.sqrt(0.1**2 / 3 / 2), rtol=0.1)


def test_passes_leave_the_model_as_it_was(codes):
    model = tiny(2)
    before = [weight.numpy() for weight in model.weights]
    plain = models.predictor(model)(codes)
    passes = uncertainty.mc_dropout(model, codes, 200, seed=0)
    for weight, value in zip(model.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)
    np.testing.assert_array_equal(models.predictor(model)(codes), plain)
    # Statistics of the batch would move a lone sequence; moving ones do not know of the others.
    assert (passes.std(axis=0) > 0).all()
    alone = uncertainty.mc_dropout(model, codes[:1], 200, seed=0)
    error = np.hypot(alone.std(axis=0), passes[:, :1].std(axis=0)) / np.sqrt(200)
    assert (np.abs(alone.mean(axis=0) - passes[:, :1].mean(axis=0)) < 5 * error).all()


def test_seeds_make_masks(codes):
    first = uncertainty.mc_dropout(tiny(1), codes, 3, seed=5)
    np.testing.assert_array_equal(uncertainty.mc_dropout(tiny(1), codes, 3, seed=5), first)
    assert (uncertainty.mc_dropout(tiny(1), codes, 3, seed=6) != first).any()
    assert (first[0] != first[1]).any() and (first[1] != first[2]).any()


def test_no_dropout_is_plain_prediction(codes):
    model = models.build("compact_cnn", LENGTH, 2, width=16, kernel=3, dropout=0)
    passes = uncertainty.mc_dropout(model, codes, 2, seed=0)
    np.testing.assert_array_equal(passes, np.stack([models.predictor(model)(codes)] * 2))


def test_what_dropout_needs(codes):
    with pytest.raises(InputError, match="passes is 0: at least 1"):
        uncertainty.mc_dropout(tiny(1), codes, 0, seed=0)
    sequence = keras.Input((LENGTH, 4))
    model = keras.Model(sequence, keras.layers.Flatten()(sequence), name="plain")
    with pytest.raises(InputError, match="'plain' has no dropout layer"):
        uncertainty.mc_dropout(model, codes, 2, seed=0)


@pytest.fixture
def of_classes(tmp_path):
    """Save two models of two classes whose logits are those of a linear layer behind dropout."""
    paths = [str(tmp_path / f"{number}.keras") for number in range(2)]
    for rate, path in zip((0.25, 0.5), paths, strict=True):
        one = linear(rate)
        logits = keras.layers.Dense(2, use_bias=False, name="two")(one.output)
        model = keras.Model(one.input, logits)
        model.get_layer("two").set_weights([np.array([[1.0, -1.0]])])
        models.save(model, path, Heads.of_classes(["a", "b"]))
    return paths


def test_passes_of_models_follow_one_another(of_classes):
    """All of a model come before those of the next; each is another, in later blocks as well."""
    codes, draws = np.array([[0, 1], [1, 2]], np.uint8), Draws(3, 5)
    each = uncertainty.drawn(of_classes, draws)
    first, second = ([*each(codes)] for _ in range(2))
    assert len(first) == 6
    for number, path in enumerate(of_classes):
        seed = job.seed(5, number)
        wanted = uncertainty.mc_dropout(models.load(path), codes, 6, seed)
        found = [*first[3 * number : 3 * number + 3], *second[3 * number : 3 * number + 3]]
        np.testing.assert_array_equal(found, wanted)
    assert Draws.named("10", 0) is None
    assert Draws.named("1x100", 0, "a") == Draws(100, job.seed(0, "a", "passes"))


def test_passes_of_classes_are_summed_up_by_their_probabilities(of_classes):
    codes = np.array([[0, 1], [1, 2]], np.uint8)
    found = uncertainty.sampled(of_classes[0], codes, 20, 3, "forward")
    wanted = running_logits(uncertainty.mc_dropout(models.load(of_classes[0]), codes, 20, 3))
    assert list(found) == ["mean", "std", "information"]
    for key, values in zip(found, (wanted.marginal, wanted.std, wanted.information), strict=True):
        np.testing.assert_array_equal(found[key], values)
    assert (found["information"] > 0).all() and found["information"].shape == (2, 1)
