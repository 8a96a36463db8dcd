"""Arguments that verbs share: a student, sequences, a genome, a way to make them fit."""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from degu import progress
from degu.job import InputError
from degu.students import inputs
from degu.students.fitting import WORDS, Fit
from degu.students.inputs import Window
from degu.students.passport import Passport

STUDENT = "folder of a student, with student.keras and student.json, or one of the two files"


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a verb that takes a student and sequences."""
    parser.add_argument("student", type=Path, metavar="STUDENT", help=STUDENT)
    told = "FASTA, TSV or CSV with a header, or BED with --genome; gzip or not"
    parser.add_argument("sequences", type=Path, metavar="SEQUENCES", help=told)
    told = "plain FASTA with its index (.fai), in which the regions of a BED lie"
    parser.add_argument("--genome", type=Path, metavar="FASTA", help=told)
    told = (
        "what to do with sequences of another length than the student takes, which are refused "
        "without it: one or several, with commas, of centre (the middle of longer ones, and the "
        "genome around shorter regions), tile (windows side by side), pad (N around shorter ones), "
        "adaptors (those of the assay around inserts)"
    )
    parser.add_argument("--fit", type=words, default=(), metavar="WAY", help=told)
    told = "title of the column of a table that holds the sequences; without it sequence or seq"
    parser.add_argument("--sequence", metavar="COLUMN", help=told)
    told = "title of the column of a table that holds names; without it name or id, or row numbers"
    parser.add_argument("--name", metavar="COLUMN", help=told)


def words(text: str) -> tuple[str, ...]:
    """Read ways with commas between them; a usage error for others."""
    found = tuple(text.split(","))
    for word in found:
        if word not in WORDS:
            raise argparse.ArgumentTypeError(f"{word!r} is none of {', '.join(WORDS)}")
    return found


def check(arguments: argparse.Namespace) -> None:
    """End with a usage error where the arguments do not go together."""
    kind = inputs.kind_of(arguments.sequences)
    if kind == "bed" and arguments.genome is None:
        arguments.misused(f"{arguments.sequences} has regions: --genome is needed")
    if kind != "bed" and arguments.genome is not None:
        arguments.misused(f"--genome is for a BED, and {arguments.sequences} is none")
    if kind != "table" and (arguments.sequence or arguments.name):
        arguments.misused(f"--sequence and --name are for a table: {arguments.sequences} is none")


def check_writable(path: Path) -> None:
    """Raise `InputError` for a file that cannot be written, before anything is computed."""
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder: the name of a file is needed.")
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error


def blocks(
    arguments: argparse.Namespace, passport: Passport, bases: int = 1 << 18
) -> Iterator[tuple[list[Window], np.ndarray]]:
    """Give the windows of the sequences and their codes, in blocks of so many bases at most.

    On a terminal a progress bar says how far they are.
    """
    fit = Fit(passport.length, arguments.fit, passport.adaptors)
    columns = (arguments.sequence, arguments.name)
    given = inputs.windows(arguments.sequences, fit, arguments.genome, columns)
    with progress.bar(lambda: inputs.count(arguments.sequences), "sequences") as done:
        for some, codes in inputs.blocks(given, passport.length, bases):
            yield some, codes
            done(some[-1].number)
