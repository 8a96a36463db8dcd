"""Assays: one module a raw format, from raw files to a data set.

Each module has either `load(files, seed, **options) -> degu.dataset.Records`, or, where a data set
does not fit in memory, `stream(path, files, **options)`, which writes it. The names of targets
follow from the options alone, before any file is read: they are what this face knows.
"""

from collections.abc import Mapping

# Files of each source of lentiMPRA.
SOURCES = {"hdf5": ("hdf5",), "workbook": ("sequences", "activity")}


def activities(name: str, options: Mapping) -> list[str]:
    """Names of an assay's activities, or classes.

    Parameters
    ----------
    name
        Module of the assay.
    options
        Options of the assay's loader.
    """
    return {
        "table": list(options.get("targets", options.get("classes", {}).get("names", []))),
        "reporter": ["activity"],
        "starrseq": ["Dev", "Hk"],
        "lentimpra": ["activity"],
        "profile": [options.get("target")],
    }[name]


def measured(name: str, options: Mapping) -> list[str]:
    """Names of an assay's activities that were measured; a table may name others."""
    targets = options.get("targets", {})
    return [one for one in activities(name, options) if targets.get(one, {}).get("measured", True)]


def has_replicates(name: str, options: Mapping) -> bool:
    """Whether all activities of an assay come with the deviation of their replicates."""
    targets = options.get("targets", {}).values()
    return {
        "table": bool(targets) and all("replicates" in how or "std" in how for how in targets),
        "reporter": True,
        "starrseq": False,
        "lentimpra": options.get("aleatoric", False),
        "profile": True,
    }[name]


def unit(name: str) -> str:
    """Return the unit of activities where the config gives none; "" if it is not known."""
    return {"reporter": "log2(RNA/DNA)"}.get(name, "")


def has_regions(name: str, options: Mapping) -> bool:
    """Whether an assay knows the places of its sequences in a genome."""
    return is_profile(name) or "region" in options.get("columns", {})


def files(name: str, options: Mapping, given: Mapping) -> dict:
    """Files that an assay reads: all that are given, or those of the source that is chosen.

    Parameters
    ----------
    name, options
        As of `activities`.
    given
        Files by role.
    """
    if name != "lentimpra":
        return dict(given)
    return {role: given[role] for role in SOURCES[options["source"]] if role in given}


def has_vectors(options: Mapping) -> bool:
    """Whether models of an assay take vectors instead of sequences."""
    return options.get("inputs", "sequences") != "sequences"


def is_classes(options: Mapping) -> bool:
    """Whether sequences of an assay have classes instead of activities."""
    return "classes" in options


def is_profile(name: str) -> bool:
    """Whether an assay measures every base of its sequences."""
    return name == "profile"
