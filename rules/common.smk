# Names of runs and files, and functions for the rules. No rules here.

import ast
import os
import re
from functools import cache
from pathlib import Path

RUNS = runs_of_config()
TEACHERS, STUDENTS = recipes_of(students=False), recipes_of(students=True)
# Teachers that are trained here, those that answer requests, and those whose models lie here.
TRAINED = [recipe for recipe in TEACHERS if is_trained(recipe)]
FOREIGN = [recipe for recipe in TEACHERS if is_foreign(recipe)]
MODELLED = [recipe for recipe in TEACHERS if not is_foreign(recipe)]
# Sequences without measurements that recipes ask for, by their name in paths.
UNLABELLED = {
    name_of_unlabelled(unlabelled_of(recipe)): unlabelled_of(recipe) for recipe in STUDENTS
}
UNLABELLED.pop("", None)
PROFILES = [name for name in config["datasets"] if is_profile(name)]
CLASSIFIED = [name for name in config["datasets"] if is_classified(name)]
SCALARS = [name for name in config["datasets"] if name not in PROFILES + CLASSIFIED]
# Data sets whose models take vectors: nothing is changed in, or explained of, sequences.
EMBEDDED = [name for name in config["datasets"] if has_vectors(name)]
SHARDED = [name for name in config["datasets"] if shards_of(name) > 1]
DESCRIBED = [name for name in config["data"] if name in config["datasets"]]
# Recipes that are run, in the order of the config: one colour each in all figures.
RECIPES = list(dict.fromkeys(run.recipe for run in RUNS))

# Names of data sets, sets of variants, recipes and activities in figures, and who teaches whom.
NAMES = {
    "datasets": {name: title_of("datasets", name) for name in config["datasets"]},
    "variants": {name: title_of("variants", name) for name in config["variants"]},
    "recipes": {recipe: title_of("recipes", recipe) for recipe in RECIPES},
    "teachers": {recipe: teacher_of(recipe) for recipe in RECIPES if is_student(recipe)},
    "targets": {name: targets_of(name) for name in config["datasets"]},
    "units": {name: config["variants"][name].get("unit", "") for name in config["variants"]},
}

# Single sequences are shown for the models of the largest fraction alone.
WHOLE_RUNS = [
    run
    for run in RUNS
    if run.fraction == max(other.fraction for other in RUNS if other[:2] == run[:2])
]
# Runs of models that lie here: a foreign ensemble leaves its predictions alone.
WITH_MODELS = [run for run in WHOLE_RUNS if not is_foreign(run.recipe)]
# Dropout, shifts and variants are for sequences with single activities.
SCALAR_RUNS = [run for run in WITH_MODELS if run.dataset in SCALARS]
# An ensemble of several recipes has no maps: theirs explain its members.
EXPLAINED_RUNS = [
    run for run in WITH_MODELS if run.dataset not in EMBEDDED and not is_composed(run.recipe)
]
# Runs whose members score groups of foreign sequences.
OUTLIER_RUNS = [run for run in WITH_MODELS if outliers_of(run.dataset)]
DROPOUT_RUNS = [
    run for run in SCALAR_RUNS if run.recipe in config["calibration"]["dropout"]["recipes"]
]
# The oracle ensemble of each data set that is trained on one; its runs are predicted under shift.
ORACLES = {
    run.dataset: run
    for run in SCALAR_RUNS
    if run.recipe == config["shift"]["oracle"] and run in EXPLAINED_RUNS
}
# Under shift students are held against their teachers' models.
SHIFTED_RUNS = [
    run for run in SCALAR_RUNS if run.dataset in ORACLES and not is_foreign(run.teachers.recipe)
]
# Sets of variants, each with the runs that score them.
SCORED_RUNS = [
    (name, run)
    for name, variants in config["variants"].items()
    for run in SCALAR_RUNS
    if run.dataset in variants.get("models", {})
]


wildcard_constraints:
    dataset="|".join(config["datasets"]),
    variants="|".join(config["variants"]) or "(?!)",
    scores="|".join(config["scores"]) or "(?!)",
    archive="|".join(config["archives"]) or "(?!)",
    genome="|".join(config["genomes"]) or "(?!)",
    owner="|".join([*config["datasets"], *config["variants"], "genomes"]),
    recipe="|".join(config["recipes"]),
    fraction=r"0\.\d+|1\.0",
    method="|".join(SCHEMA["$defs"]["methods"]["items"]["enum"]),
    member=r"\d+",
    teachers=r"\d+",
    unlabelled="|".join(map(re.escape, UNLABELLED)) or "(?!)",
    labelled=rf"\d+(_({'|'.join(map(re.escape, UNLABELLED))}))?",
    # A job of a whole data set has an empty one.
    shard=r"(/\d+of\d+)?",
    # Models that guide students, and what they are fine-tuned on.
    guide="|".join({name for one in config["datasets"] for name in guides_known(one)}) or "(?!)",
    tuned=r"frozen|0\.\d+|1\.0",
    # Sequences of a request to a foreign ensemble: those of a data set, or beside it.
    asked=rf"data|({'|'.join(map(re.escape, UNLABELLED)) or '(?!)'})/(0\.\d+|1\.0)",
    file=r"[^/]+",


def run_of(wildcards):
    """The run that a job works on."""
    return Run(wildcards.dataset, wildcards.recipe, wildcards.fraction)


def in_repository(path):
    """A path in the Snakefile's folder, seen from the working directory: both may move together."""
    return os.path.relpath(Path(workflow.basedir, path))


SCRIPTS = Path(workflow.basedir, "workflow_scripts")
# The log, seeds, whole files and the plan: an edit of what all scripts import reruns nothing by itself.
EXEMPT = [SCRIPTS / "degu" / name for name in ("job.py", "plan.py")]


def code(rule, *modules):
    """A rule's script and the files of the library that it imports, directly or not: inputs.

    A change in one of them reruns the rule. Modules that a script chooses by their name are added.
    """
    files = closure([SCRIPTS / f"{rule}.py"]) | closure(files_of_module(*modules))
    paths = [in_repository(path) for path in sorted(files)]
    return lambda wildcards: paths


def closure(files):
    """Files, and all that they import of the library."""
    found, left = set(), list(files)
    while left:
        file = left.pop()
        if file not in found and file not in EXEMPT:
            found.add(file)
            left += imported(file)
    return found


# Statements that import of the library. Whole files would take each start half a second to parse.
IMPORT = re.compile(r"^ *((?:from|import) degu\b(?:[^(\n]*$|[^(\n]*\([^)]*\)))", re.MULTILINE)


@cache
def imported(file):
    """Files of the library that a file imports."""
    names = []
    for node in ast.parse("\n".join(IMPORT.findall(file.read_text()))).body:
        if isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return files_of_module(*(name for name in names if name.startswith("degu.")))


def files_of_module(*names):
    """Files of modules, and of the packages that they lie in; other names have none."""
    paths = [SCRIPTS.joinpath(*name.split(".")) for name in names]
    places = {
        place for path in paths for place in (path, *path.parents) if SCRIPTS in place.parents
    }
    files = [file for at in places for file in (at.with_suffix(".py"), at / "__init__.py")]
    return {file for file in files if file.is_file()}


# Keras and matplotlib keep settings and caches beside those of Snakemake: jobs write nothing at home,
# and no settings from there decide a result.
os.environ |= {
    "KERAS_HOME": os.path.abspath(".snakemake/keras"),
    "MPLCONFIGDIR": os.path.abspath(".snakemake/matplotlib"),
}

# GPUs that each job of TensorFlow asks for.
GPUS = 0 if config["device"] == "cpu" else 1


def sharers_of(group):
    """Members that a job of the cluster trains side by side: components of the profile's group."""

    def sharers(wildcards):
        planned = workflow.group_settings.group_components.get(group, 1)
        return int(os.environ.get("DEGU_SHARERS", planned))

    return sharers


def own_gpu(group):
    """A GPU for each member, if it shares none."""
    return lambda wildcards: GPUS if sharers_of(group)(wildcards) == 1 else 0


def shared_gpu(group):
    """One GPU for the members of a job, in words: numbers would be added up over the group."""
    return lambda wildcards: f"gpu:{GPUS}" if GPUS and sharers_of(group)(wildcards) > 1 else ""


def grow(gigabytes):
    """Memory in MB, one share more at every retry."""
    return lambda wildcards, attempt: 1000 * gigabytes * attempt


def hours(number):
    """Time limit in minutes, one share more at every retry: not the same limit twice."""
    return lambda wildcards, attempt: 60 * number * attempt


def name_of(file):
    """Name under which a download is kept."""
    if "url" in file:
        return Path(file["url"]).name
    return file["name"] if "name" in file else f"replicate{file['replicate']}.bigWig"


def path_of(owner, file):
    """Where a file of the config lies, or will: the user's own, downloaded, or made."""
    if isinstance(file, list):
        return [path_of(owner, one) for one in file]
    if isinstance(file, str):
        # A relative path starts at the folder of the Snakefile.
        file = expanded(file)
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


def members_files(run, suffix, number=None):
    """A file of each member of a run, or of the first ones; as many times as a member counts."""
    if is_composed(run.recipe):
        parts = (run._replace(recipe=recipe) for recipe in composed_of(run.recipe))
        files = [file for part in parts for file in members_files(part, suffix)]
        return [file for file, times in zip(files, weights_of(run.recipe)) for _ in range(times)]
    if number is None:
        number = size_of(run.recipe)
    return [f"results/models/{run.path}/{member}.{suffix}" for member in range(number)]


def models_of(wildcards):
    """The models of all members of a run."""
    return members_files(run_of(wildcards), "keras")


def labels_of(wildcards):
    """Labels that a student learns from and is compared with; nothing for a teacher."""
    run = run_of(wildcards)
    number = number_of_teachers(run.recipe)
    return f"results/labels/{run.teachers.path}/{number}.h5" if is_student(run.recipe) else []


def explained_runs(dataset=None):
    """Runs and methods that have attribution maps, of one data set or of all."""
    return [
        (run, method)
        for run in EXPLAINED_RUNS
        for method in attribution_of(run.dataset)["methods"]
        if dataset in (None, run.dataset)
    ]


def maps_of(pairs):
    """The attribution maps of runs, each by its method."""
    return [f"results/attributions/{run.path}/{method}.h5" for run, method in pairs]


def seed_of(wildcards):
    """Text whose hash is the seed of a member; a member can be given another one by `reseed`."""
    again = config["reseed"].get("/".join(wildcards))
    names = [config["seed"], *wildcards, again]
    return "/".join(str(name) for name in names if name is not None)


# Chapters of the report, which it sorts by their first letters: hence the numbers.
CHAPTERS = {
    "Summary": "1 Summary",
    "Figures of the paper": "2 Figures of the paper",
    "Performance": "3 Performance",
    "Training": "4 Training",
    "Uncertainty": "5 Uncertainty",
    "Attribution": "6 Attribution",
    "Variants": "7 Variants",
    "Tables": "8 Tables",
    "Data": "9 Data and costs",
}


def reported(path, caption, category, labels):
    """A file of the report, in its chapter."""
    return report(
        path, caption=f"captions/{caption}.rst", category=CHAPTERS[category], labels=labels
    )


def figure(name, category, label):
    """The files of a figure, its picture for the report and its source data among them."""
    png = reported(f"<results>/figures/{name}.png", name, category, {"figure": label})
    return {
        "pdf": f"<results>/figures/{name}.pdf",
        "png": png,
        "source": f"<results>/figures/{name}.tsv",
    }


def page(name, caption, category, label):
    """A page of the report."""
    return reported(f"<results>/report/{name}.html", caption, category, {"page": label})
