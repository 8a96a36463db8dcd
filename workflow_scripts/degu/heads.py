"""Output heads of models: names, kinds and scales, and the place in a saved model where they stand.

A saved model is a Keras archive with one more member, `heads.json`, that lists its heads in the
order of its outputs. Keras ignores the member, so that the file loads wherever Keras does, and
this module reads it without TensorFlow.
"""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from degu.job import InputError

KINDS = ("activity", "aleatoric", "epistemic", "member", "class", "information")
# Name of the head by which students of classes, and evidential models, tell what they do not know.
INFORMATION = "mutual_information"
MEMBER = "heads.json"
# Added to a variance before its logarithm, since members can agree to the last bit.
EPSILON = 1e-6


def aleatoric(activity: str) -> str:
    """Name of an activity's replicate standard deviation, and of the head that predicts it."""
    return f"{activity}_aleatoric"


def epistemic(activity: str) -> str:
    """Name of the head that predicts the teachers' standard deviation of an activity."""
    return f"{activity}_epistemic"


_NAMES = {
    "activity": str,
    "aleatoric": aleatoric,
    "epistemic": epistemic,
    "class": str,
    "information": str,
}


@dataclass(frozen=True)
class Head:
    """One output of a model.

    Attributes
    ----------
    activity
        Name of the activity, or class, that the head predicts, or whose uncertainty it predicts.
    kind
        One of `KINDS`; uncertainties are standard deviations in units of the activity. A class has
        a logit; `information` is that of a label on the member, or on its probabilities, in nats.
    scale
        Scale of an uncertainty in the model's output: "std", or "logvar" for the logarithm of a
        variance.
    noise
        Noise that an aleatoric head predicts: "replicates", the deviation between replicates, or
        "residuals", all that a likelihood finds unexplained.
    member
        Number of the teacher whose activity a head of kind "member" predicts, else None.
    """

    activity: str
    kind: str = "activity"
    scale: str = "std"
    noise: str = "replicates"
    member: int | None = None

    @property
    def name(self) -> str:
        """Name of the head, which is also that of the target it learns."""
        if self.kind == "member":
            return f"{self.activity}_member{self.member}"
        return _NAMES[self.kind](self.activity)


class Heads(tuple[Head, ...]):
    """All heads of a model, in the order of its outputs: activities, aleatoric, epistemic heads.

    A student with `scale: members` has one head more for each activity of each teacher, teacher by
    teacher; its activities and epistemic heads are their mean and standard deviation.

    Paper, Methods, "Distilling DeepSTARR" and "Distilling ResidualBind". Models of classes have
    logits instead of activities, and students of them one more head behind all others.
    """

    @classmethod
    def of(
        cls, activities: Sequence[str], *kinds: str, scale: str = "std", noise: str = "replicates"
    ) -> "Heads":
        """Heads of some activities, and further kinds of heads for each of them.

        Parameters
        ----------
        activities
            Names.
        kinds
            "aleatoric", "epistemic", in this order; neither for activities alone.
        scale
            Scale of the epistemic heads.
        noise
            Noise that the aleatoric heads predict.
        """
        extra = {"epistemic": {"scale": scale}, "aleatoric": {"noise": noise}}
        return cls(
            Head(activity, kind, **extra.get(kind, {}))
            for kind in ("activity", *kinds)
            for activity in activities
        )

    @classmethod
    def of_classes(cls, classes: Sequence[str]) -> "Heads":
        """Heads of a model of classes: a logit for each."""
        return cls(Head(name, "class") for name in classes)

    def with_epistemic(self, scale: str = "std") -> "Heads":
        """Heads of a student of teachers that have these heads."""
        taught = Heads((*self, *(Head(name, "epistemic", scale) for name in self.activities)))
        return taught.with_information() if self.of_kind("class") else taught

    def with_information(self) -> "Heads":
        """Heads of a model of classes that tells how much of its uncertainty is epistemic."""
        return Heads((*self, Head(INFORMATION, "information")))

    def with_members(self, number: int) -> "Heads":
        """Heads of a student that tells each of so many teachers apart."""
        members = (
            Head(activity, "member", member=member)
            for member in range(number)
            for activity in self.activities
        )
        return Heads((*self.with_epistemic(), *members))

    @property
    def names(self) -> list[str]:
        """Name of each head."""
        return [head.name for head in self]

    @property
    def activities(self) -> list[str]:
        """Name of each activity, or class."""
        return [head.name for head in self if head.kind in ("activity", "class")]

    @property
    def kinds(self) -> dict[str, str]:
        """Kind of each head by name."""
        return {head.name: head.kind for head in self}

    def of_kind(self, kind: str) -> "Heads":
        """Heads of one kind."""
        return Heads(head for head in self if head.kind == kind)

    def column(self, name: str) -> int:
        """Find the output of the head of a name."""
        return self.names.index(name)

    def columns(self, kind: str) -> list[int]:
        """Find the outputs of one kind."""
        return [column for column, head in enumerate(self) if head.kind == kind]

    def members(self, activity: str) -> list[int]:
        """Find the outputs that predict an activity as each teacher does; none of most models."""
        return [
            column
            for column, head in enumerate(self)
            if (head.kind, head.activity) == ("member", activity)
        ]

    def weights(self, **by_kind: float) -> list[float]:
        """Weight of each head in a loss: 1, or that of its kind (lambda, gamma)."""
        return [by_kind.get(head.kind, 1.0) for head in self]

    def to_std(self, outputs: np.ndarray) -> np.ndarray:
        """Turn the heads that are log-variances into standard deviations.

        Parameters
        ----------
        outputs : float array, shape (..., heads)
        """
        columns = [column for column, head in enumerate(self) if head.scale == "logvar"]
        if not columns:
            return outputs
        converted = outputs.copy()
        converted[..., columns] = to_std(outputs[..., columns])
        return converted

    def uncertainties(self, predictions: np.ndarray, activity: str) -> dict[str, np.ndarray]:
        """Predicted standard deviations of an activity by kind, "total" where both kinds exist.

        Linear heads may go below zero, where they are raised to zero.

        Parameters
        ----------
        predictions : float array, shape (..., heads)
            From `to_std`.

        Returns
        -------
        deviations : dict of float arrays, shape (...)
            epistemic, aleatoric, total, as far as there are heads.
        """
        found = {
            kind: np.maximum(predictions[..., column], 0)
            for kind in ("epistemic", "aleatoric")
            for column, head in enumerate(self)
            if (head.kind, head.activity) == (kind, activity)
        }
        if len(found) == 2:
            found["total"] = total(**found)
        return found

    def to_json(self) -> str:
        """Write the heads as text."""
        return json.dumps([{k: v for k, v in vars(head).items() if v is not None} for head in self])

    @classmethod
    def from_json(cls, text: str) -> "Heads":
        """Read the heads from the text of `to_json`."""
        return cls(Head(**head) for head in json.loads(text))


def store(model: str | Path, heads: Heads) -> None:
    """Add heads to a saved model, once.

    Parameters
    ----------
    model
        A .keras file that holds no heads yet.
    """
    with zipfile.ZipFile(model, "a") as archive:
        archive.writestr(MEMBER, heads.to_json())


def read(model: str | Path) -> Heads:
    """Read the heads of a saved model.

    Raises
    ------
    InputError
        For a file that is no saved model, or one that this package did not save.
    """
    try:
        with zipfile.ZipFile(model) as archive:
            return Heads.from_json(archive.read(MEMBER).decode())
    except zipfile.BadZipFile as error:
        raise InputError(f"{model} is no saved model (.keras): {error}.") from error
    except KeyError as error:
        raise InputError(
            f"{model} does not name its heads: save models by degu.models.save, which stores them."
        ) from error


def read_common(models: Sequence[str | Path]) -> Heads:
    """Read the heads that all members of a run have.

    Raises
    ------
    InputError
        If two members differ in their heads, and from `read`.
    """
    first = read(models[0])
    for model in models[1:]:
        found = read(model)
        if found != first:
            raise InputError(
                f"{model} has the heads {', '.join(found.names)}, but {models[0]} has "
                f"{', '.join(first.names)}: members of a run have the same heads."
            )
    return first


def to_logvar(std: np.ndarray) -> np.ndarray:
    """Logarithm of the variance plus `EPSILON`."""
    return np.log(np.square(std) + std.dtype.type(EPSILON))


def to_std(logvar: np.ndarray) -> np.ndarray:
    """Inverse of `to_logvar`; zero where the log-variance is below that of a zero deviation."""
    return np.sqrt(np.maximum(np.exp(logvar) - logvar.dtype.type(EPSILON), 0))


def total(epistemic: np.ndarray, aleatoric: np.ndarray) -> np.ndarray:
    """Total uncertainty: root of the summed variances (paper, Methods, "Interval coverage")."""
    return np.hypot(epistemic, aleatoric)


def clip(std: np.ndarray, smallest: float) -> tuple[np.ndarray, np.ndarray]:
    """Raise standard deviations to a smallest one.

    Returns
    -------
    std : array
        At least `smallest`.
    raised : bool array
        Whether a value was below.
    """
    return np.maximum(std, smallest), std < smallest
