"""Sequences that must not lie in two splits, and those that do."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from degu.job import InputError
from degu.sequences import reverse_complement


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


def merge(elements: np.ndarray, labels: np.ndarray) -> np.ndarray:
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
        What pairs are known by: rows of one element belong together.

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


def describe(found: pd.DataFrame) -> str:
    """Say in a sentence what `leaks` found, with the first case."""
    counts = ", ".join(f"{n} by {kind}" for kind, n in found["shared"].value_counts().items())
    case = found.iloc[0]
    return (
        f"{len(found)} sequences lie in another split than their like ({counts}), the first: "
        f"{case['name']!r} ({case['split']}) and {case['other']!r} ({case['other_split']}) share "
        f"the {case['shared']}."
    )


def refuse(
    names: np.ndarray, codes: np.ndarray, splits: np.ndarray, elements: np.ndarray | None = None
) -> None:
    """Raise `InputError` if `leaks` finds anything."""
    found = leaks(names, codes, splits, elements)
    if len(found):
        raise InputError(describe(found))


def without_adaptors(codes: np.ndarray) -> np.ndarray:
    """Cut off the ends that all sequences share, since adaptors are never reversed.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)

    Returns
    -------
    codes : uint8 array, shape (n, shorter)
        Whole if all sequences are the same.
    """
    varies = np.flatnonzero((codes != codes[0]).any(axis=0))
    return codes if len(varies) == 0 else codes[:, varies[0] : varies[-1] + 1]
