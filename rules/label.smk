# Labels for students: mean of an ensemble of teachers, and spread over its members.
#
# IN: the first members of a run of teachers, as many as the path of the labels says.
# OUT: results/labels/{dataset}/{recipe}/{fraction}/{teachers}.h5, and of profiles
#      {teachers}_{track}.bw beside it: mean, epistemic, aleatoric


def tracks_of_labels():
    """The bigWigs of all labels of profiles that students are taught."""
    return [
        f"results/labels/{run.teachers.path}/{number_of_teachers(run.recipe)}_{track}.bw"
        for run in RUNS
        if is_profile(run.dataset) and is_student(run.recipe)
        for track in ["mean", "epistemic", *(["aleatoric"] if has_aleatoric(run.recipe) else [])]
    ]


rule label:
    "Mean and spread of the teachers for every sequence."
    input:
        data="<resources>/{dataset}.h5",
        models=lambda wc: members_files(run_of(wc), "keras", int(wc.teachers)),
        code=code("label"),
    output:
        "<results>/labels/{dataset}/{recipe}/{fraction}/{teachers}.h5",
    log:
        "<logs>/label/{dataset}/{recipe}/{fraction}/{teachers}.log",
    benchmark:
        "<benchmarks>/label/{dataset}/{recipe}/{fraction}/{teachers}.tsv"
    wildcard_constraints:
        recipe="|".join(TEACHERS),
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=1,
        mem_mb=grow(8),
        runtime="8h",
    params:
        base_seed=config["seed"],
    script:
        "../workflow_scripts/label.py"


rule write_track:
    "One of the labels of profiles as a bigWig."
    input:
        labels="<results>/labels/{dataset}/{recipe}/{fraction}/{teachers}.h5",
        measured="<resources>/tracks/{dataset}_mean.bw",
        code=code("write_track"),
    output:
        "<results>/labels/{dataset}/{recipe}/{fraction}/{teachers}_{track}.bw",
    log:
        "<logs>/write_track/{dataset}/{recipe}/{fraction}/{teachers}_{track}.log",
    benchmark:
        "<benchmarks>/write_track/{dataset}/{recipe}/{fraction}/{teachers}_{track}.tsv"
    wildcard_constraints:
        track="mean|epistemic|aleatoric",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(2),
        runtime="4h",
    script:
        "../workflow_scripts/write_track.py"
