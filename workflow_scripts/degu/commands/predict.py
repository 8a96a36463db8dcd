"""Predict sequences with a student: activity, uncertainties, calibrated intervals."""

import argparse
import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from degu.commands import asked
from degu.job import atomic, log
from degu.predictions import COVERED
from degu.students import passport

EXAMPLES = """\
examples:
  degu predict results/students/my_mpra/degu/1.0 new_designs.fa > predicted.tsv
  degu predict student/ designs.tsv.gz --sequence oligo --level 0.9 --out predicted.tsv.gz
  degu predict student/ peaks.bed --genome hg38.fa --fit centre --out predicted.tsv
  degu predict student/ inserts.fa --fit adaptors,pad
"""


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    asked.describe(parser)
    told = "level of the intervals, in (0, 1); without it that of the passport, mostly 0.95"
    parser.add_argument("--level", type=float, help=told)
    told = "table to be written, packed if it ends in .gz; without it standard output"
    parser.add_argument("--out", type=Path, metavar="FILE", help=told)


def run(arguments: argparse.Namespace) -> None:
    """Predict block by block, and write a row a sequence.

    Raises
    ------
    InputError
        For a student, sequences or a level that cannot be used.
    """
    asked.check(arguments)
    model, of_student = passport.checked(arguments.student)
    of_student.check_level(arguments.level)
    # TensorFlow starts once the arguments are known to be right.
    from degu import device
    from degu.students import loaded, table

    device.claim("any")
    student = loaded.Student(model, of_student)
    for activity in of_student.heads.activities:
        if (covered := of_student.covered(activity)) != COVERED[0]:
            log.warning("%s was not measured: its intervals hold the %s.", activity, covered)
    with written(arguments.out) as file:
        for number, (given, codes) in enumerate(asked.blocks(arguments, of_student)):
            rows = table.rows(student, given, student.predict(codes), arguments.level)
            rows.to_csv(file, sep="\t", index=False, float_format="%.6g", header=number == 0)


@contextmanager
def written(path: Path | None) -> Iterator[TextIO]:
    """Open standard output, or a file that is there once it is whole, packed by its name.

    Raises
    ------
    InputError
        For a file that cannot be written.
    """
    if path is None:
        yield sys.stdout
        return
    asked.check_writable(path)
    opener = gzip.open if path.suffix == ".gz" else open
    with (
        atomic(path) as temporary,
        opener(temporary, "wt", encoding="utf-8", newline="") as file,
    ):
        yield file
