# One rule a figure: `snakemake performance` draws that figure and runs only what it needs.
#
# IN: results/tables
# OUT: results/figures/{figure}.pdf and .png


rule data:
    "Sizes, GC content and targets of the data sets, from their data cards."
    input:
        cards=collect("<results>/tables/data_{dataset}.tsv", dataset=DESCRIBED),
        code=code("plotting"),
    output:
        pdf="<results>/figures/data.pdf",
        png=report(
            "<results>/figures/data.png",
            category="Data",
            labels={"figure": "data cards"},
        ),
    log:
        "<logs>/figures/data.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    script:
        "../workflow_scripts/data.py"


rule performance:
    "Pearson r of members, ensembles and students on the test set."
    input:
        table="<results>/tables/performance.tsv",
        summary="<results>/tables/performance_summary.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/performance.pdf",
        png=report(
            "<results>/figures/performance.png",
            category="Performance",
            labels={"figure": "members, ensembles and students"},
        ),
    log:
        "<logs>/figures/performance.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    script:
        "../workflow_scripts/performance.py"


rule learning_curves:
    "Losses of every member, epoch by epoch."
    input:
        table="<results>/tables/histories.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/learning_curves.pdf",
        png=report(
            "<results>/figures/learning_curves.png",
            category="Training",
            labels={"figure": "learning curves"},
        ),
    log:
        "<logs>/figures/learning_curves.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    script:
        "../workflow_scripts/learning_curves.py"


rule predictions:
    "Predicted against measured activity."
    input:
        table="<results>/tables/predictions.tsv.gz",
        performance="<results>/tables/performance.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/predictions.pdf",
        png=report(
            "<results>/figures/predictions.png",
            category="Performance",
            labels={"figure": "predicted against measured"},
        ),
    log:
        "<logs>/figures/predictions.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    script:
        "../workflow_scripts/predictions.py"


rule epistemic:
    "Epistemic head of students against the spread of their teachers."
    input:
        table="<results>/tables/predictions.tsv.gz",
        performance="<results>/tables/performance.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/epistemic.pdf",
        png=report(
            "<results>/figures/epistemic.png",
            category="Uncertainty",
            labels={"figure": "epistemic head against the teachers' spread"},
        ),
    log:
        "<logs>/figures/epistemic.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    script:
        "../workflow_scripts/epistemic.py"


rule intervals:
    "Coverage and width of the intervals, before and after conformal calibration."
    input:
        table="<results>/tables/coverage.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/intervals.pdf",
        png=report(
            "<results>/figures/intervals.png",
            category="Uncertainty",
            labels={"figure": "interval coverage"},
        ),
    log:
        "<logs>/figures/intervals.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        level=config["calibration"]["level"],
    script:
        "../workflow_scripts/intervals.py"


rule reliability:
    "Observed against nominal coverage, before and after conformal calibration."
    input:
        table="<results>/tables/reliability.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/reliability.pdf",
        png=report(
            "<results>/figures/reliability.png",
            category="Uncertainty",
            labels={"figure": "reliability curves"},
        ),
    log:
        "<logs>/figures/reliability.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    script:
        "../workflow_scripts/reliability.py"


rule logos:
    "Attribution logos of a member, its ensemble and a student."
    input:
        table="<results>/tables/attributions.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/logos.pdf",
        png=report(
            "<results>/figures/logos.png",
            category="Attribution",
            labels={"figure": "logos"},
        ),
    log:
        "<logs>/figures/logos.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        regions={k: d.get("regions", {}) for k, d in config["datasets"].items()},
    script:
        "../workflow_scripts/logos.py"


rule variants:
    "Correlation of predicted and measured effects of variants, by certainty."
    input:
        table="<results>/tables/variants.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/variants.pdf",
        png=report(
            "<results>/figures/variants.png",
            category="Variants",
            labels={"figure": "agreement with measured effects"},
        ),
    log:
        "<logs>/figures/variants.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    script:
        "../workflow_scripts/variants.py"


rule variant_maps:
    "Effects and uncertainties of all variants of a locus: position by base."
    input:
        table="<results>/tables/variant_effects.tsv.gz",
        code=code("plotting"),
    output:
        pdf="<results>/figures/variant_maps.pdf",
        png=report(
            "<results>/figures/variant_maps.png",
            category="Variants",
            labels={"figure": "effects by position and base"},
        ),
    log:
        "<logs>/figures/variant_maps.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    script:
        "../workflow_scripts/variant_maps.py"


rule attribution_consistency:
    "Agreement of attribution maps with the teachers' average and between members."
    input:
        table="<results>/tables/attribution_consistency.tsv",
        tests="<results>/tables/attribution_tests.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/attribution_consistency.pdf",
        png=report(
            "<results>/figures/attribution_consistency.png",
            category="Attribution",
            labels={"figure": "consistency of members"},
        ),
    log:
        "<logs>/figures/attribution_consistency.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    script:
        "../workflow_scripts/attribution_consistency.py"


rule shifts:
    "Distance to the oracle ensemble and distributions of predictions under shift."
    input:
        table="<results>/tables/shift.tsv",
        distributions="<results>/tables/shift_distributions.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/shifts.pdf",
        png=report(
            "<results>/figures/shifts.png",
            category="Performance",
            labels={"figure": "shifts of the test set"},
        ),
    log:
        "<logs>/figures/shifts.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        oracle=config["shift"]["oracle"],
    script:
        "../workflow_scripts/shifts.py"


rule shift_intervals:
    "Coverage and width of intervals under shift, calibrated without it and on it."
    input:
        table="<results>/tables/shift_coverage.tsv",
        code=code("plotting"),
    output:
        pdf="<results>/figures/shift_intervals.pdf",
        png=report(
            "<results>/figures/shift_intervals.png",
            category="Uncertainty",
            labels={"figure": "intervals under shift"},
        ),
    log:
        "<logs>/figures/shift_intervals.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        level=config["calibration"]["level"],
        oracle=config["shift"]["oracle"],
    script:
        "../workflow_scripts/shift_intervals.py"
