"""Transforms of EvoAug-TF in training: what they do, how they combine, that training resumes.

Entry (row, position) of a labelled batch holds `FIRST` + position in its first channel and the row
in its second, so that what a transform moved can be read off.
"""

import inspect
from collections import Counter
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
import yaml
from evoaug_tf import augment as library
from scipy import stats

from degu import distill, evoaug_library, losses, models, training
from degu.job import InputError
from degu.training.checkpoint import Checkpoint
from workflow import ROOT, refusal

FIRST = 10
SCHEMA = yaml.safe_load((ROOT / "rules/config.schema.yaml").read_text())["$defs"]
ALL = [
    {"name": "RandomInsertion", "insert_min": 0, "insert_max": 6},
    {"name": "RandomTranslocation", "shift_min": 0, "shift_max": 5},
    {"name": "RandomDeletion", "delete_min": 0, "delete_max": 6},
    {"name": "RandomMutation", "mutate_frac": 0.1},
    {"name": "RandomInsertionBatch", "insert_min": 0, "insert_max": 6},
    {"name": "RandomTranslocationBatch", "shift_min": 0, "shift_max": 5},
    {"name": "RandomRC", "rc_prob": 0.5},
    {"name": "RandomRCBatch", "rc_prob": 0.5},
    {"name": "RandomNoise", "noise_mean": 0.0, "noise_std": 0.2},
]


@pytest.fixture(scope="module", autouse=True)
def _deterministic():
    tf.config.experimental.enable_op_determinism()
    tf.random.set_seed(1)


def seed(number):
    return tf.constant([7, number], tf.int32)


def labelled(n, length):
    batch = np.zeros((n, length, 4), np.float32)
    batch[..., 0] = FIRST + np.arange(length)
    batch[..., 1] = np.arange(n)[:, None]
    return tf.constant(batch)


def places(batch):
    """Position that each entry came from; negative where random DNA stands."""
    return np.asarray(batch)[..., 0].round().astype(int) - FIRST


def one_hot(n, length):
    return tf.one_hot(np.random.default_rng(0).integers(0, 4, (n, length)), 4)


def compiled(transforms, at_most, length):
    """Augmentation inside a graph, as a training step has it."""
    augment = evoaug_library.augmentation(transforms, at_most)
    signature = [tf.TensorSpec([None, length, 4]), tf.TensorSpec([2], tf.int32)]
    return tf.function(
        lambda batch, own: augment(batch, tf.zeros((2, 1)), own)[0],
        input_signature=signature,
    )


def assert_likely(counts, expected):
    """Compare with expected shares; seeds are fixed, so chance cannot fail it from time to time."""
    expected = np.asarray(expected, float)
    assert stats.chisquare(counts, expected / expected.sum() * np.sum(counts)).pvalue > 1e-3


def classes():
    """Classes of the installed library, by name."""
    found = inspect.getmembers(library, inspect.isclass)
    return {
        name: of
        for name, of in found
        if issubclass(of, library.AugmentBase) and of is not library.AugmentBase
    }


def test_the_schema_has_the_classes_and_arguments_of_the_library():
    known = {
        name: list(inspect.signature(of).parameters)
        for name, of in classes().items()
        if name != "RandomDeletionBatch"
    }
    stated = {name: list(of["properties"])[1:] for name, of in SCHEMA["transforms"].items()}
    assert stated == known
    assert all(
        of["required"] == list(of["properties"]) and not of["additionalProperties"]
        for of in SCHEMA["transforms"].values()
    )
    assert SCHEMA["transform"]["properties"]["name"]["enum"] == sorted(known)
    assert SCHEMA["transform"]["allOf"] == [
        {
            "if": {"properties": {"name": {"const": name}}},
            "then": {"$ref": f"#/$defs/transforms/{name}"},
        }
        for name in sorted(known)
    ]
    assert list(evoaug_library.TRANSFORMS) == sorted(known)


def test_the_class_that_is_left_out_fails_in_the_library():
    with pytest.raises(tf.errors.InvalidArgumentError):
        library.RandomDeletionBatch(3, 3)(one_hot(2, 20))


def test_the_smallest_shift_does_nothing_in_the_library():
    shift = library.RandomTranslocationBatch(shift_min=5, shift_max=6)
    found = {places(shift(labelled(1, 20)))[0, 0] for _ in range(100)}
    assert 0 in found


@pytest.mark.parametrize("size", [1, 4, 7])
@pytest.mark.parametrize("name", ["RandomInsertion", "RandomInsertionBatch"])
def test_an_insertion_moves_the_rest_apart_and_is_cut_to_the_middle(name, size):
    insertion = {"name": name, "insert_min": size, "insert_max": size}
    batch = compiled([insertion], 1, 40)(labelled(30, 40), seed(1))
    gaps = set()
    for found in places(batch):
        kept = found[found >= 0]
        inner = np.flatnonzero(np.diff(kept) != 1)
        # Positions follow one another, with the inserted stretch of random DNA among them.
        assert len(inner) == 0
        assert kept.min() <= size // 2 and kept.max() >= 40 - 1 - (size - size // 2)
        gaps.add(int(np.argmax(found < 0)))
    assert (len(gaps) == 1) == name.endswith("Batch")
    random = np.asarray(batch)[places(batch) < 0]
    assert np.isin(random, [0, 1]).all() and (random.sum(axis=-1) == 1).all()


def test_an_insertion_of_nothing_leaves_a_sequence_as_it_was():
    insertion = {"name": "RandomInsertion", "insert_min": 0, "insert_max": 9}
    batch = np.asarray(compiled([insertion], 1, 40)(labelled(300, 40), seed(1)))
    untouched = (batch == labelled(300, 40).numpy()).all(axis=(1, 2)).sum()
    # One in ten, and insertions that fall into what is cut off.
    assert 15 < untouched < 120


def test_a_deletion_has_the_size_that_is_asked_for():
    deletion = {"name": "RandomDeletion", "delete_min": 4, "delete_max": 4}
    found = places(compiled([deletion], 1, 30)(labelled(40, 30), seed(1)))
    assert ((found >= 0).sum(axis=1) == 26).all()
    assert (found[:, :2] < 0).all() and (found[:, -2:] < 0).all()


@pytest.mark.parametrize("share", [0, 0.1, 0.3])
def test_a_mutation_redraws_the_share_that_is_asked_for(share):
    found = places(
        compiled([{"name": "RandomMutation", "mutate_frac": share}], 1, 60)(
            labelled(40, 60), seed(1)
        )
    )
    assert ((found < 0).sum(axis=1) == round(share / 0.75 * 60)).all()


@pytest.mark.parametrize("name", ["RandomRC", "RandomRCBatch"])
def test_the_other_strand_at_probability_one(name):
    batch = one_hot(3, 20)
    found = compiled([{"name": name, "rc_prob": 1}], 1, 20)(batch, seed(1))
    np.testing.assert_array_equal(found, batch.numpy()[:, ::-1, ::-1])


def test_noise_has_the_mean_and_deviation_that_are_asked_for():
    noise = {"name": "RandomNoise", "noise_mean": 0.5, "noise_std": 0.1}
    added = np.ravel(compiled([noise], 1, 50)(one_hot(100, 50), seed(1)) - one_hot(100, 50))
    assert stats.kstest(added, stats.norm(0.5, 0.1).cdf).pvalue > 1e-3


def test_a_roll_has_the_range_of_the_library():
    roll = compiled([{"name": "RandomTranslocationBatch", "shift_min": 0, "shift_max": 5}], 1, 20)
    found = Counter(int(places(roll(labelled(1, 20), seed(i)))[0, 0]) for i in range(300))
    assert sorted(found) == [0, 1, 2, 3, 4, 5, 16, 17, 18, 19]
    assert_likely(list(found.values()), np.ones(10))


@pytest.mark.parametrize("transform", ALL, ids=[transform["name"] for transform in ALL])
def test_draws_are_distributed_as_those_of_the_library(transform):
    """Sizes of changes, of the library as its users call it and of ours."""
    batch = one_hot(400, 30)
    arguments = {key: value for key, value in transform.items() if key != "name"}
    plain, ours = getattr(library, transform["name"])(**arguments), compiled([transform], 1, 30)

    def changes(call, times):
        sizes = []
        for number in range(times):
            changed = np.asarray(call(number))
            start = (changed.shape[1] - 30) // 2
            changed = changed[:, start : start + 30]
            sizes.append(np.abs(changed - batch).sum(axis=(1, 2)).round(1))
        return np.concatenate(sizes) if times == 1 else np.array(sizes).mean(axis=1)

    times = 150 if transform["name"].endswith("Batch") else 1
    both = [
        changes(call, times) for call in (lambda _: plain(batch), lambda i: ours(batch, seed(i)))
    ]
    assert stats.ks_2samp(*both).pvalue > 1e-3


@pytest.mark.parametrize("transform", ALL, ids=[transform["name"] for transform in ALL])
def test_seed_alone_decides_the_draw(transform):
    """A resumed training needs this: step k draws the same, whatever was drawn before it."""
    batch = one_hot(8, 30)

    def run(first):
        draw = compiled([transform], 1, 30)
        return [draw(batch, seed(step)).numpy() for step in range(first, 8)]

    whole, resumed = run(0), run(5)
    np.testing.assert_array_equal(whole[5:], resumed)
    assert len({step.tobytes() for step in whole}) > 1


def test_shapes_are_known_inside_a_graph():
    draw = compiled(ALL, 4, 30)
    [output] = draw.get_concrete_function().outputs
    assert output.shape.as_list() == [None, 30, 4] and output.dtype == tf.float32
    assert draw(one_hot(5, 30), seed(1)).shape == (5, 30, 4)


def test_the_library_is_left_as_it_was():
    compiled(ALL, 2, 30)(one_hot(5, 30), seed(1))
    assert library.tf is tf and not tf.config.functions_run_eagerly()
    with pytest.raises(TypeError):
        evoaug_library.apply(lambda batch, _: batch, one_hot(1, 9), seed(1))
    assert library.tf is tf and not tf.config.functions_run_eagerly()


def marks(number):
    """Make transforms of which the first adds 1 to each entry, the second 10, and so on."""
    return [{"name": "RandomNoise", "noise_mean": 10.0**i, "noise_std": 0.0} for i in range(number)]


def test_each_number_up_to_the_largest_is_as_likely_and_then_each_subset():
    draw = compiled(marks(3), 2, 5)
    found = Counter(round(float(draw(tf.zeros((1, 5, 4)), seed(i))[0, 0, 0])) for i in range(600))
    expected = {1: 1 / 6, 10: 1 / 6, 100: 1 / 6, 11: 1 / 6, 101: 1 / 6, 110: 1 / 6}
    assert found.keys() == expected.keys()
    assert_likely([found[key] for key in expected], list(expected.values()))


def test_the_library_combines_transforms_in_the_same_way():
    """Its model, without insertions, which it pads."""
    from evoaug_tf.evoaug import RobustModel

    own = [library.RandomNoise(10.0**i, 0.0) for i in range(3)]
    model = RobustModel(keras.Sequential(), augment_list=own, max_augs_per_seq=2)
    found = Counter(
        round(float(model._apply_augment(tf.zeros((1, 5, 4)))[0, 0, 0])) for _ in range(600)
    )
    assert_likely([found[key] for key in (1, 10, 100, 11, 101, 110)], np.ones(6))


def test_transforms_are_applied_in_the_order_of_the_list():
    mutation, noise = {"name": "RandomMutation", "mutate_frac": 0.75}, marks(1)[0]
    last = compiled([noise, mutation], 2, 20), compiled([mutation, noise], 2, 20)
    sums = [
        {round(float(tf.reduce_sum(draw(one_hot(1, 20), seed(i))))) for i in range(12)}
        for draw in last
    ]
    # All bases redrawn after the noise leave nothing of it.
    assert sums == [{20, 100}, {20, 100}]
    both = [
        Counter(round(float(tf.reduce_sum(draw(one_hot(1, 20), seed(i))))) for i in range(90))[100]
        for draw in last
    ]
    assert both[0] < 40 < both[1]


def test_targets_stay_and_a_recipe_names_the_transforms():
    augment = distill.augmentation({"augment": {"transforms": ALL, "at_most": 2}})
    targets = tf.constant([[1.0], [2.0]])
    batch, same = augment(one_hot(2, 30), targets, seed(3))
    np.testing.assert_array_equal(same, targets)
    np.testing.assert_array_equal(batch, compiled(ALL, 2, 30)(one_hot(2, 30), seed(3)))


def test_deletions_longer_than_a_sequence_are_named():
    deletion = {"name": "RandomDeletion", "delete_min": 0, "delete_max": 31}
    with pytest.raises(InputError, match="30 bases: RandomDeletion with delete_max 31"):
        evoaug_library.augmentation([deletion], 1)(one_hot(2, 30), tf.zeros((2, 1)), seed(1))


SETTINGS = training.Settings(
    batch_size=20,
    epochs=2,
    learning_rate=0.01,
    decay=0.1,
    decay_patience=5,
    minimum_rate=1e-7,
    patience=10,
    warmup_steps=0,
    batchnorm_sample=0,
    reverse_complement=True,
)


def fitted(path, settings=SETTINGS):
    codes = np.random.default_rng(0).integers(0, 4, (100, 32), dtype=np.uint8)
    targets = (codes == 2).mean(axis=1, keepdims=True).astype(np.float32)
    keras.utils.set_random_seed(3)
    model = models.build("compact_cnn", 32, 1, width=16, kernel=3)
    training.fit(
        model,
        (codes[:80], targets[:80]),
        (codes[80:], targets[80:]),
        losses.mse,
        settings,
        seed=1,
        checkpoint=path,
        augmentation=evoaug_library.augmentation(ALL, 2),
        finetune={"epochs": 2, "learning_rate": 0.003},
    )
    return model.get_weights()


@pytest.fixture(scope="module")
def uninterrupted():
    """Weights after a training without interruption."""
    return fitted(None)


def test_a_killed_training_resumes_bit_for_bit(uninterrupted, tmp_path, monkeypatch):
    """In both stages, and at the switch between them: killed after three epochs of its four."""
    save = Checkpoint.save

    def save_and_die(self, progress, best):
        save(self, progress, best)
        if progress.epoch in (1, 2, 3):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "save", save_and_die)
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                fitted(tmp_path / "checkpoint.npz")
        found = fitted(tmp_path / "checkpoint.npz")
    assert all(np.array_equal(a, b) for a, b in zip(uninterrupted, found, strict=True))


def test_augmentation_changes_a_training(uninterrupted):
    other = fitted(None, replace(SETTINGS, epochs=1))
    assert not all(np.array_equal(a, b) for a, b in zip(uninterrupted, other, strict=True))


INSERTION = {"name": "RandomInsertion", "insert_min": 0, "insert_max": 20}
PLACE = "recipes.evoaug.augment"


@pytest.mark.parametrize(
    ("augment", "message"),
    [
        ("evoagu", f"{PLACE}: 'evoagu' is not known; allowed: evoaug. Did you mean 'evoaug'?"),
        (
            {"transforms": [{"name": "RandomInsert"}], "at_most": 1},
            f"{PLACE}.transforms[0].name: 'RandomInsert' is not known; allowed: RandomDeletion, ",
        ),
        (
            {"transforms": [INSERTION | {"insert": 2}], "at_most": 1},
            f"{PLACE}.transforms[0]: unknown key 'insert'; allowed: name, insert_min, insert_max.",
        ),
        (
            {"transforms": [INSERTION | {"insert_min": 21}], "at_most": 1},
            f"{PLACE}.transforms[0].insert_min: 21 is more than insert_max, 20",
        ),
        (
            {"transforms": [INSERTION], "at_most": 2},
            f"{PLACE}.at_most: 2 of 1 transforms",
        ),
        (
            {"transforms": [{"name": "RandomMutation"}], "at_most": 1},
            f"{PLACE}.transforms[0]: 'mutate_frac' is missing",
        ),
    ],
)
def test_a_mistake_is_named_before_any_work(augment, message):
    assert refusal({"recipes": {"evoaug": {"augment": augment}}}).startswith(f"config: {message}")


def test_a_recipe_of_transforms_is_accepted_and_not_by_xla():
    recipe = {"augment": {"transforms": [INSERTION], "at_most": 1}}
    assert refusal({"recipes": {"evoaug": recipe}}) is None
    said = refusal({"recipes": {"evoaug": recipe | {"training": {"xla": True}}}})
    assert "'evoaug' has transforms of EvoAug-TF, which XLA cannot compile" in said
