"""Making of the file of sequences without measurements (`degu.unlabelled`)."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from degu import feed, job, shards, splits
from degu.dataset import CHUNK, Dataset
from degu.feed import Array
from degu.genome import Genome, Region
from degu.job import InputError, atomic, log
from degu.sequences import UNKNOWN, K, fingerprints
from degu.unlabelled import derived, natural

# In the order in which they are made.
KINDS = ("mutate", "indel", "crossover", "shuffle", "shift", "natural")
_EQUAL = "equal to a validation or test sequence"
_SHARED = f"{K} bases shared with a validation or test sequence"


class Sources(NamedTuple):
    """Files that sequences are made from, beside the data set.

    Attributes
    ----------
    genome
        Genome of the data set's regions, for shifts: plain FASTA with its index.
    natural
        FASTA, or table with a column `sequence`; or BED file of windows.
    windowed
        Genome of that BED.
    """

    genome: str | Path | None = None
    natural: str | Path | None = None
    windowed: str | Path | None = None


class _Parents(NamedTuple):
    """Training sequences that others are derived from, and what those are held against."""

    data: Dataset
    # Rows of the training split.
    rows: np.ndarray
    # Positions between adaptors, or else the ends that all sequences of the data set share.
    insert: slice
    # Fingerprints of the training sequences, and of validation and test sequences.
    trained: np.ndarray
    held: np.ndarray
    # Stretches of validation and test sequences that genomic ones may not share.
    stretches: np.ndarray


class _Made(NamedTuple):
    """A block of sequences, their parents (n, 2), and how many were left out, by the reason."""

    codes: np.ndarray
    parents: np.ndarray
    left_out: dict[str, int]


def write(
    path: str | Path,
    data: Dataset,
    rows: np.ndarray,
    asked: dict,
    seed: int,
    sources: Sources,
) -> int:
    """Make and write sequences without measurements; return their number.

    Each kind has draws of its own, copy by copy: more kinds or copies leave the others as they are.

    Parameters
    ----------
    path
        File to write.
    data
        Data set of the parents.
    rows
        Rows of its training split. One whose measured unit lies in another split as well is no
        parent.
    asked
        Copies of each parent by kind (`KINDS`), the `rate` of substitutions, and `adaptors`, left
        and right, where they are known. What is equal to a
        validation or test sequence is left out; of natural sequences, and of shifts of other than
        profiles, also what shares `degu.sequences.K` bases in a row with one, on either strand.
    seed
        Seed of all draws.
    sources
        Files of what `asked` names.

    Raises
    ------
    InputError
        Where nothing is left of a kind, and for a source that cannot be used.
    """
    parents = _parents(data, rows, asked)
    leaking = len(rows) - len(parents.rows)
    steps = [("parents", len(parents.rows)), ("no parents: unit in another split, too", leaking)]
    with atomic(path) as temporary, h5py.File(temporary, "w") as file:
        append = _writer(file, data.length)
        for kind in (kind for kind in KINDS if asked.get(kind)):
            counts = Counter()
            for made in _blocks(kind, parents, asked, job.seed(seed, kind), sources):
                prints = fingerprints(made.codes[:, parents.insert])
                kept, equal = ~np.isin(prints, parents.held), np.isin(prints, parents.trained)
                append(kind, made.codes[kept], made.parents[kept])
                left_out = made.left_out | {_EQUAL: int((~kept).sum())}
                counts[kind] += int(kept.sum())
                counts[f"{kind}, equal to a training sequence"] += int((kept & equal).sum())
                counts.update({f"{kind}, left out: {why}": n for why, n in left_out.items()})
            if not counts[kind]:
                said = ", ".join(f"{step} ({count})" for step, count in counts.items() if count)
                raise InputError(f"No sequence is left of what {kind!r} makes: {said}.")
            steps += counts.items()
        for step, count in steps:
            log.info("%s: %d", step, count)
        file.attrs["steps"] = json.dumps(steps)
        return len(file["unlabelled/codes"])


def _parents(data: Dataset, rows: np.ndarray, asked: dict) -> _Parents:
    """Training sequences of no other split's units, and what all splits are known by."""
    others = [feed.sequences(data, split) for split in ("validation", "test")]
    left, right = asked.get("adaptors", ("", ""))
    if left or right:
        splits.check_adaptors(feed.sequences(data, "train")[:1000], left, right)
        insert = slice(len(left), data.length - len(right))
    else:
        insert = _insert([feed.sequences(data, "train"), *others])
    leaking = np.zeros(len(rows), bool)
    # Validation and test chromosomes of profiles are others; repeats on them are no leaks.
    genomic = asked.get("natural") or (asked.get("shift") and not data.is_profile)
    if not data.is_profile:
        held = np.concatenate([data.units(split) for split in ("validation", "test")])
        leaking = np.isin(data.units("train")[rows], held)
    return _Parents(
        data=data,
        rows=rows[~leaking],
        insert=insert,
        trained=_hashes(fingerprints, [feed.sequences(data, "train", rows)], insert),
        held=_hashes(fingerprints, others, insert),
        stretches=_hashes(natural.stretches, others if genomic else [], insert),
    )


def _hashes(function: Callable, arrays: list[Array], insert: slice) -> np.ndarray:
    """All different hashes of sequences that a function tells, block by block."""
    found = [
        np.unique(function(codes[at][:, insert]))
        for codes in arrays
        for at in shards.blocks(*codes.shape)
    ]
    return np.unique(np.concatenate([np.zeros(0, np.uint64), *found]))


def _insert(arrays: list[Array]) -> slice:
    """Positions between the ends that all sequences share; all if they are the same."""
    first = arrays[0][:1]
    varies = np.zeros(first.shape[1], bool)
    for codes in arrays:
        for at in shards.blocks(*codes.shape):
            varies |= (codes[at] != first).any(axis=0)
    found = np.flatnonzero(varies)
    return slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, len(varies))


def _writer(file: h5py.File, length: int) -> Callable:
    """Make the arrays of a file, and the function that appends blocks of a kind to them."""
    kinds = h5py.enum_dtype({kind: number for number, kind in enumerate(KINDS)}, "uint8")
    group = file.create_group("unlabelled")
    for key, of_row, dtype in [
        ("codes", (length,), "uint8"),
        ("parents", (2,), "int64"),
        ("kind", (), kinds),
    ]:
        shape, most, chunk = ((n, *of_row) for n in (0, None, CHUNK))
        group.create_dataset(key, shape, dtype, maxshape=most, chunks=chunk)

    def append(kind: str, codes: np.ndarray, parents: np.ndarray) -> None:
        of_kind = np.full(len(codes), KINDS.index(kind), np.uint8)
        for key, rows in [("codes", codes), ("parents", parents), ("kind", of_kind)]:
            stored = group[key]
            stored.resize(len(stored) + len(rows), axis=0)
            stored[len(stored) - len(rows) :] = rows

    return append


def _blocks(
    kind: str, parents: _Parents, asked: dict, seed: int, sources: Sources
) -> Iterator[_Made]:
    """Make all copies of a kind, block by block."""
    if kind == "natural":
        yield from _natural(parents, sources)
        return
    rng = np.random.default_rng(seed)
    codes = feed.sequences(parents.data, "train", parents.rows)
    for _ in range(asked[kind]):
        for at in shards.blocks(*codes.shape):
            log.info("%s: from %d of %d parents on", kind, at.start, len(codes))
            if kind == "shift":
                yield _shifted(parents, codes[at], at, sources.genome, rng)
            elif kind == "crossover":
                yield _crossed(parents, codes, at, rng)
            else:
                made, insert = codes[at], parents.insert
                made[:, insert] = _change(kind, made[:, insert], rng, asked)
                yield _Made(made, _pairs(parents.rows[at]), {})


def _change(kind: str, codes: np.ndarray, rng: np.random.Generator, asked: dict) -> np.ndarray:
    """Derive one sequence of each."""
    if kind == "mutate":
        return derived.substitutions(codes, rng, asked["rate"])
    return {"indel": derived.indels, "shuffle": derived.shuffles}[kind](codes, rng)


def _crossed(parents: _Parents, stored: Array, at: slice, rng: np.random.Generator) -> _Made:
    """Cross each sequence with another one, any of the others."""
    codes, insert, n = stored[at], parents.insert, len(stored)
    if n < 2:
        raise InputError(f"Crossovers need two training sequences; there are {n} that may be used.")
    places = np.arange(n)[at]
    partners = (places + rng.integers(1, n, len(places))) % n
    others = stored[partners][:, insert]
    codes[:, insert] = derived.crossovers(codes[:, insert], others, rng)
    return _Made(codes, _pairs(parents.rows[places], parents.rows[partners]), {})


def _shifted(
    parents: _Parents, codes: np.ndarray, at: slice, genome: str | Path, rng: np.random.Generator
) -> _Made:
    """Shift each sequence whose place in the genome is known."""
    rows = parents.rows[at]
    regions = parents.data.regions("train")[rows]
    whole = any(region and Region.parse(region).length == codes.shape[1] for region in regions)
    inner = slice(None) if whole else parents.insert
    with Genome(genome) as letters:
        codes[:, inner], known = derived.shifts(codes[:, inner], regions, letters, rng)
    shared = known & natural.overlapping(codes[:, parents.insert], parents.stretches)
    left_out = {
        "not in the genome at its place": int((~known).sum()),
        _SHARED: int(shared.sum()),
    }
    kept = known & ~shared
    return _Made(codes[kept], _pairs(rows[kept]), left_out)


def _natural(parents: _Parents, sources: Sources) -> Iterator[_Made]:
    """Natural sequences of known bases that share nothing with validation or test sequences."""
    insert, outside = parents.insert, 0
    if sources.windowed is None:
        codes = natural.read(sources.natural)
    else:
        length = insert.stop - insert.start
        codes, outside = natural.windows(sources.natural, sources.windowed, length)
    like = feed.sequences(parents.data, "train")[:1][0]
    for at in shards.blocks(*codes.shape):
        block = natural.fit(codes[at], like, insert, sources.natural)
        unknown = (block[:, insert] == UNKNOWN).any(axis=1)
        shared = natural.overlapping(block[:, insert], parents.stretches) & ~unknown
        left_out = {
            "window outside of its chromosome": outside if at.start == 0 else 0,
            "unknown bases": int(unknown.sum()),
            _SHARED: int(shared.sum()),
        }
        block = block[~unknown & ~shared]
        yield _Made(block, _pairs(np.full(len(block), -1)), left_out)


def _pairs(parents: np.ndarray, others: np.ndarray | None = None) -> np.ndarray:
    """Both parents of each sequence; -1 for none."""
    return np.stack([parents, np.full(len(parents), -1) if others is None else others], axis=1)
