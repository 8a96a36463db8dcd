"""The proposed config as commented YAML, and what is said of it on the terminal."""

from collections.abc import Iterator

from degu.proposal import settings
from degu.proposal.config import Proposal
from degu.proposal.page import entry, flow, remark

_BY_THE_WAY = (
    "Overrides config.yaml. All keys: rules/config.schema.yaml, docs/adding.md, docs/recipes.md."
)


def lines(proposal: Proposal, output: str) -> Iterator[str]:
    """Write the config.

    Parameters
    ----------
    proposal
        From `degu.proposal.config.propose`.
    output
        File that it will be written to, as it is named in commands.
    """
    yield from remark(f"By `degu init` from {proposal.given.path}: {described(proposal)}.")
    yield "#"
    for command, what in [
        (f"snakemake -n --configfile {output}", "The jobs that would run:"),
        (f"make forecast CONFIG={output}", "What they cost on a cluster:"),
        (f"snakemake --cores 2 --configfile {output}", "Run them:"),
        (f"snakemake --configfile {output} --report report.html", "Then the report:"),
    ]:
        yield f"# {what:<28} {command}"
    yield "#"
    yield from remark(_BY_THE_WAY)
    if proposal.checks:
        yield ""
        yield from remark("To be checked by you:")
        for check in proposal.checks:
            yield from remark(f"- {check}.")
    yield ""
    yield from _runs(proposal)
    yield ""
    yield from _trainings(proposal)
    yield ""
    teacher = proposal.recipes[0]
    yield from remark(
        "Monte Carlo dropout and DeepSHAP are off, since they take longer than trainings; "
        f"[{teacher}] and [saliency, deepshap] turn them on."
    )
    yield from entry(0, "calibration", {"dropout": {"recipes": []}})
    yield from entry(0, "attribution", {"methods": ["saliency"]})
    yield ""
    yield "datasets:"
    yield from entry(2, proposal.name)
    yield from entry(4, "title", proposal.name.replace("_", " "), "in figures and the report")
    yield from _units(proposal)
    yield from entry(4, "files", {"table": str(proposal.given.path)})
    yield from _assay(proposal)
    chosen = proposal.settings.architecture
    others = [name for name in settings.NETWORKS if name != chosen["name"]]
    if chosen["name"] == "compact_cnn":
        yield from remark(
            "A small network for few sequences, which tells motifs but not their places; where "
            "places matter deepstarr does.",
            4,
        )
    yield from entry(4, "architecture", chosen, f"or {', '.join(others)}")


def _runs(proposal: Proposal) -> Iterator[str]:
    teacher, student = proposal.recipes
    noise = " and the noise between replicates" if teacher == "aleatoric" else ""
    yield from entry(0, "data", [proposal.name])
    yield "runs:"
    yield from remark(
        f"{teacher}: teachers, which learn the measurements{noise}. {student}: students, which "
        "learn the mean of the teachers and their spread.",
        2,
    )
    run = {"datasets": [proposal.name], "recipes": proposal.recipes, "fractions": [1.0]}
    yield f"  - {flow(run)}"


def _trainings(proposal: Proposal) -> Iterator[str]:
    members, training = proposal.settings.members, proposal.settings.training
    yield from remark(
        f"For {proposal.rows['train']} training sequences. {cost(proposal)} A first look, 2 "
        f"teachers and 1 student for 5 epochs, takes {settings.in_words(_first_look(proposal))}."
    )
    yield "members:"
    yield from entry(2, "teachers", members["teachers"], "their spread is the uncertainty")
    yield from entry(2, "students", members["students"], "one predicts; three show their scatter")
    yield "training:"
    yield from entry(2, "batch_size", training["batch_size"])
    why = "at most; it ends ten epochs past its best"
    yield from entry(2, "epochs", training["epochs"], why)
    why = "steps before any epoch counts as best"
    yield from entry(2, "warmup_steps", training["warmup_steps"], why)


def _units(proposal: Proposal) -> Iterator[str]:
    """Units that titles of columns tell; the others as a comment to be filled in."""
    targets = proposal.found.targets
    if any(target.unit for target in targets):
        yield "    targets:"
        for target in targets:
            if target.unit:
                yield from entry(6, target.name, {"unit": target.unit}, "on all axes")
    unknown = [target.name for target in targets if not target.unit]
    if unknown:
        units = {name: {"unit": "log2(RNA/DNA)"} for name in unknown}
        yield from remark(f"Units on axes, if you tell them: targets: {flow(units)}", 4)


def _assay(proposal: Proposal) -> Iterator[str]:
    given, found, options = proposal.given, proposal.found, proposal.options
    yield "    assay:"
    yield "      name: table"
    yield "      columns:"
    for role, title in options["columns"].items():
        yield from entry(8, role, title, _of_column(role, proposal))
    if "split" not in options["columns"]:
        by = " by group" if "group" in options["columns"] else ""
        yield from remark(
            f"No column of splits: 80/10/10 at random{by}, {_of_splits(proposal)}. Equal sequences "
            "and reverse complements stay together.",
            8,
        )
    yield "      targets:"
    for target in found.targets:
        rows = _of_rows(target.measured, len(given.frame))
        if 0 < target.deviating < target.measured:
            rows += f", its deviation in {target.deviating}"
        yield from entry(8, target.name, target.how, "; ".join([rows, *target.notes]))
    if any(target.measured < len(given.frame) for target in found.targets):
        yield from remark(
            "A row trains the targets that it has; missing: drop keeps whole rows.", 8
        )
    unused = {**given.unused, **found.others} | dict.fromkeys(found.undecided, "not told")
    if unused:
        titles = (f"{title or 'a column'} ({why})" for title, why in unused.items())
        yield from remark(f"Not used: {', '.join(titles)}.", 8)
    if "splits" in options:
        yield from entry(6, "splits", options["splits"], "words of the column of splits")
    if "length" in options:
        why = (
            "shorter ones get N on both sides; or left, right; length: centre cuts to the shortest"
        )
        yield from entry(6, "length", options["length"], why)
    if "repeated_names" in options:
        why = f"{proposal.columns.repeated} rows repeat a name: name#2, ..."
        yield from entry(6, "repeated_names", "number", why)


def _of_rows(measured: int, rows: int) -> str:
    return f"in all {rows} rows" if measured == rows else f"in {measured} of {rows} rows"


def _of_column(role: str, proposal: Proposal) -> str:
    if role == "sequence":
        return _of_bases(proposal)
    if role == "split":
        return _of_splits(proposal)
    return "its rows stay in one split" if role == "group" else ""


def _of_bases(proposal: Proposal) -> str:
    shortest, longest = proposal.shortest, proposal.longest
    return f"{longest} bases" if shortest == longest else f"{shortest} to {longest} bases"


def _of_splits(proposal: Proposal) -> str:
    return ", ".join(f"{split} {rows}" for split, rows in proposal.rows.items())


def described(proposal: Proposal) -> str:
    """Rows and lengths in words."""
    return f"{len(proposal.given.frame)} rows, sequences of {_of_bases(proposal)}"


def cost(proposal: Proposal) -> str:
    """Sentence on what the proposal costs."""
    members, training = proposal.settings.members, proposal.settings.training
    return (
        f"{members['teachers']} teachers and {members['students']} students through all "
        f"{training['epochs']} epochs take about {settings.in_words(proposal.hours)} of one CPU "
        "core (an estimate by a table of costs, without the start of jobs; most trainings end "
        "earlier, and a GPU is faster)."
    )


def _first_look(proposal: Proposal) -> float:
    """Hours of three trainings through five epochs."""
    members, training = proposal.settings.members, proposal.settings.training
    return proposal.hours * 3 * 5 / (sum(members.values()) * training["epochs"])


def said(proposal: Proposal) -> Iterator[str]:
    """Lines for the terminal."""
    yield f"{proposal.given.path}: {described(proposal)}"
    for role, title in proposal.options["columns"].items():
        yield f"  {role:<9} {title}"
    rows = len(proposal.given.frame)
    for target in proposal.found.targets:
        how = "; ".join(
            f"{key} {', '.join(some) if isinstance(some, list) else some}"
            for key, some in target.how.items()
        )
        yield f"  {'target':<9} {target.name}: {how}; {_of_rows(target.measured, rows)}"
    yield f"  {'splits':<9} {_of_splits(proposal)}"
    yield f"  {'network':<9} {proposal.settings.architecture['name']}"
    yield f"  {'cost':<9} {cost(proposal)}"
    yield from (f"To be checked: {check}." for check in proposal.checks)
