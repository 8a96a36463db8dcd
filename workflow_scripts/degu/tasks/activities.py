"""Single activities of each sequence: supervision, labels of an ensemble, predictions.

The file of labels is that of `degu.labels`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from degu import feed, losses, member_heads, shards
from degu.dataset import Dataset
from degu.ensemble import check_members, members, summarise
from degu.feed import Part, Stored
from degu.heads import Heads, read_common, to_logvar
from degu.labels import number_of_members, read_heads, truth
from degu.losses import Objective
from degu.predictions import Split
from degu.shards import WHOLE, Shard, share
from degu.spread import running
from degu.tasks import labelling
from degu.tasks.supervision import Supervision
from degu.uncertainty import Draws


def from_measurements(data: Dataset, rows: np.ndarray | None, recipe: dict) -> Supervision:
    """Supervision of a teacher by measurements (paper, Methods, "Training models").

    Parameters
    ----------
    data
        Data set with the measurements.
    rows
        Rows of the training split; all if None.
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


def from_teachers(
    data: Dataset,
    rows: np.ndarray | None,
    recipe: dict,
    labels: str | Path,
    unlabelled: Sequence[str | Path] = (),
) -> Supervision:
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
        `scale` of the epistemic targets ("std", or "logvar": Supplementary Fig. 10; "members" for
        a head a teacher, whose mean and spread the student's are), `weights` of
        the loss, `validate` ("measurements" where it is not given), and `measured_weight` for a
        student that learns from measurements as well.
    labels
        File from `write_labels`.
    unlabelled
        File of sequences without measurements that follow the training sequences, and that of their
        labels (`label_unlabelled`); none by default. Where measurements weigh, the teachers' mean
        stands for the missing ones.
    """
    if recipe["scale"] == "members":
        return _from_members(data, rows, recipe, labels, unlabelled)
    teachers = read_heads(labels)
    heads, selects = teachers.with_epistemic(recipe["scale"]), data.selects()
    known = [head for head in _measured_heads(heads) if head in data.target_names]
    columns = [heads.column(head) for head in known]
    convert = to_logvar if recipe["scale"] == "logvar" else None
    weights = heads.weights(**recipe["weights"])
    loss = losses.distillation(weights)
    codes, train = [feed.sequences(data, "train", rows)], [_taught(labels, "train", convert)]
    validation = _validated(data, recipe, labels)
    validation.append(Part(labels, "validation/std", rows=selects, convert=convert))
    if "measured_weight" in recipe:
        train[0].append(Part(data.path, "train/targets", data.columns(known), rows))
        validation.append(Part(data.path, "validation/targets", data.columns(known), selects))
        loss = losses.mixed(weights, columns, recipe["measured_weight"])
    if unlabelled:
        codes.append(Stored(Part(unlabelled[0], "unlabelled/codes")))
        train.append(_taught(unlabelled[1], "unlabelled", convert))
        if "measured_weight" in recipe:
            train[1].append(Part(unlabelled[1], "unlabelled/mean", columns))
    return Supervision(
        heads=heads,
        outputs=len(heads),
        measured=len(codes[0]),
        train=(feed.stacked(*codes), feed.stacked(*(Stored(*parts) for parts in train))),
        validation=(feed.sequences(data, "validation", selects), Stored(*validation)),
        loss=loss,
    )


def _validated(data: Dataset, recipe: dict, labels: str | Path) -> list[Part]:
    """Find validation targets of the teachers' heads: measurements, else the teachers' mean."""
    teachers, selects = read_heads(labels), data.selects()
    known = [head for head in _measured_heads(teachers) if head in data.target_names]
    told = [] if recipe.get("validate") == "labels" else known
    return [
        Part(data.path, "validation/targets", data.columns([head.name]), selects)
        if head.name in told
        else Part(labels, "validation/mean", [column], selects)
        for column, head in enumerate(teachers)
    ]


def _from_members(
    data: Dataset,
    rows: np.ndarray | None,
    recipe: dict,
    labels: str | Path,
    unlabelled: Sequence[str | Path],
) -> Supervision:
    """Supervision of a student with a head for each teacher (`scale: members`).

    Arguments are those of `from_teachers`. Targets are the teachers' mean, of heads that were
    measured the measurement in validation, and each teacher's activities.
    """
    teachers, selects = read_heads(labels), data.selects()
    number, activities = number_of_members(labels, "train"), len(teachers.activities)
    heads = teachers.with_members(number)
    weights = teachers.with_epistemic().weights(**recipe["weights"])
    codes, train = [feed.sequences(data, "train", rows)], [_by_member(labels, "train")]
    if unlabelled:
        number_of_members(unlabelled[1], "unlabelled")
        codes.append(Stored(Part(unlabelled[0], "unlabelled/codes")))
        train.append(_by_member(unlabelled[1], "unlabelled"))
    by_member = Part(labels, "validation/members", rows=selects)
    validation = Stored(*_validated(data, recipe, labels), by_member)
    shape = {"activities": activities, "members": number}
    return Supervision(
        heads=heads,
        outputs=len(teachers) - activities + number * activities,
        measured=len(codes[0]),
        train=(feed.stacked(*codes), feed.stacked(*(Stored(*parts) for parts in train))),
        validation=(feed.sequences(data, "validation", selects), validation),
        loss=member_heads.loss(weights, **shape),
        convert=partial(member_heads.convert, **shape),
    )


def _by_member(labels: str | Path, split: str) -> list[Part]:
    """Teachers' mean and each one's activities, as `degu.member_heads.loss` takes them."""
    return [Part(labels, f"{split}/mean"), Part(labels, f"{split}/members")]


def _taught(labels: str | Path, split: str, convert: Callable | None) -> list[Part]:
    """Teachers' mean and spread as the heads of a student learn them."""
    return [Part(labels, f"{split}/mean"), Part(labels, f"{split}/std", convert=convert)]


def _measured_heads(heads: Heads) -> list[str]:
    """Heads whose label and measurement are the same quantity, by name."""
    return [
        head.name
        for head in heads
        if head.kind == "activity" or (head.kind == "aleatoric" and head.noise == "replicates")
    ]


def _summary(predictions: Iterable[np.ndarray]) -> dict[str, np.ndarray]:
    """Mean and standard deviation over members, and what each of them predicts."""
    stacked = np.stack([*predictions])
    mean, std = summarise(stacked)
    return {"mean": mean, "std": std, "members": stacked.swapaxes(0, 1)}


def _of_passes(predictions: Iterable[np.ndarray]) -> dict[str, np.ndarray]:
    """Mean and standard deviation over passes, which no student tells apart."""
    return dict(zip(("mean", "std"), running(predictions), strict=True))


def _written(write: Callable) -> Callable:
    """Let labels hold what each member predicts, but not what each pass does."""

    def written(*arguments: object, draws: Draws | None = None, **words: object) -> None:
        summary = _summary if draws is None else _of_passes
        write(*arguments, draws=draws, summary=summary, **words)

    return written


# Labels of an ensemble, for every split and of sequences without measurements.
write_labels = _written(labelling.write)
label_unlabelled = _written(labelling.write_unlabelled)


def check(models: list[str], heads: Heads, validation: Split) -> None:
    """Refuse a member that fell out of its ensemble (`degu.ensemble.check_members`)."""
    columns = heads.columns("activity")
    known = validation.predictions[..., columns], validation.truth[:, columns]
    check_members(*known, models, validation.units)


def predict(
    models: list[str],
    data: Dataset,
    split: str,
    labels: str | None,
    stride: int | None = None,
    shard: Shard = WHOLE,
    strands: str = "forward",
    look_up: Callable = truth,
) -> Split:
    """Predict a split, or a shard of it, with all members; deviations instead of log-variances.

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
    shard
        Share of the split.
    strands
        Strands that members predict from (`degu.models.on_strands`).
    look_up
        Finds the true values of heads, as `truth` does.
    """
    heads, each = read_common(models), members(models, strands)
    rows = share(np.arange(data.size(split)), data.length, shard)
    codes = feed.sequences(data, split, rows)
    predictions = np.empty((len(models), len(codes), len(heads)), np.float32)
    for at in shards.blocks(*codes.shape):
        for member, predicted in zip(predictions, each(codes[at]), strict=True):
            member[at] = predicted
    known = look_up(data, split, heads, labels)[rows]
    names, units = data.names(split)[rows], data.units(split)[rows]
    return Split(names, units, known, heads.to_std(predictions))
