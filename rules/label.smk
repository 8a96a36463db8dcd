# Labels for students: what an ensemble of teachers says, and how far its members disagree.
#
# IN: the first members of a teacher run, as many as the path of the labels says.
# OUT: results/labels/{dataset}/{recipe}/{fraction}/{teachers}.h5


rule label:
    "Mean and spread of the teachers for every sequence."
    input:
        data="<resources>/{dataset}.h5",
        models=models_to_label,
        code=code("models", "ensemble", "distill", "metrics"),
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
        runtime="1h",
    params:
        aleatoric=lambda wc: has_aleatoric(wc.recipe),
        base_seed=config["seed"],
    script:
        "../workflow_scripts/label.py"
