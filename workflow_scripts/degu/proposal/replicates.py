"""Columns that belong together by their titles: replicates, bins, means and their deviations."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from degu.proposal.table import words

# rep1, replicate_2, r3, BR1, repA; what else the title says may stand on either side.
_REPLICATE = re.compile(
    r"(?P<before>|.*?(?:[ ._\-/(\[]|\d|[a-z](?=R)))(?i:(?:bio|tech)(?:logical|nical)?[ ._-]*)?"
    r"(?i:(?:replicates?|reps?)[ ._-]*(?:[A-D](?![A-Za-z])|\d+)|(?:r|br|tr)[._-]?\d+)(?!\d)"
    r"(?P<after>.*)"
)
_EMPTY_BRACKETS = re.compile(r"[(\[]\s*[)\]]")
# activity_1, activity.1, act2.
_NUMBERED = re.compile(r"(?P<before>.*?)[ ._-]*(?P<number>\d+)")
_BINS = {"bin", "bins", "ct", "gate", "sorted", "sort"}
_DEVIATIONS = {"std", "sd", "stdev", "stddev", "stdv", "deviation"}
_MEANS = {"mean", "avg", "average"}
# Numbers of columns lie below; larger ones are part of a name.
_MOST_NUMBERED = 20
# Least correlation of columns that have a number only.
_LEAST_CORRELATION = 0.3


class Parts(NamedTuple):
    """Columns of numbers that are one activity.

    Attributes
    ----------
    title
        What the titles share; "" where they are replicates and nothing else.
    replicates, bins
        Titles.
    mean, std
        Titles; None where there is none.
    """

    title: str
    replicates: list[str]
    bins: list[str]
    mean: str | None
    std: str | None

    @property
    def structured(self) -> bool:
        """Whether titles say that this is a measurement."""
        return bool(self.replicates or self.bins or self.std or _has(self.mean or "", _MEANS))


def assemble(values: Mapping[str, np.ndarray]) -> tuple[list[Parts], list[str]]:
    """Put columns together that are one activity.

    Parameters
    ----------
    values
        Numbers by title, NaN where they are missing.

    Returns
    -------
    made : list of Parts
    left : list of str
        Deviations whose activity no title tells.
    """
    bins = _bins(values)
    in_bins = {title for titles in bins.values() for title in titles}
    replicates = _by_title([title for title in values if title not in in_bins])
    taken = {title for titles in [*bins.values(), *replicates.values()] for title in titles}
    numbered = _numbered(values, [title for title in values if title not in taken])
    # Columns of one name that are called replicates come before those that are numbered.
    numbered = {name: titles for name, titles in numbered.items() if name not in replicates}
    replicates |= numbered
    taken |= {title for titles in numbered.values() for title in titles}
    single = [title for title in values if title not in taken]
    stds = {_rest(title, _DEVIATIONS): title for title in single if _has(title, _DEVIATIONS)}
    means: dict[tuple, str] = {}
    for title in [title for title in single if not _has(title, _DEVIATIONS)]:
        key = _rest(title, _MEANS)
        # A second column of one name, such as K562 beside K562_mean, stands for itself.
        means[(title,) if key in means else key] = title
    if len(stds) == len(means) == 1 and not replicates and () in stds:
        stds = {next(iter(means)): stds[()]}
    made = [Parts(title, [], titles, None, None) for title, titles in bins.items()]
    for title, titles in replicates.items():
        key = _rest(title, set())
        many = len(titles) > 1
        mean = means.pop(key, None) if many else titles[0]
        made.append(Parts(title, titles if many else [], [], mean, stds.pop(key, None)))
    for key, title in means.items():
        made.append(Parts(_named(title, _MEANS), [], [], title, stds.pop(key, None)))
    return made, list(stds.values())


def are_called(titles: Iterable[str]) -> bool:
    """Whether titles say that these are replicates, not their numbers alone."""
    return all(_REPLICATE.fullmatch(title) for title in titles)


def _has(title: str, some: set[str]) -> bool:
    return bool(set(words(title)) & some)


def _rest(title: str, without: set[str]) -> tuple[str, ...]:
    return tuple(word for word in words(title) if word not in without)


def _named(title: str, without: set[str]) -> str:
    """Return a title without some of its words."""
    pattern = rf"(?i)(?<![a-z])({'|'.join(without)})(?![a-z])"
    return re.sub(pattern, " ", title).strip(" ._-") if _has(title, without) else title


def _by_title(titles: Iterable[str]) -> dict[str, list[str]]:
    """Columns of replicates by what else their titles say."""
    found: dict[str, list[str]] = defaultdict(list)
    keys: dict[tuple, str] = {}
    for title in titles:
        if match := _REPLICATE.fullmatch(title):
            joined = match["before"] + match["after"].lstrip(" ._-")
            name = _EMPTY_BRACKETS.sub("", joined).strip(" ._-")
            found[keys.setdefault(_rest(name, set()), name)].append(title)
    return dict(found)


def _bins(values: Mapping[str, np.ndarray]) -> dict[str, list[str]]:
    """Columns of reads in sorted bins: whole numbers in columns that are called and numbered so."""
    found = defaultdict(list)
    for title, numbers in values.items():
        match = _NUMBERED.fullmatch(title)
        reads = numbers[~np.isnan(numbers)]
        if match and _has(match["before"], _BINS) and ((reads >= 0) & (reads % 1 == 0)).all():
            found[match["before"]].append(title)
    return {
        before: sorted(titles, key=lambda title: int(_NUMBERED.fullmatch(title)["number"]))
        for before, titles in found.items()
        if len(titles) > 2
    }


def _numbered(values: Mapping[str, np.ndarray], titles: list[str]) -> dict[str, list[str]]:
    """Columns that differ by a number at the end, or by its absence, and agree with one another.

    The numbers follow one another: K562 and A549 are cells.
    """
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for title in titles:
        match = _NUMBERED.fullmatch(title)
        if match and match["before"] and int(match["number"]) < _MOST_NUMBERED:
            found[match["before"]][int(match["number"])] = title
    for before, some in found.items():
        if before in titles:
            some[min(some) - 1] = before
    return {
        before: [some[number] for number in sorted(some)]
        for before, some in found.items()
        if 1 < len(some) == max(some) - min(some) + 1
        and min(some) < 2
        and not _has(before, _DEVIATIONS)
        and _agree([values[some[number]] for number in sorted(some)])
    }


def _agree(columns: list[np.ndarray]) -> bool:
    """Whether each column is correlated with the one before."""
    for one, other in pairwise(columns):
        both = ~np.isnan(one) & ~np.isnan(other)
        if both.sum() < 3 or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
            return False
        if np.corrcoef(one[both], other[both])[0, 1] < _LEAST_CORRELATION:
            return False
    return True
