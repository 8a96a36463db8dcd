"""The passport of a student: all that its file does not say, as JSON beside it.

    format        1
    run           data set, recipe and fraction, dataset/recipe/fraction
    sha256        hash of student.keras
    heads         as in `degu.heads`: activity, kind, scale, noise of each output
    units         unit of each activity
    length        bases that the student takes
    profile       whether it predicts each base
    adaptors      letters left and right of inserts, "" where it was trained without
    strands       forward, or both: predictions are the mean over the strands
    intervals     level (the usual one), smallest_std (deviations below are raised to it), and the
                  calibrations of `degu.intervals` by output and kind: offset, edges, factors
    effects       what calibrates effects of variants, by the name of the measured ones: window,
                  adaptors, loci, and calibrations as above; empty where none were measured
    facts         what a reader wants to know, and no computation needs (`degu.students.made`)

It is read without TensorFlow.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from degu import calibration, intervals
from degu.heads import Heads
from degu.intervals import Calibration
from degu.job import InputError, atomic

FORMAT = 1
MODEL, PASSPORT = "student.keras", "student.json"


class Effects(NamedTuple):
    """Calibration of the effects that a student predicts, on a set of measured variants.

    Attributes
    ----------
    window
        Bases of the genome around a variant.
    adaptors
        Letters left and right of the window, where it is shorter than what the student takes.
    loci
        Names of the loci that were measured.
    calibrations : dict by activity and kind of uncertainty
    """

    window: int
    adaptors: tuple[str, str]
    loci: list[str]
    calibrations: Mapping[tuple[str, str], Calibration]

    def levels(self) -> list[float]:
        """Levels at which intervals of effects are calibrated, from low to high."""
        return _levels(self.calibrations)


@dataclass(frozen=True)
class Passport:
    """Passport of a student; the module says what its fields mean."""

    run: str
    sha256: str
    heads: Heads
    units: Mapping[str, str]
    length: int
    profile: bool
    adaptors: tuple[str, str]
    strands: str
    level: float
    smallest_std: float
    calibrations: Mapping[tuple[str, str], Calibration]
    facts: Mapping[str, Any]
    effects: Mapping[str, Effects] = field(default_factory=dict)

    def levels(self) -> list[float]:
        """Levels at which intervals are calibrated, from low to high."""
        return _levels(self.calibrations)

    def check_level(self, level: float | None) -> None:
        """Raise `InputError` for a level at which no interval is calibrated; None is the usual."""
        if level is None:
            return
        calibration.check_level(level)
        if level not in self.levels():
            known = ", ".join(f"{known:g}" for known in self.levels()) or "none"
            raise InputError(f"No interval is calibrated at {level:g}: levels are {known}.")


def _levels(calibrations: Mapping[tuple[str, str], Calibration]) -> list[float]:
    return sorted({level for one in calibrations.values() for level in one.factors})


def write(path: str | Path, passport: Passport) -> None:
    """Write a passport."""
    text = {
        "format": FORMAT,
        "run": passport.run,
        "sha256": passport.sha256,
        "heads": json.loads(passport.heads.to_json()),
        "units": dict(passport.units),
        "length": passport.length,
        "profile": passport.profile,
        "adaptors": list(passport.adaptors),
        "strands": passport.strands,
        "intervals": {
            "level": passport.level,
            "smallest_std": passport.smallest_std,
            "calibrations": _to_plain(passport.calibrations),
        },
        "effects": {
            name: one._asdict() | {"calibrations": _to_plain(one.calibrations)}
            for name, one in passport.effects.items()
        },
        "facts": passport.facts,
    }
    with atomic(path) as temporary:
        temporary.write_text(json.dumps(text, indent=1, ensure_ascii=False) + "\n")


def read(path: str | Path) -> Passport:
    """Read a passport.

    Raises
    ------
    InputError
        For a file that is none, or one of another format.
    """
    try:
        text = json.loads(Path(path).read_text())
        if text["format"] != FORMAT:
            raise InputError(
                f"{path} has the format {text['format']!r}, but this version of degu reads "
                f"{FORMAT}: install the version that its facts name, or export the student again."
            )
        of_intervals = text["intervals"]
        effects = {
            name: Effects(
                window=one["window"],
                adaptors=tuple(one["adaptors"]),
                loci=one["loci"],
                calibrations=_from_plain(one["calibrations"]),
            )
            for name, one in text.get("effects", {}).items()
        }
        return Passport(
            **{key: text[key] for key in ("run", "sha256", "units", "length", "profile")},
            heads=Heads.from_json(json.dumps(text["heads"])),
            adaptors=tuple(text["adaptors"]),
            strands=text["strands"],
            level=of_intervals["level"],
            smallest_std=of_intervals["smallest_std"],
            calibrations=_from_plain(of_intervals["calibrations"]),
            facts=text["facts"],
            effects=effects,
        )
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path} is no passport of a student ({type(error).__name__}: {error}): it stands "
            f"beside {MODEL}, where the workflow's rule `export` wrote both."
        ) from error


def _to_plain(calibrations: Mapping[tuple[str, str], Calibration]) -> list[dict]:
    return [intervals.to_plain(one) for one in calibrations.values()]


def _from_plain(rows: list[dict]) -> dict[tuple[str, str], Calibration]:
    found = map(intervals.from_plain, rows)
    return {(one.output, one.kind): one for one in found}


def files(place: str | Path) -> tuple[Path, Path]:
    """Find the model and the passport of a student.

    Parameters
    ----------
    place
        A folder that holds student.keras and student.json, or one of two such files of one name.

    Raises
    ------
    InputError
        Where one of them is missing.
    """
    place = Path(place)
    if not place.exists():
        raise InputError(f"{place} is not there: the folder or the file of a student is needed.")
    model, passport = (
        (place / MODEL, place / PASSPORT)
        if place.is_dir()
        else (place.with_suffix(".keras"), place.with_suffix(".json"))
    )
    for file in (model, passport):
        if not file.is_file():
            raise InputError(
                f"{place} is no student: {file.name} is missing; the folder of a student holds "
                f"{MODEL} and its passport {PASSPORT}."
            )
    return model, passport


def hash_of(path: str | Path) -> str:
    """Return the SHA-256 of a file."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checked(place: str | Path) -> tuple[Path, Passport]:
    """Find a student's model, and read its passport, which must be that of the model.

    Raises
    ------
    InputError
        From `files` and `read`, and for a passport of another model.
    """
    model, path = files(place)
    passport, found = read(path), hash_of(model)
    if found != passport.sha256:
        raise InputError(
            f"{path} is the passport of another model: it was written for a file of SHA-256 "
            f"{passport.sha256[:12]}…, but {model.name} has {found[:12]}…. Copy both together "
            "again."
        )
    return model, passport
