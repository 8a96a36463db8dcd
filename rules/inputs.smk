# Inputs of rules that depend on wildcards, and parts of joined tables. No rules here.


class Joined(NamedTuple):
    """Parts of a joined table, and the names of the labels that stand in their paths."""

    parts: list
    names: list


def download_of(wildcards):
    """The config's entry of a file to be downloaded."""
    files = [
        file
        for entry in files_of(wildcards.owner).values()
        for file in (entry if isinstance(entry, list) else [entry])
    ]
    return next(
        file for file in files if {"url", "archive"} & set(file) and name_of(file) == wildcards.file
    )


def manifest_of(wildcards):
    """An archive's list of its files: asked for, or the user's own."""
    archive = download_of(wildcards).get("archive")
    if archive is None:
        return []
    pinned = config["archives"][archive].get("manifest")
    return path_of(archive, pinned) if pinned else f"results/data/manifests/{archive}.json"


def files_of_dataset(wildcards):
    """Files that a data set is prepared from, by role; replicate bigWigs are summarised first."""
    files = raw_files(wildcards.dataset)
    if assay_of(wildcards.dataset)[0] == "table":
        # Its genome is for what is derived from the prepared data set.
        files = {role: files[role] for role in ("table", "embeddings") if role in files}
    if files.pop("replicates", None):
        tracks = f"results/data/tracks/{wildcards.dataset}"
        files |= {track: f"{tracks}_{track}.bw" for track in ("mean", "std")}
    return files


def teachers_of(wildcards):
    """The models that label a student's minibatches; none if its labels are static."""
    run = run_of(wildcards)
    dynamic = "dynamic" in config["recipes"][run.recipe]
    return members_files(run.teachers, "keras", number_of_teachers(run.recipe)) if dynamic else []


def guides_of(wildcards):
    """Features and outputs of the models that guide a member's training; none for most recipes."""
    run = run_of(wildcards)
    return [
        f"results/teachers/{run.dataset}/{guide}/{run.fraction}.h5" for guide in guides(run.recipe)
    ]


def beside_guided(wildcards):
    """Runs of a fraction of a data set beside its guided students: all but controls."""
    place = (wildcards.dataset, wildcards.fraction)
    runs = [run for run in RUNS if (run.dataset, run.fraction) == place]
    return [run for run in runs if not is_control(run.recipe)]


def teachers_beside_guided(wildcards):
    """Features and outputs of all models that guide students of a fraction of a data set."""
    known = [guide for run in beside_guided(wildcards) for guide in guides(run.recipe)]
    folder = f"results/teachers/{wildcards.dataset}"
    return [f"{folder}/{guide}/{wildcards.fraction}.h5" for guide in dict.fromkeys(known)]


def start_file_of(wildcards):
    """The model of the teacher whose weights a student starts from; none if it starts fresh."""
    run = run_of(wildcards)
    teacher = start_of(run.recipe, wildcards.member)
    return [] if teacher is None else members_files(run.teachers, "keras", teacher + 1)[teacher]


def files_of_shards(folder, dataset):
    """Files of all shards of a data set, which lie in a folder beside the file that they make."""
    number = shards_of(dataset)
    return [f"{folder}/{shard}of{number}.h5" for shard in range(1, number + 1)]


def sources_of_unlabelled(wildcards):
    """Files, beside a data set, that sequences without measurements are made from, by role."""
    asked, files = UNLABELLED[wildcards.unlabelled], {}
    if "shift" in asked:
        files["genome"] = raw_files(wildcards.dataset)["genome"]
    brought = asked.get("natural")
    if isinstance(brought, dict):
        files["windowed"] = path_of("genomes", {"genome": brought["genome"]})
        brought = brought["bed"]
    indices = {f"index_of_{role}": f"{path}.fai" for role, path in files.items()}
    return files | indices | ({"natural": path_of("", brought)} if brought else {})


def unlabelled_file(run):
    """Sequences without measurements that students of a run learn; None where there are none."""
    name = name_of_unlabelled(unlabelled_of(run.recipe))
    return f"results/unlabelled/{run.dataset}/{name}/{run.fraction}.h5" if name else None


def unlabelled_files(wildcards):
    """Sequences without measurements that a student learns, and their labels, if there are any."""
    run = run_of(wildcards)
    name = name_of_unlabelled(unlabelled_of(run.recipe))
    labels = f"results/labels/{run.teachers.path}/{labels_by(run.recipe)}_{name}.h5"
    return [unlabelled_file(run), labels] if name else []


def unlabelled_of_dataset(wildcards):
    """All sequences without measurements that students of a data set learn."""
    files = (unlabelled_file(run) for run in RUNS if run.dataset == wildcards.dataset)
    return list(dict.fromkeys(file for file in files if file))


def sizes_of(run):
    """Numbers of teachers of a run that some student learns from, by one prediction of each."""
    students = (
        one
        for one in RUNS
        if is_student(one.recipe) and one.teachers == run and not passes_of(one.recipe)
    )
    return sorted({number_of_teachers(student.recipe) for student in students})


def tracks_of_labels():
    """The bigWigs of all labels of profiles that students are taught."""
    return [
        f"results/labels/{run.teachers.path}/{number_of_teachers(run.recipe)}_{track}.bw"
        for run in RUNS
        if is_profile(run.dataset) and is_student(run.recipe)
        for track in ["mean", "epistemic", *(["aleatoric"] if has_aleatoric(run.recipe) else [])]
    ]


def exported_students():
    """Passports of the students of whole runs, one a run, which leave the workflow."""
    return [
        f"results/students/{run.path}/student.json"
        for run in WHOLE_RUNS
        if is_student(run.recipe) and run.dataset not in CLASSIFIED + EMBEDDED
    ]


def sides_of(run):
    """Predictions of a run, and how long its members were trained, where that was done here."""
    parts = [] if is_foreign(run.recipe) else composed_of(run.recipe)
    trained = [f"results/tables/training/{run._replace(recipe=name).path}.tsv" for name in parts]
    return [f"results/predictions/{run.path}.h5", *trained]


def compared_runs(wildcards):
    """Runs of a fraction of a data set that are held against each other: all but controls."""
    place = (wildcards.dataset, wildcards.fraction)
    runs = [run for run in NUMERIC_RUNS if (run.dataset, run.fraction) == place]
    return [run for run in runs if not is_control(run.recipe)]


def dropout_of(wildcards):
    """Predictions of a run with dropout, where the config asks for them."""
    run = run_of(wildcards)
    return f"results/dropout/{run.path}.h5" if run in DROPOUT_RUNS else []


def files_of_outliers(wildcards):
    """Files of groups of foreign sequences by group and role, beside those of the data set."""
    raw = raw_files(wildcards.dataset)
    files = {role: raw[role] for role in ("table", "embeddings") if role in raw}
    for group, how in outliers_of(wildcards.dataset).items():
        for role in ("file", "embeddings") if how != "shuffle" else ():
            files |= {f"{group}_{role}": path_of("", how[role])} if role in how else {}
        if "dataset" in how:
            files[f"{group}_dataset"] = f"results/data/{how['dataset']}.h5"
    return files


def source_of_outliers(dataset):
    """How a data set was read, which its groups of foreign sequences are read like."""
    name, options = assay_of(dataset)
    columns = options["columns"] if name == "table" else {}
    known = {key: columns[key] for key in ("sequence", "name") if key in columns}
    others = {key: options[key] for key in ("length", "inputs") if key in options}
    return {"columns": known or {"sequence": "sequence"}} | others


def outliers_of_teachers(wildcards):
    """Scores of the teachers of a run, if it has students of models that lie here."""
    run = run_of(wildcards)
    if not is_student(run.recipe) or is_foreign(run.teachers.recipe):
        return []
    return f"results/outliers/{run.teachers.path}.h5"


def oracle_of(wildcards):
    """Shifted predictions of the oracle ensemble of a data set."""
    return f"results/shifts/{ORACLES[wildcards.dataset].path}.h5"


def shifted_teachers_of(wildcards):
    """Shifted predictions of the teachers of a run; for teachers its own."""
    return f"results/shifts/{run_of(wildcards).teachers.path}.h5"


def shift_calibration_of(wildcards):
    """Calibration of a run under shift; the oracle ensemble has none."""
    run = run_of(wildcards)
    return [] if run == ORACLES[run.dataset] else f"results/calibration/{run.path}/shift.json"


def maps_of_run(wildcards):
    """Attribution maps of a run by all methods."""
    run = run_of(wildcards)
    return maps_of((run, method) for method in attribution_of(run.dataset)["methods"])


def maps_of_teachers(wildcards):
    """Attribution maps of the teachers of a run by all methods; its own where they have none."""
    run = run_of(wildcards)
    run = run.teachers if is_trained(run.teachers.recipe) else run
    return maps_of((run, method) for method in attribution_of(run.dataset)["methods"])


def explained_students(dataset):
    """Runs of students of a data set whose teachers are explained, too, each with a method."""
    return [
        (run, method)
        for run, method in explained_runs(dataset)
        if is_student(run.recipe) and is_trained(run.teachers.recipe)
    ]


def asked_unlabelled(wildcards):
    """Kinds of sequences without measurements, and the adaptors that stay around them if named."""
    named = adaptors_of(wildcards.dataset)
    return UNLABELLED[wildcards.unlabelled] | ({"adaptors": named} if any(named) else {})


def asked_of(dataset):
    """All that is asked of a data set's sequences, which `degu.lengths.check` holds against them."""
    return {
        "trainings": {
            run.path: {
                "fraction": float(run.fraction),
                "batch_size": training_of(run.dataset, run.recipe)["batch_size"],
                "architecture": architecture_of(run.dataset, run.recipe)["name"],
                "shortest": facts_of(architecture_of(run.dataset, run.recipe)["name"]).get(
                    "shortest", 1
                ),
                "kernel": architecture_of(run.dataset, run.recipe).get("kernel", 1),
            }
            for run in RUNS
            if run.dataset == dataset and not is_composed(run.recipe)
        },
        "explain": attribution_of(dataset).get("explain", {}),
        "regions": attribution_of(dataset).get("regions", {}),
        "windows": {
            name: [
                config["variants"][name]["assay"]["window"],
                *map(len, adaptors_of(dataset, name)),
            ]
            for name, run in SCORED_RUNS
            if run.dataset == dataset
        },
    }


# Trainings look into it before they start. No parameter of theirs: another explanation retrains nothing.
config["asked"] = {dataset: asked_of(dataset) for dataset in {run.dataset for run in RUNS}}


def loci_of(wildcards):
    """Loci of a set of variants that models score."""
    return sorted(
        {
            locus
            for loci in config["variants"][wildcards.variants].get("models", {}).values()
            for locus in loci
        }
    )


def certainty_of(wildcards):
    """Effects by the student whose uncertainty ranks variants, where the config runs it."""
    recipe = config["variants"][wildcards.variants].get("certainty")
    run = next((run for run in SCALAR_RUNS if run[:2] == (wildcards.dataset, recipe)), None)
    return f"results/variants/{wildcards.variants}/{run.path}.h5" if run else []


def scored_by(scores):
    """Runs of students that score a VCF."""
    asked = config["scores"][scores]["students"]
    return [run for run in SCALAR_RUNS if run.recipe in asked.get(run.dataset, [])]


def shards_of_scores(scores, run, ending):
    """Files of all shards of a VCF that a run scores."""
    number = config["scores"][scores].get("shards", 1)
    folder = f"results/scores/{scores}/{run.path}"
    return [f"{folder}/{shard}of{number}.{ending}.gz" for shard in range(1, number + 1)]


def files_of_scores(scores):
    """A VCF and its genome."""
    asked = config["scores"][scores]
    genome = path_of("genomes", {"genome": asked["genome"]})
    return {"vcf": path_of("", asked["vcf"]), "genome": genome, "index": f"{genome}.fai"}


def calibrating(run):
    """Sets of measured variants that calibrate a run's effects, where the config asks for that.

    It does by the figure of variants, or by a VCF that is to be scored so.
    """
    asked = {
        config["scores"][scores].get("effects")
        for scores in config["scores"]
        if run in scored_by(scores)
    }
    return [
        name
        for name, scoring in SCORED_RUNS
        if scoring == run and ("variants" in config["figures"] or name in asked)
    ]


def calibrated_effects(wildcards):
    """Calibrations of the effects of a run, which its student takes along."""
    run = run_of(wildcards)
    return [f"results/variants/{name}/{run.path}/effects.json" for name in calibrating(run)]


def scored_files():
    """The scores of all VCFs, as tables and as VCFs."""
    return [
        f"results/scores/{scores}/{run.path}.{ending}.gz"
        for scores in config["scores"]
        for run in scored_by(scores)
        for ending in ("tsv", "vcf")
    ]


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
