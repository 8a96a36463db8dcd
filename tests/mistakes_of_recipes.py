"""Mistakes of runs and recipes: teachers, students, labels, training, networks."""

from made_configs import made, measured, run

MISTAKES = {
    "recipe of a run": (
        run(recipes=["degus"]),
        "runs[0].recipes: 'degus' is not defined; allowed: *. Did you mean 'degu'?",
    ),
    "data set of a run": (
        run(datasets=["mad"]),
        "runs[0].datasets: 'mad' is not defined; allowed: *. Did you mean 'made'?",
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
    "one teacher": (
        {"members": {"teachers": 1}},
        "members.teachers: 1 is less than the minimum of 2",
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
        "activities; allowed: deepstarr, residualbind, bio_cnn, compact_cnn, mprann, dream_rnn",
    ),
    "network of single activities for profiles": (
        run(datasets=["atac_a549"], recipes=["mprann"]),
        "runs[0].recipes: 'mprann' has 'mprann', but 'atac_a549' needs one of profiles; "
        "allowed: cnn_task_base",
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
    "no runs": ({"runs": []}, "runs: 0 given, at least 1 needed (*"),
    "data set twice": ({"data": ["made", "made"]}, "data: 'made' stands twice (as in [my_mpra])"),
    "another seed for no run": (
        {"reseed": {"made/aleatoric/0.5/7": 1}},
        "reseed: 'made/aleatoric/0.5/7': there is no such run; allowed: made/standard/1.0, "
        "made/degu/1.0",
    ),
    "another seed for no member": (
        {"reseed": {"made/degu/1.0/1": 1}},
        "reseed: 'made/degu/1.0/1': the run has 1 members, counted from 0",
    ),
}
