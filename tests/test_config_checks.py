"""A mistake in the config ends in one clear line before any job; what is left out follows."""

import datetime
import gzip
import math
import re
import sys
from copy import deepcopy

import pytest
import yaml

from workflow import (
    ROOT,
    checked,
    checks,
    jobs,
    made_config,
    make,
    refusal,
    snakemake,
    snakemakes,
    write_yaml,
)


def made(**changes):
    """Change the definition of the data set `made`."""
    return {"datasets": {"made": changes}}


def assay(**changes):
    """Change the assay of the data set `made`."""
    return made(assay=changes)


def measured(how):
    """Define another data set, whose target is measured in some way."""
    other = made_config("x.tsv")["datasets"]["made"]
    other["assay"]["targets"] = {"activity": how}
    return {"datasets": {"other": other}}


def run(**changes):
    """Change the one line of `runs`."""
    return {"runs": [{"datasets": ["made"], "recipes": ["degu"], "fractions": [1.0]} | changes]}


def other(**changes):
    """Define another data set, whose assay differs in some keys; without columns if misspelt."""
    definition = made_config("x.tsv")["datasets"]["made"]
    definition["assay"] |= changes
    if "colunms" in changes:
        del definition["assay"]["columns"]
    return {"datasets": {"other": definition}}


def classified(recipe=None, **changes):
    """Define another data set, of classes, and train a recipe on it, if one is given."""
    definition = made_config("x.tsv")["datasets"]["made"]
    del definition["assay"]["targets"]
    definition["assay"]["classes"] = {"column": "family", "names": ["tRNA", "5S-rRNA"]} | changes
    trained = [{"datasets": ["other"], "recipes": [recipe], "fractions": [1.0]}]
    return {"datasets": {"other": definition}} | ({"runs": trained} if recipe else {})


def embedded(recipe, **keys):
    """Define another data set whose models take vectors, and train a recipe on it.

    With keys of its own the recipe is a new one, of students.
    """
    student = {"teacher": "standard", "scale": "std", "weights": {"epistemic": 1, "aleatoric": 1}}
    changed = other(inputs={"kmers": 4})
    changed["datasets"]["other"]["architecture"] = {"name": "mlp"}
    changed |= run(datasets=["other"], recipes=[recipe])
    return changed | ({"recipes": {recipe: student | keys}} if keys else {})


ADAPTORS = {"left": "AGGACC", "right": "CATTG"}
SCORES = {"vcf": "/none/my.vcf", "genome": "hg38", "students": {"made": ["degu"]}}


def reporter(files=("experiment", "design"), **options):
    """Define a data set from a reporter experiment."""
    definition = {
        "assay": {"name": "reporter"} | options,
        "files": {role: f"{role}.tsv" for role in files},
        "architecture": {"name": "compact_cnn"},
    }
    return {"datasets": {"mpra": definition}}


# A mistake, and the line that names it: key, value, what is allowed (* stands for a list).
MISTAKES = {
    "unknown section": (
        {"member": {"teachers": 3}},
        "top level: unknown key 'member'; allowed: *. Did you mean 'members'?",
    ),
    "unknown key": (
        {"members": {"teacher": 3}},
        "members: unknown key 'teacher'; allowed: teachers, students. Did you mean 'teachers'?",
    ),
    "unknown key of a run": (
        {"runs": [{"dataset": ["made"], "recipes": ["degu"], "fractions": [1.0]}]},
        "runs[0]: unknown key 'dataset'; allowed: datasets, recipes, fractions. "
        "Did you mean 'datasets'?",
    ),
    "unknown key of a recipe": (
        {"recipes": {"degu": {"teachr": "standard"}}},
        "recipes.degu: unknown key 'teachr'; allowed: *. Did you mean 'teacher'?",
    ),
    "unknown key deep in a recipe": (
        {"recipes": {"degu": {"training": {"epoch": 3}}}},
        "recipes.degu.training: unknown key 'epoch'; allowed: *. Did you mean 'epochs'?",
    ),
    "unknown key of a data set": (
        made(trainings={"epochs": 3}),
        "datasets.made: unknown key 'trainings'; allowed: *. Did you mean 'training'?",
    ),
    "unknown key of an assay": (
        assay(column={"sequence": "x"}),
        "datasets.made.assay: unknown key 'column' (it stands under 'classes'); allowed: *. Did "
        "you mean 'columns'?",
    ),
    "key of a loader beside the assay": (
        made(columns={"sequence": "x"}),
        "datasets.made: unknown key 'columns' (it stands under 'assay'); allowed: *",
    ),
    "unknown key deep in a data set": (
        assay(columns={"sequenc": "x"}),
        "datasets.made.assay.columns: unknown key 'sequenc'; allowed: sequence, name, split, "
        "group, region. Did you mean 'sequence'?",
    ),
    "recipe of a run": (
        run(recipes=["degus"]),
        "runs[0].recipes: 'degus' is not defined; allowed: *. Did you mean 'degu'?",
    ),
    "data set of a run": (
        run(datasets=["mad"]),
        "runs[0].datasets: 'mad' is not defined; allowed: *. Did you mean 'made'?",
    ),
    "data set to describe": (
        {"data": ["mad"]},
        "data: 'mad' is not defined; allowed: *. Did you mean 'made'?",
    ),
    "teacher": (
        {"recipes": {"degu": {"teacher": "standrd"}}},
        "recipes.degu.teacher: there is no recipe 'standrd'; allowed: *. Did you mean 'standard'?",
    ),
    "student as teacher": (
        {"recipes": {"degu": {"teacher": "degu_logvar"}}},
        "recipes.degu.teacher: 'degu_logvar' is a student itself; allowed: standard, *",
    ),
    "its own teacher": (
        {"recipes": {"degu": {"teacher": "degu"}}},
        "recipes.degu.teacher: 'degu' is a student itself; allowed: standard, *",
    ),
    "teacher with a scale": (
        {"recipes": {"standard": {"scale": "std"}}},
        "recipes.standard.scale: only a recipe with a teacher has it",
    ),
    "student without weights": (
        {"recipes": {"mine": {"teacher": "standard", "scale": "std"}}},
        "recipes.mine: 'weights' is missing",
    ),
    "student with a likelihood": (
        {"recipes": {"degu": {"likelihood": {"name": "gaussian"}}}},
        "recipes.degu.likelihood: only a recipe without a teacher has it",
    ),
    "noise by two ways": (
        {"recipes": {"aleatoric": {"likelihood": {"name": "gaussian"}}}},
        "recipes.aleatoric.likelihood: it does not go together with 'aleatoric'",
    ),
    "evidential without weight": (
        {"recipes": {"mine": {"likelihood": {"name": "evidential"}}}},
        "recipes.mine.likelihood: 'weight' is missing",
    ),
    "option of another likelihood": (
        {"recipes": {"mine": {"likelihood": {"name": "gaussian", "weight": 1}}}},
        "recipes.mine.likelihood: unknown key 'weight'; allowed: name",
    ),
    "evidential teachers": (
        {
            "recipes": {
                "degu": {"teacher": "mine"},
                "mine": {"likelihood": {"name": "evidential", "weight": 1}},
            }
        },
        "recipes.degu.teacher: 'mine' is evidential: its epistemic heads are no spread over "
        "members",
    ),
    "students of a control": (
        {"recipes": {"degu": {"teacher": "shuffled"}}},
        "recipes.degu.teacher: 'shuffled' is a control on shuffled measurements: it has nothing to "
        "teach",
    ),
    "shuffled labels": (
        {"recipes": {"degu": {"shuffled": True}}},
        "recipes.degu.shuffled: only a recipe without a teacher has it",
    ),
    "bound without a name": (
        {"warnings": {"factor": 3}},
        "warnings: unknown key 'factor'; allowed: *relative_width",
    ),
    "bound as text": (
        {"warnings": {"conformal_factor": "many"}},
        "warnings.conformal_factor: 'many' is text, a number is needed*",
    ),
    "labels of one teacher": (
        {"recipes": {"degu": {"teachers": 1}}},
        "recipes.degu.teachers: 1 is less than the minimum of 2",
    ),
    "teacher with fewer teachers": (
        {"recipes": {"standard": {"teachers": 2}}},
        "recipes.standard.teachers: only a recipe with a teacher has it",
    ),
    "scheme": (
        {"recipes": {"degu": {"dynamic": {"scheme": "shufle", "mode": "append"}}}},
        "recipes.degu.dynamic.scheme: 'shufle' is not known; allowed: mutagenesis, evoaug, "
        "shuffle. Did you mean 'shuffle'?",
    ),
    "measurements of augmented sequences": (
        {
            "recipes": {
                "degu": {
                    "dynamic": {"scheme": "shuffle", "mode": "append"},
                    "measured_weight": 0.5,
                }
            }
        },
        "recipes.degu.dynamic: it does not go together with 'measured_weight'",
    ),
    "measured weight above one": (
        {"recipes": {"degu": {"measured_weight": 1.5}}},
        "recipes.degu.measured_weight: 1.5 is greater than the maximum of 1",
    ),
    "sequences without measurements of a teacher": (
        {"recipes": {"standard": {"unlabelled": {"mutate": 1}}}},
        "recipes.standard.unlabelled: only a recipe with a teacher has it",
    ),
    "kind of sequences without measurements": (
        {"recipes": {"degu": {"unlabelled": {"mutat": 4}}}},
        "recipes.degu.unlabelled: unknown key 'mutat'; allowed: *. Did you mean 'mutate'?",
    ),
    "rate of no substitutions": (
        {"recipes": {"degu": {"unlabelled": {"rate": 0.1}}}},
        "recipes.degu.unlabelled: 'rate' goes together with 'mutate' only (*)",
    ),
    "sequences without measurements that dynamic labels replace": (
        {
            "recipes": {
                "degu": {
                    "dynamic": {"scheme": "shuffle", "mode": "append"},
                    "unlabelled": {"mutate": 1},
                }
            }
        },
        "recipes.degu.dynamic: it does not go together with 'unlabelled'",
    ),
    "shifts without a genome": (
        {"recipes": {"degu": {"unlabelled": {"shift": 1}}}},
        "runs[0].recipes: 'degu' has 'unlabelled: shift', but the data set 'made' knows no places "
        "in a genome: those of a table are files.genome and assay.columns.region",
    ),
    "crossovers of profiles": (
        {"recipes": {"degu_aleatoric": {"unlabelled": {"mutate": 1, "crossover": 1}}}}
        | run(datasets=["atac_a549"], recipes=["degu_aleatoric"]),
        "runs[0].recipes: 'degu_aleatoric' has 'unlabelled: crossover', but 'atac_a549' has "
        "profiles",
    ),
    "genome of natural sequences": (
        {"recipes": {"degu": {"unlabelled": {"natural": {"bed": "x.bed", "genome": "hg18"}}}}},
        "recipes.degu.unlabelled.natural.genome: 'hg18' is not defined; allowed: hg38, hg19. "
        "Did you mean 'hg38'?",
    ),
    "BED without its genome": (
        {"recipes": {"degu": {"unlabelled": {"natural": "x.bed.gz"}}}},
        "recipes.degu.unlabelled.natural: 'x.bed.gz' needs its genome; allowed: "
        "{bed: FILE, genome: NAME}",
    ),
    "natural sequences that are not there": (
        {"recipes": {"degu": {"unlabelled": {"natural": "/none/x.fa"}}}},
        "recipes.degu.unlabelled.natural: '/none/x.fa' is not there (a relative path starts at the "
        "Snakefile's folder)",
    ),
    "BED that is not there": (
        {"recipes": {"degu": {"unlabelled": {"natural": {"bed": "/none/x", "genome": "hg38"}}}}},
        "recipes.degu.unlabelled.natural.bed: '/none/x' is not there *)",
    ),
    "two files of one name": (
        {
            "recipes": {
                "degu": {"unlabelled": {"natural": "a/x.fa"}},
                "degu_logvar": {"unlabelled": {"natural": "b/x.tsv"}},
            }
        },
        "recipes.degu_logvar.unlabelled.natural: 'b/x.tsv' needs another file name than 'a/x.fa' "
        "of the recipe 'degu'",
    ),
    "validation of a teacher": (
        {"recipes": {"standard": {"validate": "labels"}}},
        "recipes.standard.validate: only a recipe with a teacher has it",
    ),
    "start of a teacher": (
        {"recipes": {"standard": {"start": "teacher"}}},
        "recipes.standard.start: only a recipe with a teacher has it",
    ),
    "start from another network": (
        {"recipes": {"degu": {"start": "teacher", "architecture": {"name": "deepstarr"}}}},
        "runs[0].recipes: 'degu' starts from teachers of another architecture on 'made'",
    ),
    "budget of nothing": (
        {"recipes": {"degu": {"budget": 0}}},
        "recipes.degu.budget: 0 is less than or equal to the minimum of 0",
    ),
    "two budgets of a student": (
        {"recipes": {"degu": {"budget": 3, "training": {"epochs": 20}}}},
        "recipes.degu.budget: it does not go together with training.epochs",
    ),
    "two budgets of a data set": (
        made(training={"epochs": 20, "steps": 900}),
        "datasets.made.training.epochs: the budget is given in steps",
    ),
    "schedule": (
        {"training": {"schedule": "cosin"}},
        "training.schedule: 'cosin' is not known; allowed: plateau, cosine. Did you mean 'cosine'?",
    ),
    "patience of a cosine": (
        {"recipes": {"degu": {"training": {"schedule": "cosine", "patience": 3}}}},
        "recipes.degu.training.patience: a cosine falls over its whole budget, and has none",
    ),
    "fewer steps than warm-up": (
        made(training={"steps": 399, "warmup_steps": 400}),
        "runs[0].recipes: trainings of 'standard' on 'made' have 399 steps, but 400 warmup_steps",
    ),
    "rate below its minimum": (
        {"recipes": {"degu": {"training": {"minimum_rate": 0.1}}}},
        "runs[0].recipes: trainings of 'degu' on 'made' have a minimum_rate above their "
        "learning_rate",
    ),
    "average of one epoch": (
        {"training": {"average": 1}},
        "training.average: 1 is less than the minimum of 2 (Mean weights*",
    ),
    "average without statistics": (
        made(training={"average": 2, "batchnorm_sample": 0}),
        "runs[0].recipes: trainings of 'standard' on 'made' have an average, whose statistics need "
        "a batchnorm_sample",
    ),
    "average of more epochs than there are": (
        made(training={"average": 8, "epochs": 7}),
        "runs[0].recipes: trainings of 'standard' on 'made' have 7 epochs, but an average of 8",
    ),
    "strands": (
        made(strands="revers"),
        "datasets.made.strands: 'revers' is not known; allowed: forward, both",
    ),
    "two ways of measuring": (
        measured({"mean": "m", "replicates": ["r1", "r2"]}),
        "datasets.other.assay.targets.activity: has mean, replicates, one choice of keys is "
        "needed; allowed: replicates, mean, bins",
    ),
    "a column with a wildcard": (
        measured({"replicates": ["r*", "b"]}),
        "datasets.other.assay.targets.activity.replicates[0]: 'r*' is not allowed "
        "(Title of one column, without a *)",
    ),
    "one replicate": (
        measured({"replicates": ["r1"]}),
        "datasets.other.assay.targets.activity.replicates: ['r1'] is one replicate, "
        "but a standard deviation needs two or more",
    ),
    "aleatoric without replicates": (
        run(recipes=["standard", "aleatoric"]),
        "runs[0].recipes: 'aleatoric' has aleatoric heads, but the data set 'made' has targets "
        "without replicates or std",
    ),
    "aleatoric student without replicates": (
        run(recipes=["degu_aleatoric"]),
        "runs[0].recipes: 'degu_aleatoric' has aleatoric heads, but the data set 'made' has "
        "targets without replicates or std",
    ),
    "fraction of nothing": (
        run(fractions=[0.5, 0]),
        "runs[0].fractions[1]: 0 is less than the minimum of 0.0001",
    ),
    "fraction above one": (
        run(fractions=[1.5]),
        "runs[0].fractions[0]: 1.5 is greater than the maximum of 1",
    ),
    "fraction below zero": (
        run(fractions=[-0.5]),
        "runs[0].fractions[0]: -0.5 is less than the minimum of 0.0001",
    ),
    "recipe with dropout": (
        {"calibration": {"dropout": {"recipes": ["standrd"]}}},
        "calibration.dropout.recipes: 'standrd' is not defined; allowed: *. "
        "Did you mean 'standard'?",
    ),
    "one group of intervals": (
        {"calibration": {"groups": 1}},
        "calibration.groups: 1 is less than the minimum of 2",
    ),
    "models of variants": (
        {"variants": {"cagi5": {"models": {"lentimpra_k526": ["PKLR"]}}}},
        "variants.cagi5.models: 'lentimpra_k526' is not defined; allowed: *. "
        "Did you mean 'lentimpra_k562'?",
    ),
    "locus of variants": (
        {"variants": {"cagi5": {"models": {"made": ["PKLRR"]}}}},
        "variants.cagi5.models.made: 'PKLRR' is not in loci; allowed: *. Did you mean 'PKLR'?",
    ),
    "variants for profiles": (
        {"variants": {"cagi5": {"models": {"atac_a549": ["PKLR"]}}}},
        "variants.cagi5.models: models of 'atac_a549' tell profiles, and score no variants",
    ),
    "key of variants": (
        {"variants": {"cagi5": {"assay": {"windw": 230}}}},
        "variants.cagi5.assay: unknown key 'windw'; allowed: *. Did you mean 'window'?",
    ),
    "data set of the paper": (
        {"paper": {"k562": "mad"}},
        "paper.k562: 'mad' is not defined; allowed: *. Did you mean 'made'?",
    ),
    "variants of the paper": (
        {"paper": {"variants": "starrseq"}},
        "paper.variants: 'starrseq' is not defined; allowed: cagi5",
    ),
    "part of the paper": (
        {"paper": {"K562": "made"}},
        "paper: unknown key 'K562'; allowed: starrseq, k562, hepg2, atac, variants",
    ),
    "one teacher": (
        {"members": {"teachers": 1}},
        "members.teachers: 1 is less than the minimum of 2",
    ),
    "figure": (
        {"figures": ["performnce"]},
        "figures[0]: 'performnce' is not known; allowed: *. Did you mean 'performance'?",
    ),
    "title of an activity": (
        made(targets={"activty": {"unit": "log2"}}),
        "datasets.made.targets: there is no activity 'activty'; allowed: activity. "
        "Did you mean 'activity'?",
    ),
    "published assay": (
        made(targets={"activity": {"published": "lentimpra/K652"}}),
        "datasets.made.targets.activity.published: no r of 'lentimpra/K652' is known; allowed: *. "
        "Did you mean 'lentimpra/K562'?",
    ),
    "one title for two recipes": (
        {"recipes": {"degu_logvar": {"title": "DEGU"}}},
        "recipes.degu.title: 'DEGU' is the title of 'degu_logvar' already",
    ),
    "oracle": (
        {"shift": {"oracle": "standrad"}},
        "shift.oracle: 'standrad' is no recipe of teachers; allowed: *. Did you mean 'standard'?",
    ),
    "oracle that is a student": (
        {"shift": {"oracle": "degu"}},
        "shift.oracle: 'degu' is no recipe of teachers; allowed: *",
    ),
    "head to explain": (
        made(attribution={"heads": ["activity", "activity_epistmic"]}),
        "datasets.made.attribution.heads: there is no head 'activity_epistmic'; allowed: activity, "
        "activity_aleatoric, activity_epistemic. Did you mean 'activity_epistemic'?",
    ),
    "method of attribution": (
        {"attribution": {"methods": ["deepsahp"]}},
        "attribution.methods[0]: 'deepsahp' is not known; allowed: *. Did you mean 'deepshap'?",
    ),
    "method that has no rules for a network": (
        {"recipes": {"degu": {"architecture": {"name": "dream_rnn"}}}}
        | made(attribution={"methods": ["deepshap"]}),
        "datasets.made.attribution.methods: deepshap does not explain 'dream_rnn' (recipe "
        "'degu'), which has recurrent layers; allowed: saliency, integrated_gradients, ism, tism",
    ),
    "heads of attribution": (
        {"attribution": {"heads": "activity"}},
        "attribution.heads: 'activity' is not known; allowed: activities, all. "
        "Did you mean 'activities'?",
    ),
    "architecture": (
        made(architecture={"name": "deepstar"}),
        "datasets.made.architecture.name: 'deepstar' is not known; allowed: *. "
        "Did you mean 'deepstarr'?",
    ),
    "option of another architecture": (
        {"recipes": {"degu": {"architecture": {"name": "deepstarr", "width": 32}}}},
        "recipes.degu.architecture: unknown key 'width'; allowed: *",
    ),
    "option of an architecture": (
        made(architecture={"wdth": 32}),
        "datasets.made.architecture: unknown key 'wdth'; allowed: *. Did you mean 'width'?",
    ),
    "network of profiles for single activities": (
        {"recipes": {"standard": {"architecture": {"name": "cnn_task_base"}}}},
        "runs[0].recipes: 'standard' has 'cnn_task_base', but 'made' needs one of single "
        "activities; allowed: deepstarr, residualbind, compact_cnn, mprann, dream_rnn",
    ),
    "network of single activities for profiles": (
        run(datasets=["atac_a549"], recipes=["mprann"]),
        "runs[0].recipes: 'mprann' has 'mprann', but 'atac_a549' needs one of profiles; "
        "allowed: cnn_task_base",
    ),
    "classes beside targets": (
        other(classes={"column": "family", "names": ["a", "b"]}),
        "datasets.other.assay: has name, columns, targets, missing, classes, one choice of keys is "
        "needed; allowed: targets, classes",
    ),
    "a single class": (
        classified(names=["tRNA"]),
        "datasets.other.assay.classes.names: 1 given, at least 2 needed (as in [tRNA, miRNA])",
    ),
    "too many classes": (
        classified(names=[f"c{number}" for number in range(1001)]),
        "datasets.other.assay.classes.names: 1001 given, at most 1000 needed (as in [tRNA, miRNA])",
    ),
    "a class that stands twice": (
        classified(names=["tRNA", "miRNA", "tRNA"]),
        "datasets.other.assay.classes.names: 'tRNA' stands twice (as in [tRNA, miRNA])",
    ),
    "a class with the name of a head": (
        classified(names=["tRNA", "mutual_information"]),
        "datasets.other.assay.classes: 'mutual_information' ends as heads of uncertainty do: "
        "another name is needed",
    ),
    "recipe that classes have not": (
        classified("heteroscedastic"),
        "runs[0].recipes: 'heteroscedastic' has 'likelihood', but 'other' has classes",
    ),
    "dynamic labels of classes": (
        classified("degu_dynamic_evoaug"),
        "runs[0].recipes: 'degu_dynamic_evoaug' has 'dynamic', but 'other' has classes",
    ),
    "embeddings without a file": (
        other(inputs="embeddings"),
        "datasets.other.files: 'embeddings' is missing, which assay.inputs asks for",
    ),
    "a file of embeddings for nothing": (
        made(files={"embeddings": "e.h5"}),
        "datasets.made.files.embeddings: they are for assay.inputs: embeddings",
    ),
    "inputs that are unknown": (
        assay(inputs="vectors"),
        "datasets.made.assay.inputs: 'vectors' is not known; allowed: sequences, embeddings",
    ),
    "vectors into a network of sequences": (
        assay(inputs={"kmers": 4}),
        "runs[0].recipes: 'standard' has 'compact_cnn', but 'made' needs one of vectors; "
        "allowed: mlp, epinet",
    ),
    "sequences into a network of vectors": (
        {"recipes": {"standard": {"architecture": {"name": "mlp"}}}},
        "runs[0].recipes: 'standard' has 'mlp', but 'made' needs one of sequences; allowed: "
        "deepstarr, residualbind, compact_cnn, mprann, dream_rnn, cnn_task_base",
    ),
    "attribution of vectors": (
        made(assay={"inputs": {"kmers": 4}}, attribution={"methods": ["saliency"]}),
        "datasets.made.attribution: models take vectors, and see no sequence",
    ),
    "both strands of vectors": (
        made(assay={"inputs": {"kmers": 4}}, strands="both"),
        "datasets.made.strands: vectors have no other strand",
    ),
    "augmented vectors": (
        embedded("evoaug"),
        "runs[0].recipes: 'evoaug' has 'augment', but models of 'other' take vectors",
    ),
    "vectors of sequences without measurements": (
        embedded("mutated", unlabelled={"mutate": 4}),
        "runs[0].recipes: 'mutated' has 'unlabelled', but models of 'other' take vectors",
    ),
    "turned vectors": (
        embedded("turned", training={"reverse_complement": True}),
        "runs[0].recipes: 'turned' has 'reverse_complement', but models of 'other' take vectors",
    ),
    "variants of vectors": (
        made(assay={"inputs": {"kmers": 4}})
        | {"variants": {"cagi5": {"models": {"made": ["F9"]}}}},
        "variants.cagi5.models: models of 'made' take vectors, and score no variants",
    ),
    "recipe that profiles have not": (
        run(datasets=["atac_a549"], recipes=["degu_evoaug"]),
        "runs[0].recipes: 'evoaug' has 'augment', but 'atac_a549' has profiles",
    ),
    "control of profiles": (
        {"runs": [{"datasets": ["atac_a549"], "recipes": ["shuffled"], "fractions": [1.0]}]},
        "runs[0].recipes: 'shuffled' has 'shuffled', but 'atac_a549' has profiles",
    ),
    "log-variance of profiles": (
        run(datasets=["atac_a549"], recipes=["degu_logvar"]),
        "runs[0].recipes: 'degu_logvar' has 'scale: logvar', but 'atac_a549' has profiles",
    ),
    "members of profiles": (
        run(datasets=["atac_a549"], recipes=["degu_members"]),
        "runs[0].recipes: 'degu_members' has 'scale: members', but 'atac_a549' has profiles",
    ),
    "measurements beside a head a teacher": (
        {"recipes": {"degu_members": {"measured_weight": 0.5}}},
        "recipes.degu_members.measured_weight: it does not go together with scale: members",
    ),
    "a VCF in a genome that is not defined": (
        {"scores": {"mine": SCORES | {"genome": "hg18"}}},
        "scores.mine.genome: 'hg18' is not defined; allowed: hg38, hg19. Did you mean 'hg38'?",
    ),
    "a VCF scored by what is no student": (
        {"scores": {"mine": SCORES | {"students": {"made": ["standard"]}}}},
        "scores.mine.students.made: no run has students 'standard' on 'made'*",
    ),
    "a VCF scored by students of profiles": (
        {"scores": {"mine": SCORES | {"students": {"atac_a549": ["degu_aleatoric"]}}}},
        "scores.mine.students: no run has students of single activities on 'atac_a549'*",
    ),
    "effects of variants that are not scored": (
        {"scores": {"mine": SCORES | {"effects": "cagi"}}},
        "scores.mine.effects: 'cagi' is no set of variants that models of 'made' score*",
    ),
    "a VCF that is not there": (
        {"scores": {"mine": SCORES}},
        "scores.mine.vcf: '/none/my.vcf' is not there *",
    ),
    "motifs of maps that are not made": (
        {"motifs": {"file": "/none/my.meme"}},
        "motifs.method: 'deepshap' explains no model of 'made': attribution.methods asks for it*",
    ),
    "a motif file that is not there": (
        {"motifs": {"file": "/none/my.meme", "method": "saliency"}},
        "motifs.file: '/none/my.meme' is not there *",
    ),
    "seqlets shorter than long": (
        made(motifs={"file": "/none/my.meme", "method": "saliency", "longest": 5}),
        "motifs.shortest: 6 is more than longest, 5",
    ),
    "motifs of vectors": (
        embedded("standard") | {"motifs": {"file": "/none/my.meme"}},
        "motifs.file: models of 'other' take vectors, which have no maps*",
    ),
    "crop of less than half a window": (
        {"datasets": {"atac_a549": {"assay": {"crop": 1535}}}},
        "datasets.atac_a549.assay.crop: 1535 of 3072 bases; allowed: 1536 to 3072",
    ),
    "stride of more than a window": (
        {"datasets": {"atac_a549": {"stride": 3073}}},
        "datasets.atac_a549.stride: 3073 bases; allowed: 1 to 3072",
    ),
    "sequence to explain by profiles": (
        {"datasets": {"atac_a549": {"attribution": {"explain": {"mine": "ACGT"}}}}},
        "datasets.atac_a549.attribution.explain.mine: 4 bases, but models take 2048",
    ),
    "method of a data set": (
        made(attribution={"methods": ["saliency", "deepsahp"]}),
        "datasets.made.attribution.methods[1]: 'deepsahp' is not known; allowed: *. "
        "Did you mean 'deepshap'?",
    ),
    "assay": (
        assay(name="tabel"),
        "datasets.made.assay.name: 'tabel' is not known; allowed: *. Did you mean 'table'?",
    ),
    "genome of a file": (
        {"variants": {"cagi5": {"files": {"genome": {"genome": "hg18"}}}}},
        "cagi5.files.genome.genome: 'hg18' is not defined; allowed: hg38, hg19. "
        "Did you mean 'hg38'?",
    ),
    "archive of a file": (
        {"datasets": {"lentimpra_k562": {"files": {"hdf5": {"archive": "deg", "name": "x.h5"}}}}},
        "lentimpra_k562.files.hdf5.archive: 'deg' is not defined; allowed: *. Did you mean 'degu'?",
    ),
    "member with another seed": (
        {"reseed": {"made/standard/1.0": 1}},
        "reseed: 'made/standard/1.0' is no dataset/recipe/fraction/member",
    ),
    "recipe of a member with another seed": (
        {"reseed": {"made/standrad/1.0/3": 1}},
        "reseed: 'made/standrad/1.0/3': 'standrad' is not in recipes; allowed: *. "
        "Did you mean 'standard'?",
    ),
    "no shards": (made(shards=0), "datasets.made.shards: 0 is less than the minimum of 1*"),
    "text for a number": (
        {"training": {"epochs": "many"}},
        "training.epochs: 'many' is text, a whole number is needed (*",
    ),
    "no epochs": ({"training": {"epochs": 0}}, "training.epochs: 0 is less than the minimum of 1"),
    "misspelt key that is missing": (
        other(colunms={"sequence": "x"}),
        "datasets.other.assay: unknown key 'colunms'; allowed: *. Did you mean 'columns'?",
    ),
    "rate in words of YAML": (
        {"training": {"learning_rate": "1e-3"}},
        "training.learning_rate: '1e-3' is text, a number is needed: write 1.0e-3 (*",
    ),
    "epochs in words of YAML": (
        {"training": {"epochs": "1e3"}},
        "training.epochs: '1e3' is text, a whole number is needed: write 1000 (*",
    ),
    "number in quotes": (
        {"members": {"teachers": "5"}},
        "members.teachers: '5' is text, a whole number is needed: write 5 (*",
    ),
    "rate that is no number": (
        {"training": {"learning_rate": math.nan}},
        "training.learning_rate: nan is no finite number",
    ),
    "infinite rate of a data set": (
        made(training={"learning_rate": math.inf}),
        "datasets.made.training.learning_rate: inf is no finite number",
    ),
    "infinite share": (run(fractions=[math.nan]), "runs[0].fractions[0]: nan is no finite number"),
    "number for a name": (
        {"datasets": {1: {}}},
        "datasets: the key 1 is no text: put it in quotes",
    ),
    "half a teacher": (
        {"members": {"teachers": 2.5}},
        "members.teachers: 2.5 is a number, a whole number is needed (*",
    ),
    "yes for a number": (
        {"training": {"epochs": True}},
        "training.epochs: True is true or false, a whole number is needed (*",
    ),
    "date for a number": (
        {"seed": datetime.date(2026, 1, 1)},
        "seed: datetime.date(2026, 1, 1) is a date, a whole number is needed (*",
    ),
    "rate of nothing": (
        {"training": {"learning_rate": 0}},
        "training.learning_rate: 0 is less than or equal to the minimum of 0 (*",
    ),
    "hyphen in a data set": (
        {"datasets": {"my-mpra": {}}},
        "datasets: 'my-mpra' is not allowed (letters, digits and _ only)",
    ),
    "blank in a data set": (
        {"datasets": {"my mpra": {}}},
        "datasets: 'my mpra' is not allowed (letters, digits and _ only)",
    ),
    "path as a data set": (
        {"datasets": {"../mine": {}}},
        "datasets: '../mine' is not allowed (letters, digits and _ only)",
    ),
    "command as a data set": (
        {"datasets": {"$(touch pwned)": {}}},
        "datasets: '$(touch pwned)' is not allowed (letters, digits and _ only)",
    ),
    "name of a set of variants": (
        {"datasets": {"cagi5": made_config("x.tsv")["datasets"]["made"]}},
        "datasets.cagi5: the name is taken by a set of variants, or the genomes",
    ),
    "name of a folder": (
        {"datasets": {"genomes": made_config("x.tsv")["datasets"]["made"]}},
        "datasets.genomes: the name is taken by a set of variants, or the genomes",
    ),
    "hyphen in a recipe": (
        {"recipes": {"my-recipe": {}}},
        "recipes: 'my-recipe' is not allowed (letters, digits and _ only)",
    ),
    "hyphen in a set of variants": (
        {"variants": {"my-variants": {}}},
        "variants: 'my-variants' is not allowed (letters, digits and _ only)",
    ),
    "hyphen in a genome": (
        {"genomes": {"hg-38": "x.fa"}},
        "genomes: 'hg-38' is not allowed (letters, digits and _ only)",
    ),
    "hyphen in a target": (
        other(targets={"log2-FC": {"mean": "m"}}),
        "datasets.other.assay.targets: 'log2-FC' is not allowed (letters, digits, _ and single "
        "blanks between them only)",
    ),
    "slash in a target": (
        other(targets={"RNA/DNA": {"mean": "m"}}),
        "datasets.other.assay.targets: 'RNA/DNA' is not allowed (letters, digits, _ *",
    ),
    "target with a blank in front": (
        other(targets={" activity": {"mean": "m"}}),
        "datasets.other.assay.targets: ' activity' is not allowed (letters, digits, _ *",
    ),
    "target called as a head of uncertainty": (
        other(targets={"y": {"mean": "m"}, "y_aleatoric": {"mean": "s"}}),
        "datasets.other.assay.targets: 'y_aleatoric' ends as heads of uncertainty do: another "
        "name is needed",
    ),
    "hyphen in the target of profiles": (
        {"datasets": {"atac_a549": {"assay": {"target": "ATAC-seq"}}}},
        "datasets.atac_a549.assay.target: 'ATAC-seq' is not allowed (letters, digits, _ *",
    ),
    "letters to explain": (
        made(attribution={"explain": {"mine": "ACGX"}}),
        "datasets.made.attribution.explain.mine: 'ACGX' is not allowed (letters A, C, G, T and N "
        "only)",
    ),
    "letters of an adaptor": (
        {"variants": {"cagi5": {"adaptors": {"left": "ACGU", "right": ""}}}},
        "variants.cagi5.adaptors.left: 'ACGU' is not allowed (letters A, C, G, T and N only)",
    ),
    "adaptors that are named twice": (
        {
            "datasets": {"lentimpra_k562": {"adaptors": ADAPTORS}},
            "variants": {"cagi5": {"adaptors": ADAPTORS | {"right": "CATT"}}},
        },
        "variants.cagi5.adaptors.right: 'CATT', but datasets.lentimpra_k562.adaptors.right is "
        "'CATTG': name them in the data set alone",
    ),
    "adaptor without the other one": (
        made(adaptors={"left": "ACGT"}),
        "datasets.made.adaptors: 'right' is missing (as in {left: AGGACCGGATCAACT, right: "
        "CATTGCGTGAACCGA})",
    ),
    "adaptors of profiles": (
        {"datasets": {"atac_a549": {"adaptors": ADAPTORS}}},
        "datasets.atac_a549.adaptors: windows of a genome have no adaptors",
    ),
    "reporter experiment without a design": (
        reporter(files=["experiment"]),
        "datasets.mpra.files: 'design' is missing (as in {experiment: "
        "reporter_experiment.barcode.tsv.gz, design: design.fa})",
    ),
    "no barcode of an oligo": (
        reporter(min_barcodes=0),
        "datasets.mpra.assay.min_barcodes: 0 is less than the minimum of 1 (Barcodes of an oligo *"
        "10 where it is not given.)",
    ),
    "one least number of reads for both": (
        reporter(min_counts=1),
        "datasets.mpra.assay.min_counts: 1 is a whole number, a mapping of keys is needed (as in "
        "{dna: 1, rna: 1})",
    ),
    "pseudocount of reads": (
        reporter(pseudocount={"dna": 1}),
        "datasets.mpra.assay.pseudocount: unknown key 'dna'; allowed: barcode, oligo",
    ),
    "depth": (
        reporter(depth="median"),
        "datasets.mpra.assay.depth: 'median' is not known; allowed: total, none",
    ),
    "target of a reporter experiment": (
        reporter(targets={"a": {"mean": "b"}}),
        "datasets.mpra.assay: unknown key 'targets'; allowed: *",
    ),
    "name of 300 letters": (
        {"datasets": {"a" * 300: {}}},
        "datasets: 'aaaa*... has 300 letters, at most 60 are allowed (letters, digits and _ only)",
    ),
    "no data sets": (
        {"datasets": None},
        "datasets: it is empty, a mapping of keys is needed (as in {my_mpra: *",
    ),
    "empty data set": (
        {"datasets": {"mine": None}},
        "datasets.mine: it is empty, a mapping of keys is needed (*",
    ),
    "path for files": (
        made(files="made.tsv"),
        "datasets.made.files: 'made.tsv' is text, a mapping of keys is needed (as in {table: "
        "/path/to/my_mpra.tsv})",
    ),
    "name for a list": (
        {"data": "made"},
        "data: 'made' is text, a list is needed (as in [my_mpra])",
    ),
    "mapping for a list": (
        {"runs": {"datasets": ["made"]}},
        "runs: {'datasets': ['made']} is a mapping of keys, a list is needed (as in [{*",
    ),
    "name for the data sets of a run": (
        run(datasets="made"),
        "runs[0].datasets: 'made' is text, a list is needed (as in [my_mpra])",
    ),
    "number for the fractions of a run": (
        run(fractions=1.0),
        "runs[0].fractions: 1.0 is a whole number, a list is needed (as in [0.5, 1.0])",
    ),
    "no runs": ({"runs": []}, "runs: 0 given, at least 1 needed (*"),
    "data set twice": ({"data": ["made", "made"]}, "data: 'made' stands twice (as in [my_mpra])"),
    "column for the columns": (
        other(columns="sequence"),
        "datasets.other.assay.columns: 'sequence' is text, a mapping of keys is needed (*",
    ),
    "column for a target": (
        other(targets={"activity": "m"}),
        "datasets.other.assay.targets.activity: 'm' is text, a mapping of keys is needed (*",
    ),
    "no targets": (other(targets={}), "datasets.other.assay.targets: it is empty (as in {*"),
    "column for replicates": (
        measured({"replicates": "rep1"}),
        "datasets.other.assay.targets.activity.replicates: 'rep1' is text, a list is needed (*",
    ),
    "standard deviation alone": (
        measured({"std": "s"}),
        "datasets.other.assay.targets.activity: 'std' goes together with 'mean' only (*",
    ),
    "standard deviation of replicates": (
        measured({"replicates": ["a", "b"], "std": "s"}),
        "datasets.other.assay.targets.activity: 'std' goes together with 'mean' only (*",
    ),
    "one bin": (
        measured({"bins": ["b0"]}),
        "datasets.other.assay.targets.activity.bins: 1 given, at least 2 needed (*",
    ),
    "no word for missing": (
        other(missing=None),
        "datasets.other.assay.missing: None is not known; allowed: mask, drop, error",
    ),
    "one bigWig": (
        {"datasets": {"atac_a549": {"files": {"replicates": ["a.bw"]}}}},
        "datasets.atac_a549.files.replicates: 1 given, at least 2 needed (two bigWigs or more, as "
        "in [a.bw, b.bw])",
    ),
    "bigWig for a list": (
        {"datasets": {"atac_a549": {"files": {"replicates": "a.bw"}}}},
        "datasets.atac_a549.files.replicates: 'a.bw' is text, a list is needed (two bigWigs *",
    ),
    "chromosomes that are no expression": (
        {"datasets": {"atac_a549": {"assay": {"chromosomes": "chr(("}}}},
        "datasets.atac_a549.assay.chromosomes: 'chr((' is no regular expression: missing ), "
        "unterminated subpattern at position 4",
    ),
    "words for splits without their column": (
        other(columns={"sequence": "x"}, splits={"train": ["pool"]}),
        "datasets.other.assay.splits: there are words for splits, but columns has no split",
    ),
    "word for two splits": (
        other(splits={"train": ["pool"], "test": ["pool"]}),
        "datasets.other.assay.splits: 'pool' stands for two splits",
    ),
    "split that there is not": (
        other(splits={"training": ["pool"]}),
        "datasets.other.assay.splits: unknown key 'training'; allowed: train, validation, test, "
        "drop. Did you mean 'train'?",
    ),
    "word for a list of words": (
        other(splits={"train": "pool"}),
        "datasets.other.assay.splits.train: 'pool' is text, a list is needed (as in [pool])",
    ),
    "length": (
        other(length="center"),
        "datasets.other.assay.length: 'center' is not known; allowed: centre. "
        "Did you mean 'centre'?",
    ),
    "number for a length": (
        other(length=200),
        "datasets.other.assay.length: 200 is a whole number, text or a mapping of keys is needed "
        "({pad: both}, {pad: left}, {pad: right}, or centre)",
    ),
    "side of padding": (
        other(length={"pad": "top"}),
        "datasets.other.assay.length.pad: 'top' is not known; allowed: both, left, right",
    ),
    "repeated names": (
        other(repeated_names=True),
        "datasets.other.assay.repeated_names: True is not known; allowed: error, number",
    ),
    "region that ends before it starts": (
        made(attribution={"regions": {"box": [30, 10]}}),
        "datasets.made.attribution.regions.box: it starts at 30 and ends at 10, before it starts",
    ),
    "region without an end": (
        made(attribution={"regions": {"box": [30]}}),
        "datasets.made.attribution.regions.box: 1 given, at least 2 needed (start and end, as in "
        "[20, 28])",
    ),
    "another seed for no run": (
        {"reseed": {"made/aleatoric/0.5/7": 1}},
        "reseed: 'made/aleatoric/0.5/7': there is no such run; allowed: made/standard/1.0, "
        "made/degu/1.0",
    ),
    "another seed for no member": (
        {"reseed": {"made/degu/1.0/1": 1}},
        "reseed: 'made/degu/1.0/1': the run has 1 members, counted from 0",
    ),
    "table with braces": (
        made(files={"table": "/none/{a}.tsv"}),
        "datasets.made.files.table: '/none/{a}.tsv' has braces, which Snakemake reads as "
        "wildcards: rename it",
    ),
    "table that is not there": (
        made(files={"table": "nowhere/mine.tsv"}),
        "datasets.made.files.table: *nowhere/mine.tsv' is not there (a relative path starts at "
        "the Snakefile's folder)",
    ),
    "folder for a table": (
        made(files={"table": "demo"}),
        "datasets.made.files.table: *demo' is a folder (a relative path starts at the "
        "Snakefile's folder)",
    ),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Make a config whose only fault can be that of an override."""
    table = tmp_path_factory.mktemp("sound") / "made.tsv"
    table.touch()
    return made_config(table)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_config_is_named_in_one_line(mistake, sound):
    override, expected = MISTAKES[mistake]
    said = refusal(sound, override)
    start, _, end = expected.partition("*")
    assert said.startswith(f"config: {start}") and said.endswith(end), said
    assert "\n" not in said


MOTIFS = "MEME version 4\nALPHABET= ACGT\nMOTIF A\nletter-probability matrix:\n1 0 0 0\n"


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        (MOTIFS, {}, None),
        (">chr1\nACGT\n", {}, "motifs.file: {path} is no motif file in MEME's text format: no"),
        ("MEME version 4\n", {}, "motifs.file: {path} has no motif: no line starts with 'MOTIF'."),
        (
            MOTIFS.replace("ACGT", "ACDEFGHIKLMNPQRSTVWY"),
            {},
            "motifs.file: {path} has motifs of the alphabet 'ACDEFGHIKLMNPQRSTVWY': allowed are",
        ),
        (
            MOTIFS.replace("ACGT", "ACGU"),
            {},
            "motifs.discover: modisco-lite takes both strands for one, and the motifs are of one",
        ),
        (MOTIFS.replace("ACGT", "ACGU"), {"discover": False}, None),
        (MOTIFS, {"gene_sets": {"go": "/none/go.gmt"}}, "motifs.gene_sets.go: '/none/go.gmt' is"),
        (MOTIFS, {"gene_sets": {"go": "{path}"}}, "motifs.gene_sets.go: {path}, line 1: 'MEME ver"),
        (
            MOTIFS,
            {"genes": {"file": "{path}", "name": "oligo", "gene": "symbol"}},
            "motifs.genes.file: {path} has no column 'oligo': it has MEME version 4.",
        ),
    ],
)
def test_a_file_of_motifs_is_read_at_the_door(text, more, message, sound, tmp_path):
    """One file stands for motifs, gene sets and genes, of which it is no good one."""
    path = tmp_path / "my.meme"
    path.write_text(text)
    asked = yaml.safe_load(yaml.safe_dump(more).replace("{path}", str(path)))
    said = refusal(sound, {"motifs": {"file": str(path), "method": "saliency"} | asked})
    if message is None:
        assert said is None
    else:
        assert said.startswith(f"config: {message.format(path=path)}")


def with_genome(path):
    """Define a set of variants of the user's, in a genome."""
    files = {"variants": str(path), "genome": str(path)}
    variants = {"assay": {"name": "table", "window": 40}, "files": files}
    return {"variants": {"mine": variants | {"models": {"made": ["x"]}}}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b">chr1\nACGT\n", "has no index beside it: `samtools faidx {path}` makes it; or name it"),
        (
            gzip.compress(b">chr1\nACGT\n", mtime=0),
            "is packed: name it under `genomes`, as in {{mine: FILE",
        ),
    ],
    ids=["no index", "packed"],
)
def test_a_genome_without_an_index_is_told_how_to_get_one(content, message, sound, tmp_path):
    path = tmp_path / "mine.fa"
    path.write_bytes(content)
    listed = {"variants": {"mine": {"files": {"genome": {"genome": "mine"}}}}}
    assert refusal(sound, with_genome(path) | {"genomes": {"mine": str(path)}}, listed) is None
    said = refusal(sound, with_genome(path))
    place = f"config: variants.mine.files.genome: {str(path)!r} "
    assert said.startswith(place + message.format(path=path)), said
    if content[:1] == b">":
        path.with_name("mine.fa.fai").touch()
        assert refusal(sound, with_genome(path)) is None


def test_a_file_in_the_place_of_the_results_is_named(sound, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").touch()
    expected = (
        f"config: results: '{tmp_path}/results' is a file, where a folder of results is to be made"
    )
    assert refusal(sound) == expected


@pytest.mark.parametrize(
    "words", ["--report none/report.html", "--report=none/report.zip -n", "-n --report none/x.html"]
)
def test_a_report_in_a_folder_that_is_not_there_is_refused(words, sound, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["snakemake", *words.split(), "--configfile", "mine.yaml"])
    expected = f"config: --report: there is no folder '{tmp_path}/none', make it first"
    assert refusal(sound) == expected
    (tmp_path / "none").mkdir()
    assert refusal(sound) is None
    for sound_words in (
        "",
        "--report",
        "--report report.html",
        "--report -n",
        "--report-after-run",
    ):
        monkeypatch.setattr(sys, "argv", ["snakemake", *sound_words.split()])
        assert refusal(sound) is None


# Configs out of the ordinary that are right; no run needs the file of `other`.
SOUND = {
    "as it stands": {},
    "target with underscores": other(targets={"K562_log2FC": {"mean": "m"}}),
    "target with blanks": other(targets={"log2 fold change": {"mean": "m"}}),
    "words for splits": other(splits={"train": ["pool", "A"], "test": ["B"], "drop": ["?"]}),
    "padded sequences": other(length={"pad": "both"}),
    "cut sequences": other(length="centre"),
    "numbered names": other(repeated_names="number"),
    "sequences with N": made(attribution={"explain": {"wild type (−35)": "ACGTNacgtn"}}),
    "commands in titles": made(title="$(touch pwned); `true`"),
    "reporter experiment": reporter(),
    "reporter experiment with all options": reporter(
        min_barcodes=1,
        min_counts={"dna": 0, "rna": 0},
        pseudocount={"barcode": 0.5, "oligo": 1},
        depth="none",
        length="centre",
    ),
    "adaptors that are named twice alike": {
        "datasets": {"lentimpra_k562": {"adaptors": ADAPTORS}},
        "variants": {"cagi5": {"adaptors": {"left": "aggacc", "right": "CATTG"}}},
    },
    "another seed": {"reseed": {"made/standard/1.0/1": 7}},
    "rate as a whole number": {"training": {"learning_rate": 1}},
    "no holdout": {"calibration": {"holdout": None}},
}


@pytest.mark.parametrize("override", SOUND.values(), ids=SOUND)
def test_what_is_out_of_the_ordinary_is_no_mistake(override, sound):
    assert refusal(sound, override) is None


def test_adaptors_of_a_data_set_serve_all_sets_of_variants(sound):
    """Adaptors that a set of variants names serve data sets without their own."""
    named = {"variants": {"cagi5": {"adaptors": ADAPTORS}}}
    checked(sound, made(adaptors={"left": "acgt", "right": ""}), named)
    adaptors_of = checks()["adaptors_of"]
    assert adaptors_of("made") == adaptors_of("made", "cagi5") == ["ACGT", ""]
    assert adaptors_of("lentimpra_k562") == ["", ""]
    assert adaptors_of("lentimpra_k562", "cagi5") == ["AGGACC", "CATTG"]


def test_axes_of_a_reporter_experiment_have_its_unit(sound):
    checked(sound, reporter())
    targets_of = checks()["targets_of"]
    assert targets_of("mpra") == {"activity": ["activity", "log2(RNA/DNA)"]}
    shown = {"activity": {"title": "expression", "unit": "log2 fold"}}
    checked(sound, reporter(), {"datasets": {"mpra": {"targets": shown}}})
    assert targets_of("mpra") == {"activity": ["expression", "log2 fold"]}
    assert targets_of("made") == {"activity": ["activity", ""]}


def places(value, place=()):
    """All places in a config, the inner ones too."""
    items = enumerate(value) if isinstance(value, list) else ()
    for key, item in value.items() if isinstance(value, dict) else items:
        yield (*place, key)
        yield from places(item, (*place, key))


JUNK = [None, "x", "", -1, 10**30, math.nan, True, [], [None], ["x"], {}, {1: 1}, {"x": {}}]


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_junk_ends_in_one_line_or_is_accepted_and_never_in_a_traceback(junk, sound):
    """Put in each place of a config in turn."""
    for place in places(sound):
        config = deepcopy(sound)
        inner = config
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = junk
        said = refusal(config)
        assert said is None or re.fullmatch("config: .+", said), (place, said)


# A user's config that leaves things out


def mine(sound, **changes):
    """Define a data set and nothing else."""
    definition = sound["datasets"]["made"]
    return {"datasets": {"mine": definition | {"assay": definition["assay"] | changes}}}


def test_runs_and_data_follow_from_the_data_set(sound, caplog):
    config = checked(mine(sound))
    run = {"datasets": ["mine"], "recipes": ["standard", "degu"], "fractions": [1.0]}
    assert (config["runs"], config["data"]) == ([run], ["mine"])
    assert caplog.messages == [
        "config: runs follow from the data sets: mine by standard and degu",
        "config: data follow from the data sets: mine",
        "config: no sampling with dropout: calibration.dropout.recipes asks for it",
        "config: attribution by saliency alone: attribution.methods asks for deepshap and others",
    ]
    assert config["calibration"]["dropout"]["recipes"] == []
    assert config["attribution"]["methods"] == ["saliency"]


def test_costly_analyses_of_own_data_are_asked_for(sound):
    asked = {
        "calibration": {"dropout": {"recipes": ["standard"]}},
        "attribution": {"methods": ["saliency", "deepshap"]},
    }
    config = checked(mine(sound), asked)
    assert config["calibration"]["dropout"]["recipes"] == ["standard"]
    assert config["attribution"]["methods"] == ["saliency", "deepshap"]
    paper = checked(mine(sound), {"paper": {"k562": "mine"}})
    assert paper["calibration"]["dropout"]["recipes"] == ["standard", "aleatoric"]
    assert paper["attribution"]["methods"] == ["saliency", "deepshap"]


def test_replicates_are_learnt_where_no_run_is_named(sound):
    with_replicates = {"targets": {"y": {"replicates": ["a", "b"]}}}
    (run,) = checked(mine(sound, **with_replicates))["runs"]
    assert run["recipes"] == ["aleatoric", "degu_aleatoric"]


def test_data_follow_from_runs(sound):
    runs = [{"datasets": ["mine"], "recipes": ["degu"], "fractions": [0.5]}]
    config = checked(mine(sound), {"runs": runs})
    assert (config["runs"], config["data"]) == (runs, ["mine"])
    scored = {"variants": {"cagi5": {"models": {"mine": ["F9"]}}}}
    assert checked(mine(sound), scored)["data"] == ["mine", "cagi5"]


def test_figures_of_the_paper_are_not_asked_for_data_of_ones_own(sound, caplog):
    figures = checked(mine(sound))["figures"]
    assert "performance" in figures and "toy" not in figures
    assert not [name for name in figures if re.match(r"(fig|supp)\d", name)]
    assert checked(mine(sound), {"figures": ["fig2"]})["figures"] == ["fig2"]


def test_data_that_stand_for_the_papers_ask_for_its_figures():
    config = yaml.safe_load((ROOT / "tests/paper_small.yaml").read_text())
    assert "figures" not in config
    figures = checked(config)["figures"]
    assert figures == yaml.safe_load((ROOT / "config.yaml").read_text())["figures"]


def test_the_paper_runs_only_where_no_data_set_is_defined(sound, caplog):
    config = checked({"members": {"teachers": 3}})
    assert len(config["data"]) == 5 and "fig2" in config["figures"]
    assert caplog.messages == [
        "config: it defines no data set and no runs: those of config.yaml, the paper's, run"
    ]


# The workflow as it is started


@pytest.fixture(scope="module")
def answers(sound, tmp_path_factory):
    """Start the workflow with some of the mistakes, and with a config of one data set."""
    folder = tmp_path_factory.mktemp("mistakes")
    overrides = [MISTAKES[name][0] for name in STARTED]
    commands = []
    for number, override in enumerate(overrides):
        files = [
            write_yaml(folder / f"{number}_{i}.yaml", c) for i, c in enumerate((sound, override))
        ]
        commands.append(["--cores", 1, "--directory", folder / str(number), "--configfile", *files])
    alone = write_yaml(folder / "mine.yaml", mine(sound) | scored_variants(folder / "mine.fa"))
    commands.append(["-n", "--directory", folder / "mine", "--configfile", alone])
    return dict(zip([*STARTED, "mine"], snakemakes(commands, folder), strict=True)), folder


STARTED = ["unknown key", "table that is not there", "chromosomes that are no expression"]


@pytest.mark.parametrize("mistake", STARTED)
def test_a_mistake_ends_in_its_line_alone(mistake, answers):
    answers, folder = answers
    said = answers[mistake]
    start, _, end = MISTAKES[mistake][1].partition("*")
    last = said.stdout.splitlines()[-1]
    assert last.startswith(f"config: {start}") and last.endswith(end), said.stdout
    assert said.returncode != 0
    assert 'File "' not in said.stdout
    assert not (folder / str(STARTED.index(mistake)) / "results").exists()


def scored_variants(path):
    """Define variants of the user's that models of the data set `mine` score."""
    path.write_text(">chr1\nACGT\n")
    path.with_name(f"{path.name}.fai").touch()
    variants = with_genome(path)
    variants["variants"]["mine_variants"] = variants["variants"].pop("mine")
    variants["variants"]["mine_variants"]["models"] = {"mine": ["x"]}
    return variants


def test_a_data_set_alone_plans_its_own_jobs(answers):
    """Ten teachers, ten students, no download, and no word of the paper's figures."""
    said = answers[0]["mine"]
    assert said.returncode == 0, said.stdout
    found = jobs(said.stdout)
    chain = ("prepare", "train_teacher", "label", "train_student", "predict")
    assert [found[rule] for rule in chain] == [1, 10, 1, 10, 2]
    assert not {"download", "train_toy", "fig2"} & found.keys()
    assert "no run feeds" not in said.stdout
    assert "config: data follow from the data sets: mine, mine_variants" in said.stdout


@pytest.mark.parametrize(
    ("content", "target", "message"),
    [
        ("a: 1\n", "fig4", "There is no config file 'fig4'. *--cores 2 --configfile {path}"),
        ("a: 1\nb:\n\tc: 2\n", "", "{path}, line 3, column 1: a tab; YAML is indented by blanks*"),
        ("a: 1\nb: 2\na: 3\n", "", "{path}, line 3, column 1: the key 'a' stands in line 1 *"),
    ],
    ids=["target behind it", "tab", "key twice"],
)
def test_what_is_no_config_is_named_before_snakemake_reads_it(content, target, message, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(content)
    said = snakemake("-n", "--configfile", path, *target.split())
    start, _, end = message.format(path=path).partition("*")
    last = said.stdout.splitlines()[-1]
    assert last.startswith(f"config: {start}") and last.endswith(end), said.stdout
    assert said.returncode != 0 and "Traceback" not in said.stdout


def test_results_of_another_config_are_kept_and_a_failed_job_says_why(tmp_path):
    """The first config owns the folder; another one is refused, and named beside it."""
    first, card = make(tmp_path), "results/tables/data_made.tsv"
    other_config = tmp_path / "other.yaml"
    other_config.write_text(f"{first.read_text()}seed: 1\n")

    def run(config, *options):
        command = ["--cores", 1, "--directory", tmp_path, card, *options, "--configfile", config]
        return snakemake(*command)

    assert run(first).returncode == 0
    before = (tmp_path / card).read_bytes()
    said = run(other_config)
    assert said.returncode != 0
    assert said.stdout.splitlines()[-1] == (
        f"config: results: those in '{tmp_path}/results' are of made.yaml, and other.yaml would "
        "overwrite some: add `--directory FOLDER` for a folder of its own, or delete "
        "results/config.txt to mix both"
    )
    assert (tmp_path / card).read_bytes() == before
    table = tmp_path / "made.tsv"
    table.write_text(table.read_text().replace("train", "trian", 1))
    said = run(first)
    problem = rf"Error: {table}, column 'split' holds 'trian': allowed are train, .*"
    # The job says it, the error of its rule, and the outcome of the run.
    assert len(re.findall(problem, said.stdout)) == 3, said.stdout
    assert re.search(rf"    message: \S+ {problem}", said.stdout)
    assert "None" not in said.stdout and "CalledProcessError" not in said.stdout
