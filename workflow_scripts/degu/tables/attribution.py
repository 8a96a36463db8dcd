"""Tables of attribution maps, in long form: contributions, consistency, agreement, tests."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from degu import bootstrap
from degu.consistency import (
    Consistency,
    compare,
    consistency,
    error_bars,
    normalise,
    similarity,
)
from degu.job import InputError
from degu.maps import Maps
from degu.predictions import ENSEMBLE
from degu.sequences import decode

LABELS = ["method", "member", "output", "kind", "name"]
CONTRIBUTION = [*LABELS, "position", "base", "score", "std", "z"]
MEASURE = [*LABELS, "metric", "value"]
AGREEMENT = ["method", "other", "member", "output", "kind", "n", "metric", "value", "low", "high"]
TEST = ["method", "output", "kind", "metric"]
TEST += ["students", "teachers", "n_students", "n_teachers", "t", "p"]

# Changes of the maps that are measured, by what they put before the names of metrics.
CHANGES = {"": np.asarray, "normalised_": normalise}


def contributions(run: Mapping[str, Maps], method: str) -> pd.DataFrame:
    """Contribution of each base that logos show, for the first member and the mean.

    Parameters
    ----------
    run
        Maps by head (`degu.maps.read`).
    method
        Name of the method.

    Returns
    -------
    table : DataFrame
        method, member, output, kind, name, position (from 0), base, score (of the base that stands
        there), and for the mean its std and z over members (`degu.consistency.error_bars`). The
        sequences are those that were asked for, or else the first one.
    """
    parts = []
    for head, maps in run.items():
        shown = slice(max(maps.asked, 1))
        scores, codes = maps.contributions()[:, shown], maps.codes[shown]
        nothing = np.full(codes.shape, np.nan)
        bars = {"0": (scores[0], nothing, nothing)}
        if len(scores) > 1:
            bars[ENSEMBLE] = error_bars(scores)
        for member, (score, std, z) in bars.items():
            columns = {
                "method": method,
                "member": member,
                "output": head,
                "kind": maps.kind,
                "name": maps.names[shown].repeat(codes.shape[1]),
                "position": np.tile(np.arange(codes.shape[1]), len(codes)),
                "base": list("".join(decode(codes))),
                "score": score.ravel(),
                "std": std.ravel(),
                "z": z.ravel(),
            }
            parts.append(pd.DataFrame(columns))
    return _joined(parts, CONTRIBUTION)


def measure(run: Mapping[str, Maps], teachers: Mapping[str, Maps], method: str) -> pd.DataFrame:
    """Distance of members' maps to their teachers' average map, and their spread.

    Parameters
    ----------
    run, teachers
        Maps by head of a run and of its teachers; the same for teachers.
    method
        Name of the method.

    Returns
    -------
    table : DataFrame
        method, member, output, kind, name, metric, value. rmse is that of a member, averaged over
        sequences, and rmse_others the same to the average of the other teachers, without a
        teacher's own map; spread is that of a sequence. With normalised_ in front they are measures
        of maps divided by their largest magnitude. completeness_error of a member is the largest
        over all pairs of sequence and reference, in units of the prediction. Heads that teachers
        lack have no rmse. Sequences that the config asks for do not count.
    """
    parts = []
    for head, maps in run.items():
        labels = {"method": method, "output": head, "kind": maps.kind}
        members = [str(member) for member in range(len(maps.scores))]
        for metric, by, values in _measures(maps, teachers.get(head)):
            names = {"member": members, "name": None}
            if by == "name":
                names = {"member": None, "name": maps.names[maps.asked :]}
            part = pd.DataFrame({**names, "value": values}, index=range(len(values)))
            parts.append(part.assign(**labels, metric=metric)[MEASURE])
    return _joined(parts, MEASURE)


def _measures(run: Maps, teachers: Maps | None) -> Iterator[tuple[str, str, np.ndarray]]:
    """Yield metric, whether its values are by member or by name, and the values."""
    for prefix, measured in _consistencies(run, teachers or run).items():
        if teachers is not None:
            yield f"{prefix}rmse", "member", measured.rmse.mean(axis=1)
            yield f"{prefix}rmse_others", "member", measured.rmse_others.mean(axis=1)
        yield f"{prefix}spread", "name", measured.spread
    if run.errors is not None:
        yield "completeness_error", "member", np.abs(run.errors).max(axis=(1, 2))


def agreement(run: Mapping[str, Mapping[str, Maps]], resamples: int, seed: int) -> pd.DataFrame:
    """Agreement of the maps of each member by each pair of methods.

    Parameters
    ----------
    run
        Maps by head, by method.
    resamples, seed
        Settings of the bootstrap over sequences, which are a measured unit each.

    Returns
    -------
    table : DataFrame
        method, other (method), member, output, kind, n (sequences whose two maps both vary),
        metric, value, low and high (its 95 % bootstrap interval): means over these sequences of
        `degu.consistency.similarity`, pearson of the maps, and pearson_contributions of what logos
        show, which compares methods with references, whose maps credit bases that stand there or
        in a reference, with effects of all bases. No rows for a single method. Sequences that the
        config asks for do not count.
    """
    rows = []
    for (method, maps), (other, others) in combinations(run.items(), 2):
        for head, own in maps.items():
            for metric, similarities in _similarities(own, others[head]):
                for member, values in enumerate(similarities):
                    known = values[np.isfinite(values)]
                    labels = method, other, str(member), head, own.kind, len(known), metric
                    rows.append((*labels, *_mean(known, resamples, seed)))
    return pd.DataFrame(rows, columns=AGREEMENT)


def _similarities(maps: Maps, others: Maps) -> Iterator[tuple[str, np.ndarray]]:
    """Yield metric and its values, shape (members, n)."""
    both = maps, others
    yield "pearson", similarity(*(some.scores[:, some.asked :] for some in both))
    contributions = (some.contributions()[:, some.asked :, :, None] for some in both)
    yield "pearson_contributions", similarity(*contributions)


def _mean(values: np.ndarray, resamples: int, seed: int) -> tuple[float, float, float]:
    """Mean, and low and high of its bootstrap interval; NaN of nothing."""
    if len(values) == 0:
        return (np.nan,) * 3
    low, high = bootstrap.intervals_of_means(values[:, None], resamples, seed)[:, 0]
    return values.mean(), low, high


def tests(students: Mapping[str, Maps], teachers: Mapping[str, Maps], method: str) -> pd.DataFrame:
    """Test students against their teachers (`degu.consistency.compare`), heads that they share.

    Parameters
    ----------
    students, teachers
        Maps by head of two runs.
    method
        Name of the method.

    Returns
    -------
    table : DataFrame
        method, output, kind, and the columns of `degu.consistency.compare`.
    """
    parts = []
    for head in sorted(students.keys() & teachers.keys()):
        ours, theirs = (_consistencies(run[head], teachers[head]) for run in (students, teachers))
        labels = {"method": method, "output": head, "kind": students[head].kind}
        for prefix, measured in ours.items():
            table = compare(measured, theirs[prefix])
            parts.append(table.assign(**labels, metric=prefix + table["metric"])[TEST])
    return _joined(parts, TEST)


def _consistencies(run: Maps, teachers: Maps) -> dict[str, Consistency]:
    """Consistency of the maps under each of `CHANGES`."""
    if not np.array_equal(run.codes, teachers.codes):
        raise InputError("The maps are of other sequences than those of the teachers.")
    ours, theirs = (maps.scores[:, maps.asked :] for maps in (run, teachers))
    among = len(theirs) if run is teachers or np.array_equal(ours, theirs) else 0
    return {
        prefix: consistency(change(ours), change(theirs).mean(axis=0), among)
        for prefix, change in CHANGES.items()
    }


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Join tables; a run whose models have none of the heads has no rows."""
    return pd.concat(parts) if parts else pd.DataFrame(columns=columns)
