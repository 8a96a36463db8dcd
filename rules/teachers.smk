# Models of sequences that guide students by features or outputs, such as foundation models.
#
# IN: results/data/{dataset}.h5; a file of vectors, or a model in an environment of its own
# OUT: results/embeddings/{dataset}/{guide}/{tuned}.h5, {tuned} being frozen or the fraction that the
#      model is fine-tuned on; results/teachers/{dataset}/{guide}/{fraction}.h5 (degu.teachers);
#      results/tables/guided/{dataset}/{fraction}.tsv, results/tables/guided_{variants,tests}.tsv;
#      results/figures/guided.pdf and .png


rule embed:
    "Features and outputs of a model for all sequences of a data set, in the model's environment."
    input:
        data="<resources>/{dataset}.h5",
        code=code("embed", "degu.teachers.keras_models", "degu.teachers.language_models"),
    output:
        "<results>/embeddings/{dataset}/{guide}/{tuned}.h5",
    log:
        "<logs>/embed/{dataset}/{guide}/{tuned}.log",
    benchmark:
        "<benchmarks>/embed/{dataset}/{guide}/{tuned}.tsv"
    conda:
        "../envs/data.yaml"
    threads: 2
    resources:
        gpu=GPUS,
        mem_mb=grow(16),
        runtime=hours(12),
    params:
        python=lambda wc: os.path.abspath(path_of("", guides_known(wc.dataset)[wc.guide]["python"])),
        model=lambda wc: model_of(wc.dataset, wc.guide),
        base_seed=config["seed"],
    script:
        "../workflow_scripts/embed.py"


rule guide:
    "Hold the vectors of a model against a data set; fit outputs to measurements where it has none."
    input:
        data="<resources>/{dataset}.h5",
        vectors=lambda wc: vectors_of(wc.dataset, wc.guide, wc.fraction),
        code=code("guide"),
    output:
        "<results>/teachers/{dataset}/{guide}/{fraction}.h5",
    log:
        "<logs>/guide/{dataset}/{guide}/{fraction}.log",
    benchmark:
        "<benchmarks>/guide/{dataset}/{guide}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        outputs=lambda wc: outputs_of_guide(wc.dataset, wc.guide),
        base_seed=config["seed"],
    script:
        "../workflow_scripts/guide.py"


rule compare_guided:
    "Agreement of guided students, baselines, teachers and ensembles with the test set."
    input:
        data="<resources>/{dataset}.h5",
        predictions=lambda wc: [f"results/predictions/{run.path}.h5" for run in beside_guided(wc)],
        teachers=teachers_beside_guided,
        code=code("compare_guided"),
    output:
        "<results>/tables/guided/{dataset}/{fraction}.tsv",
    log:
        "<logs>/compare_guided/{dataset}/{fraction}.log",
    benchmark:
        "<benchmarks>/compare_guided/{dataset}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/compare_guided.py"


rule rank_guided:
    "Percentile ranks of variants of guided students within each task, and tests between choices."
    input:
        table="<results>/tables/guided.tsv",
        code=code("rank_guided"),
    output:
        variants="<results>/tables/guided_variants.tsv",
        tests="<results>/tables/guided_tests.tsv",
    log:
        "<logs>/rank_guided.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        recipes={name: config["recipes"][name]["features"] for name in RECIPES if guides(name)},
    script:
        "../workflow_scripts/rank_guided.py"


rule plot_guided:
    "Guided students beside baseline, teachers and ensembles, and ranks of their losses."
    input:
        table="<results>/tables/guided.tsv",
        variants="<results>/tables/guided_variants.tsv",
        tests="<results>/tables/guided_tests.tsv",
        code=code("plot_guided"),
    output:
        **figure("guided", "Performance", "students of other models"),
    log:
        "<logs>/figures/guided.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_guided.py"
