# Checks of the config before any work. No rules here.

from difflib import get_close_matches
from itertools import product

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from snakemake.exceptions import WorkflowError

# Keys of recipes that only teachers, or only students have, and those that profiles have not.
ONLY_TEACHERS = ("aleatoric", "likelihood")
ONLY_STUDENTS = ("scale", "weights", "teachers", "dynamic", "measured_weight", "validate", "start")
NOT_OF_PROFILES = ("likelihood", "augment", "dynamic", "measured_weight")


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
    error = best_match(Draft202012Validator(SCHEMA).iter_errors(config))
    if error is None:
        return
    place = error.json_path.removeprefix("$").removeprefix(".") or "top level"
    if error.validator == "additionalProperties":
        allowed = error.schema.get("properties", {})
        unknown = next(key for key in error.instance if key not in allowed)
        below = [key for key, meaning in allowed.items() if unknown in properties_of(meaning)]
        hint = f" (it stands under {below[0]!r})" if below else ""
        refuse(place, f"unknown key {unknown!r}{hint}", unknown, allowed)
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


def properties_of(meaning):
    """Keys of a mapping that the schema describes in place or by a reference."""
    if "$ref" in meaning:
        meaning = SCHEMA["$defs"][meaning["$ref"].rpartition("/")[2]]
    return meaning.get("properties", {})


def check_recipes():
    """A student's teacher exists, and is no student itself; its keys fit together."""
    for name, recipe in config["recipes"].items():
        place = f"recipes.{name}"
        not_of_these = ONLY_TEACHERS if is_student(name) else ONLY_STUDENTS
        for key in [key for key in not_of_these if key in recipe]:
            only = "without" if "teacher" in recipe else "with"
            refuse(f"{place}.{key}", f"only a recipe {only} a teacher has it")
        for one, other in [
            ("aleatoric", "likelihood"),
            ("augment", "dynamic"),
            ("measured_weight", "dynamic"),
        ]:
            if recipe.get(one) and other in recipe:
                refuse(f"{place}.{other}", f"it does not go together with {one!r}")
        for key in ("epochs", "steps"):
            if "budget" in recipe and key in recipe.get("training", {}):
                refuse(f"{place}.budget", f"it does not go together with training.{key}")
        if isinstance(recipe.get("augment"), dict):
            check_transforms(recipe["augment"], f"{place}.augment")
        if is_student(name):
            check_teacher(recipe["teacher"], f"{place}.teacher")


def check_transforms(augment, place):
    """No more transforms are asked for than there are; none has a range that holds nothing."""
    transforms, at_most = augment["transforms"], augment["at_most"]
    if at_most > len(transforms):
        refuse(f"{place}.at_most", f"{at_most} of {len(transforms)} transforms")
    for number, transform in enumerate(transforms):
        for low in [key for key in transform if key.endswith("_min")]:
            high = low.replace("_min", "_max")
            if transform[low] > transform[high]:
                problem = f"{transform[low]} is more than {high}, {transform[high]}"
                refuse(f"{place}.transforms[{number}].{low}", problem)


def check_teacher(teacher, place):
    """The ensemble that a student is distilled from is one of teachers, and has a spread."""
    allowed = recipes_of(students=False)
    if teacher not in config["recipes"]:
        refuse(place, f"there is no recipe {teacher!r}", teacher, allowed)
    if is_student(teacher):
        refuse(place, f"{teacher!r} is a student itself", teacher, allowed)
    if likelihood_of(teacher) == "evidential":
        problem = f"{teacher!r} is evidential: its epistemic heads are no spread over members"
        refuse(place, problem)


def check_levels():
    """No level of settings asks for a cosine and for what only a plateau has, or for two budgets."""
    for section in ("datasets", "recipes"):
        for name, keys in config[section].items():
            level, place = keys.get("training", {}), f"{section}.{name}.training"
            for key in ("decay", "decay_patience", "patience"):
                if level.get("schedule") == "cosine" and key in level:
                    refuse(f"{place}.{key}", "a cosine falls over its whole budget, and has none")
            if level.get("steps") and "epochs" in level:
                refuse(f"{place}.epochs", "the budget is given in steps")


def check_settings(dataset, recipe, place):
    """Settings of a run's trainings fit together."""
    for name in dict.fromkeys([teacher_of(recipe), recipe]):
        training, of = training_of(dataset, name), f"trainings of {name!r} on {dataset!r}"
        steps, average = training["steps"], training["average"]
        if steps and steps < training["warmup_steps"]:
            refuse(place, f"{of} have {steps} steps, but {training['warmup_steps']} warmup_steps")
        if training["minimum_rate"] > training["learning_rate"]:
            refuse(place, f"{of} have a minimum_rate above their learning_rate")
        if average and training["batchnorm_sample"] == 0:
            refuse(place, f"{of} have an average, whose statistics need a batchnorm_sample")
        if average and not steps and training["epochs"] < average:
            refuse(place, f"{of} have {training['epochs']} epochs, but an average of {average}")


def check_start(dataset, recipe, place):
    """A student that starts from a teacher's weights has its network; dropout has no weights."""
    if "start" not in config["recipes"][recipe]:
        return
    theirs, own = (
        {key: value for key, value in architecture_of(dataset, name).items() if key != "dropout"}
        for name in (teacher_of(recipe), recipe)
    )
    if own != theirs:
        refuse(place, f"{recipe!r} starts from teachers of another architecture on {dataset!r}")


def check_runs():
    """Data sets and recipes of all runs are defined, and data sets can feed the heads."""
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
                check_compilation(name, recipe, f"runs[{number}].recipes")
                check_settings(name, recipe, f"runs[{number}].recipes")
                check_start(name, recipe, f"runs[{number}].recipes")
                if needs_replicates(recipe) and not has_replicates(name):
                    refuse(
                        f"runs[{number}].recipes",
                        f"{recipe!r} has aleatoric heads, but the data set {name!r} has targets "
                        "without replicates or std",
                    )


def check_profiles_of(dataset, recipe, place):
    """Profiles, and they alone, come from a network of profiles; not all can be asked of them."""
    for name in dict.fromkeys([teacher_of(recipe), recipe]):
        keys = config["recipes"][name]
        architecture = architecture_of(dataset, name)["name"]
        if facts_of(architecture).get("profiles", False) != is_profile(dataset):
            what = "profiles" if is_profile(dataset) else "single activities"
            refuse(place, f"{name!r} has {architecture!r}, but {dataset!r} needs one of {what}")
        unfit = [key for key in NOT_OF_PROFILES if key in keys]
        unfit += ["scale: logvar"] if keys.get("scale") == "logvar" else []
        if is_profile(dataset) and unfit:
            refuse(place, f"{name!r} has {unfit[0]!r}, but {dataset!r} has profiles")


def check_compilation(dataset, recipe, place):
    """XLA needs sizes that are known beforehand, and EvoAug-TF cuts sequences by random ones."""
    for name in dict.fromkeys([teacher_of(recipe), recipe]):
        of_library = isinstance(config["recipes"][name].get("augment"), dict)
        if of_library and training_of(dataset, name)["xla"]:
            refuse(place, f"{name!r} has transforms of EvoAug-TF, which XLA cannot compile")


def check_windows():
    """Two crops cover a window; predictions of each are kept; models take what is explained."""
    for name, dataset in config["datasets"].items():
        if not is_profile(name):
            continue
        place, (crop, window) = f"datasets.{name}", map(dataset["assay"].get, ("crop", "window"))
        if not window / 2 <= crop <= window:
            allowed = f"{-(-window // 2)} to {window}"
            refuse(f"{place}.assay.crop", f"{crop} of {window} bases", allowed=[allowed])
        if dataset["stride"] > window:
            problem = f"{dataset['stride']} bases"
            refuse(f"{place}.stride", problem, allowed=[f"1 to {window}"])
        for title, sequence in attribution_of(name).get("explain", {}).items():
            if len(sequence) != crop:
                place = f"{place}.attribution.explain.{title}"
                refuse(place, f"{len(sequence)} bases, but models take {crop}")


def check_methods():
    """Networks can be explained by the methods that are asked for."""
    for run in config["runs"]:
        for dataset, recipe in product(run["datasets"], run["recipes"]):
            for name in dict.fromkeys([teacher_of(recipe), recipe]):
                check_methods_of(dataset, name)


def check_methods_of(dataset, recipe):
    """The network of a recipe can be explained by the methods of a data set."""
    architecture = architecture_of(dataset, recipe)["name"]
    fails = facts_of(architecture).get("unexplained", {})
    for method in attribution_of(dataset)["methods"]:
        if method in fails:
            known = SCHEMA["$defs"]["methods"]["items"]["enum"]
            refuse(
                f"datasets.{dataset}.attribution.methods",
                f"{method} does not explain {architecture!r} (recipe {recipe!r}), which has "
                f"{fails[method]}",
                allowed=[name for name in known if name not in fails],
            )


def check_oracle():
    """The ensemble that tells what shifted sequences do is one of teachers."""
    oracle, allowed = config["shift"]["oracle"], recipes_of(students=False)
    if oracle not in allowed:
        refuse("shift.oracle", f"{oracle!r} is no recipe of teachers", oracle, allowed)


def check_heads():
    """Heads that a data set wants explained are those that models of it can have."""
    for name in config["datasets"]:
        heads = attribution_of(name)["heads"]
        allowed = Heads.of(activities_of(name), "aleatoric", "epistemic").names
        for head in heads if isinstance(heads, list) else ():
            if head not in allowed:
                place = f"datasets.{name}.attribution.heads"
                refuse(place, f"there is no head {head!r}", head, allowed)


def check_data():
    """Data sets to be described are defined; replicates are at least two; files are known."""
    owners = config["datasets"] | config["variants"]
    for name in config["data"]:
        if name not in owners:
            refuse("data", f"{name!r} is not defined", name, owners)
    for name, dataset in config["datasets"].items():
        for target, how in dataset["assay"].get("targets", {}).items():
            replicates = how.get("replicates")
            if replicates is not None and len(replicates) < 2:
                refuse(
                    f"datasets.{name}.assay.targets.{target}.replicates",
                    f"{replicates} is one replicate, but a standard deviation needs two or more",
                )
    for name, owner in owners.items():
        for role in assays.SOURCES.get(owner["assay"].get("source"), ()):
            if role not in owner["files"]:
                refuse(
                    f"datasets.{name}.files", f"{role!r} is missing, which assay.source asks for"
                )
        for role, file in owner["files"].items():
            for key, defined in [("archive", "archives"), ("genome", "genomes")]:
                if key in file and not isinstance(file, str) and file[key] not in config[defined]:
                    place = f"{name}.files.{role}.{key}"
                    refuse(place, f"{file[key]!r} is not defined", file[key], config[defined])


def check_variants():
    """Variants are scored by models of data sets, at loci that are defined, ranked by a student."""
    for name, variants in config["variants"].items():
        certainty, students = variants.get("certainty"), recipes_of(students=True)
        if certainty is not None and certainty not in students:
            place = f"variants.{name}.certainty"
            refuse(place, f"{certainty!r} is no recipe of students", certainty, students)
        for dataset, loci in variants.get("models", {}).items():
            place = f"variants.{name}.models"
            if dataset not in config["datasets"]:
                refuse(place, f"{dataset!r} is not defined", dataset, config["datasets"])
            if is_profile(dataset):
                refuse(place, f"models of {dataset!r} tell profiles, and score no variants")
            for locus in loci:
                if locus not in variants["assay"].get("loci", loci):
                    place = f"{place}.{dataset}"
                    refuse(place, f"{locus!r} is not in loci", locus, variants["assay"]["loci"])


def check_paper():
    """Data sets and variants that the figures of the paper show are defined."""
    for role, name in config["paper"].items():
        defined = config["variants" if role == "variants" else "datasets"]
        if name not in defined:
            refuse(f"paper.{role}", f"{name!r} is not defined", name, defined)


def check_reseed():
    """Members that get another seed are named in full, and what they are of is defined."""
    for member in config["reseed"]:
        parts = member.split("/")
        if len(parts) != 4 or not parts[3].isdecimal():
            refuse("reseed", f"{member!r} is no dataset/recipe/fraction/member")
        for name, key in zip(parts, ("datasets", "recipes")):
            if name not in config[key]:
                refuse("reseed", f"{member!r}: {name!r} is not in {key}", name, config[key])


def check_dropout():
    """Recipes whose members predict with dropout are defined."""
    for name in config["calibration"]["dropout"]["recipes"]:
        if name not in config["recipes"]:
            place = "calibration.dropout.recipes"
            refuse(place, f"{name!r} is not defined", name, config["recipes"])


def check_titles():
    """Activities that are given a title or a unit exist; no two recipes share a title."""
    for name, dataset in config["datasets"].items():
        for target in dataset.get("targets", {}):
            if target not in activities_of(name):
                place = f"datasets.{name}.targets"
                refuse(place, f"there is no activity {target!r}", target, activities_of(name))
    titles = {}
    for name in config["recipes"]:
        title = title_of("recipes", name)
        if title in titles:
            problem = f"{title!r} is the title of {titles[title]!r} already"
            refuse(f"recipes.{name}.title", problem)
        titles[title] = name


for check in [
    check_schema,
    check_recipes,
    check_levels,
    check_dropout,
    check_data,
    check_windows,
    check_variants,
    check_paper,
    check_heads,
    check_oracle,
    check_reseed,
    check_runs,
    check_methods,
    check_titles,
]:
    check()
