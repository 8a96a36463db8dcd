# Raw files to data sets.
#
# IN: files of config["datasets"], the user's own or downloads.
# OUT: results/data/{dataset}.h5, the layout of degu.dataset.


rule download:
    "Fetch one raw file of a data set, resumed and checked."
    output:
        "<resources>/raw/{dataset}/{file}",
    log:
        "<logs>/download/{dataset}/{file}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        url=lambda wc: download_of(wc)["url"],
        sha256=lambda wc: download_of(wc)["sha256"],
        size=lambda wc: download_of(wc)["size"],
    script:
        "../workflow_scripts/download.py"


rule prepare:
    "Turn the raw files of a data set into sequences, targets and splits."
    input:
        unpack(raw_files),
        code=code("dataset", "sequences", "assays/table"),
    output:
        "<resources>/{dataset}.h5",
    log:
        "<logs>/prepare/{dataset}.log",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime="1h",
    params:
        assay=lambda wc: config["datasets"][wc.dataset]["assay"],
        options=options_of,
        base_seed=config["seed"],
    script:
        "../workflow_scripts/prepare.py"
