"""Labels of an ensemble: one file for each number of teachers.

/{train,validation,test}/mean    float32   (n, heads of the teachers)
/{train,validation,test}/std     float32   (n, activities), ddof 0
/{train,validation,test}/members float32   (n, members * activities), teacher by teacher
attribute: heads (JSON)

Those of profiles are

/{train,validation,test}/mean    float16   (n, window, heads of the teachers)
/{train,validation,test}/names   string    (n,)
/{train,validation,test}/std     float16   (n, window, activities), ddof 0

of which `degu.tracks.labels` makes bigWigs. The file of a shard has the same layout; a split of
which it has no rows is absent. Labels of sequences without measurements (`degu.unlabelled`) have a
file of their own, with the one split `unlabelled`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import h5py
import numpy as np

from degu import shards
from degu.dataset import CHUNK, Dataset
from degu.heads import Heads
from degu.job import InputError, atomic

# The validation set comes first: a member that fell out is found before all others are labelled.
ORDER = ("validation", "test", "train")


def read_heads(path: str | Path) -> Heads:
    """Heads of the teachers of a file of labels."""
    with h5py.File(path) as file:
        return Heads.from_json(file.attrs["heads"])


def read_labels(path: str | Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n, heads of the teachers) and spread (n, activities) of the teachers on a split."""
    with h5py.File(path) as file:
        return file[f"{split}/mean"][:], file[f"{split}/std"][:]


def truth(data: Dataset, split: str, heads: Heads, labels: str | Path | None) -> np.ndarray:
    """Look up the true values of a model's heads, float32 (n, heads).

    Measurements for activity and aleatoric heads; for a student's epistemic heads the teachers'
    spread, from the file `labels`, and for its activities without measurements the teachers' mean.
    NaN where nothing is known: for aleatoric heads of an assay without replicates, and for
    epistemic heads of an evidential model.
    """
    known = dict(zip(data.target_names, data.targets(split).T, strict=True))
    if labels is not None:
        mean, spread = read_labels(labels, split)
        unmeasured = [name for name in data.activities if name not in known]
        known |= {name: mean[:, read_heads(labels).column(name)] for name in unmeasured}
        known |= zip(heads.of_kind("epistemic").names, spread.T, strict=True)
    unknown = np.full(data.size(split), np.nan)
    return np.stack([known.get(head, unknown) for head in heads.names], axis=1).astype(np.float32)


def number_of_members(path: str | Path, split: str) -> int:
    """Count the teachers whose activities a file of labels holds one by one.

    Raises
    ------
    InputError
        For labels of an older version, which hold their mean and spread alone.
    """
    with h5py.File(path) as file:
        if "members" not in file[split]:
            raise InputError(
                f"{path} has no activities by teacher, which a recipe with 'scale: members' "
                "learns: delete it, and it is made again."
            )
        return file[f"{split}/members"].shape[1] // file[f"{split}/std"].shape[1]


def write(
    path: str | Path,
    heads: Heads,
    sizes: Mapping[str, int],
    blocks: Iterable[tuple[str, Mapping[str, np.ndarray]]],
) -> None:
    """Write labels block by block, in the memory of one.

    Parameters
    ----------
    path
        File to write.
    heads
        Heads of the teachers.
    sizes
        Rows of each split.
    blocks : iterable of (split, arrays by key)
        Each block of a split stands behind the one before. The same blocks make the same file, bit
        by bit.
    """
    written = Counter()
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["heads"] = heads.to_json()
        for split, block in blocks:
            for key, rows in sorted(block.items()):
                name, of_row = f"{split}/{key}", rows.shape[1:]
                if name not in file:
                    size = sizes[split]
                    chunks = (min(CHUNK, size), *of_row) if len(of_row) == 2 else None
                    file.create_dataset(name, (size, *of_row), rows.dtype, chunks=chunks)
                at, written[name] = written[name], written[name] + len(rows)
                file[name][at : written[name]] = rows


def join(paths: list[str], path: str | Path) -> None:
    """Join the files of all shards, in their order, into the one that a single job would write."""
    with ExitStack() as stack:
        files = [stack.enter_context(h5py.File(shard)) for shard in paths]
        sizes = Counter()
        for file in files:
            sizes.update({split: len(file[split]["mean"]) for split in file})

        def blocks() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
            for split in (*ORDER, "unlabelled"):
                for group in (file[split] for file in files if split in file):
                    for at in shards.blocks(*group["mean"].shape[:2]):
                        yield split, {key: stored[at] for key, stored in group.items()}

        write(path, read_heads(paths[0]), sizes, blocks())
