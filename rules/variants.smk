# Effects of measured variants, predicted by every member of a run: a job a run.
#
# IN: results/data/{variants}.tsv, results/models/{dataset}/{recipe}/{fraction}/{member}.keras
# OUT: results/variants/{variants}/{dataset}/{recipe}/{fraction}.h5;
#      results/tables/{variants,variant_effects}/{variants}/{dataset}/{recipe}/{fraction}.tsv


def adaptors_of(wildcards):
    """Letters on the left and on the right of a set's windows."""
    adaptors = config["variants"][wildcards.variants].get("adaptors", {})
    return [adaptors.get("left", ""), adaptors.get("right", "")]


rule predict_variants:
    "Predict both alleles of the variants of a data set's loci with all members of a run."
    input:
        variants="<resources>/{variants}.tsv",
        models=models_of,
        code=code("predict_variants"),
    output:
        "<results>/variants/{variants}/{dataset}/{recipe}/{fraction}.h5",
    log:
        "<logs>/predict_variants/{variants}/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/predict_variants/{variants}/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=1,
        mem_mb=grow(8),
        runtime="1h",
    params:
        loci=lambda wc: config["variants"][wc.variants]["models"][wc.dataset],
        adaptors=adaptors_of,
    script:
        "../workflow_scripts/predict_variants.py"


rule measure_variants:
    "Agreement of a run's predicted with measured effects of variants, and the effects themselves."
    input:
        variants="<results>/variants/{variants}/{dataset}/{recipe}/{fraction}.h5",
        code=code("measure_variants"),
    output:
        agreement="<results>/tables/variants/{variants}/{dataset}/{recipe}/{fraction}.tsv",
        effects="<results>/tables/variant_effects/{variants}/{dataset}/{recipe}/{fraction}.tsv.gz",
    log:
        "<logs>/measure_variants/{variants}/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_variants/{variants}/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime="1h",
    params:
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_variants.py"
