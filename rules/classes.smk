# Agreement and calibration of predicted classes, of data sets that have classes: a job a run.
#
# IN: results/predictions/{dataset}/{recipe}/{fraction}.h5, and results/dropout/ where asked for
# OUT: results/tables/{classes,confusion,class_calibration,class_reliability}/{dataset}/{recipe}/
#      {fraction}.tsv


rule measure_classes:
    "Agreement of a run with the classes of the test set, calibration of its probabilities."
    input:
        predictions="<results>/predictions/{dataset}/{recipe}/{fraction}.h5",
        dropout=dropout_of,
        data="<resources>/{dataset}.h5",
        code=code("measure_classes"),
    output:
        classes="<results>/tables/classes/{dataset}/{recipe}/{fraction}.tsv",
        confusion="<results>/tables/confusion/{dataset}/{recipe}/{fraction}.tsv",
        calibration="<results>/tables/class_calibration/{dataset}/{recipe}/{fraction}.tsv",
        reliability="<results>/tables/class_reliability/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/measure_classes/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_classes/{dataset}/{recipe}/{fraction}.tsv"
    wildcard_constraints:
        dataset="|".join(CLASSIFIED) or "(?!)",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        level=config["calibration"]["level"],
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_classes.py"
