# Raw files to data sets.
#
# IN: files of config["datasets"], config["variants"] and config["genomes"]: the user's own,
#     downloads, or the simulated world.
# OUT: results/data/{dataset}.h5, the layout of degu.dataset; results/data/{variants}.tsv;
#      results/tables/data_{dataset}.tsv, results/tables/data_{variants}.tsv


rule resolve:
    "Ask an archive for names, addresses, sizes and checksums of a record's files."
    output:
        "<resources>/manifests/{archive}.json",
    log:
        "<logs>/resolve/{archive}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        archive=lambda wc: config["archives"][wc.archive],
    script:
        "../workflow_scripts/resolve.py"


rule download:
    "Fetch one raw file, resumed and checked."
    input:
        manifest=manifest_of,
    output:
        "<resources>/raw/{owner}/{file}",
    log:
        "<logs>/download/{owner}/{file}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        file=download_of,
        mirror=config["mirror"],
    script:
        "../workflow_scripts/download.py"


rule simulate:
    "Write the simulated world in the raw formats of all assays."
    input:
        code=code("simulate"),
    output:
        "<resources>/simulated/starrseq.tsv",
        "<resources>/simulated/lentimpra_table3.xlsx",
        "<resources>/simulated/lentimpra_table4.xlsx",
        "<resources>/simulated/genome.fa",
        "<resources>/simulated/genome.fa.fai",
        "<resources>/simulated/satmut_elements.tsv.gz",
        "<resources>/simulated/planted.tsv",
        "<resources>/simulated/planted_variants.tsv",
        collect("<resources>/simulated/release_{locus}.tsv", locus=["PKLR", "SORT1"]),
        collect("<resources>/simulated/challenge_{locus}.tsv", locus=["PKLR", "SORT1"]),
        collect("<resources>/simulated/profile_{replicate}.bw", replicate=[1, 2, 3]),
        truth="<resources>/simulated/truth.h5",
    log:
        "<logs>/simulate.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        base_seed=config["seed"],
        sizes=config["simulated"],
    script:
        "../workflow_scripts/simulate.py"


rule index_genome:
    "Unpack a genome and index it."
    input:
        lambda wc: path_of("genomes", config["genomes"][wc.genome]),
    output:
        fasta="<resources>/genomes/{genome}.fa",
        index="<resources>/genomes/{genome}.fa.fai",
    log:
        "<logs>/index_genome/{genome}.log",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(2),
        runtime=hours(1),
    script:
        "../workflow_scripts/index_genome.py"


rule summarise_tracks:
    "Mean and standard deviation over replicate bigWigs, as bigWigs."
    input:
        bigwigs=lambda wc: raw_files(wc.dataset)["replicates"],
        code=code("summarise_tracks"),
    output:
        mean="<resources>/tracks/{dataset}_mean.bw",
        std="<resources>/tracks/{dataset}_std.bw",
    log:
        "<logs>/summarise_tracks/{dataset}.log",
    benchmark:
        "<benchmarks>/summarise_tracks/{dataset}.tsv"
    wildcard_constraints:
        dataset="|".join(PROFILES) or "(?!)",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(2),
        runtime=hours(2),
    params:
        chromosomes=lambda wc: config["datasets"][wc.dataset]["assay"]["chromosomes"],
    script:
        "../workflow_scripts/summarise_tracks.py"


rule prepare:
    "Turn the raw files of a data set into sequences, targets and splits."
    input:
        unpack(files_of_dataset),
        code=lambda wc: code("prepare", f"degu.assays.{assay_of(wc.dataset)[0]}")(wc),
    output:
        "<resources>/{dataset}.h5",
    log:
        "<logs>/prepare/{dataset}.log",
    benchmark:
        "<benchmarks>/prepare/{dataset}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(2),
    params:
        assay=lambda wc: assay_of(wc.dataset)[0],
        options=lambda wc: assay_of(wc.dataset)[1],
        holdout=config["calibration"]["holdout"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/prepare.py"


rule prepare_variants:
    "Cut the sequences around measured variants; count what is left out."
    input:
        unpack(lambda wc: raw_files(wc.variants)),
        code=code("prepare_variants"),
    output:
        variants="<resources>/{variants}.tsv",
        counts="<resources>/{variants}_counts.tsv",
    log:
        "<logs>/prepare/{variants}.log",
    # A wrong row or locus is told before trainings, where cores are few.
    priority: 1
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        assay=lambda wc: assay_of(wc.variants)[0],
        options=lambda wc: assay_of(wc.variants)[1],
        loci=loci_of,
    script:
        "../workflow_scripts/prepare_variants.py"


rule describe_data:
    "The data card: counts, lengths, distributions, noise ceiling, repeats and leaks."
    input:
        data="<resources>/{dataset}.h5",
        unlabelled=unlabelled_of_dataset,
        code=code("describe_data"),
    output:
        "<results>/tables/data_{dataset}.tsv",
    log:
        "<logs>/describe_data/{dataset}.log",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(8),
        runtime=hours(1),
    script:
        "../workflow_scripts/describe_data.py"


rule measure_baseline:
    "Agreement of a ridge regression on k-mer counts with the test set: what networks have to beat."
    input:
        data="<resources>/{dataset}.h5",
        code=code("measure_baseline"),
    output:
        "<results>/tables/baseline/{dataset}/{fraction}.tsv",
    log:
        "<logs>/measure_baseline/{dataset}/{fraction}.log",
    benchmark:
        "<benchmarks>/measure_baseline/{dataset}/{fraction}.tsv"
    wildcard_constraints:
        dataset="|".join(SCALARS + CLASSIFIED) or "(?!)",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=grow(4),
        runtime=hours(1),
    params:
        resamples=config["metrics"]["resamples"],
        base_seed=config["seed"],
    script:
        "../workflow_scripts/measure_baseline.py"
