# Checks of the config, names and functions for the rules. No rules here.

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
    refuse(place, error.message)


def check_recipes():
    """A student's teacher exists, and is no student itself."""
    for name, recipe in config["recipes"].items():
        place = f"recipes.{name}"
        teacher = recipe.get("teacher")
        if teacher is None:
            for key in ("scale", "weights"):
                if key in recipe:
                    refuse(f"{place}.{key}", "only a recipe with a teacher has it")
            continue
        if teacher not in config["recipes"]:
            refuse(f"{place}.teacher", f"there is no recipe {teacher!r}", teacher, TEACHERS)
        if teacher in STUDENTS:
            refuse(f"{place}.teacher", f"{teacher!r} is a student itself", teacher, TEACHERS)
        if recipe.get("aleatoric"):
            refuse(f"{place}.aleatoric", "a student has the heads of its teacher")


def check_runs():
    """What is to be run is defined, and its data set can feed its heads."""
    for number, run in enumerate(config["runs"]):
        for key, defined in [("datasets", config["datasets"]), ("recipes", config["recipes"])]:
            for name in run[key]:
                if name not in defined:
                    refuse(f"runs[{number}].{key}", f"{name!r} is not defined", name, defined)
        for dataset in run["datasets"]:
            for recipe in run["recipes"]:
                if has_aleatoric(recipe) and not all(map(varies, targets_of(dataset).values())):
                    refuse(
                        f"runs[{number}].recipes",
                        f"{recipe!r} has aleatoric heads, but data set {dataset!r} has targets "
                        "without replicates or std",
                    )


def check_targets():
    """Replicates are at least two, and what is explained fits its regions."""
    for name, dataset in config["datasets"].items():
        for target, how in targets_of(name).items():
            replicates = how.get("replicates")
            if replicates is not None and len(replicates) < 2:
                refuse(
                    f"datasets.{name}.targets.{target}.replicates",
                    f"{replicates} is one replicate, but a standard deviation needs two or more",
                )


def targets_of(dataset):
    """How each activity of a data set is measured."""
    return config["datasets"][dataset]["targets"]


def varies(how):
    """Whether a target comes with the spread of its replicates."""
    return "replicates" in how or "std" in how


check_schema()
TEACHERS = [name for name, recipe in config["recipes"].items() if "teacher" not in recipe]
STUDENTS = [name for name, recipe in config["recipes"].items() if "teacher" in recipe]


def teacher_of(recipe):
    """The recipe whose ensemble teaches this one; a teacher is its own."""
    return config["recipes"][recipe].get("teacher", recipe)


def has_aleatoric(recipe):
    """Whether models of a recipe predict the noise of the replicates as well."""
    return config["recipes"][teacher_of(recipe)].get("aleatoric", False)


check_recipes()
check_targets()
check_runs()


wildcard_constraints:
    dataset="|".join(config["datasets"]),
    recipe="|".join(config["recipes"]),
    fraction=r"0\.\d+|1\.0",
    member=r"\d+",
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


def code(*modules):
    """Library files that a script uses: as inputs, a change in one of them reruns the rule."""
    paths = [f"{workflow.basedir}/workflow_scripts/degu/{name}.py" for name in modules]
    return lambda wildcards: paths


def is_remote(location):
    """Whether a file of the config has to be downloaded."""
    return not isinstance(location, str)


def local_path(location):
    """A path of the config; a relative one starts at the folder of the Snakefile."""
    return str(Path(workflow.basedir, Path(location).expanduser()))


def raw_files(wildcards):
    """A data set's raw files by their key in the config: the user's own, or downloads."""
    folder = f"results/data/raw/{wildcards.dataset}"
    return {
        key: f"{folder}/{Path(file['url']).name}" if is_remote(file) else local_path(file)
        for key, file in config["datasets"][wildcards.dataset]["files"].items()
    }


def download_of(wildcards):
    """The config's entry of a file to be downloaded."""
    files = config["datasets"][wildcards.dataset]["files"].values()
    return next(f for f in files if is_remote(f) and Path(f["url"]).name == wildcards.file)


def members_of(recipe):
    """Numbers of a recipe's members."""
    return range(config["members"]["teachers" if recipe in TEACHERS else "students"])


def members_files(dataset, recipe, fraction, suffix):
    """A file of each member of a run."""
    folder = f"results/models/{dataset}/{recipe}/{fraction}"
    return [f"{folder}/{member}.{suffix}" for member in members_of(recipe)]


def models_of(wildcards):
    """The models of all members of a run."""
    return members_files(wildcards.dataset, wildcards.recipe, wildcards.fraction, "keras")


def labels_of(wildcards):
    """What the teachers of a run say: what its students learn from and are compared with."""
    teacher = teacher_of(wildcards.recipe)
    return f"results/labels/{wildcards.dataset}/{teacher}/{wildcards.fraction}.h5"


def labels_of_student(wildcards):
    """The labels of a student's teachers; nothing for a teacher."""
    return labels_of(wildcards) if wildcards.recipe in STUDENTS else []


def options_of(wildcards):
    """What the loader of an assay is told, beside its files."""
    dataset = config["datasets"][wildcards.dataset]
    used_elsewhere = {"assay", "files", "architecture", "training", "explain", "regions"}
    return {key: value for key, value in sorted(dataset.items()) if key not in used_elsewhere}


def seed_of(wildcards):
    """What the seed of a member is a hash of; a member can be given another one by `reseed`."""
    member = "/".join(wildcards)
    again = config["reseed"].get(member)
    return f"{config['seed']}/{member}" + (f"/{again}" if again is not None else "")


def architecture_of(wildcards):
    """Architecture and its options: the recipe's, else the data set's."""
    recipe = config["recipes"][wildcards.recipe]
    return recipe.get("architecture", config["datasets"][wildcards.dataset]["architecture"])


def training_of(wildcards):
    """Training settings: the config's, overridden by the data set's, then by the recipe's."""
    dataset, recipe = config["datasets"][wildcards.dataset], config["recipes"][wildcards.recipe]
    merged = config["training"] | dataset.get("training", {}) | recipe.get("training", {})
    return dict(sorted(merged.items()))


def grow(gigabytes):
    """Memory in MB, one share more at every retry."""
    return lambda wildcards, attempt: 1000 * gigabytes * attempt
