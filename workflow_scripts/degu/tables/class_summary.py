"""The summary of classes: students against single members and their ensemble, a row a run."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from degu.heads import INFORMATION
from degu.tables.classes import ALL
from degu.tables.summary import RUN, SIDES, Teachers, labelled, of_members, sides

# Measures of students' ensembles that are told beside Matthews' correlation.
_TOLD = ("ece", "scaled_ece", "coverage", "set_size", "errors_by_information")
COLUMNS = [*RUN, "teacher", *(name.replace("_r", "_mcc") for name in SIDES)]
COLUMNS += ["information_r", *_TOLD, "outliers", "outliers_low", "outliers_high", "passes_ratio"]


def compare(tables: Mapping[str, pd.DataFrame], students: Mapping[str, Teachers]) -> pd.DataFrame:
    """Compare students with single members of their ensemble and with its mean, by MCC.

    Parameters
    ----------
    tables
        Joined tables by name, as far as there are any: classes, class_calibration,
        outlier_differences.
    students
        Teachers of each recipe of students.

    Returns
    -------
    table : DataFrame
        `COLUMNS`, a row a run of students whose teachers were run: the sides, differences and the
        gap as in `degu.tables.summary.compare`, of Matthews' correlation; the mean r of the
        students' information heads with that of their teachers; means over students of their
        calibration; mean difference of areas under the ROC curve by which students and their
        teachers' ensemble find foreign sequences, with its interval, and passes that it saves.
    """
    if "classes" not in tables:
        return pd.DataFrame(columns=COLUMNS)
    mcc = labelled(tables["classes"], {"output": ALL, "metric": "mcc"})
    runs = mcc[mcc["recipe"].isin(students)][RUN].drop_duplicates()
    found = [
        _comparison(mcc, tables, own, students[own["recipe"]])
        for own in runs.to_dict("records")
        if len(labelled(mcc, own | {"recipe": students[own["recipe"]].recipe}))
    ]
    return pd.DataFrame(found, columns=COLUMNS)


def _comparison(
    mcc: pd.DataFrame, tables: Mapping[str, pd.DataFrame], own: dict, teachers: Teachers
) -> dict:
    theirs = own | {"recipe": teachers.recipe}
    found = sides(mcc, None, own, theirs, teachers.number)
    row = own | {"teacher": teachers.recipe}
    row |= {name.replace("_r", "_mcc"): value for name, value in found.items()}
    r = labelled(tables["classes"], {"output": INFORMATION, "metric": "pearson"})
    row["information_r"] = of_members(r, own).mean(skipna=False)
    for metric in _TOLD:
        some = of_members(labelled(tables["class_calibration"], {"metric": metric}), own)
        row[metric] = some.mean()
    if "outlier_differences" in tables:
        place = own | {"against": "members", "group": ALL}
        some = labelled(tables["outlier_differences"], place)
        values = ["value", "low", "high", "passes_ratio"]
        names = ["outliers", "outliers_low", "outliers_high", "passes_ratio"]
        known = some[values].iloc[0] if len(some) else [np.nan] * len(values)
        row |= dict(zip(names, known, strict=True))
    return row
