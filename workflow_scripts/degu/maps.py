"""Attribution maps of all members of a run by one method, in one file.

/{head}/names          string   (n,)
/{head}/codes          uint8    (n, length)
/{head}/scores         float32  (members, n, length, 4), channel mean subtracted
/{head}/hypothetical   float32  (members, n, length, 4)   where a method has references:
/{head}/errors         float32  (members, n, references)  `degu.attribution.references`; of shap
                                                          errors alone, over all references (1)
attributes of a head: kind, and asked, the number of sequences that the config names, which come
first
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from degu.job import atomic


class Maps(NamedTuple):
    """Maps of one head, as the file holds them; None for what its method does not have."""

    kind: str
    names: np.ndarray
    codes: np.ndarray
    asked: int
    scores: np.ndarray
    hypothetical: np.ndarray | None = None
    errors: np.ndarray | None = None

    def contributions(self) -> np.ndarray:
        """Return what logos show, shape (members, n, length): complete if the method is."""
        maps = self.scores if self.hypothetical is None else self.hypothetical
        return observed(maps, self.codes)


def observed(maps: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Scores of the bases that stand there: the contributions that a logo shows.

    Parameters
    ----------
    maps : float array, shape (..., n, length, 4)
    codes : uint8 array, shape (n, length)

    Returns
    -------
    contributions : float array, shape (..., n, length)
        0 at N.
    """
    places = np.broadcast_to((codes % 4)[..., None], (*maps.shape[:-1], 1))
    return np.where(codes < 4, np.take_along_axis(maps, places, axis=-1)[..., 0], 0)


def write(path: str | Path, run: Mapping[str, Maps]) -> None:
    """Write the maps of a run by head."""
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        for head, maps in run.items():
            group = file.create_group(head)
            group.attrs["kind"], group.attrs["asked"] = maps.kind, maps.asked
            group["names"] = np.asarray(maps.names, dtype=h5py.string_dtype())
            for key in ("codes", "scores", "hypothetical", "errors"):
                if getattr(maps, key) is not None:
                    group[key] = getattr(maps, key)


def append(file: h5py.File, head: str, maps: Maps) -> None:
    """Write maps of one head behind those that an open file holds of it, in the same layout.

    Parameters
    ----------
    file
        File open for writing.
    head
        Name of the head.
    maps
        Maps of as many members, by the same method, as those before.
    """
    group = file.require_group(head)
    group.attrs["kind"] = maps.kind
    group.attrs["asked"] = maps.asked + group.attrs.get("asked", 0)
    rows = {"names": np.asarray(maps.names, dtype=h5py.string_dtype())}
    rows |= {key: getattr(maps, key) for key in ("codes", "scores", "hypothetical", "errors")}
    for key, values in rows.items():
        if values is None:
            continue
        # Members come first where there are some.
        axis = 0 if key in ("names", "codes") else 1
        if key not in group:
            shape = list(values.shape)
            shape[axis] = None
            group.create_dataset(key, data=values, maxshape=shape)
            continue
        before = group[key].shape[axis]
        group[key].resize(before + values.shape[axis], axis=axis)
        group[key][(slice(None),) * axis + (slice(before, None),)] = values


def read(path: str | Path) -> dict[str, Maps]:
    """Read the maps of a run by head."""
    with h5py.File(path) as file:
        return {
            head: Maps(
                kind=group.attrs["kind"],
                names=group["names"].asstr()[:],
                codes=group["codes"][:],
                asked=int(group.attrs["asked"]),
                scores=group["scores"][:],
                hypothetical=group["hypothetical"][:] if "hypothetical" in group else None,
                errors=group["errors"][:] if "errors" in group else None,
            )
            for head, group in file.items()
        }
