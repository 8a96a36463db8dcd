"""Join the predictions for all shards of a data set."""

from degu import predictions
from degu.job import log_to

if __name__ == "__main__":
    log_to(snakemake.log[0])
    shards = [predictions.read(path) for path in snakemake.input.shards]
    predictions.write(snakemake.output[0], predictions.join(shards))
