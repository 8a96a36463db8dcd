# Prediction intervals: calibrated on the validation set, measured on the test set.
#
# IN: results/predictions/{dataset}/{recipe}/{fraction}.h5, and results/dropout/ where asked for
# OUT: results/calibration/{dataset}/{recipe}/{fraction}.json;
#      results/tables/{intervals,reliability,risk}/{dataset}/{recipe}/{fraction}.tsv

CALIBRATION = {
    key: config["calibration"][key] for key in ("level", "smallest_std", "score", "quantile")
}


rule calibrate:
    "Conformal factors of a run: of each member, activity, kind of uncertainty, level and group."
    input:
        predictions="<results>/predictions/{dataset}/{recipe}/{fraction}.h5",
        dropout=dropout_of,
        data="<resources>/{dataset}.h5",
        code=code("calibrate"),
    output:
        "<results>/calibration/{dataset}/{recipe}/{fraction}.json",
    log:
        "<logs>/calibrate/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/calibrate/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        **CALIBRATION,
        groups=config["calibration"]["groups"] or 1,
    script:
        "../workflow_scripts/calibrate.py"


rule measure_intervals:
    "Coverage, width and scores of a run's intervals; what the least certain are left out for."
    input:
        predictions="<results>/predictions/{dataset}/{recipe}/{fraction}.h5",
        dropout=dropout_of,
        calibration="<results>/calibration/{dataset}/{recipe}/{fraction}.json",
        data="<resources>/{dataset}.h5",
        code=code("measure_intervals"),
    output:
        intervals="<results>/tables/intervals/{dataset}/{recipe}/{fraction}.tsv",
        reliability="<results>/tables/reliability/{dataset}/{recipe}/{fraction}.tsv",
        risk="<results>/tables/risk/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/measure_intervals/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_intervals/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        level=config["calibration"]["level"],
        smallest_std=config["calibration"]["smallest_std"],
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_intervals.py"
