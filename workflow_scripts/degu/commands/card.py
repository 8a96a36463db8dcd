"""Show the card of a student: heads, training, test results, intervals, licence."""

import argparse
from pathlib import Path

from degu.commands import asked
from degu.students import card, passport

EXAMPLES = """\
example:
  degu card results/students/my_mpra/degu/1.0
"""


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    parser.add_argument("student", type=Path, metavar="STUDENT", help=asked.STUDENT)


def run(arguments: argparse.Namespace) -> None:
    """Print the passport in words.

    Raises
    ------
    InputError
        Where there is no student, or the passport is that of another model.
    """
    print(*card.lines(passport.checked(arguments.student)[1]), sep="\n")
