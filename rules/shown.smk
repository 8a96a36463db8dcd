# Tables that each figure shows, the figures that the config feeds, and what captions say. No rules here.

from statistics import mode

REGIONS = {name: attribution_of(name).get("regions", {}) for name in config["datasets"]}
PAPER = config["paper"]
# Recipes by their part in the paper. Where a data set has no replicates, `standard` teaches students.
SINGLE, DISTILLED = ["standard", "aleatoric"], ["degu", "degu_aleatoric"]
DYNAMIC = [
    f"{recipe}_dynamic_{scheme}"
    for recipe in DISTILLED
    for scheme in ["evoaug", "mutagenesis", "shuffle"]
]
# Students of ensembles of several sizes.
SIZED = {
    recipe: number_of_teachers(recipe)
    for recipe in RECIPES
    if recipe == "degu" or recipe.startswith("degu_of_")
}
# Kinds of uncertainty of each recipe that panels on intervals compare.
KINDS = ["epistemic", "aleatoric", "total"]
METHODS = {
    "standard": ["dropout", "ensemble"],
    "aleatoric": ["aleatoric", "ensemble_total"],
    "degu": KINDS,
    "degu_aleatoric": KINDS,
    "heteroscedastic": ["aleatoric"],
    "evidential": KINDS,
}
# The student whose uncertainty ranks the variants.
RANKING = config["variants"].get(PAPER.get("variants"), {}).get("certainty", "own")


def shown(table, roles, recipes, runs=RUNS, ending="tsv"):
    """A table of each run of some of the paper's data sets, as far as the config has them."""
    datasets = [PAPER.get(role) for role in roles]
    kept = [run for run in runs if run.dataset in datasets and run.recipe in recipes]
    return parts_of(table, kept, ending)


def shown_pairs(table, roles):
    """A table of each run of distilled recipes, and of the runs that teach them."""
    students = [run for run in WHOLE_RUNS if run.recipe in DISTILLED and run.teachers in WHOLE_RUNS]
    paired = {run for student in students for run in (student.teachers, student)}
    runs = [run for run in WHOLE_RUNS if run in paired]
    return shown(table, roles, RECIPES, runs)


def shown_variants(table, role, recipes, ending="tsv"):
    """A table of each run that scores the paper's variants, as far as the config has them."""
    variants = PAPER.get("variants")
    runs = [run for name, run in SCORED_RUNS if name == variants]
    return shown(f"{table}/{variants}", [role], recipes, runs, ending)


# Tables of each figure, by the argument of its script.
SHOWN = {
    "fig2": {
        "summary": shown(
            "performance_summary",
            ["starrseq", "k562", "hepg2"],
            [*SINGLE, *DISTILLED, "mprann"],
        )
    },
    "fig3": {
        "shift": shown("shift", ["starrseq"], ["standard", "degu", *DYNAMIC], SHIFTED_RUNS),
    },
    "fig4": {
        "attributions": shown_pairs("attributions", ["starrseq"]),
        "consistency": shown_pairs("attribution_consistency", ["starrseq", "k562"]),
    },
    "fig5": {
        "summary": shown("performance_summary", ["starrseq", "k562"], [*SINGLE, *DISTILLED]),
        "intervals": shown("intervals", ["k562"], list(METHODS), WHOLE_RUNS),
    },
    "fig6": {
        "variants": shown_variants("variants", "k562", [*SINGLE, *DISTILLED, *DYNAMIC]),
        "effects": shown_variants("variant_effects", "k562", [*DISTILLED, *DYNAMIC], "tsv.gz"),
    },
    "supp1": {
        "performance": shown("performance", ["atac"], [*SINGLE, *DISTILLED], WHOLE_RUNS),
        "consistency": shown_pairs("attribution_consistency", ["atac"]),
        "intervals": shown("intervals", ["atac"], list(METHODS), WHOLE_RUNS),
    },
    "supp2": {
        "summary": shown(
            "performance_summary", ["starrseq"], ["standard", "degu", "evoaug", "degu_evoaug"]
        )
    },
    "supp3": {
        "sizes": shown("ensemble_sizes", ["starrseq"], ["standard"], WHOLE_RUNS),
        "performance": shown("performance", ["starrseq"], ["standard", *SIZED], WHOLE_RUNS),
    },
    "supp4": {
        "distributions": shown("shift_distributions", ["starrseq"], ["degu"], SHIFTED_RUNS),
    },
    "supp5": {
        "performance": shown("performance", ["starrseq"], ["degu", *DYNAMIC], WHOLE_RUNS),
    },
    "supp6": {"consistency": shown_pairs("attribution_consistency", ["starrseq", "hepg2"])},
    "supp7": {"consistency": shown_pairs("attribution_consistency", ["starrseq"])},
    "supp8": {
        "summary": shown("performance_summary", ["starrseq", "hepg2"], [*SINGLE, *DISTILLED]),
        "intervals": shown("intervals", ["hepg2"], list(METHODS), WHOLE_RUNS),
    },
    "supp9": {
        "predictions": shown("predictions", ["starrseq"], ["degu"], WHOLE_RUNS, "tsv.gz"),
        "performance": shown("performance", ["starrseq"], ["degu"], WHOLE_RUNS),
    },
    "supp10": {
        "performance": shown("performance", ["starrseq"], ["degu", "degu_logvar"], WHOLE_RUNS),
    },
    "supp11": {
        "performance": shown(
            "performance",
            ["k562", "hepg2"],
            ["aleatoric", "degu_aleatoric", "heteroscedastic", "degu_heteroscedastic"],
            WHOLE_RUNS,
        )
    },
    "supp12": {"intervals": shown("intervals", ["k562", "hepg2"], list(METHODS), WHOLE_RUNS)},
    "supp13": {
        "variants": shown_variants("variants", "hepg2", [*SINGLE, *DISTILLED, *DYNAMIC]),
    },
    "supp14": {
        "effects": shown_variants("variant_effects", "k562", [*DISTILLED, *DYNAMIC], "tsv.gz"),
    },
    "supp15": {
        "variants": shown_variants("variants", "hepg2", [*SINGLE, *DISTILLED, *DYNAMIC]),
    },
}

# Runs that a figure needs, for figures that not every config feeds.
NEEDS = {
    **dict.fromkeys(["performance", "predictions", "intervals", "reliability"], NUMERIC_RUNS),
    "epistemic": [run for run in WHOLE_RUNS if is_student(run.recipe) and run in NUMERIC_RUNS],
    "recipes": JOINED["recipes"].parts,
    "guided": JOINED["guided"].parts,
    "logos": EXPLAINED_RUNS,
    "attribution_consistency": JOINED["attribution_tests"].parts,
    "attribution_agreement": JOINED["attribution_agreement"].parts,
    "motifs": MOTIF_RUNS,
    "shifts": SHIFTED_RUNS,
    "shift_intervals": [run for run in SHIFTED_RUNS if run not in ORACLES.values()],
    "variants": SCORED_RUNS,
    "risk": [run for run in WHOLE_RUNS if is_student(run.recipe) and run in NUMERIC_RUNS],
    "variant_maps": SCORED_RUNS,
    "data": DESCRIBED,
}
# Figures of classes and of foreign sequences.
APART = dict.fromkeys(["classes", "confusion", "class_reliability"], JOINED["classes"].parts)
APART["outliers"] = OUTLIER_RUNS
NEEDS |= APART | {name: any(tables.values()) for name, tables in SHOWN.items()}
FIGURES = [name for name in config["figures"] if NEEDS.get(name, True)]
# A study is drawn whatever else is asked for; recipes that learn features of other models, unless a
# config says which figures it wants.
FIGURES += ["tuning"] if STUDIED else []
FIGURES += ["guided"] if JOINED["guided"].parts and "figures" not in GIVEN else []
# Motifs are off where no file of them is named: who does not list them misses none, nor figures of
# classes and foreign sequences.
QUIET = [] if "figures" in GIVEN else ["motifs", *APART]
UNFED = [name for name in config["figures"] if name not in FIGURES + QUIET]
# Who brings data and asks for no figure misses none.
if UNFED and ({"figures", "paper"} & GIVEN.keys() or not own("datasets")):
    tell(f"config: figures: not drawn, since no run feeds them: {', '.join(UNFED)}")


def sizes_of_ensembles():
    """Number of teachers as captions say it: that of most ensembles, then those of others."""
    teachers = dict.fromkeys(run.teachers.recipe for run in RUNS)
    sizes = {
        title_of("recipes", recipe): (
            len(weights_of(recipe)) if is_composed(recipe) else size_of(recipe)
        )
        for recipe in teachers
    }
    usual = mode([*sizes.values()] or [config["members"]["teachers"]])
    others = [f"{title}: {size}" for title, size in sizes.items() if size != usual]
    return f"{usual} ({', '.join(others)})" if others else str(usual)


def told_unmeasured():
    """A sentence for captions on activities that were not measured; nothing where all were."""
    found = [
        f"{title_of('datasets', name)} ({', '.join(unmeasured_of(name))})"
        for name in dict.fromkeys(run.dataset for run in NUMERIC_RUNS)
        if unmeasured_of(name)
    ]
    told = "there the mean over teachers stands for measurements"
    return f"Nothing was measured of {', '.join(found)}: {told}." if found else ""


# No parameters of a rule: another size redraws nothing by itself.
config["ensembles"] = sizes_of_ensembles()
config["unmeasured"] = told_unmeasured()
