# Queries of studies, which choose values of recipes, and their checks before any work. No rules here.

# Training settings that a study may choose: others decide how long a training is, or what it is.
TUNABLE = ("batch_size", "learning_rate", "decay", "decay_patience", "minimum_rate")
TUNABLE += ("reverse_complement", "batchnorm_sample")


def tuned_by(recipe):
    """Name of the study whose chosen values a recipe takes; nothing if it has values of its own."""
    return config["recipes"][recipe].get("tuned")


def studied_by(study):
    """Recipe whose trainings a study compares."""
    return config["studies"][study]["recipe"]


def space_of(study):
    """Ranges of a study, by part of a recipe and key."""
    return config["studies"][study]["space"]


def tuning_of(dataset):
    """How studies of a data set search: the config's values, overridden by its own."""
    return config["tuning"] | config["datasets"][dataset].get("tuning", {})


def candidates_of(asked):
    """Values of a range that bound it, or all values of a choice."""
    return next(iter(asked.values()))


def is_whole(meaning):
    """Whether the schema asks for whole numbers."""
    kinds = meaning.get("type", [])
    return "integer" in ([kinds] if isinstance(kinds, str) else kinds)


def check_studies():
    """Studies search recipes that are trained here, in ranges that hold something."""
    for name, study in config["studies"].items():
        place, recipe = f"studies.{name}", study["recipe"]
        fit = [one for one in config["recipes"] if is_trained(one) and not tuned_by(one)]
        if recipe not in config["recipes"]:
            refuse(f"{place}.recipe", f"there is no recipe {recipe!r}", recipe, fit)
        if recipe not in fit:
            problem = f"{recipe!r} is tuned itself" if tuned_by(recipe) else "it trains nothing"
            refuse(f"{place}.recipe", problem, recipe, fit)
        if is_control(recipe):
            refuse(f"{place}.recipe", f"{recipe!r} is a control on shuffled measurements")
        settings = SCHEMA["$defs"]["training"]["properties"]
        known = {key: settings[key] for key in TUNABLE}
        check_ranges(study["space"].get("training", {}), known, f"{place}.space.training")
        known = SCHEMA["$defs"]["recipe"]["properties"]["features"]["properties"]
        ranges = study["space"].get("features", {})
        check_ranges(ranges, {"alpha": known["alpha"]}, f"{place}.space.features")
        check_convex(recipe, name, f"{place}.recipe")
        if "start" in config["recipes"][recipe] and "architecture" in study["space"]:
            refuse(f"{place}.space.architecture", f"{recipe!r} starts from its teachers' weights")


def check_convex(recipe, study, place):
    """The weight of teachers of features is searched, and taken, where there is one."""
    combine = config["recipes"][recipe].get("features", {}).get("combine")
    if "features" in space_of(study) and combine != "convex":
        refuse(place, f"{recipe!r} has no features with combine: convex, whose alpha is tuned")


def check_ranges(ranges, known, place):
    """Parameters exist, their values are allowed, and each range holds more than one."""
    for key, asked in ranges.items():
        if key not in known:
            refuse(f"{place}.{key}", f"{key!r} cannot be tuned", key, known)
        ((kind, values),) = asked.items()
        if kind != "choice" and values[0] >= values[1]:
            problem = f"the range from {values[0]} to {values[1]} is empty: low comes first"
            refuse(f"{place}.{key}.{kind}", problem)
        if kind in ("uniform", "log") and is_whole(known[key]):
            refuse(f"{place}.{key}.{kind}", "it takes whole numbers: integer or choice")
        for value in values:
            for error in Draft202012Validator(known[key]).iter_errors(value):
                problem = in_plain_words(
                    error.validator, error.validator_value, value, error.message
                )
                refuse(f"{place}.{key}.{kind}", f"{problem} ({known[key]['description']})")


def check_tuned():
    """Recipes that are tuned name a study that is there; weights of teachers fit their students."""
    for name in [name for name in config["recipes"] if tuned_by(name)]:
        place, study = f"recipes.{name}.tuned", tuned_by(name)
        if study not in config["studies"]:
            refuse(place, f"there is no study {study!r}", study, config["studies"])
        if is_foreign(name):
            refuse(place, "its members were trained elsewhere")
        check_convex(name, study, place)
    for name in config["recipes"]:
        if "start" in config["recipes"][name] and tuned_by(name) != tuned_by(teacher_of(name)):
            problem = "its weights are those of teachers that are tuned otherwise"
            refuse(f"recipes.{name}.start", problem)


def check_study_of(dataset, recipe, place):
    """The study of a recipe fits a data set that it is trained on."""
    for name in [name for name in trained_for(recipe) if tuned_by(name)]:
        study, of = tuned_by(name), studied_by(tuned_by(name))
        architecture = architecture_of(dataset, of)
        if architecture["name"] != architecture_of(dataset, name)["name"]:
            problem = f"{name!r} has another architecture on {dataset!r} than {of!r}, which the "
            refuse(place, f"{problem}study {study!r} tunes: {architecture['name']!r}")
        known = facts_of(architecture["name"])["properties"]
        options = {key: meaning for key, meaning in known.items() if key != "name"}
        where = f"studies.{study}.space.architecture"
        check_ranges(space_of(study).get("architecture", {}), options, where)
        check_trained(dataset, of, place)
        check_search(dataset, study)


def check_search(dataset, study):
    """A study has values for all its trials, and trainings long enough to be halved."""
    asked, settings = tuning_of(dataset), training_of(dataset, studied_by(study))
    ranges = [asked for part in space_of(study).values() for asked in part.values()]
    if not any("uniform" in one or "log" in one for one in ranges):
        sizes = [
            len(one["choice"]) if "choice" in one else one["integer"][1] - one["integer"][0] + 1
            for one in ranges
        ]
        if math.prod(sizes) < asked["trials"]:
            problem = f"it holds {math.prod(sizes)} sets of values, fewer than"
            refuse(f"studies.{study}.space", f"{problem} {asked['trials']} trials on {dataset!r}")
    if not settings["steps"] and settings["epochs"] < asked["grace"]:
        problem = f"{asked['grace']} epochs, but trainings on {dataset!r} have"
        refuse("tuning.grace", f"{problem} {settings['epochs']} at most")
    of_rate = space_of(study).get("training", {})
    lowest, highest = (
        bound(candidates_of(of_rate[key])) if key in of_rate else settings[key]
        for key, bound in (("learning_rate", min), ("minimum_rate", max))
    )
    if highest > lowest:
        place = f"studies.{study}.space.training"
        refuse(place, f"a learning_rate of {lowest} is below the minimum_rate, {highest}")
