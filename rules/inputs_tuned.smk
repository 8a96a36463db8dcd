# Inputs of studies, and of recipes that take their values. No rules here.

from types import SimpleNamespace

# Studies of data sets and fractions, which runs of tuned recipes need.
STUDIED = list(
    dict.fromkeys(
        (run.dataset, tuned_by(run.recipe), run.fraction) for run in RUNS if tuned_by(run.recipe)
    )
)
JOINED["trials"] = Joined(
    [f"results/tables/trials/{'/'.join(place)}.tsv" for place in STUDIED],
    ["dataset", "study", "fraction"],
)
TABLES += ["trials.tsv"] if STUDIED else []
PARTS_OF_TABLES += JOINED["trials"].parts


wildcard_constraints:
    study="|".join(config["studies"]) or "(?!)",
    worker=r"\d+",


def chosen_of(wildcards):
    """Values that a recipe takes from its study; none if it is not tuned."""
    study = tuned_by(wildcards.recipe)
    place = f"{wildcards.dataset}/{study}/{wildcards.fraction}"
    return f"results/tuning/{place}/chosen.json" if study else []


def workers_of(wildcards):
    """Files of the workers of a study."""
    folder = f"results/tuning/{wildcards.dataset}/{wildcards.study}/{wildcards.fraction}"
    number = tuning_of(wildcards.dataset)["workers"]
    return [f"{folder}/worker{worker}.json" for worker in range(number)]


def of_study(inputs):
    """Inputs of the trainings of a study: those of the first member of its recipe."""

    def of_member(wildcards):
        recipe = studied_by(wildcards.study)
        place = dict(dataset=wildcards.dataset, recipe=recipe, fraction=wildcards.fraction)
        return inputs(SimpleNamespace(**place, member="0"))

    return of_member


def searched_by(wildcards):
    """Facts of a study that decide what its trials reach, beside their number."""
    recipe, dataset = studied_by(wildcards.study), wildcards.dataset
    halving = {key: tuning_of(dataset)[key] for key in ("reduction", "grace")}
    return {
        "architecture": architecture_of(dataset, recipe),
        "settings": training_of(dataset, recipe),
        "recipe": trained_by(dataset, recipe),
        "space": space_of(wildcards.study),
        **halving,
    }
