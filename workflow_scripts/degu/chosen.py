"""Values that a study has chosen: their file, and the values of a config that they replace."""

import json
from collections.abc import Mapping
from pathlib import Path

from degu.job import atomic

# Parts of a recipe whose values a study may choose.
PARTS = ("architecture", "training", "features")


def split(values: dict[str, object]) -> dict[str, dict]:
    """Sort values by the part of a recipe that they are of.

    Parameters
    ----------
    values
        Values by name, such as "architecture.kernel" or "training.learning_rate".

    Returns
    -------
    parts : dict
        Values by key of each part of `PARTS`.
    """
    parts = {part: {} for part in PARTS}
    for name, value in values.items():
        part, _, key = name.partition(".")
        parts[part][key] = value
    return parts


def write(path: str | Path, values: dict[str, object], facts: dict) -> None:
    """Write chosen values by name, and facts on their choice, as JSON."""
    with atomic(path) as temporary:
        temporary.write_text(json.dumps({"values": values, **facts}, indent=2) + "\n")


def replaced(
    values: dict[str, object], architecture: dict, settings: dict, recipe: dict
) -> dict[str, dict]:
    """Replace options of a network, training settings and keys of a recipe by values by name.

    Returns
    -------
    arguments : dict
        "architecture", "settings" and "recipe", as `degu.training.train_member` takes them.
    """
    parts = split(values)
    if parts["features"]:
        recipe = recipe | {"features": recipe["features"] | parts["features"]}
    return {
        "architecture": architecture | parts["architecture"],
        "settings": settings | parts["training"],
        "recipe": recipe,
    }


def settled(asked: Mapping[str, dict], path: str | Path | None) -> dict[str, dict]:
    """Return what `replaced` does with the values of a file, if a recipe has one.

    Parameters
    ----------
    asked
        Architecture, training settings ("training") and recipe, as the config has them.
    path
        File of `write`; nothing where the recipe is not tuned.
    """
    values = json.loads(Path(path).read_text())["values"] if path else {}
    return replaced(values, asked["architecture"], asked["training"], asked["recipe"])
