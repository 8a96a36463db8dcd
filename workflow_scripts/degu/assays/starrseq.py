"""STARR-seq: the table of the DeepSTARR authors, with its own splits."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from degu.dataset import Records
from degu.job import log
from degu.reading import check_counts, numbered, numbers, pick, table, text_rows, texts
from degu.sequences import encode
from degu.splits import SPLITS, describe_leaks, leaks, parse_splits, same_insert

_TARGETS = {"Dev": "Dev_log2_enrichment", "Hk": "Hk_log2_enrichment"}


def load(
    files: Mapping[str, Path],
    seed: int,
    *,
    split: str = "set",
    expect: Mapping[str, int] | None = None,
) -> Records:
    """Read developmental and housekeeping enhancer activity (Methods, "Data").

    Each row is one sequence; the two strands of a window are two rows. Activities are log2
    enrichments as they stand in the file.

    Parameters
    ----------
    files
        "activity": tab-separated, plain or gzip, with the columns seqnames (the first), ID,
        Sequence, Dev_log2_enrichment and Hk_log2_enrichment.
    seed
        Unused: the file brings its splits.
    split
        Column of the splits.
    expect
        Rows that splits must have, such as {"train": 402296}.

    Returns
    -------
    records : Records
        Targets Dev and Hk. A repeated ID is followed by #2, #3, ...

    Raises
    ------
    InputError
        For a file that is not as described, or another number of rows than expected.
    """
    path = pick(files, "activity")
    frame = table(
        text_rows(path), str(path), "seqnames", ["ID", split, "Sequence", *_TARGETS.values()]
    )
    names = numbered(texts(frame, "ID", str(path)))
    codes = encode(texts(frame, "Sequence", str(path)), names.tolist())
    targets = numbers(frame, list(_TARGETS.values()), str(path)).astype(np.float32)
    splits = parse_splits(texts(frame, split, str(path)), f"{path}, column {split!r},")
    counts = {name: int((splits == name).sum()) for name in SPLITS}
    check_counts(counts, expect, None)
    found = leaks(names, codes, splits)
    if len(found):
        # Published splits are kept, so that results compare with published ones.
        log.warning("%s: %s", path, describe_leaks(found))
    steps = [("rows", len(names)), *counts.items()]
    # Both strands of a window are rows with one measurement.
    units = same_insert(codes)
    return Records(names, codes, targets, list(_TARGETS), splits, steps, units=units)
