"""Single activities of each sequence: supervision, labels of an ensemble, predictions.

The file of labels is that of `degu.labels`.
"""

from pathlib import Path

import h5py
import numpy as np

from degu import feed, losses
from degu.dataset import Dataset
from degu.ensemble import Ensemble, check_members, summarise
from degu.heads import Heads, to_logvar
from degu.job import atomic
from degu.labels import read_heads, read_labels
from degu.losses import Objective
from degu.predictions import Split
from degu.tasks.supervision import Supervision


def from_measurements(data: Dataset, rows: np.ndarray, recipe: dict) -> Supervision:
    """Supervision of a teacher by measurements (paper, Methods, "Training models").

    Parameters
    ----------
    data
        Data set with the measurements.
    rows
        Rows of the training split.
    recipe
        `likelihood`, or `aleatoric: true` for heads that learn the replicates' deviation.

    Raises
    ------
    InputError
        If the data set has no measurement of a head, such as a replicate standard deviation.
    """
    kinds = ("aleatoric",) if recipe.get("aleatoric") else ()
    objective, noise = Objective(losses.mse, kinds=kinds), "replicates"
    if "likelihood" in recipe:
        objective, noise = losses.likelihood(**recipe["likelihood"]), "residuals"
    targets = Heads.of(data.activities, *kinds).names
    return Supervision(
        heads=Heads.of(data.activities, *objective.kinds, noise=noise),
        outputs=objective.outputs * len(targets),
        train=feed.measured(data, "train", targets, rows),
        validation=feed.measured(data, "validation", targets, data.selects()),
        loss=objective.loss,
        convert=objective.convert,
    )


def from_teachers(data: Dataset, rows: np.ndarray, recipe: dict, labels: str | Path) -> Supervision:
    """Supervision of a student by labels (paper, Methods, "Distilled Model Training").

    Training targets are the teachers' mean and spread. Validation targets are measurements, and the
    teachers' spread; where a head predicts another quantity than what was measured, such as the
    residual noise of a likelihood beside the deviation of replicates, the teachers' mean. With
    `validate: labels` all of them are the teachers'.

    Parameters
    ----------
    data, rows
        As of `write_labels`.
    recipe
        `scale` of the epistemic targets ("std", or "logvar": Supplementary Fig. 10), `weights` of
        the loss, `validate` ("measurements" if it is not given), and `measured_weight` for a
        student that learns from measurements as well.
    labels
        File from `write_labels`.
    """
    heads = read_heads(labels).with_epistemic(recipe["scale"])
    taught = recipe.get("validate") == "labels"
    train, validation = _student_targets(
        labels, data, heads, [] if taught else _measured_heads(heads)
    )
    selects = data.selects()
    weights = heads.weights(**recipe["weights"])
    loss = losses.distillation(weights)
    if "measured_weight" in recipe:
        known = [head for head in _measured_heads(heads) if head in data.target_names]
        columns = [heads.column(head) for head in known]
        train = np.hstack([train, measured(data, "train", known)[rows]])
        validation = np.hstack([validation, measured(data, "validation", known)])
        loss = losses.mixed(weights, columns, recipe["measured_weight"])
    return Supervision(
        heads=heads,
        outputs=len(heads),
        train=(feed.sequences(data, "train", rows), train),
        validation=(feed.sequences(data, "validation", selects), validation[selects]),
        loss=loss,
    )


def _student_targets(
    labels: str | Path, data: Dataset, heads: Heads, comparable: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Targets of all heads for training and for validation, float32 (n, heads).

    Measurements of the heads that can be compared with them validate.
    """
    mean, std = read_labels(labels, "train")
    validation_mean, validation_std = read_labels(labels, "validation")
    shared = heads[: validation_mean.shape[1]]
    known = truth(data, "validation", Heads(shared), None)
    known[:, [head.name not in comparable for head in shared]] = np.nan
    known = np.where(np.isnan(known), validation_mean, known)
    if heads[-1].scale == "logvar":
        std, validation_std = to_logvar(std), to_logvar(validation_std)
    return np.concatenate([mean, std], axis=1), np.concatenate([known, validation_std], axis=1)


def _measured_heads(heads: Heads) -> list[str]:
    """Heads whose label and measurement are the same quantity, by name."""
    return [
        head.name
        for head in heads
        if head.kind == "activity" or (head.kind == "aleatoric" and head.noise == "replicates")
    ]


def measured(data: Dataset, split: str, heads: list[str]) -> np.ndarray:
    """Measured targets of heads by name, float32 (n, heads).

    Raises
    ------
    InputError
        From `Dataset.columns`.
    """
    return data.targets(split)[:, data.columns(heads)].astype(np.float32)


def write_labels(
    path: str | Path,
    models: list[str],
    data: Dataset,
    rows: np.ndarray,
    strands: str = "forward",
) -> None:
    """Write the mean and spread of an ensemble for every split.

    Parameters
    ----------
    path
        File to write: the paper's ensemble mean and standard deviation (eq. 1 and 2).
    models
        Files of the teachers, at least two.
    data
        Data set of the teachers.
    rows
        Rows of the training split that the teachers were trained on.
    strands
        Strands that the teachers predict from (`degu.models.on_strands`).

    Raises
    ------
    InputError
        From `degu.ensemble.check_members`, or for fewer than two teachers.
    """
    ensemble = Ensemble(models, strands)
    columns = ensemble.heads.columns("activity")
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = ensemble.heads.to_json()
        for split in ("validation", "test", "train"):
            codes = data.codes(split)
            predictions = ensemble.predict(codes[rows] if split == "train" else codes)
            if split == "validation":
                known = measured(data, split, data.activities)
                check_members(predictions[..., columns], known, models)
            mean, std = summarise(predictions)
            file[f"{split}/mean"] = mean
            file[f"{split}/std"] = std[:, columns]


def truth(data: Dataset, split: str, heads: Heads, labels: str | Path | None) -> np.ndarray:
    """Look up the true values of a model's heads, float32 (n, heads).

    Measurements for activity and aleatoric heads; for a student's epistemic heads the teachers'
    spread, from the file `labels`. NaN where nothing is known: for aleatoric heads of an assay
    without replicates, and for epistemic heads of an evidential model.
    """
    known = dict(zip(data.target_names, data.targets(split).T, strict=True))
    if labels is not None:
        spread = read_labels(labels, split)[1]
        known |= zip(heads.of_kind("epistemic").names, spread.T, strict=True)
    unknown = np.full(data.size(split), np.nan)
    return np.stack([known.get(head, unknown) for head in heads.names], axis=1).astype(np.float32)


def predict(
    models: list[str],
    data: Dataset,
    split: str,
    labels: str | None,
    stride: int | None = None,
    strands: str = "forward",
) -> Split:
    """Predict a split with all members; deviations instead of log-variances.

    Parameters
    ----------
    models
        Saved models, one a member.
    data, split
        Sequences to predict.
    labels
        Labels of a student's teachers.
    stride
        Profiles alone have one.
    strands
        Strands that members predict from (`degu.models.on_strands`).
    """
    ensemble = Ensemble(models, strands)
    predictions = ensemble.heads.to_std(ensemble.predict(data.codes(split)))
    known = truth(data, split, ensemble.heads, labels)
    return Split(data.names(split), data.units(split), known, predictions)
