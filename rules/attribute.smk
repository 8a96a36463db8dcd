# Attribution maps of every member of a run, a job a run and method; consistency of the maps.
#
# IN: results/models/{dataset}/{recipe}/{fraction}/{member}.keras
# OUT: results/attributions/{dataset}/{recipe}/{fraction}/{method}.h5;
#      results/tables/{attribution_consistency,attributions,attribution_agreement}/
#      {dataset}/{recipe}/{fraction}.tsv,
#      results/tables/attribution_tests/{dataset}.tsv


rule attribute:
    "Explain heads of all members of a run by one method."
    input:
        data="<resources>/{dataset}.h5",
        models=models_of,
        labels=lambda wc: labels_of(wc) if unmeasured_of(wc.dataset) else [],
        code=code("attribute"),
    output:
        "<results>/attributions/{dataset}/{recipe}/{fraction}/{method}.h5",
    log:
        "<logs>/attribute/{dataset}/{recipe}/{fraction}/{method}.log",
    benchmark:
        "<benchmarks>/attribute/{dataset}/{recipe}/{fraction}/{method}.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=GPUS,
        mem_mb=grow(8),
        runtime=hours(4),
    params:
        explain=lambda wc: attribution_of(wc.dataset).get("explain", {}),
        heads=lambda wc: attribution_of(wc.dataset)["heads"],
        sequences=config["attribution"]["sequences"],
        references=config["attribution"]["references"],
        steps=config["attribution"]["steps"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/attribute.py"


rule measure_attribution:
    "Agreement of a run's maps with the teachers', by member and by method; bases of logos."
    input:
        attributions=maps_of_run,
        teachers=maps_of_teachers,
        code=code("measure_attribution"),
    output:
        consistency="<results>/tables/attribution_consistency/{dataset}/{recipe}/{fraction}.tsv",
        contributions="<results>/tables/attributions/{dataset}/{recipe}/{fraction}.tsv",
        agreement="<results>/tables/attribution_agreement/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/measure_attribution/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_attribution/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_attribution.py"


rule compare_attributions:
    "Tests of a data set's students against their teachers."
    input:
        students=lambda wc: maps_of(explained_students(wc.dataset)),
        teachers=lambda wc: maps_of((r.teachers, m) for r, m in explained_students(wc.dataset)),
        code=code("compare_attributions"),
    output:
        "<results>/tables/attribution_tests/{dataset}.tsv",
    log:
        "<logs>/compare_attributions/{dataset}.log",
    benchmark:
        "<benchmarks>/compare_attributions/{dataset}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    script:
        "../workflow_scripts/compare_attributions.py"
