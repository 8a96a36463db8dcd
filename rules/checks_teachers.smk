# Models that guide students by features or outputs: queries of the config and its checks. No rules here.

# Keys of recipes whose sequences no such model has seen, or whose targets are others.
NOT_OF_FEATURES = ("dynamic", "unlabelled", "shuffled")


def guides_known(dataset):
    """Models that a data set names as teachers of features or outputs, by name."""
    return config["datasets"][dataset].get("teachers", {})


def guides(recipe):
    """Names of the models that guide members of a recipe; none for most."""
    return config["recipes"][recipe].get("features", {}).get("teachers", [])


def outputs_of_guide(dataset, guide):
    """Where outputs of a model come from: own ones, or fitted ones, also where nothing is said."""
    model = guides_known(dataset)[guide]
    return model.get("outputs", "own" if "finetune" in model else "fitted")


def vectors_of(dataset, guide, fraction):
    """File of a model's vectors: the user's, or made here; a fine-tuned one has one a fraction."""
    model = guides_known(dataset)[guide]
    if "file" in model:
        return path_of("", model["file"])
    tuned = fraction if "finetune" in model else "frozen"
    return f"results/embeddings/{dataset}/{guide}/{tuned}.h5"


def model_of(dataset, guide):
    """Keys that a model is loaded by, its own file in full, and how it is fine-tuned."""
    keys = guides_known(dataset)[guide]
    model = {key: dict(keys[key]) for key in ("keras", "huggingface", "finetune") if key in keys}
    if "keras" in model:
        model["keras"]["file"] = os.path.abspath(path_of("", model["keras"]["file"]))
    return model


def check_features():
    """Recipes with features name each teacher once, and weigh them by one rule."""
    for name, recipe in config["recipes"].items():
        asked, place = recipe.get("features"), f"recipes.{name}"
        if not asked:
            continue
        if ("alpha" in asked) != (asked["combine"] == "convex"):
            refuse(f"{place}.features.alpha", "it goes together with combine: convex, and only so")
        for key in [key for key in NOT_OF_FEATURES if recipe.get(key)]:
            refuse(f"{place}.{key}", "it does not go together with 'features'")
        if asked["loss"] == "logit" and recipe.get("scale") == "members":
            refuse(f"{place}.features.loss", "logit does not go together with scale: members")


def check_orders():
    """Files are not fine-tuned; each letter of a model's order stands once."""
    for dataset in config["datasets"]:
        for guide, model in guides_known(dataset).items():
            place = f"datasets.{dataset}.teachers.{guide}"
            for key in [key for key in ("python", "finetune") if "file" in model and key in model]:
                refuse(f"{place}.{key}", "a file of vectors is no model that runs")
            order = model.get("keras", {}).get("order", "ACGT")
            if sorted(order) != sorted("ACGT"):
                problem = f"{order!r} has a letter twice"
                refuse(f"{place}.keras.order", problem, allowed=["A, C, G and T, each once"])


def check_features_of(dataset, recipe, place):
    """Teachers of features are known to the data set, whose networks have features."""
    asked = config["recipes"][recipe].get("features")
    if not asked:
        return
    known = guides_known(dataset)
    for guide in asked["teachers"]:
        if guide not in known:
            problem = f"{recipe!r} has the teacher {guide!r}, which {dataset!r} does not name"
            refuse(place, problem, guide, known or ["none: datasets.….teachers is empty"])
        fitted = asked["loss"] == "logit" and outputs_of_guide(dataset, guide) == "fitted"
        if fitted and (is_classified(dataset) or unmeasured_of(dataset)):
            what = "classes" if is_classified(dataset) else "activities that were not measured"
            problem = f"{dataset!r} has {what}, to which no logits are fitted"
            refuse(f"datasets.{dataset}.teachers.{guide}.outputs", problem, allowed=["own"])
    if is_profile(dataset):
        refuse(place, f"{recipe!r} has 'features', but {dataset!r} has profiles")


def check_guides():
    """Files and interpreters of models that guide some run are there."""
    used = {
        (run.dataset, guide)
        for run in (runs_of_config() if workflow.is_main_process else ())
        for guide in guides(run.recipe)
    }
    for dataset, guide in sorted(used):
        model, place = guides_known(dataset)[guide], f"datasets.{dataset}.teachers.{guide}"
        if "file" in model:
            check_file(model["file"], f"{place}.file")
        if "keras" in model:
            check_file(model["keras"]["file"], f"{place}.keras.file")
        if "python" in model:
            check_file(model["python"], f"{place}.python")
