# Every number that a figure shows, in long form.
#
# IN: predictions, histories and attributions of config["runs"].
# OUT: results/tables/*.tsv


rule measure_performance:
    "Agreement of each member and of its ensemble with the test measurements."
    input:
        predictions=collect("<results>/predictions/{run}.h5", run=RUN_PATHS),
        code=code("metrics", "predictions", "tables"),
    output:
        table="<results>/tables/performance.tsv",
        summary="<results>/tables/performance_summary.tsv",
    log:
        "<logs>/measure_performance.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        runs=RUN_PATHS,
    script:
        "../workflow_scripts/measure_performance.py"


rule measure_coverage:
    "Coverage and width of the intervals, before and after conformal calibration."
    input:
        predictions=collect("<results>/predictions/{run}.h5", run=RUN_PATHS),
        code=code("calibration", "uncertainty", "predictions", "tables"),
    output:
        "<results>/tables/coverage.tsv",
    log:
        "<logs>/measure_coverage.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        runs=RUN_PATHS,
        level=config["calibration"]["level"],
        smallest_std=config["calibration"]["smallest_std"],
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
        attributions=attributions_of(WHOLE_RUN_PATHS),
        code=code("consistency", "maps", "attribution_tables", "tables"),
    output:
        "<results>/tables/attributions.tsv",
    log:
        "<logs>/list_attributions.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        runs=[run for run in WHOLE_RUN_PATHS for _ in METHODS],
    script:
        "../workflow_scripts/list_attributions.py"


rule measure_consistency:
    "Agreement of attribution maps with the teachers' average and between members, and its tests."
    input:
        attributions=attributions_of(WHOLE_RUN_PATHS),
        teachers=attributions_of(map(teacher_run, WHOLE_RUN_PATHS)),
        code=code("consistency", "maps", "attribution_tables", "tables"),
    output:
        table="<results>/tables/attribution_consistency.tsv",
        tests="<results>/tables/attribution_tests.tsv",
    log:
        "<logs>/measure_consistency.log",
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=grow(8),
        runtime="1h",
    params:
        runs=[run for run in WHOLE_RUN_PATHS for _ in METHODS],
    script:
        "../workflow_scripts/measure_consistency.py"


rule measure_shifts:
    "Agreement with the oracle ensemble, and distributions of predictions, under each shift."
    input:
        predictions=collect("<results>/shifts/{run}.h5", run=SHIFTED_RUN_PATHS),
        oracles=collect("<results>/shifts/{run}.h5", run=ORACLE_PATHS),
        code=code("metrics", "predictions", "tables", "shift_tables"),
    output:
        table="<results>/tables/shift.tsv",
        distributions="<results>/tables/shift_distributions.tsv",
    log:
        "<logs>/measure_shifts.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        runs=SHIFTED_RUN_PATHS,
    script:
        "../workflow_scripts/measure_shifts.py"
