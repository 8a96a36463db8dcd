"""Supervision of a member: its heads, the targets it learns, and the loss between them."""

from collections.abc import Callable
from dataclasses import dataclass

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
    measured : int or None
        Number of training sequences that were measured, where others follow them.
    """

    heads: Heads
    outputs: int
    train: tuple[Array, Array]
    validation: tuple[Array, Array]
    loss: Loss
    convert: Callable | None = None
    measured: int | None = None
