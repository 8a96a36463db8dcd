# Members of an ensemble of teachers, and students of its labels: a job a member.
#
# IN: results/data/{dataset}.h5; for students results/labels/{dataset}/{teacher}/{fraction}/*.h5,
#     the teachers' models where they label minibatches or a student starts from one, and sequences
#     without measurements with their labels where a recipe has them;
#     results/teachers/{dataset}/{guide}/{fraction}.h5 where other models guide a recipe, and
#     results/tuning/{dataset}/{study}/{fraction}/chosen.json where it is tuned.
# OUT: results/models/{dataset}/{recipe}/{fraction}/{member}.keras and .tsv, the history;
#      results/tables/training/{dataset}/{recipe}/{fraction}.tsv;
#      results/tables/toy.tsv, curves of small networks of one-dimensional functions

import sys

# Members that Snakemake is to train in the job of a group. There the plugin runs one after another (2.8.0,
# its issue 469), and hands nothing on of groups. Local rules run at the same time, if the nodes suffice.
TOGETHER = sum(word.startswith(("train_teacher:", "train_student:")) for word in sys.argv)
if TOGETHER > 1:
    os.environ |= {"DEGU_SHARERS": str(TOGETHER)}
    workflow.register_resource("_nodes", TOGETHER)

    localrules:
        train_teacher,
        train_student,


rule train_teacher:
    "Train one member of an ensemble on measurements."
    input:
        data="<resources>/{dataset}.h5",
        guides=guides_of,
        tuned=chosen_of,
        code=code("train_teacher"),
    output:
        model="<results>/models/{dataset}/{recipe}/{fraction}/{member}.keras",
        history="<results>/models/{dataset}/{recipe}/{fraction}/{member}.tsv",
    log:
        "<logs>/train_teacher/{dataset}/{recipe}/{fraction}/{member}.log",
    benchmark:
        "<benchmarks>/train_teacher/{dataset}/{recipe}/{fraction}/{member}.tsv"
    wildcard_constraints:
        recipe="|".join(TRAINED),
    conda:
        "../envs/tensorflow.yaml"
    threads: 1
    resources:
        gpu=own_gpu("teachers"),
        gres=shared_gpu("teachers"),
        sharers=sharers_of("teachers"),
        mem_mb=grow(8),
        runtime=hours(8),
    params:
        architecture=lambda wc: architecture_of(wc.dataset, wc.recipe),
        training=lambda wc: training_of(wc.dataset, wc.recipe),
        recipe=lambda wc: trained_by(wc.dataset, wc.recipe),
        seed=seed_of,
        base_seed=config["seed"],
    script:
        "../workflow_scripts/train_teacher.py"


rule train_student:
    "Train one student on the mean and the spread of its teachers."
    input:
        data="<resources>/{dataset}.h5",
        labels=labels_of,
        unlabelled=unlabelled_files,
        teachers=teachers_of,
        start=start_file_of,
        guides=guides_of,
        tuned=chosen_of,
        code=code("train_student"),
    output:
        model="<results>/models/{dataset}/{recipe}/{fraction}/{member}.keras",
        history="<results>/models/{dataset}/{recipe}/{fraction}/{member}.tsv",
    log:
        "<logs>/train_student/{dataset}/{recipe}/{fraction}/{member}.log",
    benchmark:
        "<benchmarks>/train_student/{dataset}/{recipe}/{fraction}/{member}.tsv"
    wildcard_constraints:
        recipe="|".join(STUDENTS) or "(?!)",
    conda:
        "../envs/tensorflow.yaml"
    threads: 1
    resources:
        gpu=own_gpu("students"),
        gres=shared_gpu("students"),
        sharers=sharers_of("students"),
        mem_mb=grow(8),
        runtime=hours(8),
    params:
        architecture=lambda wc: architecture_of(wc.dataset, wc.recipe),
        training=lambda wc: training_of(wc.dataset, wc.recipe),
        recipe=lambda wc: trained_by(wc.dataset, wc.recipe),
        seed=seed_of,
        base_seed=config["seed"],
    script:
        "../workflow_scripts/train_student.py"


rule measure_training:
    "Length of the training of each member of a run, and whether that was long enough."
    input:
        histories=lambda wc: members_files(run_of(wc), "tsv"),
        code=code("measure_training"),
    output:
        "<results>/tables/training/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/measure_training/{dataset}/{recipe}/{fraction}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        schedule=lambda wc: training_of(wc.dataset, wc.recipe)["schedule"],
        patience=lambda wc: training_of(wc.dataset, wc.recipe)["patience"],
        starts=lambda wc, input: [start_of(wc.recipe, n) for n in range(len(input.histories))],
    script:
        "../workflow_scripts/measure_training.py"


rule train_toy:
    "An ensemble and its students on a one-dimensional function: labels outside the data help."
    input:
        code=code("train_toy"),
    output:
        "<results>/tables/toy.tsv",
    log:
        "<logs>/train_toy.log",
    benchmark:
        "<benchmarks>/train_toy/all.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=grow(2),
        runtime=hours(1),
    params:
        base_seed=config["seed"],
    script:
        "../workflow_scripts/train_toy.py"
