"""Labels of dynamic distillation: minibatches augmented, and labelled by teachers as they are."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from conftest import HEADS
from degu import augment, distill, losses, models
from degu.job import InputError
from degu.training import fit
from small_member import SETTINGS

DYNAMIC = {"scale": "std", "dynamic": {"scheme": "mutagenesis", "mode": "append"}}


def relabelled(members, scheme, mode, scale="std", columns=3):
    codes = np.random.default_rng(1).integers(0, 4, (8, 20), dtype=np.uint8)
    one_hot, targets = tf.one_hot(codes, 4), tf.fill((8, columns), 7.0)
    relabel = distill.relabelling(members, scale, scheme, mode)
    seed = tf.constant([3, 4])
    found = tf.function(relabel)(one_hot, targets, seed)
    return one_hot, augment.DYNAMIC[scheme](one_hot, seed), *found


@pytest.mark.parametrize("scheme", ["mutagenesis", "evoaug", "shuffle"])
def test_a_minibatch_is_replaced_and_labelled_by_the_teachers(scheme, members):
    _, augmented, batch, labels = relabelled(members, scheme, "replace")
    np.testing.assert_array_equal(batch, augmented)
    predicted = np.stack([models.load(path)(augmented, training=False) for path in members])
    expected = np.hstack([predicted.mean(axis=0), predicted[..., :1].std(axis=0)])
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
    np.testing.assert_allclose(
        logvar_labels[:, 2], np.log(std[:, 2].numpy().astype(float) ** 2 + 1e-6), rtol=1e-4
    )


def test_dynamic_labels_are_of_the_strands_of_static_ones(members):
    one_hot = tf.one_hot(np.random.default_rng(1).integers(0, 4, (8, 20), dtype=np.uint8), 4)
    seed, targets = tf.constant([3, 4]), tf.zeros((8, 3))
    relabel = distill.augmentation(DYNAMIC | {"strands": "both"}, members)
    batch, labels = tf.function(relabel)(one_hot, targets, seed)
    teachers = [models.on_strands(models.load(path), "both") for path in members]
    predicted = np.stack([teacher(batch[8:]) for teacher in teachers])
    expected = np.hstack([predicted.mean(axis=0), predicted[..., :1].std(axis=0)])
    np.testing.assert_allclose(labels[8:], expected, rtol=1e-4, atol=1e-6)
    forward = distill.augmentation(DYNAMIC, members)(one_hot, targets, seed)[1]
    assert (forward[8:] != labels[8:]).numpy().all()


def test_teachers_stay_outside_of_the_student(members, tmp_path):
    """Not trained, not in the optimizer (it would have their moments), not in the file."""
    codes = np.random.default_rng(1).integers(0, 4, (40, 20), dtype=np.uint8)
    targets = np.zeros((40, 3), np.float32)
    before = [models.load(path).get_weights() for path in members]
    loaded, load = [], models.load
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "load", lambda path: loaded.append(load(path)) or loaded[-1])
        relabel = distill.augmentation(DYNAMIC, members)
    assert len(loaded) == 3
    student = models.build("compact_cnn", 20, 3, width=8, kernel=3)
    own = [variable.shape for variable in student.weights]
    settings = replace(SETTINGS, epochs=2, batchnorm_sample=0, reverse_complement=False)
    checkpoint = tmp_path / "0.checkpoint.npz"
    loss = losses.distillation([1, 1, 1])
    data = (codes, targets)
    fit(student, data, data, loss, settings, 1, checkpoint, relabel)
    after = [teacher.get_weights() for teacher in loaded]
    for expected, found in zip(before, after, strict=True):
        for a, b in zip(expected, found, strict=True):
            np.testing.assert_array_equal(a, b)
    assert [variable.shape for variable in student.weights] == own
    with np.load(checkpoint) as file:
        stored = [name for name in file.files if name.startswith("optimizer")]
    # Two moments a trainable weight, the step and the rate.
    assert len(stored) == 2 * len(student.trainable_weights) + 2
    models.save(student, tmp_path / "student.keras", HEADS.with_epistemic())
    assert models.load(tmp_path / "student.keras").count_params() == student.count_params()


def test_dynamic_labels_need_two_teachers(members):
    with pytest.raises(InputError, match="at least two members"):
        distill.relabelling(members[:1], "std", "shuffle", "replace")


def test_the_spread_is_that_of_activities_alone(members_of_two):
    """Two activities have two labels of each kind, one activity with its noise has one spread."""
    *_, labels = relabelled(members_of_two, "shuffle", "replace", columns=4)
    assert labels.shape == (8, 4)
    np.testing.assert_array_equal(labels[:, 2:] > 0, np.full((8, 2), True))


def test_what_a_recipe_does_to_minibatches(members):
    assert distill.augmentation({}) is None
    assert distill.augmentation({"scale": "std"}, members) is None
    one_hot, truth = tf.one_hot(np.zeros((4, 20), np.uint8), 4), tf.zeros((4, 3))
    seed = tf.constant([3, 4])
    batch, labels = distill.augmentation({"augment": "evoaug"})(one_hot, truth, seed)
    assert (batch != one_hot).numpy().any()
    np.testing.assert_array_equal(labels, truth)
    batch, labels = distill.augmentation(DYNAMIC, members)(one_hot, truth, seed)
    assert (batch.shape, labels.shape) == ((8, 20, 4), (8, 3))
    logvar = distill.augmentation(DYNAMIC | {"scale": "logvar"}, members)(one_hot, truth, seed)[1]
    np.testing.assert_allclose(logvar[4:, 2], np.log(labels[4:, 2] ** 2 + 1e-6), rtol=1e-4)


def test_teachers_of_other_heads_are_refused(members, members_of_two):
    with pytest.raises(InputError, match="members of a run have the same heads"):
        distill.relabelling([members[0], members_of_two[0]], "std", "shuffle", "replace")
