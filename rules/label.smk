# Labels for students: mean of an ensemble of teachers, and spread over its members.
#
# IN: the first members of a run of teachers, their number is in the path of the labels; of an ensemble
#     of several recipes all members of theirs.
# OUT: results/labels/{dataset}/{recipe}/{fraction}/{teachers}.h5, of 100 passes of each teacher
#      {teachers}x100.h5, of a data set in shards joined of {teachers}/{shard}of{shards}.h5; and of
#      profiles {teachers}_{track}.bw beside it: mean, epistemic, aleatoric;
#      results/tables/ensemble_sizes/{dataset}/{recipe}/{fraction}.tsv


# Both give labels of a data set in shards.
ruleorder: join_labels > label


rule label:
    "Mean and spread of the teachers, or their passes, for every sequence, or for a shard of them."
    input:
        data="<resources>/{dataset}.h5",
        models=labellers_of,
        code=code("label"),
    output:
        "<results>/labels/{dataset}/{recipe}/{fraction}/{teachers}{shard}.h5",
    log:
        "<logs>/label/{dataset}/{recipe}/{fraction}/{teachers}{shard}.log",
    benchmark:
        "<benchmarks>/label/{dataset}/{recipe}/{fraction}/{teachers}{shard}.tsv"
    wildcard_constraints:
        recipe="|".join(MODELLED),
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=GPUS,
        mem_mb=grow(8),
        runtime=hours(8),
    params:
        strands=lambda wc: strands_of(wc.dataset),
        base_seed=config["seed"],
    script:
        "../workflow_scripts/label.py"


rule join_labels:
    "The labels of all shards of a data set, or of its `unlabelled`, in one file, as one job writes it."
    input:
        shards=lambda wc: files_of_shards(
            f"results/labels/{run_of(wc).path}/{wc.labelled}", wc.dataset
        ),
        code=code("join_labels"),
    output:
        "<results>/labels/{dataset}/{recipe}/{fraction}/{labelled}.h5",
    log:
        "<logs>/join_labels/{dataset}/{recipe}/{fraction}/{labelled}.log",
    benchmark:
        "<benchmarks>/join_labels/{dataset}/{recipe}/{fraction}/{labelled}.tsv"
    wildcard_constraints:
        dataset="|".join(SHARDED) or "(?!)",
        recipe="|".join(MODELLED),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(2),
        runtime=hours(1),
    script:
        "../workflow_scripts/join_labels.py"


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
        # Zoom levels of a human genome are made in 10 GB.
        mem_mb=grow(12),
        runtime=hours(4),
    script:
        "../workflow_scripts/write_track.py"


rule measure_ensembles:
    "Agreement of ensembles of a run's teachers with the test set, by the number of members."
    input:
        labels=lambda wc: [
            f"results/labels/{run_of(wc).path}/{size}.h5" for size in sizes_of(run_of(wc))
        ],
        data="<resources>/{dataset}.h5",
        code=code("measure_ensembles"),
    output:
        "<results>/tables/ensemble_sizes/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/measure_ensembles/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_ensembles/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_ensembles.py"
