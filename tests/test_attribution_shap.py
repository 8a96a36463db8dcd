"""Explanations by shap itself: against closed forms, DeepSHAP of this package, completeness."""

import keras
import numpy as np
import pytest
import yaml
from keras import layers

from degu import attribution, models
from degu.attribution.references import explain_by_deepshap
from degu.attribution.shap import in_own_process, shap_deep, shap_gradient
from degu.heads import Heads
from degu.job import InputError
from degu.models.architectures import ARCHITECTURES
from degu.sequences import encode, one_hot
from workflow import ROOT, refusal

FACTS = yaml.safe_load((ROOT / "rules/config.schema.yaml").read_text())["$defs"]["architectures"]
# Options, and length of sequences.
SMALL = {
    "deepstarr": ({}, 40),
    "residualbind": ({"width": 8}, 40),
    "bio_cnn": ({"channels": 16, "kernel": 3, "dense": 8}, 40),
    "compact_cnn": ({"width": 16, "kernel": 3}, 40),
    "mprann": ({"width": 10}, 40),
    "dream_rnn": ({"width": 10}, 40),
    "cnn_task_base": ({"width": 6}, 128),
}


def made(number, length, seed=3):
    """Random sequences with N."""
    return np.random.default_rng(seed).integers(0, 5, (number, length), dtype=np.uint8)


def trained_like(architecture, outputs=2):
    """Build a small network whose weights differ from head to head, as after training."""
    options, length = SMALL[architecture]
    keras.utils.set_random_seed(0)
    model, rng = models.build(architecture, length, outputs, **options), np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.moving_mean.assign(rng.normal(0, 0.1, layer.moving_mean.shape))
            layer.moving_variance.assign(rng.uniform(0.05, 0.2, layer.moving_variance.shape))
    return model


def linear():
    """Two heads that weigh each position and base by known numbers."""
    inputs = keras.Input((5, 4))
    dense = layers.Dense(2, name="heads")
    model = keras.Model(inputs, dense(layers.Flatten()(inputs)), name="linear")
    weights = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    dense.set_weights([weights, np.array([1, -1])])
    return model, weights.reshape(5, 4, 2)


@pytest.mark.parametrize("sets", [False, True], ids=["the same for all", "a set for each"])
@pytest.mark.parametrize("output", [0, 1])
def test_a_linear_network_in_closed_form(output, sets):
    model, weights = linear()
    codes, references = encode(["ACGTN", "GATTA"]), encode(["TTGCA", "CCATG", "GGGAT"])
    if sets:
        references = np.stack([references, references[:, ::-1]])
    mean = one_hot(np.broadcast_to(references, (2, 3, 5))).mean(axis=1)
    expected = (one_hot(codes) - mean) * weights[..., output]
    deep = in_own_process(shap_deep, model, codes, references, output)
    np.testing.assert_allclose(deep.scores, expected, atol=1e-6)
    assert deep.scores.dtype == np.float32 and deep.errors.shape == (2, 1)
    np.testing.assert_allclose(deep.errors, 0, atol=1e-6)
    # The gradient is the same everywhere, and references are drawn.
    drawn = shap_gradient(model, codes, references, output, 3000)
    np.testing.assert_allclose(drawn.scores, expected, atol=0.05)
    total = drawn.scores.sum(axis=(1, 2)) - drawn.errors[:, 0]
    np.testing.assert_allclose(total, expected.sum(axis=(1, 2)), atol=1e-5)


def test_expected_gradients_of_a_square_by_hand():
    """The mean of 2 (r + t (x - r)) (x - r) on the way from r to x is x² - r²."""
    inputs = keras.Input((1, 4))
    scaled = layers.Dense(1, use_bias=False)
    square = layers.Multiply()([scaled(layers.Flatten()(inputs))] * 2)
    model = keras.Model(inputs, layers.Dense(1, use_bias=False, name="heads")(square))
    scaled.set_weights([np.array([[1.0], [2], [3], [4]])])
    model.get_layer("heads").set_weights([np.ones((1, 1))])
    found = shap_gradient(model, encode(["T"]), encode(["A"]), 0, 20000)
    # The way is 4 t + (1 - t), and each base is weighed by its own factor.
    expected = np.array([[[-1.0, 0, 0, 4]]]) * 2 * 2.5
    np.testing.assert_allclose(found.scores, expected, atol=0.1)
    np.testing.assert_allclose(found.errors, found.scores.sum() - 15, atol=1e-4)


def test_draws_repeat():
    model, _ = linear()
    codes, references = encode(["ACGTN", "GATTA"]), encode(["TTGCA", "CCATG", "GGGAT"])
    once, again = (shap_gradient(model, codes, references, 0, 2).scores for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert not np.array_equal(once, shap_gradient(model, codes, references, 0, 3).scores)


@pytest.mark.parametrize(
    "architecture",
    [name for name in ARCHITECTURES if "shap_deep" not in FACTS[name].get("unexplained", {})],
)
def test_deep_equals_deepshap_where_the_schema_allows_it(architecture):
    model, length = trained_like(architecture), SMALL[architecture][1]
    codes, references = made(3, length), made(4, length, seed=4)
    ours = explain_by_deepshap(model, codes, references, 1).scores
    found = in_own_process(shap_deep, model, codes, references, 1)
    assert np.abs(found.scores - ours).max() < 5e-4 * np.abs(ours).max()
    span = np.abs(found.scores.sum(axis=(1, 2))).max()
    assert np.abs(found.errors).max() < 1e-3 * span


@pytest.mark.parametrize("architecture", ["residualbind", "dream_rnn"])
def test_deep_fails_where_the_schema_says_so(architecture):
    model, length = trained_like(architecture), SMALL[architecture][1]
    with pytest.raises(Exception, match="gradient registry has no entry for: shap_"):
        in_own_process(shap_deep, model, made(2, length), made(3, length), 1)
    assert "shap_deep" in FACTS[architecture]["unexplained"]


def test_deep_is_wrong_on_softmax_as_the_schema_says():
    """Its scores are larger by orders of magnitude, although they nearly add up."""
    model, length = trained_like("mprann"), SMALL["mprann"][1]
    codes, references = made(3, length), made(4, length, seed=4)
    ours = explain_by_deepshap(model, codes, references, 1)
    try:
        found = in_own_process(shap_deep, model, codes, references, 1).scores
    except InputError:
        found = np.full_like(ours.scores, np.inf)
    assert np.abs(found).max() > 10 * np.abs(ours.scores).max()
    assert "shap_deep" in FACTS["mprann"]["unexplained"]


def test_deep_of_silu_is_refused_by_its_completeness():
    inputs = keras.Input((5, 4))
    x = layers.Dense(8, activation="silu")(layers.Flatten()(inputs))
    keras.utils.set_random_seed(0)
    model = keras.Model(inputs, layers.Dense(1, name="heads")(x), name="my_network")
    with pytest.raises(InputError, match=r"wrong for the network 'my_network'.*deepshap, integ"):
        in_own_process(shap_deep, model, made(3, 5), made(4, 5, seed=4), 0)


@pytest.mark.parametrize("explain", [shap_deep, lambda *some: shap_gradient(*some, 1)])
@pytest.mark.parametrize(
    ("codes", "references", "output", "message"),
    [
        (made(2, 5), made(3, 5), 2, "has no output 2"),
        (made(2, 6), made(3, 5), 0, "takes \\(n, 5\\)"),
        (made(2, 5), made(3, 4), 0, "references have shape \\(3, 4\\)"),
    ],
)
def test_wrong_arguments_are_named(explain, codes, references, output, message):
    with pytest.raises(InputError, match=message):
        explain(linear()[0], codes, references, output)


def test_gradients_of_this_process_stay_as_they_are(tmp_path):
    """Maps of all methods in a row: what shap replaces does not reach the others."""
    path, heads = tmp_path / "0.keras", Heads.of(["y", "z"])
    # Layers have the names that Keras gives first, as those of a member that was trained alone.
    keras.utils.clear_session()
    models.save(trained_like("deepstarr"), path, heads)
    some = attribution.Explained(["a", "b"], made(2, 40), 0, made(3, 40, seed=4))

    def explained(method):
        return attribution.explain([str(path)], {"z": some}, method, 2)["z"]

    before = explained("saliency").scores
    deep, ours = explained("shap_deep"), explained("deepshap")
    assert deep.scores.shape == (1, 2, 40, 4) and deep.errors.shape == (1, 2, 1)
    assert deep.hypothetical is None
    np.testing.assert_allclose(deep.scores.sum(axis=-1), 0, atol=1e-6)
    assert np.abs(deep.scores - ours.scores).max() < 5e-4 * np.abs(ours.scores).max()
    assert explained("shap_gradient").errors.shape == (1, 2, 1)
    np.testing.assert_array_equal(explained("saliency").scores, before)


def test_a_network_that_shap_fails_on_is_named_before_any_work():
    assert refusal({"attribution": {"methods": ["shap_deep"]}}).startswith(
        "config: datasets.lentimpra_k562.attribution.methods: shap_deep does not explain "
        "'residualbind' (recipe 'standard'), which has dilated convolutions and SiLU, which shap "
        "fails on; allowed: saliency, deepshap, integrated_gradients, ism, tism, shap_gradient"
    )
