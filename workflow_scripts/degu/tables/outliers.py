"""Tables of foreign sequences: how well scores find them, and students beside their teachers."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.outliers import separation
from degu.outliers.groups import TEST
from degu.outliers.scored import Score, Scored

ALL = "all"
COLUMNS = [*Score._fields, "group", "number", "metric", "value", "low", "high"]
DIFFERENCES = ["against", "group", "students", "teachers", "value", "low", "high"]
DIFFERENCES += ["passes_ratio", "speed_ratio"]


class _Draws(NamedTuple):
    """Weights (1 + resamples, n) of the test set and of one group."""

    test: np.ndarray
    group: np.ndarray


def _draws(run: Scored, resamples: int, seed: int) -> Iterator[tuple[str, _Draws]]:
    """Draws of each group, the same for all runs of a data set."""
    for name in run.units:
        if name != TEST:
            rng = np.random.default_rng(seed)
            test, group = (separation.draws(run.units[one], resamples, rng) for one in (TEST, name))
            yield name, _Draws(test, group)


def _areas(run: Scored, at: int, name: str, draws: _Draws) -> separation.Areas:
    return separation.areas(run.values[TEST][at], run.values[name][at], draws.test, draws.group)


def areas(run: Scored, resamples: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Measure how well each score tells each group from the test set.

    Parameters
    ----------
    run
        Scores of a run.
    resamples, seed
        Settings of the bootstrap over measured units of both sides.

    Returns
    -------
    table : DataFrame
        `COLUMNS`: the score (`degu.outliers.scored.Score`), the group, its number of sequences,
        metric (auroc, aupr with foreign ones positive) with 95 % intervals.
    """
    rows = []
    for name, draws in _draws(run, resamples, seed):
        for at, score in enumerate(run.scores):
            found = _areas(run, at, name, draws)
            for metric, drawn in found._asdict().items():
                place = (name, draws.group.shape[1], metric)
                rows.append((*score, *place, *separation.interval(drawn)))
    return pd.DataFrame(rows, columns=COLUMNS)


def differences(
    run: Scored, teachers: Scored | None, resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Hold the heads of students against the disagreement of their teachers, by paired draws.

    Parameters
    ----------
    run
        Scores of students, whose heads tell how far their teachers disagree.
    teachers
        Scores of their teachers; None for teachers, whose table has no rows.
    resamples, seed
        Settings of the bootstrap: measured units of the test set and of each group are drawn, the
        same for students and teachers, and so are students, and teachers with their own passes.

    Returns
    -------
    table : DataFrame
        `DIFFERENCES`: against (members, passes), group (each, and `ALL` for their mean), numbers of
        students and of teachers, mean area under the ROC curve of students minus that of teachers
        with its 95 % interval; how many times as many passes, and seconds, a score of the teachers
        takes.
    """
    heads = _of_source(run, "head")
    sides = {} if teachers is None else {s: _of_source(teachers, s) for s in ("members", "passes")}
    rows = []
    for against, theirs in sides.items():
        if not heads or not theirs:
            continue
        by_group = {}
        rng = np.random.default_rng(seed + 1)
        picks = [_picked(len(side), resamples, rng) for side in (heads, theirs)]
        for name, draws in _draws(run, resamples, seed):
            means = [
                (_drawn(one, side, name, draws) * pick).sum(axis=0)
                for one, side, pick in zip((run, teachers), (heads, theirs), picks, strict=True)
            ]
            by_group[name] = means[0] - means[1]
        by_group[ALL] = np.mean([*by_group.values()], axis=0)
        ratios = _ratios(run, heads, teachers, theirs)
        members = teachers.scores[theirs[0]].passes if against == "members" else len(theirs)
        for name, drawn in by_group.items():
            place = (against, name, len(heads), members)
            rows.append((*place, *separation.interval(drawn), *ratios))
    return pd.DataFrame(rows, columns=DIFFERENCES)


def _of_source(run: Scored, source: str) -> list[int]:
    return [at for at, score in enumerate(run.scores) if score.source == source]


def _picked(number: int, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Share (number, 1 + resamples) of each of some members in each draw; the first has all."""
    drawn = rng.multinomial(number, np.full(number, 1 / number), size=resamples)
    return np.vstack([np.ones(number), drawn]).T / number


def _drawn(run: Scored, side: list[int], name: str, draws: _Draws) -> np.ndarray:
    """Areas under the ROC curve (scores, draws) of some scores for a group."""
    return np.stack([_areas(run, at, name, draws).auroc for at in side])


def _ratios(run: Scored, heads: list[int], teachers: Scored, theirs: list[int]) -> list[float]:
    """Divide passes, and seconds, of teachers by those of students."""

    def mean(one: Scored, side: list[int], of: str) -> float:
        return float(np.mean([getattr(one.scores[at], of) for at in side]))

    return [mean(teachers, theirs, of) / mean(run, heads, of) for of in ("passes", "seconds")]
