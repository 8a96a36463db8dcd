"""Write the labels of profiles by an ensemble of teachers as a bigWig."""

from degu.job import begin
from degu.tracks import labels

if __name__ == "__main__":
    begin(snakemake)
    labels.write(
        path=snakemake.output[0],
        labels=snakemake.input.labels,
        track=snakemake.wildcards.track,
        measured=snakemake.input.measured,
    )
