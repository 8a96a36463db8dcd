"""The table of a student's predictions: a row a sequence, or of profiles a row a base."""

import numpy as np
import pandas as pd

from degu.students.inputs import Window
from degu.students.loaded import Student

_PLACE = ("name", "chrom", "start", "end", "strand")


def rows(
    student: Student, given: list[Window], predictions: np.ndarray, level: float | None = None
) -> pd.DataFrame:
    """Put predictions, their uncertainties and intervals beside the sequences.

    Parameters
    ----------
    student
        The student that predicted.
    given
        Sequences, of which all or none have a place in a genome.
    predictions : float array, shape (n, heads), or (n, length, heads) of profiles
        From `Student.predict`.
    level
        Level of the intervals, by default the student's; there are none of an activity without
        calibration.

    Returns
    -------
    table : DataFrame
        name, of regions chrom, start, end and strand, else start and end in the sequence, of
        profiles position (of the base, from 0, in what the student was given); then of each
        activity its name, {name}_epistemic, _aleatoric and _total as far as there are heads, and
        _low and _high.
    """
    places = pd.DataFrame(given, columns=list(Window._fields))[list(_PLACE)]
    if not places["chrom"].any():
        places = places.drop(columns=["chrom", "strand"])
    if predictions.ndim == 3:
        length = predictions.shape[1]
        places = places.loc[places.index.repeat(length)].reset_index(drop=True)
        places["position"] = np.tile(np.arange(length), len(given))
        predictions = predictions.reshape(-1, predictions.shape[2])
    found = {}
    for activity in student.heads.activities:
        found[activity] = predictions[:, student.heads.column(activity)]
        for kind, std in student.deviations(predictions, activity).items():
            found[f"{activity}_{kind}"] = std
        if student.calibration(activity) is not None:
            bounds = student.interval(predictions, activity, level)
            found[f"{activity}_low"], found[f"{activity}_high"] = bounds
    return pd.concat([places, pd.DataFrame(found)], axis=1)
