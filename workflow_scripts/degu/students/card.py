"""The card of a student: its passport in words."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from degu.intervals import Calibration
from degu.students.passport import Passport

_WIDTH = 12


def lines(passport: Passport) -> Iterator[str]:
    """Tell a passport line by line; what it does not hold is left out."""
    facts = passport.facts
    yield f"Student {passport.run}"
    yield from _row("takes", _taken(passport))
    yield from _row("predicts", _heads(passport))
    yield from _row("picked", picked(facts.get("picked")))
    yield from _row("trained", _trained(facts.get("trained")))
    for activity, tested in facts.get("test", {}).items():
        yield from _row("test", _tested(activity, tested))
    for activity, agrees in facts.get("fidelity", {}).items():
        yield from _row("fidelity", _fidelity(activity, agrees))
    yield from _row("intervals", _intervals(passport))
    yield from _row("effects", _effects(passport))
    yield from _row("licence", facts.get("trained", {}).get("licence") or "not stated")
    versions = facts.get("versions", {})
    yield from _row("made by", ", ".join(f"{name} {said}" for name, said in versions.items()))
    yield from _row("SHA-256", passport.sha256)


def _row(title: str, text: str) -> Iterator[str]:
    """Give a title with its text, whose lines are aligned."""
    for number, line in enumerate(text.splitlines()):
        yield f"  {title if number == 0 else '':<{_WIDTH}}{line}"


def _taken(passport: Passport) -> str:
    left, right = passport.adaptors
    between = f", inserts between {left or 'nothing'} and {right or 'nothing'}"
    strands = ", mean over both strands" if passport.strands == "both" else ""
    return f"{passport.length} bases{between if left or right else ''}{strands}"


def _heads(passport: Passport) -> str:
    told = []
    for activity in passport.heads.activities:
        kinds = [head.kind for head in passport.heads if head.activity == activity]
        unit = passport.units.get(activity)
        in_unit = f" ({unit})" if unit else ""
        profile = "; a profile, for each base" if passport.profile else ""
        told.append(f"{activity}{in_unit}: {', '.join(kinds)}{profile}")
    return "\n".join(told)


def picked(said: Mapping[str, Any] | None) -> str:
    """Tell how a student was picked, from the facts of its passport; nothing where it has none."""
    if not said:
        return ""
    rivals = f"of {said['of']} students" if said["of"] > 1 else "the only student"
    own = said["r"][said["member"]]
    shown = "" if own is None else f" ({own:.3f})"
    return f"number {said['member']} {rivals}, by the {said['by']}{shown}"


def _trained(trained: Mapping[str, Any] | None) -> str:
    if not trained:
        return ""
    titles = trained.get("titles", {})
    told = f"{titles.get('recipe', 'a student')} of {trained['teachers']} teachers"
    told += f" ({titles['teachers']})" if "teachers" in titles else ""
    of = trained["data"]["sequences"]["train"]
    told += f", on {trained['sequences']:,} of {of:,} training sequences"
    told += f" of {titles['dataset']}" if "dataset" in titles else ""
    if trained["unlabelled"]:
        told += f" and {trained['unlabelled']['sequences']:,} without measurements"
    return told


def _tested(activity: str, tested: Mapping[str, Any]) -> str:
    beside = {
        "noise ceiling": tested["ceiling"],
        "its ensemble": tested["ensemble_r"],
        "a mean teacher": tested["teacher_r"],
    }
    told = f"{activity}: r {_number(tested['r'])}"
    if tested["low"] is not None:
        told += f" ({tested['low']:.3f} to {tested['high']:.3f})"
    told += "".join(f"; {name} {_number(r)}" for name, r in beside.items() if r is not None)
    if published := tested["published"]:
        told += f"; best published {published['r']:g} ({published['model']})"
    return told


def _fidelity(activity: str, agrees: Mapping[str, float | None]) -> str:
    told = f"{activity}: r with the ensemble's mean {_number(agrees['mean_r'])}"
    if "spread_r" in agrees:
        told += f", of the epistemic head with its spread {_number(agrees['spread_r'])}"
    return told


def _intervals(passport: Passport) -> str:
    told = [
        f"{text}, calibrated on {one.units:,} measured units"
        for one in passport.calibrations.values()
        if (text := _interval(one, passport.level, "mean"))
    ]
    return "\n".join(told) or "not calibrated"


def _effects(passport: Passport) -> str:
    return "\n".join(
        f"{text}, calibrated on {one.units:,} positions of {name} ({', '.join(of.loci)}) in "
        f"windows of {of.window} bases"
        for name, of in passport.effects.items()
        for one in of.calibrations.values()
        if (text := _interval(one, passport.level, "effect"))
    )


def _interval(one: Calibration, level: float, middle: str) -> str:
    factors = one.factors.get(level, [])
    text = " or ".join("infinite" if np.isinf(f) else f"{f:.3g}" for f in factors)
    offset = f" + {one.offset:.3g}" if one.offset else ""
    told = f"{100 * level:g} % of {one.output}: {middle} ± {text} × ({one.kind}{offset})"
    return told if factors else ""


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
