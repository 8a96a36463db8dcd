# Shifts of validation and test set, small to large, and predictions and intervals under them.
#
# IN: results/data/{dataset}.h5, models of the runs of a data set and of its oracle ensemble
# OUT: results/shifts/{dataset}.h5, results/shifts/{dataset}/{recipe}/{fraction}.h5,
#      results/calibration/{dataset}/{recipe}/{fraction}/shift.json;
#      results/tables/{shift,shift_distributions,shift_intervals}/{dataset}/{recipe}/{fraction}.tsv


rule shift:
    "Shift validation and test set: mutations, transforms of EvoAug, shuffled positions."
    input:
        data="<resources>/{dataset}.h5",
        code=code("shift"),
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
        runtime=hours(1),
    params:
        base_seed=config["seed"],
    script:
        "../workflow_scripts/shift.py"


rule predict_shifted:
    "Predict shifted sequences with all members of a run."
    input:
        shifted="<results>/shifts/{dataset}.h5",
        models=models_of,
        code=code("predict_shifted"),
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
        gpu=GPUS,
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        strands=lambda wc: strands_of(wc.dataset),
    script:
        "../workflow_scripts/predict_shifted.py"


rule calibrate_shift:
    "Conformal factors of a run by shift, for intervals that cover the oracle ensemble's mean."
    input:
        predictions="<results>/shifts/{dataset}/{recipe}/{fraction}.h5",
        oracle=oracle_of,
        data="<resources>/{dataset}.h5",
        code=code("calibrate_shift"),
    output:
        "<results>/calibration/{dataset}/{recipe}/{fraction}/shift.json",
    log:
        "<logs>/calibrate_shift/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/calibrate_shift/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        **CALIBRATION,
    script:
        "../workflow_scripts/calibrate_shift.py"


rule measure_shift:
    "Agreement of a run with the oracle ensemble, its intervals and its predictions by shift."
    input:
        predictions="<results>/shifts/{dataset}/{recipe}/{fraction}.h5",
        oracle=oracle_of,
        teachers=shifted_teachers_of,
        calibration=shift_calibration_of,
        code=code("measure_shift"),
    output:
        shift="<results>/tables/shift/{dataset}/{recipe}/{fraction}.tsv",
        distributions="<results>/tables/shift_distributions/{dataset}/{recipe}/{fraction}.tsv",
        intervals="<results>/tables/shift_intervals/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/measure_shift/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_shift/{dataset}/{recipe}/{fraction}.tsv"
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
        "../workflow_scripts/measure_shift.py"
