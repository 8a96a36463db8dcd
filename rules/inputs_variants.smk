# Inputs of rules of variants, of scores of VCFs, and of the calibration of effects. No rules here.


def loci_of(wildcards):
    """Loci of a set of variants that models score."""
    return sorted(
        {
            locus
            for loci in config["variants"][wildcards.variants].get("models", {}).values()
            for locus in loci
        }
    )


def certainty_of(wildcards):
    """Effects by the student whose uncertainty ranks variants, where the config runs it."""
    recipe = config["variants"][wildcards.variants].get("certainty")
    run = next((run for run in SCALAR_RUNS if run[:2] == (wildcards.dataset, recipe)), None)
    return f"results/variants/{wildcards.variants}/{run.path}.h5" if run else []


def scored_by(scores):
    """Runs of students that score a VCF."""
    asked = config["scores"][scores]["students"]
    return [run for run in SCALAR_RUNS if run.recipe in asked.get(run.dataset, [])]


def shards_of_scores(scores, run, ending):
    """Files of all shards of a VCF that a run scores."""
    number = config["scores"][scores].get("shards", 1)
    folder = f"results/scores/{scores}/{run.path}"
    return [f"{folder}/{shard}of{number}.{ending}.gz" for shard in range(1, number + 1)]


def files_of_scores(scores):
    """A VCF and its genome."""
    asked = config["scores"][scores]
    genome = path_of("genomes", {"genome": asked["genome"]})
    return {"vcf": path_of("", asked["vcf"]), "genome": genome, "index": f"{genome}.fai"}


def calibrating(run):
    """Sets of measured variants that calibrate a run's effects, where the config asks for that.

    It does by the figure of variants, or by a VCF that is to be scored so.
    """
    asked = {
        config["scores"][scores].get("effects")
        for scores in config["scores"]
        if run in scored_by(scores)
    }
    return [
        name
        for name, scoring in SCORED_RUNS
        if scoring == run and ("variants" in config["figures"] or name in asked)
    ]


def calibrated_effects(wildcards):
    """Calibrations of the effects of a run, which its student takes along."""
    run = run_of(wildcards)
    return [f"results/variants/{name}/{run.path}/effects.json" for name in calibrating(run)]


def scored_files():
    """The scores of all VCFs, as tables and as VCFs."""
    return [
        f"results/scores/{scores}/{run.path}.{ending}.gz"
        for scores in config["scores"]
        for run in scored_by(scores)
        for ending in ("tsv", "vcf")
    ]
