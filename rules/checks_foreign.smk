# Checks of ensembles that were trained elsewhere, before any work. No rules here.

# Keys that the recipe of a foreign ensemble may have beside its predictions.
OF_FOREIGN = ("title", "licence", "predictions")


def check_foreign():
    """A foreign ensemble is not trained here, and is asked for nothing that needs its models."""
    for name in [name for name in config["recipes"] if is_foreign(name)]:
        place, asked = f"recipes.{name}", predictions_of(name)
        for key in [key for key in config["recipes"][name] if key not in OF_FOREIGN]:
            refuse(f"{place}.{key}", "the ensemble was trained elsewhere", key, OF_FOREIGN)
        if sorted(asked.get("order", "ACGT")) != sorted("ACGT"):
            problem = f"{asked['order']!r} has a letter twice"
            refuse(f"{place}.predictions.order", problem, allowed=["A, C, G and T, each once"])
        if config["shift"]["oracle"] == name:
            refuse("shift.oracle", f"{name!r} was trained elsewhere: shifts need its models")
        if name in config["calibration"]["dropout"]["recipes"]:
            place = "calibration.dropout.recipes"
            refuse(place, f"{name!r} was trained elsewhere: dropout needs its models")


def check_taught_by_foreign():
    """Students of a foreign ensemble ask for what it answered, and for no more members than it has."""
    for name in recipes_of(students=True):
        teacher, place = teacher_of(name), f"recipes.{name}"
        if not is_foreign(teacher):
            continue
        for key in [
            key for key in ("dynamic", "start", "passes") if key in config["recipes"][name]
        ]:
            problem = f"it needs models of its teachers, but {teacher!r} was trained elsewhere"
            refuse(f"{place}.{key}", problem)
        if number_of_teachers(name) > size_of(teacher):
            problem = f"{number_of_teachers(name)} of {size_of(teacher)} members of {teacher!r}"
            refuse(f"{place}.teachers", problem)


def check_runs_of_foreign():
    """Data sets of foreign ensembles are of single activities; others need measurements."""
    for number, run in enumerate(config["runs"]):
        for dataset, recipe in product(run["datasets"], run["recipes"]):
            place, teacher = f"runs[{number}].recipes", teacher_of(recipe)
            if is_foreign(teacher):
                check_dataset_of_foreign(dataset, teacher, place)
            elif unmeasured_of(dataset):
                problem = f"{teacher!r} is trained on measurements, but {dataset!r} has none of"
                refuse(place, f"{problem} {', '.join(unmeasured_of(dataset))}")
            if "measured_weight" in config["recipes"][recipe] and not measured_of(dataset):
                refuse(place, f"{recipe!r} has a measured_weight, but {dataset!r} no measurement")


def check_dataset_of_foreign(dataset, recipe, place):
    """Sequences are predicted as they stand, with the activities and units of the data set."""
    asked, activities = predictions_of(recipe), activities_of(dataset)
    if is_profile(dataset):
        refuse(place, f"{recipe!r} answers with single activities, but {dataset!r} has profiles")
    if strands_of(dataset) != "forward":
        problem = f"{recipe!r} answers for sequences as they stand, but {dataset!r} has both"
        refuse(f"datasets.{dataset}.strands", problem, allowed=["forward"])
    place = f"recipes.{recipe}.predictions"
    for key in ("units", "check"):
        for activity in asked.get(key, {}).get("expected", asked.get("units", {})):
            if activity not in activities:
                problem = f"{dataset!r} has no activity {activity!r}"
                refuse(f"{place}.{key}", problem, activity, activities)
    for activity, unit in asked.get("units", {}).items():
        known = targets_of(dataset)[activity][1]
        if known and known != unit:
            problem = f"{unit!r}, but that of {activity!r} of {dataset!r} is {known!r}"
            refuse(f"{place}.units.{activity}", f"{problem}: convert the predictions")


def check_answers():
    """Files of answers are named by requests that some run makes."""
    for name in [name for name in config["recipes"] if is_foreign(name)]:
        runs = [run for run in runs_of_config() if run.recipe == name]
        known = [f"{run.dataset}/{asked}" for run in runs for asked in requests_of(run)]
        for request in predictions_of(name).get("files", ()) if runs else ():
            if request not in known:
                place = f"recipes.{name}.predictions.files"
                refuse(place, f"there is no request {request!r}", request, sorted(set(known)))
        if "files" in predictions_of(name):
            missing = [one for one in dict.fromkeys(known) if not has_answer(name, one)]
            if missing:
                told = f"no answer yet to {', '.join(missing)}: `snakemake requests` makes the requests"
                tell(f"config: recipes.{name}.predictions.files: {told}")


def has_answer(recipe, request):
    """Whether all files of an answer are there."""
    files = predictions_of(recipe)["files"].get(request, [])
    files = [files] if isinstance(files, str) else files
    return bool(files) and all(Path(workflow.basedir, expanded(file)).is_file() for file in files)


def check_modules():
    """Modules of foreign ensembles that some run uses, and their interpreters, are there."""
    used = {run.recipe for run in runs_of_config()} if workflow.is_main_process else ()
    for name in [name for name in used if is_foreign(name) and "module" in predictions_of(name)]:
        for key in ("module", "python"):
            check_file(predictions_of(name)[key], f"recipes.{name}.predictions.{key}")
