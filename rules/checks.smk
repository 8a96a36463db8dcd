# Checks of recipes before any work, and the order of all checks. No rules here.

from itertools import product

# Keys of recipes that only teachers, or only students have.
ONLY_TEACHERS = ("aleatoric", "likelihood", "shuffled")
ONLY_STUDENTS = ("scale", "weights", "teachers", "dynamic", "unlabelled", "measured_weight")
ONLY_STUDENTS += ("validate", "start", "passes")


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
            ("unlabelled", "dynamic"),
            ("passes", "dynamic"),
        ]:
            if recipe.get(one) and other in recipe:
                refuse(f"{place}.{other}", f"it does not go together with {one!r}")
        for key in ("dynamic", "measured_weight", "passes"):
            if recipe.get("scale") == "members" and key in recipe:
                refuse(f"{place}.{key}", "it does not go together with scale: members")
        for key in ("epochs", "steps"):
            if "budget" in recipe and key in recipe.get("training", {}):
                refuse(f"{place}.budget", f"it does not go together with training.{key}")
        if isinstance(recipe.get("augment"), dict):
            check_transforms(recipe["augment"], f"{place}.augment")
        if recipe.get("teachers") == 1 and "passes" not in recipe:
            refuse(f"{place}.teachers", "one has no spread: 2 are needed, or passes of it")
        if is_student(name):
            check_teacher(recipe["teacher"], f"{place}.teacher")
            check_natural(unlabelled_of(name).get("natural"), f"{place}.unlabelled.natural")


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
    if is_control(teacher):
        refuse(place, f"{teacher!r} is a control on shuffled measurements: it has nothing to teach")
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
    for name in trained_for(recipe):
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


def check_natural(natural, place):
    """A BED comes with its genome, which is defined."""
    if isinstance(natural, dict) and natural["genome"] not in config["genomes"]:
        problem = f"{natural['genome']!r} is not defined"
        refuse(f"{place}.genome", problem, natural["genome"], config["genomes"])
    if isinstance(natural, str) and natural.removesuffix(".gz").endswith(".bed"):
        refuse(place, f"{natural!r} needs its genome", allowed=["{bed: FILE, genome: NAME}"])


def check_natural_files(natural, place):
    """Natural sequences, or a BED and its genome, are there."""
    if isinstance(natural, dict):
        check_file(natural["bed"], f"{place}.bed")
        check_file({"genome": natural["genome"]}, f"{place}.genome")
    elif natural:
        check_file(natural, place)


def check_unlabelled():
    """Sequences without measurements that differ have names that differ."""
    known = {}
    for name in recipes_of(students=True):
        asked = unlabelled_of(name)
        other = known.setdefault(name_of_unlabelled(asked), name)
        if unlabelled_of(other) != asked:
            file, others = (unlabelled_of(one)["natural"] for one in (name, other))
            problem = f"{file!r} needs another file name than {others!r} of the recipe {other!r}"
            refuse(f"recipes.{name}.unlabelled.natural", problem)


def check_sources(dataset, recipe, place):
    """Shifted sequences are of a data set that knows its places in a genome; natural ones are there."""
    asked, known = unlabelled_of(recipe), config["datasets"][dataset]["files"]
    if workflow.is_main_process:
        check_natural_files(asked.get("natural"), f"recipes.{recipe}.unlabelled.natural")
    if "shift" in asked and not (assays.has_regions(*assay_of(dataset)) and "genome" in known):
        refuse(
            place,
            f"{recipe!r} has 'unlabelled: shift', but the data set {dataset!r} knows no places in a "
            "genome: those of a table are files.genome and assay.columns.region",
        )


def check_methods():
    """Networks can be explained by the methods that are asked for."""
    for run in config["runs"]:
        for dataset, recipe in product(run["datasets"], run["recipes"]):
            for name in trained_for(recipe):
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


def check_reseed():
    """Members that get another seed are named in full, and some run trains them."""
    runs = {run.path: run for run in runs_of_config() if not is_composed(run.recipe)}
    for member in config["reseed"]:
        parts = member.split("/")
        if len(parts) != 4 or not parts[3].isdecimal():
            refuse("reseed", f"{member!r} is no dataset/recipe/fraction/member")
        for name, key in zip(parts, ("datasets", "recipes")):
            if name not in config[key]:
                refuse("reseed", f"{member!r}: {name!r} is not in {key}", name, config[key])
        path, _, number = member.rpartition("/")
        if path not in runs:
            of_dataset = [run.path for run in runs.values() if run.dataset == parts[0]]
            refuse("reseed", f"{member!r}: there is no such run", path, of_dataset)
        if int(number) >= members_of(runs[path]):
            problem = f"{member!r}: the run has {members_of(runs[path])} members, counted from 0"
            refuse("reseed", problem)


def check_dropout():
    """Recipes whose members predict with dropout are defined."""
    for name in config["calibration"]["dropout"]["recipes"]:
        if name not in config["recipes"]:
            place = "calibration.dropout.recipes"
            refuse(place, f"{name!r} is not defined", name, config["recipes"])


CHECKS = [
    check_config_files,
    check_values,
    check_schema,
    follow_own_data,
    check_composed,
    check_recipes,
    check_taught_by_composed,
    check_orders,
    check_features,
    check_foreign,
    check_taught_by_foreign,
    check_studies,
    check_tuned,
    check_levels,
    check_unlabelled,
    check_dropout,
    check_data,
    check_windows,
    check_regions,
    check_vectors,
    check_outliers,
    check_variants,
    check_paper,
    check_heads,
    check_oracle,
    check_runs,
    check_runs_of_foreign,
    check_answers,
    check_scores,
    check_reseed,
    check_methods,
    check_motifs,
    check_titles,
    check_files,
    check_modules,
    check_guides,
    check_folder,
    check_report,
]
for check in CHECKS:
    check()
