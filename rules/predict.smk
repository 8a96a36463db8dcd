# Predictions of every member of a run, teachers and students alike: a job an ensemble.
#
# OUT: results/predictions/{dataset}/{recipe}/{fraction}.h5, and results/dropout/ of the same layout


rule predict:
    "Predict validation and test sequences with all members of a run."
    input:
        data="<resources>/{dataset}.h5",
        models=models_of,
        labels=labels_of_student,
        code=code(
            "models",
            "ensemble",
            "uncertainty",
            "distill",
            "feed",
            "profiles",
            "metrics",
            "predictions",
        ),
    output:
        "<results>/predictions/{dataset}/{recipe}/{fraction}.h5",
    log:
        "<logs>/predict/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/predict/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=1,
        mem_mb=grow(8),
        runtime="4h",
    params:
        aleatoric=lambda wc: has_aleatoric(wc.recipe),
        epistemic=lambda wc: has_epistemic(wc.recipe),
        scale=lambda wc: config["recipes"][wc.recipe].get("scale"),
        stride=lambda wc: config["datasets"][wc.dataset].get("stride"),
    script:
        "../workflow_scripts/predict.py"


rule sample_dropout:
    "Predict in many passes with dropout on: their mean and spread for each member of a run."
    input:
        data="<resources>/{dataset}.h5",
        models=models_of,
        code=code("models", "uncertainty", "distill", "predictions"),
    output:
        "<results>/dropout/{dataset}/{recipe}/{fraction}.h5",
    log:
        "<logs>/sample_dropout/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/sample_dropout/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=1,
        mem_mb=grow(8),
        runtime="4h",
    params:
        passes=config["calibration"]["dropout"]["passes"],
        names=lambda wc: [config["seed"], *wc],
    script:
        "../workflow_scripts/sample_dropout.py"
