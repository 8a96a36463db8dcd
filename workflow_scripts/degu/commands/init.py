"""Write a commented config for a table of your own: TSV or CSV, gzip or not."""

import argparse
import shlex
from pathlib import Path

from degu.job import InputError, atomic
from degu.proposal import config, written

# The seed of config.yaml, so that the split that is counted here is that of the run.
SEED = 0


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    parser.add_argument("table", type=Path, help="TSV or CSV, gzip or not, in UTF-8")
    told = "the config to be written; without it the name of the table, with .yaml, in this folder"
    parser.add_argument("--output", type=Path, help=told)
    parser.add_argument("--name", help="name of the data set; without it that of the table")
    parser.add_argument("--force", action="store_true", help="replace a config that is there")


def run(arguments: argparse.Namespace) -> None:
    """Look at a table, write a config for it, and say what is in it.

    Raises
    ------
    InputError
        For a table that the workflow refuses, and for a config that is there.
    """
    proposal = config.propose(arguments.table, arguments.name, SEED)
    output = arguments.output or Path(f"{proposal.name}.yaml")
    if output.exists() and not arguments.force:
        raise InputError(f"{output} is there: --force replaces it, --output writes another one.")
    # Relative paths of a command start at the folder of the Snakefile.
    path = shlex.quote(str(output if Path("Snakefile").exists() else output.absolute()))
    try:
        with atomic(output) as temporary:
            temporary.write_text("\n".join(written.lines(proposal, path)) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{output} cannot be written: {error.strerror} ({error.filename})."
        ) from error
    print(*written.said(proposal), sep="\n")
    print(f"Wrote {output}. Next, beside the Snakefile: snakemake -n --configfile {path}")
