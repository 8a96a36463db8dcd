# Joined tables, the tables of runs that they are made of, and comparisons. No rules here.


class Joined(NamedTuple):
    """Parts of a joined table, and the names of the labels that stand in their paths."""

    parts: list
    names: list


def parts_of(table, runs, ending="tsv"):
    """A table of each run."""
    return [f"results/tables/{table}/{run.path}.{ending}" for run in runs]


def parts_of_variants(table, ending="tsv"):
    """A table of each set of variants and run that scores it."""
    return [f"results/tables/{table}/{name}/{run.path}.{ending}" for name, run in SCORED_RUNS]


RUN = ["dataset", "recipe", "fraction"]
# Runs whose members are trained here.
TRAINED_RUNS = [run for run in RUNS if is_trained(run.recipe)]
# Runs that there is a truth for: a foreign ensemble without measurements is only taught from.
JUDGED_RUNS = [run for run in RUNS if is_student(run.recipe) or measured_of(run.dataset)]
# Runs among them that predict numbers; classes have tables of their own.
NUMERIC_RUNS = [run for run in JUDGED_RUNS if run.dataset not in CLASSIFIED]
TESTED = [name for name in config["datasets"] if explained_students(name)]
JOINED = {
    "histories": Joined(
        [path for run in TRAINED_RUNS for path in members_files(run, "tsv")], [*RUN, "member"]
    ),
    "predictions": Joined(
        parts_of("predictions", [run for run in WHOLE_RUNS if run in NUMERIC_RUNS], "tsv.gz"), RUN
    ),
    "variants": Joined(parts_of_variants("variants"), ["variants", *RUN]),
    "variant_effects": Joined(parts_of_variants("variant_effects", "tsv.gz"), ["variants", *RUN]),
    "effect_intervals": Joined(parts_of_variants("effect_intervals"), ["variants", *RUN]),
    "variant_risk": Joined(parts_of_variants("variant_risk"), ["variants", *RUN]),
    "variant_overlaps": Joined(
        [
            f"results/tables/variant_overlaps/{name}/{dataset}.tsv"
            for name, dataset in dict.fromkeys((name, run.dataset) for name, run in SCORED_RUNS)
        ],
        ["variants", "dataset"],
    ),
    "baseline": Joined(
        [
            f"results/tables/baseline/{dataset}/{fraction}.tsv"
            for dataset, fraction in dict.fromkeys((run.dataset, run.fraction) for run in RUNS)
            if dataset not in PROFILES and measured_of(dataset)
        ],
        ["dataset", "fraction"],
    ),
    "recipes": Joined(
        [
            f"results/tables/recipes/{dataset}/{fraction}.tsv"
            for dataset, fraction in dict.fromkeys(
                (run.dataset, run.fraction)
                for run in NUMERIC_RUNS
                if is_student(run.recipe) and measured_of(run.dataset)
            )
        ],
        ["dataset", "fraction"],
    ),
    "guided": Joined(
        [
            f"results/tables/guided/{dataset}/{fraction}.tsv"
            for dataset, fraction in dict.fromkeys(
                (run.dataset, run.fraction) for run in RUNS if guides(run.recipe)
            )
        ],
        ["dataset", "fraction"],
    ),
    "attribution_tests": Joined(
        [f"results/tables/attribution_tests/{dataset}.tsv" for dataset in TESTED], ["dataset"]
    ),
}
for tables, runs in {
    ("training",): TRAINED_RUNS,
    ("performance", "performance_summary", "intervals", "reliability"): NUMERIC_RUNS,
    ("distillation",): [
        run
        for run in RUNS
        if run.dataset not in CLASSIFIED
        and not is_control(run.recipe)
        and not passes_of(run.recipe)
    ],
    ("classes", "confusion", "class_calibration", "class_reliability"): [
        run for run in RUNS if run.dataset in CLASSIFIED
    ],
    ("attribution_consistency", "attributions"): EXPLAINED_RUNS,
    ("risk",): [run for run in WHOLE_RUNS if run in NUMERIC_RUNS],
    ("attribution_agreement",): [
        run for run in EXPLAINED_RUNS if len(attribution_of(run.dataset)["methods"]) > 1
    ],
    ("ensemble_sizes",): [
        run for run in RUNS if sizes_of(run) and run.dataset in SCALARS and measured_of(run.dataset)
    ],
    ("motifs", "motif_logos"): MOTIF_RUNS,
    ("discovered_motifs", "discovered_logos"): DISCOVERED_RUNS,
    ("motif_genes",): ENRICHED_RUNS,
    ("shift", "shift_distributions", "shift_intervals"): SHIFTED_RUNS,
    ("outliers",): OUTLIER_RUNS,
    ("outlier_differences",): [run for run in OUTLIER_RUNS if is_student(run.recipe)],
}.items():
    JOINED |= {table: Joined(parts_of(table, runs), RUN) for table in tables}

# Joined tables that are made with all else: those that the config feeds, and of analyses that cost
# predictions of their own those whose figure it asks for. Tables of single sequences are compressed.
PACKED = ("predictions", "variant_effects")
DRAWN_BY = {
    "recipes": "recipes",
    "shift": "shifts",
    "shift_distributions": "shifts",
    "shift_intervals": "shift_intervals",
    "variants": "variants",
    "effect_intervals": "variants",
    "variant_risk": "variants",
    "variant_overlaps": "variants",
    "variant_effects": "variant_maps",
}
TABLES = [
    f"{table}.tsv.gz" if table in PACKED else f"{table}.tsv"
    for table, joined in JOINED.items()
    if joined.parts and DRAWN_BY.get(table) in (None, *config["figures"])
]
# Their parts, so that one that is deleted is made again.
PARTS_OF_TABLES = [part for name in TABLES for part in JOINED[name.split(".")[0]].parts]

# Tables that tell whether results are to be trusted.
WARNED_BY = ("training", "performance", "intervals", "baseline")
# Recipes whose members learn shuffled measurements.
CONTROLS = [recipe for recipe in RECIPES if is_control(recipe)]

# Tables that the paper is compared with, and recipes that stand for its models with standard
# training and for those distilled from them: with noise, where both are run.
COMPARED = ("performance", "ensemble_sizes", "shift", "attribution_consistency", "intervals")
COMPARED += ("variants", "variant_effects")
PARTS = (("aleatoric", "degu_aleatoric"), ("standard", "degu"))


def study_of(dataset):
    """A data set of the paper as the config trains on it; nothing if it runs no such recipe."""
    recipes = {run.recipe for run in RUNS if run.dataset == dataset}
    parts = max(PARTS, key=lambda parts: len(recipes & set(parts)))
    if not recipes & set(parts):
        return {}
    standard, distilled = parts
    activities = activities_of(dataset)
    return dict(dataset=dataset, activities=activities, standard=standard, distilled=distilled)


STUDIES = {
    role: study_of(name)
    for role, name in config["paper"].items()
    if role != "variants" and study_of(name)
}
COMPARISONS = ["comparison.tsv", "claims.tsv"] if STUDIES else []


def joined_parts(wildcards):
    """Parts of a joined table; an error where no run of the config has one."""
    parts = JOINED[wildcards.table].parts
    if not parts:
        raise WorkflowError(f"config: runs: no run feeds the table {wildcards.table!r}.")
    return parts
