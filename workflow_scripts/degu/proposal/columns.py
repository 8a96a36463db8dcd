"""Roles of a table's columns: sequence, name, split, group, numbers; by title and cells."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.job import InputError
from degu.lengths import LEAST
from degu.proposal import table
from degu.proposal.table import Table
from degu.splits import ALIASES, SPLITS

# Words in titles.
_SEQUENCES = {"sequence", "seq", "insert", "oligo"}
_PARTS = {"barcode", "bc", "tag", "primer", "adaptor", "adapter", "umi"}
_NAMES = {"name", "id", "identifier", "oligo", "element", "probe", "accession", "tile"}
_CHROMOSOMES = {"chr", "chrom", "chromosome", "seqnames", "contig"}
_GROUPS = {"gene", "group", "family", "locus", "cluster", "pair", "element", "parent", "promoter"}
_GROUPS |= {"enhancer", "variant", "rsid", "snp", "peak", "cre"}
_FOLDS = {"fold", "folds"}
# Words of columns of splits beside those that every table may have.
_KNOWN = {"pool": "train", "holdout": "test", "heldout": "test", "held_out": "test"}
_KNOWN |= {"hold_out": "test", "held-out": "test", "evaluation": "test", "eval": "validation"}
_KNOWN |= {"tune": "validation", "tuning": "validation", "development": "validation"}
# Most words of a column of splits, fewest groups that can be split at random.
_MOST_WORDS, _LEAST_GROUPS = 20, 10


class Columns(NamedTuple):
    """Titles of the columns of a table by what they hold; None where there is none.

    Attributes
    ----------
    sequence, name, split, group
        Titles.
    splits
        Words of the column of splits that are not known anyway, by split; also "drop".
    repeated
        Rows whose name stands on a row above.
    numbers
        Titles of all columns of numbers that are left.
    notes
        By the key that it concerns what was chosen among several, or could not be decided.
    """

    sequence: str
    name: str | None
    split: str | None
    splits: dict[str, list[str]]
    group: str | None
    repeated: int
    numbers: list[str]
    notes: dict[str, str]


def find(given: Table) -> Columns:
    """Tell the columns of a table apart.

    Raises
    ------
    InputError
        For a table without sequences, or without numbers.
    """
    samples = {title: table.sample(given.frame[title]) for title in given.frame}
    notes: dict[str, str] = {}
    sequence = _sequence(given, samples, notes)
    left = [title for title in samples if title != sequence and _is_no_dna(samples[title])]
    split, splits = _split(given.frame, left, notes)
    left = [title for title in left if title != split]
    name = _name(given.frame, left, samples)
    left = [title for title in left if title != name]
    group = _group(given.frame, left, samples, split, splits, notes)
    numbers = [
        title
        for title in left
        if title != group and table.are_numbers(samples[title]) and not _chromosomes(title)
    ]
    if not numbers:
        raise InputError(
            f"{given.path} has no column of measurements: of {', '.join(samples)} none but the "
            "names and splits holds numbers, with a point before decimals."
        )
    repeated = int(_texts(given.frame, name).duplicated().sum()) if name else 0
    return Columns(sequence, name, split, splits, group, repeated, numbers, notes)


def _sequence(given: Table, samples: dict[str, np.ndarray], notes: dict[str, str]) -> str:
    lengths = {title: table.length_of_sequences(cells) for title, cells in samples.items()}
    called = {title for title in samples if set(table.words(title)) & _SEQUENCES}

    def claim(title: str) -> tuple:
        part = set(table.words(title)) & _PARTS
        return not part, lengths[title] >= LEAST, title in called, lengths[title]

    # Short ones are alleles, unless they are called sequences: then they are refused as too short.
    found = [n for n in lengths if lengths[n] >= LEAST or (lengths[n] and n in called)]
    found.sort(key=claim, reverse=True)
    if not found:
        raise InputError(
            f"{given.path} has no column of sequences, letters A, C, G, T and N without quotes: "
            f"it has {', '.join([*samples, *filter(None, given.unused)])}."
        )
    others = [title for title in found[1:] if lengths[title] >= LEAST]
    if others:
        notes["sequence"] = f"other columns of sequences: {', '.join(others)}"
    return found[0]


def _is_no_dna(cells: np.ndarray) -> bool:
    return table.length_of_sequences(cells) < LEAST


def _texts(frame: pd.DataFrame, title: str) -> pd.Series:
    return frame[title].fillna("").astype(str).str.strip()


def _chromosomes(title: str) -> bool:
    return bool(set(table.words(title)) & _CHROMOSOMES)


def _split(
    frame: pd.DataFrame, titles: list[str], notes: dict[str, str]
) -> tuple[str | None, dict[str, list[str]]]:
    """Find the column whose words are of splits, and the words that have to be told."""
    without = ""
    # Columns that are called so come first; others hold such words, too.
    for title in sorted(titles, key=lambda title: "split" not in table.words(title)):
        cells = _texts(frame, title)
        words = list(dict.fromkeys(cells[cells != ""]))
        if len(words) > _MOST_WORDS:
            continue
        if set(table.words(title)) & _FOLDS and all(word.isdecimal() for word in words):
            if len(words) >= len(SPLITS):
                notes["split"] = (
                    f"{title} holds folds: the last one tests, the one before validates"
                )
                return title, _folds(words)
        elif any(word.lower() in ALIASES for word in words):
            splits, unknown = _words_of_splits(words)
            lacking = [split for split in SPLITS if split not in splits]
            if lacking:
                without = f"{title} has {', '.join(words)}, but no word for {' and '.join(lacking)}"
                continue
            told = {split: said for split, said in splits.items() if said}
            if told:
                mapped = [f"{', '.join(said)} as {split}" for split, said in told.items()]
                notes["split"] = f"{title} has words of its own: {'; '.join(mapped)}"
            if unknown:
                notes["split"] += "; drop leaves rows out, other choices: train, validation, test"
            return title, told
    if without:
        notes["split"] = (
            f"{without}: split at random instead; to use it name it as split, and give splits such "
            "as {validation: [WORD]}"
        )
    return None, {}


def _words_of_splits(words: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Words to be told by split, where there are any, and those that stand for none."""
    splits: dict[str, list[str]] = {}
    unknown = []
    for word in words:
        if word.lower() in ALIASES:
            splits.setdefault(ALIASES[word.lower()], [])
        elif word.lower() in _KNOWN:
            splits.setdefault(_KNOWN[word.lower()], []).append(word)
        else:
            unknown.append(word)
            splits.setdefault("drop", []).append(word)
    return splits, unknown


def _folds(words: list[str]) -> dict[str, list[str]]:
    *train, validation, test = sorted(words, key=int)
    return {"train": train, "validation": [validation], "test": [test]}


def _name(frame: pd.DataFrame, titles: list[str], samples: dict[str, np.ndarray]) -> str | None:
    """Find the column that tells most rows apart: called so, or of texts that all differ."""

    def different(title: str) -> float:
        cells = _texts(frame, title)
        return 0 if (cells == "").any() else cells.nunique() / len(cells)

    called = [title for title in titles if set(table.words(title)) & _NAMES]
    called = [title for title in called if not _chromosomes(title) and different(title) > 0.5]
    if called:
        return max(called, key=different)
    texts = (title for title in titles if not table.are_numbers(samples[title]))
    return next((title for title in texts if different(title) == 1), None)


def _group(
    frame: pd.DataFrame,
    titles: list[str],
    samples: dict[str, np.ndarray],
    split: str | None,
    splits: dict[str, list[str]],
    notes: dict[str, str],
) -> str | None:
    """Find the column whose rows belong together: chromosomes first, which hold all else."""
    called = [title for title in titles if _chromosomes(title)]
    called += [title for title in titles if set(table.words(title)) & _GROUPS]
    usable, other = [], []
    for title in dict.fromkeys(called):
        cells = _texts(frame, title)
        enough = _LEAST_GROUPS <= cells.nunique() < len(cells) and not (cells == "").any()
        numbers = not _chromosomes(title) and any("." in cell for cell in samples[title])
        numbers = numbers and table.are_numbers(samples[title])
        if enough and not numbers and (split is None or _keeps(frame, title, split, splits)):
            usable.append(title)
        elif cells.nunique() > 1 and not numbers:
            other.append(title)
    if len(usable) > 1:
        notes["group"] = f"other choices: {', '.join(usable[1:])}"
    elif not usable and other:
        lies = (
            "some of its cells are empty, it has fewer than ten words, or they differ in all rows"
        )
        lies = f"{lies}, or lie in two splits" if split else lies
        notes["group"] = f"{', '.join(other)} cannot be the group: {lies}"
    return usable[0] if usable else None


def _keeps(frame: pd.DataFrame, title: str, split: str, splits: dict[str, list[str]]) -> bool:
    """Whether all rows of a group lie in one split."""
    told = {word.lower(): name for name, words in splits.items() for word in words}
    of_rows = _texts(frame, split).str.lower().map(ALIASES | told)
    kept = of_rows != "drop"
    return bool((of_rows[kept].groupby(_texts(frame, title)[kept]).nunique() <= 1).all())
