"""Groups of foreign sequences beside a data set, as its models take them: one file a data set.

    /{group}/{codes,vectors}   what models take (`degu.dataset`)
    /{group}/units             int64   (n,), measured units: equal sequences, or strands, are one

The test set stands in it under its own name, `TEST`, before all groups.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from degu import embeddings, feed, reading
from degu.dataset import Dataset
from degu.genome import fasta
from degu.job import InputError, atomic, errors_name, log
from degu.sequences import dinucleotide_shuffle, encode, fingerprints
from degu.splits import same_insert

TEST = "test"
# Bases that are compared with others at once.
_BASES = 2**26


class Group(NamedTuple):
    """Sequences that models take, codes or vectors (n, ...), and their measured units (n,)."""

    inputs: np.ndarray
    units: np.ndarray


class Source(NamedTuple):
    """How the sequences of a data set are read from a table.

    Attributes
    ----------
    columns
        Columns `sequence` and, optional, `name`.
    length
        How lengths are made equal, as of `degu.sequences.fit`; None where they are.
    inputs
        What models take (`degu.assays.table.load`).
    """

    columns: Mapping[str, str]
    length: str | Mapping[str, str] | None = None
    inputs: str | Mapping[str, int] = "sequences"


def write(
    path: str | Path,
    data: Dataset,
    asked: Mapping[str, str | Mapping],
    files: Mapping[str, Path],
    source: Source,
    seed: int,
) -> None:
    """Gather groups of foreign sequences, and the test set.

    Parameters
    ----------
    path
        File to write.
    data
        Data set whose models are asked.
    asked
        For each group where it comes from, one of

        - "shuffle": test sequences whose dinucleotides are shuffled,
        - {"dataset": name}: the test set of another data set,
        - {"file": path}: a FASTA, or a table with the columns of `source`; with "embeddings" their
          vectors (`degu.embeddings`),
        - {"column": title, "values": [text, ...]}: rows of the data set's own table.
    files
        Files by group and role: `{group}_file`, `{group}_embeddings`, `{group}_dataset`, and the
        data set's own `table` and `embeddings`.
    source
        How the data set itself was read.
    seed
        Seed of the shuffles.

    Raises
    ------
    InputError
        For a group without sequences, with ones of the training set, or with ones that models
        cannot take.
    """
    trained = _fingerprints(feed.codes(data, "train"))
    with atomic(path) as temporary, h5py.File(temporary, "w", track_order=True) as file:
        test = Group(feed.sequences(data, TEST)[:], data.units(TEST))
        _store(file, TEST, data, test)
        for name, how in asked.items():
            with errors_name(f"The group {name!r} of outliers"):
                group, codes, names = _gather(name, how, data, files, source, seed)
                _check(group, codes, names, trained)
            log.info("%s: %d sequences", name, len(codes))
            _store(file, name, data, group)


def _store(file: h5py.File, name: str, data: Dataset, group: Group) -> None:
    kind = np.float16 if data.inputs == "vectors" else np.uint8
    file[f"{name}/{data.inputs}"] = group.inputs.astype(kind)
    file[f"{name}/units"] = group.units


def read(path: str | Path) -> dict[str, Group]:
    """Read all groups, the test set first; vectors are float32."""
    with h5py.File(path) as file:
        groups = {}
        for name, group in file.items():
            vectors = "vectors" in group
            inputs = np.float32(group["vectors"][:]) if vectors else group["codes"][:]
            groups[name] = Group(inputs, group["units"][:])
        return groups


def _gather(name, how, data, files, source, seed) -> tuple[Group, np.ndarray, np.ndarray]:
    """Return a group, its codes and its names."""
    if how == "shuffle" or "dataset" in how:
        other = data if how == "shuffle" else Dataset(files[f"{name}_dataset"])
        codes, names = other.codes(TEST), other.names(TEST)
        if how == "shuffle":
            codes = dinucleotide_shuffle(codes, seed)
            vectors = _vectors(codes, names, None, source, data.length)
            inputs = codes if vectors is None else vectors
        else:
            inputs = feed.sequences(other, TEST)[:]
        units = other.units(TEST)
    else:
        path = files[f"{name}_file"] if "file" in how else files["table"]
        role = f"{name}_embeddings" if "file" in how else "embeddings"
        names, letters = _rows(path, source) if "file" in how else _own_rows(path, source, how)
        fitted = [fitted_to(one, data.length, source.length) for one in letters]
        codes = encode(fitted, list(names)) if fitted else np.empty((0, data.length), np.uint8)
        vectors = _vectors(codes, names, files.get(role), source, data.length)
        inputs = codes if vectors is None else vectors
        units = same_insert(codes) if len(codes) else np.empty(0, int)
    return Group(inputs, units), codes, names


def _vectors(codes, names, file, source: Source, length: int) -> np.ndarray | None:
    """Vectors that models take instead of codes, if they do."""
    if source.inputs == "sequences" or not len(codes):
        return None
    if source.inputs == "embeddings":
        return embeddings.read(file, np.asarray(names), codes)
    return embeddings.of_kmers(codes, source.inputs["kmers"])


def _rows(path: str | Path, source: Source) -> tuple[np.ndarray, list[str]]:
    """Names and letters of all sequences of a FASTA or a table."""
    records = fasta(path)
    if records:
        return np.array([name.split()[0] for name, _ in records]), [one for _, one in records]
    frame = reading.read_table(Path(path), list(source.columns.values()))
    return _named(frame, path, source)


def _own_rows(path: str | Path, source: Source, how: Mapping) -> tuple[np.ndarray, list[str]]:
    """Names and letters of rows of the data set's own table with some values in a column."""
    column, values = how["column"], how["values"]
    frame = reading.read_table(Path(path), [*source.columns.values(), column])
    found = reading.texts(frame, column, str(path), missing=True)
    for value in values:
        if value not in found:
            raise InputError(f"{path}: no row has {value!r} in the column {column!r}.")
    return _named(frame[np.isin(found, values)], path, source)


def _named(frame, path: str | Path, source: Source) -> tuple[np.ndarray, list[str]]:
    letters = reading.texts(frame, source.columns["sequence"], str(path)).tolist()
    if "name" in source.columns:
        return reading.texts(frame, source.columns["name"], str(path)), letters
    return np.array([f"row{number}" for number in frame.index]), letters


def fitted_to(letters: str, length: int, how: str | Mapping[str, str] | None) -> str:
    """Make one sequence as long as those of a data set, by the way in which they were made so.

    Parameters
    ----------
    letters
        The sequence.
    length
        Bases that models take.
    how
        As of `degu.sequences.fit`; longer ones than a padded data set's keep their middle.

    Raises
    ------
    InputError
        For another length where there is no way.
    """
    missing = length - len(letters)
    if missing == 0:
        return letters
    if missing < 0 and how is not None:
        start = -missing // 2
        return letters[start : start + length]
    if missing > 0 and isinstance(how, Mapping):
        left = int({"left": 1.0, "both": 0.5, "right": 0.0}[how["pad"]] * missing)
        return ("N" * left + letters).ljust(length, "N")
    raise InputError(
        f"a sequence has {len(letters)} bases, those of the data set {length}: `length` of its "
        "assay says how they are made equal, if at all."
    )


def _fingerprints(codes: feed.Array) -> np.ndarray:
    rows = max(1, _BASES // codes.shape[1])
    blocks = (codes[at : at + rows] for at in range(0, len(codes), rows))
    return np.concatenate([fingerprints(block) for block in blocks])


def _check(group: Group, codes: np.ndarray, names: np.ndarray, trained: np.ndarray) -> None:
    if not len(codes):
        raise InputError("it has no sequences.")
    known = np.isin(_fingerprints(codes), trained)
    if known.any():
        raise InputError(
            f"{known.sum()} of its {len(codes)} sequences stand in the training set, on either "
            f"strand, such as {str(names[np.argmax(known)])!r}: foreign ones are needed."
        )
    if len(np.unique(group.units)) < 2:
        raise InputError("all of its sequences are the same: two or more are needed.")
