# Attribution maps of every member of a run: a job an ensemble and method.
#
# OUT: results/attributions/{dataset}/{recipe}/{fraction}/{method}.h5


rule attribute:
    "Explain heads of all members of a run by one method."
    input:
        data="<resources>/{dataset}.h5",
        models=models_of,
        code=code(
            "models",
            "feed",
            "maps",
            "attribution",
            "deepshap",
            "rescale",
            "ism",
            "distill",
        ),
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
        gpu=1,
        mem_mb=grow(8),
        runtime="4h",
    params:
        explain=lambda wc: config["datasets"][wc.dataset].get("explain", {}),
        heads=heads_of,
        aleatoric=lambda wc: has_aleatoric(wc.recipe),
        epistemic=lambda wc: has_epistemic(wc.recipe),
        sequences=config["attribution"]["sequences"],
        references=config["attribution"]["references"]["kind"],
        number=config["attribution"]["references"]["number"],
        steps=config["attribution"]["steps"],
        reference_seed=lambda wc: f"{config['seed']}/{wc.dataset}/references",
    script:
        "../workflow_scripts/attribute.py"
