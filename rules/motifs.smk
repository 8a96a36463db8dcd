# Seqlets and motifs of a run's attribution maps, the motifs of a file that they match, and gene sets.
#
# IN: results/attributions/{dataset}/{recipe}/{fraction}/{method}.h5; files under config["motifs"]
# OUT: results/motifs/{dataset}/{recipe}/{fraction}/seqlets.tsv.gz, patterns.meme;
#      results/tables/{motifs,motif_logos,discovered_motifs,discovered_logos,motif_genes}/{dataset}/{recipe}/{fraction}.tsv


rule match_motifs:
    "Seqlets of a run's attribution maps, and the motifs that they match."
    input:
        attributions=maps_for_motifs,
        motifs=lambda wc: path_of("", motifs_of(wc.dataset)["file"]),
        code=code("match_motifs"),
    output:
        seqlets="<results>/motifs/{dataset}/{recipe}/{fraction}/seqlets.tsv.gz",
        counts="<results>/tables/motifs/{dataset}/{recipe}/{fraction}.tsv",
        logos="<results>/tables/motif_logos/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/match_motifs/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/match_motifs/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/motifs.yaml"
    threads: 2
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        level=lambda wc: motifs_of(wc.dataset)["level"],
        threshold=lambda wc: motifs_of(wc.dataset)["threshold"],
        shortest=lambda wc: motifs_of(wc.dataset)["shortest"],
        longest=lambda wc: motifs_of(wc.dataset)["longest"],
    script:
        "../workflow_scripts/match_motifs.py"


rule discover_motifs:
    "Motifs that a run's attribution maps repeat, by modisco-lite, and their matches."
    input:
        attributions=maps_for_motifs,
        motifs=lambda wc: path_of("", motifs_of(wc.dataset)["file"]),
        code=code("discover_motifs"),
    output:
        patterns="<results>/motifs/{dataset}/{recipe}/{fraction}/patterns.meme",
        table="<results>/tables/discovered_motifs/{dataset}/{recipe}/{fraction}.tsv",
        logos="<results>/tables/discovered_logos/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/discover_motifs/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/discover_motifs/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/motifs.yaml"
    threads: 2
    resources:
        mem_mb=grow(16),
        runtime=hours(4),
    params:
        level=lambda wc: motifs_of(wc.dataset)["level"],
    script:
        "../workflow_scripts/discover_motifs.py"


rule enrich_motifs:
    "Gene sets of the genes whose sequences carry a motif."
    input:
        attributions=maps_for_motifs,
        seqlets="<results>/motifs/{dataset}/{recipe}/{fraction}/seqlets.tsv.gz",
        gene_sets=lambda wc: [
            path_of("", file) for file in motifs_of(wc.dataset)["gene_sets"].values()
        ],
        genes=lambda wc: [path_of("", file) for file in files_of_genes(wc.dataset)],
        code=code("enrich_motifs"),
    output:
        "<results>/tables/motif_genes/{dataset}/{recipe}/{fraction}.tsv",
    log:
        "<logs>/enrich_motifs/{dataset}/{recipe}/{fraction}.log",
    benchmark:
        "<benchmarks>/enrich_motifs/{dataset}/{recipe}/{fraction}.tsv"
    conda:
        "../envs/motifs.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    params:
        libraries=lambda wc: list(motifs_of(wc.dataset)["gene_sets"]),
        columns=lambda wc: columns_of_genes(wc.dataset),
    script:
        "../workflow_scripts/enrich_motifs.py"


rule plot_motifs:
    "Motifs that seqlets match, by head, and motifs that attribution maps repeat."
    input:
        tables=["results/tables/motifs.tsv", "results/tables/motif_logos.tsv"],
        discovered=[
            f"results/tables/{name}.tsv"
            for name in ("discovered_motifs", "discovered_logos")
            if JOINED[name].parts
        ],
        code=code("plot_motifs"),
    output:
        **figure("motifs", "Attribution", "motifs of predictions and of uncertainty"),
    log:
        "<logs>/figures/motifs.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
    script:
        "../workflow_scripts/plot_motifs.py"
