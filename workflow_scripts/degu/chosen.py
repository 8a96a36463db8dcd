"""Values that a study has chosen: their file, and the values of a config that they replace."""

import json
from pathlib import Path

from degu.job import atomic


def split(values: dict[str, object]) -> dict[str, dict]:
    """Sort values by the part of a recipe that they are of.

    Parameters
    ----------
    values
        Values by name, such as "architecture.kernel" or "training.learning_rate".

    Returns
    -------
    parts : dict
        "architecture" and "training", each its values by key.
    """
    parts = {"architecture": {}, "training": {}}
    for name, value in values.items():
        part, _, key = name.partition(".")
        parts[part][key] = value
    return parts


def write(path: str | Path, values: dict[str, object], facts: dict) -> None:
    """Write chosen values by name, and facts on their choice, as JSON."""
    with atomic(path) as temporary:
        temporary.write_text(json.dumps({"values": values, **facts}, indent=2) + "\n")


def replaced(values: dict[str, object], architecture: dict, settings: dict) -> dict[str, dict]:
    """Replace options of a network, and training settings, by values by name.

    Returns
    -------
    arguments : dict
        "architecture" and "settings", as `degu.training.train_member` takes them.
    """
    parts = split(values)
    return {
        "architecture": architecture | parts["architecture"],
        "settings": settings | parts["training"],
    }


def settled(architecture: dict, settings: dict, path: str | Path | None) -> dict[str, dict]:
    """Return architecture and settings of a recipe with the values of a file, if it has one.

    Parameters
    ----------
    architecture, settings
        As the config has them.
    path
        File of `write`; nothing where the recipe is not tuned.
    """
    values = json.loads(Path(path).read_text())["values"] if path else {}
    return replaced(values, architecture, settings)
