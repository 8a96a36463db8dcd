"""Files of teachers: vectors of a data set's sequences, in its order, and outputs made of them."""

from pathlib import Path

import h5py
import numpy as np

from degu import embeddings, ridge
from degu.dataset import CHUNK, Dataset
from degu.job import InputError, atomic, log
from degu.splits import SPLITS

Vectors = dict[str, np.ndarray]


def write(
    path: str | Path, vectors: str | Path, data: Dataset, rows: np.ndarray | None, outputs: str
) -> None:
    """Hold a teacher's vectors against a data set, and write its features and outputs.

    Parameters
    ----------
    path
        File to write (`degu.teachers`).
    vectors
        File of `degu.embeddings` with `embedding`, `outputs` or both; without features outputs
        stand for them.
    data
        Data set.
    rows
        Rows of the training split that fits see; all if None.
    outputs
        "own" for those of the file, one an activity or class, or "fitted" for a ridge regression of
        the measurements on the features.

    Raises
    ------
    InputError
        From `degu.embeddings.read`, or for own outputs of another number.
    """
    known = embeddings.keys(vectors)
    features = _by_split(vectors, data, "embedding" if "embedding" in known else "outputs")
    told = _own(vectors, data, known) if outputs == "own" else fitted(features, data, rows)
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        for key, values in (("features", features), ("outputs", told)):
            for split, array in values.items():
                chunks = (CHUNK, array.shape[1])
                file.create_dataset(
                    f"{split}/{key}",
                    data=array.astype(np.float32),
                    chunks=chunks,
                    maxshape=(None, array.shape[1]),
                )
    log.info("%s: %d features", vectors, features["train"].shape[1])


def _by_split(vectors: str | Path, data: Dataset, key: str) -> Vectors:
    names, codes = ([read(split) for split in SPLITS] for read in (data.names, data.codes))
    found = embeddings.read(vectors, np.concatenate(names), np.concatenate(codes), key, np.float32)
    ends = np.cumsum([len(some) for some in names])[:-1]
    return dict(zip(SPLITS, np.split(found, ends), strict=True))


def _own(vectors: str | Path, data: Dataset, known: list[str]) -> Vectors:
    if "outputs" not in known:
        raise InputError(
            f"{vectors} has no 'outputs': `outputs: fitted` makes some of its features."
        )
    found = _by_split(vectors, data, "outputs")
    width, number = found["train"].shape[1], len(data.activities)
    if width != number:
        raise InputError(
            f"{vectors} has {width} outputs a sequence, but {data.path} has {number} "
            f"({', '.join(data.activities)}): `outputs: fitted` fits them to the measurements."
        )
    return found


def fitted(features: Vectors, data: Dataset, rows: np.ndarray | None) -> Vectors:
    """Fit measurements by ridge regression on standardised features, and predict all sequences.

    Parameters
    ----------
    features
        By split, (n, width).
    data, rows
        As of `write`. The penalty is chosen on the rows of the validation set that choose epochs.

    Returns
    -------
    outputs
        By split, (n, activities); NaN for activities that were not measured.
    """
    train = slice(None) if rows is None else rows
    mean, std = (of(features["train"][train], axis=0, dtype=np.float64) for of in (np.mean, np.std))
    std[std == 0] = 1
    scaled = {split: (values - mean) / std for split, values in features.items()}
    seen = {"train": train, "validation": data.selects()}
    found = {split: np.full((len(scaled[split]), len(data.activities)), np.nan) for split in SPLITS}
    for name in data.measured:
        at, column, pairs = data.activities.index(name), data.columns([name]), []
        for split, own in seen.items():
            truth = data.targets(split)[own][:, column]
            known = np.isfinite(truth[:, 0])
            pairs.append((scaled[split][own][known], truth[known]))
        fit = ridge.fit(*pairs, longest=ridge.VECTORS)
        for split in SPLITS:
            found[split][:, at] = fit.predict(scaled[split])[:, 0]
    return found
