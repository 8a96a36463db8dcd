# Checks of the runs that a config asks for: each recipe on each data set. No rules here.

# Keys of recipes that data sets of profiles, or of classes, have not.
NOT_OF_PROFILES = ("likelihood", "shuffled", "augment", "dynamic", "measured_weight", "passes")
NOT_OF_CLASSES = ("aleatoric", "dynamic", "validate")
# Keys that change, or explain, sequences, which models of vectors never see.
NOT_OF_VECTORS = ("augment", "dynamic", "unlabelled")
# Kinds of sequences without measurements that make sense of windows with a profile.
UNLABELLED_OF_PROFILES = ("mutate", "rate", "shift")


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
                check_trained(name, recipe, f"runs[{number}].recipes")
                check_study_of(name, recipe, f"runs[{number}].recipes")


def check_trained(dataset, recipe, place):
    """A data set can feed a recipe, and its network."""
    check_profiles_of(dataset, recipe, place)
    check_classes_of(dataset, recipe, place)
    check_vectors_of(dataset, recipe, place)
    check_passes_of(dataset, recipe, place)
    check_compilation(dataset, recipe, place)
    check_settings(dataset, recipe, place)
    check_start(dataset, recipe, place)
    check_features_of(dataset, recipe, place)
    check_sources(dataset, recipe, place)
    if needs_replicates(recipe) and not has_replicates(dataset):
        refuse(
            place,
            f"{recipe!r} has aleatoric heads, but the data set {dataset!r} has targets without "
            "replicates or std",
        )


def check_profiles_of(dataset, recipe, place):
    """Profiles, and they alone, come from a network of profiles; not all can be asked of them."""
    for name in trained_for(recipe):
        keys = config["recipes"][name]
        architecture = architecture_of(dataset, name)["name"]
        if facts_of(architecture).get("profiles", False) != is_profile(dataset):
            what = "profiles" if is_profile(dataset) else "single activities"
            problem = f"{name!r} has {architecture!r}, but {dataset!r} needs one of {what}"
            architectures = SCHEMA["$defs"]["architectures"]
            fit = [
                a
                for a in architectures
                if facts_of(a).get("profiles", False) == is_profile(dataset)
                and not facts_of(a).get("vectors", False)
            ]
            refuse(place, problem, allowed=fit)
        unfit = [key for key in NOT_OF_PROFILES if key in keys]
        unfit += [f"scale: {keys['scale']}"] if keys.get("scale") in ("logvar", "members") else []
        kinds = [kind for kind in unlabelled_of(name) if kind not in UNLABELLED_OF_PROFILES]
        unfit += [f"unlabelled: {kind}" for kind in kinds]
        if is_profile(dataset) and unfit:
            refuse(place, f"{name!r} has {unfit[0]!r}, but {dataset!r} has profiles")


def check_classes_of(dataset, recipe, place):
    """Not all can be asked of classes, which have no noise between replicates."""
    for name in trained_for(recipe):
        unfit = [key for key in NOT_OF_CLASSES if config["recipes"][name].get(key)]
        if likelihood_of(name) == "gaussian":
            unfit.append("likelihood: gaussian")
        if is_classified(dataset) and unfit:
            refuse(place, f"{name!r} has {unfit[0]!r}, but {dataset!r} has classes")


def check_passes_of(dataset, recipe, place):
    """Passes of teachers differ: they have dropout, or a random index."""
    for name in composed_of(teacher_of(recipe)) if passes_of(recipe) else ():
        architecture = architecture_of(dataset, name)
        if architecture["name"] != "epinet" and architecture.get("dropout") == 0:
            problem = f"{recipe!r} has 'passes', but its teachers, {name!r}, are without dropout"
            refuse(place, f"{problem}: all passes on {dataset!r} would be the same")


def check_vectors_of(dataset, recipe, place):
    """Vectors, and they alone, go into a network of vectors; their sequences are not changed."""
    for name in trained_for(recipe):
        architecture = architecture_of(dataset, name)["name"]
        if facts_of(architecture).get("vectors", False) != has_vectors(dataset):
            what = "vectors" if has_vectors(dataset) else "sequences"
            problem = f"{name!r} has {architecture!r}, but {dataset!r} needs one of {what}"
            architectures = SCHEMA["$defs"]["architectures"]
            fit = [a for a in architectures if ("vectors" in facts_of(a)) == has_vectors(dataset)]
            refuse(place, problem, allowed=fit)
        unfit = [key for key in NOT_OF_VECTORS if config["recipes"][name].get(key)]
        if training_of(dataset, name)["reverse_complement"]:
            unfit.append("reverse_complement")
        if has_vectors(dataset) and unfit:
            refuse(place, f"{name!r} has {unfit[0]!r}, but models of {dataset!r} take vectors")


def check_compilation(dataset, recipe, place):
    """XLA needs sizes that are known beforehand, and EvoAug-TF cuts sequences by random ones."""
    for name in trained_for(recipe):
        of_library = isinstance(config["recipes"][name].get("augment"), dict)
        if of_library and training_of(dataset, name)["xla"]:
            refuse(place, f"{name!r} has transforms of EvoAug-TF, which XLA cannot compile")
