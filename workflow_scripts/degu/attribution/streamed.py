"""Maps of one model for a stream of sequences, written block by block in the memory of one."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import h5py
import keras
import numpy as np

from degu import maps
from degu.attribution.methods import WITH_REFERENCES, Explained, explain_one
from degu.heads import Heads
from degu.job import atomic
from degu.maps import Maps
from degu.sequences import dinucleotide_shuffle


def write(
    path: str | Path,
    model: keras.Model,
    heads: Heads,
    outputs: Sequence[int],
    blocks: Iterable[tuple[Sequence[str], np.ndarray]],
    method: str,
    references: int = 20,
    steps: int = 50,
    seed: int = 0,
) -> None:
    """Explain sequences, and write the file of `degu.maps` with the maps of one member.

    Parameters
    ----------
    path
        File to write.
    model, heads
        From `degu.models`, with its heads.
    outputs
        Indices of the heads to explain.
    blocks : iterable of (names, uint8 codes (n, length))
        Sequences.
    method
        As of `degu.attribution.explain`.
    references
        Dinucleotide shuffles of each sequence that a method with references is held against.
    steps
        Steps of integrated gradients.
    seed
        Seed of the shuffles: those of a sequence depend on the sequences before it.
    """
    rng = np.random.default_rng(seed)
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        for names, codes in blocks:
            shuffled = None
            if method in WITH_REFERENCES:
                shuffled = dinucleotide_shuffle(codes.repeat(references, axis=0), rng)
                shuffled = shuffled.reshape(len(codes), references, -1)
            some = Explained(list(names), codes, len(codes), shuffled)
            for output in outputs:
                found = explain_one(model, some, output, method, steps)
                of_member = {key: values[None] for key, values in found.items()}
                head = heads[output]
                made = Maps(head.kind, some.names, codes, len(codes), **of_member)
                maps.append(file, head.name, made)


def first(path: str | Path, number: int) -> dict[str, Maps]:
    """Read the maps of the first sequences by head."""
    with h5py.File(path) as file:
        return {
            head: Maps(
                kind=group.attrs["kind"],
                names=group["names"].asstr()[:number],
                codes=group["codes"][:number],
                asked=min(number, int(group.attrs["asked"])),
                scores=group["scores"][:, :number],
                hypothetical=group["hypothetical"][:, :number] if "hypothetical" in group else None,
            )
            for head, group in file.items()
        }
