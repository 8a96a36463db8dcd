# Predictions of every member of a run, teachers and students alike, and their agreement with the
# truth: a job a run.
#
# IN: results/models/{dataset}/{recipe}/{fraction}/{member}.keras
# OUT: results/predictions/{dataset}/{recipe}/{fraction}.h5, of a data set in shards joined of
#      {fraction}/{shard}of{shards}.h5; and results/dropout/ of the same layout;
#      results/tables/recipes/{dataset}/{fraction}.tsv; results/tables/{performance,performance_summary,predictions,distillation}/{dataset}/{recipe}/
#      {fraction}.tsv


# Both give predictions for a data set in shards.
ruleorder: join_predictions > predict


rule predict:
    "Predict validation and test sequences, or a shard of them, with all members of a run."
    input:
        data="<resources>/{dataset}.h5",
        models=models_of,
        labels=labels_of,
        code=code("predict"),
    output:
        "<results>/predictions/{dataset}/{recipe}/{fraction}{shard}.h5",
    log:
        "<logs>/predict/{dataset}/{recipe}/{fraction}{shard}.log",
    benchmark:
        "<benchmarks>/predict/{dataset}/{recipe}/{fraction}{shard}.tsv"
    wildcard_constraints:
        recipe="|".join(MODELLED + STUDENTS),
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=GPUS,
        mem_mb=grow(8),
        runtime=hours(4),
    params:
        stride=lambda wc: config["datasets"][wc.dataset].get("stride"),
        strands=lambda wc: strands_of(wc.dataset),
        control=lambda wc: is_control(wc.recipe),
    script:
        "../workflow_scripts/predict.py"


rule join_predictions:
    "The predictions for all shards of a data set in one file, as a single job writes it."
    input:
        shards=lambda wc: files_of_shards(f"results/predictions/{run_of(wc).path}", wc.dataset),
        code=code("join_predictions"),
    output:
        "<results>/predictions/{dataset}/{recipe}/{fraction}.h5",
    log:
        "<logs>/join_predictions/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/join_predictions/{dataset}/{recipe}/{fraction}.tsv"
    wildcard_constraints:
        dataset="|".join(SHARDED) or "(?!)",
        recipe="|".join(MODELLED + STUDENTS),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    script:
        "../workflow_scripts/join_predictions.py"


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
        runtime=hours(4),
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
        runtime=hours(1),
    params:
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_predictions.py"


rule compare_recipes:
    "One model of each recipe against members and ensembles of others, with its cost."
    input:
        predictions=lambda wc: [sides_of(run)[0] for run in compared_runs(wc)],
        trainings=lambda wc: [path for run in compared_runs(wc) for path in sides_of(run)[1:]],
        code=code("compare_recipes"),
    output:
        "<results>/tables/recipes/{dataset}/{fraction}.tsv",
    log:
        "<logs>/compare_recipes/{dataset}/{fraction}.log",
    benchmark:
        "<benchmarks>/compare_recipes/{dataset}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        against=lambda wc: [r.recipe for r in compared_runs(wc) if not is_student(r.recipe)],
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/compare_recipes.py"


rule measure_distillation:
    "Gain of an ensemble over its members, and how much of it its students reached."
    input:
        teachers=lambda wc: sides_of(run_of(wc).teachers),
        students=lambda wc: sides_of(run_of(wc)) if is_student(wc.recipe) else [],
        # The mean of more teachers than predict; of profiles it is that of whole windows.
        labels=lambda wc: [] if wc.dataset in PROFILES else labels_of(wc),
        data="<resources>/{dataset}.h5",
        code=code("measure_distillation"),
    output:
        "<results>/tables/distillation/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/measure_distillation/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_distillation/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        number=lambda wc: number_of_teachers(wc.recipe),
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_distillation.py"
