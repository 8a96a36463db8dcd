"""Supervision of a member: its heads, the targets it learns, and the loss between them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from degu.feed import Array
from degu.heads import Heads
from degu.losses import Loss


@dataclass(frozen=True)
class Supervision:
    """Targets and loss of a member's training.

    Attributes
    ----------
    heads : Heads
        Heads of the saved model.
    outputs : int
        Raw outputs of the network in training.
    train, validation : pairs of arrays
        Codes, uint8 (n, length), and targets as the loss takes them, float (n, columns), or
        (n, window, columns) of profiles.
    loss : Loss
    convert : callable or None
        Conversion of raw outputs into heads, where they differ (`degu.losses.Objective`).
    extend : callable or None
        Network of the raw outputs -> that which is trained, whose further outputs the loss takes;
        no part of what it adds is saved.
    measured : int or None
        Number of training sequences that were measured, where others follow them.
    """

    heads: Heads
    outputs: int
    train: tuple[Array, Array]
    validation: tuple[Array, Array]
    loss: Loss
    convert: Callable | None = None
    extend: Callable | None = None
    measured: int | None = None

    def shuffled(self, units: np.ndarray, rows: np.ndarray | None, seed: int) -> "Supervision":
        """Supervision of a control: each measured unit learns the targets of another one.

        Validation stays as it is.

        Parameters
        ----------
        units : int array, shape (n,)
            Measured units of the training split.
        rows
            Rows of it that are trained on; all if None.
        seed
            As of `exchanged`.
        """
        (codes, targets), units = self.train, units if rows is None else units[rows]
        return replace(self, train=(codes, targets[exchanged(units, seed)]))


def exchanged(units: np.ndarray, seed: int) -> np.ndarray:
    """Permute units, and return the row whose measurement each row gets.

    Parameters
    ----------
    units : int array, shape (n,)
        Measured units. Rows of one unit, such as both strands, get those of one other, in turn.
    seed
        The same seed and units give the same permutation.

    Returns
    -------
    rows : int array, shape (n,)
    """
    _, unit, sizes = np.unique(units, return_inverse=True, return_counts=True)
    together = np.argsort(unit, kind="stable")
    starts = np.cumsum(sizes) - sizes
    place = np.empty(len(unit), np.intp)
    place[together] = np.arange(len(unit)) - starts[unit[together]]
    other = np.random.default_rng(seed).permutation(len(sizes))[unit]
    return together[starts[other] + place % sizes[other]]
