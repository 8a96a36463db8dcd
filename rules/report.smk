# Pages of the report: `snakemake --report report.html` puts them and the figures into one file.
#
# IN: results/tables; results/benchmarks; passports in results/students
# OUT: results/report/{page}.html, results/report/tables/{table}.html; results/tables/summary.tsv

# Contents of each table of the report; tables that no run feeds are left out.
SORTABLE = {
    "summary": "Students against single members and their ensemble: the numbers behind the first page.",
    "warnings": "Results that should not be trusted as they are, and what to do about them.",
    "trials": "Trials of studies: values that were tried, and the validation loss that they reached.",
    "training": "Trainings of all members: what ended them, and whether they were long enough.",
    "performance_summary": "Agreement with the test set: means over members with their 95 % intervals, the ensemble, and the noise ceiling.",
    "classes": "Agreement of predicted classes with the test set: members and ensembles, of all classes and of each.",
    "class_summary": "Students of classes against single members and their ensemble, and what else the first page says.",
    "outliers": "How well scores tell groups of foreign sequences from the test set, and what they cost.",
    "outlier_differences": "Students beside their teachers in telling foreign sequences: paired differences.",
    "class_calibration": "How far predicted probabilities of classes are to be trusted: scores, temperature, conformal sets.",
    "baseline": "Agreement of a ridge regression on k-mer counts with the test set: what networks have to beat.",
    "distillation": "What there is to distil of each ensemble, and what its students reached of it: paired differences.",
    "recipes": "One model of each recipe against members and ensembles of others: paired differences, and steps.",
    "guided": "Students that learn features or outputs of other models, beside baselines, these models and ensembles.",
    "intervals": "Prediction intervals on the test set, as predicted and after conformal calibration.",
    "shift": "Agreement with the oracle ensemble's mean on shifted test sequences.",
    "attribution_tests": "Attribution maps of students and of their teachers: distance to the mean map, and spread over members.",
    "motifs": "Motifs that stretches of sequence match which predictions, and their uncertainty, rest on.",
    "discovered_motifs": "Motifs that attribution maps repeat, found without a motif file, and what they match.",
    "motif_genes": "Gene sets that genes whose sequences carry a motif are enriched in.",
    "variants": "Correlation of predicted and measured effects of variants, also of the most certain ones.",
    "effect_intervals": "Intervals of effects of variants, each locus by those that the others calibrate.",
    "comparison": "Numbers of the paper beside those of this run.",
    "claims": "Claims of the paper, and whether they hold in this run.",
}
SUMMARISED = [
    "training",
    "performance",
    "ensemble_sizes",
    "intervals",
    "shift",
    "attribution_tests",
    "variants",
    "classes",
    "class_calibration",
    "outlier_differences",
]
CLASS_STUDENTS = [r for r in RUNS if r.dataset in CLASSIFIED and is_student(r.recipe)]
MADE = ["warnings.tsv", *TABLES, *COMPARISONS]
MADE += ["summary.tsv"] if any(measured_of(run.dataset) for run in NUMERIC_RUNS) else []
MADE += ["class_summary.tsv"] if CLASS_STUDENTS else []
PAGES = ["results/report/run.html"]
PAGES += ["results/report/summary.html"] if NUMERIC_RUNS or CLASS_STUDENTS else []
PAGES += ["results/report/distil.html"] if "distillation.tsv" in TABLES else []
PAGES += ["results/report/data.html"] if config["data"] else []
PAGES += [f"results/report/tables/{name}.html" for name in SORTABLE if f"{name}.tsv" in MADE]
TEMPLATES = sorted(SCRIPTS.glob("degu/report/templates/*.html"))


rule summarise_report:
    "Answers of the report's first page: did distillation help, and where not."
    input:
        tables=[f"results/tables/{name}.tsv" for name in SUMMARISED if f"{name}.tsv" in TABLES],
        warnings="<results>/tables/warnings.tsv",
        templates=map(in_repository, TEMPLATES),
        code=code("summarise_report"),
    output:
        table="<results>/tables/summary.tsv",
        classes="<results>/tables/class_summary.tsv",
        summary=page("summary", "summary", "Summary", "answers and one picture"),
        fragment="<results>/report/answers.html",
    log:
        "<logs>/summarise_report.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        students={
            recipe: [teacher_of(recipe), number_of_teachers(recipe)]
            for recipe in RECIPES
            if is_student(recipe)
        },
        names=NAMES,
        level=config["calibration"]["level"],
    script:
        "../workflow_scripts/summarise_report.py"


rule show_distillation:
    "Whether to distil, and how, from a user's own members; the students to take along."
    input:
        table="<results>/tables/distillation.tsv",
        students=exported_students(),
        templates=map(in_repository, TEMPLATES),
        code=code("show_distillation"),
    output:
        page("distil", "distil", "Summary", "should you distil, and how"),
    log:
        "<logs>/show_distillation.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/show_distillation.py"


rule show_table:
    "A table that can be sorted and searched."
    input:
        table="<results>/tables/{table}.tsv",
        templates=map(in_repository, TEMPLATES),
        code=code("show_table"),
    output:
        page("tables/{table}", "table", "Tables", "{table}"),
    log:
        "<logs>/show_table/{table}.log",
    wildcard_constraints:
        table="|".join(SORTABLE),
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        about=lambda wc: SORTABLE[wc.table],
    script:
        "../workflow_scripts/show_table.py"


rule show_data:
    "All data cards on one page."
    input:
        cards=collect("<results>/tables/data_{data}.tsv", data=config["data"]),
        templates=map(in_repository, TEMPLATES),
        code=code("show_data"),
    output:
        page("data", "cards", "Data", "data cards"),
    log:
        "<logs>/show_data.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    script:
        "../workflow_scripts/show_data.py"


# Benchmarks are no outputs that a rule could ask for: they are there once all tables are.
rule show_run:
    "Seconds and memory by rule, versions, seeds."
    input:
        tables=[f"results/tables/{name}" for name in TABLES],
        lock=in_repository("requirements.lock"),
        templates=map(in_repository, TEMPLATES),
        code=code("show_run"),
    output:
        page("run", "run", "Data", "costs, versions and seeds"),
    log:
        "<logs>/show_run.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        benchmarks="results/benchmarks",
        seed=config["seed"],
        reseed=config["reseed"],
    script:
        "../workflow_scripts/show_run.py"
