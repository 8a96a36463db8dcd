# Shifts of validation and test set, small to large, and what all members of a run predict there.
#
# OUT: results/shifts/{dataset}.h5, results/shifts/{dataset}/{recipe}/{fraction}.h5


rule shift:
    "Shift validation and test set: mutations, transforms of EvoAug, shuffled positions."
    input:
        data="<resources>/{dataset}.h5",
        code=code("shift", "augment", "sequences"),
    output:
        "<results>/shifts/{dataset}.h5",
    log:
        "<logs>/shift/{dataset}.log",
    benchmark:
        "<benchmarks>/shift/{dataset}.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        mem_mb=grow(8),
        runtime="1h",
    params:
        base_seed=config["seed"],
    script:
        "../workflow_scripts/shift.py"


rule predict_shifted:
    "Predict shifted sequences with all members of a run."
    input:
        data="<resources>/{dataset}.h5",
        shifted="<results>/shifts/{dataset}.h5",
        models=models_of,
        code=code("models", "shift", "distill", "uncertainty", "predictions"),
    output:
        "<results>/shifts/{dataset}/{recipe}/{fraction}.h5",
    log:
        "<logs>/predict_shifted/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/predict_shifted/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=1,
        mem_mb=grow(8),
        runtime="1h",
    params:
        aleatoric=lambda wc: has_aleatoric(wc.recipe),
        epistemic=lambda wc: has_epistemic(wc.recipe),
        scale=lambda wc: config["recipes"][wc.recipe].get("scale"),
    script:
        "../workflow_scripts/predict_shifted.py"
