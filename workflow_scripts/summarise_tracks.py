"""Write mean and standard deviation of replicate bigWigs as bigWigs."""

from degu import tracks
from degu.job import begin

if __name__ == "__main__":
    begin(snakemake)
    tracks.summarise(
        snakemake.input.bigwigs,
        snakemake.output.mean,
        snakemake.output.std,
        snakemake.params.chromosomes,
    )
