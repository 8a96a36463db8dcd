"""Write mean and standard deviation of replicate bigWigs as bigWigs."""

from degu import tracks
from degu.job import log_to

if __name__ == "__main__":
    log_to(snakemake.log[0])
    tracks.summarise(
        snakemake.input.bigwigs,
        snakemake.output.mean,
        snakemake.output.std,
        snakemake.params.chromosomes,
    )
