"""Network, training settings and members for a data set of some size, and what they cost."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.report import forecast, work
from degu.report.work import Size

# Training sequences of the libraries for which the paper has ResidualBind, which costs nine times
# as much as the others; and those below which dense layers over all places overfit. Pearson's r on
# 2,000 test sequences of lentiMPRA in HepG2, by training sequences: compact_cnn .18 (400),
# .33 (2,000), .46 (8,000); deepstarr .10, .17, .25, and .45 (24,000).
LARGE, SMALL = 100_000, 30_000
# Share of bases that are the most frequent ones of their place, above which sequences are variants
# of a common one. Then places matter, which compact_cnn does not tell apart.
_ALIKE = 0.6
# Networks of single activities, the best known first.
NETWORKS = ("deepstarr", "residualbind", "compact_cnn", "mprann", "dream_rnn")
# Bases of the shortest sequence of those that are proposed.
_SHORTEST = {"residualbind": 25, "deepstarr": 16, "compact_cnn": 1}
MEMBERS = {"teachers": 10, "students": 3}
# Batches, the largest first, and the steps that an epoch is to have.
_BATCHES, _STEPS = (100, 50, 32, 16), 50
_EPOCHS, _WARM_EPOCHS, _MOST_WARM = 100, 3, 400


class Settings(NamedTuple):
    """Proposed settings of a data set: keys of the config."""

    architecture: dict
    training: dict[str, int]
    members: dict[str, int]


def propose(train: int, length: int, variants: bool) -> Settings:
    """Propose a network, training settings and members.

    Parameters
    ----------
    train
        Training sequences.
    length
        Bases of a sequence.
    variants
        Whether sequences are variants of a common one.
    """
    networks = ("residualbind",) if train >= LARGE else ()
    networks += ("deepstarr",) if variants or train >= SMALL else ()
    networks += ("compact_cnn",)
    name = next(name for name in networks if length >= _SHORTEST[name])
    batch = next((size for size in _BATCHES if train // size >= _STEPS), min(train, _BATCHES[-1]))
    steps = max(1, train // batch)
    training = {
        "batch_size": batch,
        "epochs": _EPOCHS,
        "warmup_steps": min(_WARM_EPOCHS * steps, _MOST_WARM),
    }
    return Settings({"name": name}, training, MEMBERS)


def are_variants(codes: np.ndarray) -> bool:
    """Whether sequences, codes (n, length), are variants of a common one."""
    counts = [np.bincount(place, minlength=5).max() for place in codes.T]
    return bool(np.mean(counts) > _ALIKE * len(codes))


def cost(size: Size, settings: Settings, activities: int, noise: bool) -> pd.DataFrame:
    """Estimate hours of one CPU by the shipped costs of networks, and GB of what is written.

    Parameters
    ----------
    size
        Size of the data set.
    settings
        What is proposed.
    activities, noise
        Number of activities, and whether each has a head for its noise.

    Returns
    -------
    table : DataFrame
        As of `degu.report.forecast.by_rule`; trainings take all epochs that they are allowed.
    """
    network, asked = settings.architecture, settings.training
    teachers, students = settings.members["teachers"], settings.members["students"]
    kinds = 1 + noise
    labelled = work.labels(
        size, size.train + size.held_out, network, teachers, activities * kinds, activities
    )
    does = [("train_teacher", work.training(size, 1.0, network, asked, {}))] * teachers
    does += [("label", labelled)]
    does += [("train_student", work.training(size, 1.0, network, asked, {}))] * students
    for members, heads in [(teachers, kinds), (students, kinds + 1)]:
        does += [("predict", work.predictions(size, network, members, 1, activities * heads))]
    jobs = pd.DataFrame([_job(rule, one._asdict()) for rule, one in does])
    measured = jobs.iloc[:0].assign(seconds=[], paced=[])
    expected = forecast.expect(jobs, measured, forecast.shipped(asked, 0))
    return forecast.by_rule(expected, at_a_time=1)


def _job(rule: str, does: Mapping) -> dict:
    return {"rule": rule, "series": rule, "fraction": "1.0", "share": 0.0, "kind": None, **does}


def in_words(hours: float) -> str:
    """Say hours so that a person sees their size."""
    if hours < 1:
        minutes = max(1, round(60 * hours))
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    return f"{hours:.0f} hours" if hours >= 10 else f"{hours:.1f} hours"
