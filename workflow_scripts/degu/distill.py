"""Labels of dynamic distillation: minibatches augmented and then labelled by the teachers."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import tensorflow as tf

from degu import augment, evoaug_library, models
from degu.augment import Augmentation
from degu.ensemble import check_number
from degu.heads import EPSILON, read_common


def augmentation(recipe: dict, teachers: Sequence[str | Path] = ()) -> Augmentation | None:
    """Augmentation of minibatches in a recipe's first stage, if it has one.

    Parameters
    ----------
    recipe
        `dynamic` for `relabelling`, with the `scale` of a student and the `strands` that its
        teachers predict from ("forward" where they are not given), or `augment`: a name, or
        transforms of EvoAug-TF (`degu.evoaug_library.augmentation`).
    teachers
        Model files of the teachers of a dynamic student.
    """
    if "dynamic" in recipe:
        strands = recipe.get("strands", "forward")
        return relabelling(teachers, recipe["scale"], **recipe["dynamic"], strands=strands)
    asked = recipe.get("augment")
    if isinstance(asked, dict):
        return evoaug_library.augmentation(**asked)
    return augment.AUGMENTATIONS.get(asked)


def relabelling(
    teachers: Sequence[str | Path], scale: str, scheme: str, mode: str, strands: str = "forward"
) -> Augmentation:
    """Augment each minibatch, and let the teachers label it within the same graph.

    Paper, Methods, "Distilling models with dynamic augmentations". The teachers predict as they
    were saved; a student's training holds neither their weights nor gradients with respect to them.

    Parameters
    ----------
    teachers
        Model files, at least two.
    scale
        Scale of the epistemic targets: "std" or "logvar".
    scheme
        A key of `degu.augment.DYNAMIC`.
    mode
        "replace" the minibatch, or "append" to it, which makes it twice as large.
    strands
        Strands that the teachers predict from (`degu.models.on_strands`).

    Raises
    ------
    InputError
        For fewer than two teachers.
    """
    check_number(len(teachers))
    activities = len(read_common(teachers).activities)
    members = [
        models.on_strands(partial(models.load(path), training=False), strands) for path in teachers
    ]
    transform = augment.DYNAMIC[scheme]

    def relabel(one_hot, targets, seed):
        augmented = transform(one_hot, seed)
        predictions = tf.stack([member(augmented) for member in members])
        spread = tf.math.reduce_std(predictions[..., :activities], axis=0)
        if scale == "logvar":
            spread = tf.math.log(tf.square(spread) + EPSILON)
        labels = tf.concat([tf.reduce_mean(predictions, axis=0), spread], axis=-1)
        if mode == "replace":
            return augmented, labels
        return tf.concat([one_hot, augmented], axis=0), tf.concat([targets, labels], axis=0)

    return relabel
