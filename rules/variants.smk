# Effects of measured variants, predicted by every member of a run: a job a run.
#
# IN: results/data/{variants}.tsv, results/models/{dataset}/{recipe}/{fraction}/{member}.keras
# OUT: results/variants/{variants}/{dataset}/{recipe}/{fraction}.h5, {fraction}/effects.json;
#      results/tables/{variants,variant_effects,effect_intervals,variant_risk}/{variants}/{dataset}/{recipe}/
#      {fraction}.tsv,
#      results/tables/variant_overlaps/{variants}/{dataset}.tsv, results/tables/data_{variants}.tsv


rule count_overlaps:
    "Training sequences that share 40 bases with a locus: no zero-shot prediction there."
    input:
        variants="<resources>/{variants}.tsv",
        data="<resources>/{dataset}.h5",
        code=code("count_overlaps"),
    output:
        "<results>/tables/variant_overlaps/{variants}/{dataset}.tsv",
    log:
        "<logs>/count_overlaps/{variants}/{dataset}.log",
    benchmark:
        "<benchmarks>/count_overlaps/{variants}/{dataset}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        adaptors=lambda wc: adaptors_of(wc.dataset),
    script:
        "../workflow_scripts/count_overlaps.py"


rule describe_variants:
    "The card of a set of variants: counts by locus, overlaps with training sequences."
    input:
        counts="<resources>/{variants}_counts.tsv",
        overlaps=lambda wc: collect(
            "<results>/tables/variant_overlaps/{variants}/{dataset}.tsv",
            variants=wc.variants,
            dataset=config["variants"][wc.variants].get("models", {}),
        ),
        code=code("describe_variants"),
    output:
        "<results>/tables/data_{variants}.tsv",
    log:
        "<logs>/describe_variants/{variants}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    script:
        "../workflow_scripts/describe_variants.py"


rule predict_variants:
    "Predict both alleles of the variants of a data set's loci with all members of a run."
    input:
        variants="<resources>/{variants}.tsv",
        models=models_of,
        code=code("predict_variants"),
    output:
        "<results>/variants/{variants}/{dataset}/{recipe}/{fraction}.h5",
    log:
        "<logs>/predict_variants/{variants}/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/predict_variants/{variants}/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=GPUS,
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        loci=lambda wc: config["variants"][wc.variants]["models"][wc.dataset],
        adaptors=lambda wc: adaptors_of(wc.dataset, wc.variants),
        strands=lambda wc: strands_of(wc.dataset),
    script:
        "../workflow_scripts/predict_variants.py"


rule measure_variants:
    "Agreement of a run's predicted with measured effects of variants, and the effects themselves."
    input:
        variants="<results>/variants/{variants}/{dataset}/{recipe}/{fraction}.h5",
        calibration="<results>/calibration/{dataset}/{recipe}/{fraction}.json",
        overlaps="<results>/tables/variant_overlaps/{variants}/{dataset}.tsv",
        certainty=certainty_of,
        code=code("measure_variants"),
    output:
        agreement="<results>/tables/variants/{variants}/{dataset}/{recipe}/{fraction}.tsv",
        effects="<results>/tables/variant_effects/{variants}/{dataset}/{recipe}/{fraction}.tsv.gz",
    log:
        "<logs>/measure_variants/{variants}/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_variants/{variants}/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        name=lambda wc: config["variants"][wc.variants].get("certainty", ""),
        level=config["calibration"]["level"],
        smallest_std=config["calibration"]["smallest_std"],
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_variants.py"


rule calibrate_effects:
    "Intervals of a run's effects, calibrated on measured ones; coverage of loci that are left out."
    input:
        variants="<results>/variants/{variants}/{dataset}/{recipe}/{fraction}.h5",
        overlaps="<results>/tables/variant_overlaps/{variants}/{dataset}.tsv",
        code=code("calibrate_effects"),
    output:
        calibration="<results>/variants/{variants}/{dataset}/{recipe}/{fraction}/effects.json",
        table="<results>/tables/effect_intervals/{variants}/{dataset}/{recipe}/{fraction}.tsv",
        risk="<results>/tables/variant_risk/{variants}/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/calibrate_effects/{variants}/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/calibrate_effects/{variants}/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        **CALIBRATION,
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/calibrate_effects.py"
