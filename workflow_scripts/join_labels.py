"""Join the labels of all shards of a data set."""

from degu import labels
from degu.job import log_to

if __name__ == "__main__":
    log_to(snakemake.log[0])
    labels.join(snakemake.input.shards, snakemake.output[0])
