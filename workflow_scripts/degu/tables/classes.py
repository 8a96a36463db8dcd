"""Tables of classes in long form: agreement, confusion, calibration, reliability, on the test set.

The ensemble of a run is the mean of its members' logits (`degu.predictions.ENSEMBLE`).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu import bootstrap, classification, reliability
from degu.classification import probabilities
from degu.heads import Heads
from degu.predictions import ENSEMBLE, Predictions, Split
from degu.tables import performance

ALL = "all"
COLUMNS = ["member", "output", "kind", "metric", "value", "low", "high"]
# Kind of the rows of passes (`degu.uncertainty`), beside "class" of those of predictions.
DROPOUT = "dropout"
# Batches of the joint likelihood.
BATCHES = 10_000


class _Member(NamedTuple):
    """Logits (n, classes) of one member, or of the ensemble, and for it what members differ in."""

    name: str
    logits: np.ndarray
    information: np.ndarray | None


def _members(run: Predictions, split: Split) -> Iterator[_Member]:
    logits = split.predictions[..., run.heads.columns("class")]
    told = run.heads.columns("information")
    information = split.predictions[..., told[0]] if told else [None] * len(logits)
    for number, (own, known) in enumerate(zip(logits, information, strict=True)):
        yield _Member(str(number), own, known)
    together = information.mean(axis=0) if told else None
    if together is None and len(logits) > 1:
        together = classification.mutual_information(logits)
    yield _Member(ENSEMBLE, logits.mean(axis=0, dtype=np.float64), together)


def _truth(run: Predictions, split: Split) -> np.ndarray:
    """Class of each sequence, from its one-hot row."""
    return split.truth[:, run.heads.columns("class")].argmax(axis=1)


def by_kind(run: pd.DataFrame, passes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Put the rows of passes behind those of predictions, and tell them apart by `kind`.

    Parameters
    ----------
    run, passes
        The same table of both; None where no passes were asked for.
    """
    tables = [run if "kind" in run else run.assign(kind="class")]
    tables += [] if passes is None else [passes.assign(kind=DROPOUT)]
    return pd.concat(tables, ignore_index=True)


def agreement(run: Predictions, resamples: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Agreement with the classes of the test set.

    Parameters
    ----------
    run
        Predictions of all members.
    resamples, seed
        Settings of the bootstrap over measured units.

    Returns
    -------
    table : DataFrame
        `COLUMNS`: for all classes together (output "all") those of
        `degu.classification.OF_COUNTS` with their 95 % intervals, and auroc and aupr, means over
        classes against all others; for each class recall, f1, auroc, aupr. For the uncertainty
        heads of students agreement with their teachers, as of `degu.tables.performance`.
    """
    names, truth = run.heads.activities, _truth(run, run.test)
    members = [*_members(run, run.test)]
    called = np.stack([member.logits.argmax(axis=1) for member in members])
    bounds = classification.bootstrap(truth, called, resamples, seed, run.test.units)
    rows = []
    for at, member in enumerate(members):
        counts = classification.confusion(truth, called[at], len(names))
        for metric, of in classification.OF_COUNTS.items():
            rows.append((member.name, ALL, "class", metric, of(counts), *bounds[metric][:, at]))
        each = _of_each(truth, member.logits, counts)
        for metric in ("auroc", "aupr"):
            rows.append((member.name, ALL, "class", metric, np.mean(each[metric]), np.nan, np.nan))
        rows += [
            (member.name, name, "class", metric, values[column], np.nan, np.nan)
            for column, name in enumerate(names)
            for metric, values in each.items()
        ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    uncertain = _uncertainties(run)
    if uncertain is None:
        return table
    more = performance.performance(uncertain, resamples=resamples, seed=seed)[COLUMNS]
    return pd.concat([table, more], ignore_index=True)


def _of_each(truth: np.ndarray, logits: np.ndarray, counts: np.ndarray) -> dict[str, np.ndarray]:
    """Measures of each class against all others, (classes,) each."""
    p = probabilities(logits)
    pairs = [(truth == column, p[:, column]) for column in range(p.shape[1])]
    return {
        "recall": classification.recalls(counts),
        "f1": classification.f1(counts),
        "auroc": np.array([classification.auroc(*pair) for pair in pairs]),
        "aupr": np.array([classification.aupr(*pair) for pair in pairs]),
    }


def _uncertainties(run: Predictions) -> Predictions | None:
    """Return the heads whose truth the teachers' disagreement is; None for teachers."""
    known = run.with_truth().values()
    columns = [*run.heads.columns("epistemic"), *run.heads.columns("information")]
    columns = [column for column in columns if column in known]
    if not columns:
        return None
    validation, test = (
        replace(split, truth=split.truth[:, columns], predictions=split.predictions[..., columns])
        for split in (run.validation, run.test)
    )
    return Predictions(Heads(run.heads[column] for column in columns), validation, test)


def confusion(run: Predictions) -> pd.DataFrame:
    """Count test sequences by true class and the class that the ensemble calls.

    Returns
    -------
    table : DataFrame
        truth, predicted, number.
    """
    names, (*_, ensemble) = run.heads.activities, _members(run, run.test)
    called = ensemble.logits.argmax(axis=1)
    counts = classification.confusion(_truth(run, run.test), called, len(names))
    table = pd.DataFrame(counts.astype(int), index=names, columns=names)
    table = table.rename_axis(index="truth", columns="predicted").stack()
    return table.rename("number").reset_index()


def calibration(
    run: Predictions, units: np.ndarray, level: float, resamples: int = 1000, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure how far probabilities are to be trusted, as predicted and at one temperature.

    Temperature and conformal threshold come from sequences of the validation set that hold the
    calibrating units.

    Parameters
    ----------
    run
        Predictions of all members.
    units
        Measured units of the validation set that calibrate.
    level
        Probability that a conformal set holds the true class.
    resamples, seed
        Settings of the bootstrap over measured units of the test set.

    Returns
    -------
    table : DataFrame
        member, metric, value, low and high (95 %): nll, brier, ece and bin_mse
        (`degu.reliability`), the same with scaled_ in front, temperature; coverage, set_size and
        empty of conformal sets, of probabilities as predicted; errors_by_entropy and
        errors_by_information, the area under the ROC curve by which uncertainty finds the
        sequences that are called wrongly; joint_nll of several members (`degu.reliability`).
    reliability : DataFrame
        member, scaled (whether by the temperature), bin, number, confidence, accuracy.
    """
    kept = np.isin(run.validation.units, units)
    known, truth = _truth(run, run.validation)[kept], _truth(run, run.test)
    pairs = zip(_members(run, run.validation), _members(run, run.test), strict=True)
    rows, bins = [], []
    for chosen, member in pairs:
        logits = chosen.logits[kept]
        heat = reliability.temperature(logits, known)
        threshold = reliability.threshold(logits, known, level, run.validation.units[kept])
        held = reliability.sets(member.logits, threshold)
        means = {"coverage": held[np.arange(len(truth)), truth], "set_size": held.sum(axis=1)}
        means["empty"] = ~held.any(axis=1)
        single = {"temperature": heat} | _errors(member, truth)
        for scaled, values in ((False, member.logits), (True, member.logits / heat)):
            p, name = probabilities(values), "scaled_" if scaled else ""
            means[f"{name}nll"] = reliability.nll(values, truth)
            means[f"{name}brier"] = reliability.brier(p, truth)
            binned = reliability.reliability(p, truth)
            single |= {f"{name}ece": binned.ece, f"{name}bin_mse": binned.bin_mse}
            part = pd.DataFrame(binned._asdict()).rename_axis("bin").reset_index()
            bins.append(part.assign(member=member.name, scaled=scaled))
        columns = np.stack([*means.values()], axis=1).astype(np.float64)
        bounds = bootstrap.intervals_of_means(columns, resamples, seed, units=run.test.units)
        averages = zip(means, columns.mean(axis=0), *bounds, strict=True)
        rows += [(member.name, *values) for values in averages]
        rows += [(member.name, metric, value, np.nan, np.nan) for metric, value in single.items()]
    if len(run.test.predictions) > 1:
        rows.append((ENSEMBLE, "joint_nll", _joint(run, truth, seed), np.nan, np.nan))
    order = ["member", "scaled", "bin", *reliability.Bins._fields]
    table = pd.DataFrame(rows, columns=["member", "metric", "value", "low", "high"])
    return table, pd.concat(bins, ignore_index=True)[order]


def _joint(run: Predictions, truth: np.ndarray, seed: int) -> float:
    """Negative log-likelihood of the labels of a batch together, a member after the other."""
    logits = run.test.predictions[..., run.heads.columns("class")]
    known = -np.stack([reliability.nll(member, truth) for member in logits])
    return float(reliability.joint_nll(known, reliability.dyadic(len(truth), BATCHES, seed)).mean())


def _errors(member: _Member, truth: np.ndarray) -> dict[str, float]:
    """How well the uncertainty of a member finds its own errors."""
    wrong = member.logits.argmax(axis=1) != truth
    scores = {"entropy": classification.entropy(probabilities(member.logits))}
    scores |= {} if member.information is None else {"information": member.information}
    return {f"errors_by_{name}": classification.auroc(wrong, of) for name, of in scores.items()}
