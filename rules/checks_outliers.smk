# Checks of groups of foreign sequences before any work. No rules here.


def check_outliers():
    """Groups of foreign sequences have a source that models of their data set can take."""
    for name in config["datasets"]:
        for group, how in outliers_of(name).items():
            place = f"datasets.{name}.outliers.{group}"
            if is_profile(name):
                refuse(place, "models tell profiles, and have no scores of foreign sequences")
            if group in ("test", "all"):
                refuse(place, f"the name {group!r} is taken: another one is needed")
            check_outliers_of_vectors(name, how, place)
            if how == "shuffle":
                continue
            if "dataset" in how:
                check_other_dataset(name, how["dataset"], f"{place}.dataset")
            elif "column" in how and assay_of(name)[0] != "table":
                refuse(f"{place}.column", f"{name!r} is no table of the user's: it has no columns")
            for key in ("file", "embeddings") if workflow.is_main_process else ():
                if key in how:
                    check_file(how[key], f"{place}.{key}")


def check_outliers_of_vectors(dataset, how, place):
    """Embeddings of a group are there where models take embeddings, and nowhere else."""
    asked = config["datasets"][dataset]["assay"].get("inputs") == "embeddings"
    if asked and how == "shuffle":
        refuse(place, "there are no embeddings of shuffled sequences: name a file of both")
    if "file" in how and asked != ("embeddings" in how):
        problem = "'embeddings' is missing, the vectors of these sequences"
        refuse(place, problem if asked else "'embeddings' are for assay.inputs: embeddings")


def check_other_dataset(dataset, other, place):
    """The test set of another data set is one that models can take."""
    if other not in config["datasets"] or other == dataset:
        others = [name for name in config["datasets"] if name != dataset]
        refuse(place, f"{other!r} is no other data set", other, others)
    if is_profile(other) or has_vectors(other) != has_vectors(dataset):
        refuse(place, f"models of {dataset!r} cannot take the inputs of {other!r}")
