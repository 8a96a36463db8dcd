# Tables of all runs: those of single runs, joined. Rows name their run in the first columns.
#
# IN: results/tables/{table}/{dataset}/{recipe}/{fraction}.tsv, written by the measuring rule of a
#     stage; for histories results/models/{dataset}/{recipe}/{fraction}/{member}.tsv
# OUT: results/tables/{table}.tsv


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
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        names=lambda wc: JOINED[wc.table].names,
    script:
        "../workflow_scripts/join.py"
