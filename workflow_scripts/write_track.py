"""Write what an ensemble of teachers says of profiles as a bigWig."""

from degu import label_tracks
from degu.job import log_to

if __name__ == "__main__":
    log_to(snakemake.log[0])
    label_tracks.write(
        path=snakemake.output[0],
        labels=snakemake.input.labels,
        track=snakemake.wildcards.track,
        measured=snakemake.input.measured,
    )
