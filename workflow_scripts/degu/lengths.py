"""Lengths and numbers of sequences that trainings, explanations and variants need.

All of them are known once a data set is prepared, before any training.
"""

from collections.abc import Mapping, Sequence

from degu.job import InputError, errors_name

LEAST = 10
"""Bases below which a sequence holds no binding site, and its column is the wrong one."""


def check(
    length: int,
    rows: int,
    trainings: Mapping[str, Mapping],
    explain: Mapping[str, str],
    regions: Mapping[str, Sequence[int]],
    windows: Mapping[str, Sequence[int]],
) -> None:
    """Hold all that is asked of a data set's models against its sequences.

    Parameters
    ----------
    length
        Bases of the sequences that models take.
    rows
        Training sequences.
    trainings
        For each run `fraction`, `batch_size`, `architecture`, `shortest` (bases that it takes at
        least) and `kernel`.
    explain
        Sequences to be explained, by name.
    regions
        Regions of logos by name, [start, end) from 0.
    windows
        For each set of variants the bases of window, left and right adaptor.

    Raises
    ------
    InputError
        For the first request that does not fit.
    """
    check_sequences(length)
    for run, needs in trainings.items():
        with errors_name(run):
            check_network(needs["architecture"], needs["shortest"], length)
            check_kernel(needs["kernel"], length)
            check_batch(needs["batch_size"], round(rows * needs["fraction"]))
    with errors_name("attribution"):
        check_explained(explain, length)
        check_regions(regions, length)
    for name, (window, left, right) in windows.items():
        with errors_name(f"variants {name}"):
            check_window(window, left, right, length)


def check_network(architecture: str, shortest: int, length: int) -> None:
    """Raise `InputError` for sequences that the pools of a network leave nothing of."""
    if length < shortest:
        raise InputError(
            f"The architecture {architecture!r} pools sequences of at least {shortest} bases, but "
            f"these have {length}."
        )


def check_kernel(kernel: int, length: int) -> None:
    """Raise `InputError` for convolutions that are wider than a sequence."""
    if kernel > length:
        raise InputError(
            f"The kernel has {kernel} bases, but sequences have {length}: no more are allowed."
        )


def check_sequences(length: int) -> None:
    """Raise `InputError` for sequences that are too short for anything to be learnt."""
    if length < LEAST:
        raise InputError(
            f"Sequences have {length} bases, {LEAST} or more are needed: is it the right column?"
        )


def check_batch(size: int, rows: int) -> None:
    """Raise `InputError` for a training set that fills no minibatch."""
    if rows < size:
        raise InputError(
            f"There are {rows} training sequences, fewer than one batch of {size}: lower "
            "batch_size or raise the fraction."
        )


def check_explained(explain: Mapping[str, str], length: int) -> None:
    """Raise `InputError` for a sequence to be explained that is not as long as models take them."""
    for name, sequence in explain.items():
        if len(sequence) != length:
            raise InputError(
                f"The sequence {name!r} to be explained has {len(sequence)} bases, but those that "
                f"models take have {length}."
            )


def check_regions(regions: Mapping[str, Sequence[int]], length: int) -> None:
    """Raise `InputError` for a region, [start, end) from 0, that ends behind the sequences."""
    for name, (start, end) in regions.items():
        if end > length:
            raise InputError(
                f"The region {name!r} from {start} to {end} ends behind sequences of {length} "
                f"bases: ends up to {length} are allowed."
            )


def check_window(window: int, left: int, right: int, length: int) -> None:
    """Raise `InputError` unless a window, alone or between adaptors, is as long as models take."""
    if length not in (window, window + left + right):
        raise InputError(
            f"Windows of {window} bases with adaptors of {left} and {right} make "
            f"{window + left + right}, but the models take {length}: change window or adaptors."
        )
