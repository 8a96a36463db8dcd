# Models of sequences that guide students by features or outputs, such as foundation models.
#
# IN: results/data/{dataset}.h5; a file of vectors, or a model in an environment of its own
# OUT: results/embeddings/{dataset}/{guide}/{tuned}.h5, {tuned} being frozen or the fraction that the
#      model is fine-tuned on; results/teachers/{dataset}/{guide}/{fraction}.h5 (degu.teachers)


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
