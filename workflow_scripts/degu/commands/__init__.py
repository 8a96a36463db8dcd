"""The command `degu`: a verb a module. A verb imports TensorFlow only where it runs."""

import argparse
import sys
from collections.abc import Sequence

from degu.commands import init, score
from degu.job import InputError

# Each has `describe(parser)`, which adds its arguments, and `run(arguments)`.
VERBS = {"init": init, "score": score}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb; a mistake of the user's ends in one line.

    Parameters
    ----------
    arguments
        Words behind `degu`; None for those of the command line.
    """
    parser = argparse.ArgumentParser(prog="degu", description="DEGU, from a table to a student.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, module in VERBS.items():
        summary = module.__doc__.splitlines()[0]
        verb = verbs.add_parser(name, help=summary, description=summary)
        module.describe(verb)
        verb.set_defaults(run=module.run)
    given = parser.parse_args(arguments)
    try:
        given.run(given)
    except InputError as error:
        sys.exit(f"Error: {error}")
