"""Tables of attribution maps, in long form: contributions of bases, consistency of members.

Files are those of `degu.maps.write`; their names are those of methods.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from degu import consistency as measures
from degu import maps
from degu.consistency import Consistency
from degu.job import InputError
from degu.sequences import decode
from degu.tables import ENSEMBLE

BASE = ["method", "member", "output", "name"]
TESTS = [
    *("method", "output", "metric", "students", "teachers", "n_students", "n_teachers", "t", "p")
]


def contributions(path: str | Path) -> pd.DataFrame:
    """Contribution of each base that logos show, for the first member and the mean.

    Returns
    -------
    table : DataFrame
        method, member, output, name, position (from 0), base, score (of the base that stands
        there), and for the mean its std and z over members (`degu.consistency.error_bars`). Of
        sequences those that were asked for, or else the first one.
    """
    parts = []
    for head, of_head in maps.read(path).items():
        shown = slice(max(of_head.asked, 1))
        scores, codes = of_head.contributions()[:, shown], of_head.codes[shown]
        nothing = np.full(codes.shape, np.nan)
        bars = {"0": (scores[0], nothing, nothing)}
        if len(scores) > 1:
            bars[ENSEMBLE] = measures.error_bars(scores)
        for member, (score, std, z) in bars.items():
            columns = {
                "method": Path(path).stem,
                "member": member,
                "output": head,
                "name": of_head.names[shown].repeat(codes.shape[1]),
                "position": np.tile(np.arange(codes.shape[1]), len(codes)),
                "base": list("".join(decode(codes))),
                "score": score.ravel(),
                "std": std.ravel(),
                "z": z.ravel(),
            }
            parts.append(pd.DataFrame(columns))
    return _joined(parts, [*BASE, "position", "base", "score", "std", "z"])


def consistency(path: str | Path, teachers: str | Path) -> pd.DataFrame:
    """How far the maps of members lie from their teachers' average map, and from each other.

    Parameters
    ----------
    path, teachers
        Of a run and of its teachers; the same for teachers.

    Returns
    -------
    table : DataFrame
        method, member, output, name, metric, value. rmse is that of a member, averaged over
        sequences, spread that of a sequence; normalised_rmse and normalised_spread are of maps
        divided by their largest magnitude. completeness_error of a member is the largest over all
        pairs of sequence and reference, in units of the prediction. Heads that teachers lack have
        no rmse. Sequences that the config asks for do not count.
    """
    parts = []

    def add(head, metric, values, member=None, name=None):
        labels = {"method": Path(path).stem, "member": member, "output": head, "name": name}
        rows = range(len(values))
        parts.append(pd.DataFrame(labels | {"metric": metric, "value": values}, index=rows))

    of_teachers = maps.read(teachers)
    for head, run in maps.read(path).items():
        members, names = list(map(str, range(len(run.scores)))), run.names[run.asked :]
        for prefix, measured in _consistencies(run, of_teachers.get(head, run)).items():
            if head in of_teachers:
                add(head, f"{prefix}rmse", measured.rmse.mean(axis=1), member=members)
            add(head, f"{prefix}spread", measured.spread, name=names)
        if run.errors is not None:
            add(head, "completeness_error", np.abs(run.errors).max(axis=(1, 2)), member=members)
    return _joined(parts, [*BASE, "metric", "value"])


def comparison(students: str | Path, teachers: str | Path) -> pd.DataFrame:
    """Test students against their teachers (`degu.consistency.compare`), heads that they share.

    Returns
    -------
    table : DataFrame
        method, output, and the columns of `degu.consistency.compare`; empty for teachers.
    """
    parts = []
    of_students, of_teachers = maps.read(students), maps.read(teachers)
    shared = of_students.keys() & of_teachers.keys() if students != teachers else ()
    for head in sorted(shared):
        ours, theirs = (
            _consistencies(run[head], of_teachers[head]) for run in (of_students, of_teachers)
        )
        for prefix, measured in ours.items():
            table = measures.compare(measured, theirs[prefix])
            labels = {"method": Path(students).stem, "output": head}
            table = table.assign(**labels, metric=prefix + table["metric"])
            parts.append(table[TESTS])
    return _joined(parts, TESTS)


def _consistencies(run: maps.Maps, teachers: maps.Maps) -> dict[str, Consistency]:
    """Consistency of maps and of normalised ones, by what it puts before the names of metrics."""
    if not np.array_equal(run.codes, teachers.codes):
        raise InputError("The maps are of other sequences than those of the teachers.")
    of_run, of_teachers = (some.scores[:, some.asked :] for some in (run, teachers))
    return {
        prefix: measures.consistency(change(of_run), change(of_teachers).mean(axis=0))
        for prefix, change in {"": np.asarray, "normalised_": measures.normalise}.items()
    }


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Join tables; a run whose models have none of the heads has none."""
    return pd.concat(parts) if parts else pd.DataFrame(columns=columns)
