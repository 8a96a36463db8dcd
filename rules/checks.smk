# What the config says, and checks of it before any work. No rules here.

from difflib import get_close_matches
from itertools import product

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
        architecture = architecture_name(dataset, name)
        if (architecture in OF_PROFILES) != is_profile(dataset):
            what = "profiles" if is_profile(dataset) else "single activities"
            refuse(place, f"{name!r} has {architecture!r}, but {dataset!r} needs one of {what}")
        unfit = [key for key in NOT_OF_PROFILES if key in said]
        unfit += ["scale: logvar"] if said.get("scale") == "logvar" else []
        if is_profile(dataset) and unfit:
            refuse(place, f"{name!r} has {unfit[0]!r}, but {dataset!r} has profiles")


def check_windows():
    """Two crops cover a window; predictions of each are kept; models take what is explained."""
    for name, dataset in config["datasets"].items():
        crop, window = (dataset.get(key, 0) for key in ("crop", "window"))
        if not window / 2 <= crop <= window:
            allowed = f"{-(-window // 2)} to {window}"
            refuse(f"datasets.{name}.crop", f"{crop} of {window} bases", allowed=[allowed])
        stride = dataset.get("stride", 0)
        if stride > window:
            refuse(f"datasets.{name}.stride", f"{stride} bases", allowed=[f"1 to {window}"])
        for title, sequence in dataset.get("explain", {}).items() if is_profile(name) else ():
            if len(sequence) != crop:
                place = f"datasets.{name}.explain.{title}"
                refuse(place, f"{len(sequence)} bases, but models take {crop}")


def check_methods():
    """Networks can be explained by the methods that are asked for."""
    for run in config["runs"]:
        for dataset, recipe in product(run["datasets"], run["recipes"]):
            for name in dict.fromkeys([teacher_of(recipe), recipe]):
                architecture = architecture_name(dataset, name)
                if architecture in RECURRENT and "deepshap" in methods_of(dataset):
                    refuse(
                        f"datasets.{dataset}.methods",
                        f"deepshap does not explain {architecture!r} (recipe {name!r}), which has "
                        "recurrent layers",
                        allowed=["saliency", "integrated_gradients", "ism", "tism"],
                    )


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
            if is_profile(dataset):
                refuse(place, f"models of {dataset!r} tell profiles, and score no variants")
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
# Architectures that DeepSHAP has no rules for.
RECURRENT = ("dream_rnn",)
# Keys of recipes that only teachers, or only students have.
OF_TEACHERS = ("aleatoric", "likelihood")
OF_STUDENTS = ("scale", "weights", "teachers", "dynamic", "measured_weight")

check_schema()
TEACHERS = [name for name, recipe in config["recipes"].items() if "teacher" not in recipe]
STUDENTS = [name for name, recipe in config["recipes"].items() if "teacher" in recipe]


def teacher_of(recipe):
    """The recipe whose ensemble teaches this one; a teacher is its own."""
    return config["recipes"][recipe].get("teacher", recipe)


def architecture_name(dataset, recipe):
    """Name of the network that members of a recipe have: the recipe's, else the data set's."""
    of_dataset = config["datasets"][dataset]["architecture"]
    return config["recipes"][recipe].get("architecture", of_dataset)["name"]


def methods_of(dataset):
    """How models of a data set are explained: its own list, else that of all data sets."""
    return config["datasets"][dataset].get("methods", config["attribution"]["methods"])


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
check_windows()
check_variants()
check_heads()
check_oracle()
check_reseed()
check_runs()
check_methods()
