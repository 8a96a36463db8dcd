"""Assays: one module a raw format, from raw files to a data set.

Each module has either `load(files, seed, **options) -> degu.dataset.Records`, or, where a data set
does not fit in memory, `stream(path, files, **options)`, which writes it. The names of targets
follow from the options alone, before any file is read: they are what this face knows.
"""

from collections.abc import Mapping


def activities(name: str, options: Mapping) -> list[str]:
    """Names of an assay's activities.

    Parameters
    ----------
    name
        Module of the assay.
    options
        Options of the assay's loader.
    """
    return {
        "table": list(options.get("targets", {})),
        "starrseq": ["Dev", "Hk"],
        "lentimpra": ["activity"],
        "profile": [options.get("target")],
    }[name]


def has_replicates(name: str, options: Mapping) -> bool:
    """Whether all activities of an assay come with the deviation of their replicates."""
    targets = options.get("targets", {}).values()
    return {
        "table": all("replicates" in how or "std" in how for how in targets),
        "starrseq": False,
        "lentimpra": options.get("aleatoric", False),
        "profile": True,
    }[name]


def is_profile(name: str) -> bool:
    """Whether an assay measures every base of its sequences."""
    return name == "profile"
