"""Students that leave the workflow: where they lie, how they were picked, how they are used."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from degu.students import card, passport


class Exported(NamedTuple):
    """An exported student: its name, its folder, how it was picked, and commands that use it."""

    name: str
    folder: str
    picked: str
    commands: list[str]


def students(passports: Iterable[str], titles: Mapping[str, Mapping[str, str]]) -> list[Exported]:
    """Tell of each exported student what a reader needs to take it along.

    Parameters
    ----------
    passports
        Paths of their passports, seen from the working directory.
    titles
        Titles of data sets and recipes by their keys, by `datasets` and `recipes`.
    """
    return [_exported(Path(path), titles) for path in passports]


def _exported(path: Path, titles: Mapping[str, Mapping[str, str]]) -> Exported:
    found, folder = passport.read(path), path.parent
    dataset, recipe, fraction = found.run.split("/")
    whole = "" if fraction == "1.0" else f" at {100 * float(fraction):g} %"
    commands = [f"degu card {folder}", f"degu predict {folder} designs.fa > predicted.tsv"]
    if not found.profile:
        commands.append(f"degu score {folder} my.vcf.gz --genome hg38.fa --out scored.tsv")
    return Exported(
        f"{titles['datasets'][dataset]}: {titles['recipes'][recipe]}{whole}",
        str(folder),
        card.picked(found.facts.get("picked")),
        commands,
    )
