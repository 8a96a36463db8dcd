"""The command `degu`: a verb a module. A verb imports TensorFlow only where it runs."""

import argparse
import os
import sys
from collections.abc import Sequence

from degu.commands import card, explain, init, predict, score
from degu.job import InputError

# Each has `describe(parser)`, which adds its arguments, `run(arguments)`, and may have EXAMPLES.
VERBS = {"init": init, "predict": predict, "score": score, "explain": explain, "card": card}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb; a mistake of the user's ends in one line.

    The exit code is 0, 1 for input that cannot be used, or 2 for arguments that cannot.

    Parameters
    ----------
    arguments
        Words behind `degu`; None for those of the command line.
    """
    parser = argparse.ArgumentParser(prog="degu", description="DEGU, from a table to a student.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, module in VERBS.items():
        summary = module.__doc__.splitlines()[0]
        how = {"epilog": getattr(module, "EXAMPLES", None)}
        how |= {"formatter_class": argparse.RawDescriptionHelpFormatter}
        verb = verbs.add_parser(name, help=summary, description=summary, **how)
        module.describe(verb)
        verb.set_defaults(run=module.run, misused=verb.error)
    given = parser.parse_args(arguments)
    try:
        given.run(given)
    except InputError as error:
        sys.exit(f"Error: {error}")
    except BrokenPipeError:
        # Whoever reads the output has enough of it; what is left goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
