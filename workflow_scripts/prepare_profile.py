"""Cut a genome and its tracks into windows: the data set of a profile assay."""

from degu.assays import profile
from degu.job import log_to

if __name__ == "__main__":
    log_to(snakemake.log[0])
    profile.prepare(
        snakemake.output[0],
        snakemake.input.mean,
        snakemake.input.std,
        snakemake.input.genome,
        excluded=snakemake.input.get("excluded") or None,
        **snakemake.params.options,
    )
