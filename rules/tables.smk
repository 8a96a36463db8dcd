# Every number that a figure shows, in long form.
#
# IN: predictions, histories, attributions and variants of config["runs"].
# OUT: results/tables/*.tsv


rule measure_performance:
    "Agreement of each member and of its ensemble with the test measurements."
    input:
        predictions=collect("<results>/predictions/{run}.h5", run=RUN_PATHS),
        data=data_of(RUN_PATHS),
        code=code("card", "dataset", "metrics", "predictions", "tables"),
    output:
        table="<results>/tables/performance.tsv",
        summary="<results>/tables/performance_summary.tsv",
    log:
        "<logs>/measure_performance.log",
    benchmark:
        "<benchmarks>/measure_performance/all.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime="2h",
    params:
        runs=RUN_PATHS,
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_performance.py"


rule measure_coverage:
    "Coverage, width and scores of the intervals, before and after conformal calibration."
    input:
        predictions=collect("<results>/predictions/{run}.h5", run=RUN_PATHS),
        dropout=collect("<results>/dropout/{run}.h5", run=DROPOUT_RUN_PATHS),
        data=data_of(RUN_PATHS),
        dropout_data=data_of(DROPOUT_RUN_PATHS),
        code=code(
            "card",
            "dataset",
            "calibration",
            "metrics",
            "uncertainty",
            "predictions",
            "tables",
            "interval_tables",
        ),
    output:
        coverage="<results>/tables/coverage.tsv",
        reliability="<results>/tables/reliability.tsv",
    log:
        "<logs>/measure_coverage.log",
    benchmark:
        "<benchmarks>/measure_coverage/all.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime="2h",
    params:
        runs=RUN_PATHS,
        dropout_runs=DROPOUT_RUN_PATHS,
        level=config["calibration"]["level"],
        smallest_std=config["calibration"]["smallest_std"],
        quantile=config["calibration"]["quantile"],
        groups=config["calibration"]["groups"] or 1,
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_coverage.py"


rule list_predictions:
    "Truth and prediction of each test sequence, for one member and the ensemble of a run."
    input:
        predictions=collect("<results>/predictions/{run}.h5", run=WHOLE_RUN_PATHS),
        code=code("predictions", "tables"),
    output:
        "<results>/tables/predictions.tsv.gz",
    log:
        "<logs>/list_predictions.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        runs=WHOLE_RUN_PATHS,
    script:
        "../workflow_scripts/list_predictions.py"


rule list_histories:
    "Losses of every epoch of every member."
    input:
        histories=[path for run in RUNS for path in members_files(*run, "tsv")],
    output:
        "<results>/tables/histories.tsv",
    log:
        "<logs>/list_histories.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    script:
        "../workflow_scripts/list_histories.py"


rule list_attributions:
    "Attribution of each base that logos show, for one member and the ensemble mean."
    input:
        attributions=attributions_of(ATTRIBUTIONS),
        code=code("consistency", "maps", "attribution_tables", "tables"),
    output:
        "<results>/tables/attributions.tsv",
    log:
        "<logs>/list_attributions.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        runs=[run for run, _ in ATTRIBUTIONS],
    script:
        "../workflow_scripts/list_attributions.py"


rule measure_variants:
    "Agreement of predicted with measured effects of variants, and the effects themselves."
    input:
        variants=collect("<results>/variants/{run}.h5", run=VARIANT_RUN_PATHS),
        code=code("metrics", "tables", "variants", "variant_tables"),
    output:
        agreement="<results>/tables/variants.tsv",
        effects="<results>/tables/variant_effects.tsv.gz",
    log:
        "<logs>/measure_variants.log",
    benchmark:
        "<benchmarks>/measure_variants/all.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime="2h",
    params:
        runs=VARIANT_RUN_PATHS,
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_variants.py"


rule measure_consistency:
    "Agreement of attribution maps with the teachers' average and between members, and its tests."
    input:
        attributions=attributions_of(ATTRIBUTIONS),
        teachers=attributions_of((teacher_run(run), method) for run, method in ATTRIBUTIONS),
        code=code("consistency", "maps", "attribution_tables", "tables"),
    output:
        table="<results>/tables/attribution_consistency.tsv",
        tests="<results>/tables/attribution_tests.tsv",
    log:
        "<logs>/measure_consistency.log",
    benchmark:
        "<benchmarks>/measure_consistency/all.tsv"
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=grow(8),
        runtime="1h",
    params:
        runs=[run for run, _ in ATTRIBUTIONS],
    script:
        "../workflow_scripts/measure_consistency.py"


rule measure_shifts:
    "Agreement with the oracle ensemble, intervals and distributions of predictions by shift."
    input:
        predictions=collect("<results>/shifts/{run}.h5", run=SHIFTED_RUN_PATHS),
        oracles=collect("<results>/shifts/{run}.h5", run=ORACLE_PATHS),
        code=code(
            "calibration",
            "metrics",
            "uncertainty",
            "predictions",
            "tables",
            "interval_tables",
            "shift_tables",
        ),
    output:
        table="<results>/tables/shift.tsv",
        distributions="<results>/tables/shift_distributions.tsv",
        coverage="<results>/tables/shift_coverage.tsv",
    log:
        "<logs>/measure_shifts.log",
    benchmark:
        "<benchmarks>/measure_shifts/all.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime="2h",
    params:
        runs=SHIFTED_RUN_PATHS,
        level=config["calibration"]["level"],
        smallest_std=config["calibration"]["smallest_std"],
        quantile=config["calibration"]["quantile"],
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_shifts.py"
