# Labels for students: what an ensemble of teachers says, and how far its members disagree.
#
# IN: the first members of a teacher run, as many as the path of the labels says.
# OUT: results/labels/{dataset}/{recipe}/{fraction}/{teachers}.h5, and of profiles
#      {teachers}_{track}.bw beside it: mean, epistemic, aleatoric


rule label:
    "Mean and spread of the teachers for every sequence."
    input:
        data="<resources>/{dataset}.h5",
        models=models_to_label,
        code=code("models", "ensemble", "distill", "feed", "profiles", "metrics"),
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
        aleatoric=lambda wc: has_aleatoric(wc.recipe),
        base_seed=config["seed"],
    script:
        "../workflow_scripts/label.py"


rule write_track:
    "One of the labels of profiles as a bigWig."
    input:
        labels="<results>/labels/{dataset}/{recipe}/{fraction}/{teachers}.h5",
        measured="<resources>/tracks/{dataset}_mean.bw",
        code=code("label_tracks", "feed", "tracks", "bigwig"),
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
