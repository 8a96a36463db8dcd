# Ensembles that were trained elsewhere: requests to them, and their answers, by files or by a module
# of the user's.
#
# IN: results/data/{dataset}.h5, results/unlabelled/{dataset}/{unlabelled}/{fraction}.h5; files of answers
# OUT: results/requests/{dataset}/{recipe}/{asked}.tsv.gz and .json, {asked} being data or
#      {unlabelled}/{fraction}; results/answers/{dataset}/{recipe}/{asked}/{member}/{shard}of{shards}.tsv.gz,
#      those of a module; results/answers/{dataset}/{recipe}/{asked}.h5, checked (degu.foreign);
#      results/labels/{dataset}/{recipe}/{fraction}/{teachers}.h5 and {teachers}_{unlabelled}.h5;
#      results/predictions/{dataset}/{recipe}/{fraction}.h5


rule request:
    "Sequences with ids, of which a foreign ensemble is asked for predictions."
    input:
        data="<resources>/{dataset}.h5",
        unlabelled=asked_file,
        code=code("request"),
    output:
        sequences="<results>/requests/{dataset}/{recipe}/{asked}.tsv.gz",
        facts="<results>/requests/{dataset}/{recipe}/{asked}.json",
    log:
        "<logs>/request/{dataset}/{recipe}/{asked}.log",
    wildcard_constraints:
        recipe="|".join(FOREIGN) or "(?!)",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        members=lambda wc: size_of(wc.recipe),
        order=lambda wc: order_of(wc.recipe),
        check=lambda wc: predictions_of(wc.recipe).get("check", {}).get("sequence", ""),
    script:
        "../workflow_scripts/request.py"


rule ask:
    "Predictions of one member of a module of the user's, in the user's environment, for a shard."
    input:
        data="<resources>/{dataset}.h5",
        unlabelled=asked_file,
        module=module_of,
        code=code("ask"),
    output:
        "<results>/answers/{dataset}/{recipe}/{asked}/{member}/{own_shard}.tsv.gz",
    log:
        "<logs>/ask/{dataset}/{recipe}/{asked}/{member}/{own_shard}.log",
    benchmark:
        "<benchmarks>/ask/{dataset}/{recipe}/{asked}/{member}/{own_shard}.tsv"
    wildcard_constraints:
        recipe="|".join(FOREIGN) or "(?!)",
        own_shard=r"\d+of\d+",
    conda:
        "../envs/data.yaml"
    threads: 2
    resources:
        gpu=GPUS,
        mem_mb=grow(8),
        runtime=hours(8),
    params:
        python=lambda wc: str(expanded(predictions_of(wc.recipe)["python"])),
        members=lambda wc: size_of(wc.recipe),
        order=lambda wc: order_of(wc.recipe),
        check=lambda wc: predictions_of(wc.recipe).get("check", {}).get("sequence", ""),
    script:
        "../workflow_scripts/ask.py"


rule receive:
    "Check the answers of a foreign ensemble to a request, and keep them."
    input:
        data="<resources>/{dataset}.h5",
        unlabelled=asked_file,
        files=answers_of,
        code=code("receive"),
    output:
        "<results>/answers/{dataset}/{recipe}/{asked}.h5",
    log:
        "<logs>/receive/{dataset}/{recipe}/{asked}.log",
    benchmark:
        "<benchmarks>/receive/{dataset}/{recipe}/{asked}.tsv"
    wildcard_constraints:
        recipe="|".join(FOREIGN) or "(?!)",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        members=lambda wc: size_of(wc.recipe),
        order=lambda wc: order_of(wc.recipe),
        check=lambda wc: predictions_of(wc.recipe).get("check", {}),
    script:
        "../workflow_scripts/receive.py"


rule label_received:
    "Mean and spread of a foreign ensemble for every sequence that students learn."
    input:
        data="<resources>/{dataset}.h5",
        answers=answers_behind_labels,
        code=code("label_received"),
    output:
        "<results>/labels/{dataset}/{recipe}/{fraction}/{labelled}.h5",
    log:
        "<logs>/label_received/{dataset}/{recipe}/{fraction}/{labelled}.log",
    benchmark:
        "<benchmarks>/label_received/{dataset}/{recipe}/{fraction}/{labelled}.tsv"
    wildcard_constraints:
        recipe="|".join(FOREIGN) or "(?!)",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        base_seed=config["seed"],
    script:
        "../workflow_scripts/label_received.py"


rule predict_received:
    "Answers of a foreign ensemble for validation and test set, beside the truth."
    input:
        data="<resources>/{dataset}.h5",
        answers="<results>/answers/{dataset}/{recipe}/data.h5",
        code=code("predict_received"),
    output:
        "<results>/predictions/{dataset}/{recipe}/{fraction}.h5",
    log:
        "<logs>/predict_received/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/predict_received/{dataset}/{recipe}/{fraction}.tsv"
    wildcard_constraints:
        recipe="|".join(FOREIGN) or "(?!)",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    script:
        "../workflow_scripts/predict_received.py"
