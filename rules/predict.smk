# Predictions of every member of a run, teachers and students alike, and their agreement with the
# truth: a job a run.
#
# IN: results/models/{dataset}/{recipe}/{fraction}/{member}.keras
# OUT: results/predictions/{dataset}/{recipe}/{fraction}.h5, and results/dropout/ of the same layout;
#      results/tables/{performance,performance_summary,predictions}/{dataset}/{recipe}/{fraction}.tsv


rule predict:
    "Predict validation and test sequences with all members of a run."
    input:
        data="<resources>/{dataset}.h5",
        models=models_of,
        labels=labels_of,
        code=code("predict"),
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
        gpu=GPUS,
        mem_mb=grow(8),
        runtime="4h",
    params:
        stride=lambda wc: config["datasets"][wc.dataset].get("stride"),
        strands=lambda wc: strands_of(wc.dataset),
    script:
        "../workflow_scripts/predict.py"


rule sample_dropout:
    "Predict in many passes with dropout on: their mean and spread for each member of a run."
    input:
        data="<resources>/{dataset}.h5",
        models=models_of,
        code=code("sample_dropout"),
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
        gpu=GPUS,
        mem_mb=grow(8),
        runtime="4h",
    params:
        passes=config["calibration"]["dropout"]["passes"],
        strands=lambda wc: strands_of(wc.dataset),
        names=lambda wc: [config["seed"], *wc],
    script:
        "../workflow_scripts/sample_dropout.py"


rule measure_predictions:
    "Agreement of each member of a run and of its ensemble with the test measurements."
    input:
        predictions="<results>/predictions/{dataset}/{recipe}/{fraction}.h5",
        data="<resources>/{dataset}.h5",
        code=code("measure_predictions"),
    output:
        performance="<results>/tables/performance/{dataset}/{recipe}/{fraction}.tsv",
        summary="<results>/tables/performance_summary/{dataset}/{recipe}/{fraction}.tsv",
        predictions="<results>/tables/predictions/{dataset}/{recipe}/{fraction}.tsv.gz",
    log:
        "<logs>/measure_predictions/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_predictions/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime="1h",
    params:
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_predictions.py"
