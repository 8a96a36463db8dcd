# Scores of VCF files by exported students: a job a shard, joined.
#
# IN: files of config["scores"]; results/students/{dataset}/{recipe}/{fraction}/student.keras
# OUT: results/scores/{scores}/{dataset}/{recipe}/{fraction}.tsv.gz, .vcf.gz, joined of
#      {fraction}/{shard}.tsv.gz, .vcf.gz


rule score_variants:
    "Effects of the variants of a shard of a VCF, with intervals, by an exported student."
    input:
        unpack(lambda wc: files_of_scores(wc.scores)),
        model="<results>/students/{dataset}/{recipe}/{fraction}/student.keras",
        passport="<results>/students/{dataset}/{recipe}/{fraction}/student.json",
        code=code("score_variants"),
    output:
        table="<results>/scores/{scores}/{dataset}/{recipe}/{fraction}/{shard}.tsv.gz",
        records="<results>/scores/{scores}/{dataset}/{recipe}/{fraction}/{shard}.vcf.gz",
    log:
        "<logs>/score_variants/{scores}/{dataset}/{recipe}/{fraction}/{shard}.log",
    benchmark:
        "<benchmarks>/score_variants/{scores}/{dataset}/{recipe}/{fraction}/{shard}.tsv"
    wildcard_constraints:
        shard=r"\d+of\d+",
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        gpu=GPUS,
        mem_mb=grow(4),
        runtime=hours(4),
    params:
        effects=lambda wc: config["scores"][wc.scores].get("effects"),
        random=lambda wc: config["scores"][wc.scores].get("random", 2000),
        screen=lambda wc: config["scores"][wc.scores].get("screen"),
        level=config["calibration"]["level"],
        seed=config["seed"],
    script:
        "../workflow_scripts/score_variants.py"


rule join_scores:
    "The scores of all shards of a VCF as one table and one VCF."
    input:
        tables=lambda wc: shards_of_scores(wc.scores, run_of(wc), "tsv"),
        records=lambda wc: shards_of_scores(wc.scores, run_of(wc), "vcf"),
        code=code("join_scores"),
    output:
        table="<results>/scores/{scores}/{dataset}/{recipe}/{fraction}.tsv.gz",
        records="<results>/scores/{scores}/{dataset}/{recipe}/{fraction}.vcf.gz",
    log:
        "<logs>/join_scores/{scores}/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/join_scores/{scores}/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(1),
        runtime=hours(1),
    script:
        "../workflow_scripts/join_scores.py"
