# Names of runs and files, and functions for the rules. No rules here.

import os
from pathlib import Path

# Of explanation, by data set.
METHODS = {name: methods_of(name) for name in config["datasets"]}
PROFILES = [name for name in config["datasets"] if is_profile(name)]
DESCRIBED = [name for name in config["data"] if name in config["datasets"]]


wildcard_constraints:
    dataset="|".join(config["datasets"]),
    variants="|".join(config["variants"]) or "(?!)",
    archive="|".join(config["archives"]) or "(?!)",
    genome="|".join(config["genomes"]) or "(?!)",
    owner="|".join([*config["datasets"], *config["variants"], "genomes"]),
    recipe="|".join(config["recipes"]),
    fraction=r"0\.\d+|1\.0",
    method="|".join(sorted(set().union(*METHODS.values()))),
    member=r"\d+",
    teachers=r"\d+",
    file=r"[^/]+",


# Each run as (dataset, recipe, fraction), once, teachers before the students that need them.
RUNS = list(
    dict.fromkeys(
        (dataset, recipe, str(float(fraction)))
        for run in config["runs"]
        for dataset in run["datasets"]
        for fraction in run["fractions"]
        for student in run["recipes"]
        for recipe in (teacher_of(student), student)
    )
)
RUN_PATHS = ["/".join(run) for run in RUNS]
# Single sequences are shown for the models of the largest fraction alone.
WHOLE_RUN_PATHS = [
    f"{dataset}/{recipe}/{max(f for d, r, f in RUNS if (d, r) == (dataset, recipe))}"
    for dataset, recipe in dict.fromkeys(run[:2] for run in RUNS)
]
# Dropout, shifts and variants are of sequences with single activities.
SCALAR_RUN_PATHS = [run for run in WHOLE_RUN_PATHS if not is_profile(run.split("/")[0])]
VARIANT_RUN_PATHS = [
    f"{name}/{run}"
    for name, variants in config["variants"].items()
    for run in SCALAR_RUN_PATHS
    for dataset, _, _ in [run.split("/")]
    if dataset in variants.get("models", {})
]
# Maps of each run, as pairs of it and a method.
ATTRIBUTIONS = [(run, method) for run in WHOLE_RUN_PATHS for method in METHODS[run.split("/")[0]]]
DROPOUT_RUN_PATHS = [
    run
    for run in SCALAR_RUN_PATHS
    for _, recipe, _ in [run.split("/")]
    if recipe in config["calibration"]["dropout"]["recipes"]
]
# Shifts are predicted for data sets that the oracle ensemble is trained on.
ORACLES = {
    dataset: run
    for run in SCALAR_RUN_PATHS
    for dataset, recipe, _ in [run.split("/")]
    if recipe == config["shift"]["oracle"]
}
SHIFTED_RUN_PATHS = [run for run in SCALAR_RUN_PATHS if run.split("/")[0] in ORACLES]
ORACLE_PATHS = [ORACLES[run.split("/")[0]] for run in SHIFTED_RUN_PATHS]
# What no run is made for there is nothing to draw of.
UNDRAWN = [
    *([] if ORACLES else ["shifts"]),
    *([] if set(SHIFTED_RUN_PATHS) - set(ORACLE_PATHS) else ["shift_intervals"]),
    *([] if VARIANT_RUN_PATHS else ["variants", "variant_maps"]),
]
FIGURES = [name for name in config["figures"] if name not in UNDRAWN]


def teacher_run(run):
    """The run of the teachers that a run is held against: for teachers itself."""
    dataset, recipe, fraction = run.split("/")
    return f"{dataset}/{teacher_of(recipe)}/{fraction}"


def data_of(runs):
    """The data set of each run."""
    return [f"results/data/{run.split('/')[0]}.h5" for run in runs]


def in_repository(path):
    """A path in the Snakefile's folder, seen from the working directory: both may move together."""
    return os.path.relpath(Path(workflow.basedir, path))


def code(*modules):
    """Library files that a script uses: as inputs, a change in one of them reruns the rule."""
    paths = [in_repository(f"workflow_scripts/degu/{name}.py") for name in modules]
    return lambda wildcards: paths


def files_of(owner):
    """Files of the config by role: of a data set, of a set of variants, or the genomes."""
    if owner == "genomes":
        return config["genomes"]
    return (config["datasets"] | config["variants"])[owner]["files"]


def name_of(file):
    """Under which name a download is kept."""
    if "url" in file:
        return Path(file["url"]).name
    return file["name"] if "name" in file else f"replicate{file['replicate']}.bigWig"


def path_of(owner, file):
    """Where a file of the config lies, or will: the user's own, downloaded, or made."""
    if isinstance(file, list):
        return [path_of(owner, one) for one in file]
    if isinstance(file, str):
        # A relative path starts at the folder of the Snakefile.
        file = Path(os.path.expandvars(file)).expanduser()
        return str(file) if file.is_absolute() else in_repository(file)
    if "simulated" in file:
        return f"results/data/simulated/{file['simulated']}"
    if "genome" in file:
        return f"results/data/genomes/{file['genome']}.fa"
    return f"results/data/raw/{owner}/{name_of(file)}"


def raw_files(owner):
    """Paths of an owner's raw files by role; a genome comes with its index."""
    files = {role: path_of(owner, file) for role, file in files_of(owner).items()}
    return files | ({"index": f"{files['genome']}.fai"} if "genome" in files else {})


def files_of_dataset(wildcards):
    """Raw files of a data set by role."""
    return raw_files(wildcards.dataset)


def genome_of_dataset(wildcards):
    """Genome, its index and excluded regions of a profile data set."""
    files = raw_files(wildcards.dataset)
    return {role: path for role, path in files.items() if role != "replicates"}


def assay_of(wildcards):
    """Format of a data set's raw files: its module in degu/assays."""
    return config["datasets"][wildcards.dataset]["assay"]


def files_of_variants(wildcards):
    """Raw files of a set of variants by role."""
    return raw_files(wildcards.variants)


def adaptors_of(wildcards):
    """What is put on the left and on the right of a set's windows."""
    adaptors = config["variants"][wildcards.variants].get("adaptors", {})
    return [adaptors.get("left", ""), adaptors.get("right", "")]


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
    """What an archive says of its files: asked for, or the user's own."""
    archive = download_of(wildcards).get("archive")
    if archive is None:
        return []
    pinned = config["archives"][archive].get("manifest")
    return path_of(archive, pinned) if pinned else f"results/data/manifests/{archive}.json"


def members_files(dataset, recipe, fraction, suffix, number=None):
    """A file of each member of a run, or of so many of them."""
    if number is None:
        number = config["members"]["teachers" if recipe in TEACHERS else "students"]
    folder = f"results/models/{dataset}/{recipe}/{fraction}"
    return [f"{folder}/{member}.{suffix}" for member in range(number)]


def models_of(wildcards):
    """The models of all members of a run."""
    return members_files(wildcards.dataset, wildcards.recipe, wildcards.fraction, "keras")


def models_to_label(wildcards):
    """The first members of a run of teachers, as many as the labels' path says."""
    run = (wildcards.dataset, wildcards.recipe, wildcards.fraction)
    return members_files(*run, "keras", int(wildcards.teachers))


def number_of_teachers(recipe):
    """How many members of the ensemble a student learns from."""
    return config["recipes"][recipe].get("teachers", config["members"]["teachers"])


def teachers_of(wildcards):
    """The models that label a student's minibatches; none if its labels are static."""
    if "dynamic" not in config["recipes"][wildcards.recipe]:
        return []
    run = (wildcards.dataset, teacher_of(wildcards.recipe), wildcards.fraction)
    return members_files(*run, "keras", number_of_teachers(wildcards.recipe))


def attributions_of(pairs):
    """The maps of runs, each by its method."""
    return [f"results/attributions/{run}/{method}.h5" for run, method in pairs]


def labels_of(wildcards):
    """What the teachers of a student say: what it learns from and is compared with."""
    run = f"{wildcards.dataset}/{teacher_of(wildcards.recipe)}/{wildcards.fraction}"
    return f"results/labels/{run}/{number_of_teachers(wildcards.recipe)}.h5"


def tracks_of_labels():
    """The bigWigs of all labels of profiles that students are taught."""
    taught = [run for run in RUNS if is_profile(run[0]) and run[1] in STUDENTS]
    return [
        f"results/labels/{dataset}/{teacher_of(recipe)}/{fraction}/"
        f"{number_of_teachers(recipe)}_{track}.bw"
        for dataset, recipe, fraction in taught
        for track in ["mean", "epistemic", *(["aleatoric"] if has_aleatoric(recipe) else [])]
    ]


def labels_of_student(wildcards):
    """The labels of a student's teachers; nothing for a teacher."""
    return labels_of(wildcards) if wildcards.recipe in STUDENTS else []


def options_of(entry):
    """What the loader of an assay is told, beside its files."""
    used_elsewhere = {"assay", "files", "architecture", "training", "explain", "heads", "regions"}
    used_elsewhere |= {"methods", "stride", "models", "adaptors"}
    return {key: value for key, value in sorted(entry.items()) if key not in used_elsewhere}


def options_of_dataset(wildcards):
    """What the loader of a data set is told."""
    return options_of(config["datasets"][wildcards.dataset])


def heads_of(wildcards):
    """Which heads are explained: the data set's own list, else a kind for all data sets."""
    return config["datasets"][wildcards.dataset].get("heads", config["attribution"]["heads"])


def seed_of(wildcards):
    """What the seed of a member is a hash of; a member can be given another one by `reseed`."""
    again = config["reseed"].get("/".join(wildcards))
    names = [config["seed"], *wildcards, again]
    return "/".join(str(name) for name in names if name is not None)


def architecture_of(wildcards):
    """Architecture and its options: the recipe's, else the data set's."""
    recipe = config["recipes"][wildcards.recipe]
    return recipe.get("architecture", config["datasets"][wildcards.dataset]["architecture"])


def recipe_of(wildcards):
    """What of a recipe decides the training of a member, beside its architecture and settings."""
    elsewhere = {"teacher", "teachers", "aleatoric", "architecture", "training"}
    recipe = config["recipes"][wildcards.recipe]
    said = {key: value for key, value in sorted(recipe.items()) if key not in elsewhere}
    return {key: value for key, value in said.items() if value is not None}


def training_of(wildcards):
    """Training settings: the config's, overridden by the data set's, then by the recipe's."""
    dataset, recipe = config["datasets"][wildcards.dataset], config["recipes"][wildcards.recipe]
    merged = config["training"] | dataset.get("training", {}) | recipe.get("training", {})
    return dict(sorted(merged.items()))


def grow(gigabytes):
    """Memory in MB, one share more at every retry."""
    return lambda wildcards, attempt: 1000 * gigabytes * attempt
