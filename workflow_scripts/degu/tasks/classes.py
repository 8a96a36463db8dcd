"""Classes of sequences: supervision, labels of an ensemble, predictions.

Models predict logits whose mean over classes is zero. The file of labels is that of `degu.labels`,
with one more array for each split:

/{train,validation,test}/information   float32   (n, 1), mutual information of class and member
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import h5py
import numpy as np

from degu import class_losses, feed, losses
from degu.dataset import Dataset
from degu.ensemble import check_members
from degu.feed import Part, Stored
from degu.heads import Heads, to_logvar
from degu.labels import read_heads, read_labels
from degu.predictions import Split
from degu.spread import running_logits
from degu.tasks import activities, labelling
from degu.tasks.supervision import Supervision


def from_measurements(data: Dataset, rows: np.ndarray | None, recipe: dict) -> Supervision:
    """Supervision of a teacher by the class of each sequence, as in `degu.tasks.activities`.

    With an evidential `likelihood` the model tells its information as well.
    """
    heads = Heads.of_classes(data.activities)
    loss, convert = class_losses.cross_entropy, class_losses.centred
    if "likelihood" in recipe:
        heads, convert = heads.with_information(), class_losses.evidential_heads
        loss = class_losses.evidential(recipe["likelihood"]["weight"])
    return Supervision(
        heads=heads,
        outputs=len(data.activities),
        train=feed.measured(data, "train", data.activities, rows),
        validation=feed.measured(data, "validation", data.activities, data.selects()),
        loss=loss,
        convert=convert,
    )


def from_teachers(
    data: Dataset,
    rows: np.ndarray | None,
    recipe: dict,
    labels: str | Path,
    unlabelled: Sequence[str | Path] = (),
) -> Supervision:
    """Supervision of a student by the mean and spread of its teachers' logits.

    It learns their mutual information as well, which tells in one number how far they disagree.
    The labels choose its epoch: logits cannot be compared with classes by one loss.

    Parameters
    ----------
    data, rows, recipe, labels, unlabelled
        As in `degu.tasks.activities`; `weights` for epistemic heads are for the information, too.
        With `measured_weight` the rest of the loss is the cross entropy, in validation as well.
    """
    heads, selects = read_heads(labels).with_epistemic(recipe["scale"]), data.selects()
    convert = to_logvar if recipe["scale"] == "logvar" else None
    weights = heads.weights(**recipe["weights"], information=recipe["weights"]["epistemic"])
    codes = [feed.sequences(data, "train", rows)]
    train = [_taught(labels, "train", convert)]
    validation = _taught(labels, "validation", convert, selects)
    loss, classes = losses.distillation(weights), data.columns(data.activities)
    if "measured_weight" in recipe:
        train[0].append(Part(data.path, "train/targets", classes, rows))
        validation.append(Part(data.path, "validation/targets", classes, selects))
        loss = class_losses.mixed(weights, len(classes), recipe["measured_weight"])
    if unlabelled:
        codes.append(Stored(Part(unlabelled[0], "unlabelled/codes")))
        train.append(_taught(unlabelled[1], "unlabelled", convert))
        if "measured_weight" in recipe:
            train[1].append(Part(unlabelled[1], "unlabelled/mean", convert=_called))
    return Supervision(
        heads=heads,
        outputs=len(heads),
        measured=len(codes[0]),
        train=(feed.stacked(*codes), feed.stacked(*(Stored(*parts) for parts in train))),
        validation=(feed.sequences(data, "validation", selects), Stored(*validation)),
        loss=loss,
    )


def _taught(
    labels: str | Path, split: str, convert: Callable | None, rows: np.ndarray | None = None
) -> list[Part]:
    """Mean, spread and information of the teachers as the heads of a student learn them."""
    return [
        Part(labels, f"{split}/mean", rows=rows),
        Part(labels, f"{split}/std", rows=rows, convert=convert),
        Part(labels, f"{split}/information", rows=rows),
    ]


def _called(logits: np.ndarray) -> np.ndarray:
    """One-hot rows of the classes that teachers call."""
    return np.eye(logits.shape[1], dtype=np.float32)[logits.argmax(axis=1)]


def _summary(predictions: Iterable[np.ndarray]) -> dict[str, np.ndarray]:
    """Mean and standard deviation of logits over members, and what members disagree about."""
    found = running_logits(predictions)
    return {"mean": found.mean, "std": found.std, "information": found.information}


# Labels of an ensemble, for every split and of sequences without measurements.
write_labels = partial(labelling.write, summary=_summary)
label_unlabelled = partial(labelling.write_unlabelled, summary=_summary)


def check(models: list[str], heads: Heads, validation: Split) -> None:
    """Refuse a member that fell out of its ensemble, by one correlation over all classes.

    Raises
    ------
    InputError
        From `degu.ensemble.check_members`.
    """
    columns = heads.columns("class")
    predictions = validation.predictions[..., columns].reshape(len(models), -1, 1)
    truth = validation.truth[:, columns].reshape(-1, 1)
    check_members(predictions, truth, models, validation.units.repeat(len(columns)))


def truth(data: Dataset, split: str, heads: Heads, labels: str | Path | None) -> np.ndarray:
    """Look up the true values of a model's heads, float32 (n, heads).

    One-hot classes, and for a student what its teachers disagree about, from the file `labels`; NaN
    for uncertainties that nothing tells the truth of.
    """
    known = [data.targets(split)[:, data.columns(data.activities)]]
    if labels is not None:
        with h5py.File(labels) as file:
            known += [read_labels(labels, split)[1], file[f"{split}/information"][:]]
    left = len(heads) - sum(part.shape[1] for part in known)
    known.append(np.full((data.size(split), left), np.nan))
    return np.concatenate(known, axis=1).astype(np.float32)


# Logits and spreads are predicted as activities are.
predict = partial(activities.predict, look_up=truth)
