"""What a student is taught: heads, labels from an ensemble, targets."""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import tensorflow as tf

from degu import augment, dataset, losses, models, uncertainty
from degu.augment import Augmentation
from degu.dataset import Dataset
from degu.ensemble import Ensemble, check_number, summarise
from degu.feed import Array
from degu.job import InputError, atomic
from degu.losses import Loss
from degu.metrics import pearson


def head_names(activities: list[str], with_aleatoric: bool, with_epistemic: bool) -> list[str]:
    """Heads of a model, in the order of its outputs.

    Activities first, then their aleatoric heads, then the epistemic heads of a student or of an
    evidential model (paper, Methods, "Distilling DeepSTARR" and "Distilling ResidualBind").
    """
    heads = list(activities)
    if with_aleatoric:
        heads += map(dataset.aleatoric, activities)
    if with_epistemic:
        heads += map(dataset.epistemic, activities)
    return heads


def measured(data: Dataset, split: str, heads: list[str]) -> np.ndarray:
    """Measured targets of the heads, float32 (n, heads).

    Raises
    ------
    InputError
        From `Dataset.columns`.
    """
    return data.targets(split)[:, data.columns(heads)].astype(np.float32)


def head_weights(
    heads: list[str], activities: list[str], epistemic: float, aleatoric: float
) -> list[float]:
    """Weights of a student's heads: 1, lambda (epistemic) and gamma (aleatoric)."""
    kinds = {dataset.epistemic(name): epistemic for name in activities}
    kinds |= {dataset.aleatoric(name): aleatoric for name in activities}
    return [kinds.get(head, 1.0) for head in heads]


def check_members(predictions: np.ndarray, truth: np.ndarray, names: list[str]) -> None:
    """Refuse an ensemble with a member that fell out of it, by `check_correlations`.

    Parameters
    ----------
    predictions : array, shape (members, n, activities)
        Of the validation set.
    truth : array, shape (n, activities)
    names
        One a member.
    """
    r = [
        [pearson(known, said) for known, said in zip(truth.T, member.T, strict=True)]
        for member in predictions
    ]
    check_correlations(np.array(r), len(truth), names)


def check_correlations(correlations: np.ndarray, n: int, names: list[str]) -> None:
    """Refuse an ensemble with a member that is inverted, constant, or far behind.

    Parameters
    ----------
    correlations : array, shape (members, activities)
        Pearson's r on the validation set.
    n
        Sequences of the validation set.
    names
        One a member.

    Raises
    ------
    InputError
        If a member's r with an activity is not positive or below half of the median over members,
        by more than three standard errors of an r of nothing; or if its predictions are constant.
    """
    chance = 3 / np.sqrt(n)
    for r in correlations.T:
        usual = float(np.nanmedian(r))
        for name, value in zip(names, r, strict=True):
            if not value > max(0.0, usual / 2) - chance:
                said = "undefined (constant predictions)" if np.isnan(value) else f"{value:.3f}"
                run = "/".join(Path(name).with_suffix("").parts[-4:])
                raise InputError(
                    f"The member {name} fell out of its ensemble: its validation r is "
                    f"{said}, the median over members {usual:.3f}. To train it under "
                    f"another seed add '{run}: 1' under reseed in the config and run again; if "
                    "several fall out, raise warmup_steps."
                )


def write_labels(
    path: str | Path, models: list[str], data: Dataset, heads: list[str], rows: np.ndarray
) -> None:
    """Write the mean and spread of an ensemble for every split.

    Parameters
    ----------
    path
        Gets /{split}/mean (n, heads) and /{split}/std (n, activities; ddof 0), the paper's
        ensemble mean and standard deviation; attribute heads.
    models
        The teachers' files, at least two.
    data
        Their data set.
    heads
        The teachers' heads; the activities come first.
    rows
        Of the training split: those that the teachers were trained on.

    Raises
    ------
    InputError
        From `check_members`, or for fewer than two teachers.
    """
    ensemble, activities = Ensemble(models), len(data.activities)
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = heads
        for split in ("validation", "test", "train"):
            codes = data.codes(split)
            predictions = ensemble.predict(codes[rows] if split == "train" else codes)
            if split == "validation":
                known = measured(data, split, data.activities)
                check_members(predictions[..., :activities], known, models)
            mean, std = summarise(predictions)
            file[f"{split}/mean"] = mean
            file[f"{split}/std"] = std[:, :activities]


def read_labels(path: str | Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n, heads of the teachers) and spread (n, activities) of the teachers on a split."""
    with h5py.File(path) as file:
        return file[f"{split}/mean"][:], file[f"{split}/std"][:]


def student_targets(
    labels: str | Path, data: Dataset, teacher_heads: list[str], scale: str
) -> tuple[np.ndarray, np.ndarray]:
    """Targets of a student for training and for validation.

    Training: the teachers' mean and spread. Validation: what was measured, else the teachers'
    mean, and their spread (paper, Methods, "Distilled Model Training").

    Parameters
    ----------
    labels
        From `write_labels`.
    data
        The same data set.
    teacher_heads
        Heads that the student shares with its teachers.
    scale
        Of the spread: "std", or "logvar" (Supplementary Fig. 10).

    Returns
    -------
    train, validation : float32 arrays, shape (n, teacher heads + activities)
    """
    convert = {"std": lambda std: std, "logvar": uncertainty.to_logvar}[scale]
    mean, std = read_labels(labels, "train")
    validation_mean, validation_std = read_labels(labels, "validation")
    known = truth(data, "validation", teacher_heads, None)
    known = np.where(np.isnan(known), validation_mean, known)
    return (
        np.concatenate([mean, convert(std)], axis=1),
        np.concatenate([known, convert(validation_std)], axis=1),
    )


@dataclass(frozen=True)
class Lesson:
    """What a student is trained on.

    Attributes
    ----------
    outputs : int
        Heads of the student.
    train, validation : float arrays, shape (n, columns), or (n, window, columns) of profiles
        Targets as the loss takes them.
    loss : Loss
    """

    outputs: int
    train: Array
    validation: Array
    loss: Loss


def lesson(
    labels: str | Path, data: Dataset, rows: np.ndarray, aleatoric: bool, recipe: dict
) -> Lesson:
    """Put together targets and loss of a student.

    Parameters
    ----------
    labels, data, rows
        As of `write_labels`.
    aleatoric
        Whether its teachers have aleatoric heads.
    recipe
        scale of the epistemic targets, weights of the loss, and for a student that learns from
        measurements as well their measured_weight.
    """
    heads = head_names(data.activities, aleatoric, with_epistemic=True)
    shared = heads[: -len(data.activities)]
    train, validation = student_targets(labels, data, shared, recipe["scale"])
    weights = head_weights(heads, data.activities, **recipe["weights"])
    if "measured_weight" not in recipe:
        return Lesson(len(heads), train, validation, losses.distillation(weights))
    known = [head for head in shared if head in data.target_names]
    return Lesson(
        len(heads),
        np.hstack([train, measured(data, "train", known)[rows]]),
        np.hstack([validation, measured(data, "validation", known)]),
        losses.mixed(weights, [heads.index(head) for head in known], recipe["measured_weight"]),
    )


def augmentation(recipe: dict, teachers: list[str | Path], activities: int) -> Augmentation | None:
    """Return what a student's recipe does to minibatches: `relabelling`, augment, or nothing."""
    if "dynamic" in recipe:
        return relabelling(teachers, activities, recipe["scale"], **recipe["dynamic"])
    return augment.AUGMENTATIONS.get(recipe.get("augment"))


def relabelling(
    teachers: list[str | Path], activities: int, scale: str, scheme: str, mode: str
) -> Augmentation:
    """Augment each minibatch, and let the teachers label it within the same graph.

    Paper, Methods, "Distilling models with dynamic augmentations". The teachers predict as they
    were saved; a student's training holds neither their weights nor gradients with respect to them.

    Parameters
    ----------
    teachers
        Model files, at least two.
    activities
        How many of the teachers' heads, the first ones, have an epistemic target.
    scale
        Of the spread, as of `student_targets`.
    scheme
        A key of `degu.augment.DYNAMIC`.
    mode
        "replace" the minibatch, or "append" to it, which makes it twice as large.

    Raises
    ------
    InputError
        For fewer than two teachers.
    """
    check_number(len(teachers))
    members, transform = [models.load(path) for path in teachers], augment.DYNAMIC[scheme]

    def relabel(one_hot, targets, seed):
        augmented = transform(one_hot, seed)
        predictions = tf.stack([member(augmented, training=False) for member in members])
        spread = tf.math.reduce_std(predictions[..., :activities], axis=0)
        if scale == "logvar":
            spread = tf.math.log(tf.square(spread) + uncertainty.EPSILON)
        labels = tf.concat([tf.reduce_mean(predictions, axis=0), spread], axis=-1)
        if mode == "replace":
            return augmented, labels
        return tf.concat([one_hot, augmented], axis=0), tf.concat([targets, labels], axis=0)

    return relabel


def truth(data: Dataset, split: str, heads: list[str], labels: str | Path | None) -> np.ndarray:
    """Return what each head of a model should have said, float32 (n, heads).

    Measurements for activity and aleatoric heads; for a student's epistemic heads the teachers'
    spread, of which `labels` is the file. NaN where there is no truth: for aleatoric heads of an
    assay without replicates, and for epistemic heads of an evidential model.
    """
    known = dict(zip(data.target_names, data.targets(split).T, strict=True))
    if labels is not None:
        spread = read_labels(labels, split)[1]
        known |= zip(map(dataset.epistemic, data.activities), spread.T, strict=True)
    unknown = np.full(data.size(split), np.nan)
    return np.stack([known.get(head, unknown) for head in heads], axis=1).astype(np.float32)


def to_std(predictions: np.ndarray, heads: list[str], data: Dataset, scale: str) -> np.ndarray:
    """Turn the epistemic heads of a student of log-variances into standard deviations."""
    if scale != "logvar":
        return predictions
    columns = [heads.index(dataset.epistemic(activity)) for activity in data.activities]
    converted = predictions.copy()
    converted[..., columns] = uncertainty.to_std(predictions[..., columns])
    return converted
