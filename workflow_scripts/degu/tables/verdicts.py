"""Verdicts on claims: an effect is measured with its 95 % interval, and a claim says where it lies.

An effect is a number such as a difference of two groups of models. A claim is held if the whole
interval lies where the claim wants it.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from degu import bootstrap, metrics
from degu.predictions import ENSEMBLE
from degu.tables.comparison import Group, Measured

COLUMNS = ["claim", "figure", "dataset", "output", "compared", "test", "n"]
COLUMNS += ["ours", "low", "high", "above", "below", "verdict", "note"]
HELD, NOT_HELD, NOT_TESTABLE = "held", "not held", "not testable"


class Untestable(Exception):
    """There is too little to test a claim; the message says what is missing."""


class Effect(NamedTuple):
    """A measured effect with its 95 % interval, and the number of values behind it."""

    value: float
    low: float
    high: float
    n: int


class Test(NamedTuple):
    """A way to measure an effect: what it is called, and a function of the rows of groups."""

    name: str
    effect: Callable[..., Effect]


class Bounds(NamedTuple):
    """Where an effect lies if a claim is right."""

    above: float = -np.inf
    below: float = np.inf

    def verdict(self, effect: Effect) -> tuple[str, str]:
        """Whether the whole interval of an effect lies between them, and if not, how it fails."""
        if self.above < effect.low and effect.high < self.below:
            return HELD, ""
        outside = effect.high <= self.above or effect.low >= self.below
        return NOT_HELD, "contradicted" if outside else "undecided"


class Claim(NamedTuple):
    """A claim on one output of a data set.

    Attributes
    ----------
    claim, figure
        A sentence, and where the paper shows it.
    role, output
        Of the data set, in the paper's words.
    test
        How the effect is measured.
    groups
        What it is measured of, in the order of the test's arguments.
    bounds
        Where the effect lies if the claim is right.
    """

    claim: str
    figure: str
    role: str
    output: str
    test: Test
    groups: tuple[Group, ...]
    bounds: Bounds


def judge(claims: Iterable[Claim], measured: Measured) -> pd.DataFrame:
    """Test claims.

    Parameters
    ----------
    claims
        From `degu.tables.claims.claims`.
    measured
        The workflow's numbers.

    Returns
    -------
    table : DataFrame
        A row a claim: claim, figure, dataset, output, compared (recipe, fraction, metric and
        condition of each group), test, n, ours (the effect), low, high, above and below (where the
        claim wants low and high), verdict, note: why it is not testable; or of what is not held
        whether the interval lies outside ("contradicted") or in part ("undecided").
    """
    return pd.DataFrame([_judged(claim, measured) for claim in claims], columns=COLUMNS)


def _judged(claim: Claim, measured: Measured) -> dict:
    study = measured.studies.get(claim.role)
    row = {
        "claim": claim.claim,
        "figure": claim.figure,
        "dataset": study.dataset if study else "",
        "output": (study and study.head(claim.role, claim.output)) or claim.output,
        "test": claim.test.name,
        **claim.bounds._asdict(),
    }
    try:
        found = [_rows(group, claim, measured) for group in claim.groups]
        pairs = zip(found, claim.groups, strict=True)
        row["compared"] = "; ".join(_compared(rows, group) for rows, group in pairs)
        effect = claim.test.effect(*found)
        if not np.isfinite(effect).all():
            raise Untestable("a value or bound is not finite")
    except Untestable as missing:
        return row | {"n": 0, "verdict": NOT_TESTABLE, "note": str(missing)}
    ours = {"ours": effect.value, "low": effect.low, "high": effect.high, "n": effect.n}
    return row | ours | dict(zip(("verdict", "note"), claim.bounds.verdict(effect), strict=True))


def _rows(group: Group, claim: Claim, measured: Measured) -> pd.DataFrame:
    """Rows of a group; an error that names what was not run."""
    rows, study = measured.rows(claim.role, claim.output, group), measured.studies.get(claim.role)
    if rows.empty:
        recipe = study.recipe(group.models) if study else f"any recipe on {claim.role}"
        words = filter(None, [recipe, group.fraction, group.metric, group.condition])
        raise Untestable(f"not run: {' '.join(words)}")
    return rows


def _compared(rows: pd.DataFrame, group: Group) -> str:
    """Recipe, fraction, metric and condition of a group."""
    run = rows.iloc[0]
    return " ".join([run["recipe"], run["fraction"], group.metric, group.condition]).strip()


def members(rows: pd.DataFrame) -> np.ndarray:
    """Values of the single models, or sequences, of a group: at least two."""
    values = rows.loc[rows["member"] != ENSEMBLE, "value"].to_numpy(float)
    if len(values) < 2:
        raise Untestable(f"{len(values)} values, two are needed")
    return values


def ensemble(rows: pd.DataFrame) -> NamedTuple:
    """Find the row of a group's ensemble; a table of ensembles has no column member."""
    whole = rows[rows["member"] == ENSEMBLE] if "member" in rows else rows
    if len(whole) != 1:
        raise Untestable("no ensemble was measured")
    return next(whole.itertuples(index=False))


def _interval(values: np.ndarray) -> Effect:
    return Effect(*metrics.mean_interval(values), len(values))


def _difference(values: np.ndarray, others: np.ndarray) -> Effect:
    """Difference of two means with Welch's interval."""
    test = stats.ttest_ind(values, others, equal_var=False)
    bounds = test.confidence_interval(0.95)
    number = min(len(values), len(others))
    return Effect(float(values.mean() - others.mean()), bounds.low, bounds.high, number)


def difference(rows: pd.DataFrame, others: pd.DataFrame) -> Effect:
    """Difference of the means of two groups of models that were trained apart."""
    return _difference(members(rows), members(others))


def difference_to_best(rows: pd.DataFrame, *others: pd.DataFrame) -> Effect:
    """Difference to the group with the smallest mean among others."""
    return _difference(members(rows), min(map(members, others), key=np.mean))


def paired(rows: pd.DataFrame, others: pd.DataFrame) -> Effect:
    """Mean difference of the same models, or sequences, in two tables or conditions."""
    both = members(rows), members(others)
    if len(both[0]) != len(both[1]):
        raise Untestable(f"{len(both[0])} and {len(both[1])} values, which are no pairs")
    return _interval(both[0] - both[1])


def mean(rows: pd.DataFrame) -> Effect:
    """Mean over models, or the value of the one ensemble with its bootstrap interval."""
    if (rows["member"] == ENSEMBLE).all():
        whole = ensemble(rows)
        return Effect(whole.value, whole.low, whole.high, 1)
    limits = metrics.LIMITS.get(rows["metric"].iloc[0], metrics.UNLIMITED)
    values = members(rows)
    return Effect(*metrics.mean_interval(values, limits=limits), len(values))


def ensembles(rows: pd.DataFrame, others: pd.DataFrame) -> Effect:
    """Difference of two ensembles, with the outermost bounds of their bootstrap intervals."""
    one, other = ensemble(rows), ensemble(others)
    return Effect(one.value - other.value, one.low - other.high, one.high - other.low, 1)


def gap_closed(students: pd.DataFrame, teachers: pd.DataFrame) -> Effect:
    """Share of the way from the mean teacher to the teachers' ensemble that students go."""
    start, end = members(teachers).mean(), ensemble(teachers).value
    if end <= start:
        raise Untestable("the ensemble is no better than its members")
    return _interval((members(students) - start) / (end - start))


def gap_widened(
    ensemble_of_more: pd.DataFrame,
    students_of_more: pd.DataFrame,
    ensemble_of_few: pd.DataFrame,
    students_of_few: pd.DataFrame,
) -> Effect:
    """Growth of the distance between ensemble and students with the number of teachers."""
    grown = ensemble(ensemble_of_more).value - ensemble(ensemble_of_few).value
    *bounds, n = _difference(members(students_of_few), members(students_of_more))
    return Effect(*(grown + bound for bound in bounds), n)


def miscoverage(level: float) -> Callable[..., Effect]:
    """Difference of the distances of two coverages from a nominal level, over members."""

    def effect(rows: pd.DataFrame, others: pd.DataFrame) -> Effect:
        """Paired where both are of the same recipe, otherwise of models trained apart."""
        distances = (some.assign(value=(some["value"] - level).abs()) for some in (rows, others))
        same = set(rows["recipe"]) == set(others["recipe"])
        return (paired if same else difference)(*distances)

    return effect


def rank_correlation(rows: pd.DataFrame, effects: pd.DataFrame) -> Effect:
    """Spearman's rho of uncertainties and sizes of effects of the variants of one locus.

    Resampled are blocks of neighbouring positions, as for the correlations of `variants.tsv`.
    """
    units = bootstrap.blocks(rows["pos"].to_numpy())
    number = len(np.unique(units))
    if number < 2:
        raise Untestable("one block of variants, two are needed")
    sizes, uncertainties = effects["value"].abs().to_numpy(), rows["value"].to_numpy()
    level = bootstrap.expanded(0.95, number)
    pair = sizes[:, None], uncertainties[None, :, None]
    bounds = bootstrap.intervals(*pair, 1000, 0, level, units)["spearman"]
    return Effect(metrics.spearman(sizes, uncertainties), *map(float, bounds.ravel()), len(rows))


DIFFERENCE = Test("difference of means, Welch's t over members", difference)
TO_BEST = Test("difference to the best of the others, Welch's t over members", difference_to_best)
PAIRED = Test("mean difference, paired t over members", paired)
PAIRED_SEQUENCES = Test("mean difference, paired t over sequences", paired)
MEAN = Test("mean, Student's t over members", mean)
ENSEMBLES = Test("difference of ensembles, outermost bounds of bootstrap intervals", ensembles)
GAP_CLOSED = Test("share of the ensemble's gain, Student's t over students", gap_closed)
GAP_WIDENED = Test("growth of the gap, Welch's t over students", gap_widened)
CORRELATION = Test(
    "Spearman's rho with |effect|, bootstrap over blocks of 20 bases", rank_correlation
)
