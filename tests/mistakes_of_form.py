"""Mistakes of form: unknown keys, kinds and ranges of values, names."""

import datetime
import math

from made_configs import ADAPTORS, assay, made, other, run
from workflow import made_config

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
}
