# Checks of the config, names and functions for the rules. No rules here.

import os
from difflib import get_close_matches
from pathlib import Path

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from snakemake.common.configfile import load_configfile
from snakemake.exceptions import WorkflowError


def refuse(place, problem, value=None, allowed=()):
    """Stop before any work, naming the key, what is wrong with it, and what is allowed."""
    message = f"config: {place}: {problem}"
    if allowed:
        message += f"; allowed: {', '.join(map(str, allowed))}"
        near = get_close_matches(str(value), list(map(str, allowed)), n=1)
        message += f". Did you mean {near[0]!r}?" if near else ""
    raise WorkflowError(message)


def check_schema():
    """Hold the config against its schema; the first mistake is reported in one line."""
    schema = load_configfile(f"{workflow.basedir}/rules/config.schema.yaml")
    error = best_match(Draft202012Validator(schema).iter_errors(config))
    if error is None:
        return
    place = error.json_path.removeprefix("$").removeprefix(".") or "top level"
    if error.validator == "additionalProperties":
        allowed = error.schema.get("properties", {})
        unknown = next(key for key in error.instance if key not in allowed)
        refuse(place, f"unknown key {unknown!r}", unknown, allowed)
    if error.validator == "enum":
        refuse(place, f"{error.instance!r} is not known", error.instance, error.validator_value)
    if error.parent and error.parent.validator == "oneOf":
        error = error.parent
    if error.validator == "oneOf":
        choices = [" with ".join(choice["required"]) for choice in error.validator_value]
        problem = f"has {', '.join(error.instance) or 'nothing'}, one choice of keys is needed"
        refuse(place, problem, allowed=choices)
    meaning = error.schema.get("description")
    refuse(place, f"{error.message} ({meaning})" if meaning else error.message)


def check_recipes():
    """A student's teacher exists, and is no student itself; its keys fit together."""
    for name, recipe in config["recipes"].items():
        place = f"recipes.{name}"
        of_others = OF_TEACHERS if "teacher" in recipe else OF_STUDENTS
        for key in [key for key in of_others if key in recipe]:
            only = "without" if "teacher" in recipe else "with"
            refuse(f"{place}.{key}", f"only a recipe {only} a teacher has it")
        for one, other in [
            ("aleatoric", "likelihood"),
            ("augment", "dynamic"),
            ("measured_weight", "dynamic"),
        ]:
            if recipe.get(one) and other in recipe:
                refuse(f"{place}.{other}", f"it does not go together with {one!r}")
        teacher = recipe.get("teacher")
        if teacher is None:
            continue
        if teacher not in config["recipes"]:
            refuse(f"{place}.teacher", f"there is no recipe {teacher!r}", teacher, TEACHERS)
        if teacher in STUDENTS:
            refuse(f"{place}.teacher", f"{teacher!r} is a student itself", teacher, TEACHERS)
        if likelihood_of(teacher) == "evidential":
            refuse(
                f"{place}.teacher",
                f"{teacher!r} is evidential: its epistemic heads are no spread over members",
            )


def check_runs():
    """What is to be run is defined, and its data set can feed its heads."""
    for number, run in enumerate(config["runs"]):
        for key, defined in [("datasets", config["datasets"]), ("recipes", config["recipes"])]:
            for name in run[key]:
                if name not in defined:
                    refuse(f"runs[{number}].{key}", f"{name!r} is not defined", name, defined)
        for name in run["datasets"]:
            if "architecture" not in config["datasets"][name]:
                refuse(f"datasets.{name}", "to be trained on, it needs an architecture")
            for recipe in run["recipes"]:
                check_profiles_of(name, recipe, f"runs[{number}].recipes")
                if needs_replicates(recipe) and not has_replicates(config["datasets"][name]):
                    refuse(
                        f"runs[{number}].recipes",
                        f"{recipe!r} has aleatoric heads, but the data set {name!r} has targets "
                        "without replicates or std",
                    )


def check_profiles_of(dataset, recipe, place):
    """Profiles, and they alone, come from a network of profiles; not all can be asked of them."""
    for name in dict.fromkeys([teacher_of(recipe), recipe]):
        said = config["recipes"][name]
        architecture = said.get("architecture", config["datasets"][dataset]["architecture"])["name"]
        if (architecture in OF_PROFILES) != is_profile(dataset):
            what = "profiles" if is_profile(dataset) else "single activities"
            refuse(place, f"{name!r} has {architecture!r}, but {dataset!r} needs one of {what}")
        unfit = [key for key in NOT_OF_PROFILES if key in said]
        unfit += ["scale: logvar"] if said.get("scale") == "logvar" else []
        if is_profile(dataset) and unfit:
            refuse(place, f"{name!r} has {unfit[0]!r}, but {dataset!r} has profiles")


def check_crops():
    """Two crops cover a window."""
    for name, dataset in config["datasets"].items():
        crop, window = (dataset.get(key, 0) for key in ("crop", "window"))
        if not window / 2 <= crop <= window:
            allowed = f"{-(-window // 2)} to {window}"
            refuse(f"datasets.{name}.crop", f"{crop} of {window} bases", allowed=[allowed])


def check_oracle():
    """The ensemble that tells what shifted sequences do is one of teachers."""
    oracle = config["shift"]["oracle"]
    if oracle not in TEACHERS:
        refuse("shift.oracle", f"{oracle!r} is no recipe of teachers", oracle, TEACHERS)


def check_heads():
    """Heads that a data set wants explained are those that models of it can have."""
    for name, dataset in config["datasets"].items():
        allowed = [
            f"{activity}{kind}"
            for kind in ("", "_aleatoric", "_epistemic")
            for activity in activities_of(dataset)
        ]
        for head in dataset.get("heads", []):
            if head not in allowed:
                refuse(f"datasets.{name}.heads", f"there is no head {head!r}", head, allowed)


def check_data():
    """What is to be described is defined; replicates are at least two; files are known."""
    owners = config["datasets"] | config["variants"]
    for name in config["data"]:
        if name not in owners:
            refuse("data", f"{name!r} is not defined", name, owners)
    for name, dataset in config["datasets"].items():
        for target, how in dataset.get("targets", {}).items():
            replicates = how.get("replicates")
            if replicates is not None and len(replicates) < 2:
                refuse(
                    f"datasets.{name}.targets.{target}.replicates",
                    f"{replicates} is one replicate, but a standard deviation needs two or more",
                )
    for name, owner in owners.items():
        for role, file in owner["files"].items():
            for key, defined in [("archive", "archives"), ("genome", "genomes")]:
                if key in file and not isinstance(file, str) and file[key] not in config[defined]:
                    place = f"{name}.files.{role}.{key}"
                    refuse(place, f"{file[key]!r} is not defined", file[key], config[defined])


def check_variants():
    """Variants are scored by models of data sets, at loci that are defined."""
    for name, variants in config["variants"].items():
        for dataset, loci in variants.get("models", {}).items():
            place = f"variants.{name}.models"
            if dataset not in config["datasets"]:
                refuse(place, f"{dataset!r} is not defined", dataset, config["datasets"])
            for locus in loci:
                if locus not in variants.get("loci", loci):
                    place = f"{place}.{dataset}"
                    refuse(place, f"{locus!r} is not in loci", locus, variants["loci"])


def check_reseed():
    """Members that get another seed are named in full, and what they are of is defined."""
    for member in config["reseed"]:
        parts = member.split("/")
        if len(parts) != 4 or not parts[3].isdecimal():
            refuse("reseed", f"{member!r} is no dataset/recipe/fraction/member")
        for name, key in zip(parts, ("datasets", "recipes")):
            if name not in config[key]:
                refuse("reseed", f"{member!r}: {name!r} is not in {key}", name, config[key])


def activities_of(dataset):
    """Names of a data set's activities."""
    return {
        "table": list(dataset.get("targets", {})),
        "starrseq": ["Dev", "Hk"],
        "lentimpra": ["activity"],
        "profile": [dataset.get("target")],
    }[dataset["assay"]]


def has_replicates(dataset):
    """Whether all targets of a data set come with the spread of their replicates."""
    targets = dataset.get("targets", {}).values()
    return {
        "table": all("replicates" in how or "std" in how for how in targets),
        "starrseq": False,
        "lentimpra": dataset.get("aleatoric", False),
        "profile": True,
    }[dataset["assay"]]


def is_profile(dataset):
    """Whether each base of a data set's sequences has its targets."""
    return config["datasets"][dataset]["assay"] == "profile"


# Architectures of profiles, and keys of recipes for sequences of one activity each.
OF_PROFILES = ("cnn_task_base",)
NOT_OF_PROFILES = ("likelihood", "augment", "dynamic", "measured_weight")
# Keys of recipes that only teachers, or only students have.
OF_TEACHERS = ("aleatoric", "likelihood")
OF_STUDENTS = ("scale", "weights", "teachers", "dynamic", "measured_weight")

check_schema()
TEACHERS = [name for name, recipe in config["recipes"].items() if "teacher" not in recipe]
STUDENTS = [name for name, recipe in config["recipes"].items() if "teacher" in recipe]


def teacher_of(recipe):
    """The recipe whose ensemble teaches this one; a teacher is its own."""
    return config["recipes"][recipe].get("teacher", recipe)


def likelihood_of(recipe):
    """Name of the likelihood that models of a recipe, or their teachers, are fitted with, if any."""
    return config["recipes"][teacher_of(recipe)].get("likelihood", {}).get("name")


def needs_replicates(recipe):
    """Whether models of a recipe, or their teachers, learn the spread of the replicates."""
    return config["recipes"][teacher_of(recipe)].get("aleatoric", False)


def has_aleatoric(recipe):
    """Whether models of a recipe have aleatoric heads: learnt from replicates, or by likelihood."""
    return needs_replicates(recipe) or likelihood_of(recipe) is not None


def has_epistemic(recipe):
    """Whether models of a recipe have epistemic heads of their own."""
    return recipe in STUDENTS or likelihood_of(recipe) == "evidential"


def check_dropout():
    """Recipes whose members predict with dropout are defined."""
    for name in config["calibration"]["dropout"]["recipes"]:
        if name not in config["recipes"]:
            place = "calibration.dropout.recipes"
            refuse(place, f"{name!r} is not defined", name, config["recipes"])


check_recipes()
check_dropout()
check_data()
check_crops()
check_variants()
check_heads()
check_oracle()
check_reseed()
check_runs()


METHODS = config["attribution"]["methods"]
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
    method="|".join(METHODS),
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
# Of profiles, agreement with the truth is all that is kept.
SCALAR_RUNS = [run for run in RUNS if not is_profile(run[0])]
SCALAR_RUN_PATHS = ["/".join(run) for run in SCALAR_RUNS]
# Single sequences are shown for the models of the largest fraction alone.
WHOLE_RUN_PATHS = [
    f"{dataset}/{recipe}/{max(f for d, r, f in RUNS if (d, r) == (dataset, recipe))}"
    for dataset, recipe in dict.fromkeys(run[:2] for run in SCALAR_RUNS)
]
VARIANT_RUN_PATHS = [
    f"{name}/{path}"
    for name, variants in config["variants"].items()
    for run, path in zip(RUNS, RUN_PATHS)
    if path in WHOLE_RUN_PATHS and run[0] in variants.get("models", {})
]
DROPOUT_RUN_PATHS = [
    path
    for run, path in zip(RUNS, RUN_PATHS)
    if path in WHOLE_RUN_PATHS and run[1] in config["calibration"]["dropout"]["recipes"]
]


# Shifts are predicted for data sets that the oracle ensemble is trained on.
ORACLES = {
    dataset: run
    for run in WHOLE_RUN_PATHS
    for dataset, recipe, _ in [run.split("/")]
    if recipe == config["shift"]["oracle"]
}
SHIFTED_RUN_PATHS = [run for run in WHOLE_RUN_PATHS if run.split("/")[0] in ORACLES]
ORACLE_PATHS = [ORACLES[run.split("/")[0]] for run in SHIFTED_RUN_PATHS]
# What no run is made for there is nothing to draw of.
UNDRAWN = ([] if ORACLES else ["shifts"]) + (
    [] if VARIANT_RUN_PATHS else ["variants", "variant_maps"]
)
FIGURES = [name for name in config["figures"] if name not in UNDRAWN]


def teacher_run(run):
    """The run of the teachers that a run is held against: for teachers itself."""
    dataset, recipe, fraction = run.split("/")
    return f"{dataset}/{teacher_of(recipe)}/{fraction}"


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


def attributions_of(runs):
    """The maps of runs by each method in turn."""
    return [f"results/attributions/{run}/{method}.h5" for run in runs for method in METHODS]


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


def predictions_of(dataset, recipe, fraction):
    """What a run predicts of the test set; of profiles only how it agrees with the truth."""
    suffix = "tsv" if is_profile(dataset) else "h5"
    return f"results/predictions/{dataset}/{recipe}/{fraction}.{suffix}"


def labels_of_student(wildcards):
    """The labels of a student's teachers; nothing for a teacher."""
    return labels_of(wildcards) if wildcards.recipe in STUDENTS else []


def options_of(entry):
    """What the loader of an assay is told, beside its files."""
    used_elsewhere = {"assay", "files", "architecture", "training", "explain", "heads", "regions"}
    used_elsewhere |= {"models", "adaptors"}
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
