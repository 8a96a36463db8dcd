# Attribution maps of every member of a run: a job an ensemble.
#
# OUT: results/attributions/{dataset}/{recipe}/{fraction}.h5


rule attribute:
    "Explain the activity heads of all members of a run."
    input:
        data="<resources>/{dataset}.h5",
        models=models_of,
        code=code("models", "attribution", "deepshap", "rescale", "ism"),
    output:
        "<results>/attributions/{dataset}/{recipe}/{fraction}.h5",
    log:
        "<logs>/attribute/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/attribute/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=1,
        mem_mb=grow(8),
        runtime="1h",
    params:
        explain=lambda wc: config["datasets"][wc.dataset].get("explain", {}),
        sequences=config["attribution"]["sequences"],
    script:
        "../workflow_scripts/attribute.py"
