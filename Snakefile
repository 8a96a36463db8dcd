"""DEGU: from public data to the figures of the paper. See README.md for how to run it."""

from snakemake.utils import min_version

min_version("9.19")


configfile: f"{workflow.basedir}/config.yaml"


report: "rules/captions/report.rst"


# Jobs run in this image with `--sdm apptainer` alone, see docs/clusters.md#containers.
container: "degu.sif"


pathvars:
    resources="results/data",
    logs="results/logs",
    benchmarks="results/benchmarks",


include: "rules/messages.smk"
include: "rules/config.smk"
include: "rules/schema.smk"
include: "rules/checks_data.smk"
include: "rules/checks_foreign.smk"
include: "rules/checks_composed.smk"
include: "rules/checks_motifs.smk"
include: "rules/checks_outliers.smk"
include: "rules/checks_teachers.smk"
include: "rules/checks_tuned.smk"
include: "rules/checks_runs.smk"
include: "rules/checks.smk"
include: "rules/folder.smk"
include: "rules/common.smk"
include: "rules/inputs_motifs.smk"
include: "rules/inputs.smk"
include: "rules/inputs_variants.smk"
include: "rules/joined.smk"
include: "rules/inputs_foreign.smk"
include: "rules/inputs_tuned.smk"
include: "rules/shown.smk"
include: "rules/data.smk"
include: "rules/teachers.smk"
include: "rules/train.smk"
include: "rules/tune.smk"
include: "rules/label.smk"
include: "rules/unlabelled.smk"
include: "rules/foreign.smk"
include: "rules/predict.smk"
include: "rules/calibrate.smk"
include: "rules/students.smk"
include: "rules/classes.smk"
include: "rules/outliers.smk"
include: "rules/shift.smk"
include: "rules/attribute.smk"
include: "rules/motifs.smk"
include: "rules/variants.smk"
include: "rules/score.smk"
include: "rules/tables.smk"
include: "rules/paper.smk"
include: "rules/figures.smk"
include: "rules/figures_classes.smk"
include: "rules/report.smk"
include: "rules/run.smk"


rule all:
    "Everything that the config asks for: its figures and the tables behind them."
    default_target: True
    input:
        collect("<results>/figures/{figure}.pdf", figure=FIGURES),
        collect("<results>/tables/data_{data}.tsv", data=config["data"]),
        [f"results/tables/{name}" for name in TABLES + COMPARISONS],
        PARTS_OF_TABLES,
        PAGES,
        tracks_of_labels(),
        exported_students(),
        scored_files(),
    localrule: True


rule requests:
    "All requests to ensembles that were trained elsewhere."
    input:
        requests(),
    localrule: True
