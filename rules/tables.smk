# Tables of all runs: those of single runs, joined. Rows name their run in the first columns.
#
# IN: results/tables/{table}/{dataset}/{recipe}/{fraction}.tsv, written by the measuring rule of a
#     stage; for histories results/models/{dataset}/{recipe}/{fraction}/{member}.tsv
# OUT: results/tables/{table}.tsv


class Joined(NamedTuple):
    """Parts of a joined table, and the names of the labels that stand in their paths."""

    parts: list
    names: list


RUN = ["dataset", "recipe", "fraction"]


def parts_of(table, runs, ending="tsv"):
    """A table of each run."""
    return [f"results/tables/{table}/{run.path}.{ending}" for run in runs]


def parts_of_variants(table, ending="tsv"):
    """A table of each set of variants and run that scores it."""
    return [f"results/tables/{table}/{name}/{run.path}.{ending}" for name, run in SCORED_RUNS]


TESTED = [name for name in config["datasets"] if explained_students(name)]
JOINED = {
    "histories": Joined(
        [path for run in RUNS for path in members_files(run, "tsv")], [*RUN, "member"]
    ),
    "predictions": Joined(parts_of("predictions", WHOLE_RUNS, "tsv.gz"), RUN),
    "variants": Joined(parts_of_variants("variants"), ["variants", *RUN]),
    "variant_effects": Joined(parts_of_variants("variant_effects", "tsv.gz"), ["variants", *RUN]),
    "variant_overlaps": Joined(
        [
            f"results/tables/variant_overlaps/{name}/{dataset}.tsv"
            for name, dataset in dict.fromkeys((name, run.dataset) for name, run in SCORED_RUNS)
        ],
        ["variants", "dataset"],
    ),
    "attribution_tests": Joined(
        [f"results/tables/attribution_tests/{dataset}.tsv" for dataset in TESTED], ["dataset"]
    ),
}
for tables, runs in {
    ("performance", "performance_summary", "intervals", "reliability"): RUNS,
    ("attribution_consistency", "attributions"): WHOLE_RUNS,
    ("ensemble_sizes",): [run for run in RUNS if sizes_of(run) and not is_profile(run.dataset)],
    ("shift", "shift_distributions", "shift_intervals"): SHIFTED_RUNS,
}.items():
    JOINED |= {table: Joined(parts_of(table, runs), RUN) for table in tables}

# Joined tables that the config feeds; those of single sequences are compressed.
PACKED = ("predictions", "variant_effects")
TABLES = [
    f"{table}.tsv.gz" if table in PACKED else f"{table}.tsv"
    for table, joined in JOINED.items()
    if joined.parts
]


def joined_parts(wildcards):
    """Parts of a joined table; an error where no run of the config has one."""
    parts = JOINED[wildcards.table].parts
    if not parts:
        raise WorkflowError(f"config: runs: no run feeds the table {wildcards.table!r}.")
    return parts


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
