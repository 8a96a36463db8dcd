# Students that leave the workflow: the best member of a run by validation, with its passport.
#
# IN: results/models, predictions, calibration, labels of a run of students; its tables of performance
#     and distillation; calibrations of its effects of variants, where the config asks for these
# OUT: results/students/{dataset}/{recipe}/{fraction}/student.keras, student.json


rule export:
    "The best student of a run by validation as a file of its own, with a passport."
    input:
        data="<resources>/{dataset}.h5",
        models=models_of,
        labels=labels_of,
        unlabelled=unlabelled_files,
        # Labels of profiles are whole windows; the teachers' mean is that of the bases that are kept.
        teachers=lambda wc: sides_of(run_of(wc).teachers)[0] if wc.dataset in PROFILES else [],
        predictions="<results>/predictions/{dataset}/{recipe}/{fraction}.h5",
        calibration="<results>/calibration/{dataset}/{recipe}/{fraction}.json",
        performance="<results>/tables/performance/{dataset}/{recipe}/{fraction}.tsv",
        distillation="<results>/tables/distillation/{dataset}/{recipe}/{fraction}.tsv",
        effects=calibrated_effects,
        tuned=chosen_of,
        code=code("export"),
    output:
        model="<results>/students/{dataset}/{recipe}/{fraction}/student.keras",
        passport="<results>/students/{dataset}/{recipe}/{fraction}/student.json",
    log:
        "<logs>/export/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/export/{dataset}/{recipe}/{fraction}.tsv"
    wildcard_constraints:
        recipe="|".join(STUDENTS) or "(?!)",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        targets=lambda wc: targets_of(wc.dataset),
        published=lambda wc: published_of(wc.dataset),
        adaptors=lambda wc: adaptors_of(wc.dataset),
        strands=lambda wc: strands_of(wc.dataset),
        level=config["calibration"]["level"],
        smallest_std=config["calibration"]["smallest_std"],
        base_seed=config["seed"],
        effects=lambda wc: {
            name: {
                "window": config["variants"][name]["assay"]["window"],
                "adaptors": adaptors_of(wc.dataset, name),
                "loci": config["variants"][name]["models"][wc.dataset],
            }
            for name in calibrating(run_of(wc))
        },
        training=lambda wc: {
            "titles": {
                "dataset": title_of("datasets", wc.dataset),
                "recipe": title_of("recipes", wc.recipe),
                "teachers": title_of("recipes", teacher_of(wc.recipe)),
            },
            "teachers": number_of_teachers(wc.recipe),
            "licence": licence_of(wc.dataset, wc.recipe),
            "architecture": architecture_of(wc.dataset, wc.recipe),
            "recipe": trained_by(wc.dataset, wc.recipe),
            "settings": training_of(wc.dataset, wc.recipe),
        },
    script:
        "../workflow_scripts/export.py"
