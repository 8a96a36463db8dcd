# Figures of classes and of foreign sequences, one rule each.
#
# IN: results/tables
# OUT: results/figures/{figure}.pdf and .png


rule plot_classes:
    "Agreement of members and ensembles with the classes of the test set."
    input:
        table="<results>/tables/classes.tsv",
        code=code("plot_classes"),
    output:
        **figure("classes", "Performance", "agreement of predicted classes"),
    log:
        "<logs>/figures/classes.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_classes.py"


rule plot_confusion:
    "Shares of the sequences of each class by the class that ensembles call."
    input:
        table="<results>/tables/confusion.tsv",
        code=code("plot_confusion"),
    output:
        **figure("confusion", "Performance", "confusion of classes"),
    log:
        "<logs>/figures/confusion.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_confusion.py"


rule plot_class_reliability:
    "Accuracy against confidence of predicted classes, before and after scaling."
    input:
        table="<results>/tables/class_reliability.tsv",
        code=code("plot_class_reliability"),
    output:
        **figure("class_reliability", "Uncertainty", "reliability of probabilities of classes"),
    log:
        "<logs>/figures/class_reliability.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_class_reliability.py"


rule plot_outliers:
    "How well scores tell foreign sequences from test sequences."
    input:
        table="<results>/tables/outliers.tsv",
        code=code("plot_outliers"),
    output:
        **figure("outliers", "Uncertainty", "foreign sequences"),
    log:
        "<logs>/figures/outliers.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_outliers.py"
