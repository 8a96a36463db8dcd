"""Sequences of any length made as long as a student takes them, as its user says and no other way.

    centre      the middle of longer ones; regions of a genome are widened, too
    tile        windows side by side over longer ones; the last one ends where the sequence does
    pad         N around shorter ones, an odd one on the right
    adaptors    the student's adaptors around what would be too short for it without them

centre and tile exclude each other; pad and adaptors can be added to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from degu.job import InputError

WORDS = ("centre", "tile", "pad", "adaptors")


@dataclass(frozen=True)
class Fit:
    """Ways to make sequences as long as a student takes them.

    Attributes
    ----------
    length
        Bases that the student takes.
    words
        Ways that its user allows, of `WORDS`.
    adaptors
        Letters left and right that "adaptors" puts around sequences.

    Raises
    ------
    InputError
        For other words, both centre and tile, or adaptors of a student that has none.
    """

    length: int
    words: Sequence[str] = ()
    adaptors: tuple[str, str] = ("", "")

    def __post_init__(self):
        for word in self.words:
            if word not in WORDS:
                raise InputError(f"fit: {word!r} is not known; allowed: {', '.join(WORDS)}.")
        if {"centre", "tile"} <= set(self.words):
            raise InputError("fit: centre and tile exclude each other.")
        if "adaptors" in self.words and not any(self.adaptors):
            raise InputError("fit: the student was trained without adaptors, none can be put.")

    @property
    def room(self) -> int:
        """Bases of a window: what adaptors, where they are asked for, leave of the length."""
        asked = "adaptors" in self.words
        return self.length - (sum(map(len, self.adaptors)) if asked else 0)

    def windows(self, size: int, widen: bool = False) -> list[tuple[int, int]]:
        """Cut a sequence into windows, [start, end) from its first base.

        Parameters
        ----------
        size
            Bases of the sequence.
        widen
            Whether there are bases around it, as around a region of a genome: then "centre" widens
            a shorter one.

        Returns
        -------
        windows : list of (int, int)
            All as long as `room`, or as the student takes; starts below 0 and ends behind the
            sequence are what is widened or padded.

        Raises
        ------
        InputError
            For a sequence of another length that no word is for.
        """
        room = self.room
        if size in (room, self.length):
            return [(0, size)]
        if size > room and "tile" in self.words:
            starts = list(range(0, size - room + 1, room))
            starts += [size - room] if starts[-1] + room < size else []
            return [(start, start + room) for start in starts]
        fits = "centre" in self.words if size > room else "pad" in self.words
        if not fits and not (widen and "centre" in self.words):
            raise InputError(self._refused(size, widen))
        start = (size - room) // 2 if size > room else -((room - size) // 2)
        return [(start, start + room)]

    def _refused(self, size: int, widen: bool) -> str:
        longer = ["centre (its middle)", "tile (windows side by side)"]
        shorter = ["pad (N around it)"]
        shorter += ["centre (with the genome around it)"] if widen else []
        taken = f"{self.length}"
        if any(self.adaptors) and "adaptors" not in self.words:
            shorter += ["adaptors (those of the assay around it)"]
        elif "adaptors" in self.words:
            taken += f", or {self.room} between adaptors"
        ways = longer if size > self.room else shorter
        return (
            f"it has {size} bases, but the student takes {taken}: say by fit (--fit) what is to "
            f"be done: {' or '.join(ways)}."
        )

    def between(self, letters: str) -> str:
        """Put adaptors around a window, where they are asked for and it leaves room for them."""
        if len(letters) == self.length:
            return letters
        return self.adaptors[0] + letters + self.adaptors[1]


def cut(letters: str, start: int, end: int) -> str:
    """Return [start, end) of a sequence, with N where it does not reach."""
    left, right = max(0, -start), max(0, end - len(letters))
    return "N" * left + letters[max(0, start) : end] + "N" * right
