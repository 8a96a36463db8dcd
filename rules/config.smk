# Queries of the config. No rules here.
#
# A run is a recipe trained on a fraction of a data set; recipes with a teacher are students.

import os
import sys
from pathlib import Path
from typing import NamedTuple

from snakemake.common.configfile import load_configfile

sys.path.insert(0, f"{workflow.basedir}/workflow_scripts")

from degu import assays, published
from degu.heads import Heads
from degu.job import InputError

SCHEMA = load_configfile(f"{workflow.basedir}/rules/config.schema.yaml")
# Config of the user's own files and --config, without config.yaml.
GIVEN = workflow.config_settings.overwrite_config
KNOWN = load_configfile(f"{workflow.basedir}/config.yaml")
# Keys of a recipe that decide a member's training, beside its architecture and settings.
TRAINED_BY = ["aleatoric", "likelihood", "shuffled", "augment", "finetune"]
TRAINED_BY += ["scale", "weights", "dynamic", "unlabelled", "measured_weight", "validate", "start"]
TRAINED_BY += ["features"]


class Run(NamedTuple):
    """All members of a recipe that are trained on a fraction of a data set."""

    dataset: str
    recipe: str
    fraction: str

    @property
    def path(self):
        """The run as part of a path."""
        return "/".join(self)

    @property
    def teachers(self):
        """The run of the teachers that a run is held against: for teachers itself."""
        return self._replace(recipe=teacher_of(self.recipe))


def is_student(recipe):
    """Whether a recipe distils the ensemble of another one."""
    return "teacher" in config["recipes"][recipe]


def recipes_of(students):
    """Recipes of students, or of teachers."""
    return [name for name in config["recipes"] if is_student(name) == students]


def teacher_of(recipe):
    """The recipe whose ensemble teaches this one; a teacher is its own."""
    return config["recipes"][recipe].get("teacher", recipe)


def is_foreign(recipe):
    """Whether members of a recipe were trained elsewhere, and answer requests for predictions."""
    return "predictions" in config["recipes"][recipe]


def is_composed(recipe):
    """Whether an ensemble of teachers is made of the members of several recipes."""
    return "members_of" in config["recipes"][recipe]


def is_trained(recipe):
    """Whether members of a recipe are trained here, and for it."""
    return not (is_foreign(recipe) or is_composed(recipe))


def composed_of(recipe):
    """Recipes whose members an ensemble of several has; of any other recipe itself."""
    return config["recipes"][recipe].get("members_of", [recipe])


def trained_for(recipe):
    """Recipes whose members a run of one needs: those that its ensemble is composed of, its own."""
    own = [] if is_composed(recipe) else [recipe]
    return list(dict.fromkeys([*composed_of(teacher_of(recipe)), *own]))


def weights_of(recipe):
    """How many times each member of an ensemble of several recipes counts, in their order.

    As often it stands among the members: their mean and their standard deviation (ddof 0) are those
    with normalised weights.
    """
    parts, each = composed_of(recipe), config["members"]["teachers"]
    weights = config["recipes"][recipe].get("member_weights", [1] * len(parts))
    return [weight for weight in weights for _ in range(each if len(weights) == len(parts) else 1)]


def size_of(recipe):
    """Number of members of a recipe's run: of a foreign ensemble its own, else the config's."""
    if is_student(recipe):
        return config["members"]["students"]
    if is_composed(recipe):
        return sum(weights_of(recipe))
    own = predictions_of(recipe) if is_foreign(recipe) else {}
    return own.get("members", config["members"]["teachers"])


def predictions_of(recipe):
    """How a foreign ensemble is asked for its predictions."""
    return config["recipes"][recipe]["predictions"]


def order_of(recipe):
    """Order of the letters in the one-hot encoding of a foreign ensemble."""
    return predictions_of(recipe).get("order", "ACGT")


def likelihood_of(recipe):
    """Name of the likelihood that models of a recipe, or their teachers, are fitted with, if any."""
    return config["recipes"][trained_for(recipe)[0]].get("likelihood", {}).get("name")


def needs_replicates(recipe):
    """Whether models of a recipe, or their teachers, learn the spread of the replicates."""
    return config["recipes"][trained_for(recipe)[0]].get("aleatoric", False)


def is_control(recipe):
    """Whether members of a recipe learn the measurements of other sequences."""
    return config["recipes"][recipe].get("shuffled", False)


def has_aleatoric(recipe):
    """Whether models of a recipe have aleatoric heads: learnt from replicates, or by likelihood."""
    return needs_replicates(recipe) or likelihood_of(recipe) is not None


def assay_of(dataset):
    """Name of a data set's assay, or of the format of a set of variants, and its options."""
    options = dict(sorted((config["datasets"] | config["variants"])[dataset]["assay"].items()))
    return options.pop("name"), options


def activities_of(dataset):
    """Names of a data set's activities."""
    return assays.activities(*assay_of(dataset))


def measured_of(dataset):
    """Names of a data set's activities that were measured."""
    return assays.measured(*assay_of(dataset))


def unmeasured_of(dataset):
    """Names of a data set's activities that were not measured, which an ensemble predicts."""
    known = measured_of(dataset)
    return [activity for activity in activities_of(dataset) if activity not in known]


def has_replicates(dataset):
    """Whether all targets of a data set come with the spread of their replicates."""
    return assays.has_replicates(*assay_of(dataset))


def is_profile(dataset):
    """Whether each base of a data set's sequences has its targets."""
    return assays.is_profile(config["datasets"][dataset]["assay"]["name"])


def is_classified(dataset):
    """Whether a data set's sequences have classes instead of activities."""
    return assays.is_classes(config["datasets"][dataset]["assay"])


def has_vectors(dataset):
    """Whether models of a data set take vectors instead of sequences."""
    return assays.has_vectors(config["datasets"][dataset]["assay"])


def outliers_of(dataset):
    """Groups of foreign sequences of a data set: where each comes from, by name."""
    return config["datasets"][dataset].get("outliers", {})


def sampled_by(recipe):
    """Passes that each member of a recipe is sampled by; 0 where the config asks for none."""
    dropout = config["calibration"]["dropout"]
    return dropout["passes"] if recipe in dropout["recipes"] else 0


def shards_of(dataset):
    """Number of jobs that share the labelling, and the prediction, of a data set."""
    return config["datasets"][dataset].get("shards", 1)


def architecture_of(dataset, recipe):
    """Architecture and its options: the recipe's, else the data set's."""
    of_dataset = config["datasets"][dataset]["architecture"]
    return config["recipes"][recipe].get("architecture", of_dataset)


def facts_of(architecture):
    """Facts of an architecture in the schema: whether it predicts profiles, which methods fail on it."""
    return SCHEMA["$defs"]["architectures"][architecture]


def training_of(dataset, recipe):
    """Training settings: the config's, overridden by the data set's, then by the recipe's.

    A level that gives `epochs` takes them instead of the `steps` of the levels before. A student
    whose budget is a multiple takes the multiple of its teachers' epochs or steps.
    """
    own, keys = config["datasets"][dataset].get("training", {}), config["recipes"][recipe]
    merged = dict(config["training"])
    for level in (own, keys.get("training", {})):
        merged |= ({"steps": None} if "epochs" in level else {}) | level
    if is_student(recipe) and "budget" in keys:
        taught = training_of(dataset, keys["teacher"])
        merged |= {key: taught[key] for key in ("epochs", "steps")}
    return dict(sorted(merged.items()))


def budget_of(recipe):
    """Multiple of the data set's epochs or steps; a student's is one of its teachers'."""
    budget = config["recipes"][recipe]["budget"]
    teacher = config["recipes"][teacher_of(recipe)]
    return budget * teacher.get("budget", 1) if is_student(recipe) else budget


def trained_by(dataset, recipe):
    """Keys of a recipe that decide the training of a member; strands where minibatches are labelled."""
    keys = config["recipes"][recipe]
    found = {key: keys[key] for key in sorted(TRAINED_BY) if keys.get(key) is not None}
    found |= {"budget": budget_of(recipe)} if "budget" in keys else {}
    return found | ({"strands": strands_of(dataset)} if "dynamic" in keys else {})


def strands_of(dataset):
    """Strands over which models of a data set average their predictions: forward, or both."""
    return config["datasets"][dataset].get("strands", "forward")


def adaptors_of(dataset, variants=None):
    """Letters left and right of inserts: a data set's, else those that a set of variants names."""
    of_variants = config["variants"].get(variants, {}).get("adaptors")
    adaptors = config["datasets"][dataset].get("adaptors") or of_variants or {}
    return [adaptors.get(side, "").upper() for side in ("left", "right")]


def licence_of(dataset, recipe):
    """Terms under which the teachers of a recipe may be used; nothing where the config says none."""
    owners = (
        config["recipes"][recipe],
        config["recipes"][teacher_of(recipe)],
        *(config["recipes"][name] for name in composed_of(teacher_of(recipe))),
        config["datasets"][dataset],
    )
    return next((owner["licence"] for owner in owners if "licence" in owner), "")


def published_of(dataset):
    """Published assay of each activity of a data set that names one."""
    targets = config["datasets"][dataset].get("targets", {})
    return {name: said["published"] for name, said in targets.items() if "published" in said}


def start_of(recipe, member):
    """Number of the teacher whose weights a student starts from, if it does."""
    warm = "start" in config["recipes"][recipe]
    return int(member) % number_of_teachers(recipe) if warm else None


def unlabelled_of(recipe):
    """Sequences without measurements that students of a recipe learn, with what decides them."""
    keys = SCHEMA["$defs"]["unlabelled"]["properties"]
    asked = config["recipes"][recipe].get("unlabelled") or {}
    asked = {key: asked.get(key, keys[key].get("default")) for key in keys}
    return {key: asked[key] for key in keys if asked[key] and (key != "rate" or asked["mutate"])}


def name_of_unlabelled(asked):
    """Name of what `unlabelled_of` asks for, such as mutate4_rate0.05_natural-peaks."""
    brought = asked.get("natural", "")
    file = brought["bed"] if isinstance(brought, dict) else brought
    parts = {key: f"{key}{value}" for key, value in asked.items()}
    parts |= {"natural": f"natural-{Path(file).name.split('.')[0]}"} if file else {}
    return "_".join(parts.values())


def requests_of(run):
    """Requests to a foreign ensemble: its data set, and what its students learn beside it."""
    kinds = {
        (name_of_unlabelled(unlabelled_of(one.recipe)), one.fraction)
        for one in runs_of_config()
        if is_student(one.recipe) and one.teachers == run
    }
    return ["data", *(f"{name}/{fraction}" for name, fraction in sorted(kinds) if name)]


def attribution_of(dataset):
    """How models of a data set are explained: its own keys, else those of all data sets."""
    return config["attribution"] | config["datasets"][dataset].get("attribution", {})


def number_of_teachers(recipe):
    """Number of members of the ensemble that a student learns from."""
    return config["recipes"][recipe].get("teachers", size_of(teacher_of(recipe)))


def members_of(run):
    """Largest number of members of a run: of teachers as many as the student with most has."""
    if is_student(run.recipe):
        return size_of(run.recipe)
    students = [name for name in recipes_of(students=True) if teacher_of(name) == run.recipe]
    return max(size_of(run.recipe), *map(number_of_teachers, students), 0)


def runs_of_config():
    """Each run once, teachers before the students that need them."""
    return list(
        dict.fromkeys(
            Run(dataset, recipe, str(float(fraction)))
            for run in config["runs"]
            for dataset in run["datasets"]
            for fraction in run["fractions"]
            for student in run["recipes"]
            for recipe in (*composed_of(teacher_of(student)), teacher_of(student), student)
        )
    )


def files_of(owner):
    """Files of the config by role: of a data set, of a set of variants, or the genomes."""
    if owner == "genomes":
        return config["genomes"]
    files = (config["datasets"] | config["variants"])[owner]["files"]
    return assays.files(*assay_of(owner), files) if owner in config["datasets"] else files


def expanded(file):
    """The path of a file of the user's, without ~ and variables."""
    return Path(os.path.expandvars(file)).expanduser()


def title_of(section, name):
    """Name that figures show of a data set, a set of variants or a recipe."""
    return config[section][name].get("title", name.replace("_", " "))


def targets_of(dataset):
    """Title and unit of each activity of a data set, as axes show them."""
    said, unit = config["datasets"][dataset].get("targets", {}), assays.unit(assay_of(dataset)[0])
    return {
        activity: [
            said.get(activity, {}).get("title", activity.replace("_", " ")),
            said.get(activity, {}).get("unit", unit),
        ]
        for activity in activities_of(dataset)
    }


def own(section):
    """Names that the user's config defines in a section, and config.yaml does not."""
    return [name for name in GIVEN.get(section, {}) if name not in KNOWN[section]]


def follow_own_data():
    """Let data, runs and figures that a config with data sets of its own leaves out follow from them.

    Otherwise those of the paper would be downloaded and trained on, and its figures be missed. A
    config that says for which ones of the paper its data sets stand asks for its figures.
    """
    names = own("datasets")
    if not names:
        if GIVEN and "runs" not in GIVEN:
            tell(
                "config: it defines no data set and no runs: those of config.yaml, the paper's, run"
            )
        return
    if "runs" not in GIVEN:
        config["runs"] = [runs_by_default(name) for name in names]
        for run in config["runs"]:
            told = f"{run['datasets'][0]} by {' and '.join(run['recipes'])}"
            tell(f"config: runs follow from the data sets: {told}")
    if "data" not in GIVEN:
        names += [name for run in config["runs"] for name in run["datasets"]]
        scored = [
            name
            for name, variants in config["variants"].items()
            if variants.get("models", {}).keys() & set(names)
        ]
        config["data"] = list(dict.fromkeys(names + scored))
        tell(f"config: data follow from the data sets: {', '.join(config['data'])}")
    if not {"figures", "paper"} & GIVEN.keys():
        config["figures"] = [name for name in config["figures"] if not of_paper(name)]
    if "paper" not in GIVEN:
        leave_out_costly()


def leave_out_costly():
    """Dropout sampling and DeepSHAP, which outlast trainings, are for own data that ask for them."""
    if "recipes" not in GIVEN.get("calibration", {}).get("dropout", {}):
        config["calibration"]["dropout"]["recipes"] = []
        tell("config: no sampling with dropout: calibration.dropout.recipes asks for it")
    if "methods" not in GIVEN.get("attribution", {}):
        config["attribution"]["methods"] = ["saliency"]
        tell(
            "config: attribution by saliency alone: attribution.methods asks for deepshap and others"
        )


def runs_by_default(dataset):
    """Teachers of a data set and their students, with noise where there are replicates."""
    recipes = ["aleatoric", "degu_aleatoric"] if has_replicates(dataset) else ["standard", "degu"]
    return {"datasets": [dataset], "recipes": recipes, "fractions": [1.0]}


def of_paper(figure):
    """Whether a figure is one of the paper's by number, or of its one-dimensional functions."""
    return figure.removeprefix("fig").removeprefix("supp").isdecimal() or figure == "toy"


def tell(message):
    """Say something on the terminal, once and not in each job."""
    if workflow.is_main_process:
        logger.warning(message)
