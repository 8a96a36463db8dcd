"""Splits of a data set: their words, random ones by group, training fractions, and leaks."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from degu.job import InputError
from degu.sequences import UNKNOWN, decode, encode, reverse_complement

SPLITS = ("train", "validation", "test")
ALIASES = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "val": "validation",
    "valid": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}


def parse_splits(
    values: np.ndarray, where: str, words: Mapping[str, Sequence[str]] | None = None
) -> np.ndarray:
    """Translate a file's words for the splits (Train, val, TEST, ...) into those of `SPLITS`.

    Parameters
    ----------
    values : str array, shape (n,)
    where
        Name of the column in errors.
    words
        Further words for each split, such as {"train": ["pool"]}.
    """
    further = {word.lower(): split for split, some in (words or {}).items() for word in some}
    known = ALIASES | further
    unknown = sorted({str(value) for value in values if str(value).lower() not in known})
    if unknown:
        raise InputError(
            f"{where} holds {unknown[0]!r}: allowed are {', '.join(known)} (`splits` of a table "
            f"names others, as in {{train: [{unknown[0]}]}})."
        )
    return np.array([known[str(value).lower()] for value in values])


def split_by_group(groups: np.ndarray, seed: int) -> np.ndarray:
    """Split 80/10/10 at random by group: rows of one group always stay together.

    Parameters
    ----------
    groups : array, shape (n,)
        Any labels; one a row for a split by row.
    seed
        The same seed and groups give the same split, in whatever order the rows stand.

    Returns
    -------
    splits : str array, shape (n,)
    """
    labels, group = np.unique(groups, return_inverse=True)
    shares = np.cumsum([round(0.8 * len(labels)), round(0.1 * len(labels))])
    order = np.random.default_rng(seed).permutation(len(labels))
    return np.array(SPLITS)[np.searchsorted(shares, order, side="right")][group]


def check_groups(groups: np.ndarray, splits: np.ndarray) -> None:
    """Raise `InputError` if a group has rows in more than one split."""
    for split in SPLITS:
        leaking = np.isin(groups, groups[splits == split]) & (splits != split)
        if leaking.any():
            row = int(np.argmax(leaking))
            raise InputError(
                f"Group {str(groups[row])!r} has rows in the splits {split!r} and "
                f"{str(splits[row])!r}: a group must lie in one split."
            )


def subset(n: int, fraction: float, seed: int) -> np.ndarray:
    """Rows of a training fraction, sorted; smaller fractions are subsets of larger ones.

    Parameters
    ----------
    n
        Rows of the whole training set.
    fraction
        In (0, 1].
    seed
        The same for all members, teachers and students, so that they see the same rows.

    Returns
    -------
    rows : int array, shape (round(n * fraction),)
    """
    if not 0 < fraction <= 1:
        raise InputError(f"The fraction is {fraction}: it must lie in (0, 1].")
    rows = round(n * fraction)
    if rows == 0:
        raise InputError(f"A fraction of {fraction} leaves none of {n} training sequences.")
    return np.sort(np.random.default_rng(seed).permutation(n)[:rows])


# Fewest units that calibrate, and validation sets below which some are held out for it by default.
LEAST_TO_CALIBRATE = 100
SMALL = 1000


def hold_out(units: np.ndarray, share: float | None, seed: int) -> np.ndarray | None:
    """Hold part of a validation set out for calibration, by measured unit.

    Choosing the epoch on the calibration set makes its intervals a little too narrow: measured on
    simulated data, coverage falls short by 1.4 points with 100 sequences, .6 with 300 and .2 with
    1,000. Hence by default half of a validation set below `SMALL` units is held out where at least
    `LEAST_TO_CALIBRATE` remain for calibration.

    Parameters
    ----------
    units : int array, shape (n,)
        Measured units of the validation set.
    share
        Share of the units that is held out, in [0, 1); None for the default.
    seed
        The same seed holds out the same units.

    Returns
    -------
    held_out : bool array, shape (n,), or None
        None where nothing is held out: all sequences then choose epochs and calibrate.
    """
    labels = np.unique(units)
    if share is None:
        enough = 2 * LEAST_TO_CALIBRATE <= len(labels) < SMALL
        share = 0.5 if enough else 0.0
    if not share:
        return None
    number = round(share * len(labels))
    if not 0 < number < len(labels):
        raise InputError(
            f"A holdout of {share} takes {number} of {len(labels)} units of the validation set: at "
            "least one must calibrate, and one choose epochs."
        )
    return np.isin(units, np.random.default_rng(seed).permutation(labels)[:number])


def same_insert(codes: np.ndarray) -> np.ndarray:
    """Label sequences so that equal ones, and reverse complements, share a label.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
        Without adaptors, as they are not reversed.

    Returns
    -------
    labels : int array, shape (n,)
    """
    opposite = reverse_complement(codes)
    rows = np.arange(len(codes))
    differs = (codes != opposite).argmax(axis=1)
    turned = opposite[rows, differs] < codes[rows, differs]
    canonical = np.where(turned[:, None], opposite, codes)
    keys = np.empty(len(codes), object)
    keys[:] = [row.tobytes() for row in canonical]
    return pd.factorize(keys)[0]


def merge_groups(elements: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Join rows that agree in either of two labellings, directly or through other rows.

    Parameters
    ----------
    elements : str array, shape (n,)
    labels : array, shape (n,)

    Returns
    -------
    groups : str array, shape (n,)
        Each group is called as its first element in alphabetical order, so that the names do not
        depend on the order of the rows.
    """
    rows = np.arange(len(elements))
    nodes = len(elements)
    graph = []
    for labelling in (elements, labels):
        values, node = np.unique(labelling, return_inverse=True)
        graph.append(node + nodes)
        nodes += len(values)
    columns = np.concatenate(graph)
    edges = coo_array((np.ones(len(columns), bool), (np.tile(rows, 2), columns)), (nodes, nodes))
    component = connected_components(edges, directed=False)[1][: len(elements)]
    order = np.argsort(elements, kind="stable")
    first = np.unique(component[order], return_index=True)[1]
    return elements[order][first][component]


def alleles(names: np.ndarray, sequences: Sequence[str]) -> np.ndarray:
    """Group sequences of one length that differ within one quarter alone, as alleles do.

    Parameters
    ----------
    names : str array, shape (n,)
    sequences
        Letters.

    Returns
    -------
    groups : str array, shape (n,)
        As of `merge_groups`.
    """
    groups = names
    for number in range(4):
        cuts = [(len(one) * number // 4, len(one) * (number + 1) // 4) for one in sequences]
        rests = [
            f"{len(one)} {one[:start]} {one[end:]}".upper()
            for one, (start, end) in zip(sequences, cuts, strict=True)
        ]
        groups = merge_groups(groups, pd.factorize(np.array(rests, object))[0])
    return groups


def leaks(
    names: np.ndarray, codes: np.ndarray, splits: np.ndarray, elements: np.ndarray | None = None
) -> pd.DataFrame:
    """Find what one split shares with another (specification, Data: the leakage check).

    Parameters
    ----------
    names : str array, shape (n,)
    codes : uint8 array, shape (n, length)
        Without adaptors.
    splits : str array, shape (n,)
    elements : str array, shape (n,), optional
        Labels of pairs: rows of one element belong together.

    Returns
    -------
    found : DataFrame
        One row for each sequence whose split is not that of the first sequence of its group:
        columns shared ("element", "sequence" or "reverse complement"), name, split, other,
        other_split. Empty where nothing leaks.
    """
    groupings = [same_insert(codes)] if elements is None else [elements, same_insert(codes)]
    found = []
    for labels in groupings:
        _, first, group = np.unique(labels, return_index=True, return_inverse=True)
        other = first[group]
        leaking = np.flatnonzero(splits != splits[other])
        other = other[leaking]
        if labels is elements:
            shared = "element"
        else:
            equal = (codes[leaking] == codes[other]).all(axis=1)
            shared = np.where(equal, "sequence", "reverse complement")
        frame = {"name": names[leaking], "split": splits[leaking]}
        frame |= {"other": names[other], "other_split": splits[other]}
        found.append(pd.DataFrame({"shared": shared} | frame, index=range(len(leaking))))
    return pd.concat(found, ignore_index=True)


def describe_leaks(found: pd.DataFrame) -> str:
    """Say in a sentence what `leaks` found, with the first case."""
    counts = ", ".join(f"{n} by {kind}" for kind, n in found["shared"].value_counts().items())
    case = found.iloc[0]
    return (
        f"{len(found)} sequences lie in another split than their like ({counts}), the first: "
        f"{case['name']!r} ({case['split']}) and {case['other']!r} ({case['other_split']}) share "
        f"the {case['shared']}."
    )


def refuse_leaks(
    names: np.ndarray, codes: np.ndarray, splits: np.ndarray, elements: np.ndarray | None = None
) -> None:
    """Raise `InputError` if `leaks` finds anything."""
    found = leaks(names, codes, splits, elements)
    if len(found):
        raise InputError(describe_leaks(found))


def check_adaptors(codes: np.ndarray, left: str, right: str) -> None:
    """Raise `InputError` for sequences, uint8 (n, length), that do not have adaptors at their ends.

    Those that are padded there do not have them either.
    """
    insert = codes.shape[1] - len(left) - len(right)
    if insert <= 0:
        raise InputError(
            f"Adaptors of {len(left)} and {len(right)} bases leave nothing of sequences of "
            f"{codes.shape[1]}."
        )
    if not left + right:
        return
    ends = np.delete(codes, slice(len(left), len(left) + insert), axis=1)
    wrong = (ends != encode([left + right])).any(axis=1)
    if wrong.any():
        row = int(np.argmax(wrong))
        found = decode(ends[row : row + 1])[0]
        raise InputError(
            f"{wrong.sum()} of {len(codes)} sequences do not have the adaptors {left} and {right} "
            f"at their ends: number {row + 1} has {found[: len(left)]} and {found[len(left) :]}."
        )


def without_adaptors(codes: np.ndarray) -> np.ndarray:
    """Cut off the ends that all sequences share, since adaptors are never reversed.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
        N at the ends is padding around sequences of different lengths.

    Returns
    -------
    codes : uint8 array, shape (n, shorter)
        Whole if all sequences are the same. Each base of padded ones stands twice, between equal
        numbers of N, so that the opposite strand lies where the strand does.
    """
    if not (codes[:, [0, -1]] == UNKNOWN).any():
        varies = np.flatnonzero((codes != codes[0]).any(axis=0))
        return codes if len(varies) == 0 else codes[:, varies[0] : varies[-1] + 1]
    ahead, behind = ((side != UNKNOWN).argmax(axis=1) for side in (codes, codes[:, ::-1]))
    sides = _turned(codes, ahead), _turned(codes[:, ::-1], behind)
    left, right = ((side != side[0]).any(axis=0).argmax() for side in sides)
    lengths = codes.shape[1] - ahead - behind - left - right
    inner = sides[0][:, left : left + lengths.max()]
    inner = np.where(np.arange(inner.shape[1]) < lengths[:, None], inner, np.uint8(UNKNOWN))
    return _turned(np.repeat(inner, 2, axis=1), lengths - inner.shape[1])


def _turned(codes: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Roll each row to the left by a number of columns of its own."""
    turned = codes.copy()
    for shift in np.unique(shifts[shifts != 0]):
        rows = shifts == shift
        turned[rows] = np.roll(codes[rows], -shift, axis=1)
    return turned
