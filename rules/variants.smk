# Effects of measured variants, predicted by every member of a run: a job an ensemble.
#
# OUT: results/variants/{variants}/{dataset}/{recipe}/{fraction}.h5


rule predict_variants:
    "Predict both alleles of the variants of a data set's loci with all members of a run."
    input:
        variants="<resources>/{variants}.tsv",
        data="<resources>/{dataset}.h5",
        models=models_of,
        predictions="<results>/predictions/{dataset}/{recipe}/{fraction}.h5",
        code=code("models", "ensemble", "uncertainty", "distill", "predictions", "variants"),
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
        scale=lambda wc: config["recipes"][wc.recipe].get("scale"),
    script:
        "../workflow_scripts/predict_variants.py"
