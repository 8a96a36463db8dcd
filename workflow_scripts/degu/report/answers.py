"""Sentences on the first page of the report, from the summary of all comparisons."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

RUN = ["dataset", "recipe", "fraction"]
# Names that a sentence lists.
NAMED = 3
# Coverage counts as right within this distance of its level.
TOLERANCE = 0.02


class Answer(NamedTuple):
    """A question of the reader, and its answer in one or a few sentences."""

    question: str
    text: str


def names(rows: pd.DataFrame) -> list[str]:
    """Name each comparison: data set, activity, recipe; the fraction where there are several."""
    several, output = rows["fraction"].nunique() > 1, "output" in rows
    return [
        f"{row.dataset}{f' {row.output}' if output else ''}, {row.recipe}"
        + f" at {100 * row.fraction:g} %" * several
        for row in rows.itertuples()
    ]


def titled(rows: pd.DataFrame, names: Mapping[str, Mapping]) -> pd.DataFrame:
    """Put titles of data sets, recipes and activities in place of their keys.

    Parameters
    ----------
    rows
        A table of runs: dataset, recipe and, if it is of activities, output.
    names
        datasets and recipes: titles; targets: title and unit of each activity by data set.
    """
    if "output" in rows:
        places = zip(rows["dataset"], rows["output"], strict=True)
        rows = rows.assign(output=[names["targets"][place][output][0] for place, output in places])
    return rows.assign(
        dataset=rows["dataset"].map(names["datasets"]),
        recipe=rows["recipe"].map(names["recipes"]),
    )


def listed(found: Sequence[str], total: int = 0) -> str:
    """Write the first names of a list, and how many more there are; or that it is the total."""
    if len(found) == total > 1:
        return f"in all {total} comparisons"
    more = len(found) - NAMED
    return "; ".join(found[:NAMED]) + (f"; and {more} more" if more > 0 else "")


def span(values: pd.Series, form: str) -> str:
    """Smallest to largest value, or the value that all share, in a form such as "{:.2f}"."""
    ends = dict.fromkeys(form.format(value + 0.0) for value in (values.min(), values.max()))
    return " to ".join(ends)


def verdicts(rows: pd.DataFrame) -> pd.Series:
    """Whether students are "better" or "worse" than members; "unclear" if zero is in between."""
    found = np.select(
        [rows["difference_low"] > 0, rows["difference_high"] < 0], ["better", "worse"], "unclear"
    )
    return pd.Series(found, rows.index)


def answers(rows: pd.DataFrame, level: float, trainings: pd.DataFrame) -> list[Answer]:
    """Answer the six questions of the report's first page.

    Parameters
    ----------
    rows
        From `compare`.
    level
        Nominal coverage of intervals.
    trainings
        The table `training` of all runs (`degu.tables.training`).
    """
    trained = Answer("Were the models trained long enough?", _trained(trainings))
    if rows.empty:
        return [Answer("Did distillation help here?", "No student was trained."), trained]
    return [
        Answer("Did distillation help here?", _helped(rows)),
        Answer("How far do students follow their ensemble?", _followed(rows)),
        Answer("Are their intervals right?", _covered(rows, level)),
        Answer("And beyond the test set?", _beyond(rows)),
        trained,
        Answer("Where does it not help?", _failed(rows, level)),
    ]


def _helped(rows: pd.DataFrame) -> str:
    found, total = verdicts(rows).value_counts(), len(rows)
    better, worse, unclear = (found.get(word, 0) for word in ("better", "worse", "unclear"))
    if better == total:
        lead = "Yes"
    elif better:
        lead = "In part"
    elif worse == total:
        lead = "No"
    else:
        lead = "Nowhere for certain" if worse else "That cannot be told"
    if rows["difference"].isna().all():
        return "That cannot be told: Pearson's r is undefined, since predictions are constant."
    best = int(np.nanargmax(rows["difference"]))
    case = (
        "Best case" if total > 1 else "The case"
    ) + f": {_detail(rows.iloc[best], names(rows)[best])}"
    signed = span(rows["difference"], "{:+.3f}")
    return (
        f"{lead}. Of {comparisons(total)} with single members, by Pearson's r on the test set, "
        f"students are better in {better} and worse in {worse}; in {unclear} it cannot be told: "
        "the 95 % interval of the difference holds zero, a side has a single member, or a model "
        "predicts a constant. "
        f"Students minus members: {signed}. {case}."
    )


def comparisons(number: int) -> str:
    """Write a number of comparisons."""
    return "1 comparison" if number == 1 else f"{number} comparisons"


def _detail(row: pd.Series, name: str) -> str:
    """Pearson's r of members, ensemble and students in one comparison."""
    sides = [
        f"{side}s {row[f'{side}_r']:.3f} (n = {row[f'{side}_number']}"
        + (f", {row[f'{side}_low']:.3f} to {row[f'{side}_high']:.3f})" if many else ")")
        for side in ("member", "student")
        for many in [row[f"{side}_number"] > 1]
    ]
    return f"{name}: {sides[0]}, their ensemble {row['ensemble_r']:.3f}, {sides[1]}"


def _followed(rows: pd.DataFrame) -> str:
    closed = rows["gap_closed"].dropna()
    if closed.empty:
        text = (
            "Nowhere does the ensemble's r lie above the 95 % interval of its members' mean: as "
            "members vary, no gap that students could close is certain. The page on whether to "
            "distil tells it with intervals over test sequences."
        )
    else:
        median = f", {100 * closed.median():.0f} % in the median" if len(closed) > 1 else ""
        text = (
            f"The ensemble is better than its members' interval in {len(closed)} of "
            f"{comparisons(len(rows))}; "
            f"students close {span(100 * closed, '{:.0f} %')} of that gap{median}."
        )
    for kind, truth in {"epistemic": "their teachers", "aleatoric": "replicates"}.items():
        r = rows[f"{kind}_r"].dropna()
        if len(r):
            text += (
                f" Their {kind} heads follow the spread of {truth} with r = {span(r, '{:.2f}')}."
            )
    return text


def off(coverage: pd.Series, level: float) -> pd.Series:
    """Tell coverages that miss the level by more than the tolerance."""
    return coverage.notna() & ((coverage - level).abs() > TOLERANCE)


def _covered(rows: pd.DataFrame, level: float) -> str:
    known = rows.dropna(subset=["conformal_coverage"])
    if known.empty:
        return "No intervals of students were measured."
    raw, calibrated = (
        len(known) - off(known[column], level).sum()
        for column in ("coverage", "conformal_coverage")
    )
    if calibrated == len(known):
        lead = "Yes" if raw == calibrated else "After calibration they are"
    else:
        lead = "In part" if calibrated or raw else "No"
    kinds = " or ".join(dict.fromkeys(known["interval"]))
    before, after = (
        span(100 * known[column], "{:.1f} %") for column in ("coverage", "conformal_coverage")
    )
    return (
        f"{lead}: {level * 100:g} % intervals ({kinds} uncertainty) hold {before} of the test "
        f"measurements as predicted, and {after} after conformal calibration. Within "
        f"{TOLERANCE * 100:g} points of {level * 100:g} % are {raw} as predicted and {calibrated} "
        f"calibrated, of {comparisons(len(known))}."
    )


def _ahead(rows: pd.DataFrame) -> dict[str, tuple[pd.Series, str]]:
    """Whether students are ahead beyond the test set, as far as it was measured, and in what."""
    told = {
        "shift_mse": "lie closer to the oracle ensemble on shifted sequences",
        "map_rmse": "have attribution maps closer to the mean map of the other teachers",
        "variant_r": "agree better with measured effects of variants",
    }
    found = {}
    for measure, words in told.items():
        gain = (rows[f"student_{measure}"] - rows[f"member_{measure}"]).dropna()
        if len(gain):
            found[measure] = (gain > 0 if measure == "variant_r" else gain < 0), words
    return found


def _beyond(rows: pd.DataFrame) -> str:
    found = _ahead(rows)
    if not found:
        return "Neither shifted sequences nor attribution maps nor variants were compared."
    *parts, last = [
        f"{words} in {ahead.sum()} of {comparisons(len(ahead))}" for ahead, words in found.values()
    ]
    every = f"{', '.join(parts)} and {last}" if parts else last
    text = f"Compared with single members, by their means, students {every}."
    if "map_rmse" in found:
        sure = (rows["map_p_holm"] < 0.05) & found["map_rmse"][0].reindex(
            rows.index, fill_value=False
        )
        text += f" For maps {sure.sum()} of these pass a t-test (p < 0.05 by Holm, every method)."
    return text


def _trained(trainings: pd.DataFrame) -> str:
    total, short = len(trainings), int(trainings["undertrained"].sum())
    if not short:
        return f"Yes, by the history of each of {total} trainings."
    of_runs = [
        f"{dataset}, {recipe} at {100 * fraction:g} % ({run['undertrained'].sum()} of {len(run)}: "
        f"{' or '.join(run['reason'].dropna().unique())})"
        for (dataset, recipe, fraction), run in trainings.groupby(RUN, sort=False)
        if run["undertrained"].any()
    ]
    lead = "No" if short == total else "Not all"
    return (
        f"{lead}: {short} of {total} trainings ended too early, by their histories: "
        f"{listed(of_runs)}. What such models reach is no limit of theirs, nor of distillation: "
        "give them more epochs or steps, and students a larger budget, until validation gains "
        "nothing more."
    )


def _failed(rows: pd.DataFrame, level: float) -> str:
    named, verdict = pd.Series(names(rows), rows.index), verdicts(rows)
    faults = {
        "Students are worse than members": verdict == "worse",
        "Pearson's r is undefined, since predictions are constant": rows["difference"].isna(),
        "No difference can be told": verdict == "unclear",
        "No gain of the ensemble can be told": rows["gap_closed"].isna(),
        "Calibrated intervals miss their level": off(rows["conformal_coverage"], level),
    }
    for ahead, words in _ahead(rows).values():
        faults[f"Students do not {words}"] = (~ahead).reindex(rows.index, fill_value=False)
    parts = [
        f"{fault}: {listed(list(named[where]), len(rows))}."
        for fault, where in faults.items()
        if where.any()
    ]
    return "\n".join(parts) or "Nowhere, among what was measured here."
