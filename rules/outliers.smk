# Groups of foreign sequences, scored by all members of a run: do models know them for foreign?
#
# IN: results/data/{dataset}.h5, the user's files of groups, models of whole runs
# OUT: results/outliers/{dataset}.h5, results/outliers/{dataset}/{recipe}/{fraction}.h5;
#      results/tables/{outliers,outlier_differences}/{dataset}/{recipe}/{fraction}.tsv


rule gather_outliers:
    "Groups of foreign sequences as models of a data set take them, beside its test set."
    input:
        unpack(files_of_outliers),
        data="<resources>/{dataset}.h5",
        code=code("gather_outliers"),
    output:
        "<results>/outliers/{dataset}.h5",
    log:
        "<logs>/gather_outliers/{dataset}.log",
    benchmark:
        "<benchmarks>/gather_outliers/{dataset}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        asked=lambda wc: outliers_of(wc.dataset),
        source=lambda wc: source_of_outliers(wc.dataset),
        base_seed=config["seed"],
    script:
        "../workflow_scripts/gather_outliers.py"


rule predict_outliers:
    "Predict and score groups of foreign sequences with all members of a run."
    input:
        outliers="<results>/outliers/{dataset}.h5",
        data="<resources>/{dataset}.h5",
        models=models_of,
        code=code("predict_outliers"),
    output:
        "<results>/outliers/{dataset}/{recipe}/{fraction}.h5",
    log:
        "<logs>/predict_outliers/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/predict_outliers/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=GPUS,
        mem_mb=grow(8),
        runtime=hours(4),
    params:
        passes=lambda wc: sampled_by(wc.recipe),
        strands=lambda wc: strands_of(wc.dataset),
        base_seed=config["seed"],
    script:
        "../workflow_scripts/predict_outliers.py"


rule measure_outliers:
    "How well scores of a run tell foreign sequences, and students beside their teachers."
    input:
        scores="<results>/outliers/{dataset}/{recipe}/{fraction}.h5",
        teachers=outliers_of_teachers,
        code=code("measure_outliers"),
    output:
        outliers="<results>/tables/outliers/{dataset}/{recipe}/{fraction}.tsv",
        differences="<results>/tables/outlier_differences/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/measure_outliers/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_outliers/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_outliers.py"
