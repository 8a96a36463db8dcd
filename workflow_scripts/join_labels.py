"""Join the labels of all shards of a data set."""

from degu import labels
from degu.job import begin

if __name__ == "__main__":
    begin(snakemake)
    labels.join(snakemake.input.shards, snakemake.output[0])
