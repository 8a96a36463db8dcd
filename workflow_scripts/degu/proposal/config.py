"""The config of a user's table, tried out by the workflow's own reader and checks."""

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from degu import assays, dataset, job, lengths
from degu.assays import table as assay
from degu.job import InputError
from degu.proposal import columns, replicates, settings, table, targets
from degu.proposal.columns import Columns
from degu.proposal.settings import Settings
from degu.proposal.table import Table
from degu.proposal.targets import Found
from degu.report.work import Size
from degu.splits import SPLITS

# Names of config.yaml, whose definitions a data set of the same name would be merged into.
TAKEN = ("starrseq", "lentimpra_k562", "lentimpra_hepg2", "atac_a549", "cagi5", "genomes")
_LONGEST_NAME = 60


class Proposal(NamedTuple):
    """Proposal for a table.

    Attributes
    ----------
    name
        Of the data set.
    given, columns, found
        The table, and what was found in it.
    options
        Options of the assay.
    rows
        Rows by split, as they will be.
    shortest, longest
        Bases of sequences in the table.
    settings, hours
        Network, training and members; hours of one CPU that they cost at most.
    checks
        What could not be decided, or a person should look at.
    """

    name: str
    given: Table
    columns: Columns
    found: Found
    options: dict
    rows: dict[str, int]
    shortest: int
    longest: int
    settings: Settings
    hours: float
    checks: list[str]

    @property
    def recipes(self) -> list[str]:
        """Teachers and their students, with noise where all activities have it."""
        noise = assays.has_replicates("table", self.options)
        return ["aleatoric", "degu_aleatoric"] if noise else ["standard", "degu"]


def propose(path: str | Path, name: str | None, seed: int) -> Proposal:
    """Look at a table, and propose how it is read and trained on.

    Parameters
    ----------
    path
        TSV or CSV, gzip or not.
    name
        Name of the data set; None for one that follows from the file's.
    seed
        The config's, from which a random split follows.

    Raises
    ------
    InputError
        For all that the workflow would refuse, in the same words.
    """
    name = _name(path, name)
    given = table.read(path)
    held = columns.find(given)
    where = str(given.path)
    sequences = given.frame[held.sequence].fillna("").astype(str).str.strip()
    found = targets.find(given.frame, held.numbers, sequences, where)
    bases = sequences.str.len()
    options = _options(held, found, bases.nunique() > 1)
    records = assay.load({"table": given.path}, job.seed(seed, name, "split"), **options)
    with job.errors_name(where):
        dataset.check(records)
        rows = {split: int(np.sum(records.splits == split)) for split in SPLITS}
        length = records.codes.shape[1]
        lengths.check_sequences(length)
        chosen = settings.propose(rows["train"], length, settings.are_variants(records.codes))
    size = Size(*rows.values(), length, length)
    noise = assays.has_replicates("table", options)
    costs = settings.cost(size, chosen, len(found.targets), noise)
    hours = float(costs.loc["total", ("hours", "estimated")])
    checks = _checks(held, found, len(given.frame), sum(rows.values()), noise)
    shortest, longest = int(bases.min()), int(bases.max())
    return Proposal(
        name, given, held, found, options, rows, shortest, longest, chosen, hours, checks
    )


def _name(path: str | Path, name: str | None) -> str:
    if name is not None:
        if not re.fullmatch(rf"[A-Za-z0-9_]{{1,{_LONGEST_NAME}}}", name):
            raise InputError(f"The name {name!r} is not allowed: letters, digits and _ only.")
        if name in TAKEN:
            raise InputError(f"The name {name!r} is taken by config.yaml: give another one.")
        return name
    stem = re.sub(r"(\.(tsv|csv|txt|tab|bed|gz))+$", "", Path(path).name, flags=re.IGNORECASE)
    stem = re.sub(r"[^A-Za-z0-9_]+", "_", stem).strip("_")[:_LONGEST_NAME] or "mine"
    return f"my_{stem}" if stem in TAKEN else stem


def _options(held: Columns, found: Found, differ: bool) -> dict:
    """Options of the assay, in the order in which they are written."""
    roles = {"sequence": held.sequence, "name": held.name, "split": held.split, "group": held.group}
    options: dict = {
        "columns": {role: title for role, title in roles.items() if title},
        "targets": {target.name: target.how for target in found.targets},
    }
    options |= {"splits": held.splits} if held.splits else {}
    options |= {"length": {"pad": "both"}} if differ else {}
    return options | ({"repeated_names": "number"} if held.repeated else {})


def _checks(held: Columns, found: Found, rows: int, kept: int, noise: bool) -> list[str]:
    """Sentences on what a person should look at."""
    said = [f"{key}: {note}" for key, note in held.notes.items()]
    if found.undecided:
        titles = ", ".join(found.undecided)
        first = found.undecided[0]
        said.append(
            f"targets: not learnt are the numbers of {titles}; for one that is an activity add "
            f"a line such as {targets.key_of(first)}: {{mean: {first}}}"
        )
    for target in found.targets:
        titles = target.how.get("replicates", [])
        if not replicates.are_called(titles):
            said.append(
                f"targets: {', '.join(titles)} are taken for replicates, since they are numbered "
                "and agree; if they are not, give each a line of its own"
            )
    if any(target.deviating for target in found.targets) and not noise:
        bare = [target.name for target in found.targets if not target.deviating]
        said.append(
            f"runs: {', '.join(bare)} has no replicates, so that no noise is learnt; without it, "
            "or as a data set of its own, recipes aleatoric and degu_aleatoric can be run"
        )
    said += [
        f"targets: {title} is {why}; to learn the noise between replicates from it add std: {title}"
        for title, why in found.others.items()
        if why.startswith("a deviation")
    ]
    if 2 * kept < rows:
        said.append(
            f"targets: {rows - kept} of {rows} rows are left out, which have no measurement"
        )
    return said
