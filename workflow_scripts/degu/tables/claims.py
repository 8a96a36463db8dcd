"""The claims of the paper's results, each with the groups of models that it is tested by."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from degu.tables import verdicts
from degu.tables.comparison import Group, outputs
from degu.tables.verdicts import (
    CORRELATION,
    DIFFERENCE,
    ENSEMBLES,
    GAP_CLOSED,
    GAP_WIDENED,
    MEAN,
    PAIRED,
    PAIRED_SEQUENCES,
    TO_BEST,
    Bounds,
    Claim,
    Test,
)

FRACTIONS = ("0.1", "0.25", "0.5", "0.75", "1.0")
SCHEMES = ("mutagenesis", "evoaug", "shuffle")
DYNAMIC = tuple(f"distilled_dynamic_{scheme}" for scheme in SCHEMES)
# Students whose augmentation makes sequences like those of a shift.
MATCHING = dict(zip(("small", "moderate", "large"), DYNAMIC, strict=True))
LOCI = {"k562": ["PKLR"], "hepg2": ["F9", "LDLR", "SORT1"]}
# Kinds of intervals that are calibrated, by models.
CALIBRATED = {
    "distilled": ("epistemic", "aleatoric", "total"),
    "standard": ("dropout", "ensemble"),
    "heteroscedastic": ("aleatoric",),
    "evidential": ("epistemic", "aleatoric", "total"),
}

# Where an effect lies if a claim is right. The margins are ours; docs/results.md states them.
MORE, LESS = Bounds(above=0), Bounds(below=0)
COMPARABLE, NO_WORSE = Bounds(-0.05, 0.05), Bounds(above=-0.05)
LITTLE = Bounds(-0.02, 0.02)
MOST_OF_THE_GAP = Bounds(above=0.5)
STRONG, WEAK = Bounds(above=0.5), Bounds(below=0.5)
SEVERE, WELL, NEARLY = 0.15, 0.05, 0.02


def claims(loci: Mapping[str, Sequence[str]], level: float) -> Iterator[Claim]:
    """Yield all claims.

    Parameters
    ----------
    loci
        Loci that are scored, by role of a data set; those of the paper where there are none.
    level
        Nominal coverage of the intervals.
    """
    yield from of_accuracy()
    yield from of_better_ensembles()
    yield from of_shifts()
    yield from of_augmentation()
    yield from of_attribution()
    yield from of_uncertainties()
    for role, known in LOCI.items():
        yield from of_coverage(role, level)
        yield from of_calibration(role, level)
        yield from of_variants(role, loci.get(role) or known)
    yield from of_uncertain_variants(loci.get("k562") or LOCI["k562"])


def pair(one: str, other: str, *what: str, fraction: str | None = None) -> tuple[Group, Group]:
    """Two groups of models of which the same is measured."""
    return Group(one, *what, fraction=fraction), Group(other, *what, fraction=fraction)


def of_accuracy() -> Iterator[Claim]:
    """Yield claims on agreement with measurements (Fig. 2, Supplementary Fig. 1)."""
    better = "Distilled models predict activity better than models with standard training."
    close = "Distilled models come close to the ensemble: they have most of what it gains."
    for role, figure in {"starrseq": "2a,b", "k562": "2c", "hepg2": "2d"}.items():
        for output, fraction in product(outputs(role), FRACTIONS):
            both = pair("distilled", "standard", fraction=fraction)
            yield Claim(better, figure, role, output, DIFFERENCE, both, MORE)
            yield Claim(close, figure, role, output, GAP_CLOSED, both, MOST_OF_THE_GAP)
    quarter = "Distilled models of a quarter of the data are no worse than standard ones of all."
    both = Group("distilled", fraction="0.25"), Group("standard", fraction="1.0")
    for output in outputs("starrseq"):
        yield Claim(quarter, "2a,b", "starrseq", output, DIFFERENCE, both, NO_WORSE)
    for claim, bounds in [
        ("Distilled models predict profiles about as well as standard ones.", COMPARABLE),
        ("Distilled models predict profiles slightly less well than standard ones.", LESS),
    ]:
        both = pair("distilled", "standard")
        yield Claim(claim, "S1a", "atac", "activity", DIFFERENCE, both, bounds)


def of_better_ensembles() -> Iterator[Claim]:
    """Yield claims on better and on larger ensembles (Supplementary Fig. 2 and 3)."""
    for output, fraction in product(outputs("starrseq"), FRACTIONS):
        for who, one, other, test in [
            ("single models", "evoaug", "standard", DIFFERENCE),
            ("the ensemble", "evoaug ensemble", "ensemble", ENSEMBLES),
            ("distilled models", "distilled_evoaug", "distilled", DIFFERENCE),
        ]:
            both = pair(one, other, fraction=fraction)
            claim = f"Training with EvoAug improves {who}."
            yield Claim(claim, "S2", "starrseq", output, test, both, MORE)
    of_size = {size: Group("ensemble", condition=f"size {size}") for size in (2, 5, 10, 25)}
    students = pair("distilled_of_25", "distilled_of_5")
    grown = of_size[25], students[0], of_size[5], students[1]
    for claim, test, groups, bounds in [
        ("Ensembles of 10 are better than of 2.", ENSEMBLES, (of_size[10], of_size[2]), MORE),
        ("Ensembles gain little beyond 10.", ENSEMBLES, (of_size[25], of_size[10]), LITTLE),
        ("Students gain little beyond 5 teachers.", DIFFERENCE, students, LITTLE),
        ("Beyond 5 teachers the gap to the ensemble widens.", GAP_WIDENED, grown, MORE),
    ]:
        for output in outputs("starrseq"):
            yield Claim(claim, "S3", "starrseq", output, test, groups, bounds)


def of_shifts() -> Iterator[Claim]:
    """Yield claims on shifted sequences (Fig. 3b,c)."""
    nearer = "Distilled models are nearer to the oracle than standard ones."
    large = "A large shift has smaller errors than smaller shifts."
    for output, figure in {"Dev": "3b", "Hk": "3c"}.items():
        for shift, metric in product(("none", *MATCHING), ("mse", "mse_teachers")):
            both = pair("distilled", "standard", metric, f"shift {shift}")
            yield Claim(nearer, figure, "starrseq", output, DIFFERENCE, both, LESS)
        for models, shift in product(("standard", "distilled"), ("small", "moderate")):
            both = tuple(Group(models, "mse", f"shift {name}") for name in ("large", shift))
            yield Claim(large, figure, "starrseq", output, PAIRED, both, LESS)


def of_augmentation() -> Iterator[Claim]:
    """Yield claims on dynamic augmentation (Fig. 3b,c, Supplementary Fig. 5)."""
    original = "Dynamic augmentation improves predictions of the original test set."
    shifted = "Dynamic augmentation brings students nearer to the oracle under shift."
    matching = "The augmentation that matches a shift helps most under it."
    for output, figure in {"Dev": "3b", "Hk": "3c"}.items():
        for models in DYNAMIC:
            both = pair(models, "distilled")
            yield Claim(original, "S5", "starrseq", output, DIFFERENCE, both, MORE)
        for shift, models in product(MATCHING, DYNAMIC):
            both = pair(models, "distilled", "mse", f"shift {shift}")
            yield Claim(shifted, figure, "starrseq", output, DIFFERENCE, both, LESS)
        for shift, best in MATCHING.items():
            ordered = best, *(models for models in DYNAMIC if models != best)
            groups = tuple(Group(models, "mse", f"shift {shift}") for models in ordered)
            yield Claim(matching, figure, "starrseq", output, TO_BEST, groups, LESS)


def of_attribution() -> Iterator[Claim]:
    """Yield claims on attribution maps (Fig. 4, Supplementary Fig. 1, 6 and 7)."""
    nearer = "Maps of distilled models are nearer to the ensemble's map."
    steadier = "Maps of distilled models vary less."
    normalised = "Maps of distilled models vary less, their magnitude aside."
    for role, method, figure in [
        ("starrseq", "deepshap", "4b,c, S6"),
        ("starrseq", "saliency", "S6"),
        ("k562", "saliency", "4b,c"),
        ("hepg2", "saliency", "S6"),
        ("atac", "saliency", "S1b"),
    ]:
        tests = [
            (nearer, figure, DIFFERENCE, "rmse"),
            (steadier, figure, PAIRED_SEQUENCES, "spread"),
        ]
        if role == "starrseq":
            tests.append((normalised, "S7", PAIRED_SEQUENCES, "normalised_spread"))
        for output, (claim, where, test, metric) in product(outputs(role), tests):
            both = pair("distilled", "standard", metric, f"method {method}")
            yield Claim(claim, where, role, output, test, both, LESS)


def of_uncertainties() -> Iterator[Claim]:
    """Yield claims on heads of uncertainty (Fig. 5a,b, Supplementary Fig. 1, 8 and 10)."""
    strong = "Epistemic heads of students correlate strongly with the teachers' spread."
    for role, figure in {"starrseq": "5a, S8a", "k562": "5a", "hepg2": "S8a"}.items():
        for head in [f"{output}_epistemic" for output in outputs(role)]:
            yield Claim(strong, figure, role, head, MEAN, (Group("distilled"),), STRONG)
    similar = "Log-variances are learnt as well as standard deviations."
    for head in [f"{output}_epistemic" for output in outputs("starrseq")]:
        both = pair("distilled_logvar", "distilled")
        yield Claim(similar, "S10", "starrseq", head, DIFFERENCE, both, COMPARABLE)
    hard = "Aleatoric uncertainty is hard to predict."
    for role, figure in {"k562": "5b", "hepg2": "S8b", "atac": "S1c"}.items():
        yield Claim(hard, figure, role, "activity_aleatoric", MEAN, (Group("distilled"),), WEAK)


def of_coverage(role: str, level: float) -> Iterator[Claim]:
    """Yield claims on intervals as predicted, and on accuracy (Fig. 5c,d, S8c,d, S11)."""
    epistemic, aleatoric, total, dropout, implied = (
        Group(models, "coverage", f"kind {kind}")
        for models, kind in [
            ("distilled", "epistemic"),
            ("distilled", "aleatoric"),
            ("distilled", "total"),
            ("standard", "dropout"),
            ("heteroscedastic", "aleatoric"),
        ]
    )
    distance = Test("difference of distances to the level, t", verdicts.miscoverage(level))
    severe, well = Bounds(below=level - SEVERE), Bounds(level - WELL, level + WELL)
    accuracy = pair("heteroscedastic", "distilled")
    of_students = pair("degu_heteroscedastic", "distilled")
    covered, accurate = {"k562": ("5c", "5d"), "hepg2": ("S8c", "S8d")}[role]
    for claim, figure, test, groups, bounds in [
        ("Epistemic intervals cover far too little.", covered, MEAN, (epistemic,), severe),
        ("Intervals of dropout cover far too little.", covered, MEAN, (dropout,), severe),
        (
            "Aleatoric intervals cover better than epistemic ones.",
            covered,
            distance,
            (aleatoric, epistemic),
            LESS,
        ),
        (
            "Heteroscedastic intervals cover better than epistemic ones.",
            covered,
            distance,
            (implied, epistemic),
            LESS,
        ),
        ("Heteroscedastic intervals are well calibrated.", covered, MEAN, (implied,), well),
        (
            "Total intervals of students cover less well than heteroscedastic ones.",
            covered,
            distance,
            (total, implied),
            MORE,
        ),
        (
            "Heteroscedastic models are less accurate than distilled ones.",
            accurate,
            DIFFERENCE,
            accuracy,
            LESS,
        ),
        (
            "Students of heteroscedastic models stay behind other students.",
            "S11",
            DIFFERENCE,
            of_students,
            LESS,
        ),
    ]:
        yield Claim(claim, figure, role, "activity", test, groups, bounds)


def of_calibration(role: str, level: float) -> Iterator[Claim]:
    """Yield claims on conformal calibration (Supplementary Fig. 12)."""
    claim, bounds = (
        "Conformal intervals are nearly perfect.",
        Bounds(level - NEARLY, level + NEARLY),
    )
    for models, kind in [(one, kind) for one, kinds in CALIBRATED.items() for kind in kinds]:
        group = Group(models, "conformal_coverage", f"kind {kind}")
        yield Claim(claim, "S12", role, "activity", MEAN, (group,), bounds)


def of_variants(role: str, loci: Sequence[str]) -> Iterator[Claim]:
    """Yield claims on effects of variants (Fig. 6a,b, Supplementary Fig. 13 and 15)."""
    distilled = "Distilled models predict effects of variants better than standard ones."
    dynamic = "Dynamic augmentation improves predicted effects of variants."
    certain = "Effects of the most certain variants are predicted better."
    whole, part = {"k562": ("6a", "6b"), "hepg2": ("S13", "S15")}[role]
    for locus, metric in product(loci, ("pearson", "spearman")):
        condition = f"share 1.0, locus {locus}"
        both = pair("distilled", "standard", metric, condition)
        yield Claim(distilled, whole, role, "activity", DIFFERENCE, both, MORE)
        for models in DYNAMIC:
            both = pair(models, "distilled", metric, condition)
            yield Claim(dynamic, whole, role, "activity", DIFFERENCE, both, MORE)
        shares = f"share 0.25, locus {locus}", condition
        both = tuple(Group(MATCHING["small"], metric, share) for share in shares)
        yield Claim(certain, part, role, "activity", PAIRED, both, MORE)


def of_uncertain_variants(loci: Sequence[str]) -> Iterator[Claim]:
    """Yield claims on uncertainties of variants (Supplementary Fig. 14)."""
    for locus, (claim, kind, bounds) in product(
        loci,
        [
            ("Aleatoric uncertainty is larger where effects are near zero.", "aleatoric", LESS),
            ("Epistemic uncertainty grows with the size of effects.", "epistemic", MORE),
        ],
    ):
        groups = tuple(
            Group(MATCHING["small"], metric, f"locus {locus}, member 0")
            for metric in (f"alt_{kind}", "effect")
        )
        yield Claim(claim, "S14", "k562", "activity", CORRELATION, groups, bounds)
