# One rule a figure: `snakemake plot_performance` draws that figure and runs only what it needs.
#
# IN: results/tables
# OUT: results/figures/{figure}.pdf and .png


rule plot_data:
    "Sizes, GC content and targets of the data sets, from their data cards."
    input:
        cards=collect("<results>/tables/data_{dataset}.tsv", dataset=DESCRIBED),
        code=code("plot_data"),
    output:
        **figure("data", "Data", "splits of the data sets"),
    log:
        "<logs>/figures/data.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_data.py"


rule plot_performance:
    "Pearson r of members, ensembles and students on the test set."
    input:
        table="<results>/tables/performance.tsv",
        summary="<results>/tables/performance_summary.tsv",
        baseline="results/tables/baseline.tsv" if JOINED["baseline"].parts else [],
        code=code("plot_performance"),
    output:
        **figure("performance", "Performance", "members, ensembles and students"),
    log:
        "<logs>/figures/performance.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_performance.py"


rule plot_recipes:
    "One model of each recipe against a member and its ensemble, with its cost."
    input:
        table="<results>/tables/recipes.tsv",
        code=code("plot_recipes"),
    output:
        **figure("recipes", "Performance", "recipes against each other"),
    log:
        "<logs>/figures/recipes.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_recipes.py"


rule plot_learning_curves:
    "Losses of every member, epoch by epoch."
    input:
        table="<results>/tables/histories.tsv",
        code=code("plot_learning_curves"),
    output:
        **figure("learning_curves", "Training", "learning curves"),
    log:
        "<logs>/figures/learning_curves.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_learning_curves.py"


rule plot_predictions:
    "Predicted against measured activity."
    input:
        table="<results>/tables/predictions.tsv.gz",
        performance="<results>/tables/performance.tsv",
        code=code("plot_predictions"),
    output:
        **figure("predictions", "Performance", "predicted against measured"),
    log:
        "<logs>/figures/predictions.log",
    conda:
        "../envs/plot.yaml"
    # All predictions of the paper take 1.6 GB.
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_predictions.py"


rule plot_epistemic:
    "Epistemic head of students against the spread of their teachers."
    input:
        table="<results>/tables/predictions.tsv.gz",
        performance="<results>/tables/performance.tsv",
        code=code("plot_epistemic"),
    output:
        **figure("epistemic", "Uncertainty", "epistemic head against the teachers' spread"),
    log:
        "<logs>/figures/epistemic.log",
    conda:
        "../envs/plot.yaml"
    # All predictions of the paper take 1.6 GB.
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_epistemic.py"


rule plot_intervals:
    "Coverage and width of the intervals, before and after conformal calibration."
    input:
        table="<results>/tables/intervals.tsv",
        code=code("plot_intervals"),
    output:
        **figure("intervals", "Uncertainty", "interval coverage"),
    log:
        "<logs>/figures/intervals.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        level=config["calibration"]["level"],
    script:
        "../workflow_scripts/plot_intervals.py"


rule plot_reliability:
    "Observed against nominal coverage, before and after conformal calibration."
    input:
        table="<results>/tables/reliability.tsv",
        code=code("plot_reliability"),
    output:
        **figure("reliability", "Uncertainty", "reliability curves"),
    log:
        "<logs>/figures/reliability.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_reliability.py"


rule plot_risk:
    "Agreement and signs of activities and effects, the least certain left out."
    input:
        tables=[
            f"results/tables/{name}.tsv" for name in ("risk", "variant_risk") if JOINED[name].parts
        ],
        code=code("plot_risk"),
    output:
        **figure("risk", "Uncertainty", "risk against coverage"),
    log:
        "<logs>/figures/risk.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_risk.py"


rule plot_logos:
    "Attribution logos of a member, its ensemble and a student."
    input:
        table="<results>/tables/attributions.tsv",
        code=code("plot_logos"),
    output:
        **figure("logos", "Attribution", "logos"),
    log:
        "<logs>/figures/logos.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        regions=REGIONS,
    script:
        "../workflow_scripts/plot_logos.py"


rule plot_attribution_consistency:
    "Agreement of attribution maps with the teachers' average and between members."
    input:
        table="<results>/tables/attribution_consistency.tsv",
        tests="<results>/tables/attribution_tests.tsv",
        code=code("plot_attribution_consistency"),
    output:
        **figure("attribution_consistency", "Attribution", "consistency of members"),
    log:
        "<logs>/figures/attribution_consistency.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_attribution_consistency.py"


rule plot_attribution_agreement:
    "Agreement of attribution maps by each pair of methods."
    input:
        table="<results>/tables/attribution_agreement.tsv",
        code=code("plot_attribution_agreement"),
    output:
        **figure("attribution_agreement", "Attribution", "agreement of methods"),
    log:
        "<logs>/figures/attribution_agreement.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_attribution_agreement.py"


rule plot_shifts:
    "Distance to the oracle ensemble and distributions of predictions under shift."
    input:
        table="<results>/tables/shift.tsv",
        distributions="<results>/tables/shift_distributions.tsv",
        code=code("plot_shifts"),
    output:
        **figure("shifts", "Performance", "shifts of the test set"),
    log:
        "<logs>/figures/shifts.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        oracle=config["shift"]["oracle"],
    script:
        "../workflow_scripts/plot_shifts.py"


rule plot_shift_intervals:
    "Coverage and width of intervals under shift, calibrated without it and on it."
    input:
        table="<results>/tables/shift_intervals.tsv",
        code=code("plot_shift_intervals"),
    output:
        **figure("shift_intervals", "Uncertainty", "intervals under shift"),
    log:
        "<logs>/figures/shift_intervals.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        level=config["calibration"]["level"],
        oracle=config["shift"]["oracle"],
    script:
        "../workflow_scripts/plot_shift_intervals.py"


rule plot_variants:
    "Correlation of predicted and measured effects of variants, by certainty."
    input:
        table="<results>/tables/variants.tsv",
        code=code("plot_variants"),
    output:
        **figure("variants", "Variants", "agreement with measured effects"),
    log:
        "<logs>/figures/variants.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_variants.py"


rule plot_variant_maps:
    "Effects and uncertainties of all variants of a locus: position by base."
    input:
        table="<results>/tables/variant_effects.tsv.gz",
        code=code("plot_variant_maps"),
    output:
        **figure("variant_maps", "Variants", "effects by position and base"),
    log:
        "<logs>/figures/variant_maps.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_variant_maps.py"


rule plot_toy:
    "One-dimensional functions of members, of their ensemble and of its students."
    input:
        table="<results>/tables/toy.tsv",
        code=code("plot_toy"),
    output:
        **figure("toy", "Performance", "one-dimensional functions"),
    log:
        "<logs>/figures/toy.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    script:
        "../workflow_scripts/plot_toy.py"
