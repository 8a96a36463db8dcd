# Studies: values of a network and its training that are drawn, tried by workers, and chosen from.
#
# IN: results/data/{dataset}.h5; for students what they learn (rules/train.smk)
# OUT: results/tuning/{dataset}/{study}/{fraction}/plan.json, worker{worker}.json, chosen.json,
#      recipe.yaml, and beside them journal.log, which workers share and jobs that failed leave;
#      results/tables/trials/{dataset}/{study}/{fraction}.tsv; results/figures/tuning.pdf and .png


rule open_study:
    "Values of all trials of a study, in a journal that its workers share."
    input:
        data="<resources>/{dataset}.h5",
        labels=of_study(labels_of),
        unlabelled=of_study(unlabelled_files),
        guides=of_study(guides_of),
        code=code("open_study"),
    output:
        "<results>/tuning/{dataset}/{study}/{fraction}/plan.json",
    log:
        "<logs>/open_study/{dataset}/{study}/{fraction}.log",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        facts=searched_by,
        trials=lambda wc: tuning_of(wc.dataset)["trials"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/open_study.py"


rule tune:
    "One worker of a study: it runs trials until none is left."
    input:
        plan="<results>/tuning/{dataset}/{study}/{fraction}/plan.json",
        data="<resources>/{dataset}.h5",
        labels=of_study(labels_of),
        unlabelled=of_study(unlabelled_files),
        guides=of_study(guides_of),
        teachers=of_study(teachers_of),
        start=of_study(start_file_of),
        code=code("tune"),
    output:
        "<results>/tuning/{dataset}/{study}/{fraction}/worker{worker}.json",
    log:
        "<logs>/tune/{dataset}/{study}/{fraction}/{worker}.log",
    benchmark:
        "<benchmarks>/tune/{dataset}/{study}/{fraction}/{worker}.tsv"
    conda:
        "../envs/tensorflow.yaml"
    threads: 1
    resources:
        gpu=GPUS,
        mem_mb=grow(8),
        runtime=hours(24),
    params:
        facts=searched_by,
        base_seed=config["seed"],
    script:
        "../workflow_scripts/tune.py"


rule choose:
    "The best trial of a study: its values, as a file and as a recipe; a table of all trials."
    input:
        plan="<results>/tuning/{dataset}/{study}/{fraction}/plan.json",
        workers=workers_of,
        code=code("choose"),
    output:
        values="<results>/tuning/{dataset}/{study}/{fraction}/chosen.json",
        recipe="<results>/tuning/{dataset}/{study}/{fraction}/recipe.yaml",
        table="<results>/tables/trials/{dataset}/{study}/{fraction}.tsv",
    log:
        "<logs>/choose/{dataset}/{study}/{fraction}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        recipe=lambda wc: config["recipes"][studied_by(wc.study)],
        architecture=lambda wc: architecture_of(wc.dataset, studied_by(wc.study)),
    script:
        "../workflow_scripts/choose.py"


rule plot_tuning:
    "The best trial so far of each study, and trials against their values."
    input:
        table="<results>/tables/trials.tsv",
        code=code("plot_tuning"),
    output:
        **figure("tuning", "Training", "studies of values"),
    log:
        "<logs>/figures/tuning.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_tuning.py"
