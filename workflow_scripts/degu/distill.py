"""What a student is taught: heads, labels from an ensemble, targets."""

from pathlib import Path

import h5py
import numpy as np

from degu import dataset, uncertainty
from degu.dataset import Dataset
from degu.ensemble import Ensemble, summarise
from degu.job import InputError, atomic
from degu.metrics import pearson


def head_names(activities: list[str], with_aleatoric: bool, student: bool) -> list[str]:
    """Heads of a model, in the order of its outputs.

    Activities first, then their aleatoric heads, then a student's epistemic heads
    (paper, Methods, "Distilling DeepSTARR" and "Distilling ResidualBind").
    """
    heads = list(activities)
    if with_aleatoric:
        heads += map(dataset.aleatoric, activities)
    if student:
        heads += map(dataset.epistemic, activities)
    return heads


def measured(data: Dataset, split: str, heads: list[str]) -> np.ndarray:
    """Measured targets of the heads, float32 (n, heads).

    Raises
    ------
    InputError
        If the data set has no measurement of a head, such as a replicate standard deviation.
    """
    absent = [head for head in heads if head not in data.target_names]
    if absent:
        raise InputError(
            f"The data set has no target {absent[0]!r}: it has {', '.join(data.target_names)}. "
            "An aleatoric head needs replicates or a standard deviation."
        )
    columns = [data.target_names.index(head) for head in heads]
    return data.targets(split)[:, columns].astype(np.float32)


def head_weights(
    heads: list[str], activities: list[str], epistemic: float, aleatoric: float
) -> list[float]:
    """Weights of a student's heads: 1, lambda (epistemic) and gamma (aleatoric)."""
    kinds = {dataset.epistemic(name): epistemic for name in activities}
    kinds |= {dataset.aleatoric(name): aleatoric for name in activities}
    return [kinds.get(head, 1.0) for head in heads]


def check_members(predictions: np.ndarray, truth: np.ndarray, names: list[str]) -> None:
    """Refuse an ensemble with a member that fell out of it: inverted, constant, or far behind.

    Parameters
    ----------
    predictions : array, shape (members, n, activities)
        Of the validation set.
    truth : array, shape (n, activities)
    names
        One a member.

    Raises
    ------
    InputError
        If a member's r with an activity is not positive or below half of the median over members.
    """
    for column in range(truth.shape[1]):
        r = [pearson(truth[:, column], member[:, column]) for member in predictions]
        usual = float(np.nanmedian(r))
        for name, value in zip(names, r, strict=True):
            if not value > max(0.0, usual / 2):
                run = "/".join(Path(name).with_suffix("").parts[-4:])
                raise InputError(
                    f"The member {name} fell out of its ensemble: its validation r is "
                    f"{value:.3f}, the median over members {usual:.3f}. To train it under "
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

    Training: the teachers' mean and spread. Validation: what was measured, and the teachers'
    spread (paper, Methods, "Distilled Model Training").

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
    _, validation_std = read_labels(labels, "validation")
    return (
        np.concatenate([mean, convert(std)], axis=1),
        np.concatenate(
            [measured(data, "validation", teacher_heads), convert(validation_std)], axis=1
        ),
    )


def truth(data: Dataset, split: str, heads: list[str], labels: str | Path | None) -> np.ndarray:
    """Return what each head of a model should have said, float32 (n, heads).

    Measurements for activity and aleatoric heads; for epistemic heads the teachers' spread, of
    which `labels` is the file.
    """
    spread = [dataset.epistemic(activity) for activity in data.activities]
    known = measured(data, split, [head for head in heads if head not in spread])
    return known if labels is None else np.hstack([known, read_labels(labels, split)[1]])


def to_std(predictions: np.ndarray, heads: list[str], data: Dataset, scale: str) -> np.ndarray:
    """Turn the epistemic heads of a student of log-variances into standard deviations."""
    if scale != "logvar":
        return predictions
    columns = [heads.index(dataset.epistemic(activity)) for activity in data.activities]
    converted = predictions.copy()
    converted[..., columns] = uncertainty.to_std(predictions[..., columns])
    return converted
