"""Tables as newcomers bring them, with planted motifs; each has something to stumble over.

Activities grow with the number of planted motifs, so that a small network learns them in seconds.
"""

import csv
from pathlib import Path

import numpy as np

MOTIFS = {"first": "TGACTCA", "second": "CACGTG"}
ROWS = 400


def sequences(rng, lengths):
    """Random sequences with none to three copies of each motif; their numbers, (n, motifs)."""
    made, copies = [], rng.integers(0, 4, (len(lengths), len(MOTIFS)))
    for length, numbers in zip(lengths, copies, strict=True):
        letters = rng.choice(list("ACGT"), length)
        motifs = np.repeat(list(MOTIFS.values()), numbers)
        places = rng.choice(length // 10, len(motifs), replace=False) * 10
        for motif, place in zip(motifs, places, strict=True):
            letters[place : place + len(motif)] = list(motif)
        made.append("".join(letters))
    return made, copies.astype(float)


def write(path, titles, columns, delimiter="\t"):
    """Write columns under their titles; the path is returned."""
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        rows.writerow(titles)
        rows.writerows(zip(*columns, strict=True))
    return Path(path)


def shown(numbers, known=None):
    """Numbers with four decimals; empty where they are not known."""
    known = np.ones(len(numbers), bool) if known is None else known
    return [f"{n:.4f}" if k else "" for n, k in zip(numbers, known, strict=True)]


def measured_apart(folder):
    """Table P: two activities, of which nearly every row has one; names with a version."""
    rng = np.random.default_rng(1)
    letters, copies = sequences(rng, [120] * ROWS)
    activities = copies + 0.2 * rng.normal(size=copies.shape)
    rows = np.arange(ROWS)
    first, second = rows % 10 < 6, (rows % 10 > 5) | (rows % 20 == 0)
    names = [f"tile_{row}.v2" for row in rows]
    return write(
        folder / "apart.tsv",
        ["tile_id", "seq", "enhancer_activity", "promoter_activity"],
        [names, letters, shown(activities[:, 0], first), shown(activities[:, 1], second)],
    )


def repeated_names(folder):
    """Table M: every tenth row is called random_sequence; two cells with three replicates each."""
    rng = np.random.default_rng(2)
    letters, copies = sequences(rng, [144] * ROWS)
    names = ["random_sequence" if row % 10 == 0 else f"oligo{row}" for row in range(ROWS)]
    titles, columns = ["name", "sequence"], [names, letters]
    for cell, activity in zip(["K562", "HepG2"], copies.T, strict=True):
        for replicate in (1, 2, 3):
            titles.append(f"{cell}_rep{replicate}")
            columns.append(shown(activity + 0.3 * rng.normal(size=ROWS)))
    return write(folder / "repeats.tsv", titles, columns)


def odd_names(folder):
    """Table I: brackets and colons in names, a CSV, blanks and units in titles."""
    rng = np.random.default_rng(3)
    letters, copies = sequences(rng, [100] * ROWS)
    names = [f"[chr{row % 22 + 1}:{row}-{row + 100}(+)] {{a: b}}, #{row}" for row in range(ROWS)]
    activity = copies[:, 0] - copies[:, 1]
    titles = [
        " Element name",
        "Insert ",
        "activity (log2 RNA/DNA) r1",
        "activity (log2 RNA/DNA) r2",
    ]
    replicates = [shown(activity + 0.1 * rng.normal(size=ROWS)) for _ in range(2)]
    return write(folder / "odd names.csv", titles, [names, letters, *replicates], ",")


def lengths_differ(folder):
    """Table G: 168 to 200 bases, two alleles a variant, `pool` as a split, _ in titles."""
    rng = np.random.default_rng(4)
    letters, copies = sequences(rng, rng.integers(168, 201, ROWS // 2))
    swapped = ["".join(("C" if s[80] == "A" else "A") if i == 80 else b for i, b in enumerate(s))
               for s in letters]  # fmt: skip
    both = [sequence for pair in zip(letters, swapped, strict=True) for sequence in pair]
    activities = np.repeat(copies, 2, axis=0) + 0.2 * rng.normal(size=(ROWS, 2))
    pairs = [f"rs{row // 2}" for row in range(ROWS)]
    alleles = ["ref", "alt"] * (ROWS // 2)
    words = np.array(["pool"] * 7 + ["train", "val", "test"])[np.arange(ROWS) // 2 % 10]
    lfc_error = shown(0.1 + 0.1 * rng.random(ROWS))
    return write(
        folder / "lengths.tsv",
        [
            "ID",
            "variant",
            "allele",
            "file",
            "sequence",
            "K562_log2FC",
            "HepG2_log2FC",
            "K562_lfcSE",
        ],
        [
            [f"{pair}_{allele}" for pair, allele in zip(pairs, alleles, strict=True)],
            *(pairs, alleles, words, both),
            *(*map(shown, activities.T), lfc_error),
        ],
    )


def few_deviations(folder):
    """Table W: a mean in all rows, its standard deviation in every eleventh."""
    rng = np.random.default_rng(5)
    letters, copies = sequences(rng, [110] * ROWS)
    known = np.arange(ROWS) % 11 == 0
    mean = copies.sum(axis=1) + 0.2 * rng.normal(size=ROWS)
    return write(
        folder / "deviations.tsv",
        ["id", "sequence", "mean", "std", "barcodes"],
        [
            [f"w{row}" for row in range(ROWS)],
            letters,
            shown(mean),
            shown(0.1 + rng.random(ROWS), known),
            rng.integers(5, 60, ROWS),
        ],
    )


TABLES = {
    "P": measured_apart,
    "M": repeated_names,
    "I": odd_names,
    "G": lengths_differ,
    "W": few_deviations,
}
