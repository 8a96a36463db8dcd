# Sequences without measurements that students learn beside their training sequences, and labels for
# them. What is made, and nothing else, names the files: recipes that ask for the same share them.
#
# IN: results/data/{dataset}.h5, a genome, files of natural sequences; the first members of a run of
#     teachers
# OUT: results/unlabelled/{dataset}/{unlabelled}/{fraction}.h5, the layout of degu.unlabelled;
#      results/labels/{dataset}/{recipe}/{fraction}/{teachers}_{unlabelled}.h5, of a data set in
#      shards joined of {teachers}_{unlabelled}/{shard}of{shards}.h5


# Both give labels of a data set in shards.
ruleorder: join_labels > label_unlabelled


rule make_unlabelled:
    "Derive sequences from the training sequences of a fraction, and read natural ones."
    input:
        unpack(sources_of_unlabelled),
        data="<resources>/{dataset}.h5",
        code=code("make_unlabelled"),
    output:
        "<results>/unlabelled/{dataset}/{unlabelled}/{fraction}.h5",
    log:
        "<logs>/make_unlabelled/{dataset}/{unlabelled}/{fraction}.log",
    benchmark:
        "<benchmarks>/make_unlabelled/{dataset}/{unlabelled}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(4),
    params:
        asked=asked_unlabelled,
        base_seed=config["seed"],
    script:
        "../workflow_scripts/make_unlabelled.py"


rule label_unlabelled:
    "Mean and spread of the teachers for sequences without measurements, or for a shard of them."
    input:
        data="<resources>/{dataset}.h5",
        unlabelled="<results>/unlabelled/{dataset}/{unlabelled}/{fraction}.h5",
        models=labellers_of,
        code=code("label_unlabelled"),
    output:
        "<results>/labels/{dataset}/{recipe}/{fraction}/{teachers}_{unlabelled}{shard}.h5",
    log:
        "<logs>/label_unlabelled/{dataset}/{recipe}/{fraction}/{teachers}_{unlabelled}{shard}.log",
    benchmark:
        "<benchmarks>/label_unlabelled/{dataset}/{recipe}/{fraction}/{teachers}_{unlabelled}{shard}.tsv"
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
    script:
        "../workflow_scripts/label_unlabelled.py"
