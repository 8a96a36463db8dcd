"""Activities among the columns of numbers of a table, how each is measured, and its unit."""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.job import InputError
from degu.measurements import summarise_replicates
from degu.proposal import replicates
from degu.proposal.replicates import Parts
from degu.proposal.table import words

# Words of titles of what is no activity, by what it is.
_OTHERS = {
    "a place": "start end stop pos position coordinate coord offset tss distance dist strand",
    "a length or composition": "length len size bp gc cpg tm mfe",
    "a number of the row": "index idx row rank unnamed id",
    "a test": "p pval pvalue padj fdr q qval qvalue stat bonferroni",
    "a standard error or bound": "se sem stderr var variance cv mad ci lower upper error",
    "a group": "cluster group family class category fold",
    "a prediction": "pred predicted prediction predictions",
    "of the experiment": "batch plate well lane run year",
}
_COUNTS = "count counts barcode barcodes bc bcs reads read umi umis dna rna plasmid n num number"
_COUNTS += " obs cov coverage depth"
_KINDS = {word: kind for kind, some in _OTHERS.items() for word in some.split()}
_KINDS |= {word: "a count" for word in _COUNTS.split()}
# Numbers that a title may stand for although it says activity: activity_se, activity_pred.
_OF_ACTIVITIES = {"a test", "a standard error or bound", "a prediction"}
# Words that make an activity of whatever else a title says, and all words of activities.
_STRONG = {"ratio", "activity", "act", "fc", "lfc", "enrichment", "expression", "expr", "change"}
_ACTIVITIES = _STRONG | {"log", "mean", "score", "signal", "value", "target", "label"}
_ACTIVITIES |= {"y", "mrl", "measured", "mpra", "starr", "effect", "fluorescence", "gfp"}
_ACTIVITIES |= {"intensity", "rlu", "output", "response", "strength", "induction", "efficiency"}
# A unit in brackets, which are not those of a logarithm.
_UNITS = re.compile(
    r"(?<!log)(?<!log2)(?<!log10)[(\[]([^()\[\]]*(?:log|ratio|/|fold|rlu|a\.u\.|%|units?)[^()\[\]]*)[)\]]",
    re.IGNORECASE,
)
# Share of an activity's rows that its deviations need to be proposed, and rows that are enough.
_FEW, _ENOUGH = 0.5, 2000
# Rows that an activity takes at least: each split has two or more of them, and they vary.
_LEAST_ROWS = 10
_CONSTANT = "one value in all rows"
# Largest difference of numbers that are equal but for rounding to two decimals.
_ROUNDED = 0.0051
_LONGEST_NAME = 60


class Target(NamedTuple):
    """An activity.

    Attributes
    ----------
    name
        Its key in the config.
    how
        How it is measured, as `degu.assays.table.load` takes it.
    unit
        Its unit; "" where no title tells it.
    measured, deviating
        Rows in which it is measured, and its deviation between replicates is known.
    notes
        What could not be decided, or what else its columns are.
    """

    name: str
    how: dict
    unit: str
    measured: int
    deviating: int
    notes: list[str]


class Found(NamedTuple):
    """Activities, and by title what other columns of numbers are, or may be."""

    targets: list[Target]
    others: dict[str, str]
    undecided: list[str]


def find(frame: pd.DataFrame, numbers: list[str], sequences: pd.Series, where: str) -> Found:
    """Find the activities among columns of numbers.

    Parameters
    ----------
    frame
        Cells by title.
    numbers
        Titles of columns of numbers.
    sequences
        Sequences, to tell columns of their length or content of G and C.
    where
        Name of the file, in errors.

    Raises
    ------
    InputError
        Where no column seems to be an activity.
    """
    values = {title: _numbers(frame[title]) for title in numbers}
    lengths = sequences.str.len().to_numpy(float)
    rich = sequences.str.upper().str.count("[GC]").to_numpy(float)
    shares = rich / np.maximum(lengths, 1)
    known = (lengths, rich, shares, 100 * shares)
    made, stds = replicates.assemble(values)
    others = dict.fromkeys(stds, "a standard deviation, of which activity is not told")
    named, bare = [], []
    for parts in made:
        called = parts.structured or bool(set(words(parts.title)) & _ACTIVITIES)
        if kind := _no_activity(parts, values, () if called else known):
            others |= dict.fromkeys(_columns(parts), kind)
        else:
            (named if called else bare).append(parts)
    chosen = named or bare
    undecided = [title for parts in bare for title in _columns(parts)] if named else []
    if not chosen:
        said = ", ".join(f"{title} ({kind})" for title, kind in others.items())
        raise InputError(
            f"{where} has no column of measurements. Columns of numbers are {said}: call those of "
            "activities so (activity, log2_ratio, rep1, rep2, ...); reads of RNA and DNA become "
            "one as log2(RNA/DNA)."
        )
    _drop_summaries(chosen, values, others)
    taken: set[str] = set()
    targets = [_target(parts, values, taken, others) for parts in chosen]
    return Found(targets, others, undecided)


def _numbers(column: pd.Series) -> np.ndarray:
    """Finite numbers of a column, else NaN; the reader refuses what is neither, nor missing."""
    found = pd.to_numeric(column, errors="coerce").to_numpy(float)
    return np.where(np.isfinite(found), found, np.nan)


def _columns(parts: Parts) -> list[str]:
    single = [title for title in (parts.mean, parts.std) if title]
    return [*parts.replicates, *parts.bins, *single]


def _no_activity(
    parts: Parts, values: dict[str, np.ndarray], known: Iterable[np.ndarray]
) -> str | None:
    """Say what columns are that are no activity, by their title, rows, and numbers."""
    kind = None if parts.bins else _by_title(parts)
    measured = int(np.isfinite([values[title] for title in _columns(parts)]).any(axis=0).sum())
    if not kind and 0 < measured < _LEAST_ROWS:
        kind = f"measured in {measured} rows alone"
    if not kind and parts.mean and not parts.replicates:
        kind = _by_content(values[parts.mean], known)
    return kind


def _by_content(numbers: np.ndarray, known: Iterable[np.ndarray]) -> str | None:
    """Say what numbers are that are no measurement; the known ones are those of sequences."""
    different = set(np.unique(numbers[~np.isnan(numbers)]))
    # None at all means decimal commas, which the reader refuses with their row.
    if len(different) == 1:
        return _CONSTANT
    if different == {0, 1}:
        return "0 and 1 only"
    if (np.diff(numbers) == 1).all():
        return "a number of the row"
    return "a length or composition" if any(_equal(numbers, one) for one in known) else None


def _equal(numbers: np.ndarray, known: np.ndarray) -> bool:
    """Whether all numbers that are there are known ones, rounded to two decimals or better."""
    present = ~np.isnan(numbers)
    return bool(present.any() and (np.abs(numbers - known)[present] <= _ROUNDED).all())


def _by_title(parts: Parts) -> str | None:
    """Say what columns are that are no activity, by the words of their titles."""
    said = words(parts.title) or words(_columns(parts)[0])
    kinds = [_KINDS[word] for word in said if word in _KINDS]
    if {"rna", "dna"} <= set(said) or set(said) & _STRONG:
        kinds = [kind for kind in kinds if kind in _OF_ACTIVITIES]
    return kinds[0] if kinds else None


def _drop_summaries(
    chosen: list[Parts], values: dict[str, np.ndarray], others: dict[str, str]
) -> None:
    """Take out columns that hold the mean of the replicates of an activity."""
    for parts in [parts for parts in chosen if parts.replicates]:
        columns = np.stack([values[title] for title in parts.replicates], axis=1)
        mean = summarise_replicates(columns)[0]
        known = ~np.isnan(mean)
        for title in (parts.mean, parts.std):
            if title:
                others[title] = "a summary of the replicates"
        for other in [other for other in chosen if other.mean and not other.replicates]:
            numbers = values[other.mean]
            both = known & ~np.isnan(numbers)
            if both.sum() > 2 and np.corrcoef(mean[both], numbers[both])[0, 1] > 0.999:
                others |= dict.fromkeys(_columns(other), "a summary of the replicates")
                chosen.remove(other)


def _target(
    parts: Parts, values: dict[str, np.ndarray], taken: set[str], left_out: dict[str, str]
) -> Target:
    notes, unit, deviating = [], _unit(_columns(parts)[0]), 0
    if parts.replicates:
        how: dict = {"replicates": parts.replicates}
        columns = np.stack([values[title] for title in parts.replicates], axis=1)
        measured, deviates = (~np.isnan(one) for one in summarise_replicates(columns))
        deviating = int(deviates.sum())
        notes.append(f"{len(parts.replicates)} replicates")
    elif parts.bins:
        how, unit = {"bins": parts.bins}, "mean bin"
        notes.append(f"reads in {len(parts.bins)} sorted bins")
        measured = ~np.isnan([values[title] for title in parts.bins]).any(axis=0)
    else:
        how, measured = {"mean": parts.mean}, ~np.isnan(values[parts.mean])
        if parts.std and _by_content(values[parts.std], ()) == _CONSTANT:
            left_out[parts.std] = _CONSTANT
        elif parts.std:
            known = int((measured & ~np.isnan(values[parts.std])).sum())
            if known >= min(_FEW * measured.sum(), _ENOUGH):
                how, deviating = {**how, "std": parts.std}, known
            else:
                left_out[parts.std] = f"a deviation that only {known} rows have"
    key = key_of("" if parts.bins else parts.title, taken)
    taken.add(key)
    return Target(key, how, unit, int(measured.sum()), deviating, notes)


def key_of(title: str, taken: Collection[str] = ()) -> str:
    """Name of an activity in the letters that names may have.

    Parameters
    ----------
    title
        What titles of its columns say; "" for nothing.
    taken
        Names that others have.
    """
    bare = _UNITS.sub("", title).strip() or title
    name = re.sub(r"[^A-Za-z0-9_]+", "_", bare).strip("_")[:_LONGEST_NAME].strip("_") or "activity"
    name = re.sub("_(aleatoric|epistemic)$", "", name)
    number = 2
    while name.casefold() in {other.casefold() for other in taken}:
        name = f"{name.removesuffix(f'_{number - 1}')}_{number}"
        number += 1
    return name


def _unit(title: str) -> str:
    """Read the unit off a title, in brackets or by its words."""
    if bracketed := _UNITS.search(title):
        return bracketed[1].strip()
    said = words(title)
    log = next((f"log{said[i + 1]}" for i, word in enumerate(said[:-1])
                if word == "log" and said[i + 1] in ("2", "10")), "")  # fmt: skip
    log = log or ("log2" if "lfc" in said else "log" if "log" in said else "")
    if {"rna", "dna"} <= set(said):
        return f"{log}(RNA/DNA)" if log else "RNA/DNA"
    if {"fc", "lfc"} & set(said) or {"fold", "change"} <= set(said):
        return f"{log} fold change".strip()
    if "enrichment" in said:
        return f"{log} enrichment".strip()
    return f"{log} ratio" if log and "ratio" in said else log
