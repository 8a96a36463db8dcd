"""A student that was loaded: predictions from one pass, and their calibrated intervals."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import keras
import numpy as np

from degu import models
from degu.heads import Heads, clip
from degu.intervals import Calibration
from degu.job import InputError
from degu.sequences import AMBIGUOUS, encode
from degu.shards import blocks
from degu.students import passport
from degu.students.passport import Passport

# The kinds of uncertainty that intervals can rest on, the most complete one first.
KINDS = ("total", "epistemic", "aleatoric")


class Student:
    """A student with its passport; its network is read at the first prediction.

    Attributes
    ----------
    path : Path
        File of the model.
    passport : Passport
        Heads, units, length, adaptors, strands, calibrations and facts.
    """

    def __init__(self, path: Path, of_student: Passport):
        self.path, self.passport = path, of_student

    @property
    def heads(self) -> Heads:
        """Heads in the order of the outputs."""
        return self.passport.heads

    @property
    def length(self) -> int:
        """Bases of a sequence that the student takes."""
        return self.passport.length

    @cached_property
    def model(self) -> keras.Model:
        """Network, whose outputs are those of the file: log-variances stay what they are."""
        return models.load(self.path)

    @cached_property
    def _predict(self) -> Callable[[np.ndarray], np.ndarray]:
        return models.on_strands(models.predictor(self.model), self.passport.strands)

    def predict(self, sequences: np.ndarray | Sequence[str]) -> np.ndarray:
        """Predict sequences, block by block; of the network's features few are in memory at once.

        Parameters
        ----------
        sequences
            uint8 codes (n, length), with A C G T = 0 1 2 3 and N = 4, or n texts of as many
            letters; IUPAC codes of several bases are read as N. `degu.students.fitting` makes
            sequences as long as the student takes.

        Returns
        -------
        predictions : float32 array, shape (n, heads), or (n, length, heads) of profiles
            Activities and standard deviations in units of the activity, in the order of `heads`.

        Raises
        ------
        InputError
            For sequences of another length, or other letters.
        """
        codes = sequences
        if not isinstance(sequences, np.ndarray):
            codes = encode([sequence.translate(AMBIGUOUS) for sequence in sequences])
        if codes.ndim != 2 or codes.shape[1] != self.length:
            found = codes.shape[1] if codes.ndim == 2 else "no"
            raise InputError(
                f"The sequences have {found} bases, but the student takes {self.length}."
            )
        if not len(codes):
            return np.empty((0, *self.model.output_shape[1:]), np.float32)
        found = [self._predict(codes[rows]) for rows in blocks(*codes.shape)]
        return self.heads.to_std(np.concatenate(found))

    def deviations(self, predictions: np.ndarray, activity: str) -> dict[str, np.ndarray]:
        """Predicted standard deviations of an activity by kind (`degu.heads.Heads`).

        Parameters
        ----------
        predictions : float array, shape (..., heads)
            From `predict`.
        """
        return self.heads.uncertainties(predictions, activity)

    def calibration(self, activity: str) -> Calibration | None:
        """Find the calibration of the most complete kind of uncertainty; None where there is none.

        "total" where the student has both kinds of heads, else the kind that it has.
        """
        found = (self.passport.calibrations.get((activity, kind)) for kind in KINDS)
        return next((one for one in found if one is not None), None)

    def interval(
        self, predictions: np.ndarray, activity: str, level: float | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper end of the calibrated intervals of an activity.

        Parameters
        ----------
        predictions : float array, shape (..., heads)
            From `predict`.
        activity
            Name.
        level
            One of `Passport.levels`; by default that of the passport.

        Returns
        -------
        low, high : float arrays, shape (...)
            Infinite where too few measurements calibrate the level.

        Raises
        ------
        InputError
            For a level without factors, or an activity without calibration.
        """
        one = self.calibration(activity)
        if one is None:
            raise InputError(f"The student has no calibrated intervals of {activity!r}.")
        self.passport.check_level(level)
        level = self.passport.level if level is None else level
        mean = predictions[..., self.heads.column(activity)]
        std = clip(self.deviations(predictions, activity)[one.kind], self.passport.smallest_std)[0]
        half = one.half_width(mean, std, level)
        return mean - half, mean + half


def load(place: str | Path) -> Student:
    """Load a student that the workflow exported.

    Parameters
    ----------
    place
        Its folder, with student.keras and student.json, or one of the two files.

    Raises
    ------
    InputError
        Where a file is missing or no student's, or the passport is that of another model.
    """
    return Student(*passport.checked(place))
