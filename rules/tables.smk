# Tables of all runs: those of single runs, joined. Rows name their run in the first columns.
#
# IN: results/tables/{table}/{dataset}/{recipe}/{fraction}.tsv, written by the measuring rule of a
#     stage; for histories results/models/{dataset}/{recipe}/{fraction}/{member}.tsv
# OUT: results/tables/{table}.tsv; of them and the paper's numbers results/tables/comparison.tsv and
#      claims.tsv; of them and the data cards results/tables/warnings.tsv


rule join:
    "A table of all runs."
    input:
        tables=joined_parts,
        code=code("join"),
    output:
        "<results>/tables/{table}.{ending}",
    log:
        "<logs>/join/{table}.{ending}.log",
    wildcard_constraints:
        table="|".join(JOINED),
        ending=r"tsv(\.gz)?",
    conda:
        "../envs/data.yaml"
    # All predictions take a minute.
    resources:
        mem_mb=grow(1),
        runtime=hours(1),
    params:
        names=lambda wc: JOINED[wc.table].names,
    script:
        "../workflow_scripts/join.py"


rule collect_warnings:
    "Results that should not be trusted as they are, and what to do."
    input:
        tables=[f"results/tables/{name}.tsv" for name in WARNED_BY if f"{name}.tsv" in TABLES],
        cards=[
            f"results/tables/data_{name}.tsv"
            for name in dict.fromkeys(run.dataset for run in RUNS)
        ],
        code=code("collect_warnings"),
    output:
        "<results>/tables/warnings.tsv",
    log:
        "<logs>/collect_warnings.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        bounds=config["warnings"],
        controls=CONTROLS,
    script:
        "../workflow_scripts/collect_warnings.py"


rule compare_paper:
    "The paper's numbers beside ours, and verdicts on its claims."
    input:
        tables=[f"results/tables/{name}" for name in TABLES if name.split(".")[0] in COMPARED],
        reference=in_repository("workflow_scripts/degu/tables/reference_numbers.tsv"),
        code=code("compare_paper"),
    output:
        comparison="<results>/tables/comparison.tsv",
        claims="<results>/tables/claims.tsv",
    log:
        "<logs>/compare_paper.log",
    benchmark:
        "<benchmarks>/compare_paper.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        studies=STUDIES,
        variants=config["paper"].get("variants"),
        level=config["calibration"]["level"],
    script:
        "../workflow_scripts/compare_paper.py"
